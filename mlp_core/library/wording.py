"""The earlier versions of a project in words: the change that led to each, and what it holds."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlp_core.errors import StorageError
from mlp_core.project import Project
from mlp_core.storage import versions
from mlp_core.storage.source import SAMPLE, SourceRef, original_path, table_path
from mlp_core.storage.versions import Version
from mlp_core.text import Text

Step = Mapping[str, Any]


def described(project: Project) -> list[Version]:
    """Return the versions of a project that can be restored, newest first, with their words."""
    known: list[tuple[int, float, Project]] = []
    for revision, when, document in versions.documents(project.folder):
        with contextlib.suppress(StorageError):
            former = Project.from_document(document, project.folder)
            # The newest may be what the project still is, where the change after it was never finished.
            if not known and _change(project, former) is None:
                continue
            if all(_is_there(project.folder, ref) for ref in former.sources):
                known.append((revision, when, former))
    older: list[Project | None] = [*(former for _, _, former in known[1:]), None]
    return [
        Version(revision=revision, when=when, what=_words(former, before))
        for (revision, when, former), before in zip(known, older, strict=False)
    ]


def _is_there(folder: Path, ref: SourceRef) -> bool:
    if table_path(folder, ref.fingerprint).exists() or ref.origin.startswith(SAMPLE):
        return True
    return bool(ref.original) and original_path(folder, ref.original).exists()


def _words(project: Project, before: Project | None) -> Text:
    held = _held(project)
    change = _change(project, before) if before is not None else None
    return Text("{change} ({held})", change=change, held=held) if change is not None else held


def _held(project: Project) -> Text:
    source, steps = project.source, len(project.history.present)
    if source is None:
        return Text("no table")
    if steps:
        return Text("{table}, {steps:n} {steps|step|steps}", table=source.name, steps=steps)
    return Text("{table}, no step", table=source.name)


def _change(project: Project, before: Project) -> Text | None:
    return (
        _table_change(project.source, before.source)
        or _others_change(project, before)
        or _steps_change(project.history.present, before.history.present)
        or _name_change(project.name, before.name)
    )


def _table_change(now: SourceRef | None, before: SourceRef | None) -> Text | None:
    if now == before:
        return None
    if now is None:
        return Text("Table removed")
    if before is not None and now.same_file_as(before):
        return Text("Table read in another way")
    return Text("New table")


def _others_change(project: Project, before: Project) -> Text | None:
    former = {ref.fingerprint for ref in before.others}
    present = {ref.fingerprint for ref in project.others}
    added = [ref.name for ref in project.others if ref.fingerprint not in former]
    removed = [ref.name for ref in before.others if ref.fingerprint not in present]
    if added:
        return Text("Other table added: {names:list}", names=added)
    return Text("Other table removed: {names:list}", names=removed) if removed else None


def _steps_change(now: Sequence[Step], before: Sequence[Step]) -> Text | None:
    if list(now) == list(before):
        return None
    added = [step for step in now if step not in before]
    removed = [step for step in before if step not in now]
    match len(added), len(removed):
        case 1, 0:
            return Text("Step added: {step}", step=_label(added[0]))
        case 0, 1:
            return Text("Step removed: {step}", step=_label(removed[0]))
        case 1, 1 if len(now) == len(before):
            return Text("Step changed: {step}", step=_label(added[0]))
    return Text("Steps changed")


def _name_change(now: str, before: str) -> Text | None:
    if now == before:
        return None
    return Text("Renamed to {name}", name=now) if now else Text("Name removed")


def _label(step: Step) -> Text | str:
    from mlp_core.clean import OPERATIONS

    id_ = str(step.get("id"))
    return OPERATIONS.label(id_) if id_ in OPERATIONS else id_
