from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mlp_core.errors import StorageError
from mlp_core.files import FileLock
from mlp_core.jobs.status import ALIVE
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore

ROOT = Path(__file__).resolve().parents[2]
DAY = 86_400


@pytest.fixture
def store(tmp_path):
    return WorkspaceStore(tmp_path / "workspaces", Project)


def longer(project: Project) -> Project:
    return project.with_name(project.name + "x")


def test_a_new_workspace_is_empty_and_keeps_what_is_put_in_it(store, tmp_path):
    id_ = store.new_id()
    assert store.load(id_).source is None
    assert store.update(id_, lambda project: project.with_name("Été")).name == "Été"
    assert WorkspaceStore(tmp_path / "workspaces", Project).load(id_).name == "Été"
    assert store.load(store.new_id()).name == ""


@pytest.mark.parametrize("id_", ["", "..", "../x", "a" * 31, "A" * 32, "0" * 32 + "\n", "0" * 33, None, 3])
def test_what_is_not_an_id_never_becomes_a_path(store, id_, tmp_path):
    for ask in (store.load, store.folder, store.renew, lambda one: store.update(one, longer)):
        with pytest.raises(StorageError):
            ask(id_)
    assert not (tmp_path / "workspaces").exists()


def test_two_tabs_at_once_lose_no_change(store, tmp_path):
    id_ = store.new_id()
    other = WorkspaceStore(tmp_path / "workspaces", Project)

    def work(own):
        for _ in range(50):
            own.update(id_, longer)

    threads = [threading.Thread(target=work, args=(own,)) for own in (store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.load(id_).name == "x" * 100
    assert store.load(id_).revision == 100
    assert other.load(id_) == store.load(id_)


def test_two_processes_at_once_lose_no_change(store, tmp_path):
    id_ = store.new_id()
    code = (
        "import sys; from pathlib import Path; from mlp_core.project import Project\n"
        "from mlp_core.storage import WorkspaceStore\n"
        "store = WorkspaceStore(Path(sys.argv[1]), Project)\n"
        "for _ in range(30): store.update(sys.argv[2], lambda p: p.with_name(p.name + 'x'))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "workspaces"), id_]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait(30) for process in processes] == [0, 0]
    assert store.load(id_).name == "x" * 60


def test_a_change_that_fails_changes_nothing(store):
    id_ = store.new_id()
    store.update(id_, longer)

    def fail(project):
        raise StorageError(project.name)

    with pytest.raises(StorageError):
        store.update(id_, fail)
    assert store.update(id_, longer).name == "xx"


def test_a_full_disk_is_a_sentence_and_the_project_stays(store, full_disk, tmp_path):
    id_ = store.new_id()
    store.update(id_, longer)
    full_disk()
    with pytest.raises(StorageError):
        store.update(id_, longer)
    assert store.load(id_).name == "x"
    assert WorkspaceStore(tmp_path / "workspaces", Project).load(id_).name == "x"


def test_a_change_by_another_process_is_seen_at_once_and_a_second_look_is_cheap(store, tmp_path):
    id_ = store.new_id()
    first = store.load(id_)
    assert store.load(id_) is first or store.load(id_) == first
    WorkspaceStore(tmp_path / "workspaces", Project).update(id_, longer)
    assert store.load(id_).name == "x"
    begun = time.perf_counter()
    for _ in range(200):
        store.load(id_)
    assert (time.perf_counter() - begun) / 200 < 0.002


def test_a_doubly_damaged_project_is_a_sentence_and_can_be_put_aside(store):
    id_ = store.new_id()
    store.update(id_, longer)
    store.update(id_, longer)
    for name in ("project.json", "project.previous.json"):
        (store.folder(id_) / name).write_bytes(b"{")
    with pytest.raises(StorageError) as refused:
        store.load(id_)
    assert "endommagé" in refused.value.render("fr")
    assert store.renew(id_).name == ""
    assert store.update(id_, longer).name == "x"
    assert (store.folder(id_) / "project.damaged").exists()


def aged(store, id_, days):
    store.update(id_, longer)
    then = time.time() - days * DAY
    os.utime(store.folder(id_), (then, then))


def test_only_workspaces_out_of_use_and_without_work_are_idle(store):
    old, recent, working = store.new_id(), store.new_id(), store.new_id()
    aged(store, old, 31)
    aged(store, recent, 29)
    (store.folder(working) / "jobs" / "1").mkdir(parents=True)
    aged(store, working, 31)
    limit = time.time() - 30 * DAY
    with FileLock(store.folder(working) / "jobs" / "1" / ALIVE):
        assert store.idle(limit) == [old]
    assert sorted(store.idle(limit)) == sorted([old, working])


def test_a_visit_counts_as_use(store):
    id_ = store.new_id()
    aged(store, id_, 31)
    store.load(id_)
    assert store.idle(time.time() - 30 * DAY) == []


def test_where_there_is_no_workspace_none_is_idle_or_left_over(store):
    assert store.idle(time.time()) == []
    assert store.ids() == []
    assert list(store.leftovers()) == []


def test_what_is_discarded_is_gone_and_starts_afresh(store, tmp_path):
    id_, other = store.new_id(), store.new_id()
    store.update(id_, longer)
    store.update(other, longer)
    store.discard(id_)
    store.discard(id_)
    assert sorted(path.name for path in (tmp_path / "workspaces").iterdir()) == sorted([".locks", other])
    assert store.load(id_).name == "", "it starts afresh"
    assert store.load(other).name == "x"


def test_a_draft_takes_the_place_it_is_given(store, tmp_path):
    id_, draft = store.new_id(), store.draft()
    store.update(id_, longer)
    Project.create(draft, name="whole")
    assert list(store.leftovers()) == [draft]
    store.place(draft, id_)
    assert store.load(id_).name == "whole"
    assert list(store.leftovers()) == []


def test_who_is_alone_keeps_all_others_from_a_workspace(store, tmp_path):
    id_ = store.new_id()
    other = WorkspaceStore(tmp_path / "workspaces", Project)
    with store.alone(id_) as first, other.alone(id_) as second:
        assert (first, second) == (True, False)
    with other.alone(id_) as third:
        assert third
