"""What is deleted is gone: its numbers, its files and its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlp_core.track import MlflowTracker
from mlp_core.track.forget import experiment_names, forget, forget_apart
from mlp_core.track.records import RunRecord

WORD = "planted-column-name"


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    return tmp_path_factory.mktemp("templates")


def logged(tmp_path: Path, templates: Path, experiment: str, word: str) -> MlflowTracker:
    tracker = MlflowTracker(uri_of(tmp_path), tmp_path / "files", experiment, templates=templates)
    record = RunRecord(
        name="forest", params={"target": word}, metrics={"rmse": 1.0}, documents={"plan": {"target": word}}
    )
    tracker.log(record)
    return tracker


def uri_of(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'mlflow.db'}"


def holds(folder: Path, word: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if word.encode() in path.read_bytes()]


def test_a_forgotten_experiment_leaves_no_word_and_the_others_stay(tmp_path, templates):
    logged(tmp_path, templates, "a" * 32, WORD)
    kept = logged(tmp_path, templates, "b" * 32, "another")
    assert holds(tmp_path, WORD)

    forget(uri_of(tmp_path), ["a" * 32, "never-there"])

    assert holds(tmp_path, WORD) == []
    assert "a" * 32 not in experiment_names(uri_of(tmp_path))
    (run,) = kept.runs()
    assert (run.params["target"], run.files) == ("another", ("plan.json",))


@pytest.mark.slow
def test_another_process_does_it(tmp_path, templates):
    logged(tmp_path, templates, "a" * 32, WORD)
    assert forget_apart(uri_of(tmp_path), ["a" * 32])
    assert holds(tmp_path, WORD) == []


@pytest.mark.parametrize("uri", ["https://mlflow.example", "sqlite:////nowhere/mlflow.db"])
def test_where_there_is_no_store_there_are_no_experiments(uri):
    assert experiment_names(uri) == []
