"""Progress, stopping with what is done, models that fail, and notes: what a person sees of a training."""

from __future__ import annotations

import sys
import threading
import warnings
from typing import Any

import pytest

from mlp_core.errors import CannotTrain, NotApplicable
from mlp_core.table import Table
from mlp_core.task import Task
from mlp_core.train import MODELS, Progress, TrainingPlan, train

from .conftest import FEATURES

PLAN = {"target": "sold", "features": FEATURES, "folds": 3, "models": ("logistic", "tree")}


def test_the_baseline_always_comes_along_and_the_best_comes_first(mixed: Table) -> None:
    board = train(mixed, TrainingPlan(**PLAN))
    assert {row.model for row in board.rows} == {"dummy", "logistic", "tree"}
    means = [row.cv["roc_auc"].mean for row in board.rows]
    assert means == sorted(means, reverse=True)
    assert board.best is board.rows[0]
    assert board.baseline is not None
    assert board.row(board.rows[1].run_id) is board.rows[1]
    with pytest.raises(NotApplicable):
        board.row("nobody")


def test_a_metric_that_should_be_small_ranks_upwards(mixed: Table) -> None:
    board = train(mixed, TrainingPlan(**{**PLAN, "metric": "log_loss"}))
    means = [row.cv["log_loss"].mean for row in board.rows]
    assert means == sorted(means)


def test_a_board_says_where_its_numbers_come_from(mixed: Table) -> None:
    board = train(mixed, TrainingPlan(**PLAN))
    assert board.fingerprint == mixed.fingerprint
    assert {"python", "scikit-learn", "numpy", "pandas"} <= board.versions.keys()
    assert board.plan == TrainingPlan(**PLAN)
    assert all(row.seconds > 0 for row in board.rows)
    assert board.task is Task.CLASSIFICATION


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_rises_to_the_end_and_tells_each_model(mixed: Table, workers: int) -> None:
    seen: list[Progress] = []
    here = threading.get_ident()

    def watch(progress: Progress) -> None:
        assert threading.get_ident() == here
        seen.append(progress)

    train(mixed, TrainingPlan(**PLAN, workers=workers), on_progress=watch)
    shares = [progress.share for progress in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(seen) == 3 * 4 + 1
    assert seen[-1].done == {"dummy": 1, "logistic": 1, "tree": 1}
    assert any(progress.seconds_left is not None for progress in seen[:-1])
    assert all(progress.message.render("fr") for progress in seen)


def test_stopping_keeps_the_models_that_are_finished(mixed: Table) -> None:
    done: list[Progress] = []
    board = train(mixed, TrainingPlan(**PLAN), on_progress=done.append, should_stop=lambda: len(done) >= 9)
    assert {row.model for row in board.rows} == {"dummy", "logistic"}
    assert any("stopped early; not finished: Decision tree" in str(note) for note in board.notes)


def test_stopping_before_anything_is_finished_is_a_sentence(mixed: Table) -> None:
    with pytest.raises(CannotTrain, match="stopped before"):
        train(mixed, TrainingPlan(**PLAN), should_stop=lambda: True)


def test_a_model_that_fails_does_not_cost_the_others_their_results(
    mixed: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    cls = MODELS["tree"]

    def build(self: object, task: Task, *, seed: int, n_rows: int) -> Any:
        raise ValueError("the sky fell\nin many lines")

    monkeypatch.setattr(cls, "build", build)
    board = train(mixed, TrainingPlan(**PLAN))
    failed = board.rows[-1]
    assert failed.model == "tree"
    assert str(failed.failure) == "Decision tree could not be trained: the sky fell"
    assert [row.failure for row in board.rows[:-1]] == [None, None]
    with pytest.raises(NotApplicable, match="the sky fell"):
        failed.pipeline  # noqa: B018
    assert board.best.model == "logistic"


def test_a_board_without_any_model_has_no_best(mixed: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(self: object, task: Task, *, seed: int, n_rows: int) -> Any:
        raise ValueError("no")

    monkeypatch.setattr(MODELS["dummy"], "build", build)
    board = train(mixed, TrainingPlan(**{**PLAN, "models": ("dummy",)}))
    with pytest.raises(NotApplicable):
        board.best  # noqa: B018


@pytest.mark.parametrize("workers", [1, 2])
def test_a_warning_of_a_fit_becomes_a_note_of_its_row_and_is_never_shown(
    mixed: Table, workers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"logistic": {"iterations": 50, "strength": 1e4}, "sgd": {"passes": 5}}
    plan = TrainingPlan(**{**PLAN, "models": ("sgd", "tree"), "settings": settings, "workers": workers})
    showing = warnings.showwarning
    board = train(mixed, plan)
    assert [str(note) for note in board.row("sgd").notes] == [
        "It stopped before it had settled; more iterations may improve it."
    ]
    assert board.row("tree").notes == ()
    assert warnings.showwarning is showing
    assert capsys.readouterr() == ("", "")


def test_columns_that_tell_nothing_are_said_to_tell_nothing() -> None:
    import numpy as np
    import pandas as pd

    generator = np.random.default_rng(0)
    frame = pd.DataFrame({"x": generator.normal(size=80), "y": ["a", "b"] * 40})
    found = Table.of(frame, name="noise")
    board = train(found, TrainingPlan(target="y", models=("tree",), metric="log_loss"))
    assert board.best.model == "dummy"
    assert any("No model does better than the baseline" in str(note) for note in board.notes)


def test_groups_are_found_without_a_target(mixed: Table) -> None:
    board = train(mixed, TrainingPlan(features=FEATURES, settings={"kmeans": {"clusters": 4}}))
    assert board.task is Task.CLUSTERING
    assert board.best.model == "kmeans"
    assert set(board.best.holdout["predicted"]) <= {0, 1, 2, 3}
    assert "observed" not in board.best.holdout
    assert board.baseline is not None
    assert board.baseline.cv["silhouette"].high < board.best.cv["silhouette"].low


def test_slow_models_stay_away_from_many_rows_unless_they_are_chosen(
    mixed: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODELS["knn"], "most_rows", 50)
    quick = {"forest": {"trees": 10}, "hist_boosting": {"rounds": 10}}
    board = train(mixed, TrainingPlan(target="price", features=FEATURES, folds=2, settings=quick))
    assert "knn" not in {row.model for row in board.rows}
    assert any("k-nearest neighbours" in str(note) for note in board.notes)
    chosen = train(mixed, TrainingPlan(target="price", features=FEATURES, folds=2, models=("knn",)))
    assert chosen.row("knn").failure is None


def test_the_catalogue_is_read_without_scikit_learn() -> None:
    import subprocess

    code = (
        "import sys, mlp_core.train, mlp_core.predict, mlp_core.track, mlp_core.evaluate\n"
        "heavy = {'sklearn', 'pandas', 'numpy', 'mlflow', 'scipy'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
