"""Works on projects in a process that is killed at a random moment, and checks what the next start finds.

Run as ``python killing.py FOLDER TRIALS SEED``, with the project and its tests on the path. Each trial forks
a worker that tells before and after each action what it does, so what must be there afterwards is known up to
the one action that was under way.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from library.people import ANNE, with_cars

from mlp_core.clean import DropColumns, Recipe
from mlp_core.config import Settings
from mlp_core.library import Library
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore, bundle, versions
from mlp_core.storage.documents import decoded, previous_of

ACTIONS = ("create", "duplicate", "bring", "delete", "rename", "table", "step", "restore")


def open_library(root: Path) -> tuple[Library, WorkspaceStore[Project]]:
    workspaces = WorkspaceStore(root / "workspaces", Project)
    return Library(root, workspaces, Settings()), workspaces


def work(root: Path, seed: int, tell) -> None:
    """Do one thing after another until the end comes."""
    library, workspaces = open_library(root)
    library.sweep()
    chance = random.Random(seed)
    for number in range(10_000):
        ids = sorted(entry.id for entry in library.projects(ANNE))
        action = chance.choice(ACTIONS if len(ids) < 8 else ("delete",)) if ids else "create"
        id_ = chance.choice(ids) if ids else ""
        tell({"begin": action, "id": id_, "name": f"{seed}.{number}"})
        done = act(library, workspaces, root, action, id_, f"{seed}.{number}", chance)
        tell({"end": action, "id": done or id_, "name": f"{seed}.{number}"})


def act(library, workspaces, root, action, id_, name, chance) -> str | None:
    match action:
        case "create":
            return library.create(ANNE, name)
        case "duplicate":
            return library.duplicate(ANNE, id_, name)
        case "bring":
            return library.bring(ANNE, root / "work.pythie")
        case "delete":
            library.delete(ANNE, id_)
        case "rename":
            library.rename(ANNE, id_, name)
        case "table":
            rows = chance.randrange(2, 50)
            workspaces.update(id_, lambda project: with_cars(project, name=name, rows=rows))
        case "step":
            steps = Recipe([DropColumns(columns=(name,))])
            workspaces.update(id_, lambda project: project.with_recipe(steps))
        case "restore":
            found = library.versions(ANNE, id_)
            if found:
                library.restore(ANNE, id_, chance.choice(found).revision)
    return None


def killed(root: Path, seed: int, seconds: float) -> list[dict[str, str]]:
    """Return what a worker told until it was killed."""
    read, write = os.pipe()
    worker = os.fork()
    if not worker:
        os.close(read)
        with os.fdopen(write, "w", buffering=1) as told:
            work(root, seed, lambda line: told.write(json.dumps(line) + "\n"))
        os._exit(0)
    os.close(write)
    time.sleep(seconds)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    with os.fdopen(read) as told:
        return [json.loads(line) for line in told if line.endswith("\n")]


def check(root: Path, must: dict[str, str], lines: list[dict[str, str]]) -> None:
    """Fail where anything but the action under way is missing, or anything is left lying."""
    ended = [line for line in lines if "end" in line]
    pending = lines[-1] if lines and "begin" in lines[-1] else None
    for line in ended:
        if line["end"] == "delete":
            must.pop(line["id"])
        elif line["end"] in ("create", "duplicate", "rename"):
            must[line["id"]] = line["name"]
        else:
            must[line["id"]] = ""
    # No server starts sooner, and what is younger than its start belongs to visitors.
    time.sleep(0.05)
    library, workspaces = open_library(root)
    library.sweep()
    found = {entry.id: entry for entry in library.projects(ANNE)}
    missing, more = set(must) - set(found), set(found) - set(must)
    doing = pending["begin"] if pending else ""
    assert missing <= ({pending["id"]} if doing == "delete" else set()), (missing, pending)
    assert len(more) <= (1 if doing in ("create", "duplicate", "bring") else 0), (more, pending)
    for id_, entry in found.items():
        assert not entry.damaged, entry
        changing = pending is not None and pending["id"] == id_ and doing in ("rename", "restore")
        assert changing or not must.get(id_) or entry.name == must[id_], (entry, must[id_], pending)
        held = workspaces.load(id_)
        assert held.note is None
        assert held.table is None or len(held.table.frame) == held.source.rows
        orphans(workspaces.folder(id_))
    places = root / "workspaces"
    assert {path.name for path in places.iterdir() if path.name != ".locks"} <= set(found)
    assert {path.stem for path in (places / ".locks").iterdir()} <= set(found)
    must.clear()
    must.update({id_: entry.name for id_, entry in found.items()})


def orphans(folder: Path) -> None:
    """Fail where a folder holds a file that nothing in it names."""
    documents = [data for _, _, data in versions.documents(folder)]
    for path in (folder / "project.json", previous_of(folder / "project.json")):
        documents += [decoded(path.read_bytes())] if path.exists() else []
    named = {name for document in documents for name in bundle.hashes_in(document)}
    for path in folder.rglob("*"):
        assert not path.name.endswith(".tmp"), path
        assert path.parent.name not in ("tables", "source") or path.stem in named, path
    assert len(list(folder.glob("versions/*"))) <= versions.MOST


def main(root: Path, trials: int, seed: int) -> None:
    library, workspaces = open_library(root)
    first = library.create(ANNE, "first")
    workspaces.update(first, with_cars)
    library.export(ANNE, first, root / "work.pythie")
    must, actions = {first: "first"}, 0
    chance = random.Random(seed)
    del library, workspaces
    for trial in range(trials):
        lines = killed(root, seed * 1_000 + trial, chance.uniform(0.0, 0.4))
        actions += len(lines)
        check(root, must, lines)
    sys.stdout.write(f"{trials} killed, {actions // 2} actions\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
