"""Sessions: a random token, kept by a browser, that leads to what its visitor owns.

The token itself is never written here, only its SHA-256, and what proves an account to its provider is
sealed with the token: a copied data folder opens nobody's session and nobody's account. What is owned is kept
under an id of its own, so that a session can be changed without moving anything.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mlp_core.accounts.account import Credential
from mlp_core.accounts.sealing import sealed, unsealed
from mlp_core.errors import StorageError
from mlp_core.files import FileLock, read_json, storing, write_json
from mlp_core.text import LANGUAGES

COOKIE: Final = "pythie"
"""The name under which a browser keeps its token."""

CLAIM_SECONDS: Final = 120.0
"""How long a new token may still be put into the cookie of a browser."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_OWNER: Final = re.compile(r"[0-9a-f]{32}")
_DAY: Final = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Session:
    """A browser that is known.

    Attributes
    ----------
    key : str
        What the session is kept under: the SHA-256 of its token, which opens nothing.
    owner_id : str
        Whose things the visitor sees, 32 hexadecimal digits.
    is_account : bool
        Whether that is an account rather than a guest.
    language : str or None
        The language chosen; ``None`` follows the browser.
    """

    key: str
    owner_id: str
    is_account: bool = False
    language: str | None = None


class Sessions:
    """Sessions that end when they are not used for a while.

    Parameters
    ----------
    root : Path
        One small file for each session.
    days : float, default 30
        Days without a visit after which the session of a guest ends.
    idle_minutes : float, default 720
        Minutes without a visit after which an account is signed out.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(
        self,
        root: Path,
        *,
        days: float = 30,
        idle_minutes: float = 720,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._root = root
        self._clock = clock
        self._guest_seconds = days * _DAY
        self._idle_seconds = idle_minutes * 60

    def find(self, token: str | None) -> Session | None:
        """Return the session of a token; ``None`` where it is ill-formed, unknown or over."""
        return self.check(_key(token)) if isinstance(token, str) and _TOKEN.fullmatch(token) else None

    def check(self, key: str) -> Session | None:
        """Return the session kept under a key, which counts as used; ``None`` where it is over."""
        path = self._path(key)
        data = read_json(path)
        if not isinstance(data, dict):
            return None
        # The first versions of Pythie wrote the one workspace of the visitor.
        owner, used = data.get("owner", data.get("workspace")), data.get("used")
        if not isinstance(owner, str) or not _OWNER.fullmatch(owner) or not isinstance(used, (int, float)):
            return None
        idle, allowed = self._clock() - used, self._allowed_seconds(data)
        if idle > allowed:
            return None
        if not 0 <= idle <= allowed / 30:
            # Often enough to move the end, and most visits cost one read; at once where the clock was set
            # back. A full disk is no reason to turn a visitor away.
            with contextlib.suppress(StorageError):
                self._change(key, {"used": self._clock()})
        language = data.get("language")
        return Session(
            key=key,
            owner_id=owner,
            is_account=bool(data.get("account")),
            language=language if language in LANGUAGES else None,
        )

    def start(
        self, owner_id: str, *, credential: Credential | None = None, language: str | None = None
    ) -> str:
        """Return the token of a new session.

        Parameters
        ----------
        owner_id : str
            Whose things it leads to.
        credential : Credential, optional
            The account's proof; without one it is the session of a guest.
        language : str, optional
            The language chosen so far.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        token = secrets.token_urlsafe(32)
        now = self._clock()
        data: dict[str, Any] = {"owner": owner_id, "started": now, "used": now, "language": language}
        if credential is not None:
            data |= {"account": True, "sealed": sealed(credential.to_json(), token)}
        self._write(_key(token), data)
        return token

    def may_claim(self, token: str) -> bool:
        """Whether a browser may take the token for its cookie: the session has only just begun."""
        if not _TOKEN.fullmatch(token) or self.find(token) is None:
            return False
        data = read_json(self._path(_key(token)))
        started = data.get("started") if isinstance(data, dict) else None
        return isinstance(started, (int, float)) and 0 <= self._clock() - started < CLAIM_SECONDS

    def credential(self, token: str) -> Credential | None:
        """Return the proof that was sealed with a token; ``None`` where there is none that it opens."""
        data = read_json(self._path(_key(token)))
        content = data.get("sealed") if isinstance(data, dict) else None
        opened = unsealed(content, token) if isinstance(content, str) else None
        return Credential.from_json(opened) if opened is not None else None

    def keep(self, token: str, credential: Credential) -> None:
        """Seal another proof of the same account in its session; nothing where that is over.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        self._change(_key(token), {"sealed": sealed(credential.to_json(), token)})

    def prefer(self, key: str, language: str) -> None:
        """Remember the language that the visitor chose.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        self._change(key, {"language": language})

    def drop(self, key: str) -> None:
        """End a session; nothing where there is none.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        path = self._path(key)
        with storing(), self._lock():
            path.unlink(missing_ok=True)

    def drop_all(self, owner_id: str, *, but: str = "") -> int:
        """End every session of an owner except the one under the key ``but``; return how many.

        Raises
        ------
        StorageError
            The folder cannot be written.
        """
        gone = 0
        for path in self._root.glob("*.json") if self._root.is_dir() else ():
            data = read_json(path)
            if isinstance(data, dict) and data.get("owner") == owner_id and path.stem != but:
                self.drop(path.stem)
                gone += 1
        return gone

    def purge(self) -> int:
        """Delete the sessions that have ended; return how many."""
        if not self._root.is_dir():
            return 0
        gone = 0
        for path in self._root.glob("*.json"):
            data = read_json(path)
            used = data.get("used") if isinstance(data, dict) else None
            if isinstance(used, (int, float)) and self._clock() - used <= self._allowed_seconds(data):
                continue
            with contextlib.suppress(OSError):
                path.unlink()
                gone += 1
        return gone

    def _allowed_seconds(self, data: Mapping[str, Any]) -> float:
        return self._idle_seconds if data.get("account") else self._guest_seconds

    def _change(self, key: str, fields: Mapping[str, Any]) -> None:
        # A session that ends meanwhile must not live again by being written.
        with self._lock():
            data = read_json(self._path(key))
            if isinstance(data, dict):
                self._write(key, {**data, **fields})

    def _lock(self) -> FileLock:
        return FileLock(self._root / ".lock")

    def _write(self, key: str, data: Mapping[str, Any]) -> None:
        write_json(self._path(key), data, durable=False)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not the key of a session")
        return self._root / f"{key}.json"


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
