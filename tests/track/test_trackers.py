"""One contract for every tracker, and what only the embedded database must stand."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline

from mlp_core.files import FileLock
from mlp_core.table import Table
from mlp_core.track import MemoryTracker, MlflowTracker, RunRecord, TrackedModel, TrackedRun, Tracker
from mlp_core.track.sqlite_store import ensure_database
from mlp_core.train import Leaderboard, TrainingPlan, train

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the empty database, migrated once for all tests."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
def mlflow_tracker(tmp_path: Path, templates: Path) -> MlflowTracker:
    uri = f"sqlite:///{(tmp_path / 'mlflow.db').as_posix()}"
    return MlflowTracker(uri, tmp_path / "artifacts", "pythie", templates=templates)


@pytest.fixture(params=["memory", "mlflow"])
def tracker(request: pytest.FixtureRequest) -> Tracker:
    if request.param == "memory":
        return MemoryTracker()
    return request.getfixturevalue("mlflow_tracker")


def record(**changes: object) -> RunRecord:
    given: dict[str, object] = {
        "name": "cars: Random forest",
        "params": {"trees": 200, "target": "mpg", "stratify": True},
        "metrics": {"cv_rmse": 2.5, "unknown": float("nan"), "boundless": float("inf")},
        "curves": {"fold_rmse": (2.4, 2.6, 2.5), "loss": ()},
        "figures": {"residuals": PNG},
        "tags": {"fingerprint": "abc", "seed": "42"},
        "documents": {"plan": {"target": "mpg", "name": "économie"}, "recipe": []},
        "seconds": 1.5,
    }
    return RunRecord(**{**given, **changes})  # type: ignore[arg-type]


def test_a_run_comes_back_as_it_was_logged(tracker: Tracker) -> None:
    run_id = tracker.log(record())
    assert tracker.runs() == [
        TrackedRun(
            run_id=run_id,
            name="cars: Random forest",
            status="finished",
            params={"trees": "200", "target": "mpg", "stratify": "True"},
            metrics={"cv_rmse": 2.5},
            curves={"fold_rmse": (2.4, 2.6, 2.5)},
            tags={"fingerprint": "abc", "seed": "42"},
            files=("figures/residuals.png", "plan.json", "recipe.json"),
        )
    ]


def test_runs_have_ids_of_their_own_and_the_newest_comes_first(tracker: Tracker) -> None:
    first = tracker.log(record(seconds=0.2))
    second = tracker.log(record(name="later", seconds=0.0))
    assert first != second
    assert [run.run_id for run in tracker.runs()] == [second, first]


def test_a_tracker_without_runs_has_none(tracker: Tracker) -> None:
    assert tracker.runs() == []


def test_a_training_becomes_a_run_per_model(tracker: Tracker) -> None:
    board = trained(tracker)
    runs = {run.run_id: run for run in tracker.runs()}
    assert runs.keys() == {row.run_id for row in board.rows}
    best = runs[board.best.run_id]
    assert best.params["model"] == board.best.model
    assert best.metrics["cv_rmse"] == board.best.cv["rmse"].mean
    assert best.metrics["test_r2"] == board.best.test["r2"].value
    assert best.curves["fold_rmse"] == board.best.cv["rmse"].folds
    assert best.tags["fingerprint"] == board.fingerprint
    assert {"model", "plan.json", "recipe.json", "figures/residuals.png"} <= set(best.files)
    assert all(run.status == "finished" for run in runs.values())


def table() -> Table:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "x": generator.normal(size=60),
            "n": generator.integers(0, 9, 60),
            "c": pd.Series(generator.choice(["a", "b"], 60), dtype="str"),
            "b": pd.array(generator.random(60) < 0.5, dtype="boolean"),
            "d": pd.Series(pd.date_range("2020-01-01", periods=60)),
        }
    )
    frame["y"] = frame["x"] * 2 + frame["n"] + generator.normal(size=60) / 10
    frame.loc[::7, "x"] = np.nan
    frame.loc[::9, "c"] = None
    frame.loc[::8, "b"] = None
    return Table.of(frame, name="small")


def trained(tracker: Tracker | None, on_progress: Callable[..., None] | None = None) -> Leaderboard:
    plan = TrainingPlan(target="y", models=("linear", "tree"), folds=2)
    return train(table(), plan, tracker=tracker, on_progress=on_progress)


def folder_of(tracker: MlflowTracker, run_id: str) -> Path:
    return Path(url2pathname(urlparse(tracker.artifact_folder(run_id)).path))


def test_a_tracked_model_opens_with_mlflow_and_answers_the_same(mlflow_tracker: MlflowTracker) -> None:
    import mlflow.pyfunc
    import mlflow.sklearn

    board = trained(mlflow_tracker)
    raw = table().frame.drop(columns="y")
    for row in board.rows:
        folder = folder_of(mlflow_tracker, row.run_id) / "model"
        expected = row.pipeline.predict(raw).tolist()
        assert mlflow.sklearn.load_model(str(folder)).predict(raw).tolist() == expected
        assert mlflow.pyfunc.load_model(str(folder)).predict(raw).tolist() == expected
    assert (folder / "model.skops").exists()


def test_documents_and_figures_are_files_as_they_were_given(mlflow_tracker: MlflowTracker) -> None:
    folder = folder_of(mlflow_tracker, mlflow_tracker.log(record()))
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert plan == {"target": "mpg", "name": "économie"}
    assert (folder / "figures" / "residuals.png").read_bytes() == PNG


def test_a_run_that_is_cut_short_does_not_seem_to_be_running(
    mlflow_tracker: MlflowTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(BaseException):
        pass

    def cut(*given: object, **more: object) -> None:
        raise Cut

    mlflow_tracker.runs()
    monkeypatch.setattr(type(mlflow_tracker._client), "log_batch", cut)
    with pytest.raises(Cut):
        mlflow_tracker.log(record())
    assert [run.status for run in mlflow_tracker.runs()] == ["killed"]


def test_a_tracker_leaves_the_process_as_it_was(
    mlflow_tracker: MlflowTracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow

    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    before = mlflow.get_tracking_uri()
    mlflow_tracker.log(record())
    assert mlflow.get_tracking_uri() == before
    assert mlflow.active_run() is None
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_two_experiments_of_one_database_are_kept_apart(mlflow_tracker: MlflowTracker) -> None:
    other = MlflowTracker(mlflow_tracker.uri, mlflow_tracker.artifact_root, "other")
    mlflow_tracker.log(record())
    assert other.runs() == []


def test_a_tracker_that_fails_costs_no_result() -> None:
    class Down(MemoryTracker):
        def log(self, record: RunRecord) -> str:
            if self.records:
                raise ConnectionError("the server does not answer")
            return super().log(record)

    tracker = Down()
    board = trained(tracker)
    assert board.best.failure is None
    assert len({row.run_id for row in board.rows}) == 3
    assert sum(row.run_id in tracker.records for row in board.rows) == 1
    assert "could not be tracked" in str(board.notes[-1])
    assert "the server does not answer" in str(board.notes[-1])


def test_a_server_that_is_down_is_a_note_within_seconds() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    board = trained(MlflowTracker(f"http://127.0.0.1:{port}", None, "pythie"))
    assert "could not be tracked" in str(board.notes[-1])
    assert board.best.run_id


def test_tracking_is_part_of_the_progress() -> None:
    shares: list[float] = []
    trained(MemoryTracker(), lambda progress: shares.append(progress.share))
    assert shares == sorted(shares)
    assert shares[-1] == 1


RACE = """
import sys
from pathlib import Path
from mlp_core.track import MlflowTracker, RunRecord
folder = Path(sys.argv[1])
tracker = MlflowTracker(f"sqlite:///{(folder / 'mlflow.db').as_posix()}", folder / "artifacts", "pythie")
print(tracker.log(RunRecord(name=sys.argv[2], metrics={"a": 1.0})))
"""


def test_processes_that_meet_on_a_fresh_database_all_succeed(tmp_path: Path) -> None:
    racing = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", RACE, str(tmp_path), str(number)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    ended = [process.communicate(timeout=120) for process in racing]
    assert [process.returncode for process in racing] == [0, 0, 0], ended
    tracker = MlflowTracker(f"sqlite:///{(tmp_path / 'mlflow.db').as_posix()}", None, "pythie")
    assert sorted(run.name for run in tracker.runs()) == ["0", "1", "2"]


def test_a_database_made_while_this_process_waited_is_kept(
    tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mlflow.db"

    def acquire(lock: FileLock, timeout_seconds: float = 0) -> None:
        path.write_bytes(b"of another process")

    monkeypatch.setattr(FileLock, "acquire", acquire)
    ensure_database(path, templates)
    assert path.read_bytes() == b"of another process"


def test_telemetry_is_off_before_mlflow_is_imported() -> None:
    code = (
        "import os\nfrom mlp_core.track import mlflow_tracker\nmlflow_tracker.import_mlflow()\n"
        "from mlflow.telemetry.utils import is_telemetry_disabled\n"
        "assert is_telemetry_disabled()\n"
    )
    environment = {"PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=120, env=environment)


def test_a_model_is_kept_with_the_types_that_open_it(mlflow_tracker: MlflowTracker) -> None:
    pipeline = Pipeline([("model", LinearRegression())]).fit(pd.DataFrame({"x": [0.0, 1.0]}), [0.0, 2.0])
    model = TrackedModel(pipeline=pipeline, inputs=("x",), output="number", requirements=("numpy",))
    run_id = mlflow_tracker.log(record(model=model))
    written = (folder_of(mlflow_tracker, run_id) / "model" / "requirements.txt").read_text()
    assert "numpy" in written
    assert "model" in mlflow_tracker.runs()[0].files
