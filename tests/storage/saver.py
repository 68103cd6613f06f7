"""Processes that save until they are killed, and others that look at what is left.

Run as a script this imports everything once and then forks a child for each order on its standard input, so
that a hundred of them cost no more imports than one. A child that saves says what will be before it writes
and what is once it is written; each line is one write into a pipe, which outlives its writer.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet  # noqa: F401 - what the core imports late is imported once, before the forks

from mlp_core.accounts.account import Owner
from mlp_core.clean import OPERATIONS, Recipe
from mlp_core.config import Settings
from mlp_core.files import digest_of
from mlp_core.fingerprint import fingerprint_of
from mlp_core.library import Library
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.artifacts import EmbeddedArtifacts
from mlp_core.table import Table

ADA = Owner(id="ad" * 16)
ACTS = (
    *("create", "name", "table", "step", "undo", "restore", "duplicate", "bring", "delete_project"),
    *("put", "rename", "delete_artifact"),
)
TOUCHES = ("os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "sqlite3.connect")
MOST_PROJECTS, MOST_ARTIFACTS = 4, 6
CLOCK_STEP_SECONDS = 0.03

ID = "[0-9a-f]{32}"
EXPECTED = re.compile(
    rf"pythie\.db(-wal|-shm)?|\.pythie\.db\.lock|server\.lock|servers/[0-9a-f]{{16}}\.lock"
    rf"|artifacts/{ID}/(?P<artifact>{ID})\.csv|workspaces/\.locks/(?P<lock>{ID})\.lock"
    rf"|workspaces/(?P<project>{ID})/(project(\.previous)?\.json|versions/[0-9]+\.json"
    rf"|(tables|source)/(?P<content>{ID})(\.arrow)?)"
)


def say(**words: Any) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


class Server:
    """The stores of one data folder, after what a start mends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspaces = WorkspaceStore(folder / "workspaces", Project)
        self.library = Library(folder, self.workspaces, Settings())
        self.artifacts = EmbeddedArtifacts(folder)

    def start(self) -> int:
        return self.library.sweep() + self.artifacts.sweep()

    def project_ids(self) -> list[str]:
        return [entry.id for entry in self.library.projects(ADA.id)]


def described(project: Project) -> list[Any]:
    source = project.source.fingerprint if project.source is not None else None
    return [project.name, project.revision, source, len(project.history.present)]


# Saving


def table(number: int) -> tuple[Table, bytes]:
    frame = pd.DataFrame({"a": range(number, number + 40), "b": [number * 0.5] * 40, "c": ["x", "y"] * 20})
    return Table.of(frame, name=f"table {number}"), frame.to_csv(index=False).encode()


class Saver:
    """Somebody who does one thing after the other, each drawn at random."""

    def __init__(self, server: Server, chance: random.Random) -> None:
        self.server, self.chance = server, chance

    def act(self) -> None:
        projects, artifacts = self.server.project_ids(), self.server.artifacts.list(ADA)
        changes = [self.name, self.table, self.step, self.undo, self.restore]
        acts = [*changes, *changes, self.create, self.duplicate, self.bring, self.put, self.put]
        if not projects:
            acts = [self.create]
        if len(projects) >= MOST_PROJECTS:
            acts = [act for act in acts if act not in (self.create, self.duplicate, self.bring)]
            acts += [self.delete_project, self.delete_project]
        if artifacts:
            acts += [self.rename, self.delete_artifact]
        if len(artifacts) >= MOST_ARTIFACTS:
            acts = [act for act in acts if act != self.put]
        self.draw(projects, artifacts)
        self.chance.choice(acts)()

    def one(self, act: str, step: int) -> None:
        """Do one thing, and be killed before the step of it with this number."""
        while len(projects := self.server.project_ids()) < 2:
            self.draw([], [])
            self.create()
        while len(artifacts := self.server.artifacts.list(ADA)) < 2:
            self.draw([], [])
            self.put()
        self.draw(projects, artifacts)
        die_before(step)
        getattr(self, act)()

    def draw(self, projects: Any, artifacts: Any) -> None:
        self.project = self.chance.choice(projects) if projects else ""
        self.artifact = self.chance.choice(artifacts).id if artifacts else ""
        self.number = self.chance.randrange(10**6)

    def change(self, change: Any) -> None:
        def announced(project: Project) -> Project:
            after = change(project)
            say(will=["project", self.project, described(after)])
            return after

        after = self.server.workspaces.update(self.project, announced)
        say(done=["project", self.project, described(after)])

    def name(self) -> None:
        self.change(lambda project: project.with_name(f"name {self.number}"))

    def table(self) -> None:
        brought, content = table(self.number)
        self.change(lambda project: project.with_table(brought, origin="file.csv", content=content))

    def step(self) -> None:
        steps = OPERATIONS["drop_duplicates"]
        self.change(lambda project: project.with_recipe(Recipe([steps()] * (1 + self.number % 3))))

    def undo(self) -> None:
        self.change(lambda project: project.undone())

    def restore(self) -> None:
        versions = self.server.library.versions(ADA.id, self.project)
        if versions:
            revision = self.chance.choice(versions).revision
            self.change(lambda project: project.restored(revision))

    def create(self) -> None:
        say(will=["project", None, [f"name {self.number}", 1, None, 0]])
        id_ = self.server.library.create(ADA.id, f"name {self.number}")
        self.tell_project(id_)

    def duplicate(self) -> None:
        before = described(self.server.workspaces.load(self.project))
        say(will=["project", None, [None, None, *before[2:]]])
        self.tell_project(self.server.library.duplicate(ADA.id, self.project))

    def bring(self) -> None:
        path = self.server.folder.with_name("brought.pythie")
        id_ = self.server.workspaces.new_id() if self.number % 2 else None
        say(will=["project", id_, ["brought", None, table(7)[0].fingerprint, 0]])
        self.tell_project(self.server.library.bring(ADA.id, path, project_id=id_))

    def delete_project(self) -> None:
        say(will=["project", self.project, None])
        self.server.library.delete(ADA.id, self.project)
        say(done=["project", self.project, None])

    def tell_project(self, id_: str) -> None:
        say(done=["project", id_, described(self.server.workspaces.load(id_))])

    def put(self) -> None:
        content = b"a\n" * (1 + self.number % 40_000)
        say(will=["artifact", None, [f"thing {self.number}", digest_of(content)]])
        kept = self.server.artifacts.put(
            ADA, name=f"thing {self.number}", kind="csv", page="train", content=content
        )
        say(done=["artifact", kept.id, [kept.name, digest_of(content)]])

    def rename(self) -> None:
        digest = digest_of(self.server.artifacts.get(ADA, self.artifact))
        say(will=["artifact", self.artifact, [f"other {self.number}", digest]])
        self.server.artifacts.rename(ADA, self.artifact, f"other {self.number}")
        say(done=["artifact", self.artifact, [f"other {self.number}", digest]])

    def delete_artifact(self) -> None:
        say(will=["artifact", self.artifact, None])
        self.server.artifacts.delete(ADA, self.artifact)
        say(done=["artifact", self.artifact, None])


