"""What all visitors of this server process share: its settings, and the way to what they keep.

Nothing here is the only copy of anything. The cache may be wiped at any moment: sessions, accounts, projects
and jobs are on disk, and a new set of services finds them all.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from mlp_core.accounts import AccountProvider, Owner, Sessions
from mlp_core.accounts.embedded import EmbeddedAccounts
from mlp_core.accounts.lockout import Attempts
from mlp_core.config import Settings
from mlp_core.jobs import JobStore, Launcher
from mlp_core.library import Library, Shares
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.artifacts import Quota
from mlp_core.storage.artifacts.embedded import EmbeddedArtifacts
from mlp_core.track.forget import experiment_names, forget_apart
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
    accounts: AccountProvider
    attempts: Attempts
    artifacts: EmbeddedArtifacts
    library: Library
    shares: Shares
    cloud: Any = None
    firebase: bool = False


@st.cache_resource(show_spinner=False)
def services() -> Services:
    """Return the services of this process."""
    found = open_services(server_settings())
    threading.Thread(target=_keep_house, args=(found,), daemon=True, name="housekeeping").start()
    return found


def open_services(settings: Settings) -> Services:
    """Return services for these settings; nothing is read or started yet."""
    root = settings.data_dir.resolve()
    launcher = Launcher(fast=settings.fast_jobs)
    workspaces = WorkspaceStore(root / "workspaces", Project)
    jobs = JobStore(root / "jobs", settings.max_jobs, launcher=launcher)
    # A file that is brought does not wait behind the trainings of others.
    readings = JobStore(root / "readings", settings.max_jobs, place="readings", launcher=launcher)
    library = Library(root, workspaces, settings, jobs=(jobs, readings))
    return Services(
        settings=settings,
        workspaces=workspaces,
        jobs=jobs,
        readings=readings,
        sessions=open_sessions(settings),
        accounts=EmbeddedAccounts(root),
        attempts=Attempts(root / "pythie.db"),
        artifacts=EmbeddedArtifacts(root, quota_of=lambda owner: _room_of(owner, settings, library)),
        library=library,
        shares=Shares(root),
    )


def tracking_uri(settings: Settings) -> str:
    """Return where the runs of all trainings are kept."""
    return settings.tracking_uri or f"sqlite:///{settings.data_dir.resolve() / 'mlflow.db'}"


def _room_of(owner: Owner, settings: Settings, library: Library) -> Quota:
    """Return what saved things may take: what the owner's projects leave of their room."""
    most = (settings.guest_quota_mb if owner.is_guest else settings.quota_mb) << 20
    return Quota(bytes=max(0, most - library.usage_bytes(owner.id)))


def _keep_house(of: Services) -> None:
    """Mend what a killed server left; once a day, delete what guests who did not return have left."""
    pause = threading.Event()
    of.library.sweep()
    while True:
        of.sessions.purge()
        of.artifacts.sweep()
        of.library.purge(of.settings.guest_days)
        forget_runs(of)
        pause.wait(_DAY)


def forget_runs(of: Services) -> None:
    """Delete the runs of projects that are no longer there; only an embedded store is this server's own."""
    uri = tracking_uri(of.settings)
    places = of.settings.data_dir.resolve() / "workspaces"
    gone = [name for name in experiment_names(uri) if _was_a_project(name) and not (places / name).exists()]
    if gone:
        forget_apart(uri, gone)


def _was_a_project(name: str) -> bool:
    return len(name) == 32 and Path(name).name == name and all(digit in "0123456789abcdef" for digit in name)
