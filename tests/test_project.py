from __future__ import annotations

import random
import stat
import struct
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from credit import bank

from mlp_core.clean import DropColumns, DropMissing, FillMissing, JoinTable, Recipe
from mlp_core.config import Settings
from mlp_core.errors import InvalidParameter, MLPError, StorageError, TooLarge
from mlp_core.project import Project
from mlp_core.read import ReadOptions, read_table
from mlp_core.storage.documents import decoded, encoded
from mlp_core.storage.versions import MOST
from mlp_core.table import Table

CSV = "âge;ville;prix\n31;Lyon;1,5\n42;Nice;2,5\n;Lyon;3,5\n".encode()
BOARD = "0123456789abcdef0123"


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "project", name="Titanic")


@pytest.fixture
def loaded(project):
    project = project.with_table(read_table(CSV, name="gens"), origin="gens.csv", content=CSV)
    project.write()
    return project


@pytest.fixture
def full(loaded):
    """Return a project with a recipe, a plan and a training that left a model in both forms."""
    run = loaded.folder / "boards" / BOARD / "runs" / "forest"
    run.mkdir(parents=True)
    (run.parents[1] / "board.json").write_text("{}")
    for name in ("model.skops", "model.joblib", "holdout.parquet", "evaluation.json"):
        (run / name).write_text(name)
    pd.DataFrame({"answer": [1, 2]}).to_parquet(run / "holdout.parquet")
    project = loaded.with_recipe(Recipe([DropMissing()])).with_plan({"target": "prix"})
    project.write()
    return project


def test_a_project_is_saved_and_found_as_it_was(full):
    again = Project.load(full.folder)
    assert again == full
    assert again.recipe == Recipe([DropMissing()])
    assert again.plan == {"target": "prix"}
    assert (again.name, again.note) == ("Titanic", None)
    pd.testing.assert_frame_equal(again.table.frame, read_table(CSV).frame)
    assert dict(again.table.kinds) == dict(read_table(CSV).kinds)
    assert again.table.report == read_table(CSV).report
    assert again.table.name == "gens"


def test_a_project_is_never_altered(loaded):
    changed = loaded.with_name("Autre")
    assert (loaded.name, changed.name) == ("Titanic", "Autre")
    assert changed.revision == loaded.revision + 1
    with pytest.raises(AttributeError):
        loaded.name = "x"


def test_a_change_that_changes_nothing_is_no_change(full):
    assert full.with_name("Titanic") is full
    assert full.with_recipe(full.recipe) is full
    assert full.with_plan({"target": "prix"}) is full
    assert full.redone() is full


def test_undo_and_redo_walk_through_the_recipe_and_a_change_forgets_the_undone(loaded):
    recipes = [Recipe([DropMissing()]), Recipe([DropMissing(), FillMissing(how="median")]), Recipe()]
    project = loaded
    for recipe in recipes:
        project = project.with_recipe(recipe)
    project.write()
    project = Project.load(project.folder)
    assert project.can_undo
    assert not project.can_redo
    project = project.undone()
    assert project.recipe == recipes[1]
    project = project.undone().undone()
    assert project.recipe == Recipe()
    assert not project.can_undo
    assert project.undone() is project
    assert project.redone().recipe == recipes[0]
    project = project.redone().with_recipe(Recipe([DropColumns(columns=("ville",))]))
    assert not project.can_redo


def test_history_is_bounded(loaded):
    project = loaded
    for number in range(150):
        project = project.with_recipe(Recipe([DropColumns(columns=(f"c{number}",))]))
    steps = 0
    while project.can_undo:
        project, steps = project.undone(), steps + 1
    assert steps == 100


def test_the_same_file_read_otherwise_keeps_the_recipe_and_another_file_does_not(full):
    options = ReadOptions(separator=";", decimal=".")
    content = full.original
    assert content == CSV
    other = full.with_table(
        read_table(content, options, name="gens"), origin="gens.csv", content=content, options=options
    )
    assert other.source.fingerprint != full.source.fingerprint
    assert ReadOptions.from_json(other.source.options) == options
    assert len(other.recipe) == 1
    assert other.plan is not None
    new = other.with_table(read_table(b"a,b\n1,2\n3,4\n"), origin="b.csv", content=b"a,b\n1,2\n3,4\n")
    assert len(new.recipe) == 0
    assert new.plan is None
    assert not new.can_undo


