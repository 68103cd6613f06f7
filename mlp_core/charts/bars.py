"""Counting: how many rows fall in each range of a number, or in each group."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from mlp_core.charts.columns import floats, levels_of
from mlp_core.charts.look import Label
from mlp_core.kinds import Kind

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.charts.columns import Floats, Integers

MAX_LEVELS: Final = 20
_LARGEST_WHOLE: Final = 2**52
"""Above it a float no longer tells one whole number from the next half."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The bars of one column.

    Attributes
    ----------
    column : str
        Its name.
    counts : tuple of int
        Rows per bar.
    edges : tuple of float
        Where bars of numbers begin and end, of length ``len(counts) + 1``; empty for groups.
    names : tuple of str or Text
        The groups; empty for numbers.
    whole : bool
        Whether the numbers are whole, so that edges lie halfway between them.
    """

    column: str
    counts: tuple[int, ...]
    edges: tuple[float, ...] = ()
    names: tuple[Label, ...] = ()
    whole: bool = False

    def lefts(self) -> list[float]:
        """Return where each bar begins."""
        return list(self.edges[:-1])

    def each(self, most: int) -> list[int]:
        """Return the whole numbers, where each has a bar of its own and there are at most ``most``."""
        alone = self.whole and len(self.counts) <= most and self.edges[1] - self.edges[0] == 1
        return [round(edge + 0.5) for edge in self.edges[:-1]] if alone else []

    def widths(self) -> list[float]:
        """Return how wide each bar is."""
        return [high - low for low, high in pairwise(self.edges)]


def count_numbers(name: str, column: pd.Series, bars: int, *, whole: bool) -> Panel | None:
    """Return the bars of a numeric column; None where it holds no finite value.

    Whole numbers are never cut: each bar holds the same count of them, and fewer bars than asked are
    drawn where there are fewer whole numbers.
    """
    import numpy as np

    values = floats(column)
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    if whole and max(abs(low), abs(high)) < _LARGEST_WHOLE:
        step = max(1, int(-(-(high - low + 1) // bars)))
        count = int((high - low) // step) + 1
        places = ((values - low) // step).astype(np.int64)
        edges = low - 0.5 + step * np.arange(count + 1)
        counts = np.bincount(places, minlength=count)
        return Panel(column=name, counts=_ints(counts), edges=tuple(edges.tolist()), whole=True)
    edges = _edges(low, high, bars)
    return Panel(column=name, counts=_ints(_counted(values, edges, bars)), edges=tuple(edges.tolist()))


def count_levels(name: str, column: pd.Series, kind: Kind, most: int = MAX_LEVELS) -> Panel | None:
    """Return the bars of a column of groups; None where it holds no value."""
    import numpy as np

    levels = levels_of(column, kind, most)
    counts = np.bincount(levels.codes[levels.codes >= 0], minlength=len(levels.names))
    return Panel(column=name, counts=_ints(counts), names=levels.names) if counts.sum() else None


def _edges(low: float, high: float, bars: int) -> Floats:
    """Return the edges of bars of equal width; fewer where floats are too coarse to tell them apart."""
    import numpy as np

    if low == high:
        pad = 0.5 if abs(low) < 10 else abs(low) * 0.05
        return np.array([low - pad, low + pad])
    edges = np.linspace(low, high, bars + 1)
    return np.unique(edges)


def _counted(values: Floats, edges: Floats, bars: int) -> Integers:
    """Return the rows per bar; by arithmetic where bars are even, which is much faster than a search."""
    import numpy as np

    if len(edges) == bars + 1 and np.spacing(edges).max() * 4 < (edges[-1] - edges[0]) / bars:
        return np.histogram(values, bins=bars, range=(edges[0], edges[-1]))[0].astype(np.int64)
    places = np.searchsorted(edges, values, side="right") - 1
    return np.bincount(np.clip(places, 0, len(edges) - 2), minlength=len(edges) - 1)


def _ints(counts: Integers) -> tuple[int, ...]:
    return tuple(int(n) for n in counts)
