"""After a whole journey with planted secrets, all that was written is read; where one may stand is listed."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import secrets
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, quote_plus

import pytest
from browser.journey import bring_file, choose_models, visit, wait_for_leaderboard
from browser.membership import account_page, cookie, fill_in, give_link, known_anew, save, submit, write
from browser.person import Person
from browser.recording import Recording
from browser.server import ROOT, Server
from browser.wire import Wire
from playwright.sync_api import Browser

from firebase import double as firebase
from mlp_core.config import Settings
from pages._ui.services import open_services

# All that stands in the clear on the disk, by where. Whoever can read this file can read the work beside it;
# the e-mail is shown to who signs in, the link to who gave it.
MAY_STAND: Final = dict.fromkeys(("e-mail", "former e-mail", "link"), ("pythie.db", "pythie.db-wal"))
MAY_STAND_WITH_FIREBASE: Final = {"link": MAY_STAND["link"]}

# Every library says all that it could, in the server and in the processes that it starts.
TALKATIVE: Final = "import logging, sys\nlogging.basicConfig(level=logging.DEBUG, stream=sys.stderr)\n"

LINES: Final = [f"{n % 9},{n % 7 + n % 9},{'ab'[n % 2]}" for n in range(60)]
TABLE: Final = "\n".join(["size,cost,town", *LINES]).encode()


@dataclass
class Journey:
    """What was planted, and where all of it was left.

    Attributes
    ----------
    planted : dict
        The secrets by what they are.
    said : list of str
        What the pages said when something was refused.
    may_stand : mapping
        In which files a secret may be found, by what it is.
    """

    server: Server
    scratch: Path
    planted: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    received: bytes = b""
    seen_by_scripts: str = ""
    project_file: bytes = b""
    may_stand: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MAY_STAND)

    def plant(self, what: str, value: str) -> str:
        self.planted[what] = value
        return value

    def forms(self, *, without: str = r"^$") -> Iterator[tuple[str, bytes]]:
        """Yield each secret in the forms in which it could be written."""
        for what, value in self.planted.items():
            if not re.fullmatch(without, what):
                raw = value.encode()
                for form in {value, quote(value), quote_plus(value), base64.b64encode(raw).decode()}:
                    yield what, form.encode()
                if "token" not in what and "link" not in what:
                    yield f"hash of the {what}", hashlib.sha256(raw).hexdigest().encode()

    def found_in(self, content: bytes, **which: str) -> list[str]:
        return [what for what, form in self.forms(**which) if form in content]


def new_journey(start: Callable[..., Server], folder: Path, *flags: str, **variables: str) -> Journey:
    scratch = folder / "scratch"
    scratch.mkdir()
    (folder / "sitecustomize.py").write_text(TALKATIVE)
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    told = {"PYTHONPATH": path, "TMPDIR": str(scratch), **variables}
    server = start(flags=("--logger.level", "debug", *flags), variables=told)
    return Journey(server, scratch)


def planted(what: str) -> str:
    return f"planted {what} {secrets.token_hex(6)}"


def sign_up(journey: Journey, person: Person, **more: str) -> None:
    before = cookie(person)["value"]
    fields = {
        "Your name": "Ada",
        "E-mail": journey.planted["former e-mail"],
        "New password": journey.planted["password"],
        "The same once more": journey.planted["password"],
        **more,
    }
    for label, value in fields.items():
        write(person, label, value)
    submit(person, "Create the account")
    if cookie(person)["value"] == before and person.main.get_by_test_id("stAlert").count():
        hear(journey, person)
    else:
        known_anew(person, before)


def work(journey: Journey, person: Person) -> None:
    """Bring a table, train, save, and give a link that a stranger follows."""
    bring_file(person, ("mine.csv", TABLE))
    visit(person, "train").choose("What to predict (the target)", "cost")
    choose_models(person, ("Linear regression",))
    wait_for_leaderboard(person.press("Train"))
    save(visit(person, "explore"))
    journey.plant("link", give_link(person).split("link=")[1])
    assert b"cost" in Wire(person.url).page("shared", f"link={journey.planted['link']}")


def try_to_sign_in(journey: Journey, person: Person, email: str, password: str) -> None:
    fill_in(account_page(person), email, password)
    hear(journey, person)


def hear(journey: Journey, person: Person) -> None:
    said = person.main.get_by_test_id("stAlert").all_inner_texts()
    assert said
    journey.said += said


def note_token(journey: Journey, person: Person) -> None:
    journey.plant(f"token {len(journey.planted)}", str(cookie(person)["value"]))


def finish(journey: Journey, person: Person, recording: Recording) -> Journey:
    """Read what only a living server gives, and end it, so that all is written."""
    journey.received, journey.urls = recording.gather(), recording.urls
    kept = (
        "[localStorage, sessionStorage].map(s => JSON.stringify(s)).join() + document.cookie + location.href"
    )
    journey.seen_by_scripts = str(person.page.evaluate(kept))
    of = open_services(Settings(data_dir=journey.server.data))
    owner = next(row for row in of.workspaces.ids() if of.workspaces.load(row).board_ids())
    path = journey.scratch / "exported.pythie"
    of.workspaces.load(owner).save(path)
    journey.project_file = b"".join(content for _, content in contents(path))
    journey.server.stop()
    return journey


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a file, and what is packed in it where it is packed."""
    content = path.read_bytes()
    yield path.name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())


