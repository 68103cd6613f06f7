"""The middleware that gives a browser its cookie, spoken to as a server speaks to it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlp_core.accounts import Sessions
from pages._ui.server import VisitorMiddleware

ROOT = Path(__file__).parents[2]
PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def sessions(tmp_path):
    return Sessions(tmp_path / "sessions")


@pytest.fixture
def load(sessions):
    """Return a function that makes one request and returns the headers of the answer."""

    async def pages(scope, receive, send):
        headers = [(b"content-type", b"text/html"), (b"cache-control", b"public")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"page"})

    def ask(headers=PAGE, *, path="/", method="GET", scheme="http", body=b""):
        sent = []

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request", "body": body}

        scope = {"type": "http", "method": method, "path": path, "scheme": scheme}
        scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
        asyncio.run(VisitorMiddleware(pages, sessions)(scope, receive, send))
        ask.status = sent[0]["status"]
        return [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]

    return ask


def cookies(headers) -> list[str]:
    return [value for name, value in headers if name == "set-cookie"]


def test_a_first_visit_gets_a_session_and_a_guarded_cookie(load, sessions):
    headers = load()
    (cookie,) = cookies(headers)
    token, *attributes = cookie.removeprefix("pythie=").split("; ")
    assert sessions.find(token) is not None
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert "Secure" not in attributes
    assert dict(headers)["cache-control"] == "no-store"


def test_a_visitor_who_comes_back_keeps_the_cookie(load, sessions):
    token = sessions.start("0" * 32)
    headers = load({**PAGE, "cookie": f"other=1; pythie={token}"})
    assert cookies(headers) == []
    assert dict(headers)["cache-control"] == "public"


@pytest.mark.parametrize("value", ["", "x", "A" * 43, "../../etc/passwd", '"', "é"])
def test_a_cookie_that_was_not_issued_here_is_replaced_and_never_adopted(load, sessions, value):
    (cookie,) = cookies(load({**PAGE, "cookie": f"pythie={value}"}))
    token = cookie.removeprefix("pythie=").split(";")[0]
    assert token != value
    assert sessions.find(token) is not None


def test_two_visitors_get_two_workspaces(load, sessions):
    tokens = [cookies(load())[0].removeprefix("pythie=").split(";")[0] for _ in range(2)]
    assert len({sessions.find(token).owner_id for token in tokens}) == 2


@pytest.mark.parametrize(
    "request_",
    [
        {"headers": {"accept": "*/*"}},
        {"method": "POST"},
        {"method": "HEAD"},
        {"path": "/_stcore/health"},
        {"path": "/base/_stcore/stream"},
        {"path": "/static/x.html"},
    ],
)
def test_what_is_no_page_load_makes_no_session(load, tmp_path, request_):
    assert cookies(load(**request_)) == []
    assert not (tmp_path / "sessions").exists()


@pytest.mark.parametrize(
    "request_", [{"scheme": "https"}, {"headers": {**PAGE, "x-forwarded-proto": "https,http"}}]
)
def test_the_cookie_stays_on_https_where_the_page_came_by_it(load, request_):
    assert cookies(load(**request_))[0].endswith("; Secure")


def test_a_disk_that_cannot_be_written_still_shows_the_page(load, tmp_path):
    (tmp_path / "sessions").write_text("")
    assert cookies(load()) == []


def test_a_page_gets_the_cookie_of_the_session_it_has_just_begun(load, sessions):
    token = sessions.start("0" * 32)
    headers = load({"sec-fetch-site": "same-origin"}, path="/visitor", method="POST", body=token.encode())
    assert load.status == 204
    (cookie,) = cookies(headers)
    assert cookie.startswith(f"pythie={token}; ")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example", "host": "pythie.example"},
        {"origin": "https://pythie.example@elsewhere.example", "host": "pythie.example"},
        {"origin": "null", "host": "pythie.example"},
        {"origin": "http://[::1", "host": "pythie.example"},
    ],
)
def test_another_site_cannot_put_a_session_into_a_browser(load, sessions, headers):
    token = sessions.start("0" * 32)
    answer = load(headers, path="/visitor", method="POST", body=token.encode())
    assert (load.status, cookies(answer)) == (403, [])


@pytest.mark.parametrize("body", [b"", b"x" * 43, b"x" * 100_000, "é".encode() * 22, b"\xff"])
def test_a_token_that_is_none_claims_nothing(load, body):
    answer = load({"sec-fetch-site": "same-origin"}, path="/visitor", method="POST", body=body)
    assert (load.status, cookies(answer)) == (403, [])


def test_passing_files_go_into_the_data_folder_for_a_server_and_what_it_starts(tmp_path):
    script = """
import subprocess, sys, tempfile
import app
ask = "import tempfile; print(tempfile.gettempdir())"
print(tempfile.gettempdir())
print(subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True).stdout)
"""
    environment = {**os.environ, "MLP_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", script]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, check=True)
    assert said.stdout.split() == [str(tmp_path / "data" / "tmp")] * 2
