"""The table beside another: as it is after the steps, another file, another table of the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.project import Project
from mlp_core.table import Table
from mlp_core.text import Text
from pages._ui import cache, shell, sparks, state
from pages._ui.i18n import md, t

if TYPE_CHECKING:
    from mlp_core.profile.compare import Comparison, Shift

SHOWN: Final = 20
"""Columns whose change is shown, the greatest first."""

_SIZES: Final[Mapping[str, Text]] = {
    "small": Text("a little"),
    "large": Text("much"),
}


def draw(project: Project, table: Table) -> None:
    """Ask what to compare the table with, and draw what has changed."""
    ways = {ref.fingerprint: md(ref.name) for ref in project.others}
    if project.recipe.operations():
        ways = {"steps": t("The table after the cleaning steps"), **ways}
    ways["file"] = t("Another file")
    way = st.segmented_control(
        t("Compare with"),
        list(ways),
        default=next(iter(ways)),
        required=True,
        format_func=ways.__getitem__,
        key=f"upload.compare.{len(ways)}",
        wrap=True,
    )
    with shell.showing_errors():
        other = _other(project, table, way)
        if other is not None:
            found = cache.comparison(table, other)
            # Of course the rows that the steps left stand in the table they were taken from.
            _show(replace(found, shared_rows=0) if way == "steps" else found)


def _other(project: Project, table: Table, way: str) -> Table | None:
    if way == "steps":
        return _after_the_steps(project, table)
    for ref in project.others:
        if ref.fingerprint == way:
            return cache.other(project, ref)
    return _other_file()


def _after_the_steps(project: Project, table: Table) -> Table:
    cleaned = cache.cleaned(table, project.recipe)
    name = t("{name} after the steps", name=table.name)
    return replace(cleaned, name=name, known_fingerprint=cleaned.fingerprint)


def _other_file() -> Table | None:
    uploaded = st.file_uploader(
        t("A file to compare with, such as the test rows or last year’s"),
        key="upload.compare.file",
        max_upload_size=state.settings().max_upload_mb,
    )
    if uploaded is None:
        return None
    with st.spinner(t("Reading {name}…", name=uploaded.name)):
        return cache.read(uploaded.name, uploaded.getvalue())


def _show(found: Comparison) -> None:
    for verdict in found.verdicts:
        st.markdown(f"- {md(verdict)}")
    shown = found.shifted[:SHOWN]
    if shown:
        st.html(f'<div class="py-shifts">{"".join(_line(shift) for shift in shown)}</div>')
    if len(found.shifted) > SHOWN:
        st.caption(t("The {count:n} columns that changed most are shown.", count=SHOWN))


def _line(shift: Shift) -> str:
    return (
        f'<div><b title="{escape(shift.column)}">{escape(shift.column)}</b>'
        f"<span>{sparks.strength(shift.amount)}<small>{escape(t(_SIZES[shift.size]))}</small></span>"
        f"<span>{escape(t(shift.verdict))}</span></div>"
    )
