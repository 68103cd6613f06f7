"""Saved things in memory: the twin of the stores that last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from mlp_core.accounts.account import Owner
from mlp_core.storage.artifacts.artifact import (
    Artifact,
    Quota,
    Usage,
    as_name,
    intact,
    new_artifact,
    no_such_thing,
    require_id,
    require_room,
)

_Shelf = dict[str, tuple[Artifact, bytes]]


class MemoryArtifacts:
    """An :class:`ArtifactStore` that ends with its process.

    Parameters
    ----------
    quota_of : callable, optional
        How much an owner may save; by default as :class:`Quota` says.
    clock : callable, optional
        Seconds since the epoch.
    """

    def __init__(
        self,
        quota_of: Callable[[Owner], Quota] = lambda owner: Quota(),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._quota_of = quota_of
        self._clock = clock
        self._lock = threading.Lock()
        self._shelves: dict[str, _Shelf] = {}

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
        """Keep a thing; raises ``QuotaExceeded``, ``InvalidParameter``."""
        require_id(owner, artifact_id)
        content = bytes(content)
        artifact = new_artifact(
            name=name,
            kind=kind,
            page=page,
            content=content,
            meta=meta,
            created=self._clock() if created is None else created,
            artifact_id=artifact_id,
        )
        with self._lock:
            shelf = self._shelves.setdefault(owner.id, {})
            if artifact.id in shelf:
                return shelf[artifact.id][0]
            require_room(artifact, _usage(shelf), self._quota_of(owner))
            shelf[artifact.id] = artifact, content
        return artifact

    def get(self, owner: Owner, artifact_id: str) -> bytes:
        """Return its content; raises ``NotFound``."""
        artifact, content = self._find(owner, artifact_id)
        return intact(content, artifact)

    def list(self, owner: Owner) -> list[Artifact]:
        """Return all, newest first."""
        require_id(owner)
        with self._lock:
            artifacts = [artifact for artifact, _ in self._shelves.get(owner.id, {}).values()]
        artifacts.reverse()
        return sorted(artifacts, key=lambda artifact: -artifact.created)

    def rename(self, owner: Owner, artifact_id: str, name: str) -> Artifact:
        """Give it another name; raises ``NotFound``."""
        with self._lock:
            artifact, content = self._find(owner, artifact_id)
            renamed = replace(artifact, name=as_name(name))
            self._shelves[owner.id][artifact_id] = renamed, content
        return renamed

    def delete(self, owner: Owner, artifact_id: str) -> None:
        """Delete it; raises ``NotFound``."""
        with self._lock:
            self._find(owner, artifact_id)
            del self._shelves[owner.id][artifact_id]

    def delete_all(self, owner: Owner) -> None:
        """Delete everything of an owner."""
        require_id(owner)
        with self._lock:
            self._shelves.pop(owner.id, None)

    def usage(self, owner: Owner) -> Usage:
        """Return how much is kept."""
        require_id(owner)
        with self._lock:
            return _usage(self._shelves.get(owner.id, {}))

    def move(self, from_owner_id: str, to_owner_id: str) -> None:
        """Give all that one owner has to another, beyond the quota if need be."""
        require_id(Owner(id=from_owner_id))
        require_id(Owner(id=to_owner_id))
        with self._lock:
            moved = self._shelves.pop(from_owner_id, {})
            self._shelves.setdefault(to_owner_id, {}).update(moved)

    def sweep(self) -> int:
        """Return 0: nothing is ever half kept here."""
        return 0

    def _find(self, owner: Owner, artifact_id: str) -> tuple[Artifact, bytes]:
        require_id(owner, artifact_id)
        try:
            return self._shelves[owner.id][artifact_id]
        except KeyError:
            raise no_such_thing() from None


def _usage(shelf: _Shelf) -> Usage:
    return Usage(bytes=sum(artifact.size for artifact, _ in shelf.values()), items=len(shelf))
