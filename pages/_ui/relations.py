"""Which columns go together, with a chosen one or each with each, and which are missing together."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.profile.measures import MEASURES
from pages._ui import cache, results, sparks, state
from pages._ui.i18n import decimal, md, n, pct, plain, t

if TYPE_CHECKING:
    from mlp_core.profile import Association, Profile
    from mlp_core.table import Table

SHOWN: Final = 12
"""Pairs of columns in one list; what is weaker says little."""

SIDE: Final = 400
"""Pixels that one of two sides needs; where there are fewer, they stand one below the other."""

MOST_CELLS: Final = 24
"""Columns of the map of all pairs; with more, names and numbers could not be read."""


def draw(table: Table, facts: Profile, target: str | None) -> None:
    """Draw what goes together with one column, and the map of all pairs.

    Parameters
    ----------
    target : str, optional
        The column that the person wants to predict, with which the list begins.
    """
    found = facts.associations
    if not len(found):
        st.write(t("No two columns can be compared: it takes two that vary and that are no free text."))
        return
    every = t("Each with each: the closest pairs")
    chosen = st.selectbox(
        t("What goes together with"),
        [None, *found.columns],
        ([*found.columns].index(target) + 1) if target in found.columns else 0,
        format_func=lambda name: every if name is None else name,
        key=f"upload.relations.{table.fingerprint[:8]}",
        width=420,
    )
    pairs = found.pairs
    if chosen is not None:
        with st.spinner(t("Looking what goes together with {name}…", name=plain(chosen))):
            pairs = cache.profile(table, chosen).associations.with_target(chosen)
    sides = st.grid(2, min_column_width=SIDE, gap="large")
    with sides.cell():
        _list(pairs[:SHOWN], chosen)
        if found.estimated:
            words = md(
                "Estimated from {rows:n} of {all:n} rows, drawn at random.",
                rows=found.rows,
                all=found.of_rows,
            )
            st.caption(words)
        _how()
        _skipped(facts)
    with sides.cell():
        figure = cache.pair_map(table, _mapped(pairs, chosen), state.language(), state.theme())
        results.figure(figure, key="upload.relations.map")


def together(facts: Profile) -> None:
    """Draw how many rows are complete, and which columns are missing in the same rows."""
    missing = facts.missing
    if not missing.cells:
        st.write(t("Nothing is missing in this table."))
        return
    complete = missing.complete_rows
    st.markdown(
        md(
            "{rows:n} of {all:n} rows are complete ({share:pct}).",
            rows=complete,
            all=facts.rows,
            share=complete / max(1, facts.rows),
        )
    )
    sides = st.grid(2, min_column_width=SIDE, gap="large")
    with sides.cell():
        st.markdown(f"**{t('Missing values in a row')}**")
        st.html(_per_row(missing.per_row, facts.rows))
    with sides.cell():
        st.markdown(f"**{t('Missing in the same rows')}**")
        if not missing.together:
            st.caption(t("No two columns are missing together more often than by chance."))
        for pair in missing.together[:SHOWN]:
            words = t(
                "{count:n} {count|row|rows} · {share:pct} of those where either is missing",
                count=pair.count,
                share=pair.share,
            )
            st.html(_pair(f"{pair.left} · {pair.right}", pair.share, words))


def _list(pairs: Sequence[Association], chosen: str | None) -> None:
    lines = []
    for pair in pairs:
        name = f"{pair.left} · {pair.right}" if chosen is None else pair.other(chosen)
        words = t(
            "{measure} {value} [{low}, {high}]",
            measure=MEASURES[pair.measure].label,
            value=decimal(pair.value),
            low=decimal(pair.low),
            high=decimal(pair.high),
        )
        lines.append(_pair(name, pair.strength, words))
    st.html("".join(lines))


def _pair(name: str, share: float, words: str) -> str:
    return (
        f'<div class="py-pair"><b title="{escape(name)}">{escape(name)}</b>{sparks.strength(share)}'
        f"<small>{escape(words)}</small></div>"
    )


def _how() -> None:
    with st.popover(t("How this is measured"), type="tertiary", icon=":material/help:"):
        for measure in MEASURES.values():
            st.markdown(f"**{t(measure.label)}**: {plain(t(measure.help))}")
        st.caption(t("In brackets: the interval that holds the true value in 95 of 100 such tables."))


def _skipped(facts: Profile) -> None:
    skipped = facts.associations.skipped
    if skipped:
        with st.popover(t("{count:n} {count|column|columns} left out", count=len(skipped)), type="tertiary"):
            for one in skipped[:30]:
                st.markdown(f"- {md('{column}: {why}', column=one.column, why=one.why)}")


def _per_row(per_row: Sequence[tuple[int, int]], rows: int) -> str:
    lines = []
    for missing, count in per_row[:SHOWN]:
        label = n(missing)
        lines.append(
            f"<span>{escape(label)}</span>"
            f'<span><i style="width:{count / max(1, rows):.1%}"></i></span>'
            f"<span>{escape(n(count))} · {escape(pct(count / max(1, rows)))}</span>"
        )
    return f'<div class="py-levels">{"".join(lines)}</div>'


def _mapped(pairs: Sequence[Association], chosen: str | None) -> tuple[str, ...]:
    """Return the columns of the map: the chosen one first, then those of the closest pairs."""
    names = dict.fromkeys([chosen] if chosen is not None else [])
    for pair in pairs:
        if len(names) >= MOST_CELLS:
            break
        names |= dict.fromkeys((pair.left, pair.right))
    return tuple(names)[:MOST_CELLS]
