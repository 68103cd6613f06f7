"""One fit: a model on one part of the rows, scored, with its warnings kept as notes."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlp_core.evaluate import Interval, Outcome, evaluation_of, metrics_of
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train.folds import FINAL, Parts
from mlp_core.train.model import MODELS

if TYPE_CHECKING:
    import numpy as np
    from sklearn.pipeline import Pipeline

    Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What came of one model on one part.

    Attributes
    ----------
    model : str
        Id of the catalogue.
    part : int
        Number of the fold, from 0, or ``FINAL``.
    scores : mapping of str to float
        By metric, on the rows that were not learned from.
    training : mapping of str to float
        By metric, on the rows that were learned from; only of the final fit.
    test : mapping of str to Interval
        By metric, on the held-out rows; only of the final fit.
    curve : tuple of float
        The loss after each pass, where the model tells it; only of the final fit.
    failure : Text or None
        Why there are no scores.
    """

    model: str
    part: int
    seconds: float = 0.0
    scores: Mapping[str, float] = field(default_factory=dict)
    training: Mapping[str, float] = field(default_factory=dict)
    test: Mapping[str, Interval] = field(default_factory=dict)
    curve: tuple[float, ...] = ()
    pipeline: Pipeline | None = None
    outcome: Outcome | None = None
    evaluation: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    failure: Text | None = None


class Warnings:
    """The warnings of each thread, kept apart.

    ``warnings.catch_warnings`` changes the whole process, so it is entered once around all fits, and each
    fit takes what its own thread has met.
    """

    def __init__(self) -> None:
        self._met = threading.local()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep every warning of the block instead of showing it."""
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = self._keep
            yield

    def take(self) -> tuple[Text, ...]:
        """Return what this thread has met since it last asked, as sentences."""
        met = list(dict.fromkeys(getattr(self._met, "texts", ())))
        self._met.texts = []
        return tuple(met)

    def _keep(self, message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
        from sklearn.exceptions import ConvergenceWarning

        if not hasattr(self._met, "texts"):
            self._met.texts = []
        if issubclass(category, ConvergenceWarning):
            self._met.texts.append(Text("It stopped before it had settled; more iterations may improve it."))
        elif not issubclass(category, (DeprecationWarning, FutureWarning, ResourceWarning)):
            first = (str(message).strip().splitlines() or [category.__name__])[0]
            self._met.texts.append(Text("The library warned: {message}", message=first))


def fit(parts: Parts, model: str, number: int, caught: Warnings) -> Fit:
    """Fit one model on one part and score it; a model that fails says so instead of raising."""
    from threadpoolctl import threadpool_limits

    caught.take()
    # OpenMP counts threads per thread, so the limit is set again in each; see also the one around all.
    with threadpool_limits(limits=1):
        try:
            done = _fitted(parts, model, number)
        # Whatever a library raises on a strange table must not cost the other models their results.
        except Exception as error:
            caught.take()
            return Fit(model=model, part=number, failure=_failure(model, error))
    return Fit(**{**done, "notes": caught.take()})


def _fitted(parts: Parts, model: str, number: int) -> dict[str, Any]:
    part, task = parts[number], parts.material.task
    started = time.perf_counter()
    built = parts.plan.model(model).build(task, seed=parts.plan.seed, n_rows=len(part.learn))
    estimator = built.fit(part.learn, part.learn_target)
    seconds = part.seconds + time.perf_counter() - started
    outcome = answers(estimator, part.answer, part.answer_target, parts.material.classes, task)
    done: dict[str, Any] = {"model": model, "part": number, "seconds": seconds}
    if number != FINAL:
        return {**done, "scores": _scores(outcome)}
    learned = answers(estimator, part.learn, part.learn_target, parts.material.classes, task)
    test = {metric.id: metric.interval(outcome) for metric in metrics_of(task)}
    return {
        **done,
        "scores": {id_: interval.value for id_, interval in test.items()},
        "training": _scores(learned),
        "test": test,
        "curve": _curve(estimator),
        "pipeline": parts.pipeline(estimator),
        "outcome": outcome,
        "evaluation": evaluation_of(outcome, parts.plan.target),
    }


def answers(estimator: Any, rows: Array, target: Array | None, classes: Array | None, task: Task) -> Outcome:
    """Return what a fitted estimator answers on prepared rows, with a probability for every class."""
    import numpy as np

    predicted = np.asarray(estimator.predict(rows))
    if task is Task.CLUSTERING:
        return Outcome(task=task, predicted=predicted, points=rows)
    if task is Task.REGRESSION:
        _refuse_nonsense(predicted)
        return Outcome(task=task, predicted=predicted, observed=target)
    assert classes is not None
    given = estimator.predict_proba(rows)
    _refuse_nonsense(given)
    chances = np.zeros((len(rows), len(classes)))
    chances[:, np.searchsorted(classes, estimator.classes_)] = given
    return Outcome(task=task, predicted=predicted, observed=target, probabilities=chances, classes=classes)


def _refuse_nonsense(values: Array) -> None:
    import numpy as np

    if not np.isfinite(values).all():
        raise FloatingPointError("its numbers grew without bound")


def _scores(outcome: Outcome) -> dict[str, float]:
    return {metric.id: metric.score(outcome) for metric in metrics_of(outcome.task)}


def _curve(estimator: Any) -> tuple[float, ...]:
    inner = getattr(estimator, "regressor_", estimator)
    return tuple(float(loss) for loss in getattr(inner, "loss_curve_", ()))


def _failure(model: str, error: Exception) -> Text:
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return Text("{model} could not be trained: {reason}", model=MODELS.label(model), reason=first)
