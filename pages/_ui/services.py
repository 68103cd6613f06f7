"""What all visitors of this server process share: its settings, and the way to their workspaces and jobs.

Nothing here is the only copy of anything. The cache may be wiped at any moment: sessions, projects and jobs
are on disk, and a new set of services finds them all.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from mlp_core.accounts import Sessions
from mlp_core.config import Settings
from mlp_core.jobs import JobStore, Launcher
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from pages._ui.server import open_sessions, server_settings

_DAY: Final = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Services:
    """The stores of one server, all below ``settings.data_dir``."""

    settings: Settings
    workspaces: WorkspaceStore[Project]
    jobs: JobStore
    readings: JobStore
    sessions: Sessions
    accounts: Any = None
    attempts: Any = None
    artifacts: Any = None
    library: Any = None
    shares: Any = None
    cloud: Any = None
    firebase: bool = False


@st.cache_resource(show_spinner=False)
def services() -> Services:
    """Return the services of this process."""
    found = open_services(server_settings())
    threading.Thread(target=_keep_house, args=(found,), daemon=True, name="housekeeping").start()
    return found


class _OneProject:
    """Stands in until the library is there."""

    def owns(self, owner_id: str, project_id: str) -> bool:
        return owner_id == project_id

    def current(self, owner_id: str) -> str:
        return owner_id


def open_services(settings: Settings) -> Services:
    """Return services for these settings; nothing is read or started yet."""
    root = settings.data_dir.resolve()
    launcher = Launcher(fast=settings.fast_jobs)
    return Services(
        settings=settings,
        workspaces=WorkspaceStore(root / "workspaces", Project),
        jobs=JobStore(root / "jobs", settings.max_jobs, launcher=launcher),
        # A file that is brought does not wait behind the trainings of others.
        readings=JobStore(root / "readings", settings.max_jobs, place="readings", launcher=launcher),
        sessions=open_sessions(settings),
        library=_OneProject(),
    )


def _keep_house(of: Services) -> None:
    """Delete once a day what guests who did not return have left."""
    pause = threading.Event()
    while True:
        of.sessions.purge()
        of.workspaces.purge(of.settings.guest_days)
        pause.wait(_DAY)
