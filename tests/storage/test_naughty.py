"""Names are text: 500 naughty ones for saved things, projects and columns, and no file is named by any."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from html.parser import HTMLParser

import pandas as pd
import pytest
from naughty import NAUGHTY
from storage.stores import person

from mlp_core.config import Settings
from mlp_core.library import Library
from mlp_core.profile import profile
from mlp_core.profile.report import to_csv, to_html
from mlp_core.project import Project
from mlp_core.spreadsheet import frame_csv
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.artifacts import EmbeddedArtifacts, MemoryArtifacts, Quota
from mlp_core.storage.artifacts.artifact import as_name
from mlp_core.storage.bundle import MEMBER
from mlp_core.table import Table

ADA = person("Ada")
ID = "[0-9a-f]{32}"
EXPECTED = re.compile(
    rf"pythie\.db(-wal|-shm)?|\.pythie\.db\.lock|artifacts/{ID}/{ID}\.(csv|pythie)"
    rf"|workspaces/\.locks/{ID}\.lock|workspaces/{ID}/project(\.previous)?\.json"
    rf"|workspaces/{ID}/versions/[0-9]+(-[0-9]+)?\.json|workspaces/{ID}/(tables/{ID}\.arrow|source/{ID})"
)
"""Every file that the data folder may hold; none has a part that a person named."""

PLAIN = [
    name for name in NAUGHTY if name.isprintable() and " ".join(name.split()) == name and len(name) <= 120
]


def unexpected(folder):
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
    assert names
    return [name for name in names if not EXPECTED.fullmatch(name)]


def test_there_are_enough_of_them():
    assert len(set(NAUGHTY)) == len(NAUGHTY) >= 500
    assert len(PLAIN) >= 300


def test_a_name_is_kept_as_it_is_wherever_it_can_be_shown():
    assert [as_name(name) for name in PLAIN] == PLAIN
    for name in (*NAUGHTY, "\ud800", "a\udfffb"):
        kept = as_name(name)
        assert 1 <= len(kept) <= 120
        assert as_name(kept) == kept
        assert not {unicodedata.category(sign) for sign in kept} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("make", [EmbeddedArtifacts, lambda folder, *given: MemoryArtifacts(*given)])
def test_as_names_of_saved_things(quick_path, make):
    store = make(quick_path, lambda owner: Quota(items=1_000))
    kept = {}
    for name in NAUGHTY:
        put = store.put(ADA, name=name, kind="csv", page="train", content=name.encode(), meta=name[:4_000])
        kept[put.id] = name
    changed = next(iter(kept))
    found = {one.id: one for one in store.list(ADA)}
    assert {id_: one.name for id_, one in found.items()} == {id_: as_name(n) for id_, n in kept.items()}
    assert all(found[id_].meta == name[:4_000] for id_, name in kept.items())
    assert all(store.get(ADA, id_) == name.encode() for id_, name in kept.items())
    for name in NAUGHTY[::5]:
        assert store.rename(ADA, changed, name).name == as_name(name)
    if make is EmbeddedArtifacts:
        assert unexpected(quick_path) == []
        assert len(list(quick_path.glob("artifacts/*/*"))) == len(NAUGHTY)


def test_as_names_of_projects(quick_path):
    folder = quick_path / "data"
    workspaces = WorkspaceStore(folder / "workspaces", Project)
    library = Library(folder, workspaces, Settings(max_projects=1_000))
    kept = {library.create(ADA.id, name): name for name in NAUGHTY[::6]}
    renamed = next(iter(kept))
    for name in NAUGHTY:
        library.rename(ADA.id, renamed, name)
        kept[renamed] = name
        shown = WorkspaceStore(folder / "workspaces", Project).load(renamed).name
        assert shown == Project.load(workspaces.folder(renamed)).name
        assert len(shown) <= 200
        assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cs", "Zl", "Zp"}
        if name in PLAIN:
            assert shown == name
    titles = {entry.id: entry.name for entry in library.projects(ADA.id)}
    assert titles.keys() == kept.keys()
    assert all(titles[id_] == name for id_, name in kept.items() if name in PLAIN)
    assert unexpected(folder) == []


def test_a_project_file_is_opened_under_the_name_it_was_saved_with(quick_path):
    project = Project.create(quick_path / "work")
    for number, name in enumerate(NAUGHTY[::10]):
        project = project.with_name(name)
        project.save(quick_path / "file.pythie")
        assert Project.open(quick_path / "file.pythie", quick_path / f"opened {number}").name == project.name


@pytest.fixture
def table():
    frame = pd.DataFrame({name: [n, n + 1.5, n + 3.0, n + 4.5] for n, name in enumerate(NAUGHTY)})
    return Table.of(frame, name=NAUGHTY[70])


def test_as_names_of_columns_and_tables_in_a_project(quick_path, table):
    store = WorkspaceStore(quick_path / "data" / "workspaces", Project)
    id_ = store.new_id()
    source = frame_csv(table.frame, guard=False)
    for name in NAUGHTY[::200]:
        named = Table.of(table.frame, name=name)
        store.update(id_, lambda p, named=named: p.with_table(named, origin=named.name, content=source))
        assert Project.load(store.folder(id_)).source.origin == name
    kept = Project.load(store.folder(id_)).table
    assert list(kept.frame.columns) == list(kept.kinds) == list(NAUGHTY)
    pd.testing.assert_frame_equal(kept.frame, table.frame)
    assert unexpected(quick_path / "data") == []

    Project.load(store.folder(id_)).save(quick_path / "file.pythie")
    with zipfile.ZipFile(quick_path / "file.pythie") as archive:
        assert [name for name in archive.namelist() if not MEMBER.fullmatch(name)] == []
    opened = Project.open(quick_path / "file.pythie", quick_path / "data" / "workspaces" / ("ab" * 16))
    assert list(opened.table.frame.columns) == list(NAUGHTY)
    assert unexpected(quick_path / "data") == []


def test_as_names_of_columns_in_a_spreadsheet(table):
    bare = frame_csv(table.frame, guard=False).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(bare, newline=""))) == list(NAUGHTY)
    safe = next(csv.reader(io.StringIO(frame_csv(table.frame).decode("utf-8-sig"), newline="")))
    assert len(set(safe)) == len(NAUGHTY)
    assert not [name for name in safe if name.startswith(("=", "+", "@", "\t", "\r"))]
    assert [name for name in safe if name.startswith("-")] == ["-1", "-0"]


class Parsed(HTMLParser):
    """What a browser would make of a page: its elements, what they carry, and its words."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words = set(), set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.parametrize("start", range(0, len(NAUGHTY), 100))
def test_as_names_of_columns_in_a_report(table, start):
    names = list(NAUGHTY[start : start + 100])
    harmless = Table.of(table.frame[names].set_axis([f"c{n}" for n in range(len(names))], axis=1), name="t")
    facts = profile(Table.of(table.frame[names], name=names[0]))
    page, reference = Parsed(to_html(facts)), Parsed(to_html(profile(harmless)))
    assert page.tags <= reference.tags, "a name became an element"
    assert page.attributes <= reference.attributes, "a name became an attribute"
    shown = re.sub(r"\s+", " ", "".join(page.words))
    missing = [name for name in names if name in PLAIN and name not in shown]
    assert missing == []
    written = csv.reader(io.StringIO(to_csv(facts, guard=False).decode("utf-8-sig"), newline=""))
    assert [row[0] for row in written][1:] == names
