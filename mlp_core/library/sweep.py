"""What a killed server leaves half done in the data folder, and how it is told from what is wanted."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mlp_core.files import is_held, read_json
from mlp_core.jobs import JobStore
from mlp_core.jobs.status import ALIVE
from mlp_core.project import FORMAT, Project
from mlp_core.storage import WorkspaceStore, bundle
from mlp_core.storage.documents import decoded, previous_of
from mlp_core.storage.workspaces import DOCUMENT

_DRAFT: Final = re.compile(r"\..+\.tmp")
_HASH: Final = re.compile(r"[0-9a-f]{32}")
PASSING: Final = "tmp"
"""Where a server puts what it needs for a moment only, so that nothing of a person stays elsewhere."""

_PLACES_OF_DRAFTS: Final = ("sessions", "jobs", "readings")


def visited(root: Path) -> set[str]:
    """Return the workspaces that sessions name, those of earlier versions among them."""
    named: set[str] = set()
    for path in (root / "sessions").glob("*.json"):
        data = read_json(path)
        if isinstance(data, dict):
            named.update(str(data[key]) for key in ("workspace", "owner") if data.get(key))
    return named


def tidy(
    workspaces: WorkspaceStore[Project], id_: str, jobs: Sequence[JobStore], *, older_than: float
) -> int:
    """Delete the drafts in a workspace, and the files that nothing in it names; return how many.

    Parameters
    ----------
    older_than : float
        Seconds since the epoch; what was written later belongs to work under way.
    """
    folder = workspaces.folder(id_)
    if any(is_held(lock) for lock in folder.glob(f"*/*/{ALIVE}")):
        return 0
    with workspaces.alone(id_) as alone, contextlib.suppress(OSError):
        if not alone:
            return 0
        gone = remove_drafts(folder, older_than=older_than)
        held = [decoded(path.read_bytes()) for path in _documents(folder)]
        whole = [one for one in held if one is not None]
        if whole and all(_is_understood(one) for one in whole):
            wanted = _named_by_jobs(folder, jobs)
            gone += bundle.delete_unused(folder, whole, wanted=wanted, older_than=older_than)
        return gone
    return 0


def remove_drafts(folder: Path, *, older_than: float) -> int:
    """Delete what was being written below a folder when its writer was killed; return how many."""
    found = [
        Path(place, name)
        for place, folders, files in os.walk(folder)
        for name in (*folders, *files)
        if _DRAFT.fullmatch(name)
    ]
    return sum(_remove(path, older_than) for path in found)


def remove_leftovers(root: Path, workspaces: WorkspaceStore[Project], *, older_than: float) -> int:
    """Delete what lies beside the workspaces: drafts, what was half deleted, locks of none, passing files."""
    passing = (root / PASSING).glob("*")
    gone = sum(_remove(path, older_than) for path in (*workspaces.leftovers(), *passing))
    return gone + sum(remove_drafts(root / place, older_than=older_than) for place in _PLACES_OF_DRAFTS)


def _documents(folder: Path) -> Iterator[Path]:
    for path in (folder / DOCUMENT, previous_of(folder / DOCUMENT)):
        if path.exists():
            yield path


def _is_understood(document: Mapping[str, Any]) -> bool:
    # A newer version may name files in ways that are not known here.
    return type(document.get("format")) is int and document["format"] <= FORMAT


def _named_by_jobs(folder: Path, jobs: Iterable[JobStore]) -> set[str]:
    latest = (store.latest(folder) for store in jobs)
    return {name for job in latest if job is not None for name in _HASH.findall(json.dumps(job.spec))}


def _remove(path: Path, older_than: float) -> int:
    with contextlib.suppress(OSError):
        if path.lstat().st_mtime >= older_than:
            return 0
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
        return 1
    return 0
