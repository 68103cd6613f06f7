"""Projects that are sent to a service behind the pages, and come back from it to an empty disk."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cloud.conftest import CSV, QUICK
from storage.remotes import until, visitor

from mlp_core.accounts.account import Owner
from mlp_core.clean import DropMissing, Recipe
from mlp_core.errors import NotFound, NotVerified, QuotaExceeded, ServiceUnavailable, SignedOut, StorageError
from mlp_core.files import write_json
from mlp_core.predict import predict
from mlp_core.project import Project
from mlp_core.storage.artifacts.outbox import is_whole_project
from mlp_core.text import Text
from mlp_core.train import Leaderboard, TrainingPlan, train

ROOT = Path(__file__).resolve().parents[2]
BOARD = "0123456789abcdef0123"


def renamed(name):
    return lambda project: project.with_name(name)


def saved(server, owner):
    return until(lambda: server.cloud.state(owner).saved)


def failure(kind):
    return kind(Text("no"))


def metas(service, owner):
    return [json.loads(one.meta) for one in service.held(owner)]


def test_a_server_with_an_empty_disk_finds_the_project_and_its_trainings_and_predicts(serve, service, ada):
    first = serve("one")
    id_ = first.new(ada, "Maisons")
    recipe = Recipe([DropMissing()])
    first.change(ada, id_, lambda one: one.with_recipe(recipe))
    plan = TrainingPlan(target="grade", folds=3, models=("dummy", "tree"))
    board = train(first.project(id_).table, plan, recipe=recipe)
    board.save(first.workspaces.folder(id_) / "boards" / BOARD)
    first.change(ada, id_, lambda one: one.with_plan(plan).with_job(BOARD))
    assert saved(first, ada)

    second = serve("two")
    state = second.cloud.arrived(ada)
    assert (state.bringing, state.trouble) == (0, None)
    assert second.titles(ada) == ["Maisons"]
    assert second.library.current(ada.id) == id_
    found = second.project(id_)
    assert (found.recipe, found.plan, found.job) == (recipe, plan.to_json(), BOARD)
    assert found.original == CSV
    assert found.table.frame.equals(first.project(id_).table.frame)
    again = Leaderboard.load(found.board_folder(BOARD))
    expected = predict(board.best.pipeline, first.project(id_).table.frame)
    answers = predict(again.best.pipeline, found.table.frame)
    assert list(answers.values) == list(expected.values)
    # What came is known to be there: nothing goes back.
    uploads = service.uploads
    second.cloud.changed(ada, id_)
    assert second.cloud.flush(ada).saved
    assert service.uploads == uploads


def test_many_changes_make_few_uploads_never_two_at_once_and_one_copy_stays(serve, service, ada):
    server = serve(pace=replace(QUICK, apart_seconds=0.5))
    begun = time.monotonic()
    id_ = server.new(ada, "a")
    for number in range(60):
        server.change(ada, id_, renamed(f"name {number}"))
        time.sleep(0.005)
    assert saved(server, ada)
    assert service.uploads <= (time.monotonic() - begun) / 0.5 + 1
    assert service.most_at_once == 1
    (copy,) = service.held(ada)
    assert (copy.name, copy.kind, is_whole_project(copy)) == ("name 59", "project", True)
    meta = json.loads(copy.meta)
    assert (meta["project"], meta["revision"]) == (id_, server.project(id_).revision)


def test_changes_that_never_pause_are_sent_all_the_same(serve, service, ada):
    server = serve(pace=replace(QUICK, quiet_seconds=0.2, apart_seconds=0.3))
    id_ = server.new(ada, "a")
    end = time.monotonic() + 1.0
    while time.monotonic() < end and not service.uploads:
        server.change(ada, id_, renamed(f"{time.monotonic()}"))
        time.sleep(0.02)
    assert service.uploads == 1


def test_what_changes_while_it_is_on_its_way_is_sent_after_it(serve, service, ada):
    server = serve()
    service.gate.clear()
    id_ = server.new(ada, "before")
    assert service.began.wait(5)
    server.change(ada, id_, renamed("after"))
    service.gate.set()
    assert saved(server, ada)
    assert [one.name for one in service.held(ada)] == ["after"]


def test_a_training_that_ends_is_another_state(serve, service, ada):
    server = serve()
    id_ = server.new(ada, "a")
    assert saved(server, ada)
    write_json(server.workspaces.folder(id_) / "boards" / BOARD / "board.json", {})
    server.cloud.changed(ada, id_)
    assert server.cloud.state(ada).waiting == 1
    assert saved(server, ada)
    assert len(service.held(ada)) == 1


def test_an_empty_project_and_a_guest_s_are_not_sent(serve, service, ada):
    server = serve()
    empty = server.library.current(ada.id)
    server.project(empty)
    server.cloud.changed(ada, empty)
    guest = Owner(id="c" * 32)
    id_ = server.new(guest, "a guest's")
    assert server.cloud.arrived(guest).saved
    assert server.cloud.flush(guest).saved
    server.cloud.forget(guest, id_)
    time.sleep(0.1)
    assert not service.calls


FAULTS = {
    "slow": {"seconds": 1.5},
    "down": {"failure": failure(ServiceUnavailable)},
    "401": {"failure": failure(SignedOut)},
    "403": {"failure": failure(StorageError)},
    "404": {"failure": failure(NotFound)},
    "full": {"failure": failure(QuotaExceeded)},
    "cut before": {"cut": "before"},
    "cut after": {"cut": "after"},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_the_service_does_no_page_waits_and_it_is_sent_in_the_end_once(serve, service, ada, fault):
    server = serve()
    for name, value in fault.items():
        setattr(service, name, value)
    begun = time.monotonic()
    server.cloud.arrived(ada)
    assert time.monotonic() - begun < QUICK.arrival_seconds + 0.3
    begun = time.monotonic()
    id_ = server.new(ada, "Maisons")
    assert time.monotonic() - begun < 1.0
    if "seconds" not in fault:
        assert until(lambda: server.cloud.state(ada).trouble is not None)
    assert server.cloud.state(ada).waiting == 1
    assert not server.cloud.state(ada).saved

    service.seconds, service.failure, service.cut = 0.0, None, ""
    server.change(ada, id_, renamed("Villas"))
    assert until(lambda: server.cloud.state(ada).saved, 8)
    assert [one.name for one in service.held(ada)] == ["Villas"]
    assert [meta["revision"] for meta in metas(service, ada)] == [server.project(id_).revision]


def test_the_first_visit_while_the_service_is_down_brings_everything_when_it_returns(serve, service, ada):
    first = serve("one")
    for number in range(3):
        first.new(ada, f"project {number}")
    assert saved(first, ada)
    service.failure = failure(ServiceUnavailable)
    second = serve("two")
    state = second.cloud.arrived(ada)
    assert isinstance(state.trouble, ServiceUnavailable)
    assert second.titles(ada) == []
    mine = second.new(ada, "meanwhile")
    service.failure = None
    assert until(lambda: len(second.titles(ada)) == 4)
    assert saved(second, ada)
    assert second.library.current(ada.id) == mine, "what one works on stays open"
    assert len(service.held(ada)) == 4


def test_the_newest_project_comes_first_and_is_open_and_the_others_follow(serve, service, ada):
    first = serve("one", pace=replace(QUICK, quiet_seconds=30.0, apart_seconds=30.0))
    ids = [first.new(ada, f"project {number}") for number in range(4)]
    now = time.time()
    for age, id_ in enumerate(ids):
        document = first.workspaces.folder(id_) / "project.json"
        os.utime(document, (now - 1_000 * age, now - 1_000 * age))
    assert first.cloud.flush(ada).saved

    second = serve("two")
    # The list comes at once; each project takes a while.
    service.slow = {"get": 0.2}
    second.library.current(ada.id)
    state = second.cloud.arrived(ada)
    assert "project 0" in second.titles(ada)
    assert second.library.current(ada.id) == ids[0]
    assert state.bringing >= 2
    assert until(lambda: second.cloud.state(ada).bringing == 0)
    worked = [title for title in second.titles(ada) if title]
    assert worked == [f"project {number}" for number in range(4)], "in the order they were changed in"
    assert second.library.current(ada.id) == ids[0]


def test_a_newer_state_of_another_server_is_taken_in_and_the_former_one_is_a_version(serve, service, ada):
    first, second = serve("one"), serve("two")
    id_ = first.new(ada, "one")
    assert saved(first, ada)
    second.cloud.arrived(ada)
    second.change(ada, id_, lambda one: one.with_recipe(Recipe([DropMissing()])).with_name("two"))
    write_json(second.workspaces.folder(id_) / "boards" / BOARD / "board.json", {})
    second.change(ada, id_, renamed("three"))
    assert saved(second, ada)

    first.cloud.arrived(ada)
    assert until(lambda: first.project(id_).name == "three")
    assert first.project(id_).recipe == Recipe([DropMissing()])
    assert first.project(id_).board_ids() == [BOARD]
    assert first.project(id_).table.frame.equals(second.project(id_).table.frame)
    assert saved(first, ada)
    assert first.library.versions(ada.id, id_) != []
    uploads = service.uploads
    first.cloud.arrived(ada)
    second.cloud.arrived(ada)
    time.sleep(0.1)
    assert service.uploads == uploads, "they agree"
    assert len(service.held(ada)) == 1


def test_where_two_servers_changed_a_project_ours_wins_and_the_other_is_kept_beside_it(serve, service, ada):
    first, second = serve("one"), serve("two")
    id_ = first.new(ada, "base")
    assert saved(first, ada)
    second.cloud.arrived(ada)
    assert second.titles(ada) == ["base"]
    # The first one cannot reach the service while the second one goes on.
    first.workspaces.update(id_, renamed("mine"))
    second.change(ada, id_, renamed("theirs"))
    assert saved(second, ada)

    first.cloud.arrived(ada)
    assert until(lambda: sorted(first.titles(ada)) == ["mine", "theirs"])
    assert first.project(id_).name == "mine"
    assert first.library.current(ada.id) == id_
    assert until(lambda: sorted(one.name for one in service.held(ada)) == ["mine", "theirs"])
    assert saved(first, ada)


def test_what_was_not_sent_is_found_again_after_a_restart(serve, service, ada):
    first = serve("one")
    id_ = first.new(ada, "sent")
    assert saved(first, ada)
    service.failure = failure(ServiceUnavailable)
    first.change(ada, id_, renamed("not sent"))
    other = first.new(ada, "new")
    assert until(lambda: first.cloud.state(ada).trouble is not None)
    first.cloud.close()

    service.failure = None
    again = serve("one")
    again.cloud.arrived(ada)
    assert until(lambda: sorted(one.name for one in service.held(ada)) == ["new", "not sent"])
    assert {meta["project"] for meta in metas(service, ada)} == {id_, other}


def test_a_deleted_project_is_deleted_there_too_though_the_service_was_down_and_never_comes_back(
    serve, service, ada
):
    first = serve("one")
    id_, kept = first.new(ada, "gone"), first.new(ada, "kept")
    assert saved(first, ada)
    service.failure = failure(ServiceUnavailable)
    first.library.delete(ada.id, id_)
    first.cloud.forget(ada, id_)
    first.cloud.close()

    service.failure = None
    again = serve("one")
    again.cloud.arrived(ada)
    assert until(lambda: [one.name for one in service.held(ada)] == ["kept"])
    assert again.titles(ada) == ["kept"]
    # Even where nobody said so: what was here and is no longer has been deleted.
    again.library.delete(ada.id, kept)
    again.cloud.arrived(ada)
    assert until(lambda: service.held(ada) == [])


def test_a_deleted_project_is_deleted_there_at_once_where_the_service_answers(serve, service, ada):
    server = serve()
    id_ = server.new(ada, "gone")
    server.new(ada, "kept")
    assert saved(server, ada)
    server.library.delete(ada.id, id_)
    server.cloud.forget(ada, id_)
    assert until(lambda: [one.name for one in service.held(ada)] == ["kept"])


def test_a_project_deleted_while_it_is_on_its_way_is_deleted_there(serve, service, ada):
    server = serve()
    service.gate.clear()
    id_ = server.new(ada, "a")
    assert service.began.wait(5)
    server.library.delete(ada.id, id_)
    server.cloud.forget(ada, id_)
    service.gate.set()
    assert until(lambda: service.calls["delete"] and service.held(ada) == [])
    assert server.cloud.state(ada).saved


def test_an_account_deleted_while_a_project_is_on_its_way_leaves_nothing_there(serve, service, ada):
    server = serve()
    service.gate.clear()
    server.new(ada, "a")
    assert service.began.wait(5)
    server.cloud.delete_all(ada, 0.05)
    service.delete_all(ada)
    server.library.delete_all(ada.id)
    service.gate.set()
    assert until(lambda: service.calls["delete"] and service.held(ada) == [])


def test_a_page_that_waited_before_waits_no_longer_than_told(serve, service, ada):
    service.seconds = 1.5
    begun = time.monotonic()
    serve().cloud.arrived(ada, most_seconds=0.1)
    assert time.monotonic() - begun < 0.5


def test_signing_out_sends_what_waits_within_its_time(serve, service, ada):
    server = serve(pace=replace(QUICK, quiet_seconds=30.0))
    server.new(ada, "a")
    assert server.cloud.flush(ada, 5.0).saved
    assert len(service.held(ada)) == 1
    service.seconds = 1.0
    id_ = server.new(ada, "b")
    begun = time.monotonic()
    assert server.cloud.flush(ada, 0.2).waiting == 1
    assert time.monotonic() - begun < 0.5
    assert server.library.owns(ada.id, id_)


def test_nothing_is_sent_once_everything_is_to_be_deleted(serve, service, ada):
    server = serve()
    server.new(ada, "a")
    server.cloud.delete_all(ada)
    service.delete_all(ada)
    server.library.delete_all(ada.id)
    time.sleep(0.2)
    assert service.held(ada) == []


def test_a_project_too_large_to_be_sent_is_one_sentence_and_stays_here(serve, service, ada):
    server = serve(largest_bytes=2_000)
    id_ = server.new(ada, "Énorme")
    assert until(lambda: server.cloud.state(ada).trouble is not None)
    trouble = server.cloud.state(ada).trouble
    assert isinstance(trouble, QuotaExceeded)
    assert "Énorme" in trouble.render("fr")
    assert trouble.render("fr") != trouble.render("en")
    assert server.cloud.state(ada).waiting == 1
    assert service.held(ada) == []
    assert server.project(id_).table is not None


def test_who_has_not_confirmed_the_address_keeps_projects_here_until_then(serve, service, provider):
    ada = visitor("Ada", verified=False)
    server = serve()
    server.new(ada, "a")
    assert until(lambda: isinstance(server.cloud.state(ada).trouble, NotVerified))
    assert service.calls["put"] == 0
    provider.verified.add(ada.id)
    assert until(lambda: len(service.held(ada)) == 1)
    assert saved(server, ada)


def test_a_session_that_ended_waits_for_the_next_one(serve, service, provider, ada):
    server = serve()
    server.cloud.arrived(ada)
    provider.ended.add(ada.id)
    service.failure = failure(SignedOut)
    server.new(ada, "a")
    assert until(lambda: not server.proofs.has(ada.id))
    service.failure = None
    provider.ended.clear()
    again = visitor("Ada", id_=ada.id)
    server.proofs.seen(Owner(id=ada.id, credential=replace(again.credential, id_token="another")))
    assert until(lambda: len(service.held(ada)) == 1)


def test_a_guest_s_project_is_sent_once_it_is_an_account_s(serve, service, ada):
    server = serve()
    guest = Owner(id="d" * 32)
    id_ = server.new(guest, "a guest's")
    server.cloud.arrived(ada)
    server.library.move(guest.id, ada.id)
    server.cloud.look(ada)
    assert until(lambda: [meta["project"] for meta in metas(service, ada)] == [id_])


def test_a_damaged_copy_costs_only_itself(serve, service, ada):
    first = serve("one")
    bad, good = first.new(ada, "bad"), first.new(ada, "good")
    assert saved(first, ada)
    (artifact,) = [one for one in service.held(ada) if one.name == "bad"]
    shelf = service._shelves[ada.id]
    service.delete(ada, artifact.id)
    content = b"PK this is no project"
    service.put(ada, name="bad", kind="project", page="project", content=content, meta=artifact.meta)
    assert len(shelf) == 2

    second = serve("two")
    second.cloud.arrived(ada)
    assert until(lambda: second.cloud.state(ada).bringing == 0)
    assert second.titles(ada) == ["good"]
    assert isinstance(second.cloud.state(ada).trouble, StorageError)
    assert not second.library.owns(ada.id, bad)
    assert second.library.owns(ada.id, good)
    assert len(service.held(ada)) == 2, "nobody deletes what could not be read"


def test_where_the_newest_copy_is_damaged_the_one_before_it_comes(serve, service, ada):
    first = serve("one")
    id_ = first.new(ada, "whole")
    assert saved(first, ada)
    (whole,) = service.held(ada)
    newer = {**json.loads(whole.meta), "revision": 99, "stamp": "99-0000000000000000"}
    service.put(ada, name="cut", kind="project", page="project", content=b"PK cut", meta=json.dumps(newer))
    second = serve("two")
    second.cloud.arrived(ada)
    assert second.titles(ada) == ["whole"]
    assert second.library.owns(ada.id, id_)


def test_a_copy_whose_answer_was_lost_is_recognised_and_not_sent_again(serve, service, ada):
    server = serve()
    service.cut = "after"
    server.new(ada, "a")
    assert saved(server, ada)
    assert service.uploads == 1
    assert len(service.held(ada)) == 1


STRANGE = [
    "",
    "null",
    "[]",
    "{}",
    '{"project": "../x", "revision": 1, "changed": 1.0, "stamp": "1-0000000000000000"}',
    '{"project": 3, "revision": 1, "changed": 1.0, "stamp": "1-0000000000000000"}',
    '{"project": "%s", "revision": true, "changed": 1.0, "stamp": "1-0000000000000000"}' % ("a" * 32),
    '{"project": "%s", "revision": 2, "changed": 1.0, "stamp": "1-0000000000000000"}' % ("a" * 32),
    '{"project": "%s", "revision": 1, "changed": 1.0, "stamp": "x"}' % ("a" * 32),
    "[" * 3_000,
]


@pytest.mark.parametrize("meta", STRANGE, ids=range(len(STRANGE)))
def test_what_is_noted_beside_a_copy_is_not_trusted(serve, service, ada, meta):
    service.put(ada, name="x", kind="project", page="project", content=b"x", meta=meta)
    server = serve()
    assert server.cloud.arrived(ada).saved
    assert server.titles(ada) == []


def test_nobody_takes_a_project_of_another_by_naming_its_id(serve, service, ada):
    server = serve()
    id_ = server.new(ada, "private")
    assert saved(server, ada)
    (copy,) = service.held(ada)
    mallory = visitor("Mallory")
    other = serve("elsewhere")
    theirs = other.new(mallory, "mine")
    assert saved(other, mallory)
    (own,) = service.held(mallory)
    content = service.get(mallory, own.id)
    service.delete(mallory, own.id)
    service.put(mallory, name="x", kind="project", page="project", content=content, meta=copy.meta)

    server.cloud.arrived(mallory)
    assert until(lambda: server.cloud.state(mallory).bringing == 0)
    assert server.titles(mallory) == []
    assert server.project(id_).name == "private"
    assert server.library.owns(ada.id, id_)
    assert not server.library.owns(mallory.id, id_)
    assert theirs != id_


def test_two_owners_never_mix(serve, service):
    ada, grace = visitor("Ada"), visitor("Grace")
    first = serve("one")
    for owner in (ada, grace):
        for number in range(2):
            first.new(owner, f"{owner.credential.account.name} {number}")
    assert saved(first, ada)
    assert saved(first, grace)
    second = serve("two")
    second.cloud.arrived(ada)
    assert until(lambda: len(second.titles(ada)) == 2)
    assert second.titles(grace) == []
    second.cloud.arrived(grace)
    assert until(lambda: len(second.titles(grace)) == 2)
    for owner in (ada, grace):
        name = owner.credential.account.name
        assert all(title.startswith(name) for title in second.titles(owner))
        assert all(one.name.startswith(name) for one in service.held(owner))


def test_a_server_killed_while_it_sends_leaves_one_whole_copy_in_the_end(serve, service, ada, tmp_path):
    code = f"""if True:
        import sys, time
        sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
        from pathlib import Path
        from cloud.conftest import CSV, QUICK
        from storage.remotes import Provider, Service, visitor
        from mlp_core.cloud import Cloud
        from mlp_core.config import Settings
        from mlp_core.library import Library
        from mlp_core.project import Project
        from mlp_core.read import read_table
        from mlp_core.storage import WorkspaceStore
        from mlp_core.storage.artifacts.proofs import Proofs
        service, settings = Service(), Settings(data_dir=Path({str(tmp_path / "one")!r}))
        service.gate.clear()
        workspaces = WorkspaceStore(settings.data_dir / "workspaces", Project)
        library = Library(settings.data_dir, workspaces, settings)
        cloud = Cloud(Proofs(Provider()), service, library, workspaces, settings, pace=QUICK)
        ada = visitor("Ada", id_={ada.id!r})
        id_ = library.create(ada.id, "Maisons")
        cloud.changed(ada, id_)
        service.began.wait(20)
        print(id_, flush=True)
        time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        id_ = process.stdout.readline().strip()
        process.kill()
    again = serve("one")
    assert again.titles(ada) == ["Maisons"]
    again.cloud.arrived(ada)
    assert until(lambda: [meta["project"] for meta in metas(service, ada)] == [id_])
    assert saved(again, ada)


