"""Saved things and projects on Firebase's double, over real HTTP and the project's own rules."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cloud.conftest import CSV, QUICK
from firebase.conftest import signed_up
from firebase.double import running
from storage.remotes import until

from mlp_core.accounts.account import Owner
from mlp_core.accounts.firebase import FirebaseAccounts
from mlp_core.cloud import Cloud
from mlp_core.config import Settings
from mlp_core.errors import NotVerified, ServiceUnavailable
from mlp_core.firebase import Patience
from mlp_core.library import Library
from mlp_core.project import Project
from mlp_core.read import read_table
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.artifacts import EmbeddedArtifacts
from mlp_core.storage.artifacts.firebase import FirebaseArtifacts
from mlp_core.storage.artifacts.lists import Waits
from mlp_core.storage.artifacts.outbox import OutboxArtifacts
from mlp_core.storage.artifacts.proofs import Proofs
from mlp_core.storage.artifacts.sending import Delays

HURRIED = Delays(
    put_seconds=0.3,
    call_seconds=0.8,
    first_seconds=0.05,
    most_seconds=0.2,
    verify_seconds=0.1,
    lists=Waits(fresh_seconds=0.05, known_seconds=0.1, unknown_seconds=0.5, again_seconds=0.05),
)
SHORT = Patience(connect=0.5, read=1.0, total=1.0)


class Host:
    """One server with an outbox and a cloud, as the app puts them together."""

    def __init__(self, double: Any, root: Path, delays: Delays, pace: Any, patience: Patience | None) -> None:
        self.settings = Settings(data_dir=root)
        self.proofs = Proofs(FirebaseAccounts(double.config, patience=patience), again_seconds=0.05)
        remote = FirebaseArtifacts(double.config, patience=patience, upload_seconds=20.0)
        self.outbox = OutboxArtifacts(EmbeddedArtifacts(root), remote, self.proofs, root, delays=delays)
        self.workspaces = WorkspaceStore(root / "workspaces", Project)
        self.library = Library(root, self.workspaces, self.settings)
        self.cloud = Cloud(self.proofs, remote, self.library, self.workspaces, self.settings, pace=pace)

    def new(self, owner: Owner, name: str) -> str:
        id_ = self.library.create(owner.id, name)
        table = read_table(CSV, name="houses")
        self.workspaces.update(id_, lambda one: one.with_table(table, origin="houses.csv", content=CSV))
        self.cloud.changed(owner, id_)
        return id_

    def put(self, owner: Owner, name: str) -> Any:
        return self.outbox.put(owner, name=name, kind="csv", page="train", content=b"a\n1\n" * 5_000)


@pytest.fixture
def double():
    with running() as opened:
        yield opened


@pytest.fixture
def host(double, tmp_path):
    hosts: list[Host] = []

    def build(disk: str = "one", delays=HURRIED, pace=QUICK, patience=SHORT) -> Host:
        hosts.append(Host(double, tmp_path / disk, delays, pace, patience))
        return hosts[-1]

    yield build
    double.heal()
    for one in hosts:
        assert one.outbox.close()
        assert one.cloud.close()


@pytest.fixture
def ada(double):
    return signed_up(double, FirebaseAccounts(double.config), "Ada")


def test_what_is_saved_and_worked_on_is_found_by_a_server_with_an_empty_disk(host, double, ada):
    first = host("one")
    kept = first.put(ada, "Été")
    assert not kept.pending
    id_ = first.new(ada, "Maisons")
    assert until(lambda: first.cloud.state(ada).saved)

    second = host("two")
    assert second.cloud.arrived(ada).trouble is None
    assert [entry.title for entry in second.library.projects(ada.id)] == ["Maisons"]
    assert second.workspaces.load(id_).original == CSV
    shown = [one for one in second.outbox.list(ada) if one.page != "project"]
    assert [(one.name, one.pending) for one in shown] == [("Été", False)]
    assert second.outbox.get(ada, kept.id) == b"a\n1\n" * 5_000
    assert second.outbox.usage(ada).items == 1

    second.library.delete(ada.id, id_)
    second.cloud.forget(ada, id_)
    second.outbox.delete(ada, kept.id)
    assert until(lambda: not double.data.objects), "nothing is left there"


FAULTS: dict[str, dict[str, Any]] = {
    "slow": {"wait_seconds": 1.5},
    "401": {"status": 401},
    "403": {"status": 403},
    "404": {"status": 404},
    "429": {"status": 429},
    "500": {"status": 500},
    "cut on the way there": {"read_bytes": 5_000},
    "cut on the way back": {"write_bytes": 5},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_firebase_answers_it_is_kept_here_and_arrives_once(host, double, ada, fault):
    server = host()
    server.outbox.list(ada)
    double.fail("/(v0|users)/", times=400, **fault)
    begun = time.monotonic()
    kept = server.put(ada, "Été")
    assert time.monotonic() - begun < 2.0
    assert server.outbox.get(ada, kept.id) == b"a\n1\n" * 5_000
    server.new(ada, "Maisons")
    assert until(lambda: server.outbox.trouble(ada) is not None, 8)
    trouble = server.outbox.trouble(ada)
    assert trouble.render("fr") != trouble.render("en")
    assert [one.id for one in server.outbox.list(ada)] == [kept.id]

    double.heal()
    assert until(lambda: [one.pending for one in server.outbox.list(ada) if one.id == kept.id] == [False], 15)
    assert until(lambda: server.cloud.state(ada).saved, 15)
    assert until(lambda: len(double.data.objects) == 2), "one thing, one project, no half one"


def test_firebase_down_and_up_again(host, double, ada):
    server = host()
    double.down()
    kept = server.put(ada, "Été")
    assert kept.pending
    assert server.cloud.arrived(ada).trouble is not None
    assert isinstance(server.outbox.trouble(ada), ServiceUnavailable)
    double.up()
    assert until(lambda: not server.outbox.list(ada)[0].pending, 15)
    assert until(lambda: server.outbox.trouble(ada) is None)


def test_an_address_that_is_confirmed_later_is_noticed_by_itself(host, double):
    accounts = FirebaseAccounts(double.config)
    credential = accounts.sign_up("Grace", "grace@example.org", "a quiet long river 7")
    grace = Owner(id=credential.account.id, credential=credential)
    server = host()
    assert server.put(grace, "Été").pending
    assert isinstance(server.outbox.trouble(grace), NotVerified)
    accounts.send_verification(credential)
    double.identity.verify("grace@example.org")
    assert until(lambda: not server.outbox.list(grace)[0].pending, 15)


@pytest.mark.slow
def test_no_page_waits_ten_seconds_for_a_firebase_that_takes_ten(host, double, ada):
    server = host(delays=Delays(), pace=None, patience=None)
    double.fail("", times=400, wait_seconds=10.0)

    def timed(name: str, work: Callable[[], Any]) -> None:
        begun = time.monotonic()
        with contextlib.suppress(ServiceUnavailable):
            work()
        took = time.monotonic() - begun
        assert took < 9.9, f"{name} took {took:.1f} s"

    kept: list[Any] = []
    timed("arrived", lambda: server.cloud.arrived(ada))
    timed("list", lambda: server.outbox.list(ada))
    timed("put", lambda: kept.append(server.put(ada, "Été")))
    timed("put again", lambda: kept.append(server.put(ada, "Hiver")))
    timed("get", lambda: server.outbox.get(ada, "0" * 32))
    timed("rename", lambda: server.outbox.rename(ada, "0" * 32, "x"))
    timed("delete", lambda: server.outbox.delete(ada, "0" * 32))
    timed("usage", lambda: server.outbox.usage(ada))
    timed("flush", lambda: server.outbox.flush(ada))
    timed("cloud flush", lambda: server.cloud.flush(ada))
    double.heal()
    assert until(lambda: not any(one.pending for one in server.outbox.list(ada)), 60)
    assert sorted(one.name for one in server.outbox.list(ada)) == ["Hiver", "Été"]
