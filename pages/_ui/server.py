"""What stands between the network and Streamlit: a cookie for each visitor, set with the page itself."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import cookie_parser

from mlp_core.accounts import COOKIE, Sessions
from mlp_core.config import Settings
from mlp_core.errors import MLPError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE_SECONDS: Final = 400 * 86_400
"""As long as browsers keep a cookie; the server decides when a session has ended."""

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
        """Answer one request, with a cookie where it is a visitor's first."""
        token = await self._new_token(scope) if _is_page_load(scope) else None
        if token is None:
            await self._app(scope, receive, send)
            return
        cookie = f"{COOKIE}={token}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax"
        cookie += "; Secure" if _is_secure(scope) else ""

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("set-cookie", cookie)
                # A cache on the way must not hand this visitor's cookie to the next one.
                headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    async def _new_token(self, scope: Scope) -> str | None:
        given = cookie_parser(Headers(scope=scope).get("cookie", "")).get(COOKIE)
        if self._sessions.find(given) is not None:
            return None
        try:
            return await asyncio.to_thread(self._sessions.start, secrets.token_hex(16))
        except MLPError:
            # The page itself will say what is wrong with the disk.
            log.exception("No session could be written")
            return None


def middleware(settings: Settings | None = None) -> list[Middleware]:
    """Return what ``st.App`` is to put around the pages."""
    chosen = settings or Settings.from_environment()
    sessions = Sessions(chosen.data_dir.resolve() / "sessions", days=chosen.guest_days)
    return [Middleware(VisitorMiddleware, sessions=sessions)]


def _is_page_load(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    wanted = Headers(scope=scope).get("accept", "")
    return "text/html" in wanted and not any(part in scope["path"] for part in _NOT_PAGES)


def _is_secure(scope: Scope) -> bool:
    # Behind a proxy that ends TLS this process only sees plain http.
    forwarded = Headers(scope=scope).get("x-forwarded-proto", "").split(",")[0].strip()
    return scope.get("scheme") == "https" or forwarded == "https"
