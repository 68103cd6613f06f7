"""Files named by a path or an address: what is allowed is read, and nothing else is reached."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mlp_core.config import Settings
from mlp_core.errors import ReadError, TooLarge
from mlp_core.read.address import fetch, is_public, local

OPEN = Settings(allow_urls=True, read_seconds=3)


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        moved = {
            "/moved": "/table.csv",
            "/inward": "http://127.0.0.2/secret",
            "/metadata": "http://169.254.169.254/latest",
            "/round": "/round",
            "/file": "file:///etc/passwd",
        }
        if self.path in moved:
            self.send_response(302)
            self.send_header("Location", moved[self.path])
            self.end_headers()
        elif self.path == "/table.csv":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"a,b\n1,2\n")
        elif self.path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"a,b\n")
        elif self.path in ("/endless", "/trickle"):
            self.send_response(200)
            self.end_headers()
            self.pour(slow=self.path == "/trickle")
        else:
            self.send_error(404)

    def pour(self, *, slow: bool) -> None:
        try:
            while not self.server.closing.wait(0.1 if slow else 0):  # type: ignore[attr-defined]
                self.wfile.write(b"x" if slow else b"x" * 100_000)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.closing = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.closing.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def only_the_site(address: str) -> bool:
    """The site of these tests stands for the public web, which a test machine does not reach."""
    return address == "127.0.0.1"


def test_an_allowed_address_is_read_through_redirections(site: str) -> None:
    assert fetch(f"{site}/table.csv", OPEN, allowed=only_the_site) == b"a,b\n1,2\n"
    assert fetch(f"{site}/moved", OPEN, allowed=only_the_site) == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/inward", "127.0.0.2 is not a public"),
        ("/metadata", "169.254.169.254 is not a public"),
        ("/file", "no address of the web"),
        ("/round", "without an end"),
        ("/absent", "error 404"),
        ("/short", "does not answer"),
    ],
)
def test_what_an_address_may_not_lead_to(site: str, path: str, word: str) -> None:
    with pytest.raises(ReadError) as caught:
        fetch(site + path, OPEN, allowed=only_the_site)
    assert word in caught.value.render()
    assert caught.value.render("fr") != caught.value.render("en")


def test_an_endless_or_trickling_answer_ends(site: str) -> None:
    with pytest.raises(TooLarge):
        fetch(f"{site}/endless", Settings(allow_urls=True, max_upload_mb=1), allowed=only_the_site)
    with pytest.raises(TooLarge, match="longer than 1 seconds"):
        fetch(f"{site}/trickle", Settings(allow_urls=True, read_seconds=1), allowed=only_the_site)


def test_the_machine_itself_is_never_called(site: str) -> None:
    for url in (
        site,
        site.replace("127.0.0.1", "localhost"),
        site.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
    ):
        with pytest.raises(ReadError, match="not a public address"):
            fetch(f"{url}/table.csv", OPEN)


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.9.9.9", "169.254.1.1", "0.0.0.0", "224.0.0.1"),
        *("240.0.0.1", "255.255.255.255", "100.64.0.1", "192.0.2.1", "::", "::1", "fe80::1%eth0", "fc00::1"),
        *("ff02::1", "fec0::1", "::ffff:192.168.0.1", "2002:0a00:0001::1", "64:ff9b::7f00:1", "what"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("url", ["ftp://a.org/x", "a.csv", "http://", "http://u:p@a.org/", "http://a.org:x/"])
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(ReadError, match="no address of the web"):
        fetch(url, OPEN)


def test_a_path_stays_in_its_folder(tmp_path: Path) -> None:
    root = tmp_path / "data"
    root.mkdir()
    (root / "a.csv").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "secret.csv").write_bytes(b"a,b\n1,2\n")
    (root / "link.csv").symlink_to(tmp_path / "secret.csv")
    settings = Settings(allow_paths=True, path_root=root)

    assert local("a.csv", settings) == (root / "a.csv").resolve()
    assert local(root / "a.csv", settings) == (root / "a.csv").resolve()
    for outside in ("../secret.csv", "link.csv", tmp_path / "secret.csv", "/etc/passwd"):
        with pytest.raises(ReadError, match="leads out"):
            local(outside, settings)
    for absent in ("b.csv", ".", "a\0b"):
        with pytest.raises(ReadError, match="There is no file"):
            local(absent, settings)


def test_both_are_off_unless_whoever_runs_the_server_allows_them() -> None:
    with pytest.raises(ReadError, match="switched off"):
        fetch("https://example.org/a.csv", Settings())
    with pytest.raises(ReadError, match="switched off"):
        local("a.csv", Settings())
