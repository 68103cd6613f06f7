"""Scores with their uncertainty: over folds, and over the rows of one test set.

Everything here is deterministic: what is drawn at random is drawn from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

LEVEL: Final = 0.95
"""Every interval of the platform covers this share."""

RESAMPLES: Final = 1_000
FEWEST_RESAMPLES: Final = 200
MOST_DRAWN_CELLS: Final = 5_000_000
MOST_RESAMPLED_ROWS: Final = 2_000
"""Above this many rows the mean of a resample is drawn from its normal limit instead."""

_SEED: Final = 20_240_229


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A score on one set of rows, and where it may lie had other rows been drawn."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        """Return the interval as plain JSON."""
        return asdict(self)

    @classmethod
    def of(cls, value: float, replicates: Array) -> Interval:
        """Return ``value`` with the percentile interval of its resampled ``replicates`` of shape (n,)."""
        import numpy as np

        finite = replicates[np.isfinite(replicates)]
        if not np.isfinite(value) or not len(finite):
            return cls(value=float(value), low=float("nan"), high=float("nan"))
        low, high = np.quantile(finite, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return cls(value=float(value), low=float(min(low, value)), high=float(max(high, value)))


@dataclass(frozen=True, kw_only=True)
class CVScore:
    """A cross-validated score: the mean over folds and half the width of its 95 % interval.

    Attributes
    ----------
    folds : tuple of float
        The score of each fold, in order; not-a-number where a fold could not be scored.
    least, most : float, optional
        The ends of the metric, which the interval does not pass.
    """

    mean: float
    half_width: float
    folds: tuple[float, ...]
    least: float | None = None
    most: float | None = None

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        low = self.mean - self.half_width
        return low if self.least is None else max(low, self.least)

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        high = self.mean + self.half_width
        return high if self.most is None else min(high, self.most)

    def to_json(self) -> dict[str, Any]:
        """Return the score as plain JSON."""
        return {**asdict(self), "folds": list(self.folds)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CVScore:
        """Return the score that :meth:`to_json` wrote."""
        return cls(**{**data, "folds": tuple(data["folds"])})


def over_folds(
    scores: Sequence[float],
    test_to_train: float,
    bounds: tuple[float | None, float | None] = (None, None),
) -> CVScore:
    """Return the mean of fold scores with the interval that corrects for folds sharing training rows.

    Parameters
    ----------
    scores : sequence of float, one per fold
        Not-a-number where a fold could not be scored; such folds do not count.
    test_to_train : float
        Rows of a fold divided by the rows it was trained on: 1 / (folds - 1).
    bounds : tuple of float or None
        The least and the greatest value that the metric can have.

    Notes
    -----
    The folds' scores are correlated, as any two share most of their training rows, so their variance over
    ``k`` is far too small. The corrected variance is ``(1 / k + test_to_train)`` times the sample variance,
    against Student's t with ``k - 1`` degrees of freedom. It assumes roughly normal fold scores.

    References
    ----------
    Nadeau and Bengio (2003), Inference for the generalization error, Machine Learning 52, 239-281.
    """
    import numpy as np
    from scipy.stats import t

    known = np.asarray([score for score in scores if np.isfinite(score)], dtype=float)
    folds = tuple(float(score) for score in scores)
    least, most = bounds
    mean, half_width = float(known.mean()) if len(known) else float("nan"), float("nan")
    if len(known) > 1:
        variance = (1 / len(known) + test_to_train) * float(known.var(ddof=1))
        half_width = float(t.ppf((1 + LEVEL) / 2, len(known) - 1)) * variance**0.5
    return CVScore(mean=mean, half_width=half_width, folds=folds, least=least, most=most)


def of_share(hits: int, total: int) -> Interval:
    """Return a share with Wilson's interval, which has a width at 0 and 1 too.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    share, z = hits / total, NormalDist().inv_cdf((1 + LEVEL) / 2)
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * (share * (1 - share) / total + z**2 / (4 * total**2)) ** 0.5
    return Interval(
        value=share, low=max(0.0, min(share, middle - half)), high=min(1.0, max(share, middle + half))
    )


def resampled_counts(weights: Array, total: int) -> Array:
    """Return bootstrap counts of shape (n_resamples, n_cells) that each sum to ``total``.

    Drawing rows with replacement and counting them per cell is one multinomial draw. Where there are very
    many cells there are fewer resamples.
    """
    import numpy as np

    times = min(RESAMPLES, max(FEWEST_RESAMPLES, MOST_DRAWN_CELLS // len(weights)))
    return np.random.default_rng(_SEED).multinomial(total, weights / weights.sum(), size=times)


def resampled_means(rows: Array) -> Array:
    """Return bootstrap means, of shape (n_resamples, n_quantities), of per-row quantities.

    Parameters
    ----------
    rows : array of shape (n_rows, n_quantities)
        One row per observation.
    """
    import numpy as np

    generator = np.random.default_rng(_SEED)
    if len(rows) > MOST_RESAMPLED_ROWS:
        spread = np.atleast_2d(np.cov(rows, rowvar=False)) / len(rows)
        return generator.multivariate_normal(rows.mean(axis=0), spread, size=RESAMPLES, check_valid="ignore")
    drawn = generator.integers(0, len(rows), size=(RESAMPLES, len(rows)))
    return np.stack([column[drawn].mean(axis=1) for column in rows.T], axis=1)
