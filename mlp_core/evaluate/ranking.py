"""Area under the ROC curve and its variance, from ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


FEW: Final = 50
"""With fewer rows on one side, the variance seen in them is not relied on alone."""


def placements(scores: Array, positive: Array) -> Array:
    """Return for each row the share of the other side that it beats, ties counting one half.

    Parameters
    ----------
    scores : array of shape (n_rows,)
        Higher means more probably positive.
    positive : boolean array of shape (n_rows,)
        Both sides must be present.

    Notes
    -----
    The mean over the positive rows, as over the negative ones, is the area under the ROC curve. The ranks
    give all placements in one sort (Sun and Xu, 2014, IEEE Signal Processing Letters 21, 1389-1393).
    """
    import numpy as np
    from scipy.stats import rankdata

    positives = int(positive.sum())
    negatives = len(positive) - positives
    overall = rankdata(scores)
    beaten = np.empty(len(scores), dtype=float)
    beaten[positive] = (overall[positive] - rankdata(scores[positive])) / negatives
    beaten[~positive] = 1 - (overall[~positive] - rankdata(scores[~positive])) / positives
    return beaten


def area(scores: Array, positive: Array) -> float:
    """Return the area under the ROC curve; not-a-number where one side is absent."""
    if not positive.any() or positive.all():
        return float("nan")
    return float(placements(scores, positive)[positive].mean())


def delong_variance(scores: Array, positive: Array) -> float:
    """Return the variance of the area under one ROC curve.

    Notes
    -----
    Assumes independent rows; at least two rows on each side, else it is not-a-number.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845.
    """
    beaten = placements(scores, positive)
    sides = (beaten[positive], beaten[~positive])
    if min(len(side) for side in sides) < 2:
        return float("nan")
    return float(sum(side.var(ddof=1) / len(side) for side in sides))


def class_areas(chances: Array, codes: Array) -> list[float]:
    """Return the area of each class against the rest, without the classes that cannot be ranked."""
    areas = [area(chances[:, code], codes == code) for code in range(chances.shape[1])]
    return [value for value in areas if value == value]


def macro_area(chances: Array, codes: Array) -> float:
    """Return the mean over classes of the area of each class against the rest."""
    import numpy as np

    known = class_areas(chances, codes)
    return float(np.mean(known)) if known else float("nan")


def macro_variance(chances: Array, codes: Array) -> float:
    """Return the variance of the macro-averaged area.

    Notes
    -----
    The areas of the classes share their rows, so the pull of each row on every area is summed before it is
    squared (the infinitesimal jackknife); with two classes it is DeLong's variance up to a factor
    ``n / (n - 1)`` per side.
    """
    import numpy as np

    pulls = []
    for code in range(chances.shape[1]):
        positive = codes == code
        if not positive.any() or positive.all():
            continue
        beaten = placements(chances[:, code], positive)
        share = positive.mean()
        pulls.append((beaten - beaten[positive].mean()) / np.where(positive, share, 1 - share))
    if not pulls:
        return float("nan")
    pull = np.mean(pulls, axis=0)
    return float((pull**2).sum() / len(pull) ** 2)


def sides(codes: Array, n_classes: int) -> list[tuple[int, int]]:
    """Return for each class that can be ranked against the rest how many rows stand on either side."""
    import numpy as np

    counts = np.bincount(codes, minlength=n_classes)
    return [(int(count), len(codes) - int(count)) for count in counts if 0 < count < len(codes)]


def bounds(
    areas: Sequence[float], variance: float, sizes: Sequence[tuple[int, int]], z: float
) -> tuple[float, float]:
    """Return the ends of the interval of the mean of areas.

    Parameters
    ----------
    areas : sequence of float
        Of one curve, or of each class against the rest.
    variance : float
        Of their mean; not relied on where it is 0 or not-a-number.
    sizes : sequence of (int, int), one per area
        Rows on either side.
    z : float
        The normal quantile.

    Notes
    -----
    The interval is symmetric in the logit of the area (Pepe, 2003), so it stays within 0-1 and covers areas
    near 1 better. The variance seen in few rows is often too small, and 0 where the ranking is perfect, so
    there the interval takes in Newcombe's, which needs only the numbers of rows. Over several classes the
    ends of Newcombe's intervals are averaged, which is cautious: the classes share their rows.

    References
    ----------
    Pepe (2003), The statistical evaluation of medical tests for classification and prediction, 107.
    Newcombe (2006), Statistics in Medicine 25, 559-573, method 5.
    """
    import math

    value = math.fsum(areas) / len(areas)
    ends = [value]
    seen = 0 < value < 1 and variance > 0
    if seen:
        logit = math.log(value / (1 - value))
        half = z * variance**0.5 / (value * (1 - value))
        # Beyond 700 the exponential passes what a float can hold, and the share is 0 or 1 long before.
        ends += [1 / (1 + math.exp(min(700.0, -logit + turn * half))) for turn in (-1, 1)]
    if not seen or min(min(pair) for pair in sizes) < FEW:
        wide = [_newcombe(area, m, n, z) for area, (m, n) in zip(areas, sizes, strict=True)]
        ends += [math.fsum(each) / len(wide) for each in zip(*wide, strict=True)]
    return min(ends), max(ends)


def _newcombe(area: float, m: int, n: int, z: float) -> tuple[float, float]:
    """Return the areas that are ``z`` of their own standard deviations away from ``area``."""
    from scipy.optimize import brentq

    spare = (m + n) / 2 - 1

    def distance(true: float) -> float:
        spread = 1 + spare * ((1 - true) / (2 - true) + true / (1 + true))
        return float(abs(true - area) - z * (true * (1 - true) * spread / (m * n)) ** 0.5)

    near = 1e-9
    low = brentq(distance, 0.0, area - near) if area > 2 * near else 0.0
    high = brentq(distance, area + near, 1.0) if area < 1 - 2 * near else 1.0
    return float(low), float(high)
