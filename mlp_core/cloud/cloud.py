"""The cloud: an account's projects are sent to a service behind the pages, and come back from it.

The disk of this server is where a project is changed, so no change waits for the service. What was last sent
is on the disk too, so that a server that was stopped knows at the next visit what it has still to send.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from mlp_core.accounts.account import Owner
from mlp_core.cloud.copies import Copy
from mlp_core.cloud.ledger import Ledger
from mlp_core.cloud.transfer import Transfer
from mlp_core.cloud.visit import CloudState, Pace, Visit
from mlp_core.config import Settings
from mlp_core.errors import MLPError, NotVerified, QuotaExceeded, ServiceUnavailable, SignedOut
from mlp_core.files import FileLock
from mlp_core.library import Entry, Library
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.artifacts.artifact import LARGEST_BYTES, ArtifactStore
from mlp_core.storage.artifacts.proofs import Proofs
from mlp_core.storage.errands import Errands

_UPLOADS_AT_ONCE: Final = 2
"""Each may hold a project of the largest size in memory."""
_ARRIVALS_AT_ONCE: Final = 4
_TURN_SECONDS: Final = 1.0
"""Until another process that works for the same owner is asked again whether it has done."""


class Cloud:
    """Keeps accounts' projects in a service and brings them back.

    Parameters
    ----------
    proofs : Proofs
        What the visitors have shown, shared with the outbox.
    remote : ArtifactStore
        The service itself, not the outbox: a project is on this server's disk as it is.
    library : Library
        Whose projects are whose.
    workspaces : WorkspaceStore
        Their folders.
    settings : Settings
        The data folder and the limits of this server.
    pace : Pace, optional
        What happens when.
    largest_bytes : int
        Of a project as one file.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(
        self,
        proofs: Proofs,
        remote: ArtifactStore,
        library: Library,
        workspaces: WorkspaceStore[Project],
        settings: Settings,
        *,
        pace: Pace | None = None,
        largest_bytes: int = LARGEST_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._proofs = proofs
        self._library = library
        self._pace = pace or Pace()
        self._ledger = Ledger(settings.data_dir.resolve())
        self._transfer = Transfer(
            remote, library, workspaces, self._ledger, settings, largest_bytes=largest_bytes, clock=clock
        )
        self._turns = settings.data_dir.resolve() / "cloud"
        self._lock = threading.Lock()
        self._visits: dict[str, Visit] = {}
        self._uploads = Errands(self._upload, name="cloud-upload", threads=_UPLOADS_AT_ONCE)
        self._arrivals = Errands(self._arrive, name="cloud-arrival", threads=_ARRIVALS_AT_ONCE)
        proofs.tell(self._news)

    def arrived(self, owner: Owner, *, most_seconds: float | None = None) -> CloudState:
        """Look for what the service has and this server lacks, at sign-in and in a tab's first run.

        It waits for the newest project where the owner has none here, and a moment else; the rest follows.
        A page that has waited for something else before gives the ``most_seconds`` that are left.
        """
        if owner.is_guest:
            return CloudState()
        visit = self._visit(owner.id)
        self._proofs.seen(owner)
        if visit.look_again():
            self._arrivals.ask(owner.id)
        here = any(_is_worked_on(entry) for entry in self._library.projects(owner.id))
        limit = self._pace.look_seconds if here else self._pace.arrival_seconds
        limit = limit if most_seconds is None else min(limit, most_seconds)
        visit.arrived.wait(max(0.0, (visit.looked or 0.0) + limit - time.monotonic()))
        return visit.state()

    def look(self, owner: Owner) -> None:
        """Compare what is here and there once more, behind the page, as when a guest made an account."""
        if not owner.is_guest:
            self._proofs.seen(owner)
            self._arrivals.ask(owner.id)

    def changed(self, owner: Owner, project_id: str) -> None:
        """Have a project sent when it has been left alone for a moment; called after every saved change."""
        if owner.is_guest or self._transfer.is_saved(owner.id, project_id):
            return
        self._proofs.seen(owner)
        self._want(owner.id, project_id)

    def forget(self, owner: Owner, project_id: str) -> None:
        """Delete what the service has of a project that was deleted here, now or when it answers again."""
        if owner.is_guest:
            return
        self._ledger.forget(owner.id, project_id)
        self._visit(owner.id).drop(project_id)
        self._uploads.ask(owner.id)

    def flush(self, owner: Owner, timeout_seconds: float = 3.0) -> CloudState:
        """Send what waits without delay and wait for it, at most so long; at sign-out."""
        if owner.is_guest:
            return CloudState()
        visit = self._visit(owner.id)
        end = time.monotonic() + timeout_seconds
        # Once more for what is changed while it is on its way.
        while visit.hurry() and (left := end - time.monotonic()) > 0:
            self._uploads.ask(owner.id)
            self._uploads.settle(owner.id, left)
            if visit.state().trouble is not None:
                break
        return visit.state()

    def delete_all(self, owner: Owner, timeout_seconds: float = 2.0) -> None:
        """Send and bring nothing of an owner any more; called before all that is theirs is deleted there."""
        visit = self._visit(owner.id)
        visit.drop()
        if visit.work.acquire(timeout=timeout_seconds):
            visit.work.release()
        visit.drop()
        self._ledger.drop(owner.id)

    def state(self, owner: Owner) -> CloudState:
        """Return how an owner's projects stand; it costs next to nothing."""
        return CloudState() if owner.is_guest else self._visit(owner.id).state()

    def close(self, timeout_seconds: float = 5.0) -> bool:
        """Stop sending and bringing; say whether all threads ended. The next process goes on."""
        ended = self._uploads.stop(timeout_seconds)
        return self._arrivals.stop(timeout_seconds) and ended

    def _arrive(self, owner_id: str) -> float | None:
        """Look at the service, or bring one project; return when to go on."""
        visit = self._visit(owner_id)
        if not self._proofs.has(owner_id):
            visit.arrived.set()
            return None
        try:
            with self._turn(owner_id, visit):
                owner = self._proofs.fresh(owner_id)
                if visit.to_bring:
                    self._bring(owner, visit, visit.to_bring[0])
                else:
                    self._look(owner, visit)
        except _Taken:
            return _TURN_SECONDS
        except MLPError as failure:
            visit.arrived.set()
            return self._later(owner_id, "arrival", failure)
        visit.well("arrival")
        if visit.to_bring:
            return 0.0
        visit.arrived.set()
        return None

    def _look(self, owner: Owner, visit: Visit) -> None:
        """Compare what the service has with what is here."""
        copies = self._transfer.copies(owner)
        # On an empty disk nobody has said yet that this is an account and no guest.
        self._library.claim(owner.id)
        own = {entry.id for entry in self._library.projects(owner.id)}
        for gone in self._ledger.lines(owner.id).keys() - own:
            self._ledger.forget(owner.id, gone)
        forgotten = self._ledger.forgotten(owner.id)
        lacking = [found for id_, found in copies.items() if id_ not in own | forgotten]
        behind = [copies[id_] for id_ in own & copies.keys() if self._is_behind(owner, copies[id_])]
        visit.to_bring = sorted(lacking + behind, key=lambda found: -found[0].changed)
        for id_ in own - {found[0].project for found in behind}:
            if not self._transfer.is_saved(owner.id, id_):
                self._want(owner.id, id_)
        if forgotten:
            self._uploads.ask(owner.id)

    def _is_behind(self, owner: Owner, copies: list[Copy]) -> bool:
        """Whether a project is unchanged here and newer there."""
        newest = copies[0]
        self._transfer.recognise(owner.id, newest.project, copies)
        known = self._ledger.line(owner.id, newest.project)
        if not known.stamp or not self._transfer.is_saved(owner.id, newest.project):
            return False
        return newest.artifact.id not in known.own and newest.revision > int(known.stamp.split("-")[0])

    def _bring(self, owner: Owner, visit: Visit, copies: list[Copy]) -> None:
        newest = copies[0]
        try:
            if self._library.owns(owner.id, newest.project):
                self._transfer.refresh(owner, newest)
            else:
                self._bring_in(owner, copies)
            visit.arrived.set()
        except (ServiceUnavailable, SignedOut):
            raise
        except MLPError as failure:
            # This one cannot be had, as damaged or too large; the others can.
            visit.refuse(newest.project, failure)
        visit.came(newest.project)

    def _bring_in(self, owner: Owner, copies: list[Copy]) -> None:
        """Bring a project; it is the open one only where there was none with anything in it."""
        here = any(_is_worked_on(entry) for entry in self._library.projects(owner.id))
        self._transfer.bring(owner, copies, opened=not here)

    def _upload(self, owner_id: str) -> float | None:
        """Delete what is forgotten and send what is due; return when to go on."""
        visit = self._visit(owner_id)
        forgotten = self._ledger.forgotten(owner_id)
        if not (forgotten or visit.due()) or not self._proofs.has(owner_id):
            return visit.next_seconds() if self._proofs.has(owner_id) else None
        try:
            with self._turn(owner_id, visit):
                for project_id in forgotten:
                    self._transfer.forget(self._proofs.fresh(owner_id), project_id)
                met = self._send_due(owner_id, visit)
        except _Taken:
            return _TURN_SECONDS
        except MLPError as failure:
            met = failure
        if met is not None:
            return self._later(owner_id, "upload", met)
        visit.well("upload")
        return visit.next_seconds()

    def _send_due(self, owner_id: str, visit: Visit) -> MLPError | None:
        """Send the projects that are due; return what is wrong with one of them alone."""
        met: MLPError | None = None
        for project_id, changes in visit.due():
            try:
                apart = self._transfer.save(self._proofs.verified(owner_id), project_id)
            except (ServiceUnavailable, SignedOut, NotVerified):
                raise
            except QuotaExceeded as failure:
                visit.refuse(project_id, failure)
            except MLPError as failure:
                met = failure
            else:
                visit.sent(project_id, changes)
                if apart is not None:
                    self._want(owner_id, apart)
        return met

    @contextlib.contextmanager
    def _turn(self, owner_id: str, visit: Visit) -> Iterator[None]:
        """Let one thread of one process at a time talk to the service for an owner."""
        turn = FileLock(self._turns / f"{owner_id}.lock")
        with visit.work:
            if not turn.try_acquire():
                raise _Taken
            try:
                yield
            finally:
                turn.release()

    def _want(self, owner_id: str, project_id: str) -> None:
        self._uploads.ask(owner_id, self._visit(owner_id).want(project_id))

    def _later(self, owner_id: str, what: str, met: MLPError) -> float | None:
        """Return when to try again; a proof that its provider refused waits for another one."""
        wait = self._visit(owner_id).fail(what, met)
        if isinstance(met, NotVerified):
            return self._pace.verify_seconds
        if isinstance(met, SignedOut):
            # A proof can be refused before its time; its provider knows whether that is for good.
            with contextlib.suppress(MLPError):
                self._proofs.renewed(owner_id)
            return wait if self._proofs.has(owner_id) else None
        return wait

    def _news(self, owner_id: str) -> None:
        """Go on with what waited for a visitor to come back, or to confirm their address."""
        with self._lock:
            visit = self._visits.get(owner_id)
        if visit is not None:
            self._uploads.ask(owner_id)
            if visit.looked is not None:
                self._arrivals.ask(owner_id)

    def _visit(self, owner_id: str) -> Visit:
        with self._lock:
            return self._visits.setdefault(owner_id, Visit(self._pace))


class _Taken(Exception):
    """Another process works for the owner just now."""


def _is_worked_on(entry: Entry) -> bool:
    return bool(entry.title or entry.tables or entry.trainings)
