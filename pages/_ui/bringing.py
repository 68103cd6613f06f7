"""The ways to bring a table: a file, pasted text, an address or a path, a built-in sample."""

from __future__ import annotations

import streamlit as st

from mlp_core.project import Project
from mlp_core.read import FORMATS, SAMPLES
from pages._ui import actions, reading_job, shell, state
from pages._ui.i18n import md, plain, t


def draw(project: Project) -> None:
    """Draw every way; folded away once there is a table, or one is coming."""
    turn = state.recall("upload.opened", 0)
    if project.source is None and not state.is_reading(project):
        with st.container(key="upload-first"):
            _ways(turn)
    else:
        # A new key for each table: folded again, and with nothing left of the former one.
        with st.expander(
            t("Bring another table"), icon=":material/upload_file:", key=f"upload.another.{turn}"
        ):
            _ways(turn)


def _ways(turn: int) -> None:
    settings = state.settings()
    ways = {t("A file"): _file, t("Pasted text"): _pasted}
    if settings.allow_urls or settings.allow_paths:
        ways[t("An address or a path") if settings.allow_paths else t("An address")] = _elsewhere
    ways[t("A built-in sample")] = _samples
    for tab, way in zip(st.tabs(list(ways), key=f"upload.ways.{turn}"), ways.values(), strict=True):
        with tab:
            way(turn)


def _file(turn: int) -> None:
    limit = state.settings().max_upload_mb
    uploaded = st.file_uploader(
        t("A file that holds a table"),
        key=f"upload.file.{turn}",
        max_upload_size=limit,
        help=t("Format, encoding, separator, decimal comma, header and missing values are found for you."),
    )
    st.caption(_formats())
    if uploaded is not None and state.first_time("upload.file", uploaded.file_id):
        with shell.showing_errors(), st.spinner(t("Reading {name}…", name=uploaded.name)):
            reading_job.bring(uploaded.name, uploaded.getvalue())
            st.rerun()


def _pasted(turn: int) -> None:
    # A form, so that leaving the field does not send the text before the button is pressed.
    with st.form(f"upload.pasted.{turn}", border=False), shell.showing_errors():
        words = st.text_area(
            t("Cells copied from a spreadsheet, a page or a message"),
            key=f"upload.pasted.text.{turn}",
            height=180,
            placeholder="\n".join((t("name;age;city"), "Ada;36;London", "Blaise;39;Paris")),
        )
        if st.form_submit_button(t("Read this text"), type="primary"):
            reading_job.bring(t("pasted text"), (words or "").encode())
            st.rerun()


def _elsewhere(turn: int) -> None:
    settings = state.settings()
    labels = {
        (True, True): t("A public address (https://…), or a path in the folder of this server"),
        (True, False): t("A public address (https://…)"),
        (False, True): t("A path in the folder of this server"),
    }
    with st.form(f"upload.elsewhere.{turn}", border=False), shell.showing_errors():
        where = st.text_input(
            labels[settings.allow_urls, settings.allow_paths], key=f"upload.elsewhere.text.{turn}"
        )
        if st.form_submit_button(t("Read it"), type="primary") and where.strip():
            with st.spinner(t("Reading {name}…", name=plain(where))):
                reading_job.bring(*actions.content_at(where))
            st.rerun()


def _samples(turn: int) -> None:
    with shell.showing_errors(), st.grid(3):
        for sample in SAMPLES:
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{md(sample.label)}**")
                st.markdown(md(sample.story))
                st.caption(f":material/warning: {md(sample.traps)}")
                st.caption(f":material/target: {md('Usual target: {name}', name=sample.target)}")
                st.space("stretch")
                if st.button(t("Open this sample"), key=f"upload.sample.{sample.id}"):
                    actions.open_sample(sample.id)
                    reading_job.close(state.reading(state.project()))
                    st.rerun()


def _formats() -> str:
    """Return what a file may be, the usual formats first."""
    usual = ("delimited", "workbook")
    ordered = sorted(FORMATS, key=lambda one: usual.index(one.id) if one.id in usual else len(usual))
    return t(
        "{formats}; also packed as gz, bz2, xz, zst or zip",
        formats=" · ".join(t(one.label) for one in ordered),
    )
