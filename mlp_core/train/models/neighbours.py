"""Models that look at what lies near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from mlp_core.params import choice, number
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train.model import MODELS, PREDICTIVE, Model

WEIGHTS: Final = {"uniform": Text("All alike"), "distance": Text("The nearer, the more")}


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class Neighbours(Model):
    """Answers like the known rows that resemble the new one most."""

    id: ClassVar[str] = "knn"
    label: ClassVar[Text] = Text("k-nearest neighbours")
    tasks: ClassVar[frozenset[Task]] = PREDICTIVE
    endings: ClassVar[tuple[str, ...]] = ("KNeighborsClassifier", "KNeighborsRegressor")
    cost: ClassVar[float] = 2.0
    most_rows: ClassVar[int | None] = 30_000

    neighbours: int = number(7, low=1, high=200, label=Text("Neighbours"))
    weights: str = choice("uniform", choices=WEIGHTS, label=Text("Say of each neighbour"))

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return k-nearest neighbours by plain comparison, with no more neighbours than rows."""
        from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

        cls = KNeighborsClassifier if task is Task.CLASSIFICATION else KNeighborsRegressor
        # Encoded tables have too many dimensions for a search tree to gain much, and a plain array is what
        # the safe model format holds best.
        return cls(
            n_neighbors=min(self.neighbours, n_rows), weights=self.weights, algorithm="brute", n_jobs=1
        )


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class KMeans(Model):
    """Gathers rows into groups around their own centres."""

    id: ClassVar[str] = "kmeans"
    label: ClassVar[Text] = Text("k-means")
    tasks: ClassVar[frozenset[Task]] = frozenset({Task.CLUSTERING})
    endings: ClassVar[tuple[str, ...]] = ("KMeans",)
    cost: ClassVar[float] = 2.0

    clusters: int = number(3, low=2, high=50, label=Text("Groups"))
    starts: int = number(
        10, low=1, high=100, label=Text("Starts"), help=Text("The best of so many starts is kept.")
    )

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return k-means from several starts."""
        from sklearn.cluster import KMeans as Estimator

        return Estimator(n_clusters=self.clusters, n_init=self.starts, random_state=seed)
