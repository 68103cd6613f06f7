"""Rows prepared once per fold and shared by the models, each fold from its own training rows."""

from __future__ import annotations

import copy
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlp_core.train.pipeline import make_pipeline

if TYPE_CHECKING:
    import numpy as np
    from sklearn.pipeline import Pipeline

    from mlp_core.train.material import Material
    from mlp_core.train.plan import TrainingPlan

    Array = np.ndarray[Any, np.dtype[Any]]

FINAL: Final = -1
"""The part in which all training rows train and the held-out rows test."""

MOST_KEPT_CELLS: Final = 40_000_000
"""Prepared cells that may stay in memory (about 320 MB); beyond, each fit prepares its own."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows to learn from and rows to answer, as numbers.

    Attributes
    ----------
    preparation : Pipeline
        Fitted on the rows to learn from.
    learn, answer : array of shape (n_rows, n_columns)
        Prepared rows.
    learn_target, answer_target : array of shape (n_rows,), optional
        Absent in clustering.
    seconds : float
        What preparing took.
    """

    preparation: Pipeline
    learn: Array
    learn_target: Array | None
    answer: Array
    answer_target: Array | None
    seconds: float


class Parts:
    """The folds of a training and its final fit, prepared when first asked for.

    Parameters
    ----------
    material : Material
        The rows and their folds.
    plan : TrainingPlan
        How they are prepared.
    """

    def __init__(self, material: Material, plan: TrainingPlan) -> None:
        self.material = material
        self.plan = plan
        numbers = range(FINAL, len(material.folds))
        self._locks = {number: threading.Lock() for number in numbers}
        self._kept: dict[int, Part] = {}

    def __getitem__(self, number: int) -> Part:
        """Return one part, prepared by whoever asks first."""
        with self._locks[number]:
            if number in self._kept:
                return self._kept[number]
            part = self._prepared(number)
            cells = (part.learn.size + part.answer.size) * len(self._locks)
            if cells <= MOST_KEPT_CELLS:
                self._kept[number] = part
            return part

    def pipeline(self, estimator: Any) -> Pipeline:
        """Return the fitted pipeline of the final part that ends in a fitted ``estimator``."""
        from sklearn.pipeline import Pipeline

        # A copy, so that fitting one model's pipeline again leaves the others alone.
        steps = copy.deepcopy(self[FINAL].preparation.steps)
        return Pipeline([*steps, ("model", estimator)])

    def _prepared(self, number: int) -> Part:
        from sklearn.pipeline import Pipeline

        material, started = self.material, time.perf_counter()
        if number == FINAL:
            learn, answer = material.train_frame, material.test_frame
            learn_target, answer_target = material.train_target, material.test_target
        else:
            training, validation = material.folds[number]
            learn, answer = material.train_frame.iloc[training], material.train_frame.iloc[validation]
            target = material.train_target
            learn_target = None if target is None else target[training]
            answer_target = None if target is None else target[validation]
        preparation = Pipeline(make_pipeline(material, self.plan, None).steps[:-1])
        learned = preparation.fit_transform(learn, learn_target)
        return Part(
            preparation=preparation,
            learn=learned,
            learn_target=learn_target,
            answer=preparation.transform(answer),
            answer_target=answer_target,
            seconds=time.perf_counter() - started,
        )
