"""Files named by a path of this server or by an address of the web, where whoever runs the server allows it.

An address may lead to the public web only. Names are resolved here and the connection is made to the very
address that was checked, at each redirection anew, so that no name can lead into the internal network
between the check and the call.
"""

from __future__ import annotations

import contextlib
import http
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from mlp_core.config import Settings
from mlp_core.errors import ReadError, TooLarge
from mlp_core.read.directory import too_large
from mlp_core.text import Text

MOST_REDIRECTIONS: Final = 5
_CHUNK: Final = 1 << 16
_CONNECT_SECONDS: Final = 10.0
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TRANSLATED: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_KEPT: Final = "/%:@!$&'()*+,;=~-._?"
_LOAD_IT: Final = Text("Download the file yourself, and load it from your machine.")

Check = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, whatever notation hides another one in it.

    Examples
    --------
    >>> [is_public(a) for a in ("93.184.215.14", "127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0")]
    [True, False, False, False, False]
    >>> [is_public(a) for a in ("2606:2800:21f::1", "::1", "::ffff:10.0.0.1", "fe80::1", "64:ff9b::a00:1")]
    [True, False, False, False, False]
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        hidden = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if any(found in network for network in _TRANSLATED):
            hidden = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public(str(hidden))
        if found.is_site_local:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def fetch(url: str, settings: Settings, *, allowed: Check = is_public) -> bytes:
    """Return the content behind an address of the public web.

    Parameters
    ----------
    url : str
        Begins with ``http://`` or ``https://``.
    settings : Settings
        ``allow_urls``, ``max_upload_mb`` and ``read_seconds`` hold.
    allowed : callable
        Whether an IP address may be called.

    Raises
    ------
    ReadError
        Addresses are not allowed, this one is no public one, or its server does not answer well.
    TooLarge
        The content passes the limit of uploads, or does not come in time.
    """
    if not settings.allow_urls:
        raise ReadError(Text("Reading from addresses is switched off on this server."), hint=_LOAD_IT)
    end = time.monotonic() + settings.read_seconds
    for _ in range(MOST_REDIRECTIONS + 1):
        parts = _parts(url)
        answer = _asked(parts, settings, end, allowed)
        if isinstance(answer, bytes):
            return answer
        url = urljoin(url, answer)
    raise ReadError(Text("The address leads from one to the next without an end."), hint=_LOAD_IT)


def local(path: str | Path, settings: Settings) -> Path:
    """Return a file of this server, where its folder may be read.

    Parameters
    ----------
    path : str or Path
        Inside ``settings.path_root``, absolute or from there; links are followed before it is judged.

    Raises
    ------
    ReadError
        Paths are not allowed, it leads out of the folder, or there is no such file.
    """
    if not settings.allow_paths:
        raise ReadError(Text("Reading from paths is switched off on this server."), hint=_LOAD_IT)
    try:
        root = settings.path_root.resolve(strict=True)
        found = (root / path).resolve()
        inside, there = found.is_relative_to(root), found.is_file()
    except (OSError, ValueError, RuntimeError):
        inside, there = True, False
    if not inside:
        raise ReadError(
            Text("The path leads out of the folder that may be read."),
            hint=Text("Give the path of a file in that folder."),
        )
    if not there:
        raise ReadError(
            Text("There is no file {name}.", name=Path(str(path)).name),
            hint=Text("Check its name and place."),
        )
    return found


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_fits = urlsplit(""), False
    unusual = parts.username is not None or any(ord(letter) < 33 for letter in parts.netloc)
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_fits or unusual:
        raise ReadError(
            Text("{address} is no address of the web.", address=url[:200]),
            hint=Text("Give an address that begins with http:// or https://."),
        )
    return parts


def _asked(parts: SplitResult, settings: Settings, end: float, allowed: Check) -> bytes | str:
    """Return what one address answers: its content, or the address that it redirects to."""
    host = str(parts.hostname)
    left = max(0.1, end - time.monotonic())
    try:
        opened = _opened(parts, min(_CONNECT_SECONDS, left), allowed)
        # A server that trickles bytes keeps every single wait short; the clock ends the call as a whole.
        clock = threading.Timer(left, _shut, (opened,))
        clock.start()
        try:
            answer = _answer(parts, opened, settings)
            # A call that the clock has ended looks like one that came to its end by itself.
            if time.monotonic() >= end:
                raise TimeoutError
            return answer
        finally:
            clock.cancel()
            _shut(opened)
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as failure:
        if time.monotonic() >= end:
            raise _too_slow(host, settings) from failure
        raise _silent(host) from failure


def _answer(parts: SplitResult, opened: socket.socket, settings: Settings) -> bytes | str:
    host = str(parts.hostname)
    connection = http.client.HTTPConnection(host)
    connection.sock = opened
    named = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    headers = {"Host": named, "Accept-Encoding": "identity", "User-Agent": "pythie", "Connection": "close"}
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    connection.request("GET", quote(parts.path or "/", safe=_KEPT) + query, headers=headers)
    with connection.getresponse() as answer:
        place = answer.headers.get("Location", "")
        if answer.status in _REDIRECTS and place:
            return place
        if answer.status != http.HTTPStatus.OK:
            raise ReadError(
                Text("The server of {host} answers with the error {code}.", host=host, code=answer.status),
                hint=Text("Check the address, or try again later."),
            )
        return _content(answer, settings)


def _content(answer: http.client.HTTPResponse, settings: Settings) -> bytes:
    limit, held = settings.max_upload_mb << 20, bytearray()
    while piece := answer.read1(_CHUNK):
        held += piece
        if len(held) > limit:
            raise too_large(limit)
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    return bytes(held)


def _opened(parts: SplitResult, seconds: float, allowed: Check) -> socket.socket:
    """Return a connection to an address of the host, all of whose addresses are public."""
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _silent(host) from None
    places = list(dict.fromkeys(str(place[4][0]) for place in found))
    if not places or not all(allowed(place) for place in places):
        raise _internal(host)
    for place in places:
        try:
            opened = socket.create_connection((place, port), timeout=seconds)
        except OSError:
            continue
        if not allowed(str(opened.getpeername()[0])):
            _shut(opened)
            raise _internal(host)
        if parts.scheme == "https":
            return ssl.create_default_context().wrap_socket(opened, server_hostname=host)
        return opened
    raise _silent(host)


def _shut(opened: socket.socket) -> None:
    with contextlib.suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        opened.close()


def _internal(host: str) -> ReadError:
    return ReadError(
        Text("{host} is not a public address.", host=host),
        hint=Text("Only files on the public web are read from an address."),
    )


def _silent(host: str) -> ReadError:
    return ReadError(
        Text("The server of {host} does not answer.", host=host),
        hint=Text("Check the address, or try again later."),
    )


def _too_slow(host: str, settings: Settings) -> TooLarge:
    return TooLarge(
        Text("The download from {host} took longer than {n:n} seconds.", host=host, n=settings.read_seconds),
        hint=_LOAD_IT,
    )
