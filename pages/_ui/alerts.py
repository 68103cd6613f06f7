"""What to look at before modelling: each alert with its reason, its evidence and the step that mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.clean import Recipe
from mlp_core.profile import Severity
from mlp_core.table import Table
from mlp_core.text import Text
from pages._ui import cache, proposing, state
from pages._ui.i18n import md, t

if TYPE_CHECKING:
    from mlp_core.clean import Operation
    from mlp_core.profile import Alert

FIRST: Final = 6
"""So many alerts are shown at once; the others on demand."""

_NAMES: Final[Mapping[str, Text]] = {
    Severity.SERIOUS: Text("Serious"),
    Severity.WARNING: Text("To look at"),
    Severity.INFO: Text("Good to know"),
}


def draw(recipe: Recipe, found: Sequence[Alert], *, key: str) -> None:
    """Draw the alerts, the most severe first, each with a button that adds the step it proposes.

    Parameters
    ----------
    recipe : Recipe
        As it stands; an alert whose step it holds shows as handled.
    found : sequence of Alert
        What was found.
    key : str
        Prefix of the widgets' keys.
    """
    order = list(_NAMES)
    ranked = sorted(found, key=lambda alert: order.index(alert.severity))
    shown = ranked
    if len(ranked) > FIRST and not state.recall(f"{key}.all", False):
        shown = ranked[:FIRST]
    for position, alert in enumerate(shown):
        _card(recipe, alert, f"{key}.{position}")
    if len(ranked) > FIRST:
        more = len(shown) < len(ranked)
        st.button(
            t("Show all {count:n}", count=len(ranked)) if more else t("Show fewer"),
            key=f"{key}.more",
            type="tertiary",
            icon=":material/unfold_more:" if more else ":material/unfold_less:",
            on_click=state.remember,
            args=(f"{key}.all", more),
        )


def taken(recipe: Recipe, *, key: str) -> None:
    """Draw what the last click on a proposed step did, with its undo at hand."""
    last = proposing.last_taken(recipe)
    if last is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}.taken"):
        st.markdown(f":green[:material/check_circle:] {md('Step added: {step}.', step=last.describe())}")
        st.button(
            t("Undo"),
            key=f"{key}.undo",
            type="tertiary",
            icon=":material/undo:",
            on_click=proposing.give_back,
            args=(last,),
        )


def before_training(table: Table, recipe: Recipe, target: str | None) -> None:
    """Draw what may mislead a model of the chosen target, folded away where nothing is serious.

    Parameters
    ----------
    table : Table
        With the recipe applied: what a step has mended is not found any more.
    """
    found = cache.alerts(table, target)
    taken(recipe, key="train.alert")
    if not found:
        return
    serious = any(alert.severity is Severity.SERIOUS for alert in found)
    label = t("Before you train: {count:n} {count|thing|things} to look at", count=len(found))
    icon = ":material/warning:" if serious else ":material/visibility:"
    with st.expander(label, expanded=serious, icon=icon, key="train.alerts"):
        draw(recipe, found, key="train.alert")


def _card(recipe: Recipe, alert: Alert, key: str) -> None:
    proposed = proposing.operation(alert.fix)
    place = None if proposed is None else proposing.covered(recipe, proposed)
    with (
        st.container(border=True, key=f"py-alert-{key.replace('.', '-')}"),
        st.container(horizontal=True, vertical_alignment="center", key=f"py-line-{key.replace('.', '-')}"),
    ):
        st.html(_words(alert, proposed, place), width="stretch")
        if proposed is None:
            return
        if place is None:
            st.button(
                t("Fix"),
                key=f"{key}.fix",
                icon=":material/build:",
                on_click=proposing.take,
                args=(proposed,),
            )
        elif place == proposing.place(recipe, proposed):
            st.button(
                t("Take back"),
                key=f"{key}.back",
                icon=":material/undo:",
                type="tertiary",
                on_click=proposing.give_back,
                args=(proposed,),
            )


def _words(alert: Alert, proposed: Operation | None, place: int | None) -> str:
    handled = place is not None
    mark = t("Handled") if handled else t(_NAMES[alert.severity])
    lines = [f'<b>{escape(t(alert.message))}</b> <span class="py-mark">{escape(mark)}</span>']
    lines.append(f"<p>{escape(t(alert.reason))}</p>")
    if alert.evidence is not None:
        lines.append(f"<small>{escape(t(alert.evidence))}</small>")
    if proposed is not None:
        step = proposed.describe()
        words = (
            t("Step {number:n} of the recipe does it.", number=place + 1)
            if place is not None
            else t("Proposed step: {step}.", step=step)
        )
        lines.append(f"<small><i>{escape(words)}</i></small>")
    kind = "handled" if handled else alert.severity.value
    return f'<div class="py-alert py-{kind}">{"".join(lines)}</div>'
