"""How a server process shows that it is alive, and learns whether another one uses the same data folder.

Each process holds a lock on a file of its own for as long as it lives. A lock ends with its process, however
that ends, so nobody has to judge by time or by a number whether another server is still there.
"""

from __future__ import annotations

import contextlib
import secrets
import weakref
from collections.abc import Iterator
from pathlib import Path

from mlp_core.files import FileLock, is_held


class Presence:
    """One process among those that use a data folder.

    Parameters
    ----------
    root : Path
        The data folder.
    """

    def __init__(self, root: Path) -> None:
        self._gate = FileLock(root / "server.lock")
        self._folder = root / "servers"
        self._own: FileLock | None = None

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Say whether no other process was there before, and be there from now on; one asks at a time.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        first = self._gate.try_acquire()
        try:
            others = [path for path in self._folder.glob("*.lock") if not self._is_own(path)]
            living = [path for path in others if is_held(path)]
            self._come()
            if first and not living:
                for path in others:
                    with contextlib.suppress(OSError):
                        path.unlink()
            yield first and not living
        finally:
            self._gate.release()

    def _come(self) -> None:
        if self._own is None:
            lock = FileLock(self._folder / f"{secrets.token_hex(8)}.lock")
            if lock.try_acquire():
                self._own = lock
                weakref.finalize(self, lock.release)

    def _is_own(self, path: Path) -> bool:
        return self._own is not None and path == self._own.path
