"""Requests to Firebase that end in time, whatever the network does, and leave no secret behind.

Each request runs in a thread of its own that is given up at the deadline: the timeouts of a socket bound
neither the look-up of a name nor a server that sends a byte now and then. What is given up ends with the
next piece of its answer, or with the timeout of its socket.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from mlp_core.errors import ServiceUnavailable
from mlp_core.firebase.config import FirebaseConfig
from mlp_core.firebase.failures import failure_of, misunderstood, too_slow, unreachable
from mlp_core.firebase.redaction import redact_logs

if TYPE_CHECKING:
    import requests

LARGEST_ANSWER_BYTES: Final = 16 << 20
"""Of an answer that is no saved file: a list of 500 rows takes 8 MB at most."""

_PIECE_BYTES: Final = 1 << 16
_IDEMPOTENT: Final = frozenset({"GET", "PUT", "DELETE"})
_AUTH_HOSTS: Final = frozenset(
    {"www.googleapis.com", "identitytoolkit.googleapis.com", "securetoken.googleapis.com"}
)
STORAGE_HOST: Final = "firebasestorage.googleapis.com"


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long Firebase may take, in seconds.

    Attributes
    ----------
    connect, read : float
        For a connection to be made; for the next bytes to come.
    total : float
        For all the requests of one conversation together.
    """

    connect: float = 3.0
    read: float = 8.0
    total: float = 10.0


@dataclass(frozen=True)
class Emulators:
    """Hosts that stand in for Google's, as ``host:port``; ``None`` for the real one."""

    auth: str | None = None
    storage: str | None = None

    @classmethod
    def of(cls, config: FirebaseConfig, environment: Mapping[str, str]) -> Emulators:
        """Return the emulators that the environment names, for a demonstration project and no other."""
        if not config.is_demo:
            return cls()
        return cls(
            auth=environment.get("FIREBASE_AUTH_EMULATOR_HOST") or None,
            storage=environment.get("FIREBASE_STORAGE_EMULATOR_HOST") or None,
        )

    def address(self, url: str) -> str:
        """Return where a request to ``url`` goes."""
        parts = urlsplit(url)
        if self.auth and parts.hostname in _AUTH_HOSTS:
            return urlunsplit(("http", self.auth, f"/{parts.hostname}{parts.path}", parts.query, ""))
        if self.storage and parts.hostname == STORAGE_HOST:
            return urlunsplit(("http", self.storage, parts.path, parts.query, ""))
        return url


@dataclass(frozen=True)
class Answer:
    """What Firebase answered, with the methods that pyrebase asks of it; no address and no request."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    def json(self) -> Any:
        """Return the content as JSON; raises ``ServiceUnavailable`` where it is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise misunderstood() from None

    def raise_for_status(self) -> None:
        """Do nothing: only a success becomes an answer."""


class Transport:
    """The requests of one conversation, which share one deadline.

    Parameters
    ----------
    emulators : Emulators
        Hosts that stand in for Google's.
    patience : Patience
        How long it may take.
    clock : callable
        Seconds that never run backwards.
    """

    def __init__(
        self, emulators: Emulators, patience: Patience, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        redact_logs()
        self._emulators = emulators
        self._patience = patience
        self._clock = clock
        self._end = clock() + patience.total

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        data: bytes | str | None = None,
        largest_bytes: int = LARGEST_ANSWER_BYTES,
    ) -> Answer:
        """Return the answer to one request.

        A request that may be repeated is repeated once if its connection failed and time is left.

        Raises
        ------
        Refused
            Firebase said no.
        ServiceUnavailable
            It did not answer in time, or not as promised, or could not be reached.
        """
        url = self._emulators.address(url + (f"?{urlencode(params)}" if params else ""))
        body = data.encode() if isinstance(data, str) else data
        exchange = _Exchange(method, url, dict(headers or {}), body, largest_bytes, self._patience)
        try:
            return self._bounded(exchange)
        except _Unreachable:
            if method not in _IDEMPOTENT:
                raise unreachable() from None
        try:
            return self._bounded(exchange)
        except _Unreachable:
            raise unreachable() from None

    def get(self, url: str, **given: Any) -> Answer:
        """Ask for something."""
        return self.request("GET", url, **given)

    def post(self, url: str, **given: Any) -> Answer:
        """Send something."""
        return self.request("POST", url, **given)

    def put(self, url: str, **given: Any) -> Answer:
        """Put something in a place."""
        return self.request("PUT", url, **given)

    def delete(self, url: str, **given: Any) -> Answer:
        """Remove something."""
        return self.request("DELETE", url, **given)

    def _bounded(self, exchange: _Exchange) -> Answer:
        seconds = self._end - self._clock()
        if seconds <= 0:
            raise too_slow()
        outcome: list[Answer | Exception] = []
        done = threading.Event()

        def run() -> None:
            try:
                outcome.append(exchange.run(seconds))
            finally:
                done.set()

        threading.Thread(target=run, name="firebase-request", daemon=True).start()
        if not done.wait(seconds):
            raise too_slow()
        result = outcome[0] if outcome else misunderstood()
        if isinstance(result, Exception):
            raise result
        return result


