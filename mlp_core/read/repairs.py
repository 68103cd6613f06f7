"""One row that does not fit its table, made to fit: cut in another way, or its cells laid over the columns.

A row is cut in another way only where that gives exactly as many cells as there are columns. Where cells are
too many or too few, the cheapest way to lay them over the columns is looked for: an empty cell left out, two
cells joined, a cell left empty where none was written. It is taken only where it fits clearly better than
joining what is left over at the end or leaving the end empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mlp_core.read.options import WHITESPACE
from mlp_core.read.shapes import Column, look
from mlp_core.read.tokens import Cutter, Dialect
from mlp_core.text import Text

_COMMON: Final = (",", ";", "\t", "|")
_QUOTES: Final = ('"', "'", "`")
_CLEARLY: Final = 1.0
_MOST_EXTRA: Final = 12
_MOST_CELLS: Final = 400
_LONGEST: Final = 20_000
_JOIN: Final = 1.5
_LOSS: Final = 2.0
_SKIP: Final = 0.3
_SPLIT: Final = 0.8
_GAP: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Repair:
    """The cells of a row that was mended, and what was done."""

    cells: list[str]
    done: Text


def repaired(line: str, cells: Sequence[str], dialect: Dialect, columns: Sequence[Column]) -> Repair:
    """Return a row with exactly as many cells as there are columns.

    Parameters
    ----------
    line : str
        The row as it stands in the file.
    cells : sequence of str
        How it was cut; more or fewer than there are columns.
    columns : sequence of Column
        What the cells of each column look like in other rows.
    """
    width = len(columns)
    other = recut(line, dialect, width)
    laid = _laid(list(cells), columns, dialect)
    if other is not None and _cost(other.cells, columns) <= _cost(laid.cells, columns) + _CLEARLY:
        return other
    return laid


def recut(line: str, dialect: Dialect, width: int, *, bare: bool = True) -> Repair | None:
    """Return a line cut in another way into ``width`` cells, or nothing where none gives that many.

    Parameters
    ----------
    bare : bool
        Whether its quotation marks may be taken as they stand.
    """
    if len(line) > _LONGEST or width < 2 or dialect.separator == WHITESPACE:
        return None
    whole = _unwrapped(line, dialect, width)
    if whole is not None:
        return whole
    for other, done in _other_ways(line, dialect):
        if not bare and not other.quote:
            continue
        cells = _cut(line, other)
        if len(cells) == width:
            return Repair(cells=cells, done=done)
    return None


def in_other_quotes(cells: Sequence[str], quote: str) -> str:
    """Return the character around every cell that is not empty, unless it is the file's own; else nothing."""
    full = [cell.strip() for cell in cells if cell.strip()]
    for mark in _QUOTES:
        if mark != quote and len(full) > 1 and all(len(c) > 1 and c[0] == mark == c[-1] for c in full):
            return mark
    return ""


def without_stray_quote(cells: Sequence[str], dialect: Dialect, columns: Sequence[Column]) -> Repair | None:
    """Return a row without a quotation mark that opens a cell and nothing closes, where it fits better so."""
    quote, better = dialect.quote, list(cells)
    for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        if quote and cell.startswith(quote) and cell.count(quote) == 1:
            bare = cell.removeprefix(quote)
            if column.cost(bare) + 0.5 < column.cost(cell):
                better[place] = bare
    if better == list(cells):
        return None
    return Repair(cells=better, done=Text("A quotation mark that nothing closes was left out."))


def _other_ways(line: str, dialect: Dialect) -> Iterator[tuple[Dialect, Text]]:
    for quote in _QUOTES:
        if quote != dialect.quote and quote in line:
            yield replace(dialect, quote=quote), Text("It has quotation marks of its own: {mark}", mark=quote)
    for mark in _COMMON:
        if mark != dialect.separator and mark in line:
            done = Text("Its cells are set apart by another character: {mark}", mark=_name(mark))
            yield replace(dialect, separator=mark, padded=False), done
    if dialect.quote and f"{dialect.quote} {dialect.quote}" in line:
        done = Text("Its cells are set apart by another character: {mark}", mark=_name(" "))
        yield replace(dialect, separator=" ", padded=False), done
    if dialect.quote and dialect.quote in line:
        yield replace(dialect, quote=""), Text("A quotation mark in it was taken as it stands.")


def _name(mark: str) -> str:
    return {"\t": "TAB", " ": "␣"}.get(mark, mark)


def _cut(line: str, dialect: Dialect) -> list[str]:
    cells, _, _ = Cutter(dialect).cut(line, 0, len(line))
    if not dialect.quote:
        return [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]
    return cells


def _unwrapped(line: str, dialect: Dialect, width: int) -> Repair | None:
    """Return the cells of a line that stands in quotation marks as a whole."""
    bare, quote = line.strip(), dialect.quote
    if not quote or len(bare) < 3 or bare[0] != quote or bare[-1] != quote:
        return None
    cells = _cut(bare[1:-1].replace(quote * 2, quote), dialect)
    if len(cells) != width:
        return None
    return Repair(cells=cells, done=Text("The whole line stood in quotation marks, which were left out."))


