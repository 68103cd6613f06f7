"""The form that gives several spellings one name: the values of a column, each beside its new name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from mlp_core.table import Table
from pages._ui import cache
from pages._ui.i18n import t

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 1000
"""Values that are listed, the most frequent first; those that are already named are always there."""

_NAME: Final = "name"


def draw(value: Any, table: Table | None, column: str, *, label: str, hint: str | None, key: str) -> Any:
    """Draw the values of a column beside their names, and return the groups that bear one name.

    Parameters
    ----------
    value : mapping of str to sequence of str, or its pairs
        The groups to begin with.
    """
    given = {one: name for name, ones in dict(value).items() for one in ones}
    st.markdown(label, help=hint)
    edited = st.data_editor(
        _listed(given, table, column),
        key=f"{key}.{column}",
        hide_index=True,
        height=300,
        disabled=["value", "count"],
        placeholder="–",
        column_config={
            "value": st.column_config.TextColumn(t("Value")),
            "count": st.column_config.NumberColumn(t("Cells")),
            _NAME: st.column_config.TextColumn(t("Is to be called")),
        },
    )
    groups: dict[str, list[str]] = {}
    for one, name in zip(edited["value"], edited[_NAME], strict=True):
        named = str(name or "").strip()
        if named and named != one:
            groups.setdefault(named, []).append(one)
    return groups


def _listed(given: Mapping[str, str], table: Table | None, column: str) -> pd.DataFrame:
    import pandas as pd

    counts: dict[str, int] = {}
    if table is not None and column in table.kinds:
        counts = cache.values_of(table, column, MOST)
    counts = {**dict.fromkeys(given, 0), **counts}
    return pd.DataFrame(
        {
            "value": list(counts),
            "count": list(counts.values()),
            _NAME: pd.Series([given.get(one) for one in counts], dtype="str"),
        }
    )
