"""A second project with all that the first one holds, independent of it."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import replace
from pathlib import Path

from mlp_core.files import storing
from mlp_core.project import Project
from mlp_core.storage.source import original_path, table_path


def copy_into(project: Project, folder: Path, *, name: str = "") -> Project:
    """Return a copy of a project under an id of its own, written into an empty folder.

    Tables, originals and trained models are never altered in place, so the two projects share their bytes on
    disk where the file system can; each has its own names for them, and deletes only those.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    with storing():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for ref in project.sources:
            places = [table_path(project.folder, ref.fingerprint)]
            if ref.original:
                places.append(original_path(project.folder, ref.original))
            for path in places:
                _share(path, folder / path.relative_to(project.folder))
        for board in project.boards():
            for path in board.rglob("*"):
                if path.is_file():
                    _share(path, folder / path.relative_to(project.folder))
    copied = replace(project, folder=folder, id=secrets.token_hex(8), note=None)
    if name.strip():
        copied = copied.with_name(name)
    copied.write()
    return copied


def _share(path: Path, target: Path) -> None:
    if target.exists() or not path.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)
