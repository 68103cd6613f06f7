from __future__ import annotations

import os
import time

import pytest
from library.people import ANNE, BEN, GUEST, with_cars

from mlp_core.accounts import Account, Credential, Owner
from mlp_core.config import Settings
from mlp_core.errors import NotFound, QuotaExceeded
from mlp_core.library import Library
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore


def titles(library, owner):
    return [entry.title for entry in library.projects(owner)]


def test_an_owner_without_a_project_gets_an_empty_one_and_finds_it_again(library, workspaces):
    id_ = library.current(ANNE)
    assert library.current(ANNE) == id_
    assert workspaces.load(id_).source is None
    assert library.current(BEN) != id_
    assert [entry.id for entry in library.projects(ANNE)] == [id_]


def test_a_workspace_of_an_earlier_version_is_its_visitors_first_project(library, workspaces):
    workspaces.update(ANNE, lambda project: project.with_name("before"))
    assert library.current(ANNE) == ANNE
    assert titles(library, ANNE) == ["before"]


def test_a_former_workspace_given_to_an_account_never_comes_back_to_its_first_owner(library, workspaces):
    workspaces.update(GUEST, lambda project: project.with_name("before"))
    library.current(GUEST)
    library.move(GUEST, ANNE)
    assert library.current(GUEST) != GUEST
    assert not library.owns(GUEST, GUEST)
    library.delete(ANNE, GUEST)
    assert library.current(GUEST) != GUEST


def test_the_project_opened_last_is_the_one_to_come_back_to(library, clock):
    first, second = library.create(ANNE, "one"), library.create(ANNE, "two")
    assert library.current(ANNE) == second
    library.open(ANNE, first)
    assert library.current(ANNE) == first, "though the clock has not moved"
    clock.now -= 3_600
    library.open(ANNE, second)
    assert library.current(ANNE) == second, "though the clock went back"


def test_a_list_says_what_each_project_holds_the_one_changed_last_first(library, workspaces):
    empty, cars = library.create(ANNE, "Été"), library.create(ANNE)
    workspaces.update(cars, lambda project: with_cars(project).with_plan({"target": "price"}))
    first, second = library.projects(ANNE)
    assert (first.id, first.title, first.name) == (cars, "cars", "")
    assert (first.rows, first.columns, first.tables, first.target) == (3, 2, 1, "price")
    assert first.bytes > second.bytes > 0
    assert (second.id, second.title, second.tables, second.target) == (empty, "Été", 0, "")


def test_a_damaged_project_is_listed_as_one(library, workspaces):
    id_ = library.create(ANNE, "x")
    for path in workspaces.folder(id_).glob("project*.json"):
        path.write_bytes(b"{")
    (entry,) = library.projects(ANNE)
    assert entry.damaged
    library.delete(ANNE, id_)
    assert library.projects(ANNE) == []


def test_another_name_is_kept_as_text(library, workspaces):
    id_ = library.create(ANNE, "one")
    for name in ("../../etc/passwd", "<b>bold</b>", "con", "  Été 2026 ", "x" * 10_000):
        library.rename(ANNE, id_, name)
        assert titles(library, ANNE) == [name.strip()[:200]]
    assert [path.name for path in workspaces.folder(id_).parent.iterdir() if path.name[0] != "."] == [id_]


def test_a_deleted_project_is_gone_with_its_folder(library, workspaces, tmp_path):
    keep, gone = library.create(ANNE, "keep"), library.create(ANNE, "gone")
    workspaces.update(gone, with_cars)
    library.delete(ANNE, gone)
    assert not library.owns(ANNE, gone)
    assert not any(gone in path.name for path in (tmp_path / "workspaces").iterdir())
    assert library.current(ANNE) == keep
    library.delete(ANNE, keep)
    assert library.current(ANNE) not in (keep, gone)


def test_everything_of_an_owner_can_be_deleted_and_nothing_of_others(library, workspaces):
    for name in ("one", "two"):
        library.create(ANNE, name)
    kept = library.create(BEN, "three")
    library.delete_all(ANNE)
    assert library.projects(ANNE) == []
    assert [path.name for path in workspaces.folder(kept).parent.iterdir() if path.name[0] != "."] == [kept]


OF_ANOTHER = {
    "open": lambda library, owner, id_: library.open(owner, id_),
    "rename": lambda library, owner, id_: library.rename(owner, id_, "mine"),
    "delete": lambda library, owner, id_: library.delete(owner, id_),
}


@pytest.mark.parametrize("ask", OF_ANOTHER.values(), ids=OF_ANOTHER)
@pytest.mark.parametrize("id_", ["", "..", "f" * 32, "A" * 32, "' OR 1 --", None, 3])
def test_what_is_somebody_elses_is_answered_as_what_does_not_exist(library, ask, id_):
    theirs = library.create(ANNE, "secret")
    with pytest.raises(NotFound) as of_another:
        ask(library, BEN, theirs)
    with pytest.raises(NotFound) as unknown:
        ask(library, BEN, id_)
    assert of_another.value.render("fr") == unknown.value.render("fr")
    assert titles(library, ANNE) == ["secret"]
    assert not library.owns(BEN, theirs)
    assert not library.owns(BEN, id_)


