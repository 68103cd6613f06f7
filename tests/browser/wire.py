"""A visitor without a browser: who speaks to the server as its pages do, and asks what no page would ask."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Answer:
    """An answer to one request."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def everything(self) -> bytes:
        """Headers and body."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers.items()).encode() + self.body


@dataclass
class Wire:
    """One visitor: the server and the cookies they send.

    Attributes
    ----------
    url : str
        The server.
    cookies : mapping
        By name.
    """

    url: str
    cookies: Mapping[str, str] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request, its path as it is: no part of it is put in order on the way."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=_SECONDS)
        try:
            connection.request(
                method,
                path,
                body=body,
                headers={"Cookie": self._cookie(), "Accept": "*/*", **(headers or {})},
            )
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    @contextmanager
    def tab(self, session: str = "") -> Iterator[Tab]:
        """Open a tab; ``session`` asks to go on with one that Streamlit knows by this id."""
        protocols = ["streamlit", "none", *([session] if session else [])]
        with connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol(one) for one in protocols],
            additional_headers={"Cookie": self._cookie()},
            origin=self.url,  # type: ignore[arg-type]
            max_size=None,
            open_timeout=_SECONDS,
        ) as socket:
            yield Tab(socket)

    def page(self, path: str = "start", query: str = "") -> bytes:
        """Return everything that a page sends to a tab opened on it."""
        with self.tab() as tab:
            return tab.run(path, query)

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


class Tab:
    """A connection as the one that each open page holds."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.session = ""

    def run(self, path: str = "start", query: str = "", *, pressed: str = "") -> bytes:
        """Have a page drawn, perhaps as if a button had just been pressed; return all that comes."""
        asked = BackMsg()
        asked.rerun_script.page_name = path
        asked.rerun_script.query_string = query
        asked.rerun_script.context_info.locale = "en-US"
        if pressed:
            asked.rerun_script.widget_states.widgets.append(WidgetState(id=pressed, trigger_value=True))
        return self.send(asked, until="script_finished")

    def ask_for_download(self, id_: str) -> bytes:
        """Ask for a file that is made when it is asked for, by what its button names it."""
        asked = BackMsg()
        asked.backend_operation_request.request_id = "1"
        asked.backend_operation_request.session_id = self.session
        asked.backend_operation_request.deferred_file.file_id = id_
        return self.send(asked, until="backend_operation_response")

    def send(self, asked: BackMsg, *, until: str) -> bytes:
        """Send a message and return all that comes until an answer of one kind, which is waited for."""
        self._socket.send(asked.SerializeToString())
        came = bytearray()
        end = time.monotonic() + _SECONDS
        while True:
            frame = self._socket.recv(timeout=end - time.monotonic())
            assert isinstance(frame, bytes)
            came += frame
            message = ForwardMsg.FromString(frame)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
            if kind == until and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return bytes(came)
