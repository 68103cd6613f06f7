"""Forms drawn from declared parameters: one control per field, whatever the item is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mlp_core import params
from mlp_core.params import Param, Shape
from mlp_core.table import Table
from pages._ui import merging
from pages._ui.i18n import named, t


def draw(
    item: Any, table: Table | None, *, key: str, current: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Draw a control for every declared parameter and return what stands in them.

    Parameters
    ----------
    item : class
        A registered dataclass.
    table : Table or None
        Where column fields find their columns.
    key : str
        Prefix of the widgets' keys.
    current : mapping, optional
        Values to begin with; the defaults otherwise.
    """
    values: dict[str, Any] = {}
    start = {**params.defaults(item), **(current or {})}
    for name, param in params.declared(item).items():
        if param.shown_when and values.get(param.shown_when[0]) not in param.shown_when[1]:
            values[name] = start[name]
            continue
        if param.shape is Shape.GROUPS:
            values[name] = merging.draw(
                start[name],
                table,
                str(values.get("column", "")),
                label=t(param.label),
                hint=t(param.help) if param.help else None,
                key=f"{key}.{name}",
            )
            continue
        values[name] = control(param, start[name], table, f"{key}.{name}")
    return values


def control(param: Param, value: Any, table: Table | None, key: str) -> Any:
    label, hint = t(param.label), t(param.help) if param.help else None
    if param.shape in (Shape.NUMBER, Shape.INTEGER):
        return _number(param, value, label, hint, key)
    if param.shape is Shape.SWITCH:
        return st.toggle(label, value=value, help=hint, key=key)
    if param.shape is Shape.WORDS:
        return st.text_input(label, value=value, help=hint, key=key)
    if param.shape is Shape.CHOICE:
        options = list(param.choices)
        return st.selectbox(
            label,
            options,
            options.index(value),
            format_func=named(param.choices),
            help=hint,
            key=key,
        )
    if param.shape is Shape.VALUES:
        # What a person types becomes a choice of its own.
        given = st.multiselect(
            label,
            list(value),
            list(value),
            help=hint,
            key=key,
            accept_new_options=True,
            placeholder=t("None"),
        )
        return tuple(given)
    columns = table.columns(*param.kinds) if table else []
    if param.shape is Shape.COLUMNS:
        chosen = [name for name in value if name in columns]
        return tuple(
            st.multiselect(
                label,
                columns,
                chosen,
                help=hint,
                key=key,
                placeholder=t("Choose columns") if param.least else t("All"),
            )
        )
    index = columns.index(value) if value in columns else (None if param.optional or not columns else 0)
    return st.selectbox(label, columns, index, help=hint, key=key, placeholder=t("None")) or ""


def _number(param: Param, value: Any, label: str, hint: str | None, key: str) -> float | int:
    whole = param.shape is Shape.INTEGER
    cast = int if whole else float
    low = cast(param.low) if param.low is not None else None
    high = cast(param.high) if param.high is not None else None
    step = 1 if whole else None
    shown = "%d" if whole else ("%.4g" if abs(value) < 0.01 else None)
    return st.number_input(
        label, min_value=low, max_value=high, value=cast(value), step=step, format=shown, help=hint, key=key
    )
