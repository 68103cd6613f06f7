"""The projects of every owner: several each, and each reached by its owner alone.

Whether a project exists, and whose it is, is decided by its row in the database. A row is written before its
folder is made and deleted before its folder is removed; a project that comes whole appears by one rename
inside the transaction that writes its row. So a server that is killed at any moment leaves at most files that
belong to no row, which :meth:`Library.sweep` removes at the next start.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from mlp_core.accounts import Owner
from mlp_core.config import Settings
from mlp_core.database import Database
from mlp_core.errors import StorageError
from mlp_core.jobs import JobStore
from mlp_core.library.entries import Entry, bytes_of, entry_of
from mlp_core.library.room import require_bytes, require_place
from mlp_core.library.schema import DATABASE, SCHEMA, is_id, no_such_project
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore

_LEAST_SECONDS: Final = 1e-6
"""What an opening is later than the one before it, where the clock does not say so."""


class Library:
    """The projects of a server.

    Parameters
    ----------
    root : Path
        The data folder; the rows are in its ``pythie.db``.
    workspaces : WorkspaceStore
        The folders.
    settings : Settings
        How much room an owner has, and how many projects.
    jobs : sequence of JobStore
        Who ends the work on a project that is deleted.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(
        self,
        root: Path,
        workspaces: WorkspaceStore[Project],
        settings: Settings,
        *,
        jobs: Sequence[JobStore] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._root = root
        self._workspaces = workspaces
        self._settings = settings
        self._jobs = tuple(jobs)
        self._clock = clock
        self._database = Database(root / DATABASE, SCHEMA)

    def projects(self, owner_id: str) -> list[Entry]:
        """Return the projects of an owner, the one changed last first.

        Raises
        ------
        StorageError
            The records cannot be read.
        """
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM projects WHERE owner = ?", (owner_id,)).fetchall()
        entries = [entry_of(self._workspaces, row["id"], row["created"], row["opened"]) for row in rows]
        return sorted(entries, key=lambda entry: (entry.changed, entry.opened), reverse=True)

    def current(self, owner_id: str) -> str:
        """Return the id of the project that an owner opened last; an empty one is made where there is none.

        A workspace that bears the owner's own id is theirs: earlier versions had one for each visitor.

        Raises
        ------
        NotFound
            It is no id of an owner.
        StorageError
            The records cannot be read or written.
        """
        if not is_id(owner_id):
            raise no_such_project()
        with self._database.reading() as connection:
            found = _opened_last(connection, owner_id)
        if found is not None:
            return found
        with self._database.writing() as connection:
            found = _opened_last(connection, owner_id)
            if found is not None:
                return found
            former = self._workspaces.folder(owner_id).is_dir() and not _is_known(connection, owner_id)
            id_ = owner_id if former else self._workspaces.new_id()
            self._add(connection, id_, owner_id)
        return id_

    def owns(self, owner_id: str, project_id: str) -> bool:
        """Whether there is such a project and it is this owner's.

        Raises
        ------
        StorageError
            The records cannot be read.
        """
        if not is_id(owner_id) or not is_id(project_id):
            return False
        with self._database.reading() as connection:
            return _is_of(connection, owner_id, project_id)

    def open(self, owner_id: str, project_id: str) -> None:
        """Make a project the one that its owner opened last.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        """
        with self._database.writing() as connection:
            self._require(connection, owner_id, project_id)
            self._note_opening(connection, owner_id, project_id)

    def create(self, owner_id: str, name: str = "") -> str:
        """Make a new, empty project, open it and return its id.

        Raises
        ------
        NotFound
            It is no id of an owner.
        QuotaExceeded
            The owner has as many projects as are allowed.
        StorageError
            The disk is full, or cannot be written.
        """
        if not is_id(owner_id):
            raise no_such_project()
        id_ = self._workspaces.new_id()
        with self._database.writing() as connection:
            require_place(self._settings, _count(connection, owner_id))
            self._add(connection, id_, owner_id)
        if name.strip():
            self._workspaces.update(id_, lambda project: project.with_name(name))
        return id_

    def rename(self, owner_id: str, project_id: str, name: str) -> None:
        """Give a project another name.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        """
        self._check(owner_id, project_id)
        self._workspaces.update(project_id, lambda project: project.with_name(name))

    def delete(self, owner_id: str, project_id: str) -> None:
        """Delete a project with its versions, trainings and links; its jobs are ended.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        """
        with self._database.writing() as connection:
            self._require(connection, owner_id, project_id)
            _forget(connection, project_id)
        self._remove(project_id)

    def delete_all(self, owner_id: str) -> None:
        """Delete every project of an owner, and that the owner had an account."""
        with self._database.writing() as connection:
            rows = connection.execute("SELECT id FROM projects WHERE owner = ?", (owner_id,)).fetchall()
            for row in rows:
                _forget(connection, row["id"])
            connection.execute("DELETE FROM claimed WHERE owner = ?", (owner_id,))
        for row in rows:
            self._remove(row["id"])

    def claim(self, owner_id: str) -> None:
        """Note that an owner is an account, whose projects are never deleted for want of visits."""
        if not is_id(owner_id):
            raise no_such_project()
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO claimed VALUES (?)", (owner_id,))

    def move(self, from_owner_id: str, to_owner_id: str) -> None:
        """Give a guest's projects to an account, all at once; one that was never used is dropped instead.

        The project that the guest had open is then the account's open one, if it has a table.

        Raises
        ------
        StorageError
            The records cannot be written; nothing has moved.
        """
        if not is_id(from_owner_id) or not is_id(to_owner_id):
            raise no_such_project()
        if from_owner_id == to_owner_id:
            return self.claim(to_owner_id)
        dropped = []
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO claimed VALUES (?)", (to_owner_id,))
            guests = _opened_last(connection, from_owner_id)
            opened = _opened_last(connection, to_owner_id)
            query = "SELECT id FROM projects WHERE owner = ?"
            for row in connection.execute(query, (from_owner_id,)).fetchall():
                if self._is_untouched(row["id"]):
                    _forget(connection, row["id"])
                    dropped.append(row["id"])
            moved = (to_owner_id, from_owner_id)
            connection.execute("UPDATE projects SET owner = ? WHERE owner = ?", moved)
            if guests is not None and guests not in dropped and (opened is None or self._has_table(guests)):
                opened = guests
            if opened is not None:
                self._note_opening(connection, to_owner_id, opened)
        for id_ in dropped:
            self._remove(id_)

    def usage_bytes(self, owner_id: str) -> int:
        """Return how much room the projects of an owner take."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id FROM projects WHERE owner = ?", (owner_id,)).fetchall()
        return sum(bytes_of(self._workspaces.folder(row["id"])) for row in rows)

    def require_room(self, owner: Owner, more_bytes: int, *, besides_bytes: int = 0) -> None:
        """Do nothing where an owner may keep so much more.

        Parameters
        ----------
        more_bytes : int
            What is to be kept.
        besides_bytes : int
            What the owner keeps elsewhere and counts too, such as saved things.

        Raises
        ------
        QuotaExceeded
            There is no room for it.
        """
        used = self.usage_bytes(owner.id) + besides_bytes
        require_bytes(self._settings, guest=owner.is_guest, used_bytes=used, more_bytes=more_bytes)

    def _check(self, owner_id: str, project_id: str) -> None:
        if not self.owns(owner_id, project_id):
            raise no_such_project()

    def _require(self, connection: sqlite3.Connection, owner_id: str, project_id: str) -> None:
        if not is_id(owner_id) or not is_id(project_id) or not _is_of(connection, owner_id, project_id):
            raise no_such_project()

    def _add(self, connection: sqlite3.Connection, id_: str, owner_id: str) -> None:
        now = self._clock()
        connection.execute("INSERT INTO projects VALUES (?, ?, ?, ?)", (id_, owner_id, now, now))
        self._note_opening(connection, owner_id, id_)

    def _note_opening(self, connection: sqlite3.Connection, owner_id: str, id_: str) -> None:
        query = "SELECT max(opened) FROM projects WHERE owner = ? AND id <> ?"
        (before,) = connection.execute(query, (owner_id, id_)).fetchone()
        opened = max(self._clock(), (before or 0.0) + _LEAST_SECONDS)
        connection.execute("UPDATE projects SET opened = ? WHERE id = ?", (opened, id_))

    def _remove(self, id_: str) -> None:
        """Remove what is left of a project whose row is gone; what cannot be now is at the next start."""
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

    def _is_untouched(self, id_: str) -> bool:
        folder = self._workspaces.folder(id_)
        if not folder.is_dir():
            return True
        if any(folder.glob("source/*")) or any(folder.glob("boards/*/board.json")):
            return False
        try:
            project = self._workspaces.load(id_)
        except StorageError:
            return False
        return not project.name and project.source is None

    def _has_table(self, id_: str) -> bool:
        try:
            return self._workspaces.folder(id_).is_dir() and self._workspaces.load(id_).source is not None
        except StorageError:
            return False


def _opened_last(connection: sqlite3.Connection, owner_id: str) -> str | None:
    query = "SELECT id FROM projects WHERE owner = ? ORDER BY opened DESC LIMIT 1"
    row = connection.execute(query, (owner_id,)).fetchone()
    return str(row["id"]) if row is not None else None


def _count(connection: sqlite3.Connection, owner_id: str) -> int:
    query = "SELECT count(*) FROM projects WHERE owner = ?"
    return int(connection.execute(query, (owner_id,)).fetchone()[0])


def _is_of(connection: sqlite3.Connection, owner_id: str, project_id: str) -> bool:
    query = "SELECT 1 FROM projects WHERE id = ? AND owner = ?"
    return connection.execute(query, (project_id, owner_id)).fetchone() is not None


def _is_known(connection: sqlite3.Connection, id_: str) -> bool:
    query = "SELECT 1 FROM projects WHERE id = ? UNION SELECT 1 FROM gone WHERE id = ?"
    return connection.execute(query, (id_, id_)).fetchone() is not None


def _forget(connection: sqlite3.Connection, id_: str) -> None:
    connection.execute("DELETE FROM projects WHERE id = ?", (id_,))
    connection.execute("INSERT OR IGNORE INTO gone VALUES (?)", (id_,))