def test_nothing_secret_is_logged_or_sent(serve, service, caplog, ada):
    caplog.set_level(logging.DEBUG)
    real = type(service).put

    class Leaky(type(service)):
        def put(self, owner, **fields):
            raise RuntimeError(f"?auth={owner.credential.id_token}")

    service.__class__ = Leaky
    server = serve()
    server.new(ada, "a")
    assert until(lambda: "RuntimeError" in caplog.text)
    assert "planted" not in caplog.text
    assert "ada@example.org" not in caplog.text
    service.__class__ = real.__globals__["Service"]
    server.cloud.flush(ada)
    (copy,) = service.held(ada)
    held = service.get(ada, copy.id) + copy.meta.encode()
    assert b"planted" not in held
    assert b"example.org" not in held


def test_asking_how_it_stands_costs_next_to_nothing(serve, ada):
    server = serve()
    id_ = server.new(ada, "a")
    assert saved(server, ada)
    begun = time.perf_counter()
    for _ in range(200):
        server.cloud.state(ada)
    assert time.perf_counter() - begun < 0.05
    begun = time.perf_counter()
    for _ in range(50):
        server.cloud.changed(ada, id_)
    assert (time.perf_counter() - begun) / 50 < 0.02


def test_a_project_that_cannot_be_read_stops_nothing(serve, service, ada):
    server = serve()
    bad, good = server.new(ada, "bad"), server.new(ada, "good")
    assert saved(server, ada)
    for path in server.workspaces.folder(bad).glob("project*.json"):
        path.write_bytes(b"{")
    server.cloud.changed(ada, bad)
    server.change(ada, good, renamed("better"))
    server.cloud.arrived(ada)
    assert until(lambda: sorted(one.name for one in service.held(ada)) == ["bad", "better"])
    assert isinstance(server.project(good), Project)
