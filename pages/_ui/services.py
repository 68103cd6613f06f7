"""What all visitors of this server process share: its settings, and the way to what they keep.

Nothing here is the only copy of anything. The cache may be wiped at any moment: sessions, accounts, projects
and jobs are on disk, and a new set of services finds them all.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.accounts import AccountProvider, Owner, Sessions
from mlp_core.accounts.embedded import EmbeddedAccounts
from mlp_core.accounts.lockout import Attempts
from mlp_core.config import Settings
from mlp_core.errors import MLPError
from mlp_core.jobs import JobStore, Launcher
from mlp_core.library import Library, Shares
from mlp_core.library.schema import is_id
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.artifacts import Quota
from mlp_core.storage.artifacts.embedded import EmbeddedArtifacts
from mlp_core.track.forget import experiment_names, forget_apart
from pages._ui.server import firebase_config, open_sessions, server_settings

if TYPE_CHECKING:
    from mlp_core.cloud import Cloud
    from mlp_core.firebase import FirebaseConfig
    from mlp_core.storage.artifacts.outbox import OutboxArtifacts
    from mlp_core.storage.artifacts.proofs import Proofs

_DAY: Final = 86_400.0

log = logging.getLogger("pythie")


@dataclass(frozen=True, kw_only=True)
class Services:
    """The stores of one server, all below ``settings.data_dir``, with Firebase behind them where configured.

    Attributes
    ----------
    here : EmbeddedArtifacts
        The saved things on this server: all of them, or those of guests and what waits for Firebase.
    deleted : Event
        Set when something was deleted, so that what hung on it goes too.
    proofs, cloud : Proofs, Cloud or None
        What keeps an account's work in Firebase; ``None`` without it.
    """

    settings: Settings
    workspaces: WorkspaceStore[Project]
    jobs: JobStore
    readings: JobStore
    sessions: Sessions
    accounts: AccountProvider
    attempts: Attempts
    artifacts: EmbeddedArtifacts | OutboxArtifacts
    here: EmbeddedArtifacts
    library: Library
    shares: Shares
    deleted: threading.Event = field(default_factory=threading.Event)
    proofs: Proofs | None = None
    cloud: Cloud | None = None


@st.cache_resource(show_spinner=False)
def services() -> Services:
    """Return the services of this process."""
    settings = server_settings()
    found = open_services(settings, firebase_config())
    threading.Thread(target=_keep_house, args=(found,), daemon=True, name="housekeeping").start()
    return found


def open_services(settings: Settings, firebase: FirebaseConfig | None = None) -> Services:
    """Return services for these settings; nothing is read or started yet."""
    root = settings.data_dir.resolve()
    launcher = Launcher(fast=settings.fast_jobs)
    workspaces = WorkspaceStore(root / "workspaces", Project)
    jobs = JobStore(root / "jobs", settings.max_jobs, launcher=launcher)
    # A file that is brought does not wait behind the trainings of others.
    readings = JobStore(root / "readings", settings.max_jobs, place="readings", launcher=launcher)
    library = Library(root, workspaces, settings, jobs=(jobs, readings))
    here = EmbeddedArtifacts(root, quota_of=lambda owner: _room_of(owner, settings, library))
    local = Services(
        settings=settings,
        workspaces=workspaces,
        jobs=jobs,
        readings=readings,
        sessions=open_sessions(settings),
        accounts=EmbeddedAccounts(root),
        attempts=Attempts(root / "pythie.db"),
        artifacts=here,
        here=here,
        library=library,
        shares=Shares(root),
    )
    return local if firebase is None else _with_firebase(local, firebase)


def _with_firebase(local: Services, config: FirebaseConfig) -> Services:
    """Return the services with the accounts in Firebase, and what they own kept there too."""
    from mlp_core.accounts.firebase import FirebaseAccounts
    from mlp_core.cloud import Cloud
    from mlp_core.firebase import Patience
    from mlp_core.storage.artifacts.firebase import FirebaseArtifacts
    from mlp_core.storage.artifacts.outbox import OutboxArtifacts
    from mlp_core.storage.artifacts.proofs import Proofs

    settings, root = local.settings, local.settings.data_dir.resolve()
    accounts = FirebaseAccounts(config, local.attempts)
    proofs = Proofs(accounts, idle_seconds=settings.idle_minutes * 60)

    def quota_of(owner: Owner) -> Quota:
        return _room_of(owner, settings, local.library)

    # The copies of projects count here already, as projects; there they come on top, twice while one is
    # replaced. Nobody waits for this store itself, so a slow line may take its time.
    most = Quota(bytes=3 * settings.quota_mb << 20, items=Quota().items + 2 * settings.max_projects)
    remote = FirebaseArtifacts(
        config, lambda owner: most, patience=Patience(total=60.0), upload_seconds=120.0
    )
    return replace(
        local,
        accounts=accounts,
        artifacts=OutboxArtifacts(local.here, remote, proofs, root, quota_of=quota_of),
        proofs=proofs,
        cloud=Cloud(proofs, remote, local.library, local.workspaces, settings),
    )


def tracking_uri(settings: Settings) -> str:
    """Return where the runs of all trainings are kept."""
    return settings.tracking_uri or f"sqlite:///{settings.data_dir.resolve() / 'mlflow.db'}"


def _room_of(owner: Owner, settings: Settings, library: Library) -> Quota:
    """Return what saved things may take: what the owner's projects leave of their room."""
    most = (settings.guest_quota_mb if owner.is_guest else settings.quota_mb) << 20
    return Quota(bytes=max(0, most - library.usage_bytes(owner.id)))


def _keep_house(of: Services) -> None:
    """Mend what a killed server left; once a day, and after each deletion, clear away what nobody has."""
    _try(of.library.sweep)
    while True:
        clear_away(of)
        of.deleted.wait(_DAY)
        of.deleted.clear()


def clear_away(of: Services) -> None:
    """Delete what has ended, what guests who did not return have left, and what hung on either."""
    _try(of.sessions.purge)
    _try(of.artifacts.sweep)
    _try(lambda: of.library.purge(of.settings.guest_days))
    _try(lambda: _forget_guests(of))
    _try(lambda: _forget_runs(of))


def _try(task: Callable[[], object]) -> None:
    try:
        task()
    except MLPError:
        log.exception("a part of the housekeeping did not go well")


def _forget_guests(of: Services) -> None:
    """Delete what guests saved whose projects are no longer there."""
    for owner_id in of.here.owners():
        if not of.library.knows(owner_id):
            of.here.delete_all(Owner(id=owner_id))


def _forget_runs(of: Services) -> None:
    """Delete the runs of projects that are no longer there; only an embedded store is this server's own."""
    uri = tracking_uri(of.settings)
    places = of.settings.data_dir.resolve() / "workspaces"
    gone = [name for name in experiment_names(uri) if is_id(name) and not (places / name).exists()]
    if gone:
        forget_apart(uri, gone)
