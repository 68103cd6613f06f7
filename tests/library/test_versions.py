from __future__ import annotations

import os
from dataclasses import replace

import pytest
from library.people import ANNE, BEN, with_cars

from mlp_core.clean import ClipOutliers, DropColumns, DropMissing, Recipe
from mlp_core.errors import NotFound, StorageError
from mlp_core.project import Project
from mlp_core.storage.documents import encoded


@pytest.fixture
def cars(library, workspaces):
    """Return the id of a project on a table."""
    id_ = library.create(ANNE)
    workspaces.update(id_, with_cars)
    return id_


def named(workspaces, id_, names):
    for name in names:
        workspaces.update(id_, lambda project, name=name: project.with_name(name))


def words(library, id_, language="en"):
    return [version.what.render(language) for version in library.versions(ANNE, id_)]


def test_the_last_twenty_states_are_kept(library, workspaces, cars):
    named(workspaces, cars, [f"name {number}" for number in range(30)])
    assert len(library.versions(ANNE, cars)) == 20
    assert len(list((workspaces.folder(cars) / "versions").iterdir())) == 20


@pytest.mark.parametrize("back", range(1, 21))
def test_each_of_the_twenty_is_the_state_it_was(library, workspaces, cars, back):
    named(workspaces, cars, [f"name {number}" for number in range(30)])
    library.restore(ANNE, cars, library.versions(ANNE, cars)[back - 1].revision)
    assert workspaces.load(cars).name == f"name {29 - back}"


def test_restoring_is_a_change_that_can_be_taken_back(library, workspaces, cars):
    workspaces.update(cars, lambda project: project.with_recipe(Recipe([DropMissing()])))
    before = workspaces.load(cars)
    library.restore(ANNE, cars, library.versions(ANNE, cars)[0].revision)
    restored = workspaces.load(cars)
    assert len(restored.recipe) == 0
    assert restored.revision > before.revision
    library.restore(ANNE, cars, library.versions(ANNE, cars)[0].revision)
    again = workspaces.load(cars)
    assert again.recipe == Recipe([DropMissing()])
    assert again.revision > restored.revision


def test_restoring_brings_back_the_table_and_leaves_the_trainings(library, workspaces, cars):
    first = workspaces.load(cars)
    board = first.folder / "boards" / ("0" * 20)
    board.mkdir(parents=True)
    (board / "board.json").write_text("{}")
    workspaces.update(cars, lambda project: project.with_job("0" * 20))
    workspaces.update(cars, lambda project: with_cars(project, name="trucks", rows=9))
    for path in (*first.folder.glob("tables/*"), *first.folder.glob("source/*")):
        os.utime(path, (1, 1))
    named(workspaces, cars, ["a", "b"])
    (version,) = [one for one in library.versions(ANNE, cars) if one.what.render().startswith("New table (c")]
    library.restore(ANNE, cars, version.revision)
    again = workspaces.load(cars)
    assert again.table.frame.equals(first.table.frame)
    assert again.original == first.original
    assert again.board_ids() == ["0" * 20]
    assert again.job == "0" * 20


def test_what_only_touches_the_plan_or_a_training_takes_no_place(library, workspaces, cars):
    named(workspaces, cars, ["a"])
    held = [version.revision for version in library.versions(ANNE, cars)]
    for number in range(40):
        workspaces.update(cars, lambda project, number=number: project.with_plan({"target": str(number)}))
        workspaces.update(cars, lambda project, number=number: project.with_job(f"{number:020}"))
    assert [version.revision for version in library.versions(ANNE, cars)] == held
    named(workspaces, cars, ["b"])
    newest, *rest = library.versions(ANNE, cars)
    assert [version.revision for version in rest] == held
    library.restore(ANNE, cars, newest.revision)
    assert workspaces.load(cars).name == "a"
    assert workspaces.load(cars).plan == {"target": "39"}, "as it was last in that state"


def test_a_version_says_how_it_came_to_be_and_what_it_holds(library, workspaces, cars):
    recipes = [
        [DropMissing()],
        [DropMissing(), DropColumns(columns=("weight",))],
        [DropMissing(), DropColumns(columns=("price",))],
        [DropMissing()],
        [ClipOutliers(columns=("price",)), DropColumns(columns=("price",))],
    ]
    for steps in recipes:
        workspaces.update(cars, lambda project, steps=steps: project.with_recipe(Recipe(steps)))
    named(workspaces, cars, ["Été", "", "end"])
    assert words(library, cars) == [
        "Name removed (cars, 2 steps)",
        "Renamed to Été (cars, 2 steps)",
        "Steps changed (cars, 2 steps)",
        "Step removed: Drop columns (cars, 1 step)",
        "Step changed: Drop columns (cars, 2 steps)",
        "Step added: Drop columns (cars, 2 steps)",
        "Step added: Drop rows with missing values (cars, 1 step)",
        "New table (cars, no step)",
        "no table",
    ]
    assert words(library, cars, "fr")[1] == "Renommé en Été (cars, 2 étapes)"
    times = [version.when for version in library.versions(ANNE, cars)]
    assert times == sorted(times, reverse=True)


