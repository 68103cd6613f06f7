"""Keeping the data folder in order: what a killed server left, and what guests left who did not return."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from mlp_core.database import Database
from mlp_core.errors import NotFound, StorageError
from mlp_core.jobs import JobStore
from mlp_core.library import rows
from mlp_core.library.presence import Presence
from mlp_core.library.sweep import remove_leftovers, tidy, visited
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore

_DAY: Final = 86_400.0

_CLOCK_STEP_SECONDS: Final = 0.02
"""What the time of a file may lag behind the clock."""


class House:
    """The folders of projects as the rows say that they should be.

    Parameters
    ----------
    root : Path
        The data folder.
    database : Database
        The rows.
    workspaces : WorkspaceStore
        The folders.
    jobs : tuple of JobStore
        Who ends the work on a project that is deleted.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(
        self,
        root: Path,
        database: Database,
        workspaces: WorkspaceStore[Project],
        jobs: tuple[JobStore, ...],
        clock: Callable[[], float],
    ) -> None:
        self._root = root
        self._database = database
        self._workspaces = workspaces
        self._jobs = jobs
        self._clock = clock
        self._presence = Presence(root)

    def delete(self, owner_id: str, ids: Sequence[str]) -> None:
        """Delete projects of an owner: their rows in one go, then their folders.

        Raises
        ------
        NotFound
            One of them is no longer this owner's.
        StorageError
            The rows cannot be deleted.
        """
        try:
            self._forget(owner_id, ids)
        except NotFound:
            raise
        except StorageError:
            # On a full disk no row can be deleted before there is room, and this is how a person makes some.
            for id_ in ids:
                self._workspaces.discard(id_)
            self._forget(owner_id, ids)
        for id_ in ids:
            self.remove(id_)

    def remove(self, id_: str) -> None:
        """Remove the folder of a project that is noted as gone; what cannot go now goes at the next start."""
        folder = self._workspaces.folder(id_)
        with contextlib.suppress(StorageError):
            for store in self._jobs:
                latest = store.latest(folder)
                if latest is not None:
                    latest.cancel()
        with contextlib.suppress(StorageError):
            self._workspaces.discard(id_)
            with self._database.writing() as connection:
                connection.execute("DELETE FROM gone WHERE id = ?", (id_,))

    def sweep(self) -> int:
        """Remove what belongs to no project and to no work under way; return how much that was."""
        begun = time.time() - _CLOCK_STEP_SECONDS
        with self._presence.alone() as alone:
            if not alone:
                return 0
            removed = self._remove_unwanted()
            for id_ in self._workspaces.ids():
                removed += tidy(self._workspaces, id_, self._jobs, older_than=begun)
            return removed + remove_leftovers(self._root, self._workspaces, older_than=begun)

    def purge(self, days: float) -> list[str]:
        """Delete the projects of guests that nobody used for so long, and the links that ended."""
        now = self._clock()
        limit = now - days * _DAY
        with self._database.writing() as connection:
            connection.execute("DELETE FROM shares WHERE expires <= ?", (now,))
        purged = [id_ for id_ in self._workspaces.idle(limit) if self._let_go(id_)]
        with self._database.reading() as connection:
            query = "SELECT id FROM projects WHERE opened < ?"
            ids = [str(row["id"]) for row in connection.execute(query, (limit,))]
        never_used = [id_ for id_ in ids if not self._workspaces.folder(id_).exists()]
        return purged + [id_ for id_ in never_used if self._let_go(id_)]

    def _remove_unwanted(self) -> int:
        """Remove the folders of projects that are gone, and those of no project that nobody comes back to."""
        folders = self._workspaces.ids()
        returning = visited(self._root)
        with self._database.writing() as connection:
            for id_ in folders:
                if id_ not in returning and not rows.is_known(connection, id_):
                    rows.forget(connection, id_)
            gone = [str(row["id"]) for row in connection.execute("SELECT id FROM gone")]
        for id_ in gone:
            self.remove(id_)
        return len(gone)

    def _forget(self, owner_id: str, ids: Sequence[str]) -> None:
        with self._database.writing() as connection:
            for id_ in ids:
                rows.require(connection, owner_id, id_)
            for id_ in ids:
                rows.forget(connection, id_)

    def _let_go(self, id_: str) -> bool:
        """Delete a project unless an account has it; say whether it was."""
        with self._database.writing() as connection:
            query = "SELECT 1 FROM projects JOIN claimed USING (owner) WHERE id = ?"
            if connection.execute(query, (id_,)).fetchone() is not None:
                return False
            rows.forget(connection, id_)
        self.remove(id_)
        return True
