"""Whether the first lines name the columns, and the names a table gets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mlp_core.read.missing import EVERYWHERE, IN_NUMBERS
from mlp_core.read.shapes import NUMBER, look, pattern
from mlp_core.text import Text

LONGEST_NAME: Final = 200
"""Characters of a column name; more cannot be shown anywhere."""

_MARKERS: Final = EVERYWHERE | IN_NUMBERS
_LOOKED_AT: Final = 200
_MOST_ROWS: Final = 5
_UNIT: Final = re.compile(
    r"[(\[].{1,20}[)\]]|%|°[CFK]?|[kKmMcnµμ]?(?:g|m|s|l|L|W|V|A|Hz|Pa|J)(?:[²³23])?(?:/\w{1,4})?"
)


def has_header(table: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns, judged by the rows below it.

    Parameters
    ----------
    table : sequence of rows
        The first rows of the file.

    Examples
    --------
    >>> has_header([["age", "city"], ["31", "Lyon"], ["44", "Nice"]])
    True
    >>> has_header([["31", "Lyon"], ["44", "Nice"]])
    False
    """
    return header_evidence(table) > 0


def header_evidence(table: Sequence[Sequence[str]]) -> float:
    """Return how much speaks for names in the first row: from -1 (surely none) to 1 (surely names).

    A column of numbers or dates under a word speaks for them, one under a number against; where all is text,
    names that no cell below repeats, and cells of another make than the name, speak for them.
    """
    first, rest = [cell.strip() for cell in table[0]], table[1:_LOOKED_AT]
    if not rest and not _counts_on(first):
        return -0.5 if any(NUMBER.fullmatch(cell) or cell in _MARKERS for cell in first) else 0.5
    if _counts_on(first):
        return 0.8
    votes = [_vote(name, _column(rest, index)) for index, name in enumerate(first)]
    strong = [vote for vote in votes if abs(vote) == 2]
    votes = strong or votes
    total = sum(votes)
    if total == 0:
        return 0.2 if _all_named(first) else -0.2
    size = 1.0 if strong else 0.6
    return max(
        -1.0,
        min(1.0, size * (0.5 + 0.5 * abs(total) / max(1, sum(map(abs, votes)))) * (1 if total > 0 else -1)),
    )


def header_rows_of(table: Sequence[Sequence[str]]) -> int:
    """Return how many rows, of those at the top of a table, name its columns together.

    A further row belongs to the names where it repeats them, or holds words over columns of numbers and no
    number itself, as units or a second line of names do.

    Examples
    --------
    >>> header_rows_of([["", "2019", ""], ["city", "low", "high"], ["Lyon", "1", "3"], ["Nice", "2", "4"]])
    2
    """
    count = 1
    while count < min(_MOST_ROWS, len(table) - 1) and _names_too(table, count):
        count += 1
    return count


