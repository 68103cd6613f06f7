"""What a project's folder holds besides its document, and which of it goes into a project's file.

Models travel as skops only, never as joblib: a file from a stranger must not be able to run anything.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from mlp_core.errors import StorageError
from mlp_core.storage.blobs import write_parquet
from mlp_core.storage.source import SourceRef, kept_table, original_path, parquet_path, table_path
from mlp_core.text import Text

BOARD: Final = re.compile(r"[0-9a-f]{20}")
"""The id of a training."""

MEMBER: Final = re.compile(
    r"project\.json"
    r"|tables/[0-9a-f]{32}\.parquet"
    r"|source/[0-9a-f]{32}"
    r"|boards/[0-9a-f]{20}/board\.json"
    r"|boards/[0-9a-f]{20}/runs/[A-Za-z0-9_-]{1,80}/(?:model\.skops|holdout\.parquet|evaluation\.json)"
)
"""All that a project's file may hold."""

_UNUSED_SECONDS: Final = 86_400.0


def board_ids(folder: Path) -> list[str]:
    """Return the ids of the trainings that left a leaderboard, newest first."""
    found = [path.parent.name for path in (folder / "boards").glob("*/board.json")]
    return sorted((id_ for id_ in found if BOARD.fullmatch(id_)), reverse=True)


def board_folder(folder: Path, id_: str) -> Path:
    """Return the folder of one training's leaderboard.

    Raises
    ------
    StorageError
        It is not the id of a training.
    """
    if not BOARD.fullmatch(id_):
        raise StorageError(Text("There is no such training in this project."))
    return folder / "boards" / id_


def members(folder: Path, sources: Iterable[SourceRef], drafts: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a project's file besides its document, with their names in it.

    Parameters
    ----------
    drafts : Path
        A folder for files that are made on the way.

    Raises
    ------
    StorageError
        A table is damaged.
    """
    originals: dict[str, Path] = {}
    for source in sources:
        path = parquet_path(drafts, source.fingerprint)
        write_parquet(path, kept_table(folder, source).frame)
        yield path.relative_to(drafts).as_posix(), path
        original = original_path(folder, source.original)
        # Several sheets of one workbook may be tables, and their file travels once.
        if source.original and original.is_file():
            originals[original.relative_to(folder).as_posix()] = original
    yield from originals.items()
    for id_ in board_ids(folder):
        for path in sorted(board_folder(folder, id_).rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and MEMBER.fullmatch(name):
                yield name, path


def forget_unused(folder: Path, used: Iterable[SourceRef]) -> None:
    """Delete tables and originals that are not among ``used``, if they have lain there for a day.

    A training that waits for its turn may still want a table that the project has just left.
    """
    kept = {table_path(folder, source.fingerprint) for source in used}
    kept |= {original_path(folder, source.original) for source in used}
    old = time.time() - _UNUSED_SECONDS
    with contextlib.suppress(OSError):
        for path in (*folder.glob("tables/*"), *folder.glob("source/*")):
            if path not in kept and path.stat().st_mtime < old:
                path.unlink()
