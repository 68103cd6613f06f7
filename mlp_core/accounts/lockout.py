"""Growing waits after wrong passwords, for who has an account and for addresses that nobody has alike.

An attempt is counted before it is judged, so that a hundred at once are not a hundred free ones; what
succeeds is forgotten. One that comes too early is not counted: whoever hammers at an address makes its owner
wait at most a quarter of an hour at a time, and never touches who is signed in.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from mlp_core.accounts.refusals import too_many_attempts
from mlp_core.database import Database

FREE_ATTEMPTS: Final = 5
FIRST_WAIT_SECONDS: Final = 30.0
LONGEST_WAIT_SECONDS: Final = 900.0
MEMORY_SECONDS: Final = 86_400.0

ATTEMPTS_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS attempts (
    key TEXT PRIMARY KEY, count INTEGER NOT NULL, until REAL NOT NULL, last REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attempts_last ON attempts (last);
"""


@dataclass(frozen=True)
class Tries:
    """Attempts in a row on one thing.

    Attributes
    ----------
    count : int
        How many there were.
    until : float
        Seconds since the epoch before which there is no next one.
    last : float
        When the last one was.
    """

    count: int = 0
    until: float = 0.0
    last: float = 0.0

    def after(self, now: float) -> Tries:
        """Return the tries with one more at ``now``.

        Raises
        ------
        TooManyAttempts
            It comes too early; the sentence says how long to wait.
        """
        wait = self.until - now
        # A longer wait than there can be is a clock that was set back.
        if 0 < wait <= LONGEST_WAIT_SECONDS:
            raise too_many_attempts(wait)
        count = 1 + (self.count if now - self.last <= MEMORY_SECONDS else 0)
        return Tries(count, now + wait_after(count), now)


def wait_after(count: int) -> float:
    """Return how many seconds to wait after so many attempts in a row.

    Examples
    --------
    >>> [wait_after(count) for count in (1, 4, 5, 6, 7, 9, 10, 1000)]
    [0.0, 0.0, 30.0, 60.0, 120.0, 480.0, 900.0, 900.0]
    """
    if count < FREE_ATTEMPTS:
        return 0.0
    doublings = min(count - FREE_ATTEMPTS, 10)
    return min(FIRST_WAIT_SECONDS * float(2**doublings), LONGEST_WAIT_SECONDS)


class Attempts:
    """Attempts of all visitors, kept in the database of the server, and forgotten a day after the last.

    Parameters
    ----------
    path : Path
        The database file.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._database = Database(path, ATTEMPTS_SCHEMA)
        self._clock = clock

    def count(self, what: str, of: str) -> None:
        """Count an attempt, before it is judged.

        Parameters
        ----------
        what : str
            What is attempted, such as ``"sign-in"``.
        of : str
            On what: an address, or the id of an account. Only its hash is kept.

        Raises
        ------
        TooManyAttempts
            It comes too early; it is not counted, and must not be judged.
        StorageError
            The database cannot be written.
        """
        key = key_of(what, of)
        with self._database.writing() as connection:
            # Read in one's turn: a time from before could lie ahead of the attempt that came first.
            now = self._clock()
            connection.execute("DELETE FROM attempts WHERE last < ?", (now - MEMORY_SECONDS,))
            row = connection.execute(
                "SELECT count, until, last FROM attempts WHERE key = ?", (key,)
            ).fetchone()
            tries = (Tries(*row) if row else Tries()).after(now)
            connection.execute(
                "INSERT OR REPLACE INTO attempts (key, count, until, last) VALUES (?, ?, ?, ?)",
                (key, tries.count, tries.until, tries.last),
            )

    def forget(self, what: str, of: str) -> None:
        """Forget the attempts on one thing, as one has succeeded.

        Raises
        ------
        StorageError
            The database cannot be written.
        """
        with self._database.writing() as connection:
            forget_in(connection, what, of)


def forget_in(connection: Connection, what: str, of: str) -> None:
    """Forget the attempts on one thing within a transaction that changes more."""
    connection.execute("DELETE FROM attempts WHERE key = ?", (key_of(what, of),))


def key_of(what: str, of: str) -> str:
    """Return the hash under which attempts are counted."""
    return hashlib.sha256(f"{what}\0{of}".encode("utf-8", "surrogatepass")).hexdigest()
