from __future__ import annotations

import contextlib
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from library.people import ANNE, BEN, with_cars
from test_project import HOSTILE, rewritten

from mlp_core.clean import DropMissing, Recipe
from mlp_core.config import Settings
from mlp_core.database import Database
from mlp_core.errors import MLPError, NotFound, QuotaExceeded, StorageError, TooLarge
from mlp_core.library import Library
from mlp_core.project import Project
from mlp_core.text import Text

BOARD = "0123456789abcdef0123"
MB = 1 << 20


@pytest.fixture
def cars(library, workspaces):
    """Return the id of a project with a table, a step, a plan and a training."""
    id_ = library.create(ANNE, "Titanic")
    run = workspaces.folder(id_) / "boards" / BOARD / "runs" / "forest"
    run.mkdir(parents=True)
    (run.parents[1] / "board.json").write_text("{}")
    (run / "model.skops").write_text("a model")
    (run / "evaluation.json").write_text("{}")
    workspaces.update(id_, with_cars)
    workspaces.update(id_, lambda project: project.with_recipe(Recipe([DropMissing()])))
    workspaces.update(id_, lambda project: project.with_plan({"target": "price"}).with_job(BOARD))
    return id_


def folders(workspaces):
    root = workspaces.folder(ANNE).parent
    return {path.name for path in root.glob("*") if path.name != ".locks"}


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


def test_a_duplicate_holds_the_same_and_is_another_project(library, workspaces, cars):
    twin = library.duplicate(ANNE, cars, "Titanic (copy)")
    first, second = workspaces.load(cars), workspaces.load(twin)
    assert (first.name, second.name) == ("Titanic", "Titanic (copy)")
    assert first.id != second.id
    assert library.current(ANNE) == twin
    assert (second.recipe, second.plan, second.job) == (first.recipe, first.plan, BOARD)
    assert second.table.frame.equals(first.table.frame)
    assert second.original == first.original
    assert (second.board_folder(BOARD) / "runs" / "forest" / "model.skops").read_text() == "a model"
    assert library.versions(ANNE, twin) == []
    assert workspaces.load(library.duplicate(ANNE, cars)).name == "Titanic", "no other name was given"


def test_what_is_done_to_a_duplicate_never_reaches_the_first(library, workspaces, cars):
    before = files(workspaces.folder(cars))
    twin = library.duplicate(ANNE, cars)
    for path in workspaces.folder(twin).rglob("*.*"):
        os.utime(path, (1, 1))
    for number in range(25):
        workspaces.update(twin, lambda project, n=number: with_cars(project, name=f"t{n}", rows=n + 5))
    library.delete(ANNE, twin)
    assert files(workspaces.folder(cars)) == before
    assert workspaces.load(cars).table.frame.shape == (3, 2)


def test_a_duplicate_outlives_the_first(library, workspaces, cars):
    twin = library.duplicate(ANNE, cars)
    library.delete(ANNE, cars)
    assert workspaces.load(twin).table.frame.shape == (3, 2)
    assert workspaces.load(twin).boards()[0].is_dir()


def test_an_empty_project_can_be_duplicated(library, workspaces):
    twin = library.duplicate(ANNE, library.current(ANNE), "second")
    assert workspaces.load(twin).name == "second"
    assert workspaces.load(twin).source is None


def test_a_project_taken_along_can_be_brought_by_anybody(library, workspaces, cars, tmp_path):
    library.export(ANNE, cars, tmp_path / "work.pythie")
    brought = library.bring(BEN, tmp_path / "work.pythie")
    assert brought != cars
    assert library.current(BEN) == brought
    again = workspaces.load(brought)
    assert (again.name, again.recipe, again.plan) == ("Titanic", Recipe([DropMissing()]), {"target": "price"})
    assert again.table.frame.shape == (3, 2)
    assert again.folder == workspaces.folder(brought)
    assert not library.owns(ANNE, brought)
    assert library.owns(ANNE, cars)


def test_a_project_comes_back_under_the_id_it_had(library, workspaces, cars, tmp_path):
    library.export(ANNE, cars, tmp_path / "work.pythie")
    for owner in (ANNE, BEN):
        with pytest.raises(StorageError):
            library.bring(owner, tmp_path / "work.pythie", project_id=cars)
    assert library.owns(ANNE, cars)
    library.delete(ANNE, cars)
    assert library.bring(ANNE, tmp_path / "work.pythie", project_id=cars) == cars
    assert workspaces.load(cars).name == "Titanic"
    for id_ in ("../evil", "", "A" * 32):
        with pytest.raises(NotFound):
            library.bring(ANNE, tmp_path / "work.pythie", project_id=id_)


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_leaves_neither_a_project_nor_a_folder(library, workspaces, cars, tmp_path, change):
    library.export(ANNE, cars, tmp_path / "work.pythie")
    path = rewritten(tmp_path / "work.pythie", change)
    before = folders(workspaces)
    with pytest.raises(MLPError):
        library.bring(BEN, path)
    assert library.projects(BEN) == []
    assert folders(workspaces) == before


