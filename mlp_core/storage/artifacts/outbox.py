"""Saved things that belong to a service on the network, kept here until they are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from mlp_core.accounts.account import Owner
from mlp_core.errors import MLPError, NotFound, ServiceUnavailable
from mlp_core.storage.artifacts.artifact import (
    Artifact,
    ArtifactStore,
    Quota,
    Usage,
    new_artifact,
    no_such_thing,
    require_id,
    require_room,
)
from mlp_core.storage.artifacts.lists import Lists, silent
from mlp_core.storage.artifacts.proofs import Proofs
from mlp_core.storage.artifacts.sending import Delays, LocalStore, Sender
from mlp_core.storage.errands import Calls

PROJECT_PAGE: Final = "project"
"""The page of a whole project that the app itself keeps; a person's list of saved things leaves it out."""

T = TypeVar("T")


class OutboxArtifacts:
    """An :class:`ArtifactStore` that takes things at once and brings them to a remote one by itself.

    Parameters
    ----------
    local : LocalStore
        For what waits, and for guests.
    remote : ArtifactStore
        Where an account's things belong. It may be slow; in the background it is given all the time it takes.
    proofs : Proofs
        What the visitors have shown; pages tell it of each visit by :meth:`seen`.
    data_dir : Path
        ``pythie.db`` there notes what is to be deleted.
    quota_of : callable, optional
        How much an owner may save, here and there together, whole projects apart.
    delays : Delays, optional
        Who waits how long.
    """

    def __init__(
        self,
        local: LocalStore,
        remote: ArtifactStore,
        proofs: Proofs,
        data_dir: Path,
        *,
        quota_of: Callable[[Owner], Quota] = lambda owner: Quota(),
        delays: Delays | None = None,
    ) -> None:
        self._local = local
        self._remote = remote
        self._proofs = proofs
        self._quota_of = quota_of
        self._delays = delays or Delays()
        self._calls = Calls(name="outbox-call")
        self._lists = Lists(self._remote_list, self._calls, self._delays.lists)
        self._sender = Sender(local, remote, proofs, self._lists, data_dir, self._delays)
        # Asked for at a visitor's first run, the list is there when a page wants it.
        proofs.tell(lambda owner_id: self._lists.ask(Owner(id=owner_id)))

    def seen(self, owner: Owner) -> None:
        """Take note of a visit, with its proof; what waits for it is then sent."""
        self._proofs.seen(owner)

    def trouble(self, owner: Owner) -> MLPError | None:
        """Return why things of an owner wait, or why the list may be old; ``None`` where all is well."""
        if owner.is_guest:
            return None
        met = self._sender.trouble(owner.id) or self._lists.failure(owner.id)
        if met is not None:
            # What was wrong is not said for longer than it lasts.
            self._lists.ask(owner)
        return met

    def put(
        self,
        owner: Owner,
        *,
        name: str,
        kind: str,
        page: str,
        content: bytes,
        meta: str = "",
        artifact_id: str | None = None,
        created: float | None = None,
    ) -> Artifact:
        """Keep a thing here, and wait a moment for it to arrive where it belongs.

        Returns
        -------
        Artifact
            Its ``pending`` says whether it has still to arrive.

        Raises
        ------
        QuotaExceeded, InvalidParameter, StorageError
            It cannot be kept.
        """
        require_id(owner, artifact_id)
        draft = new_artifact(name=name, kind=kind, page=page, content=content, meta=meta, created=0.0)
        patience = 0.0
        if not owner.is_guest:
            self.seen(owner)
            self._lists.get(owner, most_seconds=self._delays.put_seconds)
            patience = self._delays.put_seconds if self.trouble(owner) is None else 0.0
        with self._sender.guard(owner.id):
            there: Sequence[Artifact] = () if owner.is_guest else self._lists.last(owner.id)
            for one in there if artifact_id is not None else ():
                if one.id == artifact_id:
                    return one
            require_room(draft, self._usage(owner), self._quota_of(owner))
            kept = self._local.put(
                owner,
                name=name,
                kind=kind,
                page=page,
                content=content,
                meta=meta,
                artifact_id=artifact_id,
                created=created,
            )
        return (
            replace(kept, pending=True) if owner.is_guest else self._sender.waited_for(owner, kept, patience)
        )

    def get(self, owner: Owner, artifact_id: str) -> bytes:
        """Return its content, checked against its hash; raises ``NotFound``, ``ServiceUnavailable``."""
        require_id(owner, artifact_id)
        self._require_not_deleted(owner, artifact_id)
        try:
            return self._local.get(owner, artifact_id)
        except NotFound:
            if owner.is_guest:
                raise
        return self._call(lambda: self._remote.get(self._fresh(owner), artifact_id))

    def list(self, owner: Owner) -> list[Artifact]:
        """Return all, newest first: what is here, and what the service has or was last known to have."""
        require_id(owner)
        waiting = self._local.list(owner)
        there: Sequence[Artifact] = () if owner.is_guest else self._lists.get(owner)
        return list(self._merged(owner, waiting, there))

    def rename(self, owner: Owner, artifact_id: str, name: str) -> Artifact:
        """Give it another name; raises ``NotFound``, ``ServiceUnavailable``."""
        require_id(owner, artifact_id)
        self._require_not_deleted(owner, artifact_id)
        try:
            with self._sender.guard(owner.id):
                return replace(self._local.rename(owner, artifact_id, name), pending=True)
        except NotFound:
            if owner.is_guest:
                raise

        # What takes too long for the page still comes to its end, and the list with it.
        def rename() -> Artifact:
            renamed = self._remote.rename(self._fresh(owner), artifact_id, name)
            self._lists.added(owner.id, renamed)
            return renamed

        return self._call(rename)

    def delete(self, owner: Owner, artifact_id: str) -> None:
        """Delete it; raises ``NotFound``, and ``ServiceUnavailable`` where it is there and stays for now."""
        require_id(owner, artifact_id)
        self._require_not_deleted(owner, artifact_id)
        with self._sender.guard(owner.id):
            if self._sender.waits(owner, artifact_id) is not None:
                if not owner.is_guest:
                    self._sender.note_deleted(owner.id, artifact_id)
                self._local.delete(owner, artifact_id)
                return self._sender.ask(owner.id)
        if owner.is_guest:
            raise no_such_thing()

        def delete() -> None:
            self._remote.delete(self._fresh(owner), artifact_id)
            self._lists.dropped(owner.id, artifact_id)

        self._call(delete)

    def delete_all(self, owner: Owner) -> None:
        """Delete everything, here and there; raises ``ServiceUnavailable`` where something may be left there.

        It can then be asked again.
        """
        require_id(owner)
        with self._sender.guard(owner.id):
            if not owner.is_guest:
                # One that is on its way just now arrives after this, and is then deleted there.
                for one in self._local.list(owner):
                    self._sender.note_deleted(owner.id, one.id)
            self._local.delete_all(owner)
        if owner.is_guest:
            return
        self._sender.ask(owner.id)

        def delete_all() -> None:
            self._remote.delete_all(self._fresh(owner))
            self._lists.forget(owner.id)

        self._call(delete_all)

    def usage(self, owner: Owner) -> Usage:
        """Return how much is kept, here and there, whole projects apart."""
        require_id(owner)
        if not owner.is_guest:
            self._lists.get(owner)
        return self._usage(owner)

    def move(self, from_owner_id: str, to_owner_id: str) -> None:
        """Give a guest's things to an account, where they then belong."""
        self._local.move(from_owner_id, to_owner_id)
        self._sender.ask(to_owner_id)

    def sweep(self) -> int:
        """Remove what a killed server left half done; return how many rows and files that were."""
        return self._local.sweep()

    def flush(self, owner: Owner, timeout_seconds: float = 3.0) -> bool:
        """Send what waits and wait for it, at most so long; say whether nothing is left."""
        if owner.is_guest:
            return True
        return self._sender.flush(owner, timeout_seconds)

    def close(self, timeout_seconds: float = 5.0) -> bool:
        """Stop sending; say whether all threads ended. What waits is sent by the next process."""
        return self._sender.close(timeout_seconds)

    def _call(self, work: Callable[[], T]) -> T:
        """Return what the remote store answers, waiting no longer than a page may."""
        future = self._calls.submit(work)
        try:
            return future.result(self._delays.call_seconds)
        except TimeoutError:
            future.cancel()
            raise silent() from None

    def _fresh(self, owner: Owner) -> Owner:
        self._proofs.seen(owner)
        return self._proofs.fresh(owner.id)

    def _remote_list(self, owner: Owner) -> Sequence[Artifact]:
        found = self._remote.list(self._fresh(owner))
        if isinstance(self._sender.trouble(owner.id), ServiceUnavailable):
            # It answers again.
            self._sender.ask(owner.id)
        return found

    def _merged(
        self, owner: Owner, waiting: Sequence[Artifact], there: Sequence[Artifact]
    ) -> Sequence[Artifact]:
        deleted = self._sender.deleted(owner.id)
        found = {one.id: replace(one, pending=True) for one in waiting}
        for one in there:
            found[one.id] = replace(one, name=found[one.id].name) if one.id in found else one
        known = [one for one in found.values() if one.id not in deleted]
        return sorted(known, key=lambda one: -one.created)

    def _usage(self, owner: Owner) -> Usage:
        waiting = self._local.list(owner)
        there: Sequence[Artifact] = () if owner.is_guest else self._lists.last(owner.id)
        own = [one for one in self._merged(owner, waiting, there) if not is_whole_project(one)]
        return Usage(bytes=sum(one.size for one in own), items=len(own))

    def _require_not_deleted(self, owner: Owner, artifact_id: str) -> None:
        if artifact_id in self._sender.deleted(owner.id):
            raise no_such_thing()


def is_whole_project(artifact: Artifact) -> bool:
    """Whether the app itself keeps a project by it, so that no list of saved things shows or counts it."""
    return artifact.kind == "project" and artifact.page == PROJECT_PAGE
