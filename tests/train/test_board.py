"""A board comes back from disk as it was, appears whole or not at all, and is opened with care."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlp_core.clean import FillMissing, Recipe
from mlp_core.errors import StorageError
from mlp_core.table import Table
from mlp_core.train import Leaderboard, TrainingPlan, train
from mlp_core.train import keeper as keepers

from .conftest import FEATURES


@pytest.fixture(scope="module")
def board(mixed: Table) -> Leaderboard:
    plan = TrainingPlan(target="grade", features=(*FEATURES, "notes"), folds=3, models=("tree", "logistic"))
    return train(mixed, plan, recipe=Recipe([FillMissing(columns=("size",), how="median")]))


def test_a_board_comes_back_as_it_was(board: Leaderboard, mixed: Table, tmp_path: Path) -> None:
    board.save(tmp_path / "boards" / "one")
    again = Leaderboard.load(tmp_path / "boards" / "one")
    assert again == board
    for row in board.rows:
        opened = again.row(row.model)
        assert opened.pipeline.predict(mixed.frame).tolist() == row.pipeline.predict(mixed.frame).tolist()
        assert opened.holdout.equals(row.holdout)
        assert opened.evaluation == row.evaluation


def test_a_board_is_laid_out_as_promised_and_nothing_else_stays(board: Leaderboard, tmp_path: Path) -> None:
    board.save(tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    run = tmp_path / "one" / "runs" / "tree"
    names = {"model.skops", "model.joblib", "holdout.parquet", "evaluation.json"}
    assert {path.name for path in run.iterdir()} == names


def test_saving_again_replaces_the_board(board: Leaderboard, tmp_path: Path) -> None:
    board.save(tmp_path / "one")
    board.save(tmp_path / "one")
    assert Leaderboard.load(tmp_path / "one") == board


def test_a_board_that_cannot_be_written_leaves_nothing_behind(
    board: Leaderboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keepers.InMemory, "holdout", full)
    with pytest.raises(StorageError, match="disk of this server is full"):
        board.save(tmp_path / "one")
    assert list(tmp_path.iterdir()) == []


def test_models_are_read_only_when_they_are_asked_for(board: Leaderboard, tmp_path: Path) -> None:
    board.save(tmp_path / "one")
    for path in (tmp_path / "one").rglob("model.*"):
        path.unlink()
    opened = Leaderboard.load(tmp_path / "one")
    assert len(opened.best.holdout) == opened.test_rows
    with pytest.raises(StorageError, match="not there any more"):
        opened.best.pipeline  # noqa: B018


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"rows": 3}', '{"version": 1, "rows": [{"model": "x"}]}']
)
def test_a_damaged_board_is_a_sentence(tmp_path: Path, content: str) -> None:
    with pytest.raises(StorageError):
        Leaderboard.load(tmp_path)
    (tmp_path / "board.json").write_text(content)
    with pytest.raises(StorageError):
        Leaderboard.load(tmp_path)


def test_a_name_in_a_board_never_becomes_a_path(board: Leaderboard, tmp_path: Path) -> None:
    board.save(tmp_path / "one")
    path = tmp_path / "one" / "board.json"
    data = json.loads(path.read_text())
    data["rows"][0]["model"] = "../../elsewhere"
    path.write_text(json.dumps(data))
    with pytest.raises(StorageError):
        Leaderboard.load(tmp_path / "one")


def test_a_board_of_a_newer_version_says_so(board: Leaderboard, tmp_path: Path) -> None:
    board.save(tmp_path / "one")
    path = tmp_path / "one" / "board.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 99}))
    with pytest.raises(StorageError, match="newer version"):
        Leaderboard.load(tmp_path / "one")


def test_damaged_answers_are_a_sentence(board: Leaderboard, tmp_path: Path) -> None:
    board.save(tmp_path / "one")
    for name in ("holdout.parquet", "evaluation.json"):
        for path in (tmp_path / "one").rglob(name):
            path.write_bytes(b"nonsense")
    opened = Leaderboard.load(tmp_path / "one")
    with pytest.raises(StorageError):
        opened.best.holdout  # noqa: B018
    with pytest.raises(StorageError):
        opened.best.evaluation  # noqa: B018


WRONG = {
    "version is a word": lambda data: data.update(version="zz"),
    "rows are a word": lambda data: data.update(training_rows="many"),
    "rows are endless": lambda data: data.update(test_rows=float("inf")),
    "seconds are huge": lambda data: data.update(seconds=10**400),
    "a mean is a word": lambda data: data["rows"][0]["cv"]["accuracy"].update(mean="high"),
    "a fold is a list": lambda data: data["rows"][0]["cv"]["accuracy"].update(folds=[[]]),
    "a bound is huge": lambda data: data["rows"][0]["test"]["accuracy"].update(low=10**400),
    "an unheard metric": lambda data: data.update(metric="luck"),
    "a metric is a list": lambda data: data.update(metric=[]),
    "a model is a list": lambda data: data["rows"][0].update(model=[]),
    "settings are a list": lambda data: data["rows"][0].update(settings=[3]),
    "a note is a number": lambda data: data.update(notes=[3]),
    "an odd recipe": lambda data: data.update(recipe=[3]),
    "an odd plan": lambda data: data["plan"].update(settings=[1]),
    "versions are a list": lambda data: data.update(versions=[1]),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_board_of_other_types_is_a_sentence(
    board: Leaderboard, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    board.save(tmp_path / "one")
    path = tmp_path / "one" / "board.json"
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    with pytest.raises(StorageError):
        Leaderboard.load(tmp_path / "one")
