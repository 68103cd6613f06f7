"""Where a visitor stands: their project, language and theme. Only this module touches session state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from mlp_core.config import Settings
from mlp_core.errors import MLPError
from mlp_core.project import Project
from mlp_core.text import LANGUAGES
from pages._ui import visitor
from pages._ui.services import services

_KEY: Final = "pythie"


def project() -> Project:
    """Return the visitor's project as it was last saved, by this tab or another."""
    return services().workspaces.load(visitor.project_id())


def change(how: Callable[[Project], Project]) -> Project:
    """Apply a change to the latest saved project, save it at once, and return it."""
    return services().workspaces.update(visitor.check().project_id, how)


def tell_cloud(of: Project) -> None:
    """Let the project be kept where the account is, whenever it or its trainings are not as they were."""
    cloud, owner = services().cloud, visitor.owner()
    if cloud is None or owner.is_guest:
        return
    if first_time("cloud.seen", (of.folder.name, of.revision, tuple(of.board_ids()[:1]))):
        cloud.changed(owner, of.folder.name)


def language() -> str:
    """Return the visitor's language: the one chosen, else the browser's, else English."""
    chosen = visitor.language()
    if chosen is not None:
        return chosen
    browser = str(st.context.locale or "")[:2].lower()
    return browser if browser in LANGUAGES else "en"


def theme() -> str:
    """Return ``"dark"`` or ``"light"``, as the visitor sees the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def job(of: Project) -> Any:
    """Return the latest job of the project's workspace; None before the first."""
    return services().jobs.latest(of.folder)


def running(of: Project) -> bool:
    """Whether a training of this project is under way."""
    latest = job(of)
    return latest is not None and latest.status().active


def reading(of: Project) -> Any:
    """Return the latest job that reads a file into the project; None before the first."""
    return services().readings.latest(of.folder)


def is_reading(of: Project) -> bool:
    """Whether a file is being read into the project."""
    latest = reading(of)
    return latest is not None and latest.status().active


def settings() -> Settings:
    """Return the settings of this server."""
    return services().settings


def recall(name: str, default: Any = None) -> Any:
    """Return what this tab remembers under a name."""
    return _memory().get(name, default)


def remember(name: str, value: Any) -> None:
    """Keep something for as long as this tab lives."""
    _memory()[name] = value


def first_time(name: str, value: Any) -> bool:
    """Whether ``value`` was not yet seen under ``name`` in this tab; it is from now on."""
    if recall(name) == value:
        return False
    remember(name, value)
    return True


def keep_slot(name: str) -> None:
    """Keep a place here, which the page fills once it knows what it shows."""
    remember(f"slot.{name}", st.container(width="content"))


def say_later(error: MLPError) -> None:
    """Keep an error that a callback met, to be shown by the page drawn next."""
    remember("flash", error)


def said() -> MLPError | None:
    """Return the error kept by :func:`say_later`, once."""
    return _memory().pop("flash", None)


def widget(key: str) -> Any:
    """Return what stands in a widget, for its callback; ``None`` where another visitor begins in the tab."""
    return st.session_state.get(key)


def _memory() -> dict[str, Any]:
    memory: dict[str, Any] = st.session_state.setdefault(_KEY, {})
    return memory