@pytest.mark.parametrize("owner", ["", "..", "A" * 32, "a" * 31, None])
def test_what_is_no_owner_gets_no_project(library, owner):
    for ask in (library.current, library.create, library.claim):
        with pytest.raises(NotFound):
            ask(owner)


# A guest signs up


def test_a_guests_work_moves_into_the_account_and_is_what_is_open_then(library, workspaces):
    mine = library.create(ANNE, "mine")
    guests = library.current(GUEST)
    workspaces.update(guests, with_cars)
    library.move(GUEST, ANNE)
    assert library.current(ANNE) == guests
    assert sorted(titles(library, ANNE)) == ["cars", "mine"]
    assert library.projects(GUEST) == []
    assert not library.owns(GUEST, guests)
    assert library.owns(ANNE, mine)


def test_what_a_guest_never_used_is_dropped(library, workspaces):
    mine, guests = library.create(ANNE, "mine"), library.current(GUEST)
    workspaces.load(guests)
    library.move(GUEST, ANNE)
    assert [entry.id for entry in library.projects(ANNE)] == [mine]
    assert library.current(ANNE) == mine
    assert not workspaces.folder(guests).exists()


def test_a_guests_named_project_moves_but_leaves_the_accounts_open(library):
    mine, guests = library.create(ANNE, "mine"), library.create(GUEST, "an idea")
    library.move(GUEST, ANNE)
    assert library.current(ANNE) == mine
    assert library.owns(ANNE, guests)


def test_a_file_that_is_still_being_read_is_no_unused_project(library, workspaces):
    guests = library.current(GUEST)
    workspaces.load(guests)
    (workspaces.folder(guests) / "source").mkdir()
    (workspaces.folder(guests) / "source" / ("0" * 32)).write_bytes(b"a,b\n")
    library.move(GUEST, ANNE)
    assert library.current(ANNE) == guests


def test_moving_onto_oneself_changes_nothing(library):
    library.create(ANNE, "mine")
    library.move(ANNE, ANNE)
    assert titles(library, ANNE) == ["mine"]


# Room


def account(id_):
    return Owner(id=id_, credential=Credential(account=Account(id=id_, name="A", email="a@b.c"), uid=id_))


def test_a_guest_and_an_account_each_have_their_room(tmp_path, workspaces):
    library = Library(tmp_path, workspaces, Settings(data_dir=tmp_path, quota_mb=2, guest_quota_mb=1))
    library.require_room(Owner(id=GUEST), 1 << 20)
    library.require_room(account(ANNE), 2 << 20)
    with pytest.raises(QuotaExceeded):
        library.require_room(Owner(id=GUEST), (1 << 20) + 1)
    with pytest.raises(QuotaExceeded) as refused:
        library.require_room(account(ANNE), 1 << 20, besides_bytes=(1 << 20) + 1)
    assert "2 MB" in str(refused.value)
    folder = workspaces.folder(library.create(ANNE, "x"))
    (folder / "big").write_bytes(bytes(1 << 20))
    assert 1 << 20 < library.usage_bytes(ANNE) < 2 << 20
    with pytest.raises(QuotaExceeded):
        library.require_room(account(ANNE), 1 << 20)
    assert library.usage_bytes(BEN) == 0


def test_a_file_of_several_names_counts_once(library, workspaces):
    folder = workspaces.folder(library.create(ANNE, "x"))
    before = library.usage_bytes(ANNE)
    (folder / "big").write_bytes(bytes(10_000))
    os.link(folder / "big", folder / "again")
    assert library.usage_bytes(ANNE) == before + 10_000


def test_projects_are_counted(tmp_path, workspaces):
    library = Library(tmp_path, workspaces, Settings(data_dir=tmp_path, max_projects=2))
    library.current(ANNE)
    library.create(ANNE)
    with pytest.raises(QuotaExceeded) as refused:
        library.create(ANNE)
    assert "2 projects" in str(refused.value)
    library.create(BEN)


def test_asking_whose_a_project_is_costs_next_to_nothing(library):
    id_ = library.create(ANNE)
    begun = time.perf_counter()
    for _ in range(200):
        assert library.owns(ANNE, id_)
    assert (time.perf_counter() - begun) / 200 < 0.005


def test_a_new_server_process_finds_everything(library, tmp_path, settings):
    id_ = library.create(ANNE, "kept")
    again = Library(tmp_path, WorkspaceStore(tmp_path / "workspaces", Project), settings)
    assert again.current(ANNE) == id_
    assert titles(again, ANNE) == ["kept"]
