"""What a person saved from the pages: found, looked at, renamed, taken along, deleted."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from mlp_core.storage.artifacts import EXTENSIONS
from mlp_core.storage.artifacts.embedded import EmbeddedArtifacts
from mlp_core.text import Text
from pages._ui import acting, downloads, moments, projects, saved_preview, shell, state, steps, visitor
from pages._ui import project_actions as actions
from pages._ui.found import size
from pages._ui.i18n import md, named, t
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.accounts import Owner
    from mlp_core.storage.artifacts import Artifact

CLOUD_COPY: Final = "project"
"""The page of what is kept for the app itself: the cloud's copies of projects."""

KINDS: Final = (
    ("csv", Text("Table"), "table"),
    ("png", Text("Picture"), "image"),
    ("pdf", Text("PDF document"), "picture_as_pdf"),
    ("html", Text("Web page"), "article"),
    ("skops", Text("Model (skops)"), "model_training"),
    ("joblib", Text("Model (joblib)"), "model_training"),
    ("json", Text("Data for programs"), "data_object"),
    ("project", Text("Project file"), "folder_zip"),
)

_ORDERS: Final = (
    ("new", Text("Newest first")),
    ("old", Text("Oldest first")),
    ("name", Text("By name")),
    ("large", Text("Largest first")),
)
_AT_ONCE: Final = 25
_FIELD_PIXELS: Final = 200
_LIST_SECONDS: Final = 5.0
"""So long a list is good for what a person types into the search."""

_MEGABYTE: Final = 1 << 20
_NEARLY: Final = 0.9
"""A share of the room from which on the bar warns."""


def draw() -> None:
    """Draw the room taken, the search, and the things that answer it."""
    downloads.localize()
    owner = visitor.owner()
    _room(owner)
    things = _things(owner)
    _trouble(owner)
    if not things:
        shell.nothing_yet(
            t("Nothing is saved yet."),
            t("“Save” on a page keeps what you see there: a table, a figure, a model, the page as a PDF."),
            steps.step("visualize"),
        )
        return
    found = _sorted(_search(things))
    if not found:
        st.caption(t("Nothing you saved fits this search."))
    shown = int(state.recall("saved.shown", _AT_ONCE))
    for thing in found[:shown]:
        _thing(owner, thing)
    if len(found) > shown:
        st.button(
            t("Show {count:n} more", count=min(_AT_ONCE, len(found) - shown)),
            key="saved.more",
            on_click=lambda: state.remember("saved.shown", shown + _AT_ONCE),
        )


def label(kind: str) -> str:
    """Return the name of a kind of thing."""
    return next((t(words) for name, words, _ in KINDS if name == kind), kind)


def _icon_of(kind: str) -> str:
    return next((icon for name, _, icon in KINDS if name == kind), "draft")


def page_name(page: str) -> str:
    """Return the name of the page that something was saved from."""
    return next((t(step.title) for step in steps.STEPS if step.id == page), t("Home"))


def _room(owner: Owner) -> None:
    """Draw how much of the person's room is taken, by projects and saved things together."""
    settings = services().settings
    most = settings.guest_quota_mb if owner.is_guest else settings.quota_mb
    usage = services().artifacts.usage(owner)
    taken = services().library.usage_bytes(owner.id) + usage.bytes
    share = min(1.0, taken / max(1, most * _MEGABYTE))
    words = t("{taken} of {most:n} MB", taken=size(taken), most=most)
    together = t("projects and saved things together")
    full = " py-full" if share >= _NEARLY else ""
    st.html(
        f'<div class="py-room{full}"><b>{escape(words)}</b><small>{escape(together)}</small>'
        f'<span class="py-gaps"><i style="width:{max(share, 0.004):.1%}"></i></span></div>'
    )


def _things(owner: Owner) -> list[Artifact]:
    """Return what the person sees of their saved things; asked again once something was done."""
    key = (owner.id, acting.key(""))
    known, since, things = state.recall("saved.list", (None, 0.0, []))
    if known != key or time.monotonic() - since > _LIST_SECONDS:
        things = [thing for thing in services().artifacts.list(owner) if thing.page != CLOUD_COPY]
        state.remember("saved.list", (key, time.monotonic(), things))
    return list(things)


def _trouble(owner: Owner) -> None:
    """Say why things are not in the cloud yet, or the list may be old, where something stands in the way."""
    artifacts = services().artifacts
    if not isinstance(artifacts, EmbeddedArtifacts):
        trouble = artifacts.trouble(owner)
        if trouble is not None:
            st.caption(f":material/cloud_off: {md(trouble.message)}")


