"""A leaderboard on disk: one JSON document, and per run a model, its held-out answers and its chart data."""

from __future__ import annotations

import io
import json
import secrets
import shutil
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlp_core.errors import MLPError, StorageError
from mlp_core.evaluate import METRICS
from mlp_core.files import read_json, replace, storing, write_json
from mlp_core.task import Task
from mlp_core.text import LANGUAGES, Text
from mlp_core.train.leaderboard import Leaderboard, Row
from mlp_core.train.model import MODELS
from mlp_core.train.plan import TrainingPlan

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

VERSION: Final = 1
BOARD: Final = "board.json"
RUNS: Final = "runs"
SAFE_MODEL: Final = "model.skops"
JOBLIB_MODEL: Final = "model.joblib"
"""Written for download only; this platform never loads one."""
HOLDOUT: Final = "holdout.parquet"
EVALUATION: Final = "evaluation.json"


class OnDisk:
    """The heavy parts of a row in a folder, each read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pipeline(self) -> Pipeline:
        """Return the fitted pipeline."""
        return self._pipeline

    def holdout(self) -> pd.DataFrame:
        """Return the answers on held-out rows."""
        import pandas as pd

        try:
            return pd.read_parquet(self.folder / HOLDOUT)
        except (OSError, ValueError) as error:
            raise _damaged() from error

    def evaluation(self) -> Mapping[str, Any]:
        """Return what the evaluation charts draw."""
        data = read_json(self.folder / EVALUATION)
        if not isinstance(data, dict):
            raise _damaged()
        return data

    @cached_property
    def _pipeline(self) -> Pipeline:
        from mlp_core.train import safe

        return safe.load(self.folder / SAFE_MODEL)


def save_board(board: Leaderboard, folder: Path) -> None:
    """Write ``board`` to ``folder``, which appears whole or not at all.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")
    try:
        with storing():
            for row in board.rows:
                if row.keeper is not None:
                    save_run(row, draft / RUNS / row.model)
            draft.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_json(draft / BOARD, _board_json(board))
            if folder.exists():
                shutil.rmtree(folder)
            replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def save_run(row: Row, folder: Path) -> None:
    """Write the model of one row, its held-out answers and its chart data into ``folder``."""
    import joblib

    from mlp_core.train import safe

    folder.mkdir(parents=True, mode=0o700)
    safe.dump(row.pipeline, folder / SAFE_MODEL)
    joblib.dump(row.pipeline, folder / JOBLIB_MODEL, compress=3)
    row.holdout.to_parquet(folder / HOLDOUT, index=False)
    (folder / EVALUATION).write_text(json.dumps(dict(row.evaluation)), encoding="utf-8")


def model_file(board: Path, model: str, form: str) -> Path:
    """Return the file of one model in the folder of its board; ``form`` is ``"skops"`` or ``"joblib"``."""
    return board / RUNS / MODELS[model].id / {"skops": SAFE_MODEL, "joblib": JOBLIB_MODEL}[form]


def model_bytes(board: Path, model: str, form: str) -> bytes:
    """Return the file of one model; ``form`` is ``"skops"`` or ``"joblib"``.

    A project that came in a file brings no joblib, which is then made from the model that was opened safely.

    Raises
    ------
    StorageError
        The model is absent or damaged.
    """
    from mlp_core.train import safe

    path = model_file(board, model, form)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if form != "joblib":
            raise _damaged() from None
    import joblib

    written = io.BytesIO()
    joblib.dump(safe.load(model_file(board, model, "skops")), written, compress=3)
    return written.getvalue()


def load_board(folder: Path) -> Leaderboard:
    """Return the board in ``folder``; models are read when they are asked for.

    Raises
    ------
    StorageError
        There is none, it is damaged, or a newer version wrote it.
    """
    data = read_json(folder / BOARD)
    if not isinstance(data, dict):
        raise _damaged()
    version = data.get("version", 0)
    if type(version) is not int:
        raise _damaged()
    if version > VERSION:
        raise StorageError(
            Text("These results were saved by a newer version of Pythie."), hint=Text("Update Pythie.")
        )
    try:
        board = _board(data, folder)
        _check(board)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        raise _damaged() from error
    except MLPError as error:
        raise _damaged() from error
    return board


def _board_json(board: Leaderboard) -> dict[str, Any]:
    return {
        "version": VERSION,
        "rows": [{**row.to_json(), "saved": row.keeper is not None} for row in board.rows],
        "task": board.task.value,
        "metric": board.metric,
        "plan": board.plan.to_json(),
        "recipe": board.recipe,
        "notes": [note.to_json() for note in board.notes],
        "left_out": {name: reason.to_json() for name, reason in board.left_out.items()},
        "table": board.table,
        "fingerprint": board.fingerprint,
        "versions": dict(board.versions),
        "training_rows": board.training_rows,
        "test_rows": board.test_rows,
        "seconds": board.seconds,
    }


def _board(data: Mapping[str, Any], folder: Path) -> Leaderboard:
    rows = []
    for row in data["rows"]:
        # The id becomes a path, so only ids of the catalogue pass.
        run = folder / RUNS / MODELS[row["model"]].id
        rows.append(Row.from_json(row, OnDisk(run) if row["saved"] else None))
    return Leaderboard(
        rows=tuple(rows),
        task=Task(data["task"]),
        metric=data["metric"],
        plan=TrainingPlan.from_json(data["plan"]),
        recipe=data["recipe"],
        notes=tuple(Text.from_json(note) for note in data["notes"]),
        left_out={name: Text.from_json(reason) for name, reason in data["left_out"].items()},
        table=data["table"],
        fingerprint=data["fingerprint"],
        versions=data["versions"],
        training_rows=data["training_rows"],
        test_rows=data["test_rows"],
        seconds=data["seconds"],
    )


def _check(board: Leaderboard) -> None:
    """Refuse a board whose parts are of other types than those of one that was saved.

    Raises
    ------
    TypeError, ValueError, MLPError
        Something is of another type, unknown, or a sentence whose values do not suit it.
    """
    from mlp_core.clean import Recipe

    counts = [board.training_rows, board.test_rows]
    numbers = [board.seconds]
    texts = [board.table, board.fingerprint, *board.left_out, *board.versions, *board.versions.values()]
    sentences = [*board.notes, *board.left_out.values()]
    METRICS[board.metric]
    for row in board.rows:
        texts += [row.run_id, *row.settings.keys()]
        numbers += [row.seconds, *row.curve, *row.training.values()]
        for cv in row.cv.values():
            numbers += [cv.mean, cv.half_width, *cv.folds]
            numbers += [end for end in (cv.least, cv.most) if end is not None]
        for test in row.test.values():
            numbers += [test.value, test.low, test.high]
        sentences += [*row.notes, *([] if row.failure is None else [row.failure])]
        for id_ in (*row.cv, *row.test, *row.training):
            METRICS[id_]
    if not all(type(count) is int and 0 <= count < 2**63 for count in counts):
        raise ValueError("not a count")
    if not all(type(number) in (int, float) for number in numbers):
        raise ValueError("not a number")
    # A whole number may be too large for what is reckoned with it.
    [float(number) for number in numbers]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("not a text")
    Recipe.from_json(board.recipe)
    for sentence in sentences:
        for language in LANGUAGES:
            sentence.render(language)


def _damaged() -> StorageError:
    return StorageError(
        Text("The saved results of this training cannot be opened."), hint=Text("Train the models again.")
    )