def test_a_sample_has_no_original(project):
    project = project.with_table(Table.of(pd.DataFrame({"a": [1]}), name="s"), origin="sample:iris")
    assert not project.has_original
    assert project.original is None


def test_a_damaged_table_is_read_anew_from_the_original(loaded):
    (path,) = (loaded.folder / "tables").iterdir()
    broken = bytearray(path.read_bytes())
    broken[len(broken) // 2] ^= 1
    path.write_bytes(broken)
    pd.testing.assert_frame_equal(loaded.table.frame, read_table(CSV).frame)
    path.unlink()
    pd.testing.assert_frame_equal(loaded.table.frame, read_table(CSV).frame)


def test_a_table_and_an_original_both_damaged_are_a_sentence(loaded):
    for path in (*loaded.folder.glob("tables/*"), *loaded.folder.glob("source/*")):
        path.write_bytes(b"x")
    with pytest.raises(StorageError):
        _ = loaded.table
    with pytest.raises(StorageError):
        _ = loaded.original


def test_a_damaged_document_offers_the_version_before_it(loaded):
    former = loaded.with_name("avant")
    former.write()
    former.with_name("après").write()
    path = loaded.folder / "project.json"
    whole = path.read_bytes()
    chance = random.Random(11)
    for trial in range(100):
        broken = bytearray(whole)
        if trial % 2:
            broken = broken[: chance.randrange(len(broken))]
        else:
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        found = Project.load(loaded.folder)
        assert found.name == "avant"
        assert found.note is not None
    found.with_name("réparé").write()
    path.write_bytes(b"")
    assert Project.load(loaded.folder).name == "avant", "the damaged version must not push out the good one"


def test_two_damaged_documents_are_a_sentence(loaded):
    loaded.with_name("après").write()
    for name in ("project.json", "project.previous.json"):
        (loaded.folder / name).write_bytes(b'{"checksum": "", "content": {}}')
    with pytest.raises(StorageError):
        Project.load(loaded.folder)
    with pytest.raises(StorageError):
        Project.load(loaded.folder / "nowhere")


def test_a_crash_between_the_two_versions_loses_nothing(loaded):
    loaded.with_name("après").write()
    (loaded.folder / "project.json").unlink()
    assert Project.load(loaded.folder).name == "Titanic"


def test_boards_are_what_the_folder_holds_newest_first(full):
    for name in ("f" * 20, "not-a-board", ".tmp-aaaaaaaaaaaaaaaa"):
        (full.folder / "boards" / name).mkdir()
        (full.folder / "boards" / name / "board.json").write_text("{}")
    (full.folder / "boards" / ("e" * 20)).mkdir()
    assert full.board_ids() == ["f" * 20, BOARD]
    assert [board.name for board in full.boards()] == full.board_ids()
    with pytest.raises(StorageError):
        full.board_folder("../../etc")


def test_tables_left_long_ago_are_cleared_away_once_no_version_has_them(loaded):
    import os

    for number in range(MOST + 3):
        for path in (*loaded.folder.glob("tables/*"), *loaded.folder.glob("source/*")):
            os.utime(path, (1, 1))
        content = f"a,b\n{number},2\n3,4\n".encode()
        loaded = loaded.with_table(read_table(content), origin="x.csv", content=content)
        loaded.write()
    assert len(list(loaded.folder.glob("tables/*"))) == 1 + MOST
    assert len(list(loaded.folder.glob("source/*"))) == 1 + MOST


def test_a_document_that_holds_a_language_still_opens(loaded):
    path = loaded.folder / "project.json"
    path.write_bytes(encoded({**decoded(path.read_bytes()), "language": "fr"}))
    assert Project.load(loaded.folder) == loaded
    assert decoded(path.read_bytes()).keys() >= {"language"}, "which earlier versions look for"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Été\n2026 ", "Été 2026"),
        ("a\x00b\ud800c", "a b c"),
        ("x" * 10_000, "x" * 200),
        ("👩‍💻", "👩‍💻"),
        ("\u2028", ""),
    ],
)
def test_a_name_is_one_line_that_every_page_can_show(project, given, kept):
    named = project.with_name(given)
    named.write()
    assert Project.load(project.folder).name == kept
    path = project.folder / "project.json"
    path.write_bytes(encoded({**decoded(path.read_bytes()), "name": given}))
    assert Project.load(project.folder).name == kept


