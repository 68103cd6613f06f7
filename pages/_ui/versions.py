"""The earlier versions of the open project, each with what was changed after it, and the way back to it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from mlp_core.text import Text
from pages._ui import acting, moments, shell, visitor
from pages._ui import project_actions as actions
from pages._ui.i18n import t
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.library import Entry, Version


def draw(entry: Entry) -> None:
    """Draw the versions of a project, newest first; nothing where it was never changed."""
    owner_id = visitor.owner().id
    found = services().library.versions(owner_id, entry.id)
    st.subheader(t("Earlier versions of the open project"), anchor=False)
    if not found:
        st.caption(t("None yet: each change of the project keeps the version before it, the last 20."))
        return
    st.caption(
        t("Each line is the project as it was then. Restoring one is a change that can be taken back.")
    )
    with st.container(key="py-versions", gap=None):
        for version in found:
            _version(entry, version)


def _version(entry: Entry, version: Version) -> None:
    words = (
        f'<div class="py-version"><span title="{escape(moments.clock(version.when))}">'
        f"{escape(moments.ago(version.when))}</span><b>{escape(t(version.what))}</b></div>"
    )
    with (
        st.container(horizontal=True, vertical_alignment="center", key=f"py-line-version-{version.revision}"),
        shell.showing_errors(),
    ):
        st.html(words)
        key = acting.key(f"versions.restore.{version.revision}")
        if st.button(t("Restore"), key=key, type="tertiary", icon=":material/history:"):
            with acting.whole():
                services().library.restore(visitor.check().owner.id, entry.id, version.revision)
                actions.changed(entry.id)
                acting.done(Text("The project is again as it was {ago}.", ago=moments.ago(version.when)))
