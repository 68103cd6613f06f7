"""Training: every model on every fold and once on all training rows, then a leaderboard.

Fits run side by side in threads, each fit alone in one, so that the numbers do not depend on how many run.
"""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlp_core import params
from mlp_core.errors import CannotTrain
from mlp_core.evaluate import METRICS, over_folds
from mlp_core.text import Text
from mlp_core.train.fitting import Fit, Warnings, fit
from mlp_core.train.folds import FINAL, Parts
from mlp_core.train.keeper import InMemory
from mlp_core.train.leaderboard import Leaderboard, Row, ranked
from mlp_core.train.material import Material, gather
from mlp_core.train.model import MODELS
from mlp_core.train.progress import Meter, Progress

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.clean import Recipe
    from mlp_core.table import Table
    from mlp_core.track import Tracker
    from mlp_core.train.plan import TrainingPlan

FITS_SHARE = 0.85
"""How far the fits take the progress where runs are tracked after them."""


def train(
    table: Table,
    plan: TrainingPlan,
    recipe: Recipe | None = None,
    tracker: Tracker | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Leaderboard:
    """Train the models of ``plan`` and return them best first.

    Parameters
    ----------
    table : Table
        Raw rows, as they stood in the file.
    plan : TrainingPlan
        Target, features, split, preparation and models.
    recipe : Recipe, optional
        Its rows are dropped before the split, its values learned in each fold; None means no step.
    tracker : Tracker, optional
        Each model becomes a run; where tracking fails the result is kept and a note says so.
    on_progress : callable, optional
        Called in this thread after each fit.
    should_stop : callable, optional
        Asked before each fit; once it says yes, the models that are finished make the board.

    Raises
    ------
    CannotTrain
        The target, the features or the split leave nothing to learn, or no model was finished.
    NotApplicable, InvalidParameter
        A step of the recipe does not fit the table.
    """
    started = time.perf_counter()
    material = gather(table, plan, recipe)
    report = on_progress or (lambda progress: None)
    meter = Meter(material.models, len(material.folds) + 1, 1.0 if tracker is None else FITS_SHARE)
    fits, stopped = _all_fits(material, plan, meter, report, should_stop or (lambda: False))
    rows, unfinished = _rows(material, plan, fits)
    if not rows:
        raise CannotTrain(
            Text("The training was stopped before its first model was finished."),
            hint=Text("Train again, with fewer models or folds."),
        )
    board = Leaderboard(
        rows=ranked(rows, material.metric),
        task=material.task,
        metric=material.metric.id,
        plan=plan,
        recipe=[] if recipe is None else recipe.to_json(),
        left_out=material.left_out,
        table=table.name,
        fingerprint=table.fingerprint,
        versions=versions(),
        training_rows=len(material.train_frame),
        test_rows=len(material.test_frame),
    )
    notes = (*material.notes, *_stop_notes(stopped, unfinished), *_baseline_notes(board))
    board = dataclasses.replace(board, notes=notes)
    if tracker is not None:
        from mlp_core.train.tracking import tracked

        board = tracked(board, material, tracker, report, FITS_SHARE)
    report(
        Progress(share=1.0, message=Text("Done"), seconds_left=0.0, done=dict.fromkeys(material.models, 1.0))
    )
    return dataclasses.replace(board, seconds=time.perf_counter() - started)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that numbers depend on."""
    import platform
    from importlib import metadata

    names = ("numpy", "pandas", "scikit-learn", "scipy")
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in names}}


def _all_fits(
    material: Material,
    plan: TrainingPlan,
    meter: Meter,
    report: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> tuple[dict[tuple[str, int], Fit], bool]:
    """Return the fits by model and part, and whether they were cut short."""
    from joblib import Parallel, delayed
    from threadpoolctl import threadpool_limits

    parts, caught = Parts(material, plan), Warnings()
    wanted = [(id_, number) for id_ in material.models for number in (*range(len(material.folds)), FINAL)]

    def one(model: str, number: int) -> Fit | None:
        return None if should_stop() else fit(parts, model, number, caught)

    fits: dict[tuple[str, int], Fit] = {}
    with threadpool_limits(limits=1), caught.kept():
        pool = Parallel(n_jobs=plan.workers, backend="threading", return_as="generator_unordered")
        for done in pool(delayed(one)(model, number) for model, number in wanted):
            if done is not None:
                fits[done.model, done.part] = done
                report(meter.finished(done.model))
    return fits, len(fits) < len(wanted)


def _rows(
    material: Material, plan: TrainingPlan, fits: dict[tuple[str, int], Fit]
) -> tuple[list[Row], list[str]]:
    """Return a row per model whose fits are all there, and the ids of the others."""
    rows, unfinished = [], []
    for id_ in material.models:
        numbers = (*range(len(material.folds)), FINAL)
        done = [fits[id_, number] for number in numbers if (id_, number) in fits]
        failure = next((each.failure for each in done if each.failure is not None), None)
        if failure is not None:
            rows.append(Row(model=id_, settings=params.values(plan.model(id_)), failure=failure))
        elif len(done) == len(numbers):
            rows.append(_row(material, plan, done[:-1], done[-1]))
        else:
            unfinished.append(id_)
    return rows, unfinished


def _row(material: Material, plan: TrainingPlan, folds: list[Fit], final: Fit) -> Row:
    assert final.pipeline is not None
    ratio = 1 / (len(folds) - 1)
    notes = dict.fromkeys(note for each in (*folds, final) for note in each.notes)
    return Row(
        model=final.model,
        settings=params.values(plan.model(final.model)),
        cv={
            id_: over_folds([each.scores[id_] for each in folds], ratio, METRICS[id_].bounds)
            for id_ in final.scores
        },
        test=final.test,
        training=final.training,
        seconds=final.seconds,
        run_id=uuid.uuid4().hex,
        curve=final.curve,
        notes=tuple(notes),
        keeper=InMemory(final.pipeline, _holdout(material, final), final.evaluation),
    )


def _holdout(material: Material, final: Fit) -> pd.DataFrame:
    """Return the held-out rows as people read them."""
    import pandas as pd

    outcome = final.outcome
    assert outcome is not None
    columns: dict[str, Any] = {"row": material.test_rows + 1}
    if outcome.observed is not None:
        columns["observed"] = outcome.observed
    columns["predicted"] = outcome.predicted
    if outcome.classes is not None:
        for position, name in enumerate(outcome.classes):
            columns[f"probability {name}"] = outcome.chances[:, position]
    return pd.DataFrame(columns)


def _stop_notes(stopped: bool, unfinished: list[str]) -> list[Text]:
    if not stopped:
        return []
    names = [MODELS.label(id_) for id_ in unfinished]
    return [Text("The training was stopped early; not finished: {models:list}.", models=names)]


def _baseline_notes(board: Leaderboard) -> list[Text]:
    """Say plainly when nothing does better than not looking."""
    others = [row for row in board.rows if row is not board.baseline and row.failure is None]
    if not others or board.rows[0] is not board.baseline:
        return []
    return [
        Text(
            "No model does better than the baseline, which does not look at the features: nothing was "
            "learned that helps to predict."
        )
    ]
