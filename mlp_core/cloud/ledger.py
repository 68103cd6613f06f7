"""What this server knows to be kept elsewhere, and what is still to be deleted there, on its own disk."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mlp_core.database import Database

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS cloud_saved (
    owner TEXT NOT NULL,
    project TEXT NOT NULL,
    artifact TEXT NOT NULL DEFAULT '',
    stamp TEXT NOT NULL DEFAULT '',
    former TEXT NOT NULL DEFAULT '',
    coming TEXT NOT NULL DEFAULT '',
    coming_stamp TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (owner, project)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cloud_forgotten (
    owner TEXT NOT NULL,
    project TEXT NOT NULL,
    PRIMARY KEY (owner, project)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is known of one project.

    Attributes
    ----------
    artifact, stamp : str
        The copy that the service has for sure, and the state in it; empty before the first.
    former : str
        The id of the copy before it.
    coming : str
        The id of the copy that was last sent, whether it arrived or not.
    """

    artifact: str = ""
    stamp: str = ""
    former: str = ""
    coming: str = ""

    @property
    def own(self) -> set[str]:
        """The ids of copies that this server made or has taken in."""
        return {self.artifact, self.former, self.coming}


class Ledger:
    """The tables of one server.

    Parameters
    ----------
    data_dir : Path
        They are in its ``pythie.db``.
    """

    def __init__(self, data_dir: Path) -> None:
        self._database = Database(data_dir / "pythie.db", SCHEMA)

    def lines(self, owner_id: str) -> dict[str, Line]:
        """Return what is known of the projects of an owner, by project."""
        query = "SELECT * FROM cloud_saved WHERE owner = ?"
        with self._database.reading() as connection:
            rows = connection.execute(query, (owner_id,)).fetchall()
        fields = ("artifact", "stamp", "former", "coming")
        return {row["project"]: Line(**{field: row[field] for field in fields}) for row in rows}

    def line(self, owner_id: str, project_id: str) -> Line:
        """Return what is known of one project; an empty line where nothing is."""
        return self.lines(owner_id).get(project_id, Line())

    def send(self, owner_id: str, project_id: str, stamp: str) -> str:
        """Return the id under which a state is to be sent, the same each time until it has arrived."""
        with self._database.writing() as connection:
            query = "SELECT coming FROM cloud_saved WHERE owner = ? AND project = ? AND coming_stamp = ?"
            row = connection.execute(query, (owner_id, project_id, stamp)).fetchone()
            if row is not None:
                return str(row["coming"])
            coming = secrets.token_hex(16)
            connection.execute(
                "INSERT INTO cloud_saved (owner, project, coming, coming_stamp) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET coming = excluded.coming, coming_stamp = excluded.coming_stamp",
                (owner_id, project_id, coming, stamp),
            )
            return coming

    def note(self, owner_id: str, project_id: str, artifact_id: str, stamp: str) -> None:
        """Note the copy that the service has, and the state in it."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO cloud_saved (owner, project, artifact, stamp) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET stamp = excluded.stamp, artifact = excluded.artifact,"
                " former = CASE artifact WHEN excluded.artifact THEN former ELSE artifact END",
                (owner_id, project_id, artifact_id, stamp),
            )

    def forget(self, owner_id: str, project_id: str) -> None:
        """Note that a project is deleted, so that its copies are to go and never come back."""
        with self._database.writing() as connection:
            note = "INSERT OR IGNORE INTO cloud_forgotten VALUES (?, ?)"
            connection.execute(note, (owner_id, project_id))

    def forgotten(self, owner_id: str) -> set[str]:
        """Return the deleted projects of which the service may still have copies."""
        query = "SELECT project FROM cloud_forgotten WHERE owner = ?"
        with self._database.reading() as connection:
            return {row["project"] for row in connection.execute(query, (owner_id,))}

    def gone(self, owner_id: str, project_id: str) -> None:
        """Note that the service has no copy of a deleted project any more."""
        with self._database.writing() as connection:
            for table in ("cloud_saved", "cloud_forgotten"):
                delete = f"DELETE FROM {table} WHERE owner = ? AND project = ?"
                connection.execute(delete, (owner_id, project_id))

    def drop(self, owner_id: str) -> None:
        """Forget all that is known of an owner."""
        with self._database.writing() as connection:
            for table in ("cloud_saved", "cloud_forgotten"):
                connection.execute(f"DELETE FROM {table} WHERE owner = ?", (owner_id,))