@pytest.fixture(scope="module")
def embedded(
    browser: Browser, start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory
) -> Journey:
    """Sign up by a code, work, change the address, forget the password, and meet every refusal on the way."""
    code = planted("sign-up code")
    journey = new_journey(start_server, tmp_path_factory.mktemp("told"), MLP_SIGN_UP_CODE=code)
    journey.plant("sign-up code", code)
    for what in ("password", "wrong password", "new password", "wrong sign-up code", "wrong reset code"):
        journey.plant(what, planted(what))
    for what in ("e-mail", "former e-mail", "unknown e-mail"):
        journey.plant(what, f"{secrets.token_hex(6)}@example.org")
    mail, unknown = journey.planted["e-mail"], journey.planted["unknown e-mail"]
    person = Person(browser, journey.server.url)
    recording = Recording(person)
    person.open()
    note_token(journey, person)
    account_page(person).press("Create an account")
    sign_up(journey, person, **{"Sign-up code": journey.planted["wrong sign-up code"]})
    sign_up(journey, person, **{"Sign-up code": code})
    note_token(journey, person)
    work(journey, person)

    account_page(person).press("Change the address")
    write(person, "New e-mail", mail)
    write(person, "Password", journey.planted["wrong password"])
    submit(person, "Change the address")
    hear(journey, person)
    write(person, "Password", journey.planted["password"])
    submit(person, "Change the address").sees(mail)

    before = cookie(person)["value"]
    known_anew(person.press("Sign out"), before)
    note_token(journey, person)
    for email in (mail, unknown, journey.planted["password"]):
        try_to_sign_in(journey, person, email, journey.planted["wrong password"])
    database = sqlite3.connect(journey.server.data / "pythie.db", isolation_level=None)
    database.execute("ALTER TABLE accounts RENAME TO elsewhere")
    try_to_sign_in(journey, person, mail, journey.planted["password"])
    database.execute("ALTER TABLE elsewhere RENAME TO accounts")
    database.close()

    line = [sys.executable, "-m", "tools.reset_code", mail]
    told = {**os.environ, "MLP_DATA_DIR": str(journey.server.data)}
    printed = subprocess.run(line, cwd=ROOT, env=told, text=True, capture_output=True, check=True).stdout
    found = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){6}", printed)
    assert found
    journey.plant("reset code", found[0])
    person.press("Forgotten password")
    for given in (journey.planted["wrong reset code"], found[0]):
        write(person, "Reset code", given)
        write(person, "New password", journey.planted["new password"])
        write(person, "The same once more", journey.planted["new password"])
        submit(person, "Set the new password")
        hear(journey, person)
    before = cookie(person)["value"]
    known_anew(fill_in(account_page(person), mail, journey.planted["new password"]), before)
    note_token(journey, person)
    visit(person, "train").sees("Leaderboard")
    return finish(journey, person, recording)


