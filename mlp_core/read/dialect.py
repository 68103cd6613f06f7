"""How a text is cut into cells: found by trying each separator on the first lines.

Each candidate is scored by how many lines have the usual number of cells and by how many cells look whole:
numbers, dates, or text that holds no other candidate. clevercsv is asked only about short texts that no
candidate fits, because it takes half a second.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Final

from mlp_core.read.options import WHITESPACE
from mlp_core.read.tokens import rows

SAMPLE_ROWS: Final = 200
_CANDIDATES: Final = (",", ";", "\t", "|", WHITESPACE)
_GOOD_ENOUGH: Final = 0.2
_LEAST_CONSISTENT: Final = 0.6
_HARD_CHARS: Final = 6_000
_UNUSUAL: Final = "^~:#&*/!\x1f\x1e\x01"

NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?|[-+]?(?:inf|Infinity)")
DATE: Final = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}([T ].*)?")
_WHOLE: Final = re.compile(rf"{NUMBER.pattern}|{DATE.pattern}|\d{{1,2}}:\d\d(:\d\d)?")
_MIXED: Final = re.compile(r"[,;\t|]|  ")
_COMMA_DECIMAL: Final = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_POINT_DECIMAL: Final = re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?")
_THOUSANDS: Final = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text is cut into cells.

    Attributes
    ----------
    separator : str
        One character, ``"whitespace"``, or empty for a single column.
    padded : bool
        Whether a blank follows every separator and belongs to it.
    decimal : str
        ``"."`` or ``","``.
    """

    separator: str
    padded: bool
    decimal: str


def dialect_of(sample: str, *, separator: str | None = None, decimal: str | None = None) -> Dialect:
    """Return the dialect of a text, from its first lines.

    Parameters
    ----------
    sample : str
        Whole lines.
    separator, decimal : str, optional
        Decided already.
    """
    found = _separator(sample) if separator is None else separator
    cells = [row for row, _ in islice(rows(sample, found), SAMPLE_ROWS)]
    padded = found not in ("", WHITESPACE, " ", "\t") and _padded(sample, found)
    if decimal is None:
        decimal = _decimal([cell.strip() for row in cells for cell in row], found)
    return Dialect(separator=found, padded=padded, decimal=decimal)


def _separator(sample: str) -> str:
    scores = {candidate: _score(sample, candidate) for candidate in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda candidate: scores[candidate])
    if best == "," and _is_one_decimal_column(sample):
        return ""
    if scores[best] >= _GOOD_ENOUGH:
        return best
    return _unusual(sample)


def _score(sample: str, separator: str) -> float:
    if separator != WHITESPACE and separator not in sample:
        return 0.0
    table = [row for row, _ in islice(rows(sample, separator), SAMPLE_ROWS)]
    widths = Counter(len(row) for row in table)
    if not widths:
        return 0.0
    width, usual = max(widths.items(), key=lambda item: (item[1], item[0]))
    consistent = usual / len(table)
    if width < 2 or consistent < _LEAST_CONSISTENT:
        return 0.0
    cells = [cell.strip() for row in table if len(row) == width for cell in row]
    if separator == WHITESPACE and not _is_spaced(sample, cells):
        return 0.0
    clean = sum(_wholeness(cell) for cell in cells) / len(cells)
    return consistent**2 * clean**2 * (1 - 1 / (width + 1))


def _wholeness(cell: str) -> float:
    if not cell or NUMBER.fullmatch(cell) or DATE.fullmatch(cell):
        return 1.0
    return 0.4 if _MIXED.search(cell) else 0.95


def _is_spaced(sample: str, cells: list[str]) -> bool:
    """Whether blanks are columns rather than words: mostly numbers, or always two blanks or more."""
    numbers = sum(1 for cell in cells if NUMBER.fullmatch(cell))
    single = re.search(r"\S \S", re.sub(r'"[^"\n]*"', '""', sample))
    return numbers > len(cells) / 2 or not single


def _is_one_decimal_column(sample: str) -> bool:
    """Whether lines such as ``1,5`` are one number each, as a title of one word over them says."""
    table = [row for row, _ in islice(rows(sample, ""), SAMPLE_ROWS)]
    return (
        len(table) > 1
        and "," not in table[0][0]
        and all(_COMMA_DECIMAL.fullmatch(row[0]) for row in table[1:])
    )


def _unusual(sample: str) -> str:
    """Ask clevercsv about a short text with an unusual mark on nearly every line; else one column."""
    lines = [line for line in sample.splitlines() if line.strip()][:SAMPLE_ROWS]
    marks = [m for m in _UNUSUAL if sum(m in line for line in lines) > 0.9 * len(lines)]
    if not marks or len(lines) < 2 or all(_WHOLE.fullmatch(line.strip()) for line in lines[1:]):
        return ""
    from clevercsv.detect import Detector
    from clevercsv.exceptions import Error

    text = sample[:_HARD_CHARS].rpartition("\n")[0] if len(sample) > _HARD_CHARS else sample
    try:
        found = Detector().detect(text, delimiters=marks)
    except (Error, ValueError, IndexError, RecursionError):
        return ""
    if found is None or found.delimiter not in marks:
        return ""
    delimiter = str(found.delimiter)
    return delimiter if _score(sample, delimiter) >= _GOOD_ENOUGH else ""


def _padded(sample: str, separator: str) -> bool:
    """Whether every separator before a cell that is not empty is followed by a blank."""
    bare = re.sub(r'"[^"]*+"', '""', sample)
    mark = re.escape(separator)
    followers = re.findall(rf"{mark}([^{mark}\r\n])", bare)
    return len(followers) > 1 and set(followers) == {" "}


def _decimal(cells: list[str], separator: str) -> str:
    commas = [cell for cell in cells if _COMMA_DECIMAL.fullmatch(cell)]
    if separator == "," and all(_THOUSANDS.fullmatch(cell) for cell in commas):
        return "."
    return "," if len(commas) > sum(1 for cell in cells if _POINT_DECIMAL.fullmatch(cell)) else "."
