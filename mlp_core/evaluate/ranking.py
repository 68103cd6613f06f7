"""Area under the ROC curve and its variance, from ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


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


def macro_area(chances: Array, codes: Array) -> float:
    """Return the mean over classes of the area of each class against the rest."""
    import numpy as np

    areas = [area(chances[:, code], codes == code) for code in range(chances.shape[1])]
    known = [value for value in areas if value == value]
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
