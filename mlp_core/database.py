"""One SQLite file that threads and processes share: write-ahead log, one connection a transaction.

A connection is opened for each transaction, so nothing is bound to a thread. A transaction that writes takes
the write lock at its beginning: what it reads cannot change before what it writes.

One more connection stays open and idle, which keeps the two files of the log beside the database: on a full
disk they could not be made again, and nothing could even be read.
"""

from __future__ import annotations

import contextlib
import sqlite3
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mlp_core.errors import StorageError
from mlp_core.files import FileLock, disk_full, storing
from mlp_core.text import Text

_WAIT_SECONDS: Final = 10.0
_FULL: Final = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"})
"""The second: there is no room for the index of the log."""


class Database:
    """A database file, made when it is first used.

    Parameters
    ----------
    path : Path
        The file; two more stand beside it while it is in use.
    schema : str
        ``CREATE TABLE IF NOT EXISTS`` statements of the store that uses it. Several stores may share a file.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        self._schema = schema
        self._idle: sqlite3.Connection | None = None

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that reads and writes; it is kept where the block ends well, and undone else.

        Raises
        ------
        StorageError
            The disk is full, the file is damaged or stays locked, or cannot be written.
        """
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that only reads, on one state of the file.

        Raises
        ------
        StorageError
            The file is damaged, or cannot be opened.
        """
        with self._connection() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with _telling():
            if not self._is_ready():
                self._prepare()
            connection = self._connect()
            try:
                yield connection
            finally:
                connection.close()

    def _is_ready(self) -> bool:
        return self._idle is not None and self.path.exists()

    def _prepare(self) -> None:
        # SQLite does not wait for its turn where the mode of a file is changed.
        with FileLock(self.path.with_name(f".{self.path.name}.lock")):
            if self._is_ready():
                return
            if not self.path.exists():
                # The files of the log take their rights from it when they are made.
                with storing():
                    self.path.touch(mode=0o600)
            connection = self._connect()
            try:
                if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(f"BEGIN IMMEDIATE; {self._schema} COMMIT;")
            except BaseException:
                connection.close()
                raise
            weakref.finalize(self, connection.close)
            self._idle = connection

    def _connect(self) -> sqlite3.Connection:
        # The idle one is closed by whichever thread lets go of the store.
        connection = sqlite3.connect(
            self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        return connection


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """Turn a failure of the database into a sentence; a broken rule of the schema is the caller's."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as failure:
        code = getattr(failure, "sqlite_errorname", "")
        if code in _FULL:
            raise disk_full() from failure
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StorageError(
                Text("The server is busy with other changes, so this one was not saved."),
                hint=Text("Wait a moment, then try again."),
            ) from failure
        raise StorageError(
            Text("The server’s own records cannot be read or written."),
            hint=Text("Whoever runs the server should look at pythie.db in its data folder (MLP_DATA_DIR)."),
        ) from failure