def flattened(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one name per column from names on several rows, joined by a blank.

    A name over several columns, written once over the first of them, counts for those after it as well.

    Examples
    --------
    >>> flattened([["", "2019", "", "2020"], ["city", "low", "high", "low"]])
    ['city', '2019 low', '2019 high', '2020 low']
    >>> flattened([["weight", "size"], ["(kg)", ""]])
    ['weight (kg)', 'size']
    """
    width = max((len(row) for row in rows), default=0)
    parts: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(rows):
        cells = [cell.strip() for cell in row] + [""] * (width - len(row))
        spread = number + 1 < len(rows) and sum(map(bool, cells)) > 1 and not all(cells)
        above = ""
        for column, cell in enumerate(cells):
            above = cell or (above if spread else "")
            if above and above not in parts[column]:
                parts[column].append(above)
    return [" ".join(part) for part in parts]


def names_of(cells: Sequence[str], width: int) -> tuple[tuple[str, ...], tuple[Text, ...]]:
    """Return unique, non-empty column names, and notes on those that had to be changed.

    Parameters
    ----------
    cells : sequence of str
        The first line, or nothing where it is not a header.
    width : int
        Number of columns.
    """
    wanted = [re.sub(r"[\s\x00-\x1f\x7f]+", " ", cell).strip() for cell in cells[:width]]
    wanted += [""] * (width - len(wanted))
    cut = [name[:20] + "…" for name in wanted if len(name) > LONGEST_NAME]
    wanted = [name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…" for name in wanted]
    taken = {name for name in wanted if name}
    used: set[str] = set()
    names, numbered, filled = [], [], []
    for position, name in enumerate(wanted, start=1):
        if not name:
            name = _free(f"column_{position}", taken | used)
            filled.append(name)
        elif name in used:
            name = _free(name, taken | used)
            numbered.append(name)
        used.add(name)
        names.append(name)
    notes = []
    if cut:
        notes.append(Text("Very long column names were cut: {names:list}.", names=cut))
    if numbered:
        notes.append(
            Text("Some columns had the name of another and were numbered: {names:list}.", names=numbered)
        )
    if filled and cells:
        notes.append(Text("Columns without a name were named: {names:list}.", names=filled))
    return tuple(names), tuple(notes)


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def _column(rest: Sequence[Sequence[str]], index: int) -> list[str]:
    cells = [row[index].strip() for row in rest if index < len(row)]
    return [cell for cell in cells if cell not in _MARKERS]


def _vote(name: str, below: list[str]) -> int:
    """Return 2 or -2 where the types tell, 1 or -1 where only the words do, 0 where nothing does."""
    if not below:
        return 0
    for kinds in (("number",), ("date", "time"), ("link",), ("code",)):
        share = sum(look(cell) in kinds for cell in below) / len(below)
        if share > 0.8:
            alike = look(name) in kinds or name in _MARKERS
            if kinds == ("code",):
                return (-1 if pattern(name) in {pattern(cell) for cell in below} else 0) if alike else 1
            return -2 if alike else 2
    if name in below:
        return -1
    if not name or look(name) == "number":
        return 0
    if len(set(below)) < len(below):
        return 1
    lengths = sorted(len(cell) for cell in below)
    unlike = len(name) * 2 < lengths[len(lengths) // 10] or pattern(name) not in {
        pattern(cell) for cell in below
    }
    return 1 if unlike and len(below) > 2 and len({pattern(cell) for cell in below}) <= len(below) / 2 else 0


def _names_too(table: Sequence[Sequence[str]], place: int) -> bool:
    row, below = [cell.strip() for cell in table[place]], table[place + 1 : _LOOKED_AT]
    if not any(row) or len(row) > len(table[0]) + 1:
        return False
    if row == [cell.strip() for cell in table[place - 1]]:
        rest = [[cell.strip() for cell in other] for other in below]
        while rest and rest[0] == row:
            rest.pop(0)
        return bool(rest) and row not in rest
    if any(look(cell) in ("number", "date", "time") or cell in _MARKERS - {""} for cell in row):
        return False
    first = [cell.strip() for cell in table[0]]
    if place == 1 and 3 * sum(map(bool, first)) <= 2 * len(first) and all(row) and len(set(row)) == len(row):
        return not any(name in _column(below, index) for index, name in enumerate(row))
    words = units = 0
    for index, name in enumerate(row):
        cells = _column(below, index)
        typed = sum(look(cell) in ("number", "date", "time") for cell in cells)
        if cells and typed > 0.8 * len(cells):
            words += bool(name)
            units += bool(_UNIT.fullmatch(name))
        elif name in cells:
            return False
    return units > 0 or words > 1


def _counts_on(first: Sequence[str]) -> bool:
    """Whether the numbers in a line run on by one, as years over a table do: 2019, 2020, 2021."""
    numbers = [int(cell) for cell in first if re.fullmatch(r"\d{1,9}", cell)]
    steps = {b - a for a, b in pairwise(numbers)}
    return 3 <= len(numbers) < len(first) and steps == {1}


def _all_named(first: Sequence[str]) -> bool:
    return all(first) and len(set(first)) == len(first)