def save(folder: Path, seed: int) -> None:
    server = Server(folder)
    server.start()
    saver = Saver(server, random.Random(seed))
    say(up=True)
    while True:
        saver.act()


def die_before(step: int) -> None:
    """Let the process be killed before it touches the folder for the time with this number."""
    left = itertools.count(step, -1)

    def touched(event: str, given: Any) -> None:
        writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
        if (event in TOUCHES or writes) and next(left) == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touched)


def save_one(folder: Path, seed: int, act: str, step: int) -> Server:
    server = Server(folder)
    server.start()
    Saver(server, random.Random(seed)).one(act, step)
    return server


# Looking


def look(folder: Path, seed: int) -> Server:
    # A start takes what is younger than itself for work under way; no server starts so fast after its end.
    time.sleep(CLOCK_STEP_SECONDS)
    server = Server(folder)
    swept = server.start()
    projects, contents = {}, {}
    for id_ in server.project_ids():
        project = server.workspaces.load(id_)
        assert project.note is None, "the version before the last was opened"
        if project.table is not None:
            assert fingerprint_of(project.table.frame) == project.source.fingerprint
            assert project.original
        for version in server.library.versions(ADA.id, id_):
            kept = project.restored(version.revision)
            assert kept.table is None or kept.original
        projects[id_] = described(project)
        contents[id_] = named_in(server.workspaces.folder(id_))
    artifacts = {
        one.id: [one.name, digest_of(server.artifacts.get(ADA, one.id))] for one in server.artifacts.list(ADA)
    }
    assert server.start() == 0, "something was left after the first sweep"
    found = orphans(folder, projects.keys(), contents, artifacts.keys())
    say(project=projects, artifact=artifacts, orphans=found, swept=swept)
    return server


def named_in(folder: Path) -> set[str]:
    """Return the hashes that the documents of a project name."""
    documents = [*folder.glob("project*.json"), *folder.glob("versions/*.json")]
    return {word for path in documents for word in re.findall(ID, path.read_text("ascii"))}


def orphans(folder: Path, projects: Any, contents: dict[str, set[str]], artifacts: Any) -> list[str]:
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
    folders = [path.name for path in folder.glob("workspaces/[!.]*") if path.name not in projects]
    return [name for name in names if not is_wanted(name, projects, contents, artifacts)] + folders


def is_wanted(name: str, projects: Any, contents: dict[str, set[str]], artifacts: Any) -> bool:
    found = EXPECTED.fullmatch(name)
    if found is None:
        return False
    parts = found.groupdict()
    return (
        (parts["artifact"] is None or parts["artifact"] in artifacts)
        and (parts["project"] is None or parts["project"] in projects)
        and (parts["lock"] is None or parts["lock"] in projects)
        and (parts["content"] is None or parts["content"] in contents[parts["project"]])
    )


def prepare(folder: Path, seed: int) -> Server:
    """Write the project file that is brought, and a first project to begin with."""
    brought, content = table(7)
    project = Project.create(folder.with_name("brought"), name="brought")
    project.with_table(brought, origin="file.csv", content=content).save(folder.with_name("brought.pythie"))
    server = Server(folder)
    server.start()
    server.library.create(ADA.id, "first")
    return server


ORDERS = {"save": save, "save_one": save_one, "look": look, "prepare": prepare}


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            code = 1
            with contextlib.suppress(BrokenPipeError):
                try:
                    # Kept to the end, as a server keeps its stores: their locks say that it is alive.
                    kept = ORDERS[order.pop("do")](Path(order.pop("folder")), **order)
                    code = int(kept is None)
                finally:
                    sys.stderr.flush()
                    if code:
                        import traceback

                        traceback.print_exc()
                    os._exit(code)
        say(born=pid)
        _, status = os.waitpid(pid, 0)
        say(dead=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
