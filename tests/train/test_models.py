"""The contract of every model of the catalogue: it learns, answers, and comes back whole from a safe file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlp_core import params
from mlp_core.registry import help_of
from mlp_core.table import Table
from mlp_core.task import Task
from mlp_core.train import MODELS, Row, TrainingPlan, models_of, safe, train

from .conftest import FEATURES

TARGETS = {Task.CLASSIFICATION: "grade", Task.REGRESSION: "price", Task.CLUSTERING: ""}
EVERY = [(id_, task) for task in Task for id_ in models_of(task)]


@pytest.fixture(scope="module")
def rows(mixed: Table) -> dict[tuple[str, Task], Row]:
    """Train every model once on every task that it can do, and binary classification besides."""
    found = {}
    for task, target in TARGETS.items():
        plan = TrainingPlan(
            target=target,
            features=FEATURES,
            folds=2,
            settings={"forest": {"trees": 10}, "hist_boosting": {"rounds": 10}},
        )
        for row in train(mixed, plan).rows:
            found[row.model, task] = row
    return found


@pytest.mark.parametrize("id_", MODELS.ids())
def test_a_model_is_explained_and_its_settings_are_declared(id_: str) -> None:
    cls = MODELS[id_]
    assert help_of(cls).render("fr") != help_of(cls).render("en")
    assert cls.tasks
    for name, rule in params.declared(cls).items():
        assert params.check(name, rule, params.defaults(cls)[name]) == params.defaults(cls)[name]
        assert rule.label.render("fr")


@pytest.mark.parametrize(("id_", "task"), EVERY)
def test_a_model_learns_and_scores_every_row(
    rows: dict[tuple[str, Task], Row], mixed: Table, id_: str, task: Task
) -> None:
    row = rows[id_, task]
    assert row.failure is None
    answers = row.pipeline.predict(mixed.frame)
    assert len(answers) == len(mixed.frame)
    if task is Task.CLASSIFICATION:
        chances = row.pipeline.predict_proba(mixed.frame)
        assert chances.shape == (len(mixed.frame), 3)
        assert chances.sum(axis=1) == pytest.approx(np.ones(len(chances)))
        assert set(answers) <= {"0", "1", "2"}


@pytest.mark.parametrize(("id_", "task"), EVERY)
def test_a_model_answers_the_same_once_it_is_saved_and_opened(
    rows: dict[tuple[str, Task], Row], mixed: Table, tmp_path: Path, id_: str, task: Task
) -> None:
    pipeline = rows[id_, task].pipeline
    safe.dump(pipeline, tmp_path / "model.skops")
    opened = safe.load(tmp_path / "model.skops")
    raw = mixed.frame.drop(columns=["price", "grade"])
    assert opened.predict(raw).tolist() == pipeline.predict(raw).tolist()
    if task is Task.CLASSIFICATION:
        assert (opened.predict_proba(raw) == pipeline.predict_proba(raw)).all()


@pytest.mark.parametrize(("id_", "task"), EVERY)
def test_a_model_works_in_one_thread_and_from_its_seed(id_: str, task: Task) -> None:
    estimator = TrainingPlan().model(id_).build(task, seed=7, n_rows=100)
    settings = estimator.get_params()
    assert all(value in (1, None) for name, value in settings.items() if name.split("__")[-1] == "n_jobs")
    seeds = [value for name, value in settings.items() if name.split("__")[-1] == "random_state"]
    assert all(seed in (7, None) for seed in seeds)


@pytest.mark.parametrize("n_rows", [100, 50_000])
def test_a_network_stops_early_on_many_rows_only(n_rows: int) -> None:
    network = TrainingPlan().model("mlp").build(Task.CLASSIFICATION, seed=0, n_rows=n_rows)
    assert network.early_stopping is (n_rows > 10_000)


def test_the_network_for_many_rows_learns_and_is_saved_too(mixed: Table, tmp_path: Path) -> None:
    from sklearn.base import clone

    board = train(mixed, TrainingPlan(target="grade", features=FEATURES, models=("dummy",)))
    pipeline = clone(board.best.pipeline)
    network = TrainingPlan(settings={"mlp": {"iterations": 20}}).model("mlp")
    pipeline.steps[-1] = ("model", network.build(Task.CLASSIFICATION, seed=0, n_rows=50_000))
    pipeline.set_params(model__tol=1.0)
    pipeline.fit(mixed.frame, mixed.frame["grade"].astype(object))
    safe.dump(pipeline, tmp_path / "model.skops")
    assert (safe.load(tmp_path / "model.skops").predict(mixed.frame) == pipeline.predict(mixed.frame)).all()


@pytest.mark.parametrize("scaling", ["standard", "minmax", "robust", "none"])
@pytest.mark.parametrize("encoding", ["onehot", "ordinal"])
def test_every_preparation_learns_and_is_saved(
    mixed: Table, tmp_path: Path, scaling: str, encoding: str
) -> None:
    plan = TrainingPlan(target="sold", models=("tree",), scaling=scaling, encoding=encoding, folds=2)
    pipeline = train(mixed, plan).row("tree").pipeline
    safe.dump(pipeline, tmp_path / "model.skops")
    unseen = mixed.frame.head(5).assign(colour="violet")
    opened = safe.load(tmp_path / "model.skops")
    assert opened.predict(unseen).tolist() == pipeline.predict(unseen).tolist()


def test_more_neighbours_than_rows_are_as_many_as_there_are(mixed: Table) -> None:
    plan = TrainingPlan(target="price", models=("knn",), settings={"knn": {"neighbours": 200}})
    assert train(mixed, plan).row("knn").failure is None
