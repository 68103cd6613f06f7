"""Accounts in Firebase: what is theirs outlives the server's disk, and waits while the service is away."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.journey import ask_for_one_case, open_sample, train, visit
from browser.membership import account_page, sign_in, sign_out, sign_up
from browser.person import Person
from browser.server import Server

from firebase import double as firebase

QUICK = ("Linear regression",)
ARRIVAL_MS = 60_000


@pytest.fixture(scope="module")
def service() -> Iterator[firebase.Double]:
    with firebase.running() as double:
        yield double


@pytest.fixture(scope="module")
def cloudy(
    service: firebase.Double, start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """Return a server whose accounts are in Firebase."""
    secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    config = service.config
    values = {
        "apiKey": config.api_key,
        "authDomain": config.auth_domain,
        "databaseURL": config.database_url,
        "storageBucket": config.storage_bucket,
        "projectId": config.project_id,
    }
    lines = [f'{name} = "{value}"' for name, value in values.items()]
    secrets.write_text("\n".join(["[firebase]", *lines]))
    return start_server(flags=("--secrets.files", str(secrets)))


def member(visitor: Callable[..., Person], cloudy: Server, service: firebase.Double, email: str) -> Person:
    """Return somebody with a confirmed account."""
    person = visitor(server=cloudy).open()
    sign_up(person, email)
    service.identity.verify(email)
    person.press(person.words("I have followed it"))
    return person.sees(person.words("Your address is confirmed."))


def test_a_server_with_an_empty_disk_finds_project_and_trainings_again(
    service: firebase.Double, cloudy: Server, visitor: Callable[..., Person]
) -> None:
    email = "grace@example.org"
    person = member(visitor, cloudy, service, email)
    open_sample(person)
    train(person, "Miles_per_Gallon", models=QUICK)
    best = person.main.locator(".py-where").inner_text()
    sign_out(person)
    assert wait_for(lambda: len(service.data.objects) == 1)

    person.page.close()
    cloudy.kill()
    shutil.rmtree(cloudy.data)
    cloudy.start()
    back = visitor(server=cloudy).open()
    sign_in(back, email)
    visit(back, "train").sees(back.words("Leaderboard"), timeout_ms=ARRIVAL_MS)
    assert back.main.locator(".py-where").inner_text() == best
    ask_for_one_case(back)


def test_what_is_saved_while_the_service_is_away_arrives_when_it_is_back(
    service: firebase.Double, cloudy: Server, visitor: Callable[..., Person]
) -> None:
    person = member(visitor, cloudy, service, "ada@example.org")
    open_sample(person)
    service.down()
    visit(person, "upload").press(person.words("Save"))
    person.press(person.words("Save it"))
    account_page(person, "Saved").sees(person.words("kept here, not yet in the cloud"), timeout_ms=60_000)
    service.up()
    for _ in range(60):
        account_page(person, "Saved")
        if not person.page.get_by_text(person.words("kept here, not yet in the cloud")).count():
            break
        person.page.wait_for_timeout(1_000)
    person.does_not_see(person.words("kept here, not yet in the cloud"))


def wait_for(what: Callable[[], bool], *, seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.2)
    return False


def test_nothing_of_a_secret_lies_on_the_disk(cloudy: Server, service: firebase.Double) -> None:
    tokens = [token.encode() for token in service.identity.renewals]
    assert tokens
    for path in Path(cloudy.data).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(token in content for token in tokens), path
