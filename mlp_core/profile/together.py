"""Missing values across columns: how many each row has, and which columns miss in the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from mlp_core.profile.study import Studied

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_COLUMNS: Final = 150
"""Columns that are compared pair by pair: those with the most missing values."""

MOST_PAIRS: Final = 50
"""Pairs that are kept: those that agree most."""

_LEAST_PHI: Final = 0.1
_LEAST_CHI_SQUARE: Final = 10.83
"""With one degree of freedom, independent columns pass it once in a thousand pairs."""


@dataclass(frozen=True, kw_only=True)
class MissingPair:
    """Two columns that are missing in the same rows more often than by chance.

    Attributes
    ----------
    left, right : str
        The columns, in the order of the table.
    count : int
        Rows in which both are missing.
    share : float
        Of the rows in which either is missing, those in which both are; from 0 to 1.
    phi : float
        Correlation of the two patterns, from 0 to 1.
    """

    left: str
    right: str
    count: int
    share: float
    phi: float


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Missing values of a whole table.

    Attributes
    ----------
    cells : int
        In all columns.
    per_row : tuple of (missing, rows)
        How many rows miss that many values, from none upwards; counts of rows that do not occur are left out.
    together : tuple of MissingPair
        Pairs that miss in the same rows, the closest first; at most 50.
    compared : int
        Columns that were compared pair by pair.
    """

    cells: int = 0
    per_row: tuple[tuple[int, int], ...] = ()
    together: tuple[MissingPair, ...] = ()
    compared: int = 0

    @property
    def complete_rows(self) -> int:
        """Rows without a missing value."""
        return dict(self.per_row).get(0, 0)

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain JSON."""
        return {
            "cells": self.cells,
            "per_row": [list(pair) for pair in self.per_row],
            "together": [asdict(pair) for pair in self.together],
            "compared": self.compared,
            "complete_rows": self.complete_rows,
        }


def missing_of(columns: Sequence[Studied], rows: int) -> Missing:
    """Return what is missing in a table.

    Parameters
    ----------
    columns : sequence of Studied
        In the order of the table.
    rows : int
        Number of rows.
    """
    import numpy as np

    cells = sum(one.facts.missing for one in columns)
    empty = sum(1 for one in columns if one.facts.missing == rows)
    gaps = [place for place, one in enumerate(columns) if 0 < one.facts.missing < rows]
    compared = sorted(sorted(gaps, key=lambda place: -columns[place].facts.missing)[:MOST_COLUMNS])
    wanted = set(compared)
    per_row = np.full(rows, empty, dtype=np.int32)
    patterns: dict[int, Array] = {}
    for place in gaps:
        mask = _mask(columns[place])
        per_row += mask
        if place in wanted:
            patterns[place] = _packed(mask)
    counts = np.bincount(per_row)
    return Missing(
        cells=cells,
        per_row=tuple((int(missing), int(counts[missing])) for missing in np.flatnonzero(counts)),
        together=_together(columns, patterns, rows),
        compared=len(compared),
    )


def _mask(one: Studied) -> Array:
    if one.codes is not None:
        return one.codes.codes < 0
    return one.column.isna().to_numpy()


def _packed(mask: Array) -> Array:
    """Return a mask as bits in words of 64, so that a pair of a million rows is compared in microseconds."""
    import numpy as np

    bits = np.packbits(mask)
    return np.pad(bits, (0, -len(bits) % 8)).view(np.uint64)


def _together(columns: Sequence[Studied], patterns: dict[int, Array], rows: int) -> tuple[MissingPair, ...]:
    import numpy as np

    found = []
    places = list(patterns)
    for position, left in enumerate(places):
        for right in places[position + 1 :]:
            one, other = columns[left].facts, columns[right].facts
            both = int(np.bitwise_count(patterns[left] & patterns[right]).sum())
            phi = _phi(both, one.missing, other.missing, rows)
            if phi >= _LEAST_PHI and phi * phi * rows >= _LEAST_CHI_SQUARE:
                share = both / (one.missing + other.missing - both)
                found.append(MissingPair(left=one.name, right=other.name, count=both, share=share, phi=phi))
    return tuple(sorted(found, key=lambda pair: -pair.phi)[:MOST_PAIRS])


def _phi(both: int, one: int, other: int, rows: int) -> float:
    """Return the correlation of two yes/no columns from their counts."""
    spread = one * (rows - one) * other * (rows - other)
    return min(1.0, (both * rows - one * other) / spread**0.5) if spread else 0.0
