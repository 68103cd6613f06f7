"""Tables on paper: columns as wide as their cells ask for, and heads repeated on every sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mlp_core.report.document import TableBlock
from mlp_core.report.sheets import (
    GRID,
    INK,
    INNER,
    MUTED,
    PRIMARY,
    SIDE,
    Box,
    Line,
    Sheets,
    base_line,
    line_height,
)
from mlp_core.text import Text

POINTS: Final = 8.0
LONGEST_CELL: Final = 240
_MOST_LINES: Final = 14
_GAP: Final = 3.2
_PAD: Final = 1.1
_NARROWEST: Final = 13.0
_WIDEST_WORD: Final = 34.0
_SPARE: Final = 1.25
"""A table narrower than the page grows by at most so much: numbers far apart are hard to read."""


@dataclass(frozen=True)
class _Cells:
    """A table's cells as plain lines can be made of them; the first row is the head."""

    rows: list[list[str]]
    numbers: frozenset[int]


def draw(block: TableBlock, sheets: Sheets) -> None:
    """Put a table on the sheets; one that is wider than a page comes in several parts."""
    if not block.columns:
        return
    cells = _Cells(
        [
            [sheets.plain(_short(sheets, cell), bold=not number) for cell in row]
            for number, row in enumerate((block.columns, *block.rows))
        ],
        block.numbers,
    )
    groups = list(_groups(cells, sheets))
    for number, (columns, widths) in enumerate(groups):
        if number:
            sheets.skip(4)
        if len(groups) > 1:
            # The column that leads each part is told once, and never where it only counts the rows.
            counting = int(block.numbered)
            first = columns[1 if number or counting else 0]
            words = _which(first + 1 - counting, columns[-1] + 1 - counting, len(block.columns) - counting)
            sheets.need(30)
            sheets.write(sheets.lines(words, POINTS, INNER), POINTS, colour=MUTED)
            sheets.y += 0.6
        _part(cells, columns, widths, sheets)
    if block.more is not None:
        sheets.y += 1
        sheets.write(sheets.lines(block.more, POINTS, INNER), POINTS, colour=MUTED)


def _which(low: int, high: int, of: int) -> Text:
    if low == high:
        return Text("Column {low:n} of {all:n}", low=low, all=of)
    return Text("Columns {low:n} to {high:n} of {all:n}", low=low, high=high, all=of)


def _short(sheets: Sheets, cell: object) -> str:
    words = cell.render(sheets.language) if isinstance(cell, Text) else str(cell)
    return words if len(words) <= LONGEST_CELL else words[: LONGEST_CELL - 1] + "…"


def _groups(cells: _Cells, sheets: Sheets) -> Iterator[tuple[list[int], list[float]]]:
    """Yield the columns that stand side by side with their widths; the first column leads each part."""
    wanted = [_wanted(cells, position, sheets) for position in range(len(cells.rows[0]))]
    group: list[int] = []
    for position in range(len(wanted)):
        tried = [*group, position]
        if group and sum(wanted[at][0] for at in tried) + _GAP * (len(tried) - 1) > INNER:
            yield group, _shared([wanted[at] for at in group])
            group = [0, position]
        else:
            group = tried
    yield group, _shared([wanted[at] for at in group])


def _wanted(cells: _Cells, position: int, sheets: Sheets) -> tuple[float, float]:
    """Return the least width that a column can bear, and the width at which no cell breaks."""
    least = most = _NARROWEST
    for number, row in enumerate(cells.rows):
        bold, cell = number == 0, row[position]
        whole = sheets.letters.width(cell, POINTS, bold=bold)
        words = (sheets.letters.width(word, POINTS, bold=bold) for word in cell.split(" "))
        widest = whole if position in cells.numbers and number else max(words, default=0.0)
        least, most = max(least, min(widest, _WIDEST_WORD)), max(most, min(whole, INNER))
    return min(least, INNER) + 0.2, most + 0.2


def _shared(wanted: Sequence[tuple[float, float]]) -> list[float]:
    """Return widths that fill the page where the cells ask for it, each between its least and its most."""
    room = INNER - _GAP * (len(wanted) - 1)
    most = sum(high for _, high in wanted)
    if most <= room:
        grown = min(room / most, _SPARE)
        return [high * grown for _, high in wanted]
    widths = [low for low, _ in wanted]
    # Long texts would take all; by its root, what they ask for leaves some to the others.
    asked = [max(high - low, 0.0) ** 0.5 for low, high in wanted]
    # What one column does not need is there for the others.
    for _ in wanted:
        spare = room - sum(widths)
        still = [at for at, (_, high) in enumerate(wanted) if widths[at] < high - 0.01]
        whole = sum(asked[at] for at in still)
        if spare < 0.01 or not whole:
            break
        for at in still:
            widths[at] = min(wanted[at][1], widths[at] + spare * asked[at] / whole)
    return widths


def _part(cells: _Cells, columns: Sequence[int], widths: Sequence[float], sheets: Sheets) -> None:
    head = _broken(cells.rows[0], columns, widths, sheets, bold=True)
    rows = [_broken(row, columns, widths, sheets) for row in cells.rows[1:]]
    first = _height(rows[0]) if rows else 0.0
    sheets.need(_height(head) + first + 4)
    _row(head, cells, columns, widths, sheets, head=True)
    for row in rows:
        if sheets.need(_height(row)):
            _row(head, cells, columns, widths, sheets, head=True)
        _row(row, cells, columns, widths, sheets)


def _broken(
    row: Sequence[str], columns: Sequence[int], widths: Sequence[float], sheets: Sheets, *, bold: bool = False
) -> list[list[str]]:
    return [
        sheets.letters.lines(row[at], POINTS, width, bold=bold, most=_MOST_LINES)
        for at, width in zip(columns, widths, strict=True)
    ]


def _height(row: Sequence[Sequence[str]]) -> float:
    return max(len(lines) for lines in row) * line_height(POINTS) + 2 * _PAD


def _row(
    row: Sequence[Sequence[str]],
    cells: _Cells,
    columns: Sequence[int],
    widths: Sequence[float],
    sheets: Sheets,
    *,
    head: bool = False,
) -> None:
    height, x, step = _height(row), SIDE, line_height(POINTS)
    # The words of a head stand on its rule, however many lines its neighbours have.
    for at, lines, width in zip(columns, row, widths, strict=True):
        y = sheets.y + (height - _PAD - len(lines) * step if head else _PAD)
        for number, line in enumerate(lines):
            shift = width - sheets.letters.width(line, POINTS, bold=head) if at in cells.numbers else 0.0
            sheets.put(Line(x + shift, y + number * step + base_line(POINTS), line, POINTS, INK, head))
        x += width + _GAP
    sheets.y += height
    ruled = sum(widths) + _GAP * (len(widths) - 1)
    sheets.put(Box(SIDE, sheets.y - 0.1, ruled, 0.35 if head else 0.15, PRIMARY if head else GRID))