def _search(things: Sequence[Artifact]) -> list[Artifact]:
    """Draw the search and return what answers it."""
    kinds = [name for name, _, _ in KINDS if any(thing.kind == name for thing in things)]
    pages = sorted({thing.page for thing in things}, key=page_name)
    with st.grid(4, min_column_width=_FIELD_PIXELS, vertical_alignment="bottom"):
        words = st.text_input(
            t("Search"),
            type="search",
            live=True,
            key="saved.search",
            icon=":material/search:",
            placeholder=t("Part of a name"),
        )
        kind = st.selectbox(
            t("What"),
            ["", *kinds],
            format_func=named({"": t("Everything"), **{k: label(k) for k in kinds}}),
            key="saved.kind",
        )
        page = st.selectbox(
            t("From page"),
            ["", *pages],
            format_func=named({"": t("Any"), **{p: page_name(p) for p in pages}}),
            key="saved.page",
        )
        order = dict(_ORDERS)
        st.selectbox(t("Order"), list(order), format_func=named(order), key="saved.order")
    wanted = _bare(words or "")
    return [
        thing
        for thing in things
        if wanted in _bare(thing.name) and kind in ("", thing.kind) and page in ("", thing.page)
    ]


def _sorted(things: list[Artifact]) -> list[Artifact]:
    ways: dict[str, tuple[Callable[[Artifact], Any], bool]] = {
        "new": (lambda thing: thing.created, True),
        "old": (lambda thing: thing.created, False),
        "name": (lambda thing: _bare(thing.name), False),
        "large": (lambda thing: thing.size, True),
    }
    by, backwards = ways[state.widget("saved.order")]
    return sorted(things, key=by, reverse=backwards)


def _bare(words: str) -> str:
    """Return words without case and accents, so that a search finds “Épreuve” by “epreuve”."""
    parts = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).strip()


def _thing(owner: Owner, thing: Artifact) -> None:
    """Draw one thing with its buttons, and below them what the last one asked for."""
    with st.container(border=True, key=f"py-item-{thing.id}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"py-line-{thing.id}"):
            st.html(_words(thing))
            with st.container(horizontal=True, gap="xsmall", width="content", key=f"icons-saved-{thing.id}"):
                _buttons(thing)
        with shell.showing_errors():
            if acting.is_open(f"saved.look.{thing.id}"):
                saved_preview.draw(owner, thing)
                if thing.kind == "project":
                    _open_as_project(owner, thing)
            elif acting.is_open(f"saved.rename.{thing.id}"):
                _rename(thing)
            elif acting.is_open(f"saved.delete.{thing.id}"):
                _delete(thing)


def _words(thing: Artifact) -> str:
    parts = [label(thing.kind), page_name(thing.page), size(thing.size), moments.ago(thing.created)]
    waits = t("kept here, not yet in the cloud")
    mark = f' <span class="py-mark">{escape(waits)}</span>' if thing.pending else ""
    when = escape(moments.clock(thing.created))
    return (
        f'<div class="py-item py-kind"><i aria-hidden="true">{_icon_of(thing.kind)}</i>'
        f"<div><b>{escape(thing.name)}</b>{mark}"
        f'<small title="{when}">{escape(" · ".join(parts))}</small></div></div>'
    )


def _buttons(thing: Artifact) -> None:
    """Draw the buttons as icons; their words, hidden by the style, are what a screen reader says."""
    looking = acting.is_open(f"saved.look.{thing.id}")
    _icon(
        "look",
        "visibility_off" if looking else "visibility",
        t("Close") if looking else t("Look at it"),
        thing,
        acting.fold if looking else acting.unfold,
    )
    _icon("rename", "edit", t("Rename"), thing, acting.unfold)
    extension, media = EXTENSIONS[thing.kind]
    artifacts = services().artifacts
    downloads.icon(
        t("Download"),
        lambda of: artifacts.get(of, thing.id),
        file_name=f"{actions.file_stem(thing.name)}.{extension}",
        mime=media,
        key=f"saved.download.{thing.id}",
    )
    _icon("delete", "delete", t("Delete"), thing, acting.unfold)


def _icon(name: str, icon: str, words: str, thing: Artifact, pressed: Callable[..., None]) -> None:
    st.button(
        words,
        key=acting.key(f"saved.{name}.{thing.id}"),
        icon=f":material/{icon}:",
        help=words,
        type="tertiary",
        on_click=pressed,
        args=() if pressed is acting.fold else (f"saved.{name}.{thing.id}",),
    )


def _rename(thing: Artifact) -> None:
    name = projects.renaming(thing.name, f"saved.renaming.{thing.id}")
    if name is not None:
        with acting.whole():
            services().artifacts.rename(visitor.check().owner, thing.id, name or thing.name)
            acting.done(Text("It has its new name."))


def _delete(thing: Artifact) -> None:
    st.markdown(md("Delete {name}? It cannot be undone.", name=thing.name))
    with st.container(horizontal=True):
        if st.button(t("Delete it"), key=acting.key(f"saved.deleting.{thing.id}.danger")):
            with acting.whole():
                services().artifacts.delete(visitor.check().owner, thing.id)
                acting.done(Text("{name} is deleted.", name=thing.name))
        st.button(t("Keep it"), key=acting.key(f"saved.keep.{thing.id}"), on_click=acting.fold)


def _open_as_project(owner: Owner, thing: Artifact) -> None:
    if st.button(t("Open it as a project"), key=acting.key(f"saved.project.{thing.id}")):
        with acting.whole():
            actions.enter(actions.bring(services().artifacts.get(owner, thing.id)))
            acting.done(Text("{name} is open.", name=thing.name))
