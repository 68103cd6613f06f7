"""A disk without room: a sentence, what was saved before is whole and readable, and all goes on later."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from storage.stores import person

from mlp_core.accounts.embedded import EmbeddedAccounts
from mlp_core.config import Settings
from mlp_core.database import Database
from mlp_core.errors import NotFound, StorageError
from mlp_core.library import Library
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.artifacts import EmbeddedArtifacts, Usage
from mlp_core.table import Table

ADA = person("Ada")
DISK_BYTES = 20 << 20
NOTES = "CREATE TABLE IF NOT EXISTS notes (words TEXT);"
PASSWORD = "a sentence that nobody guesses"


class Disk:
    """A small disk of its own, that can be filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, free_bytes: int = 0) -> None:
        with self._ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"\1" * 4_096):
                pass
        if free_bytes:
            os.truncate(self._ballast, self._ballast.stat().st_size - free_bytes)

    def free(self) -> None:
        self._ballast.unlink()


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root on Linux can mount a small disk, and not in every container")
    yield Disk(folder)
    # What still holds a file open keeps no other test from going on.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextlib.contextmanager
def refused():
    """Expect the sentence that says in both languages that the disk is full."""
    with pytest.raises(StorageError) as failure:
        yield
    assert "disk of this server is full" in failure.value.render("en")
    assert "disque de ce serveur est plein" in failure.value.render("fr")


def table(rows=50):
    numbers = np.random.default_rng(rows).normal(size=rows)
    return Table.of(pd.DataFrame({"a": numbers, "b": numbers * 2}), name=f"{rows} rows")


def litter(folder):
    return [path.name for path in folder.rglob("*") if path.name.endswith(".tmp")]


def brings(rows):
    return lambda project: project.with_table(table(rows), origin="t.csv", content=b"a,b\n" * rows)


@pytest.mark.parametrize("free_bytes", [0, 4_096, 100_000])
def test_a_project(disk, free_bytes):
    store = WorkspaceStore(disk.folder / "workspaces", Project)
    id_ = store.new_id()
    before = store.update(id_, brings(50))
    disk.fill(free_bytes)
    with refused():
        store.update(id_, brings(200_000))
    if not free_bytes:
        with refused():
            store.update(id_, lambda project: project.with_name("new"))
    for seen in (store, WorkspaceStore(disk.folder / "workspaces", Project)):
        kept = seen.load(id_)
        assert kept == before
        pd.testing.assert_frame_equal(kept.table.frame, table().frame)
        assert kept.original == b"a,b\n" * 50
    assert litter(disk.folder) == []
    with contextlib.suppress(StorageError):
        store.load(id_).save(disk.folder / "file.pythie")
    disk.free()
    assert store.update(id_, brings(60)).table.frame.shape == (60, 2)
    assert Project.load(store.folder(id_)).source.rows == 60


def test_a_project_file(disk, tmp_path):
    project = Project.create(tmp_path / "work").with_table(table(100_000), origin="t.csv")
    project.save(disk.folder / "file.pythie")
    former = (disk.folder / "file.pythie").read_bytes()
    disk.fill(100_000)
    with refused():
        project.with_name("new").save(disk.folder / "file.pythie")
    assert (disk.folder / "file.pythie").read_bytes() == former
    with refused():
        Project.open(disk.folder / "file.pythie", disk.folder / "opened")
    assert not (disk.folder / "opened").exists()
    assert litter(disk.folder) == []
    disk.free()
    assert Project.open(disk.folder / "file.pythie", disk.folder / "opened").table.frame.shape == (100_000, 2)


def test_the_projects_of_an_owner(disk):
    workspaces = WorkspaceStore(disk.folder / "workspaces", Project)
    library = Library(disk.folder, workspaces, Settings())
    first = library.create(ADA.id, "first")
    workspaces.update(first, brings(50))
    disk.fill()
    for change in (
        lambda: library.create(ADA.id, "second"),
        lambda: library.duplicate(ADA.id, first),
        lambda: library.rename(ADA.id, first, "renamed"),
        lambda: library.restore(ADA.id, first, library.versions(ADA.id, first)[0].revision),
    ):
        with refused():
            change()
    assert [(entry.id, entry.name, entry.rows) for entry in library.projects(ADA.id)] == [
        (first, "first", 50)
    ]
    assert library.current(ADA.id) == first
    assert library.owns(ADA.id, first)
    disk.free()
    second = library.duplicate(ADA.id, first, "second")
    library.delete(ADA.id, first)
    assert [entry.id for entry in library.projects(ADA.id)] == [second]
    assert workspaces.load(second).table.frame.shape == (50, 2)
    library.sweep()
    assert [path.name for path in (disk.folder / "workspaces").glob("[!.]*")] == [second]


