"""From a leaderboard to tracked runs."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from mlp_core.errors import MLPError
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.track import RunRecord, TrackedModel, Tracker
from mlp_core.train.leaderboard import Leaderboard, Row
from mlp_core.train.progress import Progress
from mlp_core.train.safe import TRUSTED

if TYPE_CHECKING:
    from mlp_core.train.material import Material

_REQUIRED: Final = ("numpy", "pandas", "scikit-learn", "skops")


def tracked(
    board: Leaderboard,
    material: Material,
    tracker: Tracker,
    report: Callable[[Progress], None],
    start: float,
) -> Leaderboard:
    """Return the board with each trained row as a run of ``tracker``.

    A tracker that fails costs no result: the ids made up before stay, and a note says what happened.

    Parameters
    ----------
    start : float
        Progress made before, 0-1.
    """
    trained = [row for row in board.rows if row.keeper is not None]
    done = dict.fromkeys(material.models, 1.0)
    ids: dict[str, str] = {}
    for position, row in enumerate(trained):
        share = start + (1 - start) * position / len(trained)
        report(Progress(share=share, message=Text("Keeping the runs"), model=row.model, done=done))
        try:
            ids[row.model] = tracker.log(record_of(board, row, material))
        # A server that is down, a full disk, a database of another version: the models are still good.
        except Exception as error:
            logging.getLogger(__name__).warning("tracking failed", exc_info=True)
            return _with(board, ids, _failure_note(error))
    return _with(board, ids, None)


def record_of(board: Leaderboard, row: Row, material: Material) -> RunRecord:
    """Return what is tracked of one row: its settings, scores, figures, data, and the whole pipeline."""
    plan = board.plan
    metrics: dict[str, float] = {}
    for id_, score in row.cv.items():
        test = row.test[id_]
        metrics |= {f"cv_{id_}": score.mean, f"cv_{id_}_half_width": score.half_width}
        metrics |= {f"test_{id_}": test.value, f"test_{id_}_low": test.low, f"test_{id_}_high": test.high}
        metrics[f"training_{id_}"] = row.training[id_]
    params: dict[str, Any] = {"model": row.model, **row.settings}
    params |= {
        f"plan.{name}": getattr(plan, name)
        for name in ("target", "folds", "test_share", "stratify", "seed", "scaling", "encoding")
    }
    params |= {"plan.task": board.task.value, "plan.metric": board.metric}
    return RunRecord(
        name=f"{board.table}: {row.label}",
        params=params,
        metrics={**metrics, "seconds": row.seconds},
        curves={**{f"fold_{id_}": score.folds for id_, score in row.cv.items()}, "loss": row.curve},
        figures=_figures(row),
        tags={
            "table": board.table,
            "fingerprint": board.fingerprint,
            "seed": str(plan.seed),
            **{f"version.{name}": version for name, version in board.versions.items()},
        },
        documents={"plan": plan.to_json(), "recipe": board.recipe, "features": list(material.kinds)},
        model=TrackedModel(
            pipeline=row.pipeline,
            inputs=tuple(material.raw_kinds),
            output="number" if _answers_numbers(material) else "text",
            trusted=TRUSTED,
            requirements=tuple(f"{name}=={metadata.version(name)}" for name in _REQUIRED),
        ),
        seconds=row.seconds,
    )


def _answers_numbers(material: Material) -> bool:
    classes = material.classes
    return material.task is not Task.CLASSIFICATION or (classes is not None and classes.dtype.kind in "if")


def _figures(row: Row) -> dict[str, bytes]:
    from mlp_core.charts import EVALUATION_CHARTS, draw_evaluation_static

    figures = {}
    for id_, data in row.evaluation.items():
        if id_ in EVALUATION_CHARTS:
            try:
                figures[id_] = draw_evaluation_static(id_, data, width=900, dpi=96)
            except MLPError:
                # Held-out rows of one class have no ROC curve to draw.
                continue
    return figures


def _failure_note(error: Exception) -> Text:
    reason: Any = error.message if isinstance(error, MLPError) else _first_line(error)
    return Text(
        "The runs could not be tracked; the results are kept here. The reason: {reason}", reason=reason
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


def _with(board: Leaderboard, ids: dict[str, str], note: Text | None) -> Leaderboard:
    rows = tuple(dataclasses.replace(row, run_id=ids.get(row.model, row.run_id)) for row in board.rows)
    notes = board.notes if note is None else (*board.notes, note)
    return dataclasses.replace(board, rows=rows, notes=notes)
