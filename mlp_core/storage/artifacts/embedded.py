"""Saved things on this server: a row for each in the database, and its content in a file beside it.

A row is written before its file and made ready after it, so what a killed server leaves is a row that is not
ready, or a file without a row, and :meth:`EmbeddedArtifacts.sweep` tells both from what is whole. A file
never moves: its row says in whose folder it was put, and only the row changes hands.
"""

from __future__ import annotations

import contextlib
import logging
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from mlp_core.accounts.account import Owner
from mlp_core.database import Database
from mlp_core.errors import StorageError
from mlp_core.files import write_atomically
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

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS artifacts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    page TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    created REAL NOT NULL,
    meta TEXT NOT NULL,
    ready INTEGER NOT NULL DEFAULT 0,
    UNIQUE (owner, id),
    UNIQUE (folder, id)
);
CREATE INDEX IF NOT EXISTS artifacts_of_owner ON artifacts (owner, created);
"""

_LOST: Final = 2
"""A row whose file is gone: not listed and not counted, until the file is back."""

_LOG: Final = logging.getLogger(__name__)
_FILE: Final = re.compile(r"\.?([0-9a-f]{32})\.[a-z]{1,10}(?:\.[0-9a-f]{8}\.tmp)?")


class EmbeddedArtifacts:
    """An :class:`ArtifactStore` in the data folder of this server.

    Parameters
    ----------
    data_dir : Path
        Rows go into ``pythie.db`` there, files into ``artifacts/<owner>/<id>.<extension>``.
    quota_of : callable, optional
        How much an owner may save; by default as :class:`Quota` says.
    clock : callable, optional
        Seconds since the epoch.
    """

    def __init__(
        self,
        data_dir: Path,
        quota_of: Callable[[Owner], Quota] = lambda owner: Quota(),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._root = data_dir / "artifacts"
        self._database = Database(data_dir / "pythie.db", SCHEMA)
        self._quota_of = quota_of
        self._clock = clock
        self._putting: set[int] = set()

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
        QuotaExceeded
            It would take more room than the owner has.
        InvalidParameter
            The kind or the page is unknown, it is empty, or ``meta`` is too long.
        StorageError
            The disk is full, or the data folder cannot be written.
        """
        require_id(owner, artifact_id)
        artifact = new_artifact(
            name=name,
            kind=kind,
            page=page,
            content=content,
            meta=meta,
            created=self._clock() if created is None else created,
            artifact_id=artifact_id,
        )
        quota = self._quota_of(owner)
        with self._database.writing() as connection:
            kept = _find(connection, owner, artifact.id)
            if kept is not None:
                return _artifact(kept)
            number = _reserve(connection, owner, artifact, quota)
            self._putting.add(number)
        path = self._path(owner.id, artifact.id, kind)
        try:
            write_atomically(path, content)
            self._make_ready(number, artifact, path)
        except BaseException:
            self._undo(number, path)
            raise
        finally:
            self._putting.discard(number)
        return artifact

    def get(self, owner: Owner, artifact_id: str) -> bytes:
        """Return its content, checked against its hash.

        Raises
        ------
        NotFound
            The owner has no such thing.
        StorageError
            Its file is damaged or gone.
        """
        require_id(owner, artifact_id)
        with self._database.reading() as connection:
            row = _row(connection, owner, artifact_id)
        artifact = _artifact(row)
        try:
            content = self._path(row["folder"], artifact.id, artifact.kind).read_bytes()
        except OSError as failure:
            raise damaged(artifact) from failure
        return intact(content, artifact)

    def list(self, owner: Owner) -> list[Artifact]:
        """Return all that are whole, newest first."""
        require_id(owner)
        order = "SELECT * FROM artifacts WHERE owner = ? AND ready = 1 ORDER BY created DESC, number DESC"
        with self._database.reading() as connection:
            return [_artifact(row) for row in connection.execute(order, (owner.id,))]

    def rename(self, owner: Owner, artifact_id: str, name: str) -> Artifact:
        """Give it another name; raises ``NotFound``."""
        require_id(owner, artifact_id)
        with self._database.writing() as connection:
            number = _row(connection, owner, artifact_id)["number"]
            connection.execute("UPDATE artifacts SET name = ? WHERE number = ?", (as_name(name), number))
            return _artifact(_row(connection, owner, artifact_id))

    def delete(self, owner: Owner, artifact_id: str) -> None:
        """Delete it; raises ``NotFound``."""
        require_id(owner, artifact_id)
        with self._database.reading() as connection:
            row = _row(connection, owner, artifact_id)
        if not self._forget([row]):
            raise no_such_thing()

    def delete_all(self, owner: Owner) -> None:
        """Delete everything of an owner, what was never finished and what lies in the folder besides."""
        require_id(owner)
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM artifacts WHERE owner = ?", (owner.id,)).fetchall()
        self._forget(rows)
        with self._database.writing() as connection:
            self._tidy(self._root / owner.id, _ids_in(connection, owner.id))

    def usage(self, owner: Owner) -> Usage:
        """Return how much is kept."""
        require_id(owner)
        with self._database.reading() as connection:
            return _usage(connection, owner, "AND ready = 1")

    def move(self, from_owner_id: str, to_owner_id: str) -> None:
        """Give all that one owner has to another, beyond the quota if need be.

        It is one change of the database, so it is done or not. What is being put at that moment follows.
        """
        require_id(Owner(id=from_owner_id))
        require_id(Owner(id=to_owner_id))
        with self._database.writing() as connection:
            change = "UPDATE OR IGNORE artifacts SET owner = ? WHERE owner = ?"
            connection.execute(change, (to_owner_id, from_owner_id))

    def owners(self) -> Sequence[str]:
        """Return the ids of all who have something here."""
        with self._database.reading() as connection:
            return [str(row["owner"]) for row in connection.execute("SELECT DISTINCT owner FROM artifacts")]

    def sweep(self) -> int:
        """Remove what a killed server left half done, and return how many rows and files that were.

        Called at start, and from time to time. What this store is putting is left alone; what another server
        on the same folder is putting right then fails with a sentence. A row whose file is gone is no longer
        listed, and is again once the file is back.

        Raises
        ------
        StorageError
            The database cannot be read or written.
        """
        with self._database.writing() as connection:
            unready = connection.execute("SELECT number FROM artifacts WHERE ready = 0").fetchall()
            dead = [row["number"] for row in unready if row["number"] not in self._putting]
            connection.executemany("DELETE FROM artifacts WHERE number = ?", [(one,) for one in dead])
            removed = len(dead)
            self._note_lost(connection)
            # A database that never held a row is new or not the one these files belong to.
            if connection.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'artifacts'").fetchone():
                for folder in self._folders():
                    removed += self._tidy(folder, _ids_in(connection, folder.name))
        return removed

    def _make_ready(self, number: int, artifact: Artifact, path: Path) -> None:
        with self._database.writing() as connection:
            change = "UPDATE artifacts SET ready = 1 WHERE number = ?"
            if not connection.execute(change, (number,)).rowcount or not path.exists():
                raise StorageError(
                    Text("{name} was deleted while it was being saved.", name=artifact.name),
                    hint=Text("Save it again if you still want it."),
                )

    def _undo(self, number: int, path: Path) -> None:
        """Take a put back; what cannot be undone now is left to the sweep, which finds it not ready."""
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        with contextlib.suppress(StorageError), self._database.writing() as connection:
            connection.execute("DELETE FROM artifacts WHERE number = ?", (number,))

    def _forget(self, rows: Sequence[sqlite3.Row]) -> int:
        """Delete rows, then their files; return how many rows were there."""
        try:
            gone = self._delete_rows(rows)
        except StorageError:
            # On a full disk no row can be deleted before there is room, and this is how a person makes some.
            for row in rows:
                self._unlink(row)
            gone = self._delete_rows(rows)
        for row in rows:
            self._unlink(row)
        return gone

    def _delete_rows(self, rows: Sequence[sqlite3.Row]) -> int:
        delete = "DELETE FROM artifacts WHERE number = ?"
        with self._database.writing() as connection:
            return sum(connection.execute(delete, (row["number"],)).rowcount for row in rows)

    def _unlink(self, row: sqlite3.Row) -> None:
        with contextlib.suppress(OSError):
            self._path(row["folder"], row["id"], row["kind"]).unlink(missing_ok=True)

    def _note_lost(self, connection: sqlite3.Connection) -> None:
        for row in connection.execute(
            "SELECT number, id, folder, kind, ready FROM artifacts WHERE ready"
        ).fetchall():
            there = self._path(row["folder"], row["id"], row["kind"]).exists()
            if there != (row["ready"] == 1):
                _LOG.warning("the file of the saved thing %s is %s", row["id"], "back" if there else "gone")
                change = "UPDATE artifacts SET ready = ? WHERE number = ?"
                connection.execute(change, (1 if there else _LOST, row["number"]))

    def _folders(self) -> Iterator[Path]:
        with contextlib.suppress(OSError):
            yield from (one for one in self._root.iterdir() if ID.fullmatch(one.name) and one.is_dir())

    def _tidy(self, folder: Path, kept: set[str]) -> int:
        """Delete what this store put into a folder and no row names, and the folder if that empties it."""
        removed = 0
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                found = _FILE.fullmatch(path.name)
                if found and found[1] not in kept:
                    path.unlink(missing_ok=True)
                    removed += 1
            folder.rmdir()
        return removed

    def _path(self, folder: str, artifact_id: str, kind: str) -> Path:
        return self._root / folder / f"{artifact_id}.{EXTENSIONS[kind][0]}"