def test_a_damaged_version_is_left_out_and_cannot_be_restored(library, workspaces, cars):
    named(workspaces, cars, ["a", "b", "c"])
    before = library.versions(ANNE, cars)
    places = workspaces.folder(cars) / "versions"
    broken = bytearray((places / f"{before[0].revision}.json").read_bytes())
    broken[len(broken) // 2] ^= 1
    (places / f"{before[0].revision}.json").write_bytes(broken)
    (places / f"{before[1].revision}.json").write_bytes(encoded({"revision": before[1].revision}))
    (places / "notes.txt").write_text("x")
    assert [one.revision for one in library.versions(ANNE, cars)] == [one.revision for one in before[2:]]
    now = workspaces.load(cars)
    for damaged in before[:2]:
        with pytest.raises(StorageError):
            library.restore(ANNE, cars, damaged.revision)
    assert workspaces.load(cars) == now


def test_a_version_whose_table_is_lost_is_left_out(library, workspaces, cars):
    first = workspaces.load(cars)
    workspaces.update(cars, lambda project: with_cars(project, name="trucks", rows=9))
    assert words(library, cars) == ["New table (cars, no step)", "no table"]
    for ref in first.sources:
        (first.folder / "tables" / f"{ref.fingerprint}.arrow").unlink()
    assert len(words(library, cars)) == 2, "it can be read anew from the file"
    (first.folder / "source" / first.source.original).unlink()
    assert words(library, cars) == ["no table"]


@pytest.mark.parametrize("revision", [-1, 10**30, 999, "../project", None, 1.5])
def test_a_version_that_is_not_there_is_not_found(library, cars, revision):
    with pytest.raises(NotFound):
        library.restore(ANNE, cars, revision)


def test_states_that_another_server_made_are_versions_whatever_their_revision(library, workspaces, cars):
    named(workspaces, cars, ["a", "b"])
    for name, revision in (("far behind", 0), ("as far", 0), ("far ahead", 10**9)):
        workspaces.update(cars, lambda project, n=name, r=revision: replace(project, name=n, revision=r))
    named(workspaces, cars, ["end"])
    held = ["far ahead", "as far", "far behind", "b", "a"]
    for name, version in zip(held, library.versions(ANNE, cars), strict=False):
        assert name in version.what.render()
    numbers = [version.revision for version in library.versions(ANNE, cars)]
    assert numbers == sorted(numbers, reverse=True)
    library.restore(ANNE, cars, numbers[2])
    assert workspaces.load(cars).name == "far behind"


def test_a_project_that_had_to_start_afresh_can_still_be_restored(library, workspaces, cars):
    named(workspaces, cars, ["a", "b"])
    for path in workspaces.folder(cars).glob("project*.json"):
        path.write_bytes(b"{")
    workspaces.renew(cars)
    (newest, *_) = library.versions(ANNE, cars)
    assert "New table" in newest.what.render() or "Renamed to a" in newest.what.render()
    library.restore(ANNE, cars, newest.revision)
    assert workspaces.load(cars).table.frame.shape == (3, 2)
    named(workspaces, cars, ["c"])
    assert len(library.versions(ANNE, cars)) > 3


def test_a_change_that_was_killed_leaves_no_version_of_the_present(library, workspaces, cars):
    named(workspaces, cars, ["a"])
    before = library.versions(ANNE, cars)

    def killed(*_, **__):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mlp_core.storage.documents.write_atomically", killed)
        with pytest.raises(KeyboardInterrupt):
            named(workspaces, cars, ["b"])
    assert library.versions(ANNE, cars) == before
    named(workspaces, cars, ["c"])
    assert len(library.versions(ANNE, cars)) == len(before) + 1


def test_versions_of_another_are_not_found(library, workspaces, cars):
    named(workspaces, cars, ["a"])
    (revision, *_) = [version.revision for version in library.versions(ANNE, cars)]
    with pytest.raises(NotFound):
        library.versions(BEN, cars)
    with pytest.raises(NotFound):
        library.restore(BEN, cars, revision)
    assert workspaces.load(cars).name == "a"


def test_versions_do_not_travel(library, workspaces, cars, tmp_path):
    named(workspaces, cars, ["a secret name", "b"])
    library.export(ANNE, cars, tmp_path / "work.pythie")
    brought = library.bring(BEN, tmp_path / "work.pythie")
    assert library.versions(BEN, brought) == []
    assert b"a secret name" not in (workspaces.folder(brought) / "project.json").read_bytes()
    assert [path.name for path in workspaces.folder(brought).glob("*.json")] == ["project.json"]


def test_a_full_disk_keeps_the_project_and_its_versions(library, workspaces, cars, monkeypatch):
    named(workspaces, cars, ["a"])
    before = library.versions(ANNE, cars)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError):
        named(workspaces, cars, ["b"])
    monkeypatch.undo()
    assert workspaces.load(cars).name == "a"
    assert library.versions(ANNE, cars) == before


def test_a_system_without_links_keeps_copies(library, workspaces, cars, monkeypatch):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    named(workspaces, cars, ["a", "b"])
    (workspaces.folder(cars) / "project.json").write_bytes(b"{")
    assert words(library, cars)[-1] == "no table"
    library.restore(ANNE, cars, library.versions(ANNE, cars)[-2].revision)
    assert isinstance(workspaces.load(cars), Project)