class _Unreachable(Exception):
    """The connection was refused or broke before a whole answer had come."""


@dataclass(frozen=True)
class _Exchange:
    """One request and its answer, in the thread that may be given up."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    largest_bytes: int
    patience: Patience

    def run(self, seconds: float) -> Answer | Exception:
        """Return the answer, or the error it means: nothing is raised, so that no secret is in a trace."""
        import requests
        import urllib3

        end = time.monotonic() + seconds
        try:
            with requests.Session() as session:
                return self._answer(session, end)
        except ServiceUnavailable as failure:
            return failure
        except requests.ConnectTimeout:
            return _Unreachable()
        except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
            return too_slow()
        except (requests.ConnectionError, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
            return _Unreachable()
        except ValueError:
            # requests refuses an address or header that cannot be sent, such as a damaged token.
            return misunderstood()

    def _answer(self, session: requests.Session, end: float) -> Answer | Exception:
        seconds = max(0.05, end - time.monotonic())
        timeout = (min(self.patience.connect, seconds), min(self.patience.read, seconds))
        with session.request(
            self.method,
            self.url,
            # Identity: the bytes are counted and read one piece at a time.
            headers={"Accept-Encoding": "identity", "Connection": "close", **self.headers},
            data=None if self.body is None else _Upload(self.body, end),
            timeout=timeout,
            stream=True,
            # A redirect could carry a token to another host.
            allow_redirects=False,
            # Otherwise a .netrc file could put its own Authorization in the place of ours.
            auth=_as_it_is,
        ) as response:
            content = self._read(response, end)
            if 200 <= response.status_code < 300:
                return Answer(response.status_code, dict(response.headers), content)
            return failure_of(response.status_code, content)

    def _read(self, response: requests.Response, end: float) -> bytes:
        """Return the body; every piece is what came at once, so that the deadline is seen in between."""
        # urllib3 1.26 has no read1 of its own.
        read = getattr(response.raw, "read1", None) or response.raw._fp.read1
        content = bytearray()
        while piece := read(_PIECE_BYTES):
            content += piece
            if time.monotonic() > end:
                raise too_slow()
            if len(content) > self.largest_bytes:
                raise misunderstood()
        promised = response.headers.get("Content-Length", "")
        if promised.isdigit() and int(promised) != len(content):
            raise ConnectionResetError
        return bytes(content)


class _Upload:
    """Bytes sent a piece at a time: a timeout then bounds a piece, and the deadline the whole."""

    def __init__(self, content: bytes, end: float) -> None:
        self._content = memoryview(content)
        self._at = 0
        self._end = end

    def __len__(self) -> int:
        return len(self._content)

    def read(self, size: int = -1) -> bytes:
        """Return the next piece, empty at the end."""
        if time.monotonic() > self._end:
            raise TimeoutError
        stop = len(self._content) if size < 0 else self._at + size
        piece = bytes(self._content[self._at : stop])
        self._at += len(piece)
        return piece


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
