"""Sessions: a random token, kept by a browser, that leads to a workspace.

The token itself is never written here, only its SHA-256: a copied data folder opens nobody's session. The
workspace has an id of its own, so that a session can be changed without moving anything.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from mlp_core.errors import StorageError
from mlp_core.files import read_json, storing, write_json

COOKIE: Final = "pythie"
"""The name under which a browser keeps its token."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_DAY: Final = 86_400.0


class Sessions:
    """Sessions that end when they are not used for a while.

    Parameters
    ----------
    root : Path
        One small file for each session.
    days : int, default 30
        Days without a visit after which a session ends.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(self, root: Path, *, days: int = 30, clock: Callable[[], float] = time.time) -> None:
        self._root = root
        self._clock = clock
        self.seconds = days * _DAY

    def find(self, token: str | None) -> str | None:
        """Return the workspace id of a token; ``None`` where it is ill-formed, unknown or expired."""
        path = self._path(token)
        data: Any = read_json(path) if path is not None else None
        if path is None or not isinstance(data, dict):
            return None
        workspace, used = data.get("workspace"), data.get("used")
        if not isinstance(workspace, str) or not isinstance(used, (int, float)):
            return None
        idle = self._clock() - used
        if idle > self.seconds:
            return None
        if idle > _DAY:
            # Once a day is enough to move the end, and a visit costs one read otherwise. A full disk is no
            # reason to turn a visitor away.
            with contextlib.suppress(StorageError):
                write_json(path, {**data, "used": self._clock()}, durable=False)
        return workspace

    def start(self, workspace_id: str) -> str:
        """Return the token of a new session for a workspace.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        token = secrets.token_urlsafe(32)
        path = self._path(token)
        assert path is not None
        write_json(path, {"workspace": workspace_id, "used": self._clock()}, durable=False)
        return token

    def drop(self, token: str | None) -> None:
        """End a session; nothing where there is none.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        path = self._path(token)
        if path is not None:
            with storing():
                path.unlink(missing_ok=True)

    def purge(self) -> int:
        """Delete the sessions that have ended; return how many."""
        if not self._root.is_dir():
            return 0
        gone = 0
        for path in self._root.glob("*.json"):
            data = read_json(path)
            used = data.get("used") if isinstance(data, dict) else None
            if isinstance(used, (int, float)) and self._clock() - used <= self.seconds:
                continue
            with contextlib.suppress(OSError):
                path.unlink()
                gone += 1
        return gone

    def _path(self, token: str | None) -> Path | None:
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            return None
        return self._root / f"{hashlib.sha256(token.encode()).hexdigest()}.json"
