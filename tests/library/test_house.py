"""What a killed server leaves is mended at the next start, and what guests leave is deleted in time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from library.people import ANNE, BEN, GUEST, with_cars

from mlp_core.config import Settings
from mlp_core.errors import NotFound, StorageError
from mlp_core.files import FileLock
from mlp_core.jobs import JobStore, Launcher
from mlp_core.jobs.status import ALIVE
from mlp_core.library import Library, rows
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from mlp_core.text import Text

ROOT = Path(__file__).resolve().parents[2]
DAY = 86_400
LONG_AGO = 1_000_000_000


@pytest.fixture
def root(workspaces):
    """Return the folder of the workspaces."""
    return workspaces.folder(ANNE).parent


@pytest.fixture
def cars(library, workspaces):
    id_ = library.create(ANNE, "cars")
    workspaces.update(id_, with_cars)
    return id_


def new_server(tmp_path, **given):
    """Return what the next process would start with."""
    return Library(tmp_path, WorkspaceStore(tmp_path / "workspaces", Project), Settings(), **given)


def plant(path, content=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    for one in (path, path.parent):
        os.utime(one, (LONG_AGO, LONG_AGO))
    return path


def everything(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_leftovers_are_removed_and_nothing_else(library, workspaces, cars, root, tmp_path):
    workspaces.update(cars, lambda project: with_cars(project, name="trucks", rows=5))
    workspaces.update(cars, lambda project: project.with_name("last"))
    before = everything(root)
    folder = workspaces.folder(cars)
    planted = [
        plant(root / ".draft-0123" / "project.json"),
        plant(root / ".gone-0123" / "project.json"),
        plant(root / ("d" * 32) / "project.json"),
        plant(root / ".locks" / f"{'e' * 32}.lock", b""),
        plant(folder / ".project.json.0123abcd.tmp"),
        plant(folder / "versions" / ".7.json.0123abcd.tmp"),
        plant(folder / "boards" / ".0123.abcd.tmp" / "runs" / "x"),
        plant(folder / "source" / ("1" * 32)),
        plant(folder / "tables" / f"{'2' * 32}.arrow"),
        plant(tmp_path / "sessions" / ".abc.json.0123abcd.tmp"),
        plant(tmp_path / "jobs" / "queue" / ".abc.json.0123abcd.tmp"),
        plant(tmp_path / "tmp" / "pythie-0123" / "tables" / "x.parquet"),
    ]
    os.utime(tmp_path / "tmp" / "pythie-0123", (LONG_AGO, LONG_AGO))
    os.utime(folder / "boards" / ".0123.abcd.tmp", (LONG_AGO, LONG_AGO))
    for ref in ("tables", "source"):
        for path in (folder / ref).iterdir():
            os.utime(path, (LONG_AGO, LONG_AGO))
    assert new_server(tmp_path).sweep() == len(planted)
    assert everything(root) - {f"{cars}/boards"} == before
    assert not any(path.exists() for path in planted)
    library.restore(ANNE, cars, library.versions(ANNE, cars)[1].revision)
    assert workspaces.load(cars).table.frame.shape == (3, 2)


def test_a_second_sweep_finds_nothing(cars, tmp_path, root):
    plant(root / ("d" * 32) / "project.json")
    server = new_server(tmp_path)
    server.sweep()
    before = everything(root)
    time.sleep(0.03)
    assert server.sweep() == 0
    assert everything(root) == before


def test_what_is_being_written_now_is_left(cars, workspaces, tmp_path, root):
    folder = workspaces.folder(cars)
    now = [folder / ".board.json.0123abcd.tmp", folder / "source" / ("1" * 32), root / ".draft-0123" / "x"]
    server = new_server(tmp_path)
    later = time.time() + 1
    for path in now:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path.parent, (later, later))
        os.utime(path, (later, later))
    server.sweep()
    assert all(path.exists() for path in now)


def test_a_workspace_of_an_earlier_version_waits_for_its_visitor(tmp_path, workspaces, library):
    workspaces.update(GUEST, lambda project: project.with_name("before"))
    workspaces.update(BEN, lambda project: project.with_name("whose session is gone"))
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    (sessions / "0.json").write_text(json.dumps({"workspace": GUEST, "used": 1.0}))
    (sessions / "1.json").write_text("{")
    (sessions / "2.json").write_text("[]")
    new_server(tmp_path).sweep()
    assert library.current(GUEST) == GUEST
    assert workspaces.load(GUEST).name == "before"
    assert not workspaces.folder(BEN).exists()


def test_a_deletion_that_was_interrupted_is_finished(library, workspaces, cars, tmp_path, monkeypatch):
    monkeypatch.setattr(WorkspaceStore, "discard", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        library.delete(ANNE, cars)
    monkeypatch.undo()
    assert workspaces.folder(cars).exists()
    assert not library.owns(ANNE, cars)
    # Not even its own former visitor has it back.
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "0.json").write_text(json.dumps({"workspace": cars}))
    assert library.current(cars) != cars
    new_server(tmp_path).sweep()
    assert not workspaces.folder(cars).exists()


def test_a_damaged_project_loses_no_file(workspaces, cars, tmp_path):
    folder = workspaces.folder(cars)
    plant(folder / "source" / ("1" * 32))
    for path in folder.glob("project*.json"):
        path.write_bytes(b"{")
    new_server(tmp_path).sweep()
    assert len(list(folder.glob("source/*"))) == 2


def test_what_a_job_names_and_where_one_works_is_left(library, workspaces, cars, tmp_path):
    store = JobStore(tmp_path / "readings", place="readings", launcher=Launcher(fast=False))
    folder = workspaces.folder(cars)
    waiting = plant(folder / "source" / ("1" * 32))
    orphan = plant(folder / "source" / ("2" * 32))
    job = folder / "readings" / ("0" * 20)
    plant(job / "spec.json", json.dumps({"kind": "read", "spec": {"original": "1" * 32}}).encode())
    with FileLock(job / ALIVE):
        new_server(tmp_path, jobs=(store,)).sweep()
        assert orphan.exists()
    new_server(tmp_path, jobs=(store,)).sweep()
    assert waiting.exists()
    assert not orphan.exists()


OTHER = """if True:
    import sys
    from pathlib import Path
    from mlp_core.config import Settings
    from mlp_core.library import Library
    from mlp_core.project import Project
    from mlp_core.storage import WorkspaceStore
    root = Path(sys.argv[1])
    library = Library(root, WorkspaceStore(root / "workspaces", Project), Settings())
    library.sweep()
    print("there", flush=True)
    sys.stdin.readline()
