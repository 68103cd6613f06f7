"""Whether the first line names the columns, and the names a table gets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mlp_core.read.dialect import DATE, NUMBER
from mlp_core.read.missing import EVERYWHERE, IN_NUMBERS
from mlp_core.text import Text

LONGEST_NAME: Final = 200
"""Characters of a column name; more cannot be shown anywhere."""

_MARKERS: Final = EVERYWHERE | IN_NUMBERS


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
    first, rest = [cell.strip() for cell in table[0]], table[1:]
    if not rest:
        return not any(NUMBER.fullmatch(cell) or cell in _MARKERS for cell in first)
    votes = [_vote(name, _column(rest, index)) for index, name in enumerate(first)]
    if _counts_on(first):
        return True
    if any(abs(vote) == 2 for vote in votes):
        votes = [vote for vote in votes if abs(vote) == 2]
    return sum(votes) > 0 or (sum(votes) == 0 and _all_named(first))


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
    for pattern in (NUMBER, DATE):
        share = sum(1 for cell in below if pattern.fullmatch(cell)) / len(below)
        if share > 0.8:
            return -2 if pattern.fullmatch(name) or name in _MARKERS else 2
    if name in below:
        return -1
    return 1 if name and not NUMBER.fullmatch(name) and len(set(below)) < len(below) else 0


def _counts_on(first: Sequence[str]) -> bool:
    """Whether the numbers in a line run on by one, as years over a table do: 2019, 2020, 2021."""
    numbers = [int(cell) for cell in first if re.fullmatch(r"\d{1,9}", cell)]
    steps = {b - a for a, b in pairwise(numbers)}
    return 3 <= len(numbers) < len(first) and steps == {1}


def _all_named(first: Sequence[str]) -> bool:
    return all(first) and len(set(first)) == len(first)
