"""The columns of a table, each with its kind, its gaps and its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlp_core.kinds import LABELS
from pages._ui.i18n import n, pct, t

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.profile import ColumnFacts, Profile


def facts(of: Profile) -> pd.DataFrame:
    """Return the facts of every column as a table of shape (n_columns, 9)."""
    import pandas as pd

    rows = [
        {
            t("Column"): column.name,
            t("Kind"): t(LABELS[column.kind]),
            t("Missing"): f"{n(column.missing)} ({pct(column.share_missing)})",
            t("Different values"): n(column.distinct),
            t("Lowest"): _bound(column.minimum, column.earliest),
            t("Mean"): _bound(column.mean),
            t("Median"): _bound(dict(column.quantiles).get(0.5)),
            t("Highest"): _bound(column.maximum, column.latest),
            t("Most frequent, or examples"): _examples(column),
        }
        for column in of.columns
    ]
    return pd.DataFrame(rows)


def _bound(value: float | None, date: str | None = None) -> str:
    return date[:10] if date else "" if value is None else n(float(f"{value:.4g}"))


def _examples(column: ColumnFacts) -> str:
    if column.top and column.top[0][1] > 1:
        return ", ".join(f"{value} ({n(count)})" for value, count in column.top[:3])
    return ", ".join(column.examples)
