"""The versions of a project before the present one: whole documents, kept beside it and numbered in turn.

A document becomes a version when a change of the tables, the steps or the name replaces it; what only touches
the plan or a training keeps the place that the state has. A version is a second name of a file that was
written once, so it costs no more than a rename, and its time is the time at which that state was saved. Its
number is never given again, whatever the document says of its own revision: a state that another server made
may have any.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mlp_core.errors import NotFound
from mlp_core.files import storing
from mlp_core.storage.documents import decoded, give_name
from mlp_core.text import Text

MOST: Final = 20
"""Versions kept before the present one."""

_PLACE: Final = "versions"
_NAME: Final = re.compile(r"(0|[1-9][0-9]{0,18})\.json")


@dataclass(frozen=True, kw_only=True)
class Version:
    """One state that a project was in.

    Attributes
    ----------
    revision : int
        Its number, by which it is restored; later versions have higher ones.
    when : float
        When it was saved, in seconds since the epoch.
    what : Text
        What was changed to come to it, and what it holds.
    """

    revision: int
    when: float
    what: Text


def keep(document: Path, former: Mapping[str, Any], present: Mapping[str, Any]) -> None:
    """Keep the version that stands at ``document`` where a change of weight is to replace it.

    Parameters
    ----------
    document : Path
        Where the former version still stands.
    former, present : mapping
        What it holds, and what will.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    if _weight(former) == _weight(present):
        return
    folder = document.parent / _PLACE
    kept = _files(document.parent)
    # Who was killed just after this point last time has left it there.
    if kept and _is_same(kept[0][1], document):
        return
    number = kept[0][0] + 1 if kept else 0
    with storing():
        folder.mkdir(exist_ok=True, mode=0o700)
        give_name(document, folder / f"{number}.json")
        for _, path in kept[MOST - 1 :]:
            path.unlink(missing_ok=True)


def documents(folder: Path) -> Iterator[tuple[int, float, dict[str, Any]]]:
    """Yield number, time and content of each version of a project that is whole, newest first."""
    for number, path in _files(folder):
        with contextlib.suppress(OSError):
            data, when = decoded(path.read_bytes()), path.stat().st_mtime
            if data is not None:
                yield number, when, data


def read(folder: Path, revision: int) -> dict[str, Any]:
    """Return the document of one version.

    Raises
    ------
    NotFound
        There is none, or it is damaged.
    """
    name = f"{revision}.json"
    try:
        data = decoded((folder / _PLACE / name).read_bytes()) if _NAME.fullmatch(name) else None
    except OSError:
        data = None
    if data is None:
        raise no_such_version()
    return data


def no_such_version() -> NotFound:
    """Return the answer to who asks for a version that is not kept, or cannot be opened."""
    return NotFound(
        Text("There is no such version of this project."),
        hint=Text("Choose one from the list; only the last {most:n} are kept.", most=MOST),
    )


def _files(folder: Path) -> list[tuple[int, Path]]:
    """Return the versions in a project's folder, newest first."""
    try:
        names = os.listdir(folder / _PLACE)
    except OSError:
        return []
    numbers = (int(name.removesuffix(".json")) for name in names if _NAME.fullmatch(name))
    return [(number, folder / _PLACE / f"{number}.json") for number in sorted(numbers, reverse=True)]


def _is_same(path: Path, document: Path) -> bool:
    try:
        return os.path.samefile(path, document)
    except OSError:
        return False


def _weight(data: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes a change worth a place of its own."""
    history = data.get("history")
    steps = history.get("present") if isinstance(history, Mapping) else None
    return data.get("name"), data.get("source"), data.get("others", []), steps
