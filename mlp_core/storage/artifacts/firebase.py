"""Saved things in Firebase: a row for each in the Realtime Database, and its content as an object in Storage.

An object is put before its row and counts for nothing without it, so that only what is whole is listed. The
rules of the project (folder ``firebase``) hold every record and every object to the shape written here.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote

from mlp_core.accounts.account import Owner
from mlp_core.errors import MLPError, NotVerified, ServiceUnavailable, StorageError
from mlp_core.firebase import Bucket, Conversation, Firebase, FirebaseConfig, Patience, Refused, asking
from mlp_core.firebase.failures import misunderstood, not_set_up, session_ended, too_slow
from mlp_core.storage.artifacts.artifact import (
    EXTENSIONS,
    ID,
    Artifact,
    Quota,
    Usage,
    as_name,
    damaged,
    intact,
    new_artifact,
    no_such_thing,
    require_id,
    require_room,
)
from mlp_core.text import Text

_UNDO: Final = Patience(connect=1.0, read=2.0, total=2.0)
_AT_ONCE: Final = 8
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
# What the Realtime Database takes as a key; Google's own ids of accounts are letters and digits.
_UID: Final = re.compile(r"[^\x00-\x1f\x7f/.$#\[\]]{1,128}")
_DENIED: Final = "Permission denied"


class FirebaseArtifacts:
    """An :class:`ArtifactStore` in a Firebase project, for accounts of :class:`FirebaseAccounts`.

    Parameters
    ----------
    config : FirebaseConfig
        Which project.
    quota_of : callable, optional
        How much an owner may save; by default as :class:`Quota` says. The rules of Firebase cannot sum up, so
        this server does, and two servers at once could both give the last room away.
    patience : Patience, optional
        How long one action may take.
    upload_seconds : float, optional
        How long keeping one thing may take: longer than the rest where nobody waits for it.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(
        self,
        config: FirebaseConfig,
        quota_of: Callable[[Owner], Quota] = lambda owner: Quota(),
        *,
        patience: Patience | None = None,
        upload_seconds: float | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._firebase = Firebase(config, patience)
        self._quota_of = quota_of
        self._clock = clock
        self._lock = threading.Lock()
        self._shelves: weakref.WeakValueDictionary[str, _Shelf] = weakref.WeakValueDictionary()
        usual = self._firebase.patience
        self._undo = replace(_UNDO, total=min(_UNDO.total, usual.total / 4))
        self._saving = replace(usual, total=(upload_seconds or usual.total) - self._undo.total)

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
        """Keep a thing, whole or not at all; what is there under its id already is returned as it is.

        Raises
        ------
        QuotaExceeded, InvalidParameter
            It may not be kept.
        ServiceUnavailable
            Firebase does not answer.
        SignedOut, NotVerified
            The owner may not write.
        """
        self._require(owner, artifact_id)
        milliseconds = round((self._clock() if created is None else created) * 1_000)
        artifact = new_artifact(
            name=name,
            kind=kind,
            page=page,
            content=content,
            meta=meta,
            created=milliseconds / 1_000,
            artifact_id=artifact_id,
        )
        shelf = self._shelf(owner)
        with self._talking(owner, self._saving) as place:
            with self._turn(shelf):
                kept = self._reserve(place, shelf, artifact, self._quota_of(owner))
            if kept is not None:
                return kept
            try:
                self._keep(place, artifact, content)
            finally:
                shelf.coming.pop(artifact.id, None)
        return artifact

    def get(self, owner: Owner, artifact_id: str) -> bytes:
        """Return its content, checked against its hash.

        Raises
        ------
        NotFound
            The owner has no such thing.
        StorageError
            Its content is damaged or gone.
        ServiceUnavailable, SignedOut
            Firebase does not answer, or no longer takes the proof.
        """
        self._require(owner, artifact_id)
        with self._talking(owner) as place:
            artifact = place.one(artifact_id)
            try:
                content = place.bucket.download(place.path(artifact), artifact.size)
            except Refused as refused:
                if refused.status == 404:
                    raise damaged(artifact) from None
                raise
        return intact(content, artifact)

    def list(self, owner: Owner) -> list[Artifact]:
        """Return all that are whole, newest first; a record of another shape is passed over."""
        self._require(owner)
        with self._talking(owner) as place:
            return sorted(place.all().values(), key=lambda one: (-one.created, one.id))

    def rename(self, owner: Owner, artifact_id: str, name: str) -> Artifact:
        """Give it another name; raises ``NotFound``."""
        self._require(owner, artifact_id)
        with self._talking(owner) as place, self._turn(self._shelf(owner)):
            artifact = replace(place.one(artifact_id), name=as_name(name))
            place.write(artifact.name, artifact_id, "name")
        return artifact

    def delete(self, owner: Owner, artifact_id: str) -> None:
        """Delete it; raises ``NotFound``.

        The object goes first: were the row gone and the object not, nothing would lead to it any more.
        """
        self._require(owner, artifact_id)
        with self._talking(owner) as place, self._turn(self._shelf(owner)):
            artifact = place.one(artifact_id)
            place.bucket.delete(place.path(artifact))
            place.remove(artifact_id)

    def delete_all(self, owner: Owner) -> None:
        """Delete everything of an owner, objects without a row too; cut off, it is done by another go."""
        self._require(owner)
        with self._talking(owner) as place:
            place.remove()
            paths = place.bucket.names(place.folder)

        def delete(path: str) -> None:
            with self._talking(owner) as here:
                here.bucket.delete(path)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            done = [pool.submit(delete, path) for path in paths]
            try:
                for one in done:
                    one.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def usage(self, owner: Owner) -> Usage:
        """Return how much is kept."""
        return _usage(self.list(owner))

    def _keep(self, place: _Place, artifact: Artifact, content: bytes) -> None:
        """Put the object, then the row, or take both back."""
        try:
            self._upload(place, artifact, content)
            place.write(_record(artifact, place.path(artifact)), artifact.id)
        except (ServiceUnavailable, Refused):
            # It may have been done all the same, and only the answer was lost.
            with contextlib.suppress(MLPError), self._talking(place.owner, self._undo) as here:
                here.remove(artifact.id)
                here.bucket.delete(here.path(artifact))
            raise

    def _upload(self, place: _Place, artifact: Artifact, content: bytes) -> None:
        path, media_type = place.path(artifact), EXTENSIONS[artifact.kind][1]
        try:
            place.bucket.upload(path, content, media_type)
        except Refused as refused:
            # No object is ever written over: one without a row is what an attempt before left behind.
            if refused.status != 403 or not place.bucket.delete(path):
                raise
            place.bucket.upload(path, content, media_type)

    def _reserve(self, place: _Place, shelf: _Shelf, artifact: Artifact, quota: Quota) -> Artifact | None:
        """Return what is kept under its id already, or hold the room for it."""
        # Taken before the rows: what is no longer coming is among them.
        coming = dict(shelf.coming)
        kept = place.all()
        if artifact.id in kept:
            return kept[artifact.id]
        if artifact.id in coming:
            raise StorageError(
                Text("{name} is being saved already.", name=artifact.name),
                hint=Text("Wait a moment, then try again."),
            )
        require_room(artifact, _usage(list({**coming, **kept}.values())), quota)
        shelf.coming[artifact.id] = artifact
        return None

    def _require(self, owner: Owner, artifact_id: str | None = None) -> None:
        require_id(owner, artifact_id)
        if owner.credential is None:
            raise session_ended()
        if owner.credential.account.id != owner.id or not _UID.fullmatch(owner.credential.uid):
            raise no_such_thing()

    def _shelf(self, owner: Owner) -> _Shelf:
        with self._lock:
            return self._shelves.setdefault(owner.id, _Shelf())

    @contextlib.contextmanager
    def _turn(self, shelf: _Shelf) -> Iterator[None]:
        """Let one change of an owner follow the other."""
        if not shelf.lock.acquire(timeout=self._firebase.patience.total):
            raise too_slow()
        try:
            yield
        finally:
            shelf.lock.release()

    @contextlib.contextmanager
    def _talking(self, owner: Owner, patience: Patience | None = None) -> Iterator[_Place]:
        """Give an owner's place, and turn what Firebase refuses there into a sentence."""
        try:
            yield _Place(owner, self._firebase.conversation(patience))
        except Refused as refused:
            raise _error_of(refused, owner) from None


@dataclass(eq=False)
class _Shelf:
    """One owner's changes on this server, one after the other, and what is being put."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    coming: dict[str, Artifact] = field(default_factory=dict)


class _Place:
    """Where an owner's things are, for a few requests."""

    def __init__(self, owner: Owner, talk: Conversation) -> None:
        assert owner.credential is not None
        self.owner = owner
        self.folder = f"users/{owner.credential.uid}/"
        self._rows = ("users", quote(owner.credential.uid, safe=""), "artifacts")
        self._token = owner.credential.id_token
        self._talk = talk

    @property
    def bucket(self) -> Bucket:
        return self._talk.bucket(self._token)

    def path(self, artifact: Artifact) -> str:
        return f"{self.folder}{artifact.id}.{EXTENSIONS[artifact.kind][0]}"

    def all(self) -> dict[str, Artifact]:
        rows = self._read()
        if not isinstance(rows, Mapping):
            return {}
        found = (self._artifact(artifact_id, row) for artifact_id, row in rows.items())
        return {one.id: one for one in found if one is not None}

    def one(self, artifact_id: str) -> Artifact:
        artifact = self._artifact(artifact_id, self._read(artifact_id))
        if artifact is None:
            raise no_such_thing()
        return artifact

    def write(self, value: object, *path: str) -> None:
        asking(self._talk.database(*self._rows, *path).set, value, self._token)

    def remove(self, *path: str) -> None:
        asking(self._talk.database(*self._rows, *path).remove, self._token)

    def _read(self, *path: str) -> Any:
        return asking(asking(self._talk.database(*self._rows, *path).get, self._token).val)

    def _artifact(self, artifact_id: object, row: object) -> Artifact | None:
        """Return the thing of a record, or ``None`` where it is none that was written here."""
        if not isinstance(artifact_id, str) or not ID.fullmatch(artifact_id) or not isinstance(row, Mapping):
            return None
        texts = [row.get(key, "") for key in ("name", "kind", "page", "sha256", "meta", "path")]
        size, created = _positive(row.get("size")), _positive(row.get("created_at"))
        if size is None or created is None or not all(isinstance(text, str) for text in texts):
            return None
        name, kind, page, sha256, meta, path = texts
        if kind not in EXTENSIONS or not _SHA256.fullmatch(sha256):
            return None
        artifact = Artifact(
            id=artifact_id,
            name=as_name(name),
            kind=kind,
            page=page,
            size=int(size),
            sha256=sha256,
            created=created / 1_000,
            meta=meta,
        )
        return artifact if path == self.path(artifact) else None


def _positive(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 < value < 1e15 else None


def _record(artifact: Artifact, path: str) -> dict[str, object]:
    return {
        "name": artifact.name,
        "kind": artifact.kind,
        "page": artifact.page,
        "size": artifact.size,
        "sha256": artifact.sha256,
        "created_at": round(artifact.created * 1_000),
        "path": path,
        "meta": artifact.meta,
    }


def _usage(artifacts: list[Artifact]) -> Usage:
    return Usage(bytes=sum(artifact.size for artifact in artifacts), items=len(artifacts))


def _error_of(refused: Refused, owner: Owner) -> MLPError:
    if refused.status == 401 and not refused.code.startswith(_DENIED):
        return session_ended()
    if refused.status in (401, 403):
        verified = owner.credential is not None and owner.credential.account.verified
        return _not_allowed() if verified else _not_verified()
    return not_set_up() if refused.status == 404 else misunderstood()


def _not_verified() -> NotVerified:
    return NotVerified(
        Text("Your address has to be confirmed before anything can be saved in Firebase."),
        hint=Text("Open the link in the mail that you were sent, then try again."),
    )


def _not_allowed() -> StorageError:
    return StorageError(
        Text("Firebase does not allow this; your work is kept on this server."),
        hint=Text(
            "Whoever runs the server should compare the rules of the project with those in the README."
        ),
    )
