"""The rows of projects: asked and changed inside a transaction that the caller holds open."""

from __future__ import annotations

import sqlite3
from typing import Final

from mlp_core.library.schema import is_id, no_such_project

_LEAST_SECONDS: Final = 1e-6
"""What an opening is later than the one before it, where the clock does not say so."""


def require(connection: sqlite3.Connection, owner_id: str, project_id: str) -> None:
    """Do nothing where there is such a project and it is this owner's.

    Raises
    ------
    NotFound
        There is none, or it is somebody else's.
    """
    if not is_id(owner_id) or not is_id(project_id) or not is_of(connection, owner_id, project_id):
        raise no_such_project()


def is_of(connection: sqlite3.Connection, owner_id: str, project_id: str) -> bool:
    """Whether there is such a project and it is this owner's."""
    query = "SELECT 1 FROM projects WHERE id = ? AND owner = ?"
    return connection.execute(query, (project_id, owner_id)).fetchone() is not None


def is_known(connection: sqlite3.Connection, id_: str) -> bool:
    """Whether a project has this id, or had it and is being deleted."""
    query = "SELECT 1 FROM projects WHERE id = ? UNION SELECT 1 FROM gone WHERE id = ?"
    return connection.execute(query, (id_, id_)).fetchone() is not None


def of_owner(connection: sqlite3.Connection, owner_id: str) -> list[sqlite3.Row]:
    """Return the rows of an owner's projects."""
    return connection.execute("SELECT * FROM projects WHERE owner = ?", (owner_id,)).fetchall()


def opened_last(connection: sqlite3.Connection, owner_id: str) -> str | None:
    """Return the id of the project that an owner opened last, where there is one."""
    query = "SELECT id FROM projects WHERE owner = ? ORDER BY opened DESC LIMIT 1"
    row = connection.execute(query, (owner_id,)).fetchone()
    return str(row["id"]) if row is not None else None


def add(connection: sqlite3.Connection, id_: str, owner_id: str, now: float, *, opened: bool = True) -> None:
    """Add a project, which its owner thereby opens unless ``opened`` says otherwise."""
    connection.execute("INSERT INTO projects VALUES (?, ?, ?, ?)", (id_, owner_id, now, 0.0))
    if opened:
        note_opening(connection, owner_id, id_, now)


def note_opening(connection: sqlite3.Connection, owner_id: str, id_: str, now: float) -> None:
    """Make a project the one that its owner opened last."""
    query = "SELECT max(opened) FROM projects WHERE owner = ? AND id <> ?"
    (before,) = connection.execute(query, (owner_id, id_)).fetchone()
    opened = max(now, (before or 0.0) + _LEAST_SECONDS)
    connection.execute("UPDATE projects SET opened = ? WHERE id = ?", (opened, id_))


def forget(connection: sqlite3.Connection, id_: str) -> None:
    """Delete a project, its links with it, and note that its folder is to go."""
    connection.execute("DELETE FROM projects WHERE id = ?", (id_,))
    connection.execute("INSERT OR IGNORE INTO gone VALUES (?)", (id_,))


def claim(connection: sqlite3.Connection, owner_id: str) -> None:
    """Note that an owner is an account."""
    connection.execute("INSERT OR IGNORE INTO claimed VALUES (?)", (owner_id,))


def is_claimed(connection: sqlite3.Connection, owner_id: str) -> bool:
    """Whether an owner is an account."""
    query = "SELECT 1 FROM claimed WHERE owner = ?"
    return connection.execute(query, (owner_id,)).fetchone() is not None


def has_projects(connection: sqlite3.Connection, owner_id: str) -> bool:
    """Whether an owner has a project."""
    query = "SELECT 1 FROM projects WHERE owner = ?"
    return connection.execute(query, (owner_id,)).fetchone() is not None
