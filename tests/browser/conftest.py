"""One server for all tests, one window per visitor; a fault in any window fails its test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.person import Person, launch
from browser.server import ROOT, Server
from playwright.sync_api import Browser, Error, sync_playwright

from tools import chromium

HERE = Path(__file__).parent
FAILURES = ROOT / "failures"
REPORT = pytest.StashKey[pytest.TestReport]()

collect_ignore = ["tiny_app.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the browser that all visitors share."""
    found = chromium.find()
    with sync_playwright() as playwright:
        try:
            running = launch(playwright, str(found) if found else None)
        except Error as error:
            pytest.fail(
                f"no Chromium here; `python start.py test` brings one ({error.message.splitlines()[0]})"
            )
        yield running
        running.close()


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Return what starts a server with data of its own; see ``Server`` for what it takes."""
    servers: list[Server] = []

    def start(**how: Any) -> Server:
        servers.append(Server(tmp_path_factory.mktemp("data"), **how))
        return servers[-1].start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Server]) -> Server:
    """Return the server that most tests share; each visitor there has a workspace of their own."""
    return start_server()


@pytest.fixture
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    """Return what opens a window for one more visitor: ``visitor(server=…, locale="fr-FR", …)``."""
    people: list[Person] = []

    def come(server: Server | None = None, **window: Any) -> Person:
        at = server or request.getfixturevalue("server")
        people.append(Person(browser, at.url, **window))
        return people[-1]

    yield come
    report = request.node.stash.get(REPORT, None)
    if report is None or report.failed:
        for number, person in enumerate(people):
            name = re.sub(r"\W+", "_", request.node.name)
            person.picture(FAILURES / f"{name}_{number}.png")
    for person in people:
        person.close()
    faults = [fault for person in people for fault in person.watch.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture
def person(visitor: Callable[..., Person]) -> Person:
    """Return one visitor who has just opened the app."""
    return visitor().open()
