"""Faults of real files are undone: cells, rows and names come out as they stand in the clean table."""

from __future__ import annotations

from collections import defaultdict

import pytest
from read.pollution import FAULTS, Score, run

# What a fault takes away for good cannot be asked for: a cell that was joined to the next, a name that was
# left out; a quotation mark at a cell's beginning may be meant.
LOSING = {
    "row_with_one_separator_less": 0.93,
    "row_with_an_extra_quote": 0.97,
    "comma_in_one_text": 0.97,
    "decimal_comma_in_one_row": 0.97,
    "header_absent": 0.98,
    "fixed_width": 0.97,
    "encoding mac_roman": 0.98,
}
NAMELESS = {"header_shorter": 0.4, "combined": 0.95}


def _means(scores: dict[str, list[Score]], what: str) -> dict[str, float]:
    return {name: sum(getattr(one, what) for one in found) / len(found) for name, found in scores.items()}


def _check(seed: int, tables: int, combined: int, floor: float) -> None:
    scores: dict[str, list[Score]] = defaultdict(list)
    for label, _, score, _ in run(seed, tables=tables, combined=combined):
        scores[label].append(score)
    cells, header = _means(scores, "cells"), _means(scores, "header")
    low = {name: share for name, share in cells.items() if share < LOSING.get(name, floor)}
    unnamed = {name: share for name, share in header.items() if share < NAMELESS.get(name, 0.98)}
    assert set(scores) >= set(FAULTS)
    assert (low, unnamed) == ({}, {})
    every = [score.cells for found in scores.values() for score in found]
    assert sum(every) / len(every) >= 0.995


def test_each_fault_alone_and_several_at_once_are_undone() -> None:
    _check(seed=1, tables=5, combined=60, floor=0.97)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_faults_are_undone_in_every_table(seed: int) -> None:
    _check(seed=seed, tables=99, combined=400, floor=0.98)
