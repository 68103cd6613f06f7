"""The metrics: what each measures, and how it is named."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, ClassVar

from mlp_core.evaluate import ranking
from mlp_core.evaluate.intervals import LEVEL, Interval, of_share
from mlp_core.evaluate.metric import METRICS, Metric, OfCounts, OfRows
from mlp_core.evaluate.outcome import Outcome
from mlp_core.task import Task
from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


@METRICS.add
@dataclass(frozen=True, kw_only=True)
class RocAuc(Metric):
    """How often the model ranks a row of a class above a row of another; 0.5 is chance, 1 is perfect."""

    id: ClassVar[str] = "roc_auc"
    label: ClassVar[Text] = Text("ROC AUC")
    task: ClassVar[Task] = Task.CLASSIFICATION

    def score(self, outcome: Outcome) -> float:
        """Return the area from probabilities; over several classes, the mean of each against the rest."""
        if outcome.chances.shape[1] == 2:
            return ranking.area(outcome.chances[:, 1], outcome.observed_codes == 1)
        return ranking.macro_area(outcome.chances, outcome.observed_codes)

    def interval(self, outcome: Outcome) -> Interval:
        """Return the area with the interval that :func:`ranking.bounds` gives from DeLong's variance."""
        chances, codes = outcome.chances, outcome.observed_codes
        if chances.shape[1] == 2:
            areas = [self.score(outcome)]
            sizes = ranking.sides(codes, 2)[1:]
        else:
            areas, sizes = ranking.class_areas(chances, codes), ranking.sides(codes, chances.shape[1])
        if not sizes:
            return Interval(value=float("nan"), low=float("nan"), high=float("nan"))
        if chances.shape[1] == 2:
            variance = ranking.delong_variance(chances[:, 1], codes == 1)
        else:
            variance = ranking.macro_variance(chances, codes)
        low, high = ranking.bounds(areas, variance, sizes, NormalDist().inv_cdf((1 + LEVEL) / 2))
        value = sum(areas) / len(areas)
        return Interval(value=value, low=low, high=high)


@METRICS.add
@dataclass(frozen=True, kw_only=True)
class Accuracy(OfCounts):
    """The share of rows whose class is predicted right."""

    id: ClassVar[str] = "accuracy"
    label: ClassVar[Text] = Text("Accuracy")
    task: ClassVar[Task] = Task.CLASSIFICATION

    def of_counts(self, hits: Array, observed: Array, predicted: Array) -> Array:
        """Return the share of hits."""
        share: Array = hits.sum(axis=1) / observed.sum(axis=1)
        return share

    def interval(self, outcome: Outcome) -> Interval:
        """Return the share with Wilson's interval."""
        return of_share(int(outcome.confusion.trace()), len(outcome))


@METRICS.add
@dataclass(frozen=True, kw_only=True)
class BalancedAccuracy(OfCounts):
    """The share of each class that is found, averaged so that rare classes count as much as common ones."""

    id: ClassVar[str] = "balanced_accuracy"
    label: ClassVar[Text] = Text("Balanced accuracy")
    task: ClassVar[Task] = Task.CLASSIFICATION

    def of_counts(self, hits: Array, observed: Array, predicted: Array) -> Array:
        """Return the mean recall of the classes that were observed."""
        import numpy as np

        present = observed > 0
        recalls: Array = hits / np.where(present, observed, 1)
        mean: Array = recalls.sum(axis=1) / present.sum(axis=1)
        return mean


@METRICS.add
@dataclass(frozen=True, kw_only=True)
class F1(OfCounts):
    """The balance between finding a class and not naming it wrongly, averaged over the classes."""

    id: ClassVar[str] = "f1"
    label: ClassVar[Text] = Text("F1 (macro)")
    task: ClassVar[Task] = Task.CLASSIFICATION

    def of_counts(self, hits: Array, observed: Array, predicted: Array) -> Array:
        """Return the mean F1 of the classes that were observed or predicted."""
        import numpy as np

        either = observed + predicted
        present = either > 0
        scores: Array = 2 * hits / np.where(present, either, 1)
        mean: Array = scores.sum(axis=1) / present.sum(axis=1)
        return mean


