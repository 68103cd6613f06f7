"""What a trained model shows of itself and answers: its views on the Predict page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from mlp_core.charts import EVALUATION_CHARTS, draw_evaluation
from mlp_core.errors import SchemaMismatch
from mlp_core.kinds import Kind
from mlp_core.project import Project
from mlp_core.text import Text
from pages._ui import cache, results, shell, state, steps
from pages._ui.i18n import md, n, named, pct, plain, t

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.predict import Predictions
    from mlp_core.train import Leaderboard, Row

NEWEST: Final = 10
"""Trainings among whose models one is chosen; older ones stay in the project."""


def chosen_model(project: Project) -> tuple[Row, Leaderboard, Path]:
    """Ask for one of the trained models; return it with its leaderboard and the folder of that.

    Without any model it says what to do and stops the page.
    """
    folders = project.boards()[:NEWEST]
    boards = [cache.board(folder) for folder in folders]
    rows = {row.run_id: (row, board) for board in boards for row in board.rows if row.failure is None}
    if not rows:
        shell.nothing_yet(
            t("There is no model yet."),
            t("Train some models first; it takes less than a minute on most tables."),
            steps.step("train"),
        )
        st.stop()

    def name(key: str) -> str:
        row, board = rows[key]
        target = board.plan.target or t("groups")
        training = (
            ""
            if board is boards[0]
            else " · " + t("training no. {number:n}", number=len(boards) - boards.index(board))
        )
        return f"{t(row.label)} · {target} · {results.score(row, board.metric)}{training}"

    best = next(iter(rows))
    remembered = state.recall("predict.model", best)
    keys = list(rows)
    start = keys.index(remembered if remembered in rows else best)
    chosen = st.selectbox(
        t("Model"), keys, start, format_func=named({key: name(key) for key in keys}), key="predict.model"
    )
    state.remember("predict.model", chosen)
    row, board = rows[chosen]
    return row, board, folders[boards.index(board)]


def quality(row: Row) -> None:
    """Draw the scores with their intervals, and the charts of the held-out rows."""
    results.scores(row)
    language, theme = state.language(), state.theme()
    shown = [chart for chart in EVALUATION_CHARTS.ids() if chart in row.evaluation]
    with st.grid(2, gap="large", min_column_width=440) if len(shown) > 1 else st.container():
        for chart in shown:
            drawn = draw_evaluation(chart, row.evaluation[chart], language=language, theme=theme)
            results.figure(drawn, key=f"predict.figure.{chart}")


def held_out(row: Row) -> None:
    """Draw the table of predictions for the rows that the model never saw."""
    st.caption(
        t(
            "{rows:n} {rows|row was|rows were} set aside before training; "
            "the model never saw {rows|it|them}.",
            rows=len(row.holdout),
        )
    )
    results.frame(results.named(row.holdout), key="predict.held_out", height=480)


def one_case(row: Row) -> tuple[dict[str, Any], Predictions] | None:
    """Draw a form made from the training columns, and the prediction for what stands in it.

    Returns
    -------
    (case, Predictions) or None
        What was answered; ``None`` where nothing was asked yet.
    """
    from mlp_core.predict import form_fields, predict

    fields = form_fields(row.pipeline)
    with st.form("predict.one", border=True):
        values: dict[str, Any] = {}
        with st.grid(3):
            for field in fields:
                values[field.name] = _field(field, f"predict.one.{row.run_id}.{field.name}")
        asked = st.form_submit_button(t("Predict"), type="primary", icon=":material/online_prediction:")
    # What was answered stays, however often the page is drawn, until something else is asked.
    case = (row.run_id, tuple(values.items()))
    if asked:
        state.remember("predict.one.asked", case)
    if state.recall("predict.one.asked") != case:
        st.caption(t("The form begins with a typical row: medians, and most frequent values."))
        return None
    import pandas as pd

    answers = predict(row.pipeline, pd.DataFrame([values]))
    _problems(answers)
    far = [field.name for field in fields if _outside(field, values[field.name])]
    if far:
        st.warning(
            md("Outside what the model has seen: {names:list}. Its answer is a guess there.", names=far),
            icon=":material/warning:",
        )
    _answer(row, answers)
    return values, answers


def file_of_cases(project: Project, row: Row, board: Leaderboard) -> tuple[pd.DataFrame, Predictions] | None:
    """Take a file of new rows, check it against the training columns, and give the predictions back.

    Returns
    -------
    (rows, Predictions) or None
        What was answered; ``None`` where there is no file yet.
    """
    from mlp_core.predict import form_fields, named_by_position, predict, predictions_csv
    from mlp_core.read import read_table

    needed = [field.name for field in form_fields(row.pipeline)]
    st.caption(md("It needs these columns, in any order: {names}.", names=", ".join(needed)))
    uploaded = st.file_uploader(
        t("A file of new rows"), key="predict.file", max_upload_size=state.settings().max_upload_mb
    )
    if uploaded is None:
        return None
    with st.spinner(t("Predicting…")):
        table = read_table(uploaded.getvalue(), name=uploaded.name, settings=state.settings())
        rows = table.frame
        known = project.source
        if not table.report.has_header and known is not None and not known.report.has_header:
            rows = named_by_position(rows, list(known.kinds), board.plan.target)
        answers = predict(row.pipeline, rows)
    if not len(rows):
        raise SchemaMismatch(Text("The file has no row to predict."), hint=Text("Add rows below its names."))
    _problems(answers)
    st.success(t("{rows:n} {rows|row|rows} predicted.", rows=len(answers.values)), icon=":material/check:")
    st.download_button(
        t("Download the predictions (CSV)"),
        lambda: predictions_csv(rows, answers),
        file_name="predictions.csv",
        mime="text/csv",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )
    results.frame(_beside(rows, answers), key="predict.batch", height=420)
    return rows, answers


def model_files(row: Row, folder: Path) -> None:
    """Offer the fitted pipeline as files, and say what each is for."""
    from mlp_core.train.saving import model_bytes

    st.write(
        t(
            "The file holds the whole pipeline, cleaning steps included: "
            "it takes rows as they stood in the file you uploaded."
        )
    )
    for name, words, icon in (
        ("skops", t("Safe to open: its content can be inspected before it is loaded."), "verified_user"),
        ("joblib", t("For Python scripts. Open such files only where you trust who made them."), "code"),
    ):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{name}** · {words}")
            st.space("stretch")
            st.download_button(
                t("Download {name}", name=name),
                lambda name=name: model_bytes(folder, row.model, name),
                file_name=f"{row.model}.{name}",
                icon=f":material/{icon}:",
                key=f"predict.download.{name}",
                on_click="ignore",
            )
    st.caption(md("Run in MLflow: {run}", run=row.run_id))


def _field(field: Any, key: str) -> Any:
    if field.kind in (Kind.NUMBER, Kind.INTEGER):
        seen = t("Seen in training: {low:n} to {high:n}.", low=field.low, high=field.high)
        return st.number_input(field.name, value=float(field.default), key=key, help=seen, format="%g")
    if field.choices:
        options = list(field.choices)
        start = options.index(field.default) if field.default in options else 0
        return st.selectbox(field.name, options, start, key=key)
    return st.text_input(field.name, value=str(field.default), key=key)


def _outside(field: Any, value: Any) -> bool:
    numeric = field.kind in (Kind.NUMBER, Kind.INTEGER) and field.low is not None
    return numeric and not field.low <= value <= field.high


def _answer(row: Row, answers: Predictions) -> None:
    value = answers.values.iloc[0]
    said = n(float(f"{value:.4g}")) if isinstance(value, float) else str(value)
    shell.facts([(t("Prediction"), said)])
    if answers.probabilities is not None:
        shares = answers.probabilities.iloc[0].sort_values(ascending=False)
        st.caption(t("Probabilities, as the model sees them:"))
        for name, share in shares.head(10).items():
            st.progress(float(share), text=f"{plain(name)} · {pct(float(share))}")


def _problems(answers: Predictions) -> None:
    for problem in answers.problems:
        st.warning(md(problem), icon=":material/warning:")


def _beside(frame: pd.DataFrame, answers: Predictions) -> pd.DataFrame:
    """Return the predictions in front of the rows they are for."""
    import pandas as pd

    name = t("Prediction")
    while name in frame.columns:
        name += "*"
    return pd.concat([answers.values.rename(name), frame], axis=1)
