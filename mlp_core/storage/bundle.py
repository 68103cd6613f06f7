"""What a project's folder holds besides its document, and which of it goes into a project's file.

Models travel as skops only, never as joblib: a file from a stranger must not be able to run anything.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from mlp_core.errors import StorageError
from mlp_core.storage import versions
from mlp_core.storage.blobs import write_parquet
from mlp_core.storage.source import SourceRef, kept_table, original_path, parquet_path
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


class Trained:
    """What a project says of its trainings."""

    folder: Path

    def board_ids(self) -> list[str]:
        """Return the ids of the trainings that left a leaderboard, newest first, as the folder has them."""
        return board_ids(self.folder)

    def board_folder(self, id_: str) -> Path:
        """Return the folder of one training's leaderboard.

        Raises
        ------
        StorageError
            It is not the id of a training.
        """
        return board_folder(self.folder, id_)

    def boards(self) -> list[Path]:
        """Return the folders of the leaderboards, newest first."""
        return [self.board_folder(id_) for id_ in self.board_ids()]


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


def forget_unused(folder: Path, documents: Iterable[Mapping[str, Any]]) -> None:
    """Delete tables and originals that no version and none of these documents names, once a day old.

    A training that waits for its turn may still want a table that the project has just left.
    """
    with contextlib.suppress(OSError):
        delete_unused(folder, documents, older_than=time.time() - _UNUSED_SECONDS)


def delete_unused(
    folder: Path,
    documents: Iterable[Mapping[str, Any]],
    *,
    wanted: Collection[str] = (),
    older_than: float,
) -> int:
    """Delete tables and originals that no version and none of these documents names, if they are old enough.

    Parameters
    ----------
    wanted : collection of str
        Hashes that something else names.
    older_than : float
        Seconds since the epoch; what was written later stays.

    Returns
    -------
    int
        How many were deleted.

    Raises
    ------
    OSError
        The folder cannot be read or written.
    """
    named = {name for document in documents for name in hashes_in(document)}.union(wanted)
    unused = [
        path
        for path in (*folder.glob("tables/*"), *folder.glob("source/*"))
        if path.stem not in named and path.stat().st_mtime < older_than
    ]
    # Versions are many, and what only they name is seldom there.
    if unused:
        named = {name for _, _, document in versions.documents(folder) for name in hashes_in(document)}
        unused = [path for path in unused if path.stem not in named]
    for path in unused:
        path.unlink(missing_ok=True)
    return len(unused)


def hashes_in(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the hashes that a document names, which are the names of its files."""
    for source in (document.get("source"), *document.get("others", ())):
        if isinstance(source, Mapping):
            yield from (str(source.get(key)) for key in ("fingerprint", "original"))
