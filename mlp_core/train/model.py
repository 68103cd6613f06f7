"""A model: what every entry of the model catalogue says of itself and can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mlp_core.registry import Registry
from mlp_core.task import Task
from mlp_core.text import Text


@dataclass(frozen=True, kw_only=True)
class Model:
    """A way to learn, with its settings.

    Attributes
    ----------
    id : str
        Permanent; saved plans and boards hold it.
    tasks : frozenset of Task
        What it can learn.
    endings : tuple of str
        The classes of the estimators that it builds; a saved model of any other class is not opened.
    cost : float
        How long one fit takes compared with a linear model, to foretell the time left.
    most_rows : int or None
        Above this many training rows it is not among the models chosen by default.
    baseline : bool
        Whether it ignores the features, so that others are measured against it.
    """

    id: ClassVar[str]
    label: ClassVar[Text]
    tasks: ClassVar[frozenset[Task]]
    endings: ClassVar[tuple[str, ...]]
    cost: ClassVar[float] = 1.0
    most_rows: ClassVar[int | None] = None
    baseline: ClassVar[bool] = False

    def build(self, task: Task, *, seed: int, n_rows: int) -> Any:
        """Return the scikit-learn estimator, not yet fitted, that works in one thread.

        Parameters
        ----------
        task : Task
            One of ``tasks``.
        seed : int
            For whatever the estimator draws at random.
        n_rows : int
            Rows it will be fitted on.
        """
        raise NotImplementedError


MODELS: Registry[Model] = Registry("models")

PREDICTIVE = frozenset({Task.CLASSIFICATION, Task.REGRESSION})


def models_of(task: Task) -> list[str]:
    """Return the ids of the models that can learn a task, the baseline first."""
    return [model.id for model in MODELS if task in model.tasks]
