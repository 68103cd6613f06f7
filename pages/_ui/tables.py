"""The tables of a project: what each holds, how it belongs to the main one, and the step that joins it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import streamlit as st

from mlp_core.clean import JoinTable, Recipe, join_of
from mlp_core.clean.aggregate import CATEGORIES, NUMBERS, USUAL_CATEGORIES, USUAL_NUMBERS
from mlp_core.clean.join import AGGREGATE, HOW, LOOKUP
from mlp_core.errors import MLPError
from mlp_core.kinds import NUMERIC, Kind
from mlp_core.project import Project
from mlp_core.read.linked import LinkedTable, reached
from mlp_core.read.relate import Relation, relate
from mlp_core.read.sql import Source, TableFile
from mlp_core.storage.source import SourceRef
from mlp_core.table import Table
from pages._ui import actions, cache, recipe_steps, shell, state, tables_actions
from pages._ui.i18n import md, named, pct, t

SURE: Final = 0.6
"""A surer key is not looked for by way of another table."""

Ways: TypeAlias = tuple[tuple[Relation, Source], ...]


def draw(project: Project) -> None:
    """Draw every table of the project, the relations to the main one, and the way to add another."""
    assert project.source is not None
    st.subheader(t("Tables of this project"), anchor=False)
    with st.container(border=True):
        st.markdown(f"**{md(project.source.name)}** :gray-badge[{t('Main table')}]")
        st.caption(_size(project.source))
    for ref in project.others:
        with st.container(border=True), shell.showing_errors():
            _other(project, ref)
    with st.expander(t("Add another table"), icon=":material/add:", key="tables.add"), shell.showing_errors():
        _add(project)


def _add(project: Project) -> None:
    st.caption(
        t("It is joined to the main table by a key; the rows of the main table stay as they are, each once.")
    )
    limit = state.settings().max_upload_mb
    uploaded = st.file_uploader(t("A file that holds a table"), key="tables.file", max_upload_size=limit)
    if uploaded is not None and state.first_time("tables.file", uploaded.file_id):
        with st.spinner(t("Reading {name}…", name=uploaded.name)):
            tables_actions.add_table(uploaded.name, uploaded.getvalue())
        st.rerun()
    for ref in project.sources:
        parts = _parts_left(project, ref)
        if parts:
            _add_part(ref, parts)


def _add_part(ref: SourceRef, parts: list[str]) -> None:
    key = f"tables.part.{ref.fingerprint}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(t("Another part of {name}", name=ref.origin), parts, key=key)
        if st.button(t("Add this part"), key=f"{key}.add"):
            tables_actions.add_part(ref, chosen)
            st.rerun()


def _parts_left(project: Project, ref: SourceRef) -> list[str]:
    """Return the parts of a table's file that the project does not hold; none for all but its first table."""
    family = [one for one in project.sources if one.original and one.original == ref.original]
    if not family or family[0] is not ref:
        return []
    held = {one.report.part for one in family}
    return [part for part in ref.report.parts if part not in held]


def _other(project: Project, ref: SourceRef) -> None:
    words, buttons = st.columns([3, 2], vertical_alignment="center")
    words.markdown(f"**{md(ref.name)}**")
    words.caption(_size(ref))
    with buttons, st.container(horizontal=True, horizontal_alignment="right"):
        _button(t("Make it the main table"), "main", ref, tables_actions.make_main)
        _button(t("Remove"), "remove", ref, tables_actions.remove_table)
    standing = recipe_steps.standing(cache.table(project), project.recipe)
    with st.spinner(t("Looking for a common key…")):
        ways = ways_to(standing, project.files(), ref.fingerprint)
    joined = [
        number
        for number, step in enumerate(project.recipe, start=1)
        if ref.fingerprint in step.operation.needs()
    ]
    if joined:
        numbers = [str(number) for number in joined]
        st.caption(
            t(
                "Joined in {count|step|steps} {numbers:list} of the recipe.",
                count=len(joined),
                numbers=numbers,
            )
        )
    if not ways:
        st.caption(t("No column of it has values in common with a column of the main table."))
        return
    chosen, right = _key(ref, ways)
    st.markdown(md(chosen.sentence))
    if state.recall("tables.open") != ref.fingerprint:
        opening = t("Sum up per key…") if chosen.multiplies else t("Join…")
        if st.button(opening, key=f"tables.open.{ref.fingerprint}", icon=":material/join:"):
            state.remember("tables.open", ref.fingerprint)
            st.rerun()
        return
    _form(project, standing, ref, chosen, right)


def _key(ref: SourceRef, ways: Ways) -> tuple[Relation, Source]:
    """Ask for the key where several are possible, the surest first."""
    names = {place: _way(relation, right) for place, (relation, right) in enumerate(ways)}
    place = st.selectbox(t("Key"), list(names), format_func=named(names), key=f"tables.key.{ref.fingerprint}")
    return ways[place or 0]


