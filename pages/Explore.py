"""Explore: the recipe's steps, what each does, and the table that comes out."""

import streamlit as st

from mlp_core.clean import OPERATIONS
from pages._ui import actions, cache, forms, recipe_steps, results, saving_tables, shell
from pages._ui.i18n import named, t

project = shell.opening("explore")
source = shell.require_source(project)
recipe = project.recipe
facts = cache.trace(source, recipe)

with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader(t("Cleaning steps"), anchor=False)
    st.space("stretch")
    recipe_steps.undo_and_redo(project)

if not len(recipe):
    st.write(t("No step yet: the table is as it was read. Add the first one below."))
for position in range(len(recipe)):
    recipe_steps.row(recipe, facts, position, source)

with st.expander(t("Add a step"), expanded=not len(recipe), icon=":material/add:"), shell.showing_errors():
    chosen = st.selectbox(
        t("Step"),
        # A join is proposed beside the tables, where its relation is shown.
        [op.id for op in OPERATIONS if not op.joins],
        format_func=named({op.id: op.label for op in OPERATIONS}),
        key="explore.step",
    )
    st.caption(t(OPERATIONS.help(chosen)))
    standing = recipe_steps.standing(source, recipe)
    values = forms.draw(OPERATIONS[chosen], standing, key=f"explore.new.{chosen}.{len(recipe)}")
    if st.button(t("Add this step"), type="primary", key="explore.add"):
        actions.set_recipe(recipe_steps.with_checked(source, recipe, chosen, values), over=recipe)
        st.rerun()

cleaned = shell.cleaned_or_stop(source, project.recipe)
st.subheader(t("The table after these steps"), anchor=False)
recipe_steps.before_and_after(source, cleaned)
results.frame(cleaned.frame, key="explore.table", height=420)
saving_tables.explore(project, source, facts, cleaned)
