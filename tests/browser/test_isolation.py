"""Two signed-in people and a guest at one server: whatever one tries, nothing of another comes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser.attempts import ATTEMPTS
from browser.membership import account_page, sign_in, sign_out
from browser.person import Person
from browser.recording import Recording
from browser.server import Server
from browser.strangers import World, gathered
from browser.wire import Wire
from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def world(browser: Browser, start_server: Callable[..., Server]) -> Iterator[World]:
    server = start_server()
    people: list[Person] = []

    def come() -> Person:
        people.append(Person(browser, server.url))
        return people[-1]

    try:
        yield gathered(server, come)
    finally:
        for person in people:
            person.close()
    faults = [fault for person in people for fault in person.watch.faults]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", ["ada", "grace", "guest"])
def test_nobody_is_sent_anything_of_another(world: World, who: str) -> None:
    one = world.people[who]
    received = one.recording.gather().lower()
    for own in ("-own.csv", "_town", "a", "-same.csv" if one.has_account else "_size"):
        assert (one.word + own).encode() in received
    for other in world.people.values():
        found = [secret for secret in other.secrets() if secret in received]
        assert other is one or not found


def test_there_are_enough_attempts() -> None:
    assert len(ATTEMPTS) >= 20


@pytest.mark.parametrize("name", ATTEMPTS)
def test_an_attempt_brings_nothing_of_another_and_changes_nothing(
    world: World, tmp_path: Path, name: str
) -> None:
    before = world.things_of(world.ada)
    came = ATTEMPTS[name](world, tmp_path).lower()
    assert not [secret for secret in world.ada.secrets() if secret in came]
    assert world.things_of(world.ada) == before


def test_a_search_for_names_of_another_finds_nothing(world: World) -> None:
    grace = account_page(world.grace.person, "Saved")
    grace.sees(re.compile(world.grace.word))
    grace.fill("Search", world.ada.word)
    grace.sees("Nothing you saved fits this search.")
    assert world.ada.word not in grace.read()


def test_a_link_shows_one_project_and_nothing_else_of_its_owner(world: World) -> None:
    ada = world.ada
    came = world.guest.wire.page("shared", f"link={ada.link}").lower()
    for shown in (f"{ada.word} project", f"{ada.word}_town", f"{ada.word}a"):
        assert shown.encode() in came
    hidden = [value for name, value in ada.known.items() if name != "link" and value]
    hidden += [ada.email, f"{ada.word} name", f"{ada.word}-same.csv", world.grace.word, world.guest.word]
    assert not [secret for secret in hidden if secret.lower().encode() in came]


def test_no_file_on_the_disk_bears_the_name_of_a_person_or_of_a_thing(world: World) -> None:
    names = [str(path.relative_to(world.server.data)).lower() for path in world.server.data.rglob("*")]
    assert len(names) > 50
    for one in world.people.values():
        assert not [name for name in names if one.word in name]


def test_what_was_handed_out_ends_with_the_session(world: World, visitor: Callable[..., Person]) -> None:
    ada = visitor(server=world.server)
    recording = Recording(ada)
    sign_in(ada.open(), world.ada.email)
    account_page(ada, "Saved")
    with ada.page.expect_download() as waiting:
        ada.main.get_by_role("button", name="Download", exact=True).click()
    assert world.ada.word.encode() in Path(waiting.value.path()).read_bytes()
    address, asked_by = urlsplit(waiting.value.url).path, recording.downloads()[-1]
    name = re.fullmatch(r"/media/([0-9a-f]{32})\.csv", address)
    assert name, "the address is a hash of what it leads to, so only who has the content can guess it"
    grace = world.grace.wire
    nearly = name[1][:-1] + ("0" if name[1][-1] != "0" else "1")
    assert grace.ask(f"/media/{nearly}.csv").status == 404

    token = next(one["value"] for one in ada.context.cookies() if one["name"] == "pythie")
    sign_out(ada)
    for page in ("Saved", "Projects"):
        account_page(ada, page)
    assert grace.ask(address).status == 404
    with grace.tab() as tab:
        tab.run("account")
        assert b"Failed" in tab.ask_for_download(asked_by)
    assert world.ada.word.encode() not in Wire(ada.url, {"pythie": str(token)}).page("upload")
