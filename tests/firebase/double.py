"""Firebase in this process: its three services over real HTTP, the project’s rules, and faults on demand.

It answers as Google's documentation and the emulators do, as far as the app asks. A fault waits for the next
request whose method and path it is meant for; the others are answered as usual.
"""

from __future__ import annotations

import json
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from firebase.double_data import Data
from firebase.double_identity import API_KEY, Identity, Refusal

from mlp_core.firebase import FirebaseConfig

Handler = Callable[["Request"], None]


@dataclass(frozen=True)
class Fault:
    """What happens to the next request that fits, instead of its answer or on the way to it.

    Attributes
    ----------
    path : str
        A regular expression found in the path of the address.
    method : str
        Of HTTP; empty for any.
    times : int
        To how many requests.
    status : int
        Answer this, with ``body``, and do nothing.
    wait_seconds : float
        Before the first byte of the answer.
    drip_seconds : float
        Between two bytes of the answer's body.
    read_bytes : int or None
        Cut the connection once so many bytes of the request's body have come.
    write_bytes : int or None
        Cut the connection once so many bytes of the answer's body are written; what was asked is done.
    politely : bool
        End a cut connection as a whole one ends.
    """

    path: str
    method: str = ""
    times: int = 1
    status: int = 0
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = ()
    wait_seconds: float = 0.0
    drip_seconds: float = 0.0
    read_bytes: int | None = None
    write_bytes: int | None = None
    politely: bool = False


@dataclass
class Double:
    """The services, their state and what is to go wrong.

    Attributes
    ----------
    identity : Identity
        Accounts, mails and proofs.
    data : Data
        Rows and objects.
    asked : list
        Method and path of every request, in their order.
    """

    identity: Identity = field(default_factory=Identity)
    data: Data = field(default_factory=Data)
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    ending: threading.Event = field(default_factory=threading.Event)
    _faults: list[Fault] = field(default_factory=list)
    _server: _Server | None = None
    port: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def config(self) -> FirebaseConfig:
        return FirebaseConfig.from_mapping(
            {
                "apiKey": API_KEY,
                "authDomain": "demo-mlp.firebaseapp.com",
                "databaseURL": f"http://{self.host}",
                "storageBucket": "demo-mlp.firebasestorage.app",
                "projectId": "demo-mlp",
            }
        )

    def fail(self, path: str, **how: Any) -> None:
        """Have the next request to a path go wrong."""
        with self.lock:
            times = how.pop("times", 1)
            self._faults += [Fault(path, **how)] * times

    def heal(self) -> None:
        """Forget all faults that have not happened."""
        with self.lock:
            self._faults.clear()

    def up(self) -> None:
        """Answer, on the same port as before."""
        self._server = _Server(("127.0.0.1", self.port), _Answering)
        self._server.double = self
        self.port = self._server.server_port
        serve = self._server.serve_forever
        threading.Thread(target=serve, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def down(self) -> None:
        """Refuse every connection."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def fault_of(self, method: str, path: str) -> Fault:
        with self.lock:
            for fault in self._faults:
                if fault.method in ("", method) and re.search(fault.path, path):
                    self._faults.remove(fault)
                    return fault
        return Fault("")


@contextmanager
def running() -> Iterator[Double]:
    """Run a double whose address the environment names as the emulators'."""
    double = Double()
    double.up()
    hosts = dict.fromkeys(("FIREBASE_AUTH_EMULATOR_HOST", "FIREBASE_STORAGE_EMULATOR_HOST"), double.host)
    try:
        with patch.dict(os.environ, hosts):
            yield double
    finally:
        double.ending.set()
        double.down()


@dataclass(frozen=True)
class Request:
    """One request as the services see it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    double: Double

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Be silent about connections that were cut."""


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: object) -> None:
        """Keep the screen clean."""

    def answer(self) -> None:
        double = self.server.double
        parts = urlsplit(self.path)
        fault = double.fault_of(self.command, parts.path)
        with double.lock:
            double.asked.append((self.command, parts.path))
            double.headers.append({name.lower(): value for name, value in self.headers.items()})
        body = self._body(fault)
        if body is None:
            return self._cut()
        if fault.status:
            status, answer = fault.status, fault.body
        else:
            query = {
                name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()
            }
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = self._ask(Request(self.command, parts.path, query, headers, body))
        if fault.wait_seconds and double.ending.wait(fault.wait_seconds):
            return self._cut()
        self._send(status, answer, fault)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def _body(self, fault: Fault) -> bytes | None:
        length = int(self.headers.get("content-length") or 0)
        if fault.read_bytes is not None and fault.read_bytes < length:
            self.rfile.read(fault.read_bytes)
            return None
        body = self.rfile.read(length)
        return body if len(body) == length else None

    def _ask(self, request: Request) -> tuple[int, bytes]:
        double = self.server.double
        with double.lock:
            try:
                if request.path.startswith("/v0/b/"):
                    status, answer = double.data.storage(request)
                elif request.path.endswith(".json"):
                    status, answer = double.data.database(request)
                else:
                    status, answer = 200, double.identity.answer(request)
            except Refusal as refusal:
                status, answer = refusal.status, refusal.body
        return status, answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    def _send(self, status: int, answer: bytes, fault: Fault) -> None:
        self.send_response(status)
        self.send_header("content-length", str(0 if status == 204 else len(answer)))
        for name, value in fault.headers:
            self.send_header(name, value)
        self.end_headers()
        if status == 204:
            return
        if fault.drip_seconds:
            for at in range(len(answer)):
                self.wfile.write(answer[at : at + 1])
                if self.server.double.ending.wait(fault.drip_seconds):
                    return self._cut()
            return
        self.wfile.write(answer if fault.write_bytes is None else answer[: fault.write_bytes])
        if fault.write_bytes is not None:
            self._cut(fault.politely)

    def _cut(self, politely: bool = False) -> None:
        self.close_connection = True
        self.wfile.flush()
        if not politely:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
