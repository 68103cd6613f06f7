"""Models that weigh each feature and add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mlp_core.params import number
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train.model import MODELS, PREDICTIVE, Model


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class Linear(Model):
    """Adds up the features, each with its own weight, so that squared errors are smallest."""

    id: ClassVar[str] = "linear"
    label: ClassVar[Text] = Text("Linear regression")
    tasks: ClassVar[frozenset[Task]] = frozenset({Task.REGRESSION})
    endings: ClassVar[tuple[str, ...]] = ("LinearRegression",)

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return ordinary least squares."""
        from sklearn.linear_model import LinearRegression

        return LinearRegression()


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class Logistic(Model):
    """Adds up the features and turns the sum into the probability of each class."""

    id: ClassVar[str] = "logistic"
    label: ClassVar[Text] = Text("Logistic regression")
    tasks: ClassVar[frozenset[Task]] = frozenset({Task.CLASSIFICATION})
    endings: ClassVar[tuple[str, ...]] = ("LogisticRegression",)

    strength: float = number(
        1.0,
        low=1e-4,
        high=1e4,
        label=Text("Freedom (C)"),
        help=Text("Smaller keeps the weights smaller, which guards against overfitting."),
    )
    iterations: int = number(500, low=50, high=10_000, label=Text("Iterations at most"))

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return a regularised logistic regression."""
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=self.strength, max_iter=self.iterations, random_state=seed)


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class Sgd(Model):
    """A linear model learned a row at a time, which suits tables with very many rows."""

    id: ClassVar[str] = "sgd"
    label: ClassVar[Text] = Text("Stochastic gradient descent (SGD)")
    tasks: ClassVar[frozenset[Task]] = PREDICTIVE
    endings: ClassVar[tuple[str, ...]] = ("SGDClassifier", "TransformedTargetRegressor")

    alpha: float = number(
        0.001,
        low=1e-7,
        high=10.0,
        label=Text("Regularisation (alpha)"),
        help=Text("Larger keeps the weights smaller, which guards against overfitting."),
    )
    passes: int = number(1000, low=5, high=10_000, label=Text("Passes at most"))

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return the classifier that gives probabilities, or the regressor on a scaled target."""
        from sklearn.compose import TransformedTargetRegressor
        from sklearn.linear_model import SGDClassifier, SGDRegressor
        from sklearn.preprocessing import StandardScaler

        settings = {"alpha": self.alpha, "max_iter": self.passes, "random_state": seed, "average": True}
        if task is Task.CLASSIFICATION:
            return SGDClassifier(loss="log_loss", n_jobs=1, **settings)
        return TransformedTargetRegressor(SGDRegressor(**settings), transformer=StandardScaler())