# The .pythie file


def test_a_project_file_opens_elsewhere_as_it_was(full, tmp_path):
    full.save(tmp_path / "work.pythie")
    opened = Project.open(tmp_path / "work.pythie", tmp_path / "elsewhere")
    assert opened == Project.load(tmp_path / "elsewhere")
    assert (opened.id, opened.name) == (full.id, full.name)
    assert (opened.recipe, opened.plan, opened.source.name) == (full.recipe, full.plan, "gens")
    pd.testing.assert_frame_equal(opened.table.frame, full.table.frame)
    assert opened.table.fingerprint == full.table.fingerprint
    assert opened.original == CSV
    assert opened.board_ids() == [BOARD]


def test_a_project_file_holds_parquet_and_no_pickle(full, tmp_path):
    full.save(tmp_path / "work.pythie")
    with zipfile.ZipFile(tmp_path / "work.pythie") as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert sorted(Path(name).suffix for name in names) == [
        "",
        ".json",
        ".json",
        ".json",
        ".parquet",
        ".parquet",
        ".skops",
    ]
    assert not any("joblib" in name or ".arrow" in name for name in names)


def test_an_empty_project_travels_too(project, tmp_path):
    project.save(tmp_path / "work.pythie")
    opened = Project.open(tmp_path / "work.pythie")
    assert opened.name == "Titanic"
    assert opened.table is None


