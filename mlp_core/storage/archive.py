"""Zip files of known members: written whole or not at all, and read as if an enemy had written them."""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from mlp_core.errors import StorageError
from mlp_core.files import write_atomically
from mlp_core.text import Text

_STORED_AS_THEY_ARE: Final = (".parquet", ".skops")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What an archive may unfold into.

    Attributes
    ----------
    members : int
        Files.
    total_bytes : int
        Bytes of all files, unfolded.
    ratio : int
        Times its own size, beyond a first ``free_bytes``.
    """

    members: int = 5_000
    total_bytes: int = 4 << 30
    ratio: int = 100
    free_bytes: int = 64 << 20


def pack(path: Path, members: Iterable[tuple[str, Path | bytes]]) -> None:
    """Write a zip of named files or bytes, whole or not at all.

    Raises
    ------
    StorageError
        The disk is full, or a folder cannot be read or written.
    """

    def write(file: BinaryIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members:
                packed = name.endswith(_STORED_AS_THEY_ARE)
                kind = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
                if isinstance(content, bytes):
                    archive.writestr(name, content, compress_type=kind)
                else:
                    archive.write(content, name, compress_type=kind)

    write_atomically(path, write)


def unpack(path: Path, folder: Path, allowed: re.Pattern[str], limits: Limits | None = None) -> list[str]:
    """Unfold a zip into ``folder`` and return the names of its members.

    Only members whose whole name matches ``allowed`` are taken; any other, and any link, is a reason to
    refuse the file. The sizes that the archive states can be relied on: zipfile gives no byte beyond them.

    Raises
    ------
    StorageError
        The file is no zip, is damaged, holds what it should not, or unfolds into too much.
    """
    bounds = limits or Limits()
    try:
        room = min(bounds.total_bytes, bounds.free_bytes + bounds.ratio * path.stat().st_size)
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > bounds.members or sum(info.file_size for info in infos) > room:
                raise _too_much()
            names = [info.filename for info in infos]
            if len(set(names)) < len(names) or not all(_is_welcome(info, allowed) for info in infos):
                raise not_a_project()
            for info in infos:
                with archive.open(info) as member:
                    write_atomically(
                        folder / info.filename, partial(shutil.copyfileobj, member), durable=False
                    )
    except StorageError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        OverflowError,
    ) as failure:
        raise not_a_project() from failure
    return names


def not_a_project() -> StorageError:
    """Return the error of a file that is no project, or no longer one."""
    return StorageError(
        Text("This file is not a Pythie project, or it is damaged."),
        hint=Text("Choose a .pythie file that was saved by Pythie, or another copy of it."),
    )


def _too_much() -> StorageError:
    return StorageError(
        Text("This project file unfolds into more than this server allows."),
        hint=Text("Choose a .pythie file that was saved by Pythie, or another copy of it."),
    )


def _is_welcome(info: zipfile.ZipInfo, allowed: re.Pattern[str]) -> bool:
    kind = stat.S_IFMT(info.external_attr >> 16)
    plain = kind in (0, stat.S_IFREG) and not info.flag_bits & 0x1
    known = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return plain and known and allowed.fullmatch(info.filename) is not None
