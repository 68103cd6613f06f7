"""The first rows of a file, shown while the rest of it is still being read."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from mlp_core.config import Settings
from mlp_core.errors import MLPError
from mlp_core.read.door import read_table
from mlp_core.read.formats import format_of
from mlp_core.read.options import ReadOptions
from mlp_core.table import Table

MOST_ROWS: Final = 500
_HEAD_BYTES: Final = 1 << 18

_UNPACKERS: Final[Mapping[bytes, Callable[[], Any]]] = MappingProxyType(
    {
        b"\x1f\x8b": lambda: zlib.decompressobj(wbits=31),
        b"BZh": bz2.BZ2Decompressor,
        b"\xfd7zXZ\0": lzma.LZMADecompressor,
    }
)


def first_look(
    source: str | Path | bytes,
    options: ReadOptions | None = None,
    *,
    name: str = "table",
    settings: Settings | None = None,
) -> Table | None:
    r"""Return the first rows of a text file, whatever its size; ``None`` where only all of it tells.

    Parameters
    ----------
    source : str, Path or bytes
        Path of the file, or its content; no more than its beginning is looked at.
    options : ReadOptions, optional
        Decisions already taken.

    Returns
    -------
    Table or None
        At most ``MOST_ROWS`` rows. The whole file may tell more of its columns than these rows do.

    Examples
    --------
    >>> table = first_look(b"age;city\n31;Lyon\n44;Nice\n")
    >>> table.frame.shape
    (2, 2)
    """
    head, whole = _head(source)
    for magic, unpacker in _UNPACKERS.items():
        if head.startswith(magic):
            head, whole = _unpacked(head, unpacker()), False
    try:
        if not whole:
            head = _whole_lines(head)
            if not format_of(head).small:
                return None
        table = read_table(head, options, name=name, settings=settings)
    except MLPError:
        return None
    return Table.of(table.frame.head(MOST_ROWS), name=name, report=table.report)


def _head(source: str | Path | bytes) -> tuple[bytes, bool]:
    if isinstance(source, bytes):
        return source[:_HEAD_BYTES], len(source) <= _HEAD_BYTES
    try:
        with Path(source).open("rb") as file:
            head = file.read(_HEAD_BYTES)
            return head, not file.read(1)
    except OSError:
        return b"", True


def _unpacked(head: bytes, unpacker: Any) -> bytes:
    try:
        return bytes(unpacker.decompress(head, _HEAD_BYTES))
    except (OSError, EOFError, zlib.error, lzma.LZMAError):
        return b""


def _whole_lines(head: bytes) -> bytes:
    """Return a beginning without its last line, which may be cut; in UTF-16 a line ends on an even byte."""
    for line_end, width in ((b"\n\0", 2), (b"\0\n", 2), (b"\n", 1), (b"\r", 1)):
        end = head.rfind(line_end)
        if end >= 0 and (width == 1 or b"\0" in head[:64]):
            return head[: (end + len(line_end)) // width * width]
    return head
