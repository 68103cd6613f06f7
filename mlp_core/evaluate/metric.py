"""What every metric says of itself, and the two ways in which most get their interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from mlp_core.evaluate.intervals import Interval, resampled_counts, resampled_means
from mlp_core.evaluate.outcome import Outcome
from mlp_core.registry import Registry
from mlp_core.task import Task
from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


class Metric:
    """A number that says how good answers are.

    Attributes
    ----------
    id : str
        Permanent; saved boards hold it.
    greater_is_better : bool
        Which way is good.
    unit_of_target : bool
        Whether it is measured in the unit of the target.
    best : float
        The value of a perfect model.
    bounds : tuple of float or None
        The least and the greatest value it can have; None where there is no end.
    """

    id: ClassVar[str]
    label: ClassVar[Text]
    task: ClassVar[Task]
    greater_is_better: ClassVar[bool] = True
    unit_of_target: ClassVar[bool] = False
    best: ClassVar[float] = 1.0
    bounds: ClassVar[tuple[float | None, float | None]] = (0.0, 1.0)

    def score(self, outcome: Outcome) -> float:
        """Return the score; not-a-number where it is not defined on these rows."""
        raise NotImplementedError

    def interval(self, outcome: Outcome) -> Interval:
        """Return the score with its 95 % interval over the rows of ``outcome``."""
        raise NotImplementedError


METRICS: Registry[Metric] = Registry("metrics")


class OfCounts(Metric):
    """A metric that follows from how often each class was observed, predicted and hit."""

    def of_counts(self, hits: Array, observed: Array, predicted: Array) -> Array:
        """Return scores of shape (n,) from counts of shape (n, n_classes)."""
        raise NotImplementedError

    def score(self, outcome: Outcome) -> float:
        """Return the score of the confusion matrix."""
        counts = outcome.confusion[None]
        hits = counts[0].diagonal()[None]
        return float(self.of_counts(hits, counts.sum(axis=2), counts.sum(axis=1))[0])

    def interval(self, outcome: Outcome) -> Interval:
        """Return the score with the percentile interval of resampled confusion matrices.

        Notes
        -----
        Half a row is added to the hits and half a row to the misses of every observed class, as Jeffreys'
        prior does for a share: else a class without a miss would have none in any resample, and a perfect
        score an interval without a width (Brown, Cai and DasGupta, 2001, Statistical Science 16, 101-133).
        """
        import numpy as np
        from scipy.sparse import csr_array

        size = len(outcome.confusion)
        cells = self._smoothed(outcome.confusion)
        observed, predicted = np.nonzero(cells)
        drawn = resampled_counts(cells[observed, predicted], len(outcome))

        def per_class(kept: Array, classes: Array) -> Array:
            ones = csr_array(
                (np.ones(int(kept.sum())), (np.flatnonzero(kept), classes[kept])), (len(kept), size)
            )
            return np.asarray(drawn @ ones)

        every = np.ones(len(observed), dtype=bool)
        hits = per_class(observed == predicted, observed)
        replicates = self.of_counts(hits, per_class(every, observed), per_class(every, predicted))
        return Interval.of(self.score(outcome), replicates)

    def _smoothed(self, confusion: Array) -> Array:
        import numpy as np

        cells = confusion.astype(float)
        present = np.flatnonzero(confusion.sum(axis=1))
        # A miss falls where the misses of the class fall, else on the commonest other class.
        likely = confusion + confusion.sum(axis=1) / (confusion.sum() + 1)
        np.fill_diagonal(likely, -1)
        cells[present, present] += 0.5
        if len(confusion) > 1:
            cells[present, likely[present].argmax(axis=1)] += 0.5
        return cells


class OfRows(Metric):
    """A metric that follows from the means of quantities that every row has."""

    def rows(self, outcome: Outcome) -> Array:
        """Return the quantities, of shape (n_rows, n_quantities)."""
        raise NotImplementedError

    def of_means(self, means: Array) -> Array:
        """Return scores of shape (n,) from means of shape (n, n_quantities)."""
        return means[:, 0]

    def score(self, outcome: Outcome) -> float:
        """Return the score of the mean quantities."""
        return float(self.of_means(self.rows(outcome).mean(axis=0)[None])[0])

    def interval(self, outcome: Outcome) -> Interval:
        """Return the score with the percentile interval of resampled rows."""
        rows = self.rows(outcome)
        value = float(self.of_means(rows.mean(axis=0)[None])[0])
        return Interval.of(value, self.of_means(resampled_means(rows)))
