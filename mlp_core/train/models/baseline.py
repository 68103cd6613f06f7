"""The baseline that every other model must beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mlp_core.params import number
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train.model import MODELS, Model


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class Dummy(Model):
    """Answers without looking: the most frequent class, the mean, or a group drawn by lot."""

    id: ClassVar[str] = "dummy"
    label: ClassVar[Text] = Text("Baseline")
    tasks: ClassVar[frozenset[Task]] = frozenset(Task)
    endings: ClassVar[tuple[str, ...]] = ("DummyClassifier", "DummyRegressor", "RandomGroups")
    cost: ClassVar[float] = 0.3
    baseline: ClassVar[bool] = True

    clusters: int = number(
        3,
        low=2,
        high=50,
        label=Text("Groups"),
        help=Text("Only used without a target; by default as many as k-means."),
    )

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return scikit-learn's dummy, or a random assignment for groups."""
        from sklearn.dummy import DummyClassifier, DummyRegressor

        if task is Task.CLASSIFICATION:
            return DummyClassifier(strategy="prior")
        if task is Task.REGRESSION:
            return DummyRegressor()
        from mlp_core.train.lots import RandomGroups

        return RandomGroups(n_clusters=self.clusters, random_state=seed)
