"""Who is looking at the page: the workspace behind the cookie of this browser.

Started as ``streamlit run app.py``, the server sets the cookie and no script in the page can read it. Started
as ``streamlit run Home.py`` there is no place to set it from, so a component writes it. Where neither works,
for instance because the browser refuses cookies, the workspace lives as long as the tab.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from mlp_core.accounts import COOKIE
from pages._ui.server import COOKIE_SECONDS
from pages._ui.services import services

_WORKSPACE: Final = "visitor.workspace"
_TOKEN: Final = "visitor.token"

_WRITE_COOKIE: Final = st.components.v2.component(
    "pythie_visitor",
    js="""
export default function ({ data }) {
  const secure = window.location.protocol === "https:" ? "; Secure" : ""
  document.cookie =
    `${data.name}=${data.token}; Path=/; Max-Age=${data.seconds}; SameSite=Lax${secure}`
}
""",
)


def workspace_id() -> str:
    """Return the id of this visitor's workspace; the same one in every run of this tab."""
    # Cookies are those of the first connection of a tab, so they are asked once.
    if _WORKSPACE not in st.session_state:
        sessions = services().sessions
        found = sessions.find(st.context.cookies.get(COOKIE))
        if found is None:
            found = services().workspaces.new_id()
            st.session_state[_TOKEN] = sessions.start(found)
        st.session_state[_WORKSPACE] = found
    return str(st.session_state[_WORKSPACE])


def remember() -> None:
    """Let the browser keep its token where the server could not; to be called once in every run."""
    workspace_id()
    token = st.session_state.get(_TOKEN)
    if token is None:
        return
    with st.container(key="visitor"):
        st.html("<style>.st-key-visitor { display: none }</style>")
        data = {"name": COOKIE, "token": token, "seconds": COOKIE_SECONDS}
        _WRITE_COOKIE(data=data, key="visitor.cookie")
