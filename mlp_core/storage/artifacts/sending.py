"""How what waits on this server reaches the store where it belongs, and what is deleted on the way.

What is in the local store is what has still to reach the remote one: a thing leaves it once the remote store
has it, under the same id, so that sending it twice keeps it once. So a server that is killed at any moment
finds at its next start what it has to send. A thing that is deleted while it waits may have arrived without
an answer: its id is written down until the remote store surely has it no longer.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from mlp_core.accounts.account import Owner
from mlp_core.database import Database
from mlp_core.errors import MLPError, NotFound, NotVerified, ServiceUnavailable, SignedOut
from mlp_core.files import FileLock
from mlp_core.storage.artifacts.artifact import Artifact, ArtifactStore
from mlp_core.storage.artifacts.lists import Lists, Waits
from mlp_core.storage.artifacts.proofs import Proofs
from mlp_core.storage.errands import Errands

_TURN_SECONDS: Final = 1.0
"""Until another process that sends for the same owner is asked again whether it has done."""

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS outbox_deleted (
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (owner, id)
);
"""


class LocalStore(ArtifactStore, Protocol):
    """A store on this server, where a guest's things can become an account's."""

    def move(self, from_owner_id: str, to_owner_id: str) -> None:
        """Give all that one owner has to another."""
        ...

    def sweep(self) -> int:
        """Remove what a killed server left half done."""
        ...


@dataclass(frozen=True, kw_only=True)
class Delays:
    """How long the outbox waits for what, in seconds.

    Attributes
    ----------
    put_seconds : float
        For a thing to arrive before a page goes on.
    call_seconds : float
        For the remote store to open, rename or delete a thing.
    first_seconds, most_seconds : float
        From a failure to the next try; it doubles each time.
    verify_seconds : float
        Between two looks whether an address has been confirmed.
    lists : Waits
        For lists.
    """

    put_seconds: float = 3.0
    call_seconds: float = 7.5
    first_seconds: float = 5.0
    most_seconds: float = 120.0
    verify_seconds: float = 30.0
    lists: Waits = field(default_factory=Waits)

    def after(self, failures: int) -> float:
        """Return the time to the next try after so many failures in a row."""
        return min(self.first_seconds * 2.0 ** min(failures - 1, 20), self.most_seconds)


@dataclass
class _Sending:
    ended: threading.Event = field(default_factory=threading.Event)
    kept: Artifact | None = None