@pytest.fixture(scope="module")
def on_firebase(
    browser: Browser, start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Journey]:
    """Sign up, follow the mail, work, be refused, meet a service out of order, and come back."""
    folder = tmp_path_factory.mktemp("told")
    with firebase.running() as service:
        config = folder / "firebase.toml"
        config.write_text(firebase_table(service))
        journey = new_journey(start_server, folder, "--secrets.files", str(config))
        journey.may_stand = MAY_STAND_WITH_FIREBASE
        plant_proofs(journey, service)
        for what in ("password", "wrong password"):
            journey.plant(what, planted(what))
        email = journey.plant("former e-mail", f"{secrets.token_hex(6)}@example.org")
        person = Person(browser, journey.server.url)
        recording = Recording(person)
        account_page(person.open()).press("Create an account")
        sign_up(journey, person)
        note_token(journey, person)
        journey.plant("code in a mail", service.identity.mail("VERIFY_EMAIL", email).code)
        service.identity.verify(email)
        person.press("I have followed it").sees("Your address is confirmed.")
        work(journey, person)

        before = cookie(person)["value"]
        known_anew(account_page(person).press("Sign out"), before)
        assert service.data.objects, "something was sent to the service, by proofs that are looked for"
        try_to_sign_in(journey, person, email, journey.planted["wrong password"])
        service.fail("verifyPassword", times=5, status=500, body=journey.planted["password"].encode())
        try_to_sign_in(journey, person, email, journey.planted["password"])
        service.heal()
        person.press("Forgotten password")
        write(person, "E-mail", email)
        submit(person, "Send the mail")
        journey.plant("reset code", service.identity.mail("PASSWORD_RESET", email).code)
        person.press("Sign in")
        before = cookie(person)["value"]
        known_anew(fill_in(account_page(person), email, journey.planted["password"]), before)
        note_token(journey, person)
        visit(person, "train").sees("Leaderboard")
        yield finish(journey, person, recording)


def firebase_table(service: firebase.Double) -> str:
    config = service.config
    values = {
        "apiKey": config.api_key,
        "authDomain": config.auth_domain,
        "databaseURL": config.database_url,
        "storageBucket": config.storage_bucket,
        "projectId": config.project_id,
    }
    return "\n".join(["[firebase]", *(f'{name} = "{value}"' for name, value in values.items())])


def plant_proofs(journey: Journey, service: firebase.Double) -> None:
    """Note every proof and renewal that the service gives from now on."""
    sign = service.identity._signed

    def noted(*of: Any, **more: Any) -> dict[str, Any]:
        given = sign(*of, **more)
        for name in ("idToken", "refreshToken"):
            journey.plant(f"token {name} {len(journey.planted)}", given[name])
        return given

    service.identity._signed = noted  # type: ignore[method-assign]


JOURNEYS: Final = ("embedded", pytest.param("on_firebase", marks=pytest.mark.slow))


@pytest.fixture(params=JOURNEYS)
def journey(request: pytest.FixtureRequest) -> Journey:
    found: Journey = request.getfixturevalue(request.param)
    return found


def test_the_journey_was_whole(journey: Journey) -> None:
    assert len(journey.planted) >= 8
    assert len(journey.said) >= 2
    log = journey.server.log.read_bytes()
    assert b"\nDEBUG:" in log
    assert b"Created new session for client" in log
    assert journey.may_stand is MAY_STAND or b"?auth=***" in log, "what is not looked for here is in the log"


def test_logs_hold_none(journey: Journey) -> None:
    assert not journey.found_in(journey.server.log.read_bytes())


def test_addresses_hold_none(journey: Journey) -> None:
    assert len(journey.urls) > 20
    assert not journey.found_in("\n".join(journey.urls).encode())


def test_what_pages_say_holds_none(journey: Journey) -> None:
    assert not journey.found_in("\n".join(journey.said).encode())


def test_passwords_and_codes_are_never_sent_back(journey: Journey) -> None:
    assert not journey.found_in(journey.received, without=r"(former |unknown )?e-mail|token.*|link")


def test_no_script_of_a_page_can_read_any(journey: Journey) -> None:
    assert not journey.found_in(journey.seen_by_scripts.encode())


def test_the_project_file_holds_none(journey: Journey) -> None:
    assert len(journey.project_file) > 10_000
    assert not journey.found_in(journey.project_file)


def test_the_disk_holds_none_but_where_it_must(journey: Journey) -> None:
    data = journey.server.data
    found = {
        (what, path.name)
        for folder in (data, journey.scratch)
        for path in folder.rglob("*")
        if path.is_file() and path != journey.server.log
        for _, content in contents(path)
        for what in journey.found_in(content)
    }
    assert {what for what, _ in found} >= set(journey.may_stand), "the search finds what there is"
    assert not [(what, name) for what, name in found if name not in journey.may_stand.get(what, ())]
    assert any(data.rglob("mlflow.db"))
