"""What was last known of a slow store's list, and what happens while it is asked for."""

from __future__ import annotations

import threading
import time

import pytest
from storage.remotes import until

from mlp_core.accounts.account import Owner
from mlp_core.errors import ServiceUnavailable, StorageError
from mlp_core.storage.artifacts import Artifact
from mlp_core.storage.artifacts.lists import Lists, Waits
from mlp_core.storage.errands import Calls
from mlp_core.text import Text

ADA = Owner(id="a" * 32)
WAITS = Waits(fresh_seconds=0.05, known_seconds=0.05, unknown_seconds=0.2, again_seconds=0.05)


def thing(id_: str, created: float = 1.0, name: str = "x") -> Artifact:
    return Artifact(id=id_, name=name, kind="csv", page="train", size=1, sha256="0" * 64, created=created)


class Store:
    def __init__(self) -> None:
        self.held = [thing("a"), thing("b", 0.5)]
        self.gate = threading.Event()
        self.gate.set()
        self.asked = 0
        self.failure: Exception | None = None

    def list(self, owner: Owner) -> list[Artifact]:
        self.asked += 1
        found = list(self.held)
        self.gate.wait(5)
        if self.failure is not None:
            raise self.failure
        return found


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def lists(store):
    yield Lists(store.list, Calls(name="lists"), WAITS)
    store.gate.set()


def ids(found):
    return [one.id for one in found]


def test_what_happens_while_a_list_is_on_its_way_is_in_it_when_it_comes(lists, store):
    assert ids(lists.get(ADA)) == ["a", "b"]
    time.sleep(0.06)
    store.held.append(thing("z", 0.1))
    store.gate.clear()
    lists.ask(ADA)
    assert until(lambda: store.asked == 2)
    lists.added(ADA.id, thing("c", 2.0))
    lists.dropped(ADA.id, "a")
    lists.added(ADA.id, thing("b", 0.5, "renamed"))
    assert ids(lists.last(ADA.id)) == ["c", "b"]
    store.gate.set()
    assert until(lambda: "z" in ids(lists.last(ADA.id)))
    assert ids(lists.last(ADA.id)) == ["c", "b", "z"], "though the store listed before"
    assert lists.last(ADA.id)[1].name == "renamed"


def test_a_young_list_is_not_asked_for_again_and_an_old_one_is(lists, store):
    for _ in range(5):
        lists.get(ADA)
    assert store.asked == 1
    time.sleep(0.06)
    lists.get(ADA)
    assert store.asked == 2


def test_who_asks_waits_so_long_and_no_longer_and_is_told(lists, store):
    store.gate.clear()
    begun = time.monotonic()
    assert lists.get(ADA) == []
    assert 0.15 < time.monotonic() - begun < 1.0
    assert isinstance(lists.failure(ADA.id), ServiceUnavailable)
    begun = time.monotonic()
    assert lists.get(ADA) == []
    assert time.monotonic() - begun < 0.1, "the wait is over for everybody"
    assert store.asked == 1
    store.gate.set()
    assert until(lambda: ids(lists.last(ADA.id)) == ["a", "b"])
    assert lists.failure(ADA.id) is None


def test_a_failure_keeps_the_list_before_it_and_is_not_asked_for_at_once_again(lists, store):
    lists.get(ADA)
    time.sleep(0.06)
    store.failure = StorageError(Text("no"))
    assert ids(lists.get(ADA)) == ["a", "b"]
    assert lists.failure(ADA.id) is store.failure
    lists.get(ADA)
    assert store.asked == 2
    store.failure = None
    time.sleep(0.06)
    lists.get(ADA)
    assert lists.failure(ADA.id) is None


def test_a_bug_of_the_store_is_a_sentence_here(lists, store):
    store.failure = KeyError("?auth=planted")
    assert lists.get(ADA) == []
    assert isinstance(lists.failure(ADA.id), ServiceUnavailable)


def test_what_is_saved_before_the_first_list_came_is_shown_all_the_same(lists, store):
    store.failure = ServiceUnavailable(Text("no"))
    lists.get(ADA)
    store.failure = None
    store.held.insert(0, thing("c", 2.0))
    lists.added(ADA.id, thing("c", 2.0))
    assert ids(lists.get(ADA)) == ["c"], "it is too early to ask again"
    time.sleep(0.06)
    store.gate.clear()
    lists.ask(ADA)
    assert ids(lists.last(ADA.id)) == ["c"]
    store.gate.set()
    assert until(lambda: ids(lists.last(ADA.id)) == ["c", "a", "b"])


def test_owners_are_kept_apart_and_forgotten(lists):
    other = Owner(id="b" * 32)
    lists.added(other.id, thing("z"))
    assert ids(lists.get(ADA)) == ["a", "b"]
    lists.forget(ADA.id)
    assert lists.last(ADA.id) == []
