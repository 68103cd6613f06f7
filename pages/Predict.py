"""Predict: how far a model can be trusted, and what it says of new cases."""

import streamlit as st

from pages._ui import asking, saving_models, shell, state
from pages._ui.i18n import t

project = shell.opening("predict")
shell.require_source(project)
row, board, folder = asking.chosen_model(project)

views = {
    "quality": t("How good it is"),
    "held_out": t("Held-out rows"),
    "one": t("One case"),
    "file": t("A file of cases"),
    "model": t("The model itself"),
}
view = st.segmented_control(
    t("View"),
    list(views),
    default=state.recall("predict.view", "quality"),
    required=True,
    format_func=views.__getitem__,
    key="predict.view",
    label_visibility="collapsed",
)
state.remember("predict.view", view)

shown = None
with shell.showing_errors():
    if view == "quality":
        asking.quality(row)
    elif view == "held_out":
        asking.held_out(row)
    elif view == "one":
        shown = asking.one_case(row)
    elif view == "file":
        shown = asking.file_of_cases(project, row, board)
    else:
        asking.model_files(row, folder)
saving_models.predict(project, row, board, folder, view, shown)
