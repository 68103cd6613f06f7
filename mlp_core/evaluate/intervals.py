"""Scores with their uncertainty: over folds, and over the rows of one test set.

Everything here is deterministic: what is drawn at random is drawn from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

LEVEL: Final = 0.95
"""Every interval of the platform covers this share."""

RESAMPLES: Final = 1_000
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
    """

    mean: float
    half_width: float
    folds: tuple[float, ...]

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.mean + self.half_width

    def to_json(self) -> dict[str, Any]:
        """Return the score as plain JSON."""
        return {"mean": self.mean, "half_width": self.half_width, "folds": list(self.folds)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CVScore:
        """Return the score that :meth:`to_json` wrote."""
        return cls(**{**data, "folds": tuple(data["folds"])})


def over_folds(scores: Sequence[float], test_to_train: float) -> CVScore:
    """Return the mean of fold scores with the interval that corrects for folds sharing training rows.

    Parameters
    ----------
    scores : sequence of float, one per fold
        Not-a-number where a fold could not be scored; such folds do not count.
    test_to_train : float
        Rows of a fold divided by the rows it was trained on: 1 / (folds - 1).

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
    if not len(known):
        return CVScore(mean=float("nan"), half_width=float("nan"), folds=folds)
    mean = float(known.mean())
    if len(known) < 2:
        return CVScore(mean=mean, half_width=float("nan"), folds=folds)
    variance = (1 / len(known) + test_to_train) * float(known.var(ddof=1))
    quantile = float(t.ppf((1 + LEVEL) / 2, len(known) - 1))
    return CVScore(mean=mean, half_width=quantile * variance**0.5, folds=folds)


def resampled_counts(counts: Array) -> Array:
    """Return bootstrap counts of shape (n_resamples, n_cells) of the same total.

    Drawing rows with replacement and counting them per cell is one multinomial draw.
    """
    import numpy as np

    total = int(counts.sum())
    return np.random.default_rng(_SEED).multinomial(total, counts / total, size=RESAMPLES)


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
