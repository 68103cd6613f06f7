"""Results as tables of plain numbers, for a spreadsheet: nothing is rounded, every part has its column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlp_core.evaluate import METRICS
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.evaluate import CVScore, Interval
    from mlp_core.train import Leaderboard, Row


def board_frame(board: Leaderboard, language: str = "en") -> pd.DataFrame:
    """Return one row a model, the best first, of shape (n_models, n_columns).

    Parameters
    ----------
    language : str
        Of the names of models and columns.
    """
    import pandas as pd

    return pd.DataFrame([_line(row, board, language) for row in board.rows])


def scores_frame(row: Row, language: str = "en") -> pd.DataFrame:
    """Return one row a measure of a model, of shape (n_measures, n_columns)."""
    import pandas as pd

    def head(words: Text) -> str:
        return words.render(language)

    lines = []
    for metric, found in row.cv.items():
        lines.append(
            {
                head(Text("Measure")): METRICS[metric].label.render(language),
                **_spread(Text("Cross-validated"), found, language),
                **_interval(Text("On the test rows"), row.test.get(metric), language),
                head(Text("On the training rows")): row.training.get(metric),
            }
        )
    return pd.DataFrame(lines)


def _line(row: Row, board: Leaderboard, language: str) -> dict[str, Any]:
    line: dict[str, Any] = {Text("Model").render(language): row.label.render(language)}
    # The measure that ranks comes first.
    for metric in sorted(row.cv, key=lambda metric: metric != board.metric):
        label = METRICS[metric].label
        line |= _spread(Text("{metric}, cross-validated", metric=label), row.cv[metric], language)
        line |= _interval(Text("{metric}, test rows", metric=label), row.test.get(metric), language)
    line[Text("Fit time (s)").render(language)] = None if row.failure is not None else row.seconds
    line[Text("Run").render(language)] = row.run_id
    if any(other.failure is not None for other in board.rows):
        line[Text("Failure").render(language)] = "" if row.failure is None else row.failure.render(language)
    return line


def _spread(name: Text, found: CVScore, language: str) -> dict[str, Any]:
    return {
        name.render(language): found.mean,
        Text("{name} (±)", name=name).render(language): found.half_width,
    }


def _interval(name: Text, found: Interval | None, language: str) -> dict[str, Any]:
    if found is None:
        return {}
    return {
        name.render(language): found.value,
        Text("{name} (from)", name=name).render(language): found.low,
        Text("{name} (to)", name=name).render(language): found.high,
    }
