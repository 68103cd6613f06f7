"""One project as a list shows it."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlp_core.errors import StorageError
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.workspaces import DOCUMENT


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is known of a project without opening it.

    Attributes
    ----------
    id : str
        32 hexadecimal digits.
    name : str
        What the person calls it; empty where they gave no name.
    title : str
        What to call it: its name, else that of its table, else nothing.
    created, changed, opened : float
        Seconds since the epoch.
    rows, columns : int
        Size of its main table; 0 without one.
    tables : int
        How many tables it has.
    steps : int
        Steps of its recipe.
    trainings : int
        Trainings that left results.
    target : str
        The column that the last plan is to predict; empty where there is none.
    bytes : int
        Room that it takes.
    damaged : bool
        Whether its document cannot be read; all that would be said of its content is then empty.
    """

    id: str
    created: float
    changed: float
    opened: float
    name: str = ""
    title: str = ""
    rows: int = 0
    columns: int = 0
    tables: int = 0
    steps: int = 0
    trainings: int = 0
    target: str = ""
    bytes: int = 0
    damaged: bool = False


def entry_of(workspaces: WorkspaceStore[Project], id_: str, created: float, opened: float) -> Entry:
    """Return what a list says of a project; nothing is made where it was never worked on."""
    folder = workspaces.folder(id_)
    changed = _changed(folder, created)
    if not folder.is_dir():
        return Entry(id=id_, created=created, changed=changed, opened=opened)
    room = bytes_of(folder)
    try:
        project = workspaces.load(id_)
    except StorageError:
        return Entry(id=id_, created=created, changed=changed, opened=opened, bytes=room, damaged=True)
    source = project.source
    return Entry(
        id=id_,
        created=created,
        changed=changed,
        opened=opened,
        name=project.name,
        title=project.title,
        rows=source.rows if source is not None else 0,
        columns=source.columns if source is not None else 0,
        tables=len(project.sources),
        steps=len(project.history.present),
        trainings=len(project.board_ids()),
        target=_target(project.plan),
        bytes=room,
    )


def bytes_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; one that has several names there counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                seen = os.lstat(os.path.join(place, name))
            except OSError:
                continue
            if stat.S_ISREG(seen.st_mode):
                sizes[seen.st_dev, seen.st_ino] = seen.st_size
    return sum(sizes.values())


def _changed(folder: Path, created: float) -> float:
    try:
        return (folder / DOCUMENT).stat().st_mtime
    except OSError:
        return created


def _target(plan: Mapping[str, object] | None) -> str:
    target = plan.get("target") if plan is not None else None
    return target if isinstance(target, str) else ""
