"""What stands between the network and Streamlit: a cookie for each visitor, set with the page itself.

A page that has begun another session asks once, by its token, to have it put into the cookie: so the cookie
that every script of a page is kept from is set by the server alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import tempfile
from typing import TYPE_CHECKING, Final

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import cookie_parser
from starlette.responses import Response

from mlp_core.accounts import COOKIE, Sessions
from mlp_core.config import Settings
from mlp_core.errors import MLPError
from mlp_core.library.sweep import PASSING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from mlp_core.firebase import FirebaseConfig

COOKIE_SECONDS: Final = 400 * 86_400
"""As long as browsers keep a cookie; the server decides when a session has ended."""

CLAIM_PATH: Final = "/visitor"
"""Where a page asks for the cookie of the session it has begun."""

_LONGEST_CLAIM: Final = 64

_NOT_PAGES: Final = ("/_stcore/", "/media/", "/component/", "/static/")

log = logging.getLogger("pythie")


class VisitorMiddleware:
    """Gives a browser that comes without a valid cookie a session with a new, empty workspace.

    Parameters
    ----------
    app : ASGI application
        Everything else.
    sessions : Sessions
        The sessions of this server.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with a cookie where it is a visitor's first or a page asks for another."""
        if _is_claim(scope):
            await self._answer_claim(scope, receive, send)
            return
        token = await self._new_token(scope) if _is_page_load(scope) else None
        if token is None:
            await self._app(scope, receive, send)
            return
        cookie = _cookie(token, scope)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("set-cookie", cookie)
                # A cache on the way must not hand this visitor's cookie to the next one.
                headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    async def _answer_claim(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = (await _body(receive)).decode("ascii", "replace")
        allowed = _is_own_page(scope) and await asyncio.to_thread(self._sessions.may_claim, token)
        response = Response(status_code=204 if allowed else 403, headers={"cache-control": "no-store"})
        if allowed:
            response.headers.append("set-cookie", _cookie(token, scope))
        await response(scope, receive, send)

    async def _new_token(self, scope: Scope) -> str | None:
        given = cookie_parser(Headers(scope=scope).get("cookie", "")).get(COOKIE)
        if await asyncio.to_thread(self._sessions.find, given) is not None:
            return None
        try:
            return await asyncio.to_thread(self._sessions.start, secrets.token_hex(16))
        except MLPError:
            # The page itself will say what is wrong with the disk.
            log.exception("No session could be written")
            return None


def middleware(settings: Settings | None = None) -> list[Middleware]:
    """Return what ``st.App`` is to put around the pages."""
    return [Middleware(VisitorMiddleware, sessions=open_sessions(settings or server_settings()))]


def keep_passing_files_here() -> None:
    """Have this server, and what it starts, put passing files into the data folder, swept at each start."""
    place = server_settings().data_dir.resolve() / PASSING
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.environ["TMPDIR"] = tempfile.tempdir = str(place)


def server_settings() -> Settings:
    """Return the settings of this server; what stands alone in secrets.toml counts as environment."""
    st.secrets.load_if_toml_exists()
    return Settings.from_environment()


def firebase_config() -> FirebaseConfig | None:
    """Return the Firebase project that secrets.toml names; ``None`` where it names none.

    Raises
    ------
    InvalidParameter
        The table is not whole.
    """
    if not st.secrets.load_if_toml_exists() or "firebase" not in st.secrets:
        return None
    from mlp_core.firebase import FirebaseConfig

    return FirebaseConfig.from_mapping(dict(st.secrets["firebase"]))


def open_sessions(settings: Settings) -> Sessions:
    """Return the sessions of a server."""
    root = settings.data_dir.resolve() / "sessions"
    return Sessions(root, days=settings.guest_days, idle_minutes=settings.idle_minutes)


def _cookie(token: str, scope: Scope) -> str:
    cookie = f"{COOKIE}={token}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax"
    return cookie + ("; Secure" if _is_secure(scope) else "")


async def _body(receive: Receive) -> bytes:
    """Return what a request brings, as far as a token can be long."""
    body, more = b"", True
    while more and len(body) <= _LONGEST_CLAIM:
        message = await receive()
        body += message.get("body", b"")
        more = bool(message.get("more_body"))
    return body


def _is_claim(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    return str(scope["path"]).endswith(CLAIM_PATH)


def _is_own_page(scope: Scope) -> bool:
    """Whether a request comes from a page of this server, and not from a stranger's."""
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


def _is_page_load(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    wanted = Headers(scope=scope).get("accept", "")
    return "text/html" in wanted and not any(part in scope["path"] for part in _NOT_PAGES)


def _is_secure(scope: Scope) -> bool:
    # Behind a proxy that ends TLS this process only sees plain http.
    forwarded = Headers(scope=scope).get("x-forwarded-proto", "").split(",")[0].strip()
    return scope.get("scheme") == "https" or forwarded == "https"
