"""The columns of a table, a page of them at a time: kind, gaps, distribution, and one of them in full."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.kinds import LABELS, Kind
from mlp_core.project import Project
from mlp_core.table import Table
from pages._ui import column_detail, proposing, sparks, state
from pages._ui.i18n import brief, day, md, named, pct, span, t

if TYPE_CHECKING:
    from mlp_core.profile import ColumnFacts, Profile

SHOWN: Final = 15
"""Columns on one page: with thousands, a page would otherwise hold thousands of controls."""


def draw(project: Project, table: Table, facts: Profile) -> None:
    """Draw the columns that are asked for, a page at a time."""
    found = _asked(facts) if len(facts.columns) > SHOWN else list(facts.columns)
    if not found:
        st.write(t("No column is called so."))
        return
    place = 1
    pages = -(-len(found) // SHOWN)
    if pages > 1:
        place = min(pages, state.recall("upload.columns.page", 1))
    chosen = proposing.kinds_chosen(project.recipe)
    for position, column in enumerate(found[(place - 1) * SHOWN : place * SHOWN]):
        _row(table, column, chosen.get(column.name, column.kind), position)
    if pages > 1:
        turned = st.pagination(pages, default=place, key=f"upload.columns.page.{table.fingerprint}")
        if turned != place:
            state.remember("upload.columns.page", turned)
            st.rerun()


def _asked(facts: Profile) -> list[ColumnFacts]:
    """Ask for a part of a name and an order, and return the columns that fit."""
    orders = {
        "file": t("As in the file"),
        "missing": t("Most missing first"),
        "distinct": t("Most different values first"),
        "name": t("By name"),
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(t("Find a column"), key="upload.columns.find", icon=":material/search:")
        order = st.selectbox(t("Order"), list(orders), format_func=named(orders), key="upload.columns.order")
    found = [one for one in facts.columns if words.casefold() in one.name.casefold()]
    if order == "file":
        return found
    if order == "name":
        return sorted(found, key=lambda one: one.name.casefold())
    return sorted(found, key=lambda one: one.missing if order == "missing" else one.distinct, reverse=True)


def _row(table: Table, column: ColumnFacts, kind: Kind, position: int) -> None:
    opened = state.recall("upload.column") == column.name
    with st.container(border=True, key=f"py-column-{position}"):
        words, choice, closer = st.columns([8, 5, 1], vertical_alignment="center", gap="small")
        words.html(_line(column))
        _kind(choice, table, column, kind)
        # The button shows its icon only; its words, hidden by the style, are what a screen reader says.
        with closer, st.container(key=f"icons-column-{position}"):
            st.button(
                md("Look closer at {name}", name=column.name),
                key=f"upload.column.{position}",
                icon=":material/expand_less:" if opened else ":material/expand_more:",
                help=t("Close") if opened else t("Look closer"),
                type="tertiary",
                on_click=state.remember,
                args=("upload.column", None if opened else column.name),
            )
        if opened:
            column_detail.draw(column)


def _kind(where: st.delta_generator.DeltaGenerator, table: Table, column: ColumnFacts, kind: Kind) -> None:
    options = list(dict.fromkeys([column.kind, *proposing.kinds_to_choose()]))
    # The key holds what stands there, so that an undo elsewhere shows here at once.
    key = f"upload.kind.{table.fingerprint[:8]}.{column.name}.{kind}.{state.recall('proposing.turn', 0)}"
    where.selectbox(
        md("Kind of {name}", name=column.name),
        options,
        options.index(kind),
        format_func=named({option: LABELS[option] for option in options}),
        key=key,
        label_visibility="collapsed",
        on_change=proposing.choose_kind,
        args=(table, column.name, key),
        disabled=column.kind is Kind.EMPTY,
    )


def _line(column: ColumnFacts) -> str:
    missing = (
        t("{share} missing", share=pct(column.share_missing)) if column.missing else t("nothing missing")
    )
    return (
        '<div class="py-column">'
        f'<div><b title="{escape(column.name)}">{escape(column.name)}</b>'
        f"{sparks.gaps(column.share_missing)}<small>{escape(missing)}</small></div>"
        f"<div>{sparks.distribution(column)}</div>"
        f'<div><span class="py-values">{escape(_first(column))}</span>'
        f"<small>{escape(_second(column))}</small></div></div>"
    )


def _first(column: ColumnFacts) -> str:
    """Return the one thing that says most about the values."""
    if column.minimum is not None:
        written = span if column.kind is Kind.DURATION else brief
        if column.minimum == column.maximum:
            return written(column.minimum)
        return t("{low} to {high}", low=written(column.minimum), high=written(column.maximum))
    if column.earliest and column.latest:
        return t("{low} to {high}", low=day(column.earliest), high=day(column.latest))
    if sparks.repeats(column):
        return ", ".join(
            f"{sparks.name(value)} {pct(count / column.present)}" for value, count in column.top[:3]
        )
    return ", ".join(column.examples)


def _second(column: ColumnFacts) -> str:
    words = t("{count:n} different", count=column.distinct)
    if column.median is not None:
        written = span if column.kind is Kind.DURATION else brief
        return t("median {median} · {words}", median=written(column.median), words=words)
    return words if column.distinct else ""