def _cost(cells: Sequence[str], columns: Sequence[Column]) -> float:
    return sum(column.cost(cell) for cell, column in zip(cells, columns, strict=True))


def _laid(cells: list[str], columns: Sequence[Column], dialect: Dialect) -> Repair:
    """Return the cells laid over the columns: the best way where it is clearly better, else the plain one."""
    width = len(columns)
    plain = _folded(cells, columns, dialect) if len(cells) > width else _filled(cells, width)
    off = abs(len(cells) - width)
    if off > _MOST_EXTRA or len(cells) > _MOST_CELLS or any(not column.count for column in columns):
        return plain
    cost, best = _cheapest(cells, columns, dialect)
    if best is None or best == plain.cells or best != _cheapest(cells, columns, dialect, last=True)[1]:
        return plain
    worth = _cost(plain.cells, columns) + (_LOSS if len(cells) > width else 0.0)
    if cost + _CLEARLY > worth:
        return plain
    done = Text("Its cells were laid over the columns they fit best.")
    return Repair(cells=best, done=done)


def _folded(cells: list[str], columns: Sequence[Column], dialect: Dialect) -> Repair:
    width = len(columns)
    kept, rest = cells[:width], cells[width:]
    while rest and not rest[-1].strip():
        rest.pop()
    if not rest:
        return Repair(cells=kept, done=Text("Empty cells at its end were left out."))
    if columns[-1].count and columns[-1].share("number", "date", "time") > 0.8:
        done = Text(
            "Its last {n:n} {n|cell has|cells have} no column and {n|was|were} left out.", n=len(rest)
        )
        return Repair(cells=kept, done=done)
    joint = dialect.separator if dialect.separator != WHITESPACE else " "
    return Repair(
        cells=[*kept[:-1], joint.join([kept[-1], *rest])], done=Text("Its last cells were joined into one.")
    )


def _filled(cells: list[str], width: int) -> Repair:
    done = Text("The cells missing at its end were left empty.")
    return Repair(cells=cells + [""] * (width - len(cells)), done=done)


def _cheapest(
    cells: list[str], columns: Sequence[Column], dialect: Dialect, *, last: bool = False
) -> tuple[float, list[str] | None]:
    """Return the cheapest way to lay cells over columns, and its cost; linear in the number of columns.

    Parameters
    ----------
    last : bool
        Take the last of several ways that cost the same rather than the first.
    """
    width, count = len(columns), len(cells)
    spare = abs(count - width) + 1
    joint = dialect.separator if dialect.separator != WHITESPACE else " "
    # best[(cells used, columns filled)] = cost, and the step that led there
    best: dict[tuple[int, int], tuple[float, tuple[int, int] | None, tuple[str, ...]]] = {
        (0, 0): (0.0, None, ())
    }
    for column in range(width + 1):
        low, high = max(0, column - spare), min(count, column + spare)
        for used in range(low, high + 1):
            here = best.get((used, column))
            if here is None:
                continue
            for cost, step, made in _steps(cells, columns, used, column, joint, count - width):
                target = (used + step[0], column + step[1])
                total = here[0] + cost
                if target not in best or total < best[target][0] or (last and total == best[target][0]):
                    best[target] = (total, (used, column), made)
    end = best.get((count, width))
    if end is None:
        return 0.0, None
    found: list[str] = []
    place: tuple[int, int] | None = (count, width)
    while place is not None:
        _, place_before, made = best[place]
        found[:0] = made
        place = place_before
    return end[0], found


def _steps(
    cells: list[str], columns: Sequence[Column], used: int, column: int, joint: str, extra: int
) -> Iterator[tuple[float, tuple[int, int], tuple[str, ...]]]:
    left = len(cells) - used
    if left and extra > 0 and not cells[used].strip():
        yield _SKIP, (1, 0), ()
    if column == len(columns):
        return
    if left:
        yield columns[column].cost(cells[used]), (1, 1), (cells[used],)
    for more in range(1, min(extra, left - 1) + 1 if extra > 0 else 0):
        text = joint.join(cells[used : used + more + 1])
        yield (
            columns[column].cost(text) + _JOIN * more + _reluctance(cells, used, more),
            (more + 1, 1),
            (text,),
        )
    if extra < 0:
        yield columns[column].cost("") + _GAP, (0, 1), ("",)
        if left and column + 1 < len(columns):
            for mark in ('"', "'"):
                before, found, after = cells[used].partition(mark)
                if found and before and after:
                    cost = columns[column].cost(before) + columns[column + 1].cost(after) + _SPLIT
                    yield cost, (1, 2), (before, after)


def _reluctance(cells: list[str], used: int, more: int) -> float:
    """Return what speaks against joining cells: prose has a blank after its comma, numbers none before it."""
    after = cells[used + 1 : used + more + 1]
    if all(cell[:1] == " " for cell in after):
        return -1.0
    pair = more == 1 and look(cells[used]) == "number" and after[0].isdigit()
    return (
        0.0 if pair or any(look(cell) in ("text", "word") for cell in cells[used : used + more + 1]) else 1.0
    )
