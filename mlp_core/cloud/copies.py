"""A project as a service keeps it: one saved thing, and beside it which state of which project that is."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from mlp_core.project import Project
from mlp_core.storage.artifacts.artifact import Artifact
from mlp_core.storage.artifacts.outbox import is_whole_project

_ID: Final = re.compile(r"[0-9a-f]{32}")
_STAMP: Final = re.compile(r"\d{1,19}-[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One copy of a project.

    Attributes
    ----------
    artifact : Artifact
        The saved thing.
    project : str
        The id of the project among those of its owner.
    revision : int
        Of the project, when it was copied.
    changed : float
        When the project was last changed, in seconds since the epoch.
    stamp : str
        The state that was copied, as :func:`stamp_of` says it.
    """

    artifact: Artifact
    project: str
    revision: int
    changed: float
    stamp: str


def stamp_of(project: Project) -> str:
    """Return what differs whenever a project or its trainings do; two servers may both be at one revision."""
    boards = [(id_, _size_of(project, id_)) for id_ in sorted(project.board_ids())]
    tables = [(ref.fingerprint, ref.name) for ref in project.sources]
    steps = list(project.history.present)
    said = [project.id, project.name, project.plan, steps, tables, boards]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
    return f"{project.revision}-{digest[:16]}"


def is_worth_keeping(project: Project) -> bool:
    """Whether there is anything in a project that somebody would miss."""
    return bool(project.name or project.source is not None or project.board_ids())


def meta_of(project_id: str, project: Project, stamp: str, changed: float) -> str:
    """Return what is noted beside a copy."""
    return json.dumps(
        {"project": project_id, "revision": project.revision, "changed": changed, "stamp": stamp}
    )


def copies_of(artifacts: Iterable[Artifact], *, now: float) -> dict[str, list[Copy]]:
    """Return the copies among saved things, by project, the newest of each first.

    What is noted beside a thing was read from a service and can be of any shape; a thing that says nothing
    that could be a copy's is passed over.
    """
    found: dict[str, list[Copy]] = {}
    for artifact in artifacts:
        copy = _copy_of(artifact, now) if is_whole_project(artifact) else None
        if copy is not None:
            found.setdefault(copy.project, []).append(copy)
    for copies in found.values():
        copies.sort(key=lambda copy: (copy.revision, copy.artifact.created), reverse=True)
    return found


def _copy_of(artifact: Artifact, now: float) -> Copy | None:
    try:
        meta: Any = json.loads(artifact.meta)
        project, revision, changed, stamp = (meta[key] for key in ("project", "revision", "changed", "stamp"))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if not isinstance(project, str) or not _ID.fullmatch(project):
        return None
    if not isinstance(stamp, str) or not _STAMP.fullmatch(stamp) or stamp.split("-")[0] != str(revision):
        return None
    if type(revision) is not int or not isinstance(changed, (int, float)) or not 0 < changed <= now:
        changed = artifact.created
    return Copy(artifact=artifact, project=project, revision=revision, changed=float(changed), stamp=stamp)


def _size_of(project: Project, board_id: str) -> int:
    try:
        return (project.board_folder(board_id) / "board.json").stat().st_size
    except OSError:
        return 0