def _find(connection: sqlite3.Connection, owner: Owner, artifact_id: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = connection.execute(
        "SELECT * FROM artifacts WHERE id = ? AND owner = ? AND ready = 1", (artifact_id, owner.id)
    ).fetchone()
    return found


def _row(connection: sqlite3.Connection, owner: Owner, artifact_id: str) -> sqlite3.Row:
    found = _find(connection, owner, artifact_id)
    if found is None:
        raise no_such_thing()
    return found


def _reserve(connection: sqlite3.Connection, owner: Owner, artifact: Artifact, quota: Quota) -> int:
    # What is being put counts too, so that two at once cannot both take the last room.
    require_room(artifact, _usage(connection, owner, f"AND ready <> {_LOST}"), quota)
    columns = "id, owner, folder, name, kind, page, size, sha256, created, meta"
    values = (
        *(artifact.id, owner.id, owner.id, artifact.name, artifact.kind, artifact.page),
        *(artifact.size, artifact.sha256, artifact.created, artifact.meta),
    )
    lost = f"DELETE FROM artifacts WHERE owner = ? AND id = ? AND ready = {_LOST}"
    connection.execute(lost, (owner.id, artifact.id))
    insert = f"INSERT INTO artifacts ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    try:
        number = connection.execute(insert, values).lastrowid
    except sqlite3.IntegrityError:
        raise StorageError(
            Text("{name} is being saved already.", name=artifact.name),
            hint=Text("Wait a moment, then try again."),
        ) from None
    return number or 0


def _artifact(row: sqlite3.Row) -> Artifact:
    return Artifact(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        page=row["page"],
        size=row["size"],
        sha256=row["sha256"],
        created=row["created"],
        meta=row["meta"],
    )


def _usage(connection: sqlite3.Connection, owner: Owner, which: str) -> Usage:
    total = f"SELECT COALESCE(SUM(size), 0), COUNT(*) FROM artifacts WHERE owner = ? {which}"
    size, items = connection.execute(total, (owner.id,)).fetchone()
    return Usage(bytes=size, items=items)


def _ids_in(connection: sqlite3.Connection, folder: str) -> set[str]:
    found = connection.execute("SELECT id FROM artifacts WHERE folder = ?", (folder,))
    return {row["id"] for row in found}
