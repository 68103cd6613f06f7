"""Upload: a file or a sample becomes the project's table, and is known at a glance."""

import streamlit as st

from pages._ui import actions, cache, reading, results, shell, state
from pages._ui.i18n import named, t

project = shell.opening("upload")
limit = state.settings().max_upload_mb

uploaded = st.file_uploader(
    t("A CSV or TSV file, up to {limit:n} MB", limit=limit),
    key="upload.file",
    max_upload_size=limit,
    help=t("Separator, encoding, decimal comma, header and missing values are found for you."),
)
if uploaded is not None and state.first_time("upload.file", uploaded.file_id):
    with shell.showing_errors(), st.spinner(t("Reading {name}…", name=uploaded.name)):
        actions.open_file(uploaded.name, uploaded.getvalue())
        st.rerun()

with (
    st.expander(t("Open a built-in sample"), expanded=project.source is None, icon=":material/dataset:"),
    shell.showing_errors(),
):
    reading.samples()

if project.source is not None:
    table = shell.require_source(project)
    facts = cache.profile(table)
    st.subheader(t("What is in it"), anchor=False)
    reading.glance(table, facts)
    reading.report(project, table)
    reading.alerts(facts)
    view = st.segmented_control(
        t("Show"),
        ["table", "columns"],
        default="table",
        required=True,
        format_func=named({"table": t("The table"), "columns": t("Its columns")}),
        key="upload.view",
        label_visibility="collapsed",
    )
    if view == "table":
        results.frame(table.frame, key="upload.table", height=460)
    else:
        results.frame(reading.columns(facts), key="upload.columns", height=460)
