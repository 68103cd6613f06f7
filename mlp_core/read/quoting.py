"""Which character stands around cells, and which before a character that means itself."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Final

from mlp_core.read.separators import scored
from mlp_core.read.tokens import Dialect, records

_UNUSUAL_QUOTES: Final = ("'", "`")
_ENOUGH_PAIRS: Final = 3
_MOST_PAIRS: Final = 5_000


def possible_quotes(text: str) -> tuple[str, ...]:
    """Return the characters that may quote cells in a text, the usual one first."""
    return ('"', *(quote for quote in _UNUSUAL_QUOTES if _may_quote(text, quote)))


def quote_of(text: str, separator: str) -> tuple[str, float]:
    """Return the character around the cells of a text, and how sure that is (0-1)."""
    usual, inside = _pairs(text, separator, '"')
    best, sure = '"', 0.9 if usual or '"' not in text else 0.6
    for quote in _UNUSUAL_QUOTES:
        count, with_mark = _pairs(text, separator, quote)
        likely = (
            with_mark > max(1, inside)
            or (count >= _ENOUGH_PAIRS and count > 2 * usual)
            or (count and not usual)
        )
        if likely and count > usual:
            best, sure = quote, min(1.0, 0.6 + 0.05 * count)
            usual, inside = count, with_mark
    return best, sure if best != '"' or inside == 0 else 1.0


def escape_of(text: str, dialect: Dialect) -> tuple[str, float]:
    r"""Return ``\`` where it stands before a quotation mark or separator that means itself; else nothing."""
    escape, quote, mark = "\\", dialect.quote, dialect.separator
    if escape not in text or dialect.separator in ("", "whitespace"):
        return "", 1.0
    before_quote = text.count(escape + quote) if quote else 0
    before_mark = text.count(escape + mark)
    if not before_quote and not before_mark:
        return "", 1.0
    with_it = [line for line in re.split(r"\r\n|\r|\n", text) if escape in line][:200]
    sample = "\n".join(with_it)
    if before_quote:
        stop = re.escape(mark)
        inside = re.findall(rf"\\{re.escape(quote)}(?!{stop}|[\r\n]|\Z)", sample)
        if inside:
            return escape, 0.95
    plain, escaped = (scored(text[: 1 << 15], one) for one in (dialect, replace(dialect, escape=escape)))
    before = sum(text.count(escape + one) for one in (mark, quote, escape) if one)
    meant = before > 0.9 * text.count(escape) and escaped.consistent >= 0.99 * plain.consistent
    if escaped.score > 1.02 * plain.score or (before > 1 and meant):
        return escape, 0.9
    fits = [
        sum(len(row.cells) == plain.width for row in records(sample, one.dialect)) for one in (plain, escaped)
    ]
    return (escape, 0.9) if fits[1] > fits[0] else ("", 0.8)


def is_padded(text: str, separator: str, quote: str) -> bool:
    """Whether every separator before a cell that is not empty is followed by a blank."""
    if separator in ("", "whitespace") or separator[:1] in (" ", "\t"):
        return False
    bare = re.sub(rf"{quote}[^{quote}]*+{quote}", quote * 2, text) if quote else text
    mark = re.escape(separator)
    followers = re.findall(rf"{mark}(?!{mark})([^\r\n])", bare)
    blanks = sum(follower == " " for follower in followers)
    return len(followers) > 1 and blanks > 0.97 * len(followers)


def _may_quote(text: str, quote: str) -> bool:
    opens = re.search(rf"(?:^|[^\w\s]|[\t ]){quote}", text, re.MULTILINE)
    closes = re.search(rf"{quote}[ ]*(?:$|[^\w\s]|[\t ])", text, re.MULTILINE)
    return opens is not None and closes is not None


def _pairs(text: str, separator: str, quote: str) -> tuple[int, int]:
    """Return in how many lines cells stand between two such characters, and in how many hold a separator."""
    if quote not in text:
        return 0, 0
    mark = re.escape(separator) if separator not in ("", "whitespace") else ("[ \t]" if separator else "(?!)")
    cell = re.compile(
        rf"(?:^|(?<={mark}))[ ]*{quote}((?:[^{quote}\r\n]|{quote}{quote})*+){quote}[ ]*(?={mark}|[\r\n]|\Z)",
        re.MULTILINE,
    )
    rows, inside = set(), set()
    for match in islice(cell.finditer(text), _MOST_PAIRS):
        line = text.rfind("\n", 0, match.start()) if "\n" in text else text.rfind("\r", 0, match.start())
        rows.add(line)
        if separator and separator in match[1]:
            inside.add(line)
    return len(rows), len(inside)
