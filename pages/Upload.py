"""Upload: a file, a text or a sample becomes the project's table, and is known at a glance."""

import streamlit as st

from pages._ui import (
    alerts,
    bringing,
    cache,
    columns,
    comparing,
    found,
    reading,
    reading_job,
    relations,
    results,
    saving_tables,
    shell,
    state,
    tables,
    taking,
)
from pages._ui.i18n import named, t

project = shell.opening("upload")
bringing.draw(project)

if not reading_job.panel(project) and project.source is not None:
    table = shell.require_source(project)
    with st.spinner(t("Looking at every column…")):
        facts = cache.profile(table)
    st.subheader(t("What is in it"), anchor=False)
    found.glance(facts)
    reading.report(project, table)

    if facts.alerts:
        st.subheader(t("What matters"), anchor=False)
        alerts.draw(project.recipe, facts.alerts, key="upload.alert")

    st.subheader(t("A closer look"), anchor=False)
    views = {
        "columns": t("Its columns"),
        "table": t("The table"),
        "relations": t("What goes together"),
        "missing": t("What is missing"),
        "compare": t("Beside another table"),
        "tables": t("Several tables"),
        "take": t("To take with you"),
    }
    view = st.segmented_control(
        t("Show"),
        list(views),
        default=state.recall("upload.view", "columns"),
        required=True,
        format_func=named(views),
        key="upload.view",
        label_visibility="collapsed",
    )
    state.remember("upload.view", view)
    if view == "columns":
        columns.draw(project, table, facts)
    elif view == "table":
        results.frame(table.frame, key="upload.table", height=460)
    elif view == "relations":
        relations.draw(table, facts, (project.plan or {}).get("target"))
    elif view == "missing":
        relations.together(facts)
    elif view == "compare":
        comparing.draw(project, table)
    elif view == "tables":
        tables.draw(project)
    else:
        taking.draw(facts)
    saving_tables.upload(project, table, facts)
