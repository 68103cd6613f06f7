"""What the database says of projects: whose they are, which are being deleted, who may see one by a link.

A row decides whether a project exists and whose it is; its folder follows. Deleting a project and noting its
id in ``gone`` is one transaction, so that a folder whose removal was interrupted is never taken for one that
is still wanted.
"""

from __future__ import annotations

import re
from typing import Final

from mlp_core.errors import NotFound
from mlp_core.text import Text

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS projects (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    created REAL NOT NULL,
    opened REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS projects_of_an_owner ON projects (owner, opened);
CREATE TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claimed (owner TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shares (
    id TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    what TEXT NOT NULL,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    created REAL NOT NULL,
    expires REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS shares_of_a_project ON shares (project);
"""

DATABASE: Final = "pythie.db"

_ID: Final = re.compile(r"[0-9a-f]{32}")


def is_id(given: object) -> bool:
    """Whether something is an id as the app makes them: 32 hexadecimal digits."""
    return isinstance(given, str) and _ID.fullmatch(given) is not None


def no_such_project() -> NotFound:
    """Return the one answer to an unknown id and to somebody else's."""
    return NotFound(
        Text("There is no such project."),
        hint=Text("Choose one from the list of your projects."),
    )
