"""Home: the project at a glance and the next step; for a first visitor, the shortest way to a result."""

import streamlit as st

from pages._ui import actions, cache, results, saving_models, shell, state, steps, training
from pages._ui.i18n import md, t

project = state.project()
if project.source is None:
    st.html(f'<p class="py-hero">{t("From a data file to a result you can defend.")}</p>')
    st.html(
        '<p class="py-lead">'
        + t(
            "Pythie reads your table, cleans it in steps you can undo, compares honest models with "
            "a baseline, and answers for new cases. Without a line of code."
        )
        + "</p>"
    )
    st.space("small")
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        if st.button(
            t("See a result on a sample"), type="primary", icon=":material/bolt:", key="start.quick"
        ):
            with shell.showing_errors():
                actions.quick_result()
                st.switch_page(steps.step("train").path)
        st.page_link(
            steps.step("upload").path, label=t("Bring your own table"), icon=steps.step("upload").icon
        )
    st.space("medium")
    training.promises()
    st.stop()

table = shell.require_source(project)
board = cache.latest_board(project)
coming = training.coming_step(project, board)
with st.container(horizontal=True, vertical_alignment="center"):
    st.html(f'<p class="py-eyebrow">{t("Your project")}</p>', width="content")
    st.space("stretch")
    state.keep_slot("saving")
st.title(md(project.source.name), anchor=False)
training.verdict(board)
shell.recipe_works(table, project.recipe)
training.glance(project, table, board)
with st.container(border=True, horizontal=True, vertical_alignment="center"):
    st.markdown(t("**Next step.** {lead}", lead=coming.lead))
    st.space("stretch")
    st.page_link(coming.path, label=t("Go to {step}", step=coming.title), icon=coming.icon)
if board is not None:
    results.leaderboard_figure(board, key="start.board")
saving_models.home(project, table, board)
