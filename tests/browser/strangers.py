"""Three people at one server, each with work of their own in which a word stands that nobody else knows."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from browser.journey import ask_for_one_case, bring_file, choose_models, visit, wait_for_leaderboard
from browser.membership import account_page, cookie, give_link, save, sign_up
from browser.person import Person
from browser.recording import Recording
from browser.server import Server
from browser.wire import Wire

from mlp_core.accounts import COOKIE, Owner
from mlp_core.config import Settings
from pages._ui.services import Services, open_services, tracking_uri

# The same bytes for two of them, so that what the server computed for one serves the other.
SHARED: Final = ("width,height\n" + "".join(f"{n},{n * 3 % 17}\n" for n in range(60))).encode()


@dataclass
class Stranger:
    """One of them.

    Attributes
    ----------
    word : str
        Stands in the name of their file, their columns and cells, their project, saved things and account.
    former : str
        The token that their browser had before they signed up.
    link : str
        The token of a link that they gave.
    """

    person: Person
    recording: Recording
    word: str
    has_account: bool
    former: str = ""
    link: str = ""
    known: dict[str, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        return f"{self.word}@example.org"

    @property
    def token(self) -> str:
        return str(cookie(self.person)["value"])

    @property
    def wire(self) -> Wire:
        return Wire(self.person.url, {COOKIE: self.token})

    def secrets(self) -> list[bytes]:
        """Return what nobody else may ever be sent, in small letters."""
        return [one.lower().encode() for one in (self.word, *self.known.values()) if one]


@dataclass
class World:
    """The server, its people, and its stores opened once more beside it."""

    server: Server
    ada: Stranger
    grace: Stranger
    guest: Stranger
    services: Services

    @property
    def people(self) -> dict[str, Stranger]:
        return {"ada": self.ada, "grace": self.grace, "guest": self.guest}

    def owner(self, who: Stranger) -> Owner:
        """Return the owner behind a person's cookie, with what proves their account."""
        session = self.services.sessions.find(who.token)
        assert session is not None
        return Owner(id=session.owner_id, credential=self.services.sessions.credential(who.token))

    def project(self, who: Stranger) -> str:
        return self.services.library.current(self.owner(who).id)

    def folder(self, who: Stranger) -> Path:
        return self.services.workspaces.folder(self.project(who))

    def artifact(self, who: Stranger) -> Any:
        (found,) = self.services.artifacts.list(self.owner(who))
        return found

    def things_of(self, who: Stranger) -> tuple[object, ...]:
        """Return what a person has, as it is on the disk: nobody else may change any of it."""
        owner, of = self.owner(who), self.services
        files = {
            str(path): path.read_bytes()
            for entry in of.library.projects(owner.id)
            for path in of.workspaces.folder(entry.id).rglob("*")
            if path.is_file() and not {"jobs", "readings"}.intersection(path.parts[-3:])
        }
        saved = [
            (thing.id, thing.name, of.artifacts.get(owner, thing.id)) for thing in of.artifacts.list(owner)
        ]
        shares = [(share.id, share.token, share.expires) for share in of.shares.list(owner.id)]
        return files, saved, shares, of.library.current(owner.id)


def gathered(server: Server, come: Callable[[], Person]) -> World:
    """Bring three people to a server, side by side, and have each do something on every page."""
    people = [_arrived(come(), beast, account) for beast, account in _BEASTS]
    ada, grace, guest = people
    services = open_services(Settings(data_dir=server.data))
    world = World(server, ada, grace, guest, services)
    for one in people:
        one.former, one.known["former owner"] = one.token, world.owner(one).id
        if one.has_account:
            sign_up(one.person, one.email, name=f"{one.word} name")
    for one in (ada, grace):
        _same_table(one)
    owner = world.owner(ada)
    services.library.create(owner.id, f"{ada.word} project")
    services.library.create(world.owner(grace).id, f"{grace.word} project")
    for one in people:
        _own_table(one)
    for one in people:
        _wait(one)
    for one in people:
        visit(save(visit(one.person, "explore")), "visualize")
        one.recording.gather()
    ada.link = give_link(ada.person).split("link=")[1]
    for one in people:
        for view in ("Links", "Projects", "Saved"):
            account_page(one.person, view)
        one.recording.gather()
        one.known = _known(world, one)
    return world


_BEASTS: Final = (("quagga", True), ("okapi", True), ("numbat", False))


def _arrived(person: Person, beast: str, account: bool) -> Stranger:
    recording = Recording(person)
    stranger = Stranger(person.open(), recording, f"{beast}{secrets.token_hex(4)}", account)
    recording.gather()
    return stranger


def _same_table(one: Stranger) -> None:
    bring_file(one.person, (f"{one.word}-same.csv", SHARED))
    for page in ("explore", "visualize", "train"):
        visit(one.person, page)
    one.recording.gather()


def _own_table(one: Stranger) -> None:
    word = one.word
    lines = [f"{word}_size,{word}_cost,{word}_town"]
    lines += [f"{n},{n * 2 + n % 3},{word}{'ab'[n % 2]}" for n in range(40)]
    one.person.reload()
    bring_file(one.person, (f"{word}-own.csv", "\n".join(lines).encode()))
    visit(one.person, "train").choose(one.person.words("What to predict (the target)"), f"{word}_cost")
    choose_models(one.person, ("Linear regression",))
    one.person.press(one.person.words("Train"))
    one.recording.gather()


def _wait(one: Stranger) -> None:
    wait_for_leaderboard(one.person)
    ask_for_one_case(one.person)
    one.recording.gather()


def _known(world: World, one: Stranger) -> dict[str, str]:
    """Return the ids and tokens of all that a person has, by what they are."""
    owner, of = world.owner(one), world.services
    project = of.workspaces.load(world.project(one))
    known = one.known | {
        "owner": owner.id,
        "document": project.id,
        "artifact": world.artifact(one).id,
        "token": one.token,
        "former token": one.former if one.has_account else "",
        "session": hashlib.sha256(one.token.encode()).hexdigest(),
        "board": project.board_ids()[0],
        "run": runs_of(world, one)[0],
    }
    known |= {f"project {number}": entry.id for number, entry in enumerate(of.library.projects(owner.id))}
    known |= {f"share {number}": share.id for number, share in enumerate(of.shares.list(owner.id))}
    return known | {"link": one.link}


def runs_of(world: World, one: Stranger) -> list[str]:
    """Return the ids of the MLflow runs in the experiment of a person's project."""
    return [run.info.run_id for run in experiment_of(world, one)]


def experiment_of(world: World, one: Stranger) -> list[Any]:
    """Return the MLflow runs in the experiment of a person's project."""
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=tracking_uri(world.services.settings))
    experiment = client.get_experiment_by_name(world.project(one))
    assert experiment is not None
    return list(client.search_runs([experiment.experiment_id]))