class Sender:
    """What brings things to the remote store, in threads of its own.

    Parameters
    ----------
    local : LocalStore
        What waits.
    remote : ArtifactStore
        Where it belongs; given all the time it takes.
    proofs : Proofs
        What the owners have shown.
    lists : Lists
        It is told what has arrived.
    data_dir : Path
        ``pythie.db`` there notes what is to be deleted.
    delays : Delays
        What is tried again when.
    """

    def __init__(
        self,
        local: LocalStore,
        remote: ArtifactStore,
        proofs: Proofs,
        lists: Lists,
        data_dir: Path,
        delays: Delays,
    ) -> None:
        self._local = local
        self._remote = remote
        self._proofs = proofs
        self._lists = lists
        self._delays = delays
        self._database = Database(data_dir / "pythie.db", SCHEMA)
        self._turns = data_dir / "outbox"
        self._errands = Errands(self._send_all, name="outbox")
        self._state = threading.Lock()
        self._guards = [threading.RLock() for _ in range(64)]
        self._sending: dict[str, _Sending] = {}
        self._troubles: dict[str, MLPError] = {}
        self._failures: dict[str, int] = {}
        proofs.tell(self._errands.ask)

    def ask(self, owner_id: str) -> None:
        """Have what waits for an owner sent now."""
        self._errands.ask(owner_id)

    def trouble(self, owner_id: str) -> MLPError | None:
        """Return why things of an owner wait."""
        with self._state:
            return self._troubles.get(owner_id)

    def guard(self, owner_id: str) -> threading.RLock:
        """Return what keeps two hands from changing what waits for an owner at once."""
        return self._guards[hash(owner_id) % len(self._guards)]

    def flush(self, owner: Owner, timeout_seconds: float) -> bool:
        """Send what waits and wait for it, at most so long; say whether nothing is left."""
        self._errands.ask(owner.id)
        self._errands.settle(owner.id, timeout_seconds)
        return not self._local.list(owner)

    def close(self, timeout_seconds: float) -> bool:
        """Stop sending; say whether all threads ended."""
        return self._errands.stop(timeout_seconds)

    def waits(self, owner: Owner, artifact_id: str) -> Artifact | None:
        """Return a thing that has still to arrive, as it stands here."""
        return next((one for one in self._local.list(owner) if one.id == artifact_id), None)

    def deleted(self, owner_id: str) -> set[str]:
        """Return the ids of what was deleted while it waited, and may be there all the same."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id FROM outbox_deleted WHERE owner = ?", (owner_id,))
            return {row["id"] for row in rows}

    def note_deleted(self, owner_id: str, artifact_id: str) -> None:
        """Write down that a thing is to be deleted there too, should it have arrived."""
        with self._database.writing() as connection:
            note = "INSERT OR IGNORE INTO outbox_deleted VALUES (?, ?)"
            connection.execute(note, (owner_id, artifact_id))

    def waited_for(self, owner: Owner, kept: Artifact, timeout_seconds: float) -> Artifact:
        """Return a thing as it stands a moment later, when it has arrived or could not."""
        sending = _Sending()
        with self._state:
            self._sending[kept.id] = sending
        self._errands.ask(owner.id)
        sending.ended.wait(timeout_seconds)
        with self._state:
            del self._sending[kept.id]
        return sending.kept or replace(kept, pending=True)

    def _send_all(self, owner_id: str) -> float | None:
        """Send what waits, unless another process is at it; return when to try again."""
        turn = FileLock(self._turns / f"{owner_id}.lock")
        if not turn.try_acquire():
            return _TURN_SECONDS
        try:
            return self._send_each(owner_id)
        finally:
            turn.release()

    def _send_each(self, owner_id: str) -> float | None:
        """Send what waits, oldest first; return when to try again."""
        deleted, waiting = self.deleted(owner_id), self._local.list(Owner(id=owner_id))
        met: MLPError | None = None
        try:
            if not self._proofs.has(owner_id):
                return None
            if deleted:
                owner = self._proofs.fresh(owner_id)
                for artifact_id in deleted:
                    self._bury(owner, artifact_id)
            if waiting:
                owner = self._proofs.verified(owner_id)
                for artifact in reversed(waiting):
                    met = self._tried(owner, artifact) or met
        except MLPError as failure:
            met = failure
        finally:
            self._end_waits(waiting)
        return self._later(owner_id, met)

    def _tried(self, owner: Owner, artifact: Artifact) -> MLPError | None:
        """Send one thing; return what is wrong with it alone, and raise what stands in the way of all."""
        try:
            self._send(owner, artifact)
        except (ServiceUnavailable, NotVerified, SignedOut):
            raise
        except MLPError as failure:
            return failure
        return None

    def _send(self, owner: Owner, artifact: Artifact) -> None:
        try:
            content = self._local.get(owner, artifact.id)
        except NotFound:
            return
        kept = self._remote.put(
            owner,
            name=artifact.name,
            kind=artifact.kind,
            page=artifact.page,
            content=content,
            meta=artifact.meta,
            artifact_id=artifact.id,
            created=artifact.created,
        )
        for _ in range(3):
            if self._arrived(owner, kept):
                return
            now = self.waits(owner, artifact.id)
            if now is not None:
                kept = self._remote.rename(owner, artifact.id, now.name)

    def _arrived(self, owner: Owner, kept: Artifact) -> bool:
        """Let a thing leave the local store; not if it was given another name while it was on its way."""
        with self.guard(owner.id):
            now = self.waits(owner, kept.id)
            if now is not None and now.name != kept.name:
                return False
            if now is not None:
                # First noted there, then gone here: in between it is shown and counted once.
                self._lists.added(owner.id, kept)
                self._local.delete(owner, kept.id)
        if now is None:
            self.note_deleted(owner.id, kept.id)
            self._errands.ask(owner.id)
        with self._state:
            sending = self._sending.get(kept.id)
        if sending is not None and now is not None:
            sending.kept = kept
            sending.ended.set()
        return True

    def _bury(self, owner: Owner, artifact_id: str) -> None:
        """Delete for good what was deleted while it waited."""
        for store in (self._local, self._remote):
            with contextlib.suppress(NotFound):
                store.delete(owner, artifact_id)
        self._lists.dropped(owner.id, artifact_id)
        with self._database.writing() as connection:
            gone = "DELETE FROM outbox_deleted WHERE owner = ? AND id = ?"
            connection.execute(gone, (owner.id, artifact_id))

    def _later(self, owner_id: str, met: MLPError | None) -> float | None:
        """Note how it went; return when to try again."""
        with self._state:
            if met is None:
                self._troubles.pop(owner_id, None)
                self._failures.pop(owner_id, None)
                return None
            failures = self._failures[owner_id] = self._failures.get(owner_id, 0) + 1
            self._troubles[owner_id] = met
        if isinstance(met, NotVerified):
            return self._delays.verify_seconds
        if isinstance(met, SignedOut) and not self._proofs.has(owner_id):
            return None
        if isinstance(met, SignedOut):
            # A proof can be refused before its time; its provider knows whether that is for good.
            with contextlib.suppress(MLPError):
                self._proofs.renewed(owner_id)
        return self._delays.after(failures)

    def _end_waits(self, artifacts: Sequence[Artifact]) -> None:
        with self._state:
            for artifact in artifacts:
                if artifact.id in self._sending:
                    self._sending[artifact.id].ended.set()
