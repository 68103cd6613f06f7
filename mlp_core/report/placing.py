"""Every kind of block, put on the sheets in the house style."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from mlp_core.report import ruled
from mlp_core.report.document import (
    Block,
    Document,
    Facts,
    FigureBlock,
    Heading,
    Note,
    Paragraph,
    Points,
    TableBlock,
    Words,
    date_in_words,
)
from mlp_core.report.sheets import (
    ACCENT,
    BOTTOM,
    GRID,
    HEIGHT,
    INK,
    INNER,
    MUTED,
    PANEL,
    PRIMARY,
    SIDE,
    TOP,
    Anchor,
    Box,
    Line,
    Picture,
    Sheets,
    base_line,
    line_height,
)
from mlp_core.text import Text

TITLE: Final = 22.0
BODY: Final = 9.5
SMALL: Final = 8.0
_LEAD: Final = 12.0
_FOLLOWING: Final = 26.0
_SMALLEST: Final = 0.75
"""Of its full size, where the rest of a sheet leaves a figure no more."""

_HEADINGS: Final = {1: (14.0, 7.0, 2.6), 2: (10.5, 4.0, 1.4)}
"""Points, the blank before and the blank after."""

_TILES: Final = 4
_TILE_POINTS: Final = 15.0
_LABEL_WIDTH: Final = 48.0
_STYLES: Final = {"plain": (BODY, INK), "lead": (_LEAD, INK), "quiet": (SMALL, MUTED)}


def place(document: Document, sheets: Sheets) -> None:
    """Put a whole document on the sheets."""
    _opening(document, sheets)
    for block, following in zip_longest(document.blocks, document.blocks[1:]):
        if isinstance(block, Heading):
            _heading(block, sheets, _least_height(following))
        elif block is not None:
            _block(block, sheets)
    if document.provenance:
        _heading(Heading(Text("Where these numbers come from")), sheets, _FOLLOWING)
        _listed(document.provenance, sheets, SMALL)


def foot(document: Document, sheets: Sheets) -> None:
    """Put on every sheet what it belongs to, and which of how many it is."""
    title = sheets.plain(document.title)
    for number, page in enumerate(sheets.pages, start=1):
        where = Text("Page {page:n} of {pages:n}", page=number, pages=len(sheets.pages))
        right = sheets.plain(where)
        y = HEIGHT - 13
        page.append(Box(SIDE, y - 4.5, INNER, 0.15, GRID))
        width = sheets.letters.width(right, SMALL)
        left = sheets.letters.lines(f"Pythie · {title}", SMALL, INNER - width - 10, most=1)[0]
        page.append(Line(SIDE, y, left, SMALL, MUTED))
        page.append(Line(SIDE + INNER - width, y, right, SMALL, MUTED))


def _opening(document: Document, sheets: Sheets) -> None:
    sheets.write(["Pythie"], BODY, colour=PRIMARY, bold=True)
    sheets.y += 3
    title = sheets.lines(document.title, TITLE, INNER, bold=True, most=4)
    for line in title:
        sheets.put(Line(SIDE, sheets.y + TITLE * 0.3, line, TITLE, INK, bold=True))
        sheets.y += TITLE * 0.43
    sheets.y += 1
    made = date_in_words(document.made)
    about = (sheets.plain(document.about), sheets.plain(made))
    below = " · ".join(part for part in about if part)
    sheets.write(sheets.lines(below, BODY, INNER, most=3), BODY, colour=MUTED)
    sheets.y += 2.5
    sheets.put(Box(SIDE, sheets.y, INNER, 0.5, PRIMARY))
    sheets.y += 5


def _block(block: Block, sheets: Sheets) -> None:
    match block:
        case Paragraph():
            points, colour = _STYLES[block.style]
            sheets.write(sheets.lines(block.words, points, INNER), points, colour=colour)
            sheets.skip(2.6 if block.style != "quiet" else 1.8)
        case Points():
            _points(block.items, sheets)
        case Facts():
            _facts(block.pairs, sheets)
        case TableBlock():
            ruled.draw(block, sheets)
            sheets.skip(4.5)
        case FigureBlock():
            _figure(block, sheets)
        case Note():
            _note(block, sheets)


def _least_height(block: Block | None) -> float:
    """Return what of a block must stand below its heading."""
    if isinstance(block, FigureBlock):
        return _figure_size(block)[1] * _SMALLEST
    return _FOLLOWING


def _heading(block: Heading, sheets: Sheets, following: float) -> None:
    points, before, after = _HEADINGS[block.level]
    lines = sheets.lines(block.words, points, INNER, bold=True, most=4)
    # A heading does not stand alone at the foot of a sheet.
    sheets.need(before + len(lines) * line_height(points) + after + following)
    sheets.skip(before)
    sheets.put(Anchor(sheets.y, sheets.plain(block.words)[:120], block.level - 1))
    sheets.write(lines, points, bold=True, together=len(lines))
    sheets.y += after


def _points(items: Sequence[Words], sheets: Sheets) -> None:
    indent = 4.5
    for item in items:
        lines = sheets.lines(item, BODY, INNER - indent)
        sheets.need(line_height(BODY) * min(2, len(lines)))
        sheets.put(Line(SIDE, sheets.y + base_line(BODY), "–", BODY, MUTED))
        sheets.write(lines, BODY, x=SIDE + indent)
        sheets.y += 0.9
    sheets.skip(2)


def _facts(pairs: Sequence[tuple[Words, Words]], sheets: Sheets) -> None:
    across = min(_TILES, len(pairs)) if len(pairs) != 5 else 5
    if not across:
        return
    width = (INNER - 4.0 * (across - 1)) / across
    values = [sheets.lines(value, _TILE_POINTS, width, bold=True) for _, value in pairs]
    names = [sheets.lines(name, SMALL, width, most=2) for name, _ in pairs]
    if any(len(lines) > 1 for lines in values):
        _listed(pairs, sheets, BODY)
        return
    for start in range(0, len(pairs), across):
        tall = max(len(lines) for lines in names[start : start + across]) * line_height(SMALL)
        height = tall + line_height(_TILE_POINTS) + 3
        sheets.need(height)
        for number in range(start, min(start + across, len(pairs))):
            x = SIDE + (number - start) * (width + 4.0)
            for at, line in enumerate(names[number]):
                y = sheets.y + at * line_height(SMALL) + base_line(SMALL)
                sheets.put(Line(x, y, line, SMALL, MUTED))
            y = sheets.y + tall + base_line(_TILE_POINTS)
            sheets.put(Line(x, y, values[number][0], _TILE_POINTS, INK, bold=True))
        sheets.y += height
    sheets.skip(2)


def _listed(pairs: Sequence[tuple[Words, Words]], sheets: Sheets, points: float) -> None:
    """Put pairs one below the other: the name, and beside it what it is."""
    for name, value in pairs:
        names = sheets.lines(name, points, _LABEL_WIDTH - 4, most=4)
        values = sheets.lines(value, points, INNER - _LABEL_WIDTH)
        sheets.need(line_height(points) * min(max(len(names), len(values)), 6))
        for at, line in enumerate(names):
            y = sheets.y + at * line_height(points) + base_line(points)
            sheets.put(Line(SIDE, y, line, points, MUTED))
        end = sheets.y + len(names) * line_height(points)
        pages = len(sheets.pages)
        sheets.write(values, points, x=SIDE + _LABEL_WIDTH)
        sheets.y = (max(sheets.y, end) if len(sheets.pages) == pages else sheets.y) + 0.9
    sheets.skip(2)


def _figure(block: FigureBlock, sheets: Sheets) -> None:
    width, height = _figure_size(block)
    # Rather a little smaller than a sheet that stays half empty.
    fitting = min(1.0, (sheets.room - 0.01) / height)
    if fitting >= _SMALLEST:
        width, height = width * fitting, height * fitting
    sheets.need(height)
    sheets.put(Picture(SIDE, sheets.y, width, height, block.png, sheets.plain(block.alt)))
    sheets.y += height
    sheets.skip(4)


def _figure_size(block: FigureBlock) -> tuple[float, float]:
    """Return the millimetres of a figure: as wide as the page lets it, and no higher than a sheet."""
    across, down = _pixels(block.png)
    # A heading may stand above it on the same sheet.
    width = min(INNER, (HEIGHT - TOP - BOTTOM - 24) * across / down)
    return width, width * down / across


def _pixels(png: bytes) -> tuple[int, int]:
    """Return the pixels of a PNG across and down.

    Raises
    ------
    ValueError
        It is no PNG.
    """
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise ValueError("not a PNG")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def _note(block: Note, sheets: Sheets) -> None:
    inside, edge = 4.0, 2.2
    lines = sheets.lines(block.words, BODY, INNER - inside - 3)
    step = line_height(BODY)
    while lines:
        if sheets.room < step * min(2, len(lines)) + 2 * edge:
            sheets.turn()
        fitting = max(1, int((sheets.room - 2 * edge) / step))
        now, lines = lines[:fitting], lines[fitting:]
        height = len(now) * step + 2 * edge
        sheets.put(Box(SIDE, sheets.y, INNER, height, PANEL))
        sheets.put(Box(SIDE, sheets.y, 1.0, height, ACCENT if block.serious else PRIMARY))
        for at, line in enumerate(now):
            y = sheets.y + edge + at * step + base_line(BODY)
            sheets.put(Line(SIDE + inside, y, line, BODY))
        sheets.y += height
    sheets.skip(3)
