"""Everything that one browser is sent and asks for, kept to be searched."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from browser.person import Person
from playwright.sync_api import Error, Page, Response, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

# What Streamlit itself ships; it is the same for everybody.
_SHIPPED: Final = ("/static/", "/favicon")


class Recording:
    """What comes into the windows of one person, from the moment they are given to it."""

    def __init__(self, person: Person) -> None:
        self.urls: list[str] = []
        self._frames: list[bytes] = []
        self._waiting: list[Response] = []
        self._bodies: list[bytes] = []
        person.context.on("request", lambda request: self.urls.append(request.url))
        person.context.on("response", lambda response: self._waiting.append(response))
        person.context.on("page", self._follow)
        self._follow(person.page)

    def gather(self) -> bytes:
        """Return all that came: bodies and headers of answers, addresses, and the frames of the pages.

        To be called before a window goes elsewhere, as the browser then forgets the bodies.
        """
        waiting, self._waiting = self._waiting, []
        for response in waiting:
            if not urlsplit(response.url).path.startswith(_SHIPPED):
                self._bodies.append(_content(response))
        return b"\n".join([*self._frames, *self._bodies, *(url.encode() for url in self.urls)])

    def buttons(self) -> list[str]:
        """Return the ids of all buttons that were drawn, as the page would name them when one is pressed."""
        elements = [ForwardMsg.FromString(frame).delta.new_element for frame in self._frames]
        drawn = [element.button.id or element.download_button.id for element in elements]
        return list(dict.fromkeys(id_ for id_ in drawn if id_))

    def downloads(self) -> list[str]:
        """Return what the downloads that were offered are asked for by, in their order."""
        offered = [ForwardMsg.FromString(frame).delta.new_element.download_button for frame in self._frames]
        return [one.deferred_file_id for one in offered if one.deferred_file_id]

    def _follow(self, page: Page) -> None:
        page.on("websocket", self._listen)
        # Also what a script writes into the address bar, which asks the server for nothing.
        page.on("framenavigated", lambda frame: self.urls.append(frame.url))

    def _listen(self, socket: WebSocket) -> None:
        self.urls.append(socket.url)
        socket.on("framereceived", lambda frame: self._frames.append(_bytes(frame)))


def _content(response: Response) -> bytes:
    try:
        headers, body = repr(response.all_headers()).encode(), response.body()
    except Error:
        # A redirect has none, and that of an earlier page is gone.
        return b""
    return headers + body


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
