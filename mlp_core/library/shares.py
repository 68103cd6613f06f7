"""Links to a project for who has no account: read-only, for a while, and withdrawn at will.

A link's token is kept as it is, since its owner must be able to show the link and its code again. Who could
read it in the database could read the project itself in the folder beside it; it gives no right to change
anything, is 192 bits of chance, and ends by itself.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mlp_core.database import Database
from mlp_core.errors import InvalidParameter, NotFound
from mlp_core.library import rows
from mlp_core.library.schema import DATABASE, SCHEMA, is_id
from mlp_core.text import Text

PROJECT: Final = "project"
"""What a link shows."""

LONGEST_DAYS: Final = 366

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_DAY: Final = 86_400.0
_QUERY: Final = """
SELECT shares.*, projects.owner AS owner FROM shares JOIN projects ON projects.id = shares.project
"""


@dataclass(frozen=True, kw_only=True)
class Share:
    """One link.

    Attributes
    ----------
    id : str
        By which it is withdrawn; it opens nothing.
    token : str
        What the link holds; who has it sees the project. It is kept out of every representation.
    project_id, owner_id : str
        What it shows, and whose that is now.
    created, expires : float
        Seconds since the epoch.
    what : str
        What of the project it shows.
    """

    id: str
    token: str = field(repr=False)
    project_id: str
    owner_id: str
    created: float
    expires: float
    what: str = PROJECT


class Shares:
    """The links to the projects of a server.

    Parameters
    ----------
    root : Path
        The data folder; the links are in its ``pythie.db``, beside the projects.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(self, root: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._database = Database(root / DATABASE, SCHEMA)
        self._clock = clock

    def make(self, owner_id: str, project_id: str, *, days: float) -> Share:
        """Return a new link to a project, that opens it for ``days``.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        InvalidParameter
            It would end at once, or never in practice.
        """
        if not 0 < days <= LONGEST_DAYS:
            raise InvalidParameter(
                Text("A link works for at most {most:n} days, not {days:n}.", most=LONGEST_DAYS, days=days)
            )
        now = self._clock()
        share = Share(
            id=secrets.token_hex(16),
            token=secrets.token_urlsafe(24),
            project_id=project_id,
            owner_id=owner_id,
            created=now,
            expires=now + days * _DAY,
        )
        with self._database.writing() as connection:
            rows.require(connection, owner_id, project_id)
            row = (share.id, share.token, share.what, project_id, share.created, share.expires)
            connection.execute("INSERT INTO shares VALUES (?, ?, ?, ?, ?, ?)", row)
        return share

    def list(self, owner_id: str, project_id: str | None = None) -> Sequence[Share]:
        """Return the links that still work, the newest first: those of an owner, or of one project.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        """
        query = f"{_QUERY} WHERE owner = ? AND expires > ? ORDER BY shares.created DESC, shares.id"
        with self._database.reading() as connection:
            if project_id is not None:
                rows.require(connection, owner_id, project_id)
            found = connection.execute(query, (owner_id, self._clock())).fetchall()
        shares = [_share(row) for row in found]
        return [share for share in shares if project_id in (None, share.project_id)]

    def withdraw(self, owner_id: str, share_id: str) -> None:
        """End a link now.

        Raises
        ------
        NotFound
            There is no such link, or it is somebody else's.
        """
        query = "DELETE FROM shares WHERE id = ? AND project IN (SELECT id FROM projects WHERE owner = ?)"
        if is_id(owner_id) and is_id(share_id):
            with self._database.writing() as connection:
                if connection.execute(query, (share_id, owner_id)).rowcount:
                    return
        raise no_such_link()

    def find(self, token: str) -> Share:
        """Return the link that holds a token.

        Raises
        ------
        NotFound
            It is unknown, was withdrawn or has ended, or its project is gone: one sentence for all.
        """
        if isinstance(token, str) and _TOKEN.fullmatch(token):
            with self._database.reading() as connection:
                row = connection.execute(f"{_QUERY} WHERE token = ?", (token,)).fetchone()
            if row is not None and row["expires"] > self._clock():
                return _share(row)
        raise no_such_link()


def no_such_link() -> NotFound:
    """Return the one answer to a link that is unknown, withdrawn or over."""
    return NotFound(
        Text("This link leads nowhere, or no longer."),
        hint=Text("Ask the person who gave it to you for a new one."),
    )


def _share(row: sqlite3.Row) -> Share:
    return Share(
        id=row["id"],
        token=row["token"],
        project_id=row["project"],
        owner_id=row["owner"],
        created=row["created"],
        expires=row["expires"],
        what=row["what"],
    )
