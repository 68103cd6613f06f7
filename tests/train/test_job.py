"""A training as the worker runs it: everything from one JSON document and files, and a board at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mlp_core.clean import FillMissing, Recipe
from mlp_core.errors import StorageError
from mlp_core.table import Table
from mlp_core.text import Text
from mlp_core.train import Leaderboard, TrainingPlan
from mlp_core.train.job import run

from .conftest import FEATURES


@pytest.fixture
def spec(mixed: Table, tmp_path: Path) -> dict[str, Any]:
    table = pa.Table.from_pandas(mixed.frame, preserve_index=False)
    with pa.ipc.new_file(tmp_path / "t.arrow", table.schema) as writer:
        writer.write_table(table)
    plan = TrainingPlan(target="sold", features=FEATURES, folds=2, models=("tree",))
    meta = {"name": mixed.name, "fingerprint": mixed.fingerprint, "report": mixed.report.to_json()}
    return {
        "table": str(tmp_path / "t.arrow"),
        "table_meta": meta,
        "plan": plan.to_json(),
        "recipe": Recipe([FillMissing(columns=("size",), how="mean")]).to_json(),
        "tracking": None,
    }


def test_a_job_trains_and_saves_its_board(spec: dict[str, Any], mixed: Table, tmp_path: Path) -> None:
    told: list[tuple[float, Text, dict[str, float], float | None]] = []

    def report(
        share: float,
        message: Text | None = None,
        models: dict[str, float] | None = None,
        seconds_left: float | None = None,
    ) -> None:
        assert message is not None
        told.append((share, message, models or {}, seconds_left))

    folder = tmp_path / "jobs" / "job1"
    run(json.loads(json.dumps(spec)), folder, report, lambda: False)
    board = Leaderboard.load(tmp_path / "boards" / "job1")
    assert {row.model for row in board.rows} == {"dummy", "tree"}
    assert (board.fingerprint, board.recipe) == (mixed.fingerprint, spec["recipe"])
    assert [share for share, *_ in told] == sorted(share for share, *_ in told)
    assert told[-1][0] == 1
    assert told[-1][2] == {"dummy": 1, "tree": 1}


def test_a_job_that_is_stopped_keeps_what_it_has(spec: dict[str, Any], tmp_path: Path) -> None:
    told: list[float] = []
    run(spec, tmp_path / "jobs" / "job1", lambda share, *rest: told.append(share), lambda: len(told) > 3)
    board = Leaderboard.load(tmp_path / "boards" / "job1")
    assert [row.model for row in board.rows] == ["dummy"]


def test_a_table_that_is_gone_is_a_sentence(spec: dict[str, Any], tmp_path: Path) -> None:
    Path(spec["table"]).write_bytes(b"nonsense")
    with pytest.raises(StorageError, match="table of this training"):
        run(spec, tmp_path / "jobs" / "job1", lambda *rest: None, lambda: False)
    assert not (tmp_path / "boards").exists()
