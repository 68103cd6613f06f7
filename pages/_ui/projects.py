"""A person's projects: opened, made, brought from a file, renamed, duplicated, taken along, deleted."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.text import Text
from pages._ui import acting, downloads, moments, shell, state, versions, visitor
from pages._ui import project_actions as actions
from pages._ui.actions import require_room
from pages._ui.found import size
from pages._ui.i18n import md, t
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.library import Entry

LONGEST_NAME: Final = 120

_FORM_PIXELS: Final = 520
_AT_ONCE: Final = 25


def draw() -> None:
    """Draw the ways to another project, the projects, newest change first, and the open one's versions."""
    downloads.localize()
    owner, here = visitor.owner(), visitor.project_id()
    entries = services().library.projects(owner.id)
    _ways()
    shown = int(state.recall("projects.shown", _AT_ONCE))
    for entry in entries[:shown]:
        _project(entry, is_open=entry.id == here)
    if len(entries) > shown:
        st.button(
            t("Show {count:n} more", count=min(_AT_ONCE, len(entries) - shown)),
            key="projects.more",
            on_click=lambda: state.remember("projects.shown", shown + _AT_ONCE),
        )
    open_one = next((entry for entry in entries if entry.id == here), None)
    if open_one is not None:
        versions.draw(open_one)


def title(entry: Entry) -> str:
    """Return what a project is called on the page."""
    if entry.title:
        return str(entry.title)
    return t("Project without a name") if entry.tables else t("Empty project")


def _ways() -> None:
    """Draw the buttons to a new project and to one in a file; each unfolds what it needs."""
    with st.container(horizontal=True):
        for name, words, icon in (
            ("projects.new", t("New project"), "add"),
            ("projects.file", t("Bring a .pythie file"), "upload_file"),
        ):
            key, icon = acting.key(f"{name}.open"), f":material/{icon}:"
            st.button(words, key=key, icon=icon, on_click=acting.unfold, args=(name,))
    with shell.showing_errors():
        if acting.is_open("projects.new"):
            _new()
        elif acting.is_open("projects.file"):
            _file()


def _new() -> None:
    with st.form(acting.key("projects.new"), width=_FORM_PIXELS):
        name = st.text_input(
            t("Name of the project"),
            key=acting.key("projects.new.name"),
            max_chars=LONGEST_NAME,
            placeholder=t("Left empty, it bears the name of its table"),
        )
        asked, left = _two_buttons(t("Make it"), "projects.new")
    if left:
        acting.done()
    if asked:
        with acting.whole():
            actions.enter(services().library.create(visitor.check().owner.id, (name or "").strip()))
            acting.done(Text("The new project is open."))


def _file() -> None:
    uploaded = st.file_uploader(
        t("A project saved as a file, from here or from another server"),
        key=acting.key("projects.file"),
        max_upload_size=state.settings().max_upload_mb,
    )
    st.button(t("Close"), key=acting.key("projects.file.close"), on_click=acting.fold)
    if uploaded is None or not state.first_time("projects.file", uploaded.file_id):
        return
    with st.spinner(t("Opening {name}…", name=uploaded.name)), acting.whole():
        actions.enter(actions.bring(uploaded.getvalue()))
        acting.done(Text("The project of the file is open."))