"""


def test_beside_another_server_nothing_is_swept_until_it_is_gone(cars, root, tmp_path):
    command = [sys.executable, "-c", OTHER, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "there\n"
        left = plant(root / ("d" * 32) / "project.json")
        server = new_server(tmp_path)
        assert server.sweep() == 0
        assert left.exists()
        other.kill()
        other.wait()
    assert server.sweep() == 1
    assert not left.exists()
    assert len(list((tmp_path / "servers").iterdir())) == 1


def test_two_processes_share_the_projects(library, workspaces, cars, tmp_path):
    other = new_server(tmp_path)
    made = other.create(ANNE, "by the other")
    assert library.owns(ANNE, made)
    library.delete(ANNE, made)
    assert not other.owns(ANNE, made)
    other.rename(ANNE, cars, "renamed")
    assert workspaces.load(cars).name == "renamed"


def test_the_work_on_a_deleted_project_is_ended(workspaces, cars, tmp_path, monkeypatch):
    ended = []

    class Store(JobStore):
        def latest(self, workspace_dir):
            job = super().latest(workspace_dir)
            if job is not None:
                monkeypatch.setattr(job, "cancel", lambda: ended.append(job.folder))
            return job

    (workspaces.folder(cars) / "jobs" / ("0" * 20)).mkdir(parents=True)
    new_server(tmp_path, jobs=(Store(tmp_path / "jobs"),)).delete(ANNE, cars)
    assert ended == [workspaces.folder(cars) / "jobs" / ("0" * 20)]
    assert not workspaces.folder(cars).exists()


def test_a_full_disk_is_no_reason_not_to_delete(library, workspaces, cars, monkeypatch):
    forget = rows.forget

    def full(connection, id_):
        if workspaces.folder(id_).exists():
            raise StorageError(Text("The disk is full."))
        forget(connection, id_)

    other = library.create(ANNE, "other")
    workspaces.load(other)
    monkeypatch.setattr(rows, "forget", full)
    library.delete(ANNE, cars)
    assert [entry.id for entry in library.projects(ANNE)] == [other]
    with pytest.raises(NotFound):
        library.delete(BEN, other)
    assert workspaces.folder(other).exists()
    library.delete_all(ANNE)
    assert library.projects(ANNE) == []


def test_what_moved_to_another_meanwhile_is_not_deleted(library, workspaces, cars, monkeypatch):
    monkeypatch.setattr(Library, "owns", lambda *_: True)
    with pytest.raises(NotFound):
        library.delete(BEN, cars)
    monkeypatch.undo()
    assert library.owns(ANNE, cars)
    assert workspaces.load(cars).source is not None


# Guests who do not return


def age(workspaces, id_, days, clock):
    workspaces.load(id_)
    then = clock() - days * DAY
    os.utime(workspaces.folder(id_), (then, then))


def test_only_guests_lose_what_nobody_used(library, workspaces, clock):
    old, recent, account = library.create(GUEST), library.create(BEN), library.create(ANNE)
    library.claim(ANNE)
    for id_, days in ((old, 31), (recent, 29), (account, 400)):
        age(workspaces, id_, days, clock)
    assert library.purge(30) == [old]
    assert not workspaces.folder(old).exists()
    assert not library.owns(GUEST, old)
    assert library.owns(BEN, recent)
    assert library.owns(ANNE, account)


def test_what_moved_into_an_account_stays(library, workspaces, clock):
    id_ = library.create(GUEST, "mine")
    library.move(GUEST, ANNE)
    age(workspaces, id_, 400, clock)
    assert library.purge(30) == []
    assert library.owns(ANNE, id_)


def test_projects_never_worked_on_and_workspaces_of_earlier_versions_go_too(library, workspaces, clock):
    never, kept = library.create(GUEST), library.create(ANNE)
    library.claim(ANNE)
    age(workspaces, "f" * 32, 31, clock)
    clock.now += 31 * DAY
    recent = library.create(BEN)
    assert sorted(library.purge(30)) == sorted([never, "f" * 32])
    assert library.owns(ANNE, kept)
    assert library.owns(BEN, recent)


def test_where_a_job_runs_nothing_is_purged(library, workspaces, clock):
    id_ = library.create(GUEST)
    (workspaces.folder(id_) / "jobs" / "1").mkdir(parents=True)
    age(workspaces, id_, 31, clock)
    with FileLock(workspaces.folder(id_) / "jobs" / "1" / ALIVE):
        assert library.purge(30) == []
    assert library.owns(GUEST, id_)
