"""Steps that another page proposes for the recipe: what mends an alert, and the kind of a column."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from mlp_core import params
from mlp_core.clean import OPERATIONS, Operation, Recipe, operation_from_json
from mlp_core.errors import MLPError
from mlp_core.kinds import Kind
from mlp_core.table import Table
from pages._ui import actions, cache, recipe_steps, state
from pages._ui.i18n import plain, t

CHANGE_KIND: Final = "change_kind"
DROP_COLUMNS: Final = "drop_columns"


def operation(fix: Mapping[str, Any] | None) -> Operation | None:
    """Return the step that an alert proposes; None where it proposes none that can be taken."""
    if fix is None:
        return None
    try:
        return operation_from_json(fix)
    except MLPError:
        return None


def place(recipe: Recipe, proposed: Operation) -> int | None:
    """Return where the recipe already holds this very step, switched on; None where it does not."""
    for position, step in enumerate(recipe.steps):
        if step.enabled and step.operation.to_json() == proposed.to_json():
            return position
    return None


def covered(recipe: Recipe, proposed: Operation) -> int | None:
    """Return where the recipe does what a step proposes: the same, or the same to more columns."""
    exact = place(recipe, proposed)
    if exact is not None:
        return exact
    for position, step in enumerate(recipe.steps):
        if step.enabled and _covers(step.operation, proposed):
            return position
    return None


def _covers(step: Operation, proposed: Operation) -> bool:
    columns = set(proposed.named_columns())
    if not columns or not columns <= set(step.named_columns()):
        return False
    if step.id == DROP_COLUMNS:
        return True
    given, wanted = params.values(step), params.values(proposed)
    return step.id == proposed.id and {**given, "columns": ()} == {**wanted, "columns": ()}


def take(proposed: Operation) -> None:
    """Add a proposed step to the recipe as it stands now; a second click finds it there."""
    project = state.project()
    recipe = project.recipe
    if place(recipe, proposed) is not None:
        return
    try:
        given = proposed.to_json()
        changed = recipe_steps.with_checked(cache.table(project), recipe, given["id"], given["params"])
        actions.set_recipe(changed, over=recipe)
        state.remember("proposing.taken", given)
        _say(t("Step added: {step}.", step=proposed.describe()))
    except MLPError as error:
        state.say_later(error)


def give_back(proposed: Operation) -> None:
    """Remove a proposed step from the recipe as it stands now."""
    recipe = state.project().recipe
    position = place(recipe, proposed)
    if position is None:
        return
    try:
        actions.set_recipe(recipe.removed(position), over=recipe)
        _say(t("Step taken back: {step}.", step=proposed.describe()))
    except MLPError as error:
        state.say_later(error)


def last_taken(recipe: Recipe) -> Operation | None:
    """Return the step that was taken last in this tab, as long as the recipe ends with it."""
    proposed = operation(state.recall("proposing.taken"))
    if proposed is None or place(recipe, proposed) != len(recipe) - 1:
        return None
    return proposed


def kinds_to_choose() -> list[Kind]:
    """Return the kinds that a column can be given."""
    return [Kind(kind) for kind in params.declared(OPERATIONS[CHANGE_KIND])["kind"].choices]


def kinds_chosen(recipe: Recipe) -> dict[str, Kind]:
    """Return the kinds that the recipe's own steps give to columns, the last one where there are several."""
    return {
        name: Kind(step.kind)
        for step in recipe.operations()
        if step.id == CHANGE_KIND
        for name in step.columns
    }


def choose_kind(source: Table, name: str, key: str) -> None:
    """Give a column the kind that stands in a widget, as a step; its own kind takes the step back."""
    recipe = state.project().recipe
    chosen = Kind(state.widget(key))
    try:
        changed = _without_kind(recipe, name)
        if chosen is not source.kinds[name]:
            values = {"columns": (name,), "kind": str(chosen)}
            changed = recipe_steps.with_checked(source, changed, CHANGE_KIND, values)
        actions.set_recipe(changed, over=recipe)
        if len(changed) and chosen is not source.kinds[name]:
            _say(t("Step added: {step}.", step=changed.steps[-1].operation.describe()))
    except MLPError as error:
        state.say_later(error)
        # The page tells it at its top, which may be far above the control.
        st.toast(plain(t(error.message)), icon=":material/error:")
    # The control begins anew from what stands now, also where the choice was refused.
    state.remember("proposing.turn", state.recall("proposing.turn", 0) + 1)


def _without_kind(recipe: Recipe, name: str) -> Recipe:
    """Return the recipe in which no step changes the kind of this column."""
    kept = []
    for step in recipe.steps:
        if step.operation.id == CHANGE_KIND and name in step.operation.columns:
            others = tuple(other for other in step.operation.columns if other != name)
            if others:
                kept.append(
                    dataclasses.replace(step, operation=dataclasses.replace(step.operation, columns=others))
                )
        else:
            kept.append(step)
    return Recipe(kept)


def _say(words: str) -> None:
    st.toast(plain(words), icon=":material/check_circle:")
