"""From a packed file to what is packed in it, one level at a time and never past a limit."""

from __future__ import annotations

import bz2
import io
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Final

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, InvalidParameter, NotATable, ReadError
from mlp_core.read.directory import MOST_MEMBERS, directory, growth_limit, is_locked, too_large, unpacked
from mlp_core.read.options import ReadOptions
from mlp_core.text import Text

DEEPEST: Final = 2
"""Levels of packing: a table in a .gz inside a .zip is read, one more is refused."""

_CHUNK: Final = 1 << 18
_DATA: Final = (
    *("csv", "tsv", "tab", "txt", "data", "dat", "xlsx", "xlsm", "xlsb", "xls", "ods", "parquet", "feather"),
    *("arrow", "orc", "json", "jsonl", "ndjson", "sas7bdat", "xpt", "dta", "sav", "zsav", "por", "sqlite"),
    *("sqlite3", "db", "duckdb", "xml", "html", "htm"),
)
_PACKED: Final = ("gz", "bz2", "xz", "zst")
_TEXTS: Final = frozenset({"readme", "license", "licence", "index", "description", "codebook", "lisez-moi"})
_AGAIN: Final = Text("Copy or download it again; it is not whole.")


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is to be read, and where in the packed file it stood.

    Attributes
    ----------
    data : bytes
        The content itself.
    member : str
        Its name inside an archive; empty where it was not in one.
    members : tuple of str
        All that the archive holds.
    options : ReadOptions
        What is left to decide, with the name of the part inside the member.
    sure : float
        How sure the choice of the member is, 0-1.
    """

    data: bytes
    options: ReadOptions
    member: str = ""
    members: tuple[str, ...] = ()
    sure: float = 1.0


Opener = Callable[[bytes], Iterator[bytes]]


def unpack(data: bytes, options: ReadOptions, settings: Settings) -> Content:
    """Return what a file holds once it is unpacked; the file itself where it is not packed.

    Raises
    ------
    DamagedFile, TooLarge
        What is packed is cut off, or grows past the limit.
    NotATable
        It is protected by a password, empty, or packed too often.
    InvalidParameter
        The archive has no member of the chosen name.
    """
    content, size = Content(data=data, options=options), len(data)
    for level in range(DEEPEST + 1):
        opener = _opener(content.data)
        holds = _members(content.data) if opener is None else None
        if opener is None and holds is None:
            return content
        if level == DEEPEST:
            break
        if opener is not None:
            content = replace(content, data=_within(opener(content.data), growth_limit(size, settings)))
        elif holds is not None:
            content = _picked(holds, content, growth_limit(size, settings))
    raise NotATable(
        Text("The file is packed more than {n:n} times over.", n=DEEPEST),
        hint=Text("Unpack it yourself, and load the table that is inside."),
    )


def _opener(data: bytes) -> Opener | None:
    return next((opener for magic, opener in _OPENERS.items() if re.match(magic, data)), None)


def _within(pieces: Iterator[bytes], limit: int) -> bytes:
    """Return pieces joined, and stop as soon as they grow past the limit."""
    target = io.BytesIO()
    try:
        for piece in pieces:
            target.write(piece)
            if target.tell() > limit:
                raise too_large(limit)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
        raise DamagedFile(Text("The packed file is cut off or damaged."), hint=_AGAIN) from None
    return target.getvalue()


def _streams(start: Callable[[], Any], data: bytes) -> Iterator[bytes]:
    """Yield what one or more packed streams hold, one after another; what follows them is no data."""
    decoder, fed = start(), False
    place = 0
    while place < len(data):
        rest: bytes = data[place : place + _CHUNK]
        place += len(rest)
        while rest or not decoder.needs_input:
            try:
                yield decoder.decompress(rest, 4 * _CHUNK)
            except (OSError, lzma.LZMAError):
                if not fed:
                    raise
                return
            rest = b""
            if decoder.eof:
                rest, decoder, fed = decoder.unused_data, start(), True
                if not rest.strip(b"\0"):
                    break
    if not fed:
        raise EOFError


def _gzip(data: bytes) -> Iterator[bytes]:
    decoder, begun, whole = zlib.decompressobj(31), False, False
    for place in range(0, len(data), _CHUNK):
        rest = data[place : place + _CHUNK]
        while rest:
            yield decoder.decompress(rest, 4 * _CHUNK)
            rest, begun = decoder.unconsumed_tail, True
            if decoder.eof:
                rest, decoder, begun, whole = decoder.unused_data, zlib.decompressobj(31), False, True
                if not b"\x1f\x8b".startswith(rest[:2]):
                    return
    if begun or not whole:
        raise EOFError


def _zstandard(data: bytes) -> Iterator[bytes]:
    import pyarrow as pa

    with pa.input_stream(pa.py_buffer(data), compression="zstd") as stream:
        while piece := stream.read(_CHUNK):
            yield piece


_OPENERS: Final[Mapping[bytes, Opener]] = MappingProxyType(
    {
        rb"\x1f\x8b\x08": _gzip,
        rb"BZh[1-9](1AY&SY|\x17rE8P\x90)": lambda data: _streams(bz2.BZ2Decompressor, data),
        rb"\xfd7zXZ\0": lambda data: _streams(lambda: lzma.LZMADecompressor(memlimit=1 << 28), data),
        rb"\x28\xb5\x2f\xfd": _zstandard,
    }
)


@dataclass(frozen=True, kw_only=True)
class _Member:
    name: str
    size: int
    locked: bool
    pieces: Callable[[], Iterator[bytes]]


def _members(data: bytes) -> list[_Member] | None:
    """Return the files in an archive; None for what is no archive, or an archive that is one document."""
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        archive = directory(data)
        if _is_document(archive.namelist(), data):
            return None
        return [
            _Member(
                name=info.filename,
                size=info.file_size,
                locked=is_locked(info),
                pieces=partial(unpacked, data, info),
            )
            for info in archive.infolist()
            if not info.is_dir() and not _is_link(info.external_attr)
        ]
    if data[257:262] == b"ustar":
        return _tarred(data)
    return None


def _is_link(attributes: int) -> bool:
    return (attributes >> 16) & 0o170000 == 0o120000


def _is_document(names: list[str], data: bytes) -> bool:
    """Whether an archive is how an office program, Python or another tool keeps one document."""
    own = {name.replace("\\", "/").split("/")[0].lower() for name in names}
    marks = {"[content_types].xml", "mimetype", "meta-inf", "androidmanifest.xml", "data.pkl", "schema.json"}
    arrays = bool(names) and all(name.endswith(".npy") for name in names)
    return bool(own & marks) or arrays or "xl" in own or any(name.endswith("/data.pkl") for name in names)


def _tarred(data: bytes) -> list[_Member]:
    found: list[_Member] = []
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for info in archive:
                if len(found) >= MOST_MEMBERS:
                    break
                if info.isfile() and info.offset_data + info.size <= len(data) and not info.issparse():
                    piece = slice(info.offset_data, info.offset_data + info.size)
                    found.append(
                        _Member(
                            name=info.name,
                            size=info.size,
                            locked=False,
                            pieces=partial(_slice, data, piece),
                        )
                    )
    except (tarfile.TarError, ValueError, OSError, EOFError, RecursionError):
        if not found:
            raise DamagedFile(Text("The archive is cut off or damaged."), hint=_AGAIN) from None
    return found


def _slice(data: bytes, piece: slice) -> Iterator[bytes]:
    yield data[piece]


def _picked(held: list[_Member], content: Content, limit: int) -> Content:
    """Return the content of the chosen member, by default of the largest that looks like a table."""
    usual = [member for member in held if not _is_hidden(member.name)]
    if not usual:
        raise NotATable(
            Text("The archive holds no file."),
            hint=Text("Check that it was packed whole, and load it again."),
        )
    names = tuple(dict.fromkeys(member.name for member in usual))
    wanted = content.options.part
    inner: str | None = None
    if wanted is not None and len(names) > 1:
        chosen = next((name for name in names if wanted == name or wanted.startswith(f"{name}/")), None)
        if chosen is None:
            raise InvalidParameter(
                Text("The file has no part named {part}.", part=wanted),
                hint=Text("It holds: {parts:list}.", parts=names),
            )
        member = next(one for one in usual if one.name == chosen)
        inner = wanted[len(chosen) + 1 :] or None
    else:
        member = max(usual, key=_looks)
        inner = wanted if wanted != member.name else None
    if member.locked:
        raise _locked()
    sure = 1.0 if len(names) == 1 or wanted is not None else 0.6
    data = _within(member.pieces(), limit)
    return Content(
        data=data,
        options=replace(content.options, part=inner),
        member=member.name,
        members=names,
        sure=min(sure, content.sure),
    )


def _locked() -> ReadError:
    return NotATable(
        Text("The archive is protected by a password."),
        hint=Text("Unpack it with its password, and load the table that is inside."),
    )


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith(("__MACOSX", ".")) and part not in (".", "..") for part in parts)


def _looks(member: _Member) -> tuple[int, int]:
    """Return what a member is chosen by: the look of its name, then its size."""
    path = PurePosixPath(member.name.replace("\\", "/").lower())
    ending = path.suffix.removeprefix(".")
    if ending in _PACKED:
        ending = PurePosixPath(path.stem).suffix.removeprefix(".") or "data"
    told = path.name.split(".")[0] in _TEXTS
    return (0 if told else 2 if ending in _DATA else 1), member.size
