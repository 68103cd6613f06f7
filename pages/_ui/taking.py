"""The profile of a table as files: a page that stands alone, a sheet, and data for programs."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING

import streamlit as st

from mlp_core.clean import OPERATIONS
from pages._ui import state
from pages._ui.i18n import t

if TYPE_CHECKING:
    from mlp_core.profile import Profile


def draw(facts: Profile) -> None:
    """Draw a button for each form; the files are made when they are asked for."""
    language, stem = state.language(), PurePath(facts.name).stem or "table"
    st.write(t("What is known of this table, to print, to send or to work with elsewhere."))
    with st.container(horizontal=True):
        st.download_button(
            t("One page (HTML)"),
            lambda: facts.to_html(language, steps={one.id: one.label for one in OPERATIONS}),
            file_name=f"{stem}-profile.html",
            mime="text/html",
            icon=":material/description:",
            on_click="ignore",
            key="upload.take.html",
        )
        st.download_button(
            t("One row per column (CSV)"),
            facts.to_csv,
            file_name=f"{stem}-profile.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="upload.take.csv",
        )
        st.download_button(
            t("For programs (JSON)"),
            lambda: json.dumps(facts.to_json(), ensure_ascii=False, indent=1),
            file_name=f"{stem}-profile.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
            key="upload.take.json",
        )
    st.caption(t("The page needs nothing but a browser: no network, no other file."))