@pytest.mark.parametrize("free_bytes", [0, 8_192, 65_536, 400_000])
def test_a_saved_thing(disk, free_bytes):
    store = EmbeddedArtifacts(disk.folder)
    kept = put(store, "kept", b"x" * 50_000)
    disk.fill(free_bytes)
    with refused():
        put(store, "too much", b"y" * 500_000)
    if not free_bytes:
        with refused():
            store.rename(ADA, kept.id, "other")
    assert store.list(ADA) == [kept]
    assert store.get(ADA, kept.id) == b"x" * 50_000
    assert store.usage(ADA) == Usage(bytes=50_000, items=1)
    assert [path.name for path in disk.folder.glob("artifacts/*/*")] == [f"{kept.id}.csv"]
    disk.free()
    put(store, "after", b"y" * 500_000)
    assert store.rename(ADA, kept.id, "other").name == "other"
    # The row of what did not fit could perhaps not be deleted then.
    assert EmbeddedArtifacts(disk.folder).sweep() <= 1
    assert [one.name for one in store.list(ADA)] == ["after", "other"]


def put(store, name, content):
    return store.put(ADA, name=name, kind="csv", page="train", content=content)


@pytest.mark.parametrize("everything", [False, True])
def test_a_person_can_make_room_by_deleting(disk, everything):
    store = EmbeddedArtifacts(disk.folder)
    kept = put(store, "kept", b"x" * 50_000)
    disk.fill()
    if everything:
        store.delete_all(ADA)
    else:
        store.delete(ADA, kept.id)
    assert store.list(ADA) == []
    with pytest.raises(NotFound):
        store.get(ADA, kept.id)
    assert list(disk.folder.glob("artifacts/*/*")) == []
    put(store, "small", b"x")


def test_an_account(disk):
    accounts = EmbeddedAccounts(disk.folder)
    ada = accounts.sign_up("Ada", "ada@example.org", PASSWORD)
    disk.fill()
    with refused():
        accounts.sign_up("Grace", "grace@example.org", PASSWORD)
    with refused():
        accounts.rename(ada, "Countess")
    with refused():
        accounts.change_password(ada, PASSWORD, PASSWORD + "!")
    assert accounts.reload(ada).account == ada.account
    assert accounts.fresh(ada).account == ada.account
    disk.free()
    assert accounts.sign_in("ada@example.org", PASSWORD).account == ada.account
    assert accounts.rename(ada, "Countess").account.name == "Countess"
    assert accounts.sign_up("Grace", "grace@example.org", PASSWORD).account.name == "Grace"


def note(database, words):
    with database.writing() as connection:
        connection.execute("INSERT INTO notes VALUES (?)", (words,))


def notes(database):
    with database.reading() as connection:
        return [row["words"][:20] for row in connection.execute("SELECT words FROM notes ORDER BY rowid")]


@pytest.mark.parametrize("free_bytes", [0, 4_096, 300_000])
def test_the_log_of_the_database_in_the_middle_of_a_change(disk, free_bytes):
    database = Database(disk.folder / "pythie.db", NOTES)
    note(database, "first")
    disk.fill(free_bytes)
    with refused(), database.writing() as connection:
        for _ in range(1_000):
            connection.execute("INSERT INTO notes VALUES (?)", ("x" * 4_000,))
    assert notes(database) == ["first"]
    disk.free()
    note(database, "second")
    assert notes(Database(disk.folder / "pythie.db", NOTES)) == ["first", "second"]


def test_a_server_that_starts_on_a_full_disk_after_it_was_killed(disk):
    folder, copy = disk.folder / "data", disk.folder / "after"
    database = Database(folder / "pythie.db", NOTES)
    for number in range(50):
        note(database, f"note {number}")
    assert (folder / "pythie.db-wal").stat().st_size > 100_000, "all of it is in the log still"
    # What a killed server leaves: the database and its log, which nobody has folded in.
    copy.mkdir()
    for name in ("pythie.db", "pythie.db-wal"):
        shutil.copy(folder / name, copy / name)
    disk.fill()
    with refused():
        notes(Database(copy / "pythie.db", NOTES))
    disk.free()
    assert notes(Database(copy / "pythie.db", NOTES)) == [f"note {number}" for number in range(50)]


# Where nobody may mount a disk: the system refuses to write, and the database may not grow.


@pytest.fixture
def no_room(full_disk, monkeypatch):
    def fill() -> None:
        connect = Database._connect

        def limited(database):
            connection = connect(database)
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
            return connection

        monkeypatch.setattr(Database, "_connect", limited)
        full_disk()

    return fill


def test_without_a_small_disk_what_cannot_be_written_is_undone(tmp_path, no_room, monkeypatch):
    workspaces, store = WorkspaceStore(tmp_path / "workspaces", Project), EmbeddedArtifacts(tmp_path)
    database = Database(tmp_path / "pythie.db", NOTES)
    id_ = workspaces.new_id()
    before, kept = workspaces.update(id_, brings(50)), put(store, "kept", b"x")
    note(database, "first")
    no_room()
    with refused():
        workspaces.update(id_, brings(60))
    with refused():
        put(store, "new", b"y")
    with refused():
        note(database, "x" * 100_000)
    assert workspaces.load(id_) == before
    assert store.list(ADA) == [kept]
    assert store.get(ADA, kept.id) == b"x"
    assert notes(database) == ["first"]
    assert litter(tmp_path) == []
    monkeypatch.undo()
    workspaces.update(id_, brings(60))
    put(store, "new", b"y")
    note(database, "second")
    assert workspaces.load(id_).source.rows == 60
    assert [one.name for one in store.list(ADA)] == ["new", "kept"]
    assert notes(database) == ["first", "second"]