def test_what_is_no_file_is_refused(library, workspaces, tmp_path):
    (tmp_path / "text.pythie").write_text("hello")
    for name in ("text.pythie", "nowhere.pythie", ""):
        with pytest.raises(StorageError):
            library.bring(ANNE, tmp_path / name)
    assert folders(workspaces) == set()


def test_a_file_beyond_the_limits_of_the_server_is_refused(library, workspaces, cars, tmp_path):
    library.export(ANNE, cars, tmp_path / "work.pythie")
    before = folders(workspaces)
    small = Library(tmp_path, workspaces, Settings(data_dir=tmp_path, max_rows=2))
    with pytest.raises(TooLarge):
        small.bring(BEN, tmp_path / "work.pythie")
    assert folders(workspaces) == before


def test_neither_a_copy_nor_a_file_passes_the_quota(library, workspaces, cars, tmp_path):
    library.export(ANNE, cars, tmp_path / "work.pythie")
    (workspaces.folder(cars) / "source" / ("0" * 32)).write_bytes(bytes(600_000))
    (workspaces.folder(cars) / "boards" / BOARD / "big").write_bytes(bytes(600_000))
    before = folders(workspaces)
    full = Library(tmp_path, workspaces, Settings(data_dir=tmp_path, guest_quota_mb=1, max_projects=3))
    for ask in (lambda: full.duplicate(ANNE, cars), lambda: full.bring(ANNE, tmp_path / "work.pythie")):
        with pytest.raises(QuotaExceeded):
            ask()
    (tmp_path / "large.pythie").write_bytes(bytes(2_500_000))
    with pytest.raises(QuotaExceeded, match=r"it takes 2\.4 MB"):
        full.bring(BEN, tmp_path / "large.pythie")
    full.claim(ANNE)
    full.duplicate(ANNE, cars)
    full.bring(ANNE, tmp_path / "work.pythie")
    with pytest.raises(QuotaExceeded):
        full.duplicate(ANNE, cars)
    assert len(folders(workspaces)) == len(before) + 2


def test_of_two_copies_at_once_only_as_many_are_made_as_have_room(
    library, workspaces, cars, tmp_path, monkeypatch
):
    (workspaces.folder(cars) / "boards" / BOARD / "runs" / "forest" / "model.skops").write_bytes(
        bytes(700_000)
    )
    library.claim(ANNE)
    used, place = library.usage_bytes(ANNE), workspaces.place
    small = Library(tmp_path, workspaces, Settings(data_dir=tmp_path, quota_mb=2 * used // MB + 1))
    assert used * 2 <= (2 * used // MB + 1) * MB < used * 3

    def place_slowly(draft, id_):
        time.sleep(0.3)
        place(draft, id_)

    monkeypatch.setattr(workspaces, "place", place_slowly)

    def copy(_):
        with contextlib.suppress(QuotaExceeded):
            small.duplicate(ANNE, cars)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(copy, range(3)))
    assert len(library.projects(ANNE)) == 2


def test_a_full_disk_leaves_no_half_of_a_copy(library, workspaces, cars, monkeypatch):
    before = folders(workspaces)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError):
        library.duplicate(ANNE, cars)
    monkeypatch.undo()
    assert folders(workspaces) == before
    assert len(library.projects(ANNE)) == 1


def test_a_copy_whose_row_cannot_be_kept_is_taken_back(library, workspaces, cars, monkeypatch):
    before = folders(workspaces)
    writing = Database.writing

    @contextlib.contextmanager
    def failing(database):
        with writing(database) as connection:
            yield connection
            raise StorageError(Text("The disk is full."))

    monkeypatch.setattr(Database, "writing", failing)
    with pytest.raises(StorageError):
        library.duplicate(ANNE, cars)
    assert folders(workspaces) == before
    assert len(library.projects(ANNE)) == 1


def test_a_system_without_links_makes_copies(library, workspaces, cars, monkeypatch):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    twin = library.duplicate(ANNE, cars)
    assert workspaces.load(twin).table.frame.shape == (3, 2)
    assert isinstance(workspaces.load(twin), Project)


def test_another_can_neither_copy_nor_take_a_project(library, workspaces, cars, tmp_path):
    for ask in (library.duplicate, lambda *both: library.export(*both, tmp_path / "work.pythie")):
        for id_ in (cars, "f" * 32, "../x"):
            with pytest.raises(NotFound):
                ask(BEN, id_)
    assert not (tmp_path / "work.pythie").exists()
    assert folders(workspaces) == {cars}
