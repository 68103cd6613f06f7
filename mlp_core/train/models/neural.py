"""Neural networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from mlp_core.params import number
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train.model import MODELS, PREDICTIVE, Model

FEW_ROWS: Final = 10_000
"""Up to here exact steps over all rows at once settle faster, and better, than batches."""


@MODELS.add
@dataclass(frozen=True, kw_only=True)
class Mlp(Model):
    """A network of layered units, each of which bends and mixes what the layer before found."""

    id: ClassVar[str] = "mlp"
    label: ClassVar[Text] = Text("Multilayer perceptron")
    tasks: ClassVar[frozenset[Task]] = PREDICTIVE
    endings: ClassVar[tuple[str, ...]] = ("MLPClassifier", "TransformedTargetRegressor")
    cost: ClassVar[float] = 10.0
    most_rows: ClassVar[int | None] = 200_000

    units: int = number(32, low=2, high=512, label=Text("Units per layer"))
    layers: int = number(1, low=1, high=5, label=Text("Layers"))
    alpha: float = number(
        1.0,
        low=1e-6,
        high=100.0,
        label=Text("Regularisation (alpha)"),
        help=Text("Larger keeps the weights smaller, which guards against overfitting."),
    )
    iterations: int = number(400, low=10, high=5000, label=Text("Iterations at most"))

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return a perceptron: exact steps on few rows, batches that stop early on many."""
        from sklearn.compose import TransformedTargetRegressor
        from sklearn.neural_network import MLPClassifier, MLPRegressor
        from sklearn.preprocessing import StandardScaler

        few = n_rows <= FEW_ROWS
        settings = {
            "hidden_layer_sizes": (self.units,) * self.layers,
            "alpha": self.alpha,
            "max_iter": self.iterations,
            "solver": "lbfgs" if few else "adam",
            # Stopping while the slope is still a little uneven costs a tenth of the time and overfits less.
            "tol": 3e-3 if few else 1e-4,
            "early_stopping": not few,
            "random_state": seed,
        }
        if task is Task.CLASSIFICATION:
            return MLPClassifier(**settings)
        return TransformedTargetRegressor(MLPRegressor(**settings), transformer=StandardScaler())