@METRICS.add
@dataclass(frozen=True, kw_only=True)
class LogLoss(OfRows):
    """How wrong the probabilities are; 0 is perfect, and being sure of a wrong class costs most."""

    id: ClassVar[str] = "log_loss"
    label: ClassVar[Text] = Text("Log loss")
    bounds: ClassVar[tuple[float | None, float | None]] = (0.0, None)
    task: ClassVar[Task] = Task.CLASSIFICATION
    greater_is_better: ClassVar[bool] = False
    best: ClassVar[float] = 0.0

    def rows(self, outcome: Outcome) -> Array:
        """Return minus the logarithm of the probability of the observed class."""
        import numpy as np

        chances = outcome.chances.astype(float)
        given = chances[np.arange(len(outcome)), outcome.observed_codes] / chances.sum(axis=1)
        smallest = np.finfo(float).eps
        losses: Array = -np.log(np.clip(given, smallest, 1))
        return losses[:, None]


@METRICS.add
@dataclass(frozen=True, kw_only=True)
class Rmse(OfRows):
    """The typical error in the unit of the target, in which large errors weigh more (root mean square)."""

    id: ClassVar[str] = "rmse"
    label: ClassVar[Text] = Text("RMSE")
    bounds: ClassVar[tuple[float | None, float | None]] = (0.0, None)
    task: ClassVar[Task] = Task.REGRESSION
    greater_is_better: ClassVar[bool] = False
    unit_of_target: ClassVar[bool] = True
    best: ClassVar[float] = 0.0

    def rows(self, outcome: Outcome) -> Array:
        """Return the squared error."""
        return ((outcome.truth - outcome.predicted) ** 2)[:, None]

    def of_means(self, means: Array) -> Array:
        """Return the root of the mean; the normal limit of a mean may pass below zero."""
        return means[:, 0].clip(min=0) ** 0.5


@METRICS.add
@dataclass(frozen=True, kw_only=True)
class Mae(OfRows):
    """The mean error in the unit of the target, whatever its sign."""

    id: ClassVar[str] = "mae"
    label: ClassVar[Text] = Text("MAE")
    bounds: ClassVar[tuple[float | None, float | None]] = (0.0, None)
    task: ClassVar[Task] = Task.REGRESSION
    greater_is_better: ClassVar[bool] = False
    unit_of_target: ClassVar[bool] = True
    best: ClassVar[float] = 0.0

    def rows(self, outcome: Outcome) -> Array:
        """Return the absolute error."""
        return abs(outcome.truth - outcome.predicted)[:, None]


@METRICS.add
@dataclass(frozen=True, kw_only=True)
class R2(OfRows):
    """The share of the target's variance that is explained; 0 is no better than the mean, 1 is perfect."""

    id: ClassVar[str] = "r2"
    label: ClassVar[Text] = Text("R²")
    bounds: ClassVar[tuple[float | None, float | None]] = (None, 1.0)
    task: ClassVar[Task] = Task.REGRESSION

    def rows(self, outcome: Outcome) -> Array:
        """Return the squared error, and the target's distance from its mean and its square."""
        import numpy as np

        centred = outcome.truth - outcome.truth.mean()
        return np.stack([(outcome.truth - outcome.predicted) ** 2, centred, centred**2], axis=1)

    def of_means(self, means: Array) -> Array:
        """Return one minus unexplained over total variance; not-a-number for a target that is constant."""
        import numpy as np

        total = means[:, 2] - means[:, 1] ** 2
        return np.where(total > 0, 1 - means[:, 0] / np.where(total > 0, total, 1), np.nan)


@METRICS.add
@dataclass(frozen=True, kw_only=True)
class Silhouette(OfRows):
    """How much nearer rows lie to their own group than to the next; -1 is worst, 1 is best."""

    id: ClassVar[str] = "silhouette"
    label: ClassVar[Text] = Text("Silhouette")
    bounds: ClassVar[tuple[float | None, float | None]] = (-1.0, 1.0)
    task: ClassVar[Task] = Task.CLUSTERING

    most_rows: ClassVar[int] = 2_000

    def rows(self, outcome: Outcome) -> Array:
        """Return the silhouette of each row, of at most ``most_rows`` rows spread evenly; 0 in one group."""
        import numpy as np
        from sklearn.metrics import silhouette_samples

        assert outcome.points is not None
        size = len(outcome)
        kept = np.linspace(0, size - 1, min(size, self.most_rows)).astype(int)
        points, groups = outcome.points[kept], outcome.predicted[kept]
        if not 1 < len(np.unique(groups)) < len(groups):
            return np.zeros((len(groups), 1))
        widths: Array = silhouette_samples(points, groups)
        return widths[:, None]


def metrics_of(task: Task) -> list[Metric]:
    """Return the metrics of a task, the one that ranks by default first."""
    return [metric() for metric in METRICS if metric.task is task]
