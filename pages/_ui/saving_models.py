"""What the pages of models offer to save: Home, Train, and every view of Predict."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlp_core.project import Project
from mlp_core.table import Table
from mlp_core.text import Text
from pages._ui import cache, results, saving, state
from pages._ui.i18n import t
from pages._ui.saving import Offer
from pages._ui.saving_tables import whole

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.predict import Predictions
    from mlp_core.train import Leaderboard, Row

FORMS: Final = ("skops", "joblib")


def home(project: Project, table: Table, board: Leaderboard | None) -> None:
    """Offer the project at a glance."""
    language = state.language()

    def page() -> bytes:
        from mlp_core.report import of_project

        recipe = project.recipe
        steps = cache.trace(table, recipe)
        return saving.pdf(
            of_project(table, recipe, steps, board, language, saving.now(), title=project.title)
        )

    name = t("{name} at a glance", name=project.title)
    saving.offer("start", [Offer(kind="pdf", label=Text("This page"), name=name, make=page), whole(project)])


def train(project: Project, board: Leaderboard | None) -> None:
    """Offer the leaderboard, its figure, and every model."""
    if board is None:
        saving.offer("train", [whole(project)])
        return
    language = state.language()

    def page() -> bytes:
        from mlp_core.report import of_board

        return saving.pdf(of_board(board, language, saving.now()))

    def leaderboard() -> bytes:
        from mlp_core.report import board_frame

        return saving.table(board_frame(board, language), name)

    name = t("{name} – leaderboard", name=board.table)
    offers = [
        Offer(kind="pdf", label=Text("This page"), name=name, make=page),
        Offer(kind="csv", label=Text("The leaderboard"), name=name, make=leaderboard),
    ]
    from mlp_core.report import scores_of

    data = scores_of(board)
    if data is not None:
        offers.append(
            Offer(kind="png", label=Text("Its figure"), name=name, make=lambda: _figure(data, language))
        )
    folder = project.board_folder(project.board_ids()[0])
    trained = [row for row in board.rows if row.failure is None]
    saving.offer(
        "train", [*offers, *(one for row in trained for one in _models(row, board, folder)), whole(project)]
    )


def predict(project: Project, row: Row, board: Leaderboard, folder: Path, view: str, shown: Any) -> None:
    """Offer what stands in the view, and the model behind it.

    Parameters
    ----------
    view : str
        ``"quality"``, ``"held_out"``, ``"one"``, ``"file"`` or ``"model"``.
    shown : tuple or None
        What was answered: (the case, its answer), or (the rows, their answers); ``None`` where nothing was
        asked yet.
    """
    makers: dict[str, Callable[[], list[Offer]]] = {
        "quality": lambda: _quality(row, board),
        "held_out": lambda: _held_out(row, board),
        "one": lambda: _one(row, board, *shown) if shown is not None else [],
        "file": lambda: _file(row, board, *shown) if shown is not None else [],
        "model": lambda: [],
    }
    saving.offer("predict", [*makers[view](), *_models(row, board, folder), whole(project)])


def _quality(row: Row, board: Leaderboard) -> list[Offer]:
    language = state.language()

    def page() -> bytes:
        from mlp_core.report import of_row

        return saving.pdf(of_row(row, board, language, saving.now()))

    def scores() -> bytes:
        from mlp_core.report import scores_frame

        return saving.table(scores_frame(row, language), name)

    name = t("{name} – scores", name=_called(row, board))
    return [
        Offer(kind="pdf", label=Text("This page"), name=name, make=page),
        Offer(kind="csv", label=Text("The scores"), name=name, make=scores),
    ]


def _held_out(row: Row, board: Leaderboard) -> list[Offer]:
    name = t("{name} – held-out rows", name=_called(row, board))

    def make() -> bytes:
        return saving.table(results.named(row.holdout), name)

    return [Offer(kind="csv", label=Text("The held-out rows with their predictions"), name=name, make=make)]


def _one(row: Row, board: Leaderboard, values: Mapping[str, Any], answers: Predictions) -> list[Offer]:
    name = t("{name} – one case", name=_called(row, board))

    def page() -> bytes:
        from mlp_core.report import of_answer

        return saving.pdf(of_answer(row, board, values, answers, saving.now()))

    def line() -> bytes:
        import pandas as pd

        return _answers(pd.DataFrame([values]), answers)

    def data() -> bytes:
        chances = None if answers.probabilities is None else answers.probabilities.iloc[0].to_dict()
        told = {
            "model": row.model,
            "run": row.run_id,
            "target": board.plan.target,
            "case": dict(values),
            "prediction": answers.values.tolist()[0],
            "probabilities": chances,
        }
        return json.dumps(told, ensure_ascii=True, indent=1, default=str).encode()

    return [
        Offer(kind="pdf", label=Text("This case and its prediction"), name=name, make=page),
        Offer(kind="csv", label=Text("This case and its prediction"), name=name, make=line),
        Offer(kind="json", label=Text("This case and its prediction"), name=name, make=data),
    ]


def _file(row: Row, board: Leaderboard, rows: pd.DataFrame, answers: Predictions) -> list[Offer]:
    def make() -> bytes:
        return _answers(rows, answers, name)

    name = t("{name} – predictions", name=_called(row, board))
    return [Offer(kind="csv", label=Text("The rows with their predictions"), name=name, make=make)]


def _models(row: Row, board: Leaderboard, folder: Path) -> list[Offer]:
    def maker(form: str) -> Callable[[], bytes]:
        def make() -> bytes:
            from mlp_core.train.saving import model_bytes

            return model_bytes(folder, row.model, form)

        return make

    label = Text("Model: {model}", model=row.label)
    return [Offer(kind=form, label=label, name=_called(row, board), make=maker(form)) for form in FORMS]


def _answers(rows: pd.DataFrame, answers: Predictions, name: str = "") -> bytes:
    from mlp_core.predict import predictions_csv

    saving.require_table_size(rows, name)
    return predictions_csv(rows, answers)


def _figure(data: Mapping[str, Any], language: str) -> bytes:
    from mlp_core.charts import draw_evaluation_static

    return draw_evaluation_static("leaderboard", data, language=language, theme="light")


def _called(row: Row, board: Leaderboard) -> str:
    return t("{name} – {model}", name=board.table, model=row.label)
