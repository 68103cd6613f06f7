"""One way to show a figure, a table, a score and a leaderboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from mlp_core.evaluate import METRICS, CVScore, Interval
from mlp_core.evaluate.reporting import rounded
from mlp_core.report import scores_of
from pages._ui import state
from pages._ui.i18n import n, t

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.train import Leaderboard, Row

_FIGURE: Final = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d", "toImage"],
    "responsive": True,
}


MOST_COLUMNS: Final = 500
"""More columns side by side cost every visit a tenth of a second, and nobody scrolls so far."""


def figure(drawn: Any, *, key: str) -> None:
    """Show a Plotly figure in its own colours."""
    st.plotly_chart(drawn, theme=None, key=key, config=_FIGURE)


def frame(shown: pd.DataFrame, *, key: str, height: int | str = "auto", **config: Any) -> None:
    """Show a table; long ones load as they are scrolled, of very wide ones the first columns are shown."""
    if shown.shape[1] > MOST_COLUMNS:
        st.caption(t("The first {shown:n} of {all:n} columns.", shown=MOST_COLUMNS, all=shown.shape[1]))
        shown = shown.iloc[:, :MOST_COLUMNS]
    st.dataframe(shown, key=key, height=height, hide_index=True, placeholder="–", **config)


def score(row: Row, metric: str) -> str:
    """Return a model's cross-validated score with its interval, named."""
    found = row.cv.get(metric)
    if found is None:
        return t("no score")
    return f"{t(METRICS[metric].label)} {_spread(found)}"


def leaderboard(board: Leaderboard, *, key: str) -> None:
    """Draw every model in its row: score ± interval, test score with its interval, other scores, time."""
    import pandas as pd

    frame(pd.DataFrame([_line(row, board) for row in board.rows]), key=key)


def leaderboard_figure(board: Leaderboard, *, key: str) -> None:
    """Draw the scores with their intervals, the baseline marked."""
    from mlp_core.charts import draw_evaluation

    data = scores_of(board)
    if data is None:
        return
    figure(draw_evaluation("leaderboard", data, language=state.language(), theme=state.theme()), key=key)


def scores(row: Row) -> None:
    """Draw every metric of a model: cross-validated, on test rows and on training rows."""
    import pandas as pd

    lines = []
    for metric, found in row.cv.items():
        test = row.test.get(metric)
        lines.append(
            {
                t("Measure"): t(METRICS[metric].label),
                t("Cross-validated"): _spread(found),
                t("On the test rows (95% interval)"): "" if test is None else _interval(test),
                t("On the training rows"): n(rounded(row.training[metric], found.half_width)[0])
                if metric in row.training
                else "",
            }
        )
    frame(pd.DataFrame(lines), key="predict.scores")
    with st.expander(t("What these measures mean"), icon=":material/help:"):
        for metric in row.cv:
            st.markdown(f"- **{t(METRICS[metric].label)}** · {t(METRICS.help(metric))}")


def named(holdout: pd.DataFrame) -> pd.DataFrame:
    """Return the held-out rows with column names in the visitor's language."""
    names = {
        "row": t("Row"),
        "observed": t("Observed"),
        "predicted": t("Predicted"),
        "cluster": t("Group"),
    }
    renamed = {
        column: names.get(column, column)
        if not column.startswith("probability ")
        else t("Probability of {name}", name=column.removeprefix("probability "))
        for column in holdout.columns
    }
    return holdout.rename(columns=renamed)


def _line(row: Row, board: Leaderboard) -> dict[str, str]:
    label = t(row.label)
    if row.failure is not None:
        return {t("Model"): label, t("Cross-validated"): t(row.failure)}
    line = {t("Model"): label}
    for metric, found in row.cv.items():
        name = t(METRICS[metric].label)
        line[t("{metric}, cross-validated", metric=name)] = _spread(found)
        if metric == board.metric and metric in row.test:
            line[t("{metric}, test rows", metric=name)] = _interval(row.test[metric])
    line[t("Fit time")] = t("{seconds:n} s", seconds=round(row.seconds, 2))
    line[t("Run")] = row.run_id[:12]
    return line


def _spread(found: CVScore) -> str:
    mean, half = rounded(found.mean, found.half_width, found.half_width)
    return f"{n(mean)} ± {n(half)}"


def _interval(found: Interval) -> str:
    value, low, high = rounded(found.value, (found.high - found.low) / 2, found.low, found.high)
    return t("{value:n} [{low:n}, {high:n}]", value=value, low=low, high=high)
