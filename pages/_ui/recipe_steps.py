"""The steps of a recipe as rows with their buttons: edit, on or off, up, down, remove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mlp_core.clean import OPERATIONS, Recipe, StepFacts, operation_from_json
from mlp_core.errors import MLPError
from mlp_core.project import Project
from mlp_core.table import Table
from pages._ui import actions, cache, forms, shell, state
from pages._ui.i18n import md, n, t


def undo_and_redo(project: Project) -> None:
    """Draw the two buttons that walk through the recipe's history."""
    st.button(
        t("Undo"),
        key="explore.undo",
        icon=":material/undo:",
        disabled=not project.can_undo,
        on_click=lambda: state.change(lambda latest: latest.undone()),
    )
    st.button(
        t("Redo"),
        key="explore.redo",
        icon=":material/redo:",
        disabled=not project.can_redo,
        on_click=lambda: state.change(lambda latest: latest.redone()),
    )


def row(recipe: Recipe, facts: list[StepFacts], position: int, source: Table) -> None:
    """Draw one step: its sentence, its effect, its buttons, and its form while it is edited."""
    step, fact = recipe.steps[position], facts[position]
    with st.container(border=True):
        words, buttons = st.columns([3, 2], vertical_alignment="center")
        sentence = f"**{position + 1}.** {md(step.operation.describe())}"
        words.markdown(sentence if step.enabled else f":gray[{sentence}]")
        words.caption(_effect(fact) if step.enabled else t("This step is off."))
        # The buttons show their icon only; their words, hidden by the style, are what a screen reader says.
        key = f"icons-explore-{position}"
        with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="xsmall", key=key):
            _buttons(recipe, position)
        if fact.problem is not None:
            shell.show(fact.problem)
        if state.recall("explore.editing") == position:
            _edit(recipe, position, source)


def standing(source: Table, recipe: Recipe) -> Table:
    """Return the table as a new step would find it; as it was read where an earlier step does not fit."""
    try:
        return cache.cleaned(source, recipe)
    except MLPError:
        return source


def with_checked(
    source: Table, recipe: Recipe, id_: str, values: Mapping[str, Any], at: int | None = None
) -> Recipe:
    """Return the recipe with a step added, or replaced at a position, once it is seen to fit the table.

    Raises
    ------
    MLPError
        The step does not fit the table as it stands there.
    """
    operation = operation_from_json({"id": id_, "params": values})
    changed = recipe.added(operation) if at is None else recipe.replaced(at, operation)
    problem = cache.trace(source, changed)[len(changed) - 1 if at is None else at].problem
    if problem is not None:
        raise problem
    return changed


def before_and_after(source: Table, cleaned: Table) -> None:
    """Draw rows, columns and missing values as read, and after the steps."""
    before, after = cache.profile(source), cache.profile(cleaned)
    shell.facts(
        [
            (t("Rows"), _change(before.rows, after.rows)),
            (t("Columns"), _change(len(source.kinds), len(cleaned.kinds))),
            (t("Missing values"), _change(before.missing_cells, after.missing_cells)),
        ]
    )


def _buttons(recipe: Recipe, position: int) -> None:
    def button(name: str, icon: str, words: str, changed: Any, *, disabled: bool = False) -> None:
        st.button(
            words,
            key=f"explore.{name}.{position}",
            icon=f":material/{icon}:",
            help=words,
            disabled=disabled,
            type="tertiary",
            on_click=changed,
        )

    def put(changed: Recipe) -> None:
        state.remember("explore.editing", None)
        try:
            actions.set_recipe(changed, over=recipe)
        except MLPError as error:
            state.say_later(error)

    enabled = recipe.steps[position].enabled
    last = position == len(recipe) - 1
    button("edit", "edit", t("Edit"), lambda: _toggle_editing(position))
    button(
        "switch",
        "toggle_on" if enabled else "toggle_off",
        t("Switch off") if enabled else t("Switch on"),
        lambda: put(recipe.switched(position)),
    )
    button(
        "up",
        "arrow_upward",
        t("Move up"),
        lambda: put(recipe.moved(position, position - 1)),
        disabled=not position,
    )
    button(
        "down",
        "arrow_downward",
        t("Move down"),
        lambda: put(recipe.moved(position, position + 1)),
        disabled=last,
    )
    button("remove", "delete", t("Remove"), lambda: put(recipe.removed(position)))


def _toggle_editing(position: int) -> None:
    state.remember("explore.editing", None if state.recall("explore.editing") == position else position)


def _edit(recipe: Recipe, position: int, source: Table) -> None:
    operation = recipe.steps[position].operation
    earlier = standing(source, Recipe(recipe.steps[:position]))
    with shell.showing_errors():
        values = forms.draw(
            OPERATIONS[operation.id],
            earlier,
            key=f"explore.edit.{position}.{operation.id}",
            current=operation.to_json()["params"],
        )
        if st.button(t("Save this step"), type="primary", key=f"explore.save.{position}"):
            actions.set_recipe(with_checked(source, recipe, operation.id, values, at=position), over=recipe)
            state.remember("explore.editing", None)
            st.rerun()


def _effect(fact: StepFacts) -> str:
    return t(
        "Rows: {rows} · missing values: {missing} · columns: {columns}",
        rows=_change(fact.rows_before, fact.rows_after),
        missing=_change(fact.missing_before, fact.missing_after),
        columns=_change(fact.columns_before, fact.columns_after),
    )


def _change(before: int, after: int) -> str:
    return n(after) if before == after else f"{n(before)} → {n(after)}"
