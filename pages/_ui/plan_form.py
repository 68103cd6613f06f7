"""The form of a training plan: what to predict, from what, with which models, and how it is judged."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mlp_core import params
from mlp_core.errors import MLPError
from mlp_core.kinds import Kind
from mlp_core.project import Project
from mlp_core.table import Table
from mlp_core.task import LABELS as TASKS
from mlp_core.task import Task, task_of
from mlp_core.train import MODELS, TrainingPlan
from pages._ui import forms
from pages._ui.i18n import md, named, t


def draw(project: Project, table: Table) -> TrainingPlan:
    """Draw the form, begun from the project's last plan, and return the plan that stands in it."""
    saved = _saved(project)
    left, right = st.columns([1, 1], gap="large")
    with left:
        target = _target(saved, table)
        task = _task(saved, table, target)
        features = _features(saved, table, target)
    with right:
        models = _models(saved, task)
        folds = st.slider(
            t("Folds of the cross-validation"),
            2,
            10,
            saved.folds,
            key="train.folds",
            help=t(
                "The training rows are cut in so many parts; each part is predicted once by models "
                "fitted on the others."
            ),
        )
    with st.expander(t("Split, scaling, encoding and models in detail"), icon=":material/tune:"):
        details = _details(saved, table, target, task)
        settings = _settings(saved, models)
    return TrainingPlan(
        target=target or "",
        task=task.value,
        features=features,
        models=models,
        folds=folds,
        settings=settings,
        **details,
    )


def _saved(project: Project) -> TrainingPlan:
    if project.plan is None:
        return TrainingPlan()
    try:
        return TrainingPlan.from_json(project.plan)
    except MLPError:
        return TrainingPlan()


def _target(saved: TrainingPlan, table: Table) -> str | None:
    columns = [name for name, kind in table.kinds.items() if kind not in (Kind.EMPTY, Kind.DATETIME)]
    if saved.target and saved.target not in table.kinds:
        st.warning(
            md("A cleaning step drops the target, {name}.", name=saved.target), icon=":material/warning:"
        )
    return st.selectbox(
        t("What to predict (the target)"),
        columns,
        columns.index(saved.target) if saved.target in columns else None,
        key=f"train.target.{table.fingerprint}",
        placeholder=t("Nothing: find groups"),
        help=t("Leave it empty to find groups of similar rows instead."),
    )


def _task(saved: TrainingPlan, table: Table, target: str | None) -> Task:
    if target is None:
        st.caption(t("Without a target, Pythie looks for groups: clustering."))
        return Task.CLUSTERING
    follows = task_of(table.frame[target])
    options = [Task.CLASSIFICATION, Task.REGRESSION]
    numeric = table.kinds[target] in (Kind.NUMBER, Kind.INTEGER)
    start = Task(saved.task) if saved.target == target and saved.task in options else follows
    chosen = st.segmented_control(
        t("Task"),
        options if numeric else [Task.CLASSIFICATION],
        default=start if numeric else Task.CLASSIFICATION,
        required=True,
        format_func=named(TASKS),
        key=f"train.task.{target}",
        help=t("It follows from the target; you can change it."),
    )
    return Task(chosen)


def _features(saved: TrainingPlan, table: Table, target: str | None) -> tuple[str, ...]:
    columns = [name for name in table.kinds if name != target]
    return tuple(
        st.multiselect(
            t("Predict from (the features)"),
            columns,
            [name for name in saved.features if name in columns],
            key=f"train.features.{table.fingerprint}.{target}",
            placeholder=t("All columns but the target"),
        )
    )


def _models(saved: TrainingPlan, task: Task) -> tuple[str, ...]:
    fitting = [model.id for model in MODELS if task in model.tasks and model.id != "dummy"]
    start = [id_ for id_ in saved.models if id_ in fitting] or fitting
    return tuple(
        st.pills(
            t("Models (the baseline is always there)"),
            fitting,
            selection_mode="multi",
            default=start,
            format_func=named({id_: MODELS.label(id_) for id_ in fitting}),
            key=f"train.models.{task}",
            wrap=True,
        )
    )


def _details(saved: TrainingPlan, table: Table, target: str | None, task: Task) -> dict[str, Any]:
    rules, values = params.declared(TrainingPlan), {}
    left, right = st.columns(2, gap="large")
    with left:
        values["test_share"] = (
            st.slider(
                t("Share of rows set aside for the test"),
                5,
                50,
                round(saved.test_share * 100),
                format="%d %%",
                key="train.test_share",
            )
            / 100
        )
        values["stratify"] = _stratify(saved, table, target, task)
        values["seed"] = int(
            st.number_input(
                t("Seed"),
                0,
                2**31 - 1,
                saved.seed,
                key="train.seed",
                help=t("Same seed, same numbers, to the last digit."),
            )
        )
    with right:
        for name in ("scaling", "encoding"):
            values[name] = forms.control(rules[name], getattr(saved, name), table, f"train.{name}")
    return values


def _stratify(saved: TrainingPlan, table: Table, target: str | None, task: Task) -> bool | str:
    columns = [
        name
        for name in table.columns(Kind.CATEGORY, Kind.BOOLEAN, Kind.INTEGER)
        if name != target and table.frame[name].nunique() <= 20
    ]
    classes = task is Task.CLASSIFICATION
    options: list[bool | str] = [True, *([False] if classes else []), *columns]
    start = saved.stratify if saved.stratify in options else options[0]
    at_random = t("No: rows at random")
    names: dict[bool | str, str] = {True: t("By the target") if classes else at_random, False: at_random}
    names |= {name: t("By {column}", column=name) for name in columns}
    return st.selectbox(
        t("Same shares in training and test rows"),
        options,
        options.index(start),
        format_func=named(names),
        key=f"train.stratify.{task}.{target}",
    )


def _settings(saved: TrainingPlan, models: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    settings = {}
    with st.container(horizontal=True, gap="small"):
        for id_ in models:
            if params.declared(MODELS[id_]):
                values = _model_settings(saved, id_)
                changed = {k: v for k, v in values.items() if v != params.defaults(MODELS[id_])[k]}
                settings |= {id_: changed} if changed else {}
    return settings


def _model_settings(saved: TrainingPlan, id_: str) -> dict[str, Any]:
    with st.popover(t(MODELS.label(id_)), icon=":material/settings:"):
        st.caption(t(MODELS.help(id_)))
        return forms.draw(MODELS[id_], None, key=f"train.model.{id_}", current=saved.settings.get(id_))
