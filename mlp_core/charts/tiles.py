"""The rectangles of a mosaic: the unit square, cut by one category after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Counts = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Tile:
    """One combination of categories and the rectangle that stands for it.

    Attributes
    ----------
    levels : tuple of int
        Position of the level in each category.
    count : int
        Rows.
    residual : float
        Pearson residual under independence of all categories.
    x, y, width, height : float
        Left, bottom and size, in a square from 0 to 1.
    """

    levels: tuple[int, ...]
    count: int
    residual: float
    x: float
    y: float
    width: float
    height: float


def tiles_of(counts: Counts, gap: float = 0.0) -> list[Tile]:
    """Return the rectangles of a contingency table; combinations without rows have none.

    The first category cuts the width, the second the height, the third the width again. A gap takes the same
    share of every rectangle that is cut, so areas stay in exact proportion to counts.

    Parameters
    ----------
    counts : ndarray of shape (n_levels_1, n_levels_2, ...)
        Rows per combination.
    gap : float, default=0.0
        Space between the parts of the first cut, as a share of the square; half as much at each cut after.
    """
    residuals = pearson_residuals(counts)
    tiles: list[Tile] = []
    _cut(counts, gap, (), (0.0, 0.0, 1.0, 1.0), tiles, residuals)
    return tiles


def pearson_residuals(counts: Counts) -> Any:
    """Return ``(observed - expected) / sqrt(expected)`` per combination.

    Notes
    -----
    Expected counts follow from the totals of each category, all taken as independent of each other.
    """
    import numpy as np

    total = counts.sum()
    expected = np.asarray(float(total))
    for axis in range(counts.ndim):
        others = tuple(a for a in range(counts.ndim) if a != axis)
        shares = counts.sum(axis=others) / total
        expected = np.multiply.outer(expected, shares)
    roots = np.sqrt(expected)
    return np.divide(counts - expected, roots, out=np.zeros_like(roots), where=roots > 0)


def _cut(
    counts: Counts,
    gap: float,
    done: tuple[int, ...],
    box: tuple[float, float, float, float],
    tiles: list[Tile],
    residuals: Any,
) -> None:
    x, y, width, height = box
    if counts.ndim == 0:
        count = int(counts)
        tiles.append(Tile(done, count, float(residuals[done]), x, y, width, height))
        return
    size = len(counts)
    along = width if len(done) % 2 == 0 else height
    gap_here = along * gap
    usable = along - gap_here * (size - 1)
    totals = counts.reshape(size, -1).sum(axis=1)
    whole = int(totals.sum())
    start = 0.0
    for level in range(size):
        part = usable * int(totals[level]) / whole
        if totals[level]:
            inner = (x + start, y, part, height) if len(done) % 2 == 0 else (x, y + start, width, part)
            _cut(counts[level], gap / 2, (*done, level), inner, tiles, residuals)
        start += part + gap_here
