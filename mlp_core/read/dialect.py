"""The dialect of a text: its separator, quotation mark, escape and decimal mark, each with how sure it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from mlp_core.read.options import SEPARATORS, ReadOptions
from mlp_core.read.quoting import escape_of, is_padded, possible_quotes, quote_of
from mlp_core.read.separators import GOOD_ENOUGH, Candidate, candidates, sampled
from mlp_core.read.shapes import DATE, NUMBER
from mlp_core.read.tokens import Dialect, records
from mlp_core.table import Decision
from mlp_core.text import Text

__all__ = ["DATE", "NUMBER", "Dialect", "Found", "dialect_of"]

_SAMPLE_ROWS: Final = 200
_COMMENT: Final = re.compile(r"[ ]*(?:#|//|%|--|!)")
_NAMED: Final = re.compile(r"sep=(.{1,8})\Z", re.IGNORECASE)
_COMMA_DECIMAL: Final = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_POINT_DECIMAL: Final = re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?")
_THOUSANDS: Final = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A dialect, and what was decided about it."""

    dialect: Dialect
    decisions: tuple[Decision, ...]
    named: bool = False


def dialect_of(text: str, options: ReadOptions) -> Found:
    """Return the dialect of a text, from its first lines.

    Parameters
    ----------
    text : str
        Whole lines.
    options : ReadOptions
        What is decided already.
    """
    named = named_separator(text)
    given = options.separator if options.separator is not None else named
    quotes = possible_quotes(text) if options.quote is None else (options.quote,)
    ranked = candidates(_without_comments(sampled(text)), quotes)
    if given is not None:
        ranked = [one for one in ranked if one.dialect.separator == given]
        dialect = ranked[0].dialect if ranked else Dialect(separator=given, quote=quotes[0])
        sure, why = 1.0, _given(options.separator)
    elif ranked and ranked[0].score >= GOOD_ENOUGH:
        dialect, sure, why = ranked[0].dialect, *_evidence(ranked)
    else:
        dialect, sure = Dialect(separator="", quote=quotes[0]), 0.8 if not ranked else 0.6
        why = Text("No character cuts the lines into the same number of cells.")
    quote, quote_sure = quote_of(text, dialect.separator) if options.quote is None else (options.quote, 1.0)
    # A mark cannot be two things: a separator that holds the quotation mark would make every look at it dear.
    quote = "" if quote and quote in dialect.separator else quote
    dialect = replace(dialect, quote=quote)
    escape, escape_sure = escape_of(text, dialect) if options.escape is None else (options.escape, 1.0)
    escape = "" if escape and escape in dialect.separator else escape
    dialect = replace(dialect, escape=escape, padded=is_padded(text[: 1 << 16], dialect.separator, quote))
    decimal = options.decimal or _decimal(text, dialect)
    decisions = (
        Decision(what="separator", value=label(dialect), sure=round(sure, 2), why=why),
        Decision(
            what="quote", value=quote or Text("none"), sure=round(quote_sure, 2), why=_given(options.quote)
        ),
        Decision(what="escape", value=escape or Text("none"), sure=escape_sure, why=_given(options.escape)),
    )
    return Found(dialect=replace(dialect, decimal=decimal), decisions=decisions, named=named is not None)


def label(dialect: Dialect) -> Text | str:
    """Return what people call the separator of a dialect."""
    if not dialect.separator:
        return Text("none: one column")
    if dialect.cuts:
        return Text("Columns of fixed width")
    return SEPARATORS.get(dialect.separator, dialect.separator)


def named_separator(text: str) -> str | None:
    """Return the separator that a first line such as ``sep=;``, which Excel writes, names."""
    found = _NAMED.match(re.split(r"[\r\n]", text[:32], maxsplit=1)[0])
    return found[1] if found is not None and found[1] != '"' else None


def _given(choice: str | None) -> Text | None:
    return None if choice is None else Text("Chosen.")


def _evidence(ranked: Sequence[Candidate]) -> tuple[float, Text]:
    """Return how sure the best candidate is, by its lead over the next, and what speaks for it."""
    best = ranked[0]
    others = [one for one in ranked[1:] if one.dialect.separator != best.dialect.separator]
    lead = 1 - (others[0].score / best.score if others else 0.0)
    sure = max(0.05, min(1.0, (0.4 + 0.6 * lead) * (0.5 + 0.5 * best.consistent)))
    why = Text(
        "{share:pct} of the lines looked at have {width:n} cells with it.",
        share=min(1.0, best.consistent),
        width=best.width,
    )
    return sure, why


def _without_comments(sample: str) -> str:
    """Return a sample without the lines that begin as comments do, where those are few."""
    rows = sample.splitlines(keepends=True)
    kept = [row for row in rows if not _COMMENT.match(row)]
    return "".join(kept) if len(rows) / 2 < len(kept) < len(rows) else sample


def _decimal(text: str, dialect: Dialect) -> str:
    cells = [cell.strip() for row in islice(records(text, dialect), _SAMPLE_ROWS) for cell in row.cells]
    commas = [cell for cell in cells if _COMMA_DECIMAL.fullmatch(cell)]
    if dialect.separator == "," and all(_THOUSANDS.fullmatch(cell) for cell in commas):
        return "."
    return "," if len(commas) > sum(1 for cell in cells if _POINT_DECIMAL.fullmatch(cell)) else "."
