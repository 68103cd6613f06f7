"""Upload: a file, a text or a sample becomes the project's table, and is known at a glance."""

import streamlit as st

from pages._ui import bringing, cache, columns, found, reading, results, shell, state
from pages._ui.i18n import named, t

project = shell.opening("upload")
bringing.draw(project)

if project.source is not None:
    table = shell.require_source(project)
    facts = cache.profile(table)
    st.subheader(t("What is in it"), anchor=False)
    found.glance(facts)
    reading.report(project, table)
    found.alerts(facts)
    views = {"table": t("The table"), "columns": t("Its columns")}
    view = st.segmented_control(
        t("Show"),
        list(views),
        default=state.recall("upload.view", "table"),
        required=True,
        format_func=named(views),
        key="upload.view",
        label_visibility="collapsed",
    )
    state.remember("upload.view", view)
    if view == "table":
        results.frame(table.frame, key="upload.table", height=460)
    else:
        results.frame(columns.facts(facts), key="upload.columns", height=460)
