"""What is saved while the service behind is slow, down, refusing or cut off, and when it comes back."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from storage.remotes import Provider, Service, until, visitor

from mlp_core.accounts.account import Owner
from mlp_core.errors import (
    InvalidParameter,
    NotFound,
    NotVerified,
    QuotaExceeded,
    ServiceUnavailable,
    SignedOut,
    StorageError,
)
from mlp_core.storage.artifacts import EmbeddedArtifacts, Quota, Usage
from mlp_core.storage.artifacts.lists import Waits
from mlp_core.storage.artifacts.outbox import PROJECT_PAGE, OutboxArtifacts, is_whole_project
from mlp_core.storage.artifacts.proofs import Proofs
from mlp_core.storage.artifacts.sending import Delays
from mlp_core.text import Text

ROOT = Path(__file__).resolve().parents[2]
QUICK = Delays(
    put_seconds=0.15,
    call_seconds=0.4,
    first_seconds=0.05,
    most_seconds=0.2,
    verify_seconds=0.05,
    lists=Waits(fresh_seconds=0.05, known_seconds=0.05, unknown_seconds=0.25, again_seconds=0.05),
)
LONGEST = QUICK.call_seconds + 0.3
"""What stands for the ten seconds that no page may wait."""


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def open_outbox(tmp_path, service, provider):
    opened = []

    def build(quota=None, delays=QUICK):
        store = OutboxArtifacts(
            EmbeddedArtifacts(tmp_path),
            service,
            Proofs(provider, again_seconds=0.02),
            tmp_path,
            quota_of=lambda owner: quota or Quota(),
            delays=delays,
        )
        opened.append(store)
        return store

    yield build
    service.gate.set()
    service.seconds = 0.0
    assert all(store.close() for store in opened)


@pytest.fixture
def outbox(open_outbox):
    return open_outbox()


@pytest.fixture
def ada():
    return visitor("Ada")


def put(store, owner, name="thing", **fields):
    fields = {"kind": "csv", "page": "train", "content": b"a,b\n1,2\n", **fields}
    return store.put(owner, name=name, **fields)


def timed(work):
    begun = time.monotonic()
    result = work()
    assert time.monotonic() - begun < LONGEST
    return result


def failure(kind, words="no"):
    return kind(Text(words))


FAULTS = {
    "slow": {"seconds": 1.2},
    "down": {"failure": failure(ServiceUnavailable)},
    "401": {"failure": failure(SignedOut)},
    "403": {"failure": failure(StorageError)},
    "404": {"failure": failure(NotFound)},
    "429": {"failure": failure(ServiceUnavailable)},
    "500": {"failure": failure(ServiceUnavailable)},
    "full": {"failure": failure(QuotaExceeded)},
    "refused": {"failure": failure(InvalidParameter)},
    "cut before": {"cut": "before"},
    "cut after": {"cut": "after"},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_the_service_does_a_thing_is_kept_at_once_and_sent_when_it_returns(
    outbox, service, ada, fault
):
    outbox.list(ada)
    for name, value in fault.items():
        setattr(service, name, value)
    kept = timed(lambda: put(outbox, ada, "Été", content=b"x" * 999))
    assert kept.pending
    assert timed(lambda: outbox.get(ada, kept.id)) == b"x" * 999
    for _ in range(3):
        shown = timed(lambda: outbox.list(ada))
        assert [one.id for one in shown] == [kept.id]
    assert until(lambda: outbox.trouble(ada) is not None, 8)
    assert outbox.trouble(ada).render("fr")
    assert outbox.usage(ada) == Usage(bytes=999, items=1)

    service.seconds, service.failure, service.cut = 0.0, None, ""
    assert until(lambda: not outbox.list(ada)[0].pending, 8)
    assert [one.id for one in service.held(ada)] == [kept.id]
    assert [one.id for one in outbox.list(ada)] == [kept.id]
    assert outbox.get(ada, kept.id) == b"x" * 999
    assert until(lambda: outbox.trouble(ada) is None)
    assert outbox.flush(ada)


def test_where_the_service_answers_nothing_is_left_here(outbox, service, ada, tmp_path):
    kept = put(outbox, ada)
    assert not kept.pending
    assert [one.id for one in service.held(ada)] == [kept.id]
    assert list((tmp_path / "artifacts").rglob("*.csv")) == []
    assert outbox.trouble(ada) is None


def test_an_upload_whose_answer_was_lost_is_recognised(outbox, service, ada):
    service.cut = "after"
    kept = put(outbox, ada)
    assert kept.pending
    assert until(lambda: service.uploads >= 2)
    assert [one.id for one in outbox.list(ada)] == [kept.id]
    service.cut = ""
    assert until(lambda: not outbox.list(ada)[0].pending)
    assert [one.id for one in service.held(ada)] == [kept.id]


def test_a_first_visit_while_the_service_hangs_waits_for_no_longer_than_told(outbox, service, ada):
    service.seconds = 1.2
    assert timed(lambda: outbox.list(ada)) == []
    assert isinstance(outbox.trouble(ada), ServiceUnavailable)
    for ask in (
        lambda: outbox.get(ada, "0" * 32),
        lambda: outbox.delete(ada, "0" * 32),
        lambda: outbox.rename(ada, "0" * 32, "x"),
        lambda: outbox.delete_all(ada),
    ):
        begun = time.monotonic()
        with pytest.raises(ServiceUnavailable) as met:
            ask()
        assert time.monotonic() - begun < LONGEST
    assert met.value.render("fr") != met.value.render("en")


def test_a_list_asked_for_at_the_first_visit_keeps_no_page_waiting_later(outbox, service, ada):
    service.seconds = 1.2
    outbox.seen(ada)
    time.sleep(QUICK.lists.unknown_seconds)
    begun = time.monotonic()
    assert outbox.list(ada) == []
    assert time.monotonic() - begun < 0.1


def test_pages_do_not_wait_again_for_a_service_that_hangs(outbox, service, ada):
    kept = put(outbox, ada)
    outbox.list(ada)
    time.sleep(0.1)
    service.seconds = 1.2
    outbox.list(ada)
    begun = time.monotonic()
    for _ in range(10):
        assert [one.id for one in outbox.list(ada)] == [kept.id]
    assert time.monotonic() - begun < 0.3, "ten looks at the last known list"


def test_a_thing_that_waits_can_be_renamed_and_deleted_here(outbox, service, ada):
    service.failure = failure(ServiceUnavailable)
    kept, other = put(outbox, ada, "one"), put(outbox, ada, "two")
    assert outbox.rename(ada, kept.id, "three").pending
    outbox.delete(ada, other.id)
    with pytest.raises(NotFound):
        outbox.get(ada, other.id)
    assert [one.name for one in outbox.list(ada)] == ["three"]
    service.failure = None
    assert until(lambda: outbox.flush(ada))
    assert [one.name for one in service.held(ada)] == ["three"]


def test_another_name_given_on_the_way_arrives(outbox, service, ada):
    service.gate.clear()
    kept = put(outbox, ada, "one")
    assert kept.pending
    outbox.rename(ada, kept.id, "two")
    service.gate.set()
    assert until(lambda: [one.name for one in service.held(ada)] == ["two"])
    assert until(lambda: not outbox.list(ada)[0].pending)
    assert [one.name for one in outbox.list(ada)] == ["two"]


def test_what_is_deleted_on_the_way_is_deleted_there_too(outbox, service, ada):
    service.gate.clear()
    kept = put(outbox, ada)
    assert service.began.wait(5)
    outbox.delete(ada, kept.id)
    assert outbox.list(ada) == []
    service.gate.set()
    assert until(lambda: service.calls["delete"])
    assert until(lambda: service.held(ada) == [])
    assert outbox.list(ada) == []


def test_what_had_arrived_without_an_answer_does_not_come_back_once_deleted(open_outbox, service, ada):
    first = open_outbox()
    service.cut = "after"
    kept = put(first, ada)
    assert [one.id for one in service.held(ada)] == [kept.id]
    service.failure = failure(ServiceUnavailable)
    first.delete(ada, kept.id)
    first.close()
    # Another process has only what is on the disk.
    second = open_outbox()
    service.cut, service.failure = "", None
    second.seen(ada)
    assert second.list(ada) == []
    assert until(lambda: service.held(ada) == [])


def test_what_is_there_is_deleted_and_renamed_there_or_a_sentence_says_why_not(outbox, service, ada):
    kept = put(outbox, ada, "one")
    service.failure = failure(ServiceUnavailable)
    for ask in (lambda: outbox.delete(ada, kept.id), lambda: outbox.rename(ada, kept.id, "x")):
        with pytest.raises(ServiceUnavailable):
            timed(ask)
    assert [one.name for one in outbox.list(ada)] == ["one"]
    service.failure = None
    outbox.delete(ada, kept.id)
    assert outbox.list(ada) == []


def test_everything_is_deleted_here_and_there_also_what_is_on_its_way(outbox, service, ada):
    put(outbox, ada, "there")
    service.gate.clear()
    service.began.clear()
    put(outbox, ada, "on its way")
    assert service.began.wait(5)
    outbox.delete_all(ada)
    service.gate.set()
    assert until(lambda: service.calls["delete"])
    assert until(lambda: service.held(ada) == [])
    assert outbox.list(ada) == []


def test_who_has_not_confirmed_the_address_keeps_things_here_until_then(outbox, service, provider):
    ada = visitor("Ada", verified=False)
    kept = put(outbox, ada)
    assert kept.pending
    assert isinstance(outbox.trouble(ada), NotVerified)
    assert "adresse" in outbox.trouble(ada).render("fr")
    assert service.calls["put"] == 0, "nothing is asked that is bound to be refused"
    provider.verified.add(ada.id)
    assert until(lambda: service.held(ada) != []), "noticed by itself"
    assert until(lambda: outbox.trouble(ada) is None)


def test_a_guest_keeps_things_here_until_they_are_an_account_s(outbox, service):
    guest, ada = Owner(id="a" * 32), visitor("Ada")
    kept = put(outbox, guest)
    assert kept.pending
    assert outbox.trouble(guest) is None
    assert outbox.list(guest) == [kept]
    assert not service.calls, "the service hears nothing of guests"
    outbox.seen(ada)
    outbox.move(guest.id, ada.id)
    assert until(lambda: [one.id for one in service.held(ada)] == [kept.id])
    assert outbox.list(guest) == []
    with pytest.raises(NotFound):
        outbox.get(guest, kept.id)


def test_a_proof_is_renewed_before_it_ends_and_a_refused_one_waits_for_another(outbox, service, provider):
    ada = visitor("Ada")
    old = Owner(id=ada.id, credential=type(ada.credential)(**{**vars(ada.credential), "expires": 1.0}))
    put(outbox, old)
    assert provider.asked[ada.id] == 1
    assert len(service.held(ada)) == 1

    provider.ended.add(ada.id)
    service.failure = failure(SignedOut)
    kept = put(outbox, ada, "two")
    assert kept.pending
    assert until(lambda: isinstance(outbox.trouble(ada), SignedOut))
    asked = provider.asked[ada.id]
    for _ in range(20):
        outbox.seen(ada)
        time.sleep(0.015)
    assert provider.asked[ada.id] <= asked + 2, "no proof is tried over and over: there were two"

    provider.ended.clear()
    service.failure = None
    again = visitor("Ada", id_=ada.id)
    fresh = type(again.credential)(**{**vars(again.credential), "id_token": "another"})
    outbox.seen(Owner(id=ada.id, credential=fresh))
    assert until(lambda: len(service.held(ada)) == 2)


def test_the_quota_counts_what_is_there_and_what_waits_but_no_whole_project(open_outbox, service, ada):
    outbox = open_outbox(Quota(bytes=100, items=3, bytes_each=60))
    put(outbox, ada, content=b"x" * 60)
    put(service, ada, kind="project", page=PROJECT_PAGE, content=b"x" * 60)
    assert until(lambda: len(outbox.list(ada)) == 2)
    service.failure = failure(ServiceUnavailable)
    put(outbox, ada, content=b"x" * 40)
    assert outbox.usage(ada) == Usage(bytes=100, items=2)
    with pytest.raises(QuotaExceeded):
        put(outbox, ada, content=b"x")
    assert sorted(is_whole_project(one) for one in outbox.list(ada)) == [False, False, True]


def test_two_owners_never_mix(outbox, service):
    ada, grace = visitor("Ada"), visitor("Grace")
    service.failure = failure(ServiceUnavailable)
    of_ada, of_grace = put(outbox, ada, "ada's"), put(outbox, grace, "grace's")
    for owner, own, other in ((ada, of_ada, of_grace), (grace, of_grace, of_ada)):
        assert [one.id for one in outbox.list(owner)] == [own.id]
        for ask in (outbox.get, outbox.delete):
            with pytest.raises((NotFound, ServiceUnavailable)):
                ask(owner, other.id)
    service.failure = None
    assert until(lambda: outbox.flush(ada) and outbox.flush(grace))
    assert [one.id for one in service.held(ada)] == [of_ada.id]
    assert [one.id for one in service.held(grace)] == [of_grace.id]


def test_one_thing_that_is_refused_does_not_hold_up_the_others(outbox, service, ada):
    real = Service.put

    class Picky(Service):
        def put(self, owner, *, name, **fields):
            if name == "bad":
                raise InvalidParameter(Text("not this one"))
            return real(self, owner, name=name, **fields)

    service.__class__ = Picky
    bad, good = put(outbox, ada, "bad"), put(outbox, ada, "good")
    assert bad.pending
    assert until(lambda: [one.name for one in service.held(ada)] == ["good"])
    assert {one.id for one in outbox.list(ada)} == {bad.id, good.id}


def test_threads_that_save_look_and_delete_at_once_never_see_a_thing_twice_or_not(outbox, service, ada):
    service.seconds = 0.005
    stop, wrong = threading.Event(), []

    def look():
        seen: set[str] = set()
        while not stop.is_set():
            ids = [one.id for one in outbox.list(ada)]
            if len(ids) != len(set(ids)) or not seen <= set(ids):
                wrong.append(ids)
            seen = set(ids)

    looking = [threading.Thread(target=look) for _ in range(2)]
    for thread in looking:
        thread.start()
    kept = [put(outbox, ada, f"{number}") for number in range(12)]
    stop.set()
    for thread in looking:
        thread.join()
    assert wrong == []
    assert until(lambda: {one.id for one in service.held(ada)} == {one.id for one in kept})


def test_a_killed_process_leaves_to_the_next_one_what_it_had_to_send(open_outbox, service, tmp_path):
    code = f"""if True:
        import sys, time
        sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
        from pathlib import Path
        from storage.remotes import Provider, Service, visitor
        from mlp_core.storage.artifacts import EmbeddedArtifacts
        from mlp_core.storage.artifacts.outbox import OutboxArtifacts
        from mlp_core.storage.artifacts.proofs import Proofs
        from mlp_core.storage.artifacts.sending import Delays
        service, folder = Service(), Path({str(tmp_path)!r})
        service.gate.clear()
        store = OutboxArtifacts(
            EmbeddedArtifacts(folder), service, Proofs(Provider()), folder, delays=Delays(put_seconds=0.01)
        )
        ada = visitor("Ada", id_="a" * 32)
        for number in range(3):
            store.put(ada, name=str(number), kind="csv", page="train", content=b"x" * 1000)
        print("kept", flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "kept\n"
        process.kill()
    outbox, ada = open_outbox(), visitor("Ada", id_="a" * 32)
    assert outbox.sweep() == 0
    assert len(EmbeddedArtifacts(tmp_path).list(ada)) == 3
    outbox.seen(ada)
    assert until(lambda: len(service.held(ada)) == 3)
    assert [one.name for one in outbox.list(ada)] == ["2", "1", "0"]


def test_two_processes_on_one_disk_send_a_thing_once_and_one_goes_on_for_the_other(
    open_outbox, service, ada, tmp_path
):
    first, second = open_outbox(), open_outbox()
    second.seen(ada)
    service.gate.clear()
    kept = put(first, ada)
    assert service.began.wait(5)
    assert not second.flush(ada, 0.2)
    assert service.calls["put"] == 1
    service.gate.set()
    assert until(lambda: not EmbeddedArtifacts(tmp_path).list(ada))
    assert service.calls["put"] == 1
    assert [one.id for one in service.held(ada)] == [kept.id]


def test_nothing_secret_is_logged_or_said(outbox, service, caplog):
    class Leaky(Service):
        def put(self, owner, **fields):
            raise RuntimeError(f"?auth={owner.credential.id_token}")

    caplog.set_level(logging.DEBUG)
    service.__class__ = Leaky
    ada = visitor("Ada", id_="b" * 32)
    kept = put(outbox, ada)
    assert kept.pending
    assert until(lambda: "RuntimeError" in caplog.text), "a bug is logged"
    for secret in ("planted", "uid-", "ada@example.org"):
        assert secret not in caplog.text
    assert "planted" not in repr(vars(outbox))


def test_a_visit_costs_next_to_nothing(outbox, ada):
    outbox.seen(ada)
    begun = time.perf_counter()
    for _ in range(1_000):
        outbox.seen(ada)
    assert time.perf_counter() - begun < 0.1