def _way(relation: Relation, right: Source) -> str:
    between = (
        f" · {t('by way of {table}', table=right.between.name)}" if isinstance(right, LinkedTable) else ""
    )
    return between.join(
        (
            t("{here:list} = {there:list}", here=relation.left_columns, there=relation.right_columns),
            t(" ({sure} sure)", sure=pct(relation.sure)),
        )
    )


def _form(project: Project, standing: Table, ref: SourceRef, relation: Relation, right: Source) -> None:
    """Draw what to bring, what will happen, and the button that adds the step."""
    key = f"tables.form.{ref.fingerprint}"
    recipe = project.recipe
    how = AGGREGATE
    if not relation.multiplies:
        how = (
            st.segmented_control(
                t("For each row"),
                list(HOW),
                default=LOOKUP,
                required=True,
                format_func=named(HOW),
                key=f"{key}.how",
            )
            or LOOKUP
        )
    brought = [name for name in ref.kinds if name not in relation.right_columns]
    columns = st.multiselect(t("Columns to bring"), brought, key=f"{key}.columns", placeholder=t("All"))
    step = join_of(relation, right, standing.kinds, how=how, columns=columns)
    if how == AGGREGATE:
        step = _with_summaries(step, ref, key)
    with st.spinner(t("Looking what it would do…")):
        _will_happen(cache.table(project), recipe, step, relation)
    with st.container(horizontal=True):
        if st.button(t("Add this step"), type="primary", key=f"{key}.add"):
            changed = recipe_steps.with_checked(
                cache.table(project), recipe, step.id, step.to_json()["params"]
            )
            actions.set_recipe(changed, over=recipe)
            state.remember("tables.open", None)
            st.rerun()
        st.button(t("Close"), key=f"{key}.close", on_click=lambda: state.remember("tables.open", None))


def _with_summaries(step: JoinTable, ref: SourceRef, key: str) -> JoinTable:
    """Ask how the rows of one key are summed up, and return the step that does."""
    from dataclasses import replace

    left, right = st.columns(2)
    numbers = left.multiselect(
        t("Of numbers"), list(NUMBERS), list(USUAL_NUMBERS), format_func=named(NUMBERS), key=f"{key}.numbers"
    )
    categories = right.multiselect(
        t("Of categories"),
        list(CATEGORIES),
        list(USUAL_CATEGORIES),
        format_func=named(CATEGORIES),
        key=f"{key}.categories",
    )
    step = replace(step, numbers=tuple(numbers), categories=tuple(categories))
    if "last" not in (*numbers, *categories):
        return step
    ordering = [name for name, kind in ref.kinds.items() if kind in {*NUMERIC, Kind.DATETIME}]
    by = st.selectbox(
        t("The last row is the one with the highest"),
        ordering,
        index=None,
        key=f"{key}.by",
        placeholder=t("The last in the file"),
    )
    return replace(step, by=by or "")


def _will_happen(source: Table, recipe: Recipe, step: JoinTable, relation: Relation) -> None:
    fact = cache.trace(source, recipe.added(step))[-1]
    if fact.problem is not None:
        raise fact.problem
    st.info(
        md(
            "{rows:n} rows before, {after:n} after. {added:n} {added|column comes|columns come} along: "
            "{names:list}. {orphans:n} {orphans|row finds|rows find} nothing and "
            "{orphans|gets|get} missing values.",
            rows=fact.rows_before,
            after=fact.rows_after,
            added=fact.columns_after - fact.columns_before,
            names=step.new_columns(),
            orphans=relation.orphans_left,
        ),
        icon=":material/join:",
    )


def _button(label: str, name: str, ref: SourceRef, act: Callable[[str], Any]) -> None:
    def pressed() -> None:
        try:
            act(ref.fingerprint)
        except MLPError as error:
            state.say_later(error)

    st.button(label, key=f"tables.{name}.{ref.fingerprint}", type="tertiary", on_click=pressed)


def _size(ref: SourceRef) -> str:
    return t(
        "{rows:n} {rows|row|rows} × {columns:n} {columns|column|columns}", rows=ref.rows, columns=ref.columns
    )


def ways_to(left: Table, files: Mapping[str, TableFile], fingerprint: str) -> Ways:
    """Return how one of the other tables belongs to a table, found once for their content.

    Where it shares no sure key with it, a third of the project's tables may stand between.
    """
    names = tuple((name, file.name) for name, file in files.items())
    return _ways_to(left.fingerprint, left.name, names, fingerprint, left, files)


@st.cache_resource(max_entries=32, ttl="1h", show_spinner=False)
def _ways_to(
    left: str,
    left_name: str,
    names: tuple[tuple[str, str], ...],
    fingerprint: str,
    _left: Table,
    _files: Mapping[str, TableFile],
) -> Ways:
    right = _files[fingerprint]
    direct: Ways = tuple((relation, right) for relation in relate(_left, right))
    if direct and direct[0][0].sure >= SURE:
        return direct
    betweens = [file for name, file in _files.items() if name != fingerprint]
    return tuple(sorted((*direct, *reached(_left, right, betweens)), key=lambda way: -way[0].sure))
