"""Models that ask one question after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mlp_core.params import number
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train.model import MODELS, PREDICTIVE, Model


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class Tree(Model):
    """Asks one question after another about the features; it can be read from top to bottom."""

    id: ClassVar[str] = "tree"
    label: ClassVar[Text] = Text("Decision tree")
    tasks: ClassVar[frozenset[Task]] = PREDICTIVE
    endings: ClassVar[tuple[str, ...]] = ("DecisionTreeClassifier", "DecisionTreeRegressor")

    depth: int = number(6, low=1, high=50, label=Text("Questions in a row at most"))
    leaf: int = number(
        5,
        low=1,
        high=500,
        label=Text("Rows per leaf at least"),
        help=Text("More rows per leaf make a simpler tree."),
    )

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return one decision tree."""
        from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

        cls = DecisionTreeClassifier if task is Task.CLASSIFICATION else DecisionTreeRegressor
        return cls(max_depth=self.depth, min_samples_leaf=self.leaf, random_state=seed)


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class Forest(Model):
    """Lets many different decision trees vote."""

    id: ClassVar[str] = "forest"
    label: ClassVar[Text] = Text("Random forest")
    tasks: ClassVar[frozenset[Task]] = PREDICTIVE
    endings: ClassVar[tuple[str, ...]] = ("RandomForestClassifier", "RandomForestRegressor")
    cost: ClassVar[float] = 15.0

    trees: int = number(200, low=10, high=2000, label=Text("Trees"))
    leaf: int = number(
        1,
        low=1,
        high=500,
        label=Text("Rows per leaf at least"),
        help=Text("More rows per leaf make simpler trees."),
    )

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return a random forest."""
        from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

        settings = {"n_estimators": self.trees, "min_samples_leaf": self.leaf, "random_state": seed}
        if task is Task.CLASSIFICATION:
            return RandomForestClassifier(n_jobs=1, **settings)
        # Trees that see every feature at each split are nearly the same tree: a third of them is
        # Breiman's advice for numbers.
        return RandomForestRegressor(n_jobs=1, max_features=1 / 3, **settings)


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class HistBoosting(Model):
    """Adds small trees one by one, each mending what the ones before got wrong."""

    id: ClassVar[str] = "hist_boosting"
    label: ClassVar[Text] = Text("Histogram gradient boosting")
    tasks: ClassVar[frozenset[Task]] = PREDICTIVE
    endings: ClassVar[tuple[str, ...]] = ("HistGradientBoostingClassifier", "HistGradientBoostingRegressor")
    cost: ClassVar[float] = 12.0

    rounds: int = number(150, low=10, high=2000, label=Text("Trees"))
    pace: float = number(
        0.06,
        low=0.001,
        high=1.0,
        label=Text("Learning rate"),
        help=Text("Smaller learns more slowly and needs more trees."),
    )
    leaves: int = number(15, low=2, high=255, label=Text("Leaves per tree at most"))

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return histogram gradient boosting; on many rows it stops once it no longer improves."""
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        cls = HistGradientBoostingClassifier if task is Task.CLASSIFICATION else HistGradientBoostingRegressor
        return cls(
            max_iter=self.rounds,
            learning_rate=self.pace,
            max_leaf_nodes=self.leaves,
            early_stopping="auto",
            random_state=seed,
        )
