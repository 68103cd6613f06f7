"""Train: say what to predict, choose models, follow the job, read the leaderboard."""

import streamlit as st

from pages._ui import actions, alerts, cache, plan_form, results, saving_models, shell, state, training
from pages._ui.i18n import t

project = shell.opening("train")
source = shell.require_source(project)
table = shell.require_table(project)

plan = plan_form.draw(project, table)
if plan.to_json() != project.plan:
    project = state.change(lambda latest: latest.with_plan(plan.to_json()))

alerts.before_training(table, project.recipe, plan.target or None)
with shell.showing_errors():
    started = st.button(
        t("Train"),
        type="primary",
        icon=":material/play_arrow:",
        key="train.start",
        disabled=state.running(project),
    )
    if started:
        actions.start_training(plan)
        st.rerun()

training.panel(project)
board = cache.latest_board(project)
if board is not None:
    st.subheader(t("Leaderboard"), anchor=False)
    training.verdict(board)
    results.leaderboard_figure(board, key="train.figure")
    results.leaderboard(board, key="train.board")
    training.small_print(board)
saving_models.train(project, board)
