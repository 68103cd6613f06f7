"""Workspaces: a folder per visitor or account, changed by one hand at a time.

The store does not know what a workspace holds; it is given a class that creates, loads and writes it. Every
change reads the present state under a lock that all threads and processes share, so two tabs of one person
never lose or mix their changes.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Generic, Protocol, Self, TypeVar

from mlp_core.errors import StorageError
from mlp_core.files import FileLock, is_held, storing
from mlp_core.jobs.status import ALIVE
from mlp_core.storage.documents import previous_of
from mlp_core.text import Text

DOCUMENT: Final = "project.json"

_ID: Final = re.compile(r"[0-9a-f]{32}")
_REMEMBERED: Final = 128
_HOUR: Final = 3_600.0


class Kept(Protocol):
    """What a workspace holds: immutable, with its document at ``project.json`` in its folder."""

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty one in ``folder`` and write it."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the one in ``folder``."""
        ...

    def write(self) -> None:
        """Write it, whole or not at all."""
        ...


K = TypeVar("K", bound=Kept)
Signature = tuple[int, int, int]


class WorkspaceStore(Generic[K]):
    """The workspaces of a server.

    Parameters
    ----------
    root : Path
        One folder for each workspace.
    kind : type
        What a workspace holds.
    """

    def __init__(self, root: Path, kind: type[K]) -> None:
        self._root = root
        self._kind = kind
        self._guard = threading.Lock()
        self._known: OrderedDict[str, tuple[Signature, K]] = OrderedDict()

    def new_id(self) -> str:
        """Return an id that nobody has; the folder is made when it is first asked for."""
        return secrets.token_hex(16)

    def folder(self, workspace_id: str) -> Path:
        """Return the folder of a workspace.

        Raises
        ------
        StorageError
            It is not an id that this store gives.
        """
        if not isinstance(workspace_id, str) or not _ID.fullmatch(workspace_id):
            raise StorageError(
                Text("There is no such workspace."),
                hint=Text("Reload the page to come back to yours."),
            )
        return self._root / workspace_id

    def load(self, workspace_id: str) -> K:
        """Return what a workspace holds; an empty one where there was nothing.

        Raises
        ------
        StorageError
            What was saved is damaged, or the folder cannot be written.
        """
        folder = self.folder(workspace_id)
        self._note_use(folder)
        signature = _signature(folder / DOCUMENT)
        with self._guard:
            known = self._known.get(workspace_id)
            if known is not None and known[0] == signature:
                self._known.move_to_end(workspace_id)
                return known[1]
        if signature is None and not previous_of(folder / DOCUMENT).exists():
            with self._lock(workspace_id):
                held = self._read(folder)
        else:
            held = self._kind.load(folder)
        self._remember(workspace_id, signature, held)
        return held

    def update(self, workspace_id: str, change: Callable[[K], K]) -> K:
        """Change what a workspace holds and return it; ``change`` sees the present state, alone.

        Raises
        ------
        StorageError
            It cannot be read or written; the workspace stays as it was.
        """
        folder = self.folder(workspace_id)
        with self._lock(workspace_id):
            before = self._read(folder)
            after = change(before)
            if after is not before:
                after.write()
            self._remember(workspace_id, _signature(folder / DOCUMENT), after)
        return after

    def renew(self, workspace_id: str) -> K:
        """Put a damaged document aside and return an empty one in its place.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        folder = self.folder(workspace_id)
        with self._lock(workspace_id), storing():
            for path in (folder / DOCUMENT, previous_of(folder / DOCUMENT)):
                if path.exists():
                    os.replace(path, path.with_suffix(".damaged"))
            held = self._kind.create(folder)
            self._remember(workspace_id, _signature(folder / DOCUMENT), held)
        return held

    def discard(self, workspace_id: str) -> None:
        """Delete a workspace with all that is in it; nothing where there is none.

        Raises
        ------
        StorageError
            It stays busy, or its folder cannot be moved away; it is then still there.
        """
        folder = self.folder(workspace_id)
        with self._lock(workspace_id) as lock, storing():
            with self._guard:
                self._known.pop(workspace_id, None)
            if folder.exists():
                _remove(folder)
            # Nobody is to change what is gone, so the lock need not hold for who comes now.
            with contextlib.suppress(OSError):
                lock.path.unlink()

    def ids(self) -> list[str]:
        """Return the ids of all workspaces that have a folder."""
        try:
            return [name for name in os.listdir(self._root) if _ID.fullmatch(name)]
        except OSError:
            return []

    def draft(self) -> Path:
        """Return a hidden place in which a whole workspace can be made; nothing is there yet."""
        return self._root / f".draft-{secrets.token_hex(16)}"

    def place(self, draft: Path, workspace_id: str) -> None:
        """Make a draft the workspace of an id, in place of what was there.

        Raises
        ------
        StorageError
            It cannot be moved.
        """
        folder = self.folder(workspace_id)
        with self._lock(workspace_id), storing():
            with self._guard:
                self._known.pop(workspace_id, None)
            if folder.exists():
                _remove(folder)
            os.replace(draft, folder)

    def leftovers(self) -> Iterator[Path]:
        """Yield what lies beside the workspaces and would be gone, had nobody been killed.

        These are drafts, folders on their way out, and the locks of workspaces that are no longer there.
        """
        yield from self._root.glob(".draft-*")
        yield from self._root.glob(".gone-*")
        for lock in self._root.glob(".locks/*.lock"):
            if not (self._root / lock.stem).exists() and not is_held(lock):
                yield lock

    @contextlib.contextmanager
    def alone(self, workspace_id: str) -> Iterator[bool]:
        """Say whether nobody is changing a workspace, and keep everybody from it if so.

        Raises
        ------
        StorageError
            It is not an id that this store gives.
        """
        lock = self._lock(self.folder(workspace_id).name)
        taken = lock.try_acquire()
        try:
            yield taken
        finally:
            lock.release()

    def idle(self, limit: float) -> list[str]:
        """Return the workspaces that nobody used since ``limit``, in seconds, and where no job runs."""
        return [id_ for id_ in self.ids() if _is_idle(self._root / id_, limit)]

    def _read(self, folder: Path) -> K:
        document = folder / DOCUMENT
        if document.exists() or previous_of(document).exists():
            return self._kind.load(folder)
        return self._kind.create(folder)

    def _lock(self, workspace_id: str) -> FileLock:
        return FileLock(self._root / ".locks" / f"{workspace_id}.lock")

    def _note_use(self, folder: Path) -> None:
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _HOUR:
                os.utime(folder)

    def _remember(self, workspace_id: str, signature: Signature | None, held: Any) -> None:
        if signature is None:
            return
        with self._guard:
            self._known[workspace_id] = (signature, held)
            self._known.move_to_end(workspace_id)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)


def _remove(folder: Path) -> None:
    """Delete a folder: gone at once under its name, and only then file by file."""
    doomed = folder.with_name(f".gone-{folder.name}-{secrets.token_hex(4)}")
    os.replace(folder, doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def _signature(path: Path) -> Signature | None:
    """Return what changes whenever a document is replaced."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


def _is_idle(folder: Path, limit: float) -> bool:
    try:
        if folder.stat().st_mtime > limit:
            return False
    except OSError:
        return False
    return not any(is_held(lock) for lock in folder.glob(f"*/*/{ALIVE}"))