def _project(entry: Entry, *, is_open: bool) -> None:
    """Draw one project with its buttons, and below them what the last one asked for."""
    with st.container(border=True, key=f"py-item-{entry.id}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"py-line-{entry.id}"):
            st.html(_words(entry, is_open))
            opened = not is_open and st.button(t("Open"), key=acting.key(f"projects.open.{entry.id}"))
            with st.container(
                horizontal=True, gap="xsmall", width="content", key=f"icons-project-{entry.id}"
            ):
                duplicated = _buttons(entry)
        with shell.showing_errors():
            if opened:
                with acting.whole():
                    actions.enter(entry.id)
                    acting.done(Text("{name} is open.", name=title(entry)))
            elif duplicated:
                _duplicate(entry)
            elif acting.is_open(f"projects.rename.{entry.id}"):
                _rename(entry)
            elif acting.is_open(f"projects.delete.{entry.id}"):
                _delete(entry)


def _words(entry: Entry, is_open: bool) -> str:
    mark = f' <span class="py-mark py-mark-on">{escape(t("open"))}</span>' if is_open else ""
    lines = [
        f"<b>{escape(title(entry))}</b>{mark}",
        f"<small>{escape(_holds(entry))}</small>",
        f"<small>{escape(t('changed {ago}', ago=moments.ago(entry.changed)))}</small>",
    ]
    return f'<div class="py-item">{"".join(lines)}</div>'


def _holds(entry: Entry) -> str:
    """Return in one line what a project holds."""
    if entry.damaged:
        return t("damaged: it cannot be opened")
    if not entry.tables:
        return t("no table yet")
    parts = [
        t(
            "{rows:n} {rows|row|rows} × {columns:n} {columns|column|columns}",
            rows=entry.rows,
            columns=entry.columns,
        )
    ]
    if entry.tables > 1:
        parts.append(t("{count:n} tables", count=entry.tables))
    parts.append(t("{count:n} cleaning {count|step|steps}", count=entry.steps))
    parts.append(t("{count:n} {count|training|trainings}", count=entry.trainings))
    return " · ".join([*parts, size(entry.bytes)])


def _buttons(entry: Entry) -> bool:
    """Draw the buttons as icons, and say whether the project is to be duplicated.

    Their words, hidden by the style, are what a screen reader says.
    """

    def button(name: str, icon: str, words: str, pressed: Callable[..., None]) -> None:
        st.button(
            words,
            key=acting.key(f"projects.{name}.{entry.id}"),
            icon=f":material/{icon}:",
            help=words,
            type="tertiary",
            on_click=pressed,
            args=(f"projects.{name}.{entry.id}",),
        )

    button("rename", "edit", t("Rename"), acting.unfold)
    words = t("Duplicate")
    duplicated = st.button(
        words,
        key=acting.key(f"projects.duplicate.{entry.id}"),
        icon=":material/content_copy:",
        help=words,
        type="tertiary",
    )
    library = services().library
    downloads.icon(
        t("Take along as a .pythie file"),
        lambda owner: actions.file_of(library, owner.id, entry.id),
        file_name=f"{actions.file_stem(title(entry))}.pythie",
        mime="application/zip",
        key=f"projects.export.{entry.id}",
    )
    button("delete", "delete", t("Delete"), acting.unfold)
    return duplicated


def _duplicate(entry: Entry) -> None:
    name = t("Copy of {name}", name=title(entry))[:LONGEST_NAME]
    require_room(entry.bytes)
    with acting.whole():
        actions.enter(services().library.duplicate(visitor.check().owner.id, entry.id, name))
        acting.done(Text("{name} is open.", name=name))


def _rename(entry: Entry) -> None:
    name = renaming(entry.name, f"projects.renaming.{entry.id}")
    if name is not None:
        with acting.whole():
            services().library.rename(visitor.check().owner.id, entry.id, name)
            actions.changed(entry.id)
            acting.done(Text("The project has its new name."))


def renaming(name: str, key: str) -> str | None:
    """Draw the form for another name; return it once it is given."""
    with st.form(acting.key(key), border=False, width=_FORM_PIXELS):
        chosen = st.text_input(t("Its name"), name, key=acting.key(f"{key}.name"), max_chars=LONGEST_NAME)
        asked, left = _two_buttons(t("Rename"), key)
    if left:
        acting.done()
    return (chosen or "").strip() if asked else None


def _two_buttons(words: str, key: str) -> tuple[bool, bool]:
    """Draw the end of a form: do it, or leave it."""
    with st.container(horizontal=True):
        asked = st.form_submit_button(words, type="primary", key=acting.key(f"{key}.go"))
        left = st.form_submit_button(t("Leave it"), key=acting.key(f"{key}.leave"))
    return bool(asked), bool(left)


def _delete(entry: Entry) -> None:
    st.markdown(
        md(
            "Delete {name} with its tables, trainings, earlier versions and links? It cannot be undone.",
            name=title(entry),
        )
    )
    with st.container(horizontal=True):
        if st.button(t("Delete the project"), key=acting.key(f"projects.deleting.{entry.id}.danger")):
            with acting.whole():
                actions.delete(entry.id)
                acting.done(Text("{name} is deleted.", name=title(entry)))
        st.button(t("Keep it"), key=acting.key(f"projects.keep.{entry.id}"), on_click=acting.fold)
