"""Read-only links to the open project: made for a while, shown as an address and a code, withdrawn."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import streamlit as st

from mlp_core.text import Text
from pages._ui import acting, moments, projects, qr, shell, state, visitor
from pages._ui.i18n import named, plain, t
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.library import Entry, Share

PAGE: Final = "shared"
"""The address of the page behind a link."""

QUERY: Final = "link"

_TIMES: Final = (
    (1 / 24, Text("1 hour")),
    (1.0, Text("1 day")),
    (7.0, Text("7 days")),
    (30.0, Text("30 days")),
)


def draw() -> None:
    """Draw the way to a new link to the open project, the links it has, and those of the other projects."""
    owner_id, here = visitor.owner().id, visitor.project_id()
    entries = {entry.id: entry for entry in services().library.projects(owner_id)}
    open_one = entries.get(here)
    if open_one is not None:
        _new(open_one)
    shares = services().shares.list(owner_id)
    mine = [share for share in shares if share.project_id == here]
    for share in mine:
        _link(share)
    others = [share for share in shares if share.project_id != here and share.project_id in entries]
    if others:
        st.subheader(t("To your other projects"), anchor=False)
        for share in others:
            _link(share, entries[share.project_id])


def address(token: str) -> str:
    """Return what a link leads to, as the visitor's own browser reaches this server."""
    here = urlsplit(st.context.url or "")
    origin = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    base = here.path.rstrip("/").removesuffix("/account")
    return f"{origin}{base}/{PAGE}?{QUERY}={token}"


def _new(entry: Entry) -> None:
    with st.form(acting.key("links.new")), shell.showing_errors():
        st.markdown(f"**{plain(projects.title(entry))}**")
        st.markdown(
            t(
                "Who has the link sees this project as it stands then: its first rows, its steps and "
                "its scores. "
                "They can change nothing, take no file, and see nothing else of you."
            )
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            times = dict(_TIMES)
            days = st.segmented_control(
                t("The link works for"),
                list(times),
                default=state.recall("links.days", 1.0),
                required=True,
                format_func=named(times),
                key=acting.key("links.days"),
            )
            asked = st.form_submit_button(
                t("Make a link"), type="primary", icon=":material/add_link:", key=acting.key("links.go")
            )
        if asked:
            state.remember("links.days", days)
            with acting.whole():
                services().shares.make(visitor.check().owner.id, entry.id, days=float(days))
                acting.done(Text("The link is made. It works until you withdraw it, or its time is over."))


def _link(share: Share, of: Entry | None = None) -> None:
    """Draw one link: what it leads to, until when, its address, its code, and the way to withdraw it."""
    until = t(
        "works for {left} more, until {moment}",
        left=moments.left(share.expires),
        moment=moments.clock(share.expires),
    )
    name = escape(projects.title(of)) if of is not None else escape(t("Read-only link"))
    with st.container(border=True, key=f"py-item-{share.id}"), shell.showing_errors():
        with st.container(horizontal=True, vertical_alignment="center", key=f"py-line-{share.id}"):
            st.html(f'<div class="py-item"><b>{name}</b><small>{escape(until)}</small></div>')
            showing = acting.is_open(f"links.code.{share.id}")
            st.button(
                t("Close") if showing else t("Code for the projector"),
                key=acting.key(f"links.code.{share.id}"),
                icon=":material/qr_code_2:",
                on_click=acting.fold if showing else acting.unfold,
                args=() if showing else (f"links.code.{share.id}",),
            )
            if st.button(
                t("Withdraw"), key=acting.key(f"links.withdraw.{share.id}"), icon=":material/link_off:"
            ):
                with acting.whole():
                    services().shares.withdraw(visitor.check().owner.id, share.id)
                    acting.done(Text("The link is withdrawn: it leads nowhere now."))
        leads_to = address(share.token)
        st.code(leads_to, language=None, wrap_lines=True)
        if showing:
            _code(leads_to)


def _code(leads_to: str) -> None:
    """Draw the code in full size, black on white in either theme, as every phone reads it."""
    words = escape(t("The address of this link as a code"))
    st.html(f'<div class="py-code"><img alt="{words}" src="{qr.picture(leads_to)}"></div>')
