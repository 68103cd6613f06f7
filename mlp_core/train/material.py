"""What a training works on: rows, target, columns and folds, gathered before any model is fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlp_core.errors import CannotTrain
from mlp_core.evaluate import METRICS, Metric, metrics_of
from mlp_core.kinds import Kind
from mlp_core.task import LABELS as TASKS
from mlp_core.task import Task, task_of
from mlp_core.text import Text
from mlp_core.train.features import choose_features
from mlp_core.train.model import MODELS, models_of
from mlp_core.train.split import groups_to_keep, make_folds, split
from mlp_core.train.target import target_values, unlearned_notes

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlp_core.clean import Recipe
    from mlp_core.table import Table
    from mlp_core.train.plan import TrainingPlan

    Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class Material:
    """Everything that the models of one training share.

    Attributes
    ----------
    task : Task
        Chosen, or following from the target.
    metric : Metric
        What ranks the models.
    models : tuple of str
        The baseline first.
    train_frame, test_frame : DataFrame
        Raw rows with the columns that the pipeline needs.
    train_target, test_target : array of shape (n_rows,), optional
        Absent in clustering.
    classes : array of shape (n_classes,), optional
        Every class of the target, sorted, those without a training row too; only in classification.
    test_rows : array of shape (n_test_rows,)
        Positions of the held-out rows in the table, from 0.
    raw_kinds : mapping of str to Kind
        The kinds of the raw columns, in order.
    kinds : mapping of str to Kind
        The kinds of the features, as they leave the recipe.
    steps : tuple of dict
        The learning steps of the recipe.
    folds : tuple of (array, array)
        Training and validation positions among the training rows.
    left_out : mapping of str to Text
        Columns that are not learned from, and why.
    notes : tuple of Text
        What a person should know about rows and folds.
    """

    task: Task
    metric: Metric
    models: tuple[str, ...]
    train_frame: pd.DataFrame
    test_frame: pd.DataFrame
    train_target: Array | None
    test_target: Array | None
    classes: Array | None
    test_rows: Array
    raw_kinds: Mapping[str, Kind]
    kinds: Mapping[str, Kind]
    steps: tuple[dict[str, Any], ...]
    folds: tuple[tuple[Array, Array], ...]
    left_out: Mapping[str, Text]
    notes: tuple[Text, ...]


def gather(table: Table, plan: TrainingPlan, recipe: Recipe | None) -> Material:
    """Return what a plan works on: rows are dropped, then split, and only then is anything learned.

    Raises
    ------
    CannotTrain
        The target, the features or the split leave nothing to learn.
    NotApplicable, InvalidParameter
        A step of the recipe does not fit the table.
    """
    import numpy as np

    _refuse_unknown(table, plan, recipe)
    target = _target(table, plan, recipe)
    positions, notes = _rows(table, plan, recipe, target)
    frame = table.frame.iloc[positions]
    column = None if target is None else target.iloc[positions]
    task = Task(plan.task) if plan.task else _task(column, plan, recipe)
    _refuse_unfit(task, plan)
    values = None if column is None or task is Task.CLUSTERING else target_values(column, task)
    training, held_out = split(len(frame), groups_to_keep(frame, values, task, plan), plan)
    chosen = choose_features(table, frame, training, plan, recipe)
    folds, fold_notes = make_folds(None if values is None else values[training], len(training), task, plan)
    classes = None if values is None or task is not Task.CLASSIFICATION else np.unique(values)
    if values is not None and classes is not None:
        fold_notes = [*fold_notes, *unlearned_notes(values[training], classes, folds)]
    models, model_notes = _models(task, plan, len(training))
    _refuse_few_points(task, plan, models, folds)
    raw = frame[list(chosen.raw_kinds)]
    return Material(
        task=task,
        metric=METRICS[plan.metric]() if plan.metric else metrics_of(task)[0],
        models=models,
        train_frame=raw.iloc[training],
        test_frame=raw.iloc[held_out],
        train_target=None if values is None else values[training],
        test_target=None if values is None else values[held_out],
        classes=classes,
        test_rows=np.asarray(positions)[held_out],
        raw_kinds=chosen.raw_kinds,
        kinds=chosen.kinds,
        steps=chosen.steps,
        folds=tuple(folds),
        left_out=chosen.left_out,
        notes=(*notes, *fold_notes, *model_notes),
    )


def _refuse_unknown(table: Table, plan: TrainingPlan, recipe: Recipe | None) -> None:
    named = {*plan.features, plan.target} - {""}
    absent = sorted(named - set(table.kinds))
    brought = set(recipe.columns_left(table.frame)) if absent and recipe is not None else set()
    if plan.target in absent and plan.target in brought:
        raise CannotTrain(
            Text("The target {name} comes from another table.", name=plan.target),
            hint=Text("Make the table that holds it the main one, and join the other to it."),
        )
    absent = [name for name in absent if name not in brought]
    if absent:
        raise CannotTrain(
            Text("The table has no {count|column|columns} {names:list}.", count=len(absent), names=absent),
            hint=Text("Choose the target and the features again."),
        )


def _target(table: Table, plan: TrainingPlan, recipe: Recipe | None) -> pd.Series | None:
    """Return the column to be predicted, of shape (n_rows,), as the steps of the recipe correct it."""
    if not plan.target:
        return None
    column = table.frame[plan.target]
    return column if recipe is None else recipe.target(column)


def _task(column: pd.Series | None, plan: TrainingPlan, recipe: Recipe | None) -> Task:
    """Return the task that follows from the target; a person may have said that whole numbers measure."""
    settled = {} if recipe is None else recipe.decided()
    return Task.REGRESSION if settled.get(plan.target) is Kind.NUMBER else task_of(column)


def _rows(
    table: Table, plan: TrainingPlan, recipe: Recipe | None, target: pd.Series | None
) -> tuple[Array, list[Text]]:
    """Return the positions of the rows that take part, and what was lost on the way."""
    import numpy as np

    frame = table.frame
    kept = np.ones(len(frame), dtype=bool) if recipe is None else recipe.surviving_rows(frame).copy()
    notes = []
    if target is not None:
        known = target.notna().to_numpy()
        lost = int((kept & ~known).sum())
        kept &= known
        if lost:
            notes.append(
                Text(
                    "{rows:n} {rows|row|rows} without a value in the target {name} {rows|was|were} left out.",
                    rows=lost,
                    name=plan.target,
                )
            )
    positions = np.flatnonzero(kept)
    if len(positions) == 0:
        raise CannotTrain(
            Text("The target {name} is empty in every row.", name=plan.target)
            if plan.target and len(frame)
            else Text("The table has no rows."),
            hint=Text("Choose another target, or check which rows the steps remove."),
        )
    return positions, notes


def _refuse_unfit(task: Task, plan: TrainingPlan) -> None:
    if task is not Task.CLUSTERING and not plan.target:
        raise CannotTrain(
            Text("{task} needs a target.", task=TASKS[task]), hint=Text("Choose the column to predict.")
        )
    for id_ in plan.models:
        if task not in MODELS[id_].tasks:
            raise CannotTrain(
                Text("{model} does not do {task}.", model=MODELS.label(id_), task=TASKS[task]),
                hint=Text("Choose among: {models:list}.", models=[MODELS.label(i) for i in models_of(task)]),
            )
    if plan.metric and METRICS[plan.metric].task is not task:
        raise CannotTrain(
            Text("{metric} does not measure {task}.", metric=METRICS.label(plan.metric), task=TASKS[task]),
            hint=Text("Choose among: {metrics:list}.", metrics=[metric.label for metric in metrics_of(task)]),
        )


def _models(task: Task, plan: TrainingPlan, n_rows: int) -> tuple[tuple[str, ...], list[Text]]:
    """Return the ids of the models to train, the baseline first, and those left out for their slowness."""
    baselines = [id_ for id_ in models_of(task) if MODELS[id_].baseline]
    if plan.models:
        return tuple(dict.fromkeys([*baselines, *plan.models])), []
    slow = [id_ for id_ in models_of(task) if n_rows > (MODELS[id_].most_rows or n_rows)]
    notes = []
    if slow:
        notes.append(
            Text(
                "Too slow for {rows:n} rows unless you choose {count|it|them}: {models:list}.",
                rows=n_rows,
                count=len(slow),
                models=[MODELS.label(id_) for id_ in slow],
            )
        )
    return tuple(id_ for id_ in models_of(task) if id_ not in slow), notes


def _refuse_few_points(
    task: Task, plan: TrainingPlan, models: tuple[str, ...], folds: list[tuple[Array, Array]]
) -> None:
    """Refuse more groups than a fold has training rows."""
    if task is not Task.CLUSTERING:
        return
    fewest = min(len(training) for training, _ in folds)
    most = max(int(getattr(plan.model(id_), "clusters", 0)) for id_ in models)
    if most > fewest:
        raise CannotTrain(
            Text("{groups:n} groups are more than the {rows:n} rows of a fold.", groups=most, rows=fewest),
            hint=Text("Ask for fewer groups, or use more rows."),
        )