def rewritten(path: Path, change) -> Path:
    """Return a copy of a project file whose members ``change`` has altered in a dict of bytes."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    change(held)
    target = path.with_name("changed.pythie")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return target


def document(change):
    def apply(held):
        data = decoded(held["project.json"])
        change(data)
        held["project.json"] = encoded(data)

    return apply


HOSTILE = {
    "climbs out": lambda held: held.update({"../../evil": b"x"}),
    "absolute": lambda held: held.update({"/tmp/evil": b"x"}),
    "backslashes": lambda held: held.update({"boards\\..\\..\\evil": b"x"}),
    "a drive": lambda held: held.update({"C:/evil": b"x"}),
    "a pickle": lambda held: held.update({f"boards/{BOARD}/runs/forest/model.joblib": b"x"}),
    "unknown": lambda held: held.update({"readme.txt": b"x"}),
    "no document": lambda held: held.pop("project.json"),
    "no table": lambda held: [held.pop(name) for name in list(held) if name.startswith("tables/")],
    "table is text": lambda held: held.update(
        {name: b"hello" for name in list(held) if name.startswith("tables/")}
    ),
    "held-out rows are text": lambda held: held.update(
        {f"boards/{BOARD}/runs/forest/holdout.parquet": b"hello"}
    ),
    "too many": lambda held: held.update({f"source/{n:032x}": b"" for n in range(6_000)}),
    "not json": lambda held: held.update({"project.json": b"{"}),
    "deep json": lambda held: held.update({"project.json": b"[" * 100_000}),
    "checksum off": lambda held: held.update({"project.json": held["project.json"].replace(b"Tit", b"Tot")}),
    "a list": lambda held: held.update({"project.json": encoded([])}),
    "no fields": lambda held: held.update({"project.json": encoded({})}),
    "id is a path": document(lambda data: data.update(id="../../../etc")),
    "hash is a path": document(lambda data: data["source"].update(fingerprint="../../../etc/passwd")),
    "original is a path": document(lambda data: data["source"].update(original="../outside.txt")),
    "original is nothing": document(lambda data: data["source"].update(original=None)),
    "checksum is a list": document(lambda data: data["source"].update(checksum=[])),
    "name is a number": document(lambda data: data["source"].update(name=3)),
    "unknown step": document(lambda data: data["history"].update(present=[{"id": "nonsense", "params": {}}])),
    "odd step": document(lambda data: data["history"].update(past=[[{"id": 3}]])),
    "odd history": document(lambda data: data.update(history={"past": 3, "present": "x", "future": None})),
    "odd kinds": document(lambda data: data["source"].update(kinds=[["a", "nonsense"]])),
    "odd report": document(lambda data: data["source"].update(report={"x": 1})),
    "endless revision": document(lambda data: data.update(revision=float("inf"))),
    "revision is huge": document(lambda data: data.update(revision=10**400)),
    "endless rows": document(lambda data: data["source"].update(rows=float("inf"))),
    "rows are a word": document(lambda data: data["source"].update(rows="many")),
    "a note without values": document(
        lambda data: data["source"]["report"].update(notes=[{"template": "a"}])
    ),
    "a note of a huge number": document(
        lambda data: data["source"]["report"].update(notes=[{"template": "{n:n}", "values": {"n": 10**400}}])
    ),
    "a note of numbers": document(lambda data: data["source"]["report"].update(notes=[3])),
    "half a character": document(lambda data: data["source"].update(name="cars \ud83d")),
    "half a character in a plan": document(lambda data: data.update(plan={"target": "\udcff"})),
    "odd job": document(lambda data: data.update(job="../../x")),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_project_file_is_refused_with_a_sentence_and_leaves_nothing(full, tmp_path, change):
    full.save(tmp_path / "work.pythie")
    path = rewritten(tmp_path / "work.pythie", change)
    before = {child.name for child in tmp_path.iterdir()}
    with pytest.raises(MLPError) as refused:
        Project.open(path, tmp_path / "elsewhere")
    assert refused.value.render("fr") != refused.value.render("en")
    assert {child.name for child in tmp_path.iterdir()} == before


def test_a_link_inside_a_project_file_is_refused(full, tmp_path):
    full.save(tmp_path / "work.pythie")
    with zipfile.ZipFile(tmp_path / "work.pythie", "a") as archive:
        info = zipfile.ZipInfo(f"source/{'a' * 32}")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(StorageError):
        Project.open(tmp_path / "work.pythie")


def test_a_member_named_twice_is_refused(full, tmp_path):
    full.save(tmp_path / "work.pythie")
    with (
        zipfile.ZipFile(tmp_path / "work.pythie", "a") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("project.json", "{}")
    with pytest.raises(StorageError):
        Project.open(tmp_path / "work.pythie")


@pytest.mark.parametrize("honest", [True, False])
def test_a_bomb_is_refused_whether_or_not_it_says_its_size(full, tmp_path, honest):
    path = tmp_path / "work.pythie"
    full.save(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("source/" + "a" * 32, bytes(200 << 20))
    if not honest:
        content = bytearray(path.read_bytes())
        for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            at = content.rindex(signature)
            content[at + offset : at + offset + 4] = struct.pack("<I", 1000)
        path.write_bytes(content)
    with pytest.raises(StorageError) as refused:
        Project.open(path, tmp_path / "elsewhere")
    assert ("dépasse la taille" in refused.value.render("fr")) is honest
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"%PDF-1.4", b"a,b\n1,2\n"])
def test_a_file_that_is_no_project_is_refused(tmp_path, content):
    (tmp_path / "x.pythie").write_bytes(content)
    with pytest.raises(StorageError):
        Project.open(tmp_path / "x.pythie")
    with pytest.raises(StorageError):
        Project.open(tmp_path / "missing.pythie")


def test_a_cut_or_flipped_project_file_is_a_sentence_or_the_same_project(full, tmp_path):
    full.save(tmp_path / "work.pythie")
    whole = (tmp_path / "work.pythie").read_bytes()
    chance = random.Random(13)
    for trial in range(100):
        broken = bytearray(whole)
        if trial % 2:
            broken = broken[: chance.randrange(len(broken))]
        else:
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        (tmp_path / "work.pythie").write_bytes(broken)
        try:
            opened = Project.open(tmp_path / "work.pythie", tmp_path / f"try{trial}")
        except MLPError:
            assert not (tmp_path / f"try{trial}").exists()
        else:
            assert opened.recipe == full.recipe
            assert opened.table.fingerprint == full.table.fingerprint


def test_a_project_of_a_newer_version_says_so(full, tmp_path):
    full.save(tmp_path / "work.pythie")
    newer = rewritten(tmp_path / "work.pythie", document(lambda data: data.update(format=99)))
    with pytest.raises(StorageError) as refused:
        Project.open(newer)
    assert "plus récente" in refused.value.render("fr")


def test_a_table_beyond_the_limits_of_this_server_is_refused(full, tmp_path):
    full.save(tmp_path / "work.pythie")
    with pytest.raises(TooLarge):
        Project.open(tmp_path / "work.pythie", settings=Settings(max_rows=2))


def test_saving_over_a_file_that_cannot_be_written_is_a_sentence(full, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError):
        full.save(tmp_path / "folder")


# Several tables


@pytest.fixture(scope="module")
def of_bank():
    return bank(40)


@pytest.fixture
def several(project, of_bank):
    """Return a project of three tables whose recipe joins two of them to the first."""
    project = project.with_table(of_bank.applications, origin="applications.csv")
    project = project.with_other(of_bank.bureau, origin="bureau.csv", content=b"the file itself")
    project = project.with_other(of_bank.branches, origin="branches.csv")
    steps = [
        JoinTable(
            table=of_bank.bureau.fingerprint,
            name="bureau.csv",
            keys=("SK_ID_CURR",),
            other_keys=("sk_id_curr",),
            how="aggregate",
        ),
        JoinTable(
            table=of_bank.branches.fingerprint, name="branches.csv", keys=("branch",), other_keys=("code",)
        ),
    ]
    project = project.with_recipe(Recipe(steps))
    project.write()
    return project


def test_several_tables_are_saved_and_found(several, of_bank):
    again = Project.load(several.folder)
    assert again == several
    assert [ref.name for ref in again.sources] == ["applications.csv", "bureau.csv", "branches.csv"]
    pd.testing.assert_frame_equal(
        again.other_table(of_bank.bureau.fingerprint).frame, of_bank.bureau.frame, check_dtype=False
    )
    joined = again.recipe.apply(again.table).frame
    assert len(joined) == len(of_bank.applications.frame)
    assert {"bureau_count", "region"} <= set(joined)
    assert {file.name for file in again.files_needed()} == {"bureau.csv", "branches.csv"}


def test_a_project_of_several_tables_travels_whole(several, of_bank, tmp_path):
    several.save(tmp_path / "work.pythie")
    opened = Project.open(tmp_path / "work.pythie", tmp_path / "elsewhere")
    assert opened == Project.load(tmp_path / "elsewhere")
    assert [ref.name for ref in opened.sources] == [ref.name for ref in several.sources]
    pd.testing.assert_frame_equal(
        opened.recipe.apply(opened.table).frame, several.recipe.apply(several.table).frame
    )
    with zipfile.ZipFile(tmp_path / "work.pythie") as archive:
        assert sum(name.endswith(".parquet") for name in archive.namelist()) == 3
    with pytest.raises(TooLarge):
        Project.open(tmp_path / "work.pythie", settings=Settings(max_rows=len(of_bank.bureau.frame) - 1))


def test_files_of_other_tables_stay_as_long_as_the_project_has_them(several, of_bank):
    import os

    def old_files():
        for path in several.folder.glob("tables/*"):
            os.utime(path, (1, 1))
        return {path.stem for path in several.folder.glob("tables/*")}

    old_files()
    several.with_name("a").write()
    assert len(old_files()) == 3
    without = several.without_other(of_bank.bureau.fingerprint)
    without.write()
    for number in range(MOST):
        assert of_bank.bureau.fingerprint in old_files(), "a version has it"
        without = without.with_name(f"b{number}")
        without.write()
    without.with_name("c").write()
    assert of_bank.bureau.fingerprint not in old_files()


def test_a_step_whose_table_is_gone_says_so_and_the_others_go_on(several, of_bank):
    without = several.without_other(of_bank.bureau.fingerprint)
    first, second = without.recipe.trace(without.table)
    assert "bureau.csv is not in this project" in first.problem.render()
    assert second.problem is None
    assert second.columns_after == second.columns_before + 2
    back = without.with_other(of_bank.bureau, origin="bureau.csv")
    assert all(fact.problem is None for fact in back.recipe.trace(back.table))
    assert without.recipe.key != back.recipe.key


def test_undo_and_redo_hold_for_joins(several):
    assert len(several.undone().recipe) == 0
    assert several.undone().redone().recipe == several.recipe


def test_another_main_table_begins_afresh_and_keeps_the_former(several, of_bank):
    changed = several.with_main(of_bank.bureau.fingerprint)
    assert [ref.name for ref in changed.sources] == ["bureau.csv", "applications.csv", "branches.csv"]
    assert changed.original == b"the file itself"
    assert (len(changed.recipe), changed.plan) == (0, None)
    changed.write()
    assert Project.load(changed.folder).table.fingerprint == of_bank.bureau.fingerprint


def test_another_file_as_the_main_table_leaves_the_others(several, of_bank):
    changed = several.with_table(read_table(CSV), origin="gens.csv", content=CSV)
    assert [ref.name for ref in changed.others] == ["bureau.csv", "branches.csv"]
    promoted = several.with_table(of_bank.bureau, origin="bureau.csv")
    assert [ref.name for ref in promoted.others] == ["branches.csv"]


def test_a_table_read_again_takes_its_steps_along(several, of_bank):
    frame = of_bank.bureau.frame.assign(debt=of_bank.bureau.frame["debt"] * 2)
    table = Table.of(frame, name="whatever")
    changed = several.with_other(table, origin="bureau.csv", instead_of=of_bank.bureau.fingerprint)
    assert [ref.name for ref in changed.others] == ["bureau.csv", "branches.csv"]
    assert changed.recipe.steps[0].operation.table == table.fingerprint
    twice = changed.recipe.apply(changed.table).frame["bureau_debt_sum"]
    once = several.recipe.apply(several.table).frame["bureau_debt_sum"]
    np.testing.assert_allclose(twice, 2 * once)
    assert all(fact.problem is None for fact in changed.undone().redone().recipe.trace(changed.table))


def test_a_table_is_held_once_under_a_name_of_its_own_and_after_a_main_one(several, of_bank, project):
    with pytest.raises(InvalidParameter, match=r"holds exactly what bureau\.csv holds"):
        several.with_other(of_bank.bureau, origin="b.csv")
    with pytest.raises(InvalidParameter, match="no main table"):
        project.with_other(of_bank.bureau, origin="b.csv")
    again = several.with_other(Table.of(of_bank.bureau.frame.head(9), name="bureau.csv"), origin="c.csv")
    assert again.others[-1].name == "bureau.csv (2)"
    with pytest.raises(StorageError, match="no such table"):
        several.without_other("0" * 32)


def test_a_project_of_one_table_is_still_written_for_older_versions(loaded, of_bank):
    old = decoded((loaded.folder / "project.json").read_bytes())
    assert old["format"] == 1
    loaded.with_other(of_bank.bureau, origin="bureau.csv").write()
    assert decoded((loaded.folder / "project.json").read_bytes())["format"] == 2
    del old["others"]
    (loaded.folder / "project.json").write_bytes(encoded(old))
    assert Project.load(loaded.folder).others == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(others={}),
        lambda data: data["others"].append(data["others"][0]),
        lambda data: data["others"].append(data["source"]),
        lambda data: data["others"][0].update(fingerprint=""),
        lambda data: data["others"][0].update(fingerprint="../../../etc/passwd"),
        lambda data: data.update(source=None),
        lambda data: data["others"][0].update(fingerprint="a" * 32),
        lambda data: data["history"]["present"][0]["params"].update(other_keys=["a", "b"]),
    ],
)
def test_other_tables_that_cannot_be_are_refused(several, tmp_path, change):
    several.save(tmp_path / "work.pythie")
    with pytest.raises(MLPError):
        Project.open(rewritten(tmp_path / "work.pythie", document(change)), tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()
