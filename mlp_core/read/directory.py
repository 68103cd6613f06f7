"""The directory of a ZIP archive, checked before anything in it is opened.

What an archive says of itself is only a claim: the directory is bounded before it is parsed, members may not
lie over one another, and what a member grows to is counted while it is unpacked, never taken on trust.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, MLPError, NotATable, TooLarge
from mlp_core.text import Text

FLOOR_BYTES: Final = 64 << 20
"""So much a small file may always grow to."""

MOST_MEMBERS: Final = 10_000
_MOST_DIRECTORY: Final = 8 << 20
_CHUNK: Final = 1 << 18
_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x06"
_TAIL: Final = 22 + (1 << 16)
_LOCAL: Final = 30
_ENCRYPTED: Final = 1

_DAMAGED: Final = Text("The archive is cut off or damaged.")
_AGAIN: Final = Text("Copy or download it again; it is not whole.")


def growth_limit(size: int, settings: Settings) -> int:
    """Return how many bytes the content of a file of ``size`` bytes may grow to.

    Examples
    --------
    >>> growth_limit(1000, Settings()) >> 20, growth_limit(500_000, Settings(max_expansion=1000)) >> 20
    (64, 200)
    """
    return min(max(FLOOR_BYTES, settings.max_expansion * size), max(settings.max_upload_mb << 20, size))


def too_large(limit: int) -> MLPError:
    """Return the error of a file whose content grows past its limit."""
    return TooLarge(
        Text("What is packed in the file grows to more than {limit:n} MB.", limit=limit >> 20),
        hint=Text("Unpack it yourself, and load the table that is inside."),
    )


def member_names(data: bytes) -> tuple[str, ...]:
    """Return the names in the directory of an archive; nothing where it cannot be read."""
    try:
        return tuple(info.filename for info in directory(data).infolist())
    except MLPError:
        return ()


def directory(data: bytes) -> zipfile.ZipFile:
    """Return an archive whose directory has been checked.

    Raises
    ------
    DamagedFile
        There is no directory, or it contradicts itself.
    TooLarge
        It lists too many members.
    """
    length = _directory_bytes(data)
    if length is None:
        raise DamagedFile(_DAMAGED, hint=_AGAIN)
    if length > _MOST_DIRECTORY:
        raise _too_many()
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, UnicodeError):
        raise DamagedFile(_DAMAGED, hint=_AGAIN) from None
    if len(archive.infolist()) > MOST_MEMBERS:
        raise _too_many()
    _check_apart(archive)
    return archive


def unpacked(data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a member in pieces, for as long as it really is.

    Raises
    ------
    DamagedFile
        It is cut off, or packed in a way that is not known.
    """
    head = data[info.header_offset : info.header_offset + _LOCAL]
    if len(head) < _LOCAL or head[:4] != b"PK\x03\x04":
        raise DamagedFile(_DAMAGED, hint=_AGAIN)
    names, extra = struct.unpack("<HH", head[26:30])
    start = info.header_offset + _LOCAL + names + extra
    packed = memoryview(data)[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    decoder = _decoder(info)
    try:
        if info.compress_type != zipfile.ZIP_DEFLATED:
            yield from _other(packed, decoder)
            return
        for place in range(0, len(packed), _CHUNK):
            rest = packed[place : place + _CHUNK]
            while rest and not decoder.eof:  # type: ignore[attr-defined]
                yield decoder.decompress(rest, _CHUNK * 4)  # type: ignore[attr-defined]
                rest = decoder.unconsumed_tail  # type: ignore[attr-defined]
    except (zlib.error, OSError, EOFError, ValueError):
        raise DamagedFile(_DAMAGED, hint=_AGAIN) from None
    if not decoder.eof:  # type: ignore[attr-defined]
        raise DamagedFile(_DAMAGED, hint=_AGAIN)


def first_bytes(data: bytes, name: str) -> bytes:
    """Return how a member begins; nothing where it cannot be read."""
    try:
        archive = directory(data)
        return next(unpacked(data, archive.getinfo(name)), b"")
    except (MLPError, KeyError):
        return b""


def check_growth(data: bytes, settings: Settings, *, only: Sequence[str]) -> None:
    """Refuse an archive in which the members that begin with ``only`` grow past the limit, all together.

    Raises
    ------
    TooLarge
        They do.
    DamagedFile
        The archive is damaged.
    """
    limit, grown = max(FLOOR_BYTES, settings.max_expansion * len(data)), 0
    for info in directory(data).infolist():
        name = info.filename.replace("\\", "/").lower()
        if info.flag_bits & _ENCRYPTED or not name.startswith(tuple(only)) or name.startswith("xl/media/"):
            continue
        for piece in unpacked(data, info):
            grown += len(piece)
            if grown > limit:
                raise too_large(limit)


def is_locked(info: zipfile.ZipInfo) -> bool:
    """Whether a member asks for a password."""
    return bool(info.flag_bits & _ENCRYPTED)


def _decoder(info: zipfile.ZipInfo) -> object:
    import bz2

    if info.compress_type == zipfile.ZIP_DEFLATED:
        return zlib.decompressobj(-15)
    if info.compress_type == zipfile.ZIP_BZIP2:
        return bz2.BZ2Decompressor()
    raise NotATable(
        Text("The archive is packed in a way that is not known here."),
        hint=Text("Pack it again as an ordinary ZIP archive, or load the file that is inside."),
    )


def _other(packed: memoryview, decoder: object) -> Iterator[bytes]:
    piece: bytes | memoryview = packed
    while not decoder.eof:  # type: ignore[attr-defined]
        out = decoder.decompress(piece, _CHUNK * 4)  # type: ignore[attr-defined]
        if not out and decoder.needs_input:  # type: ignore[attr-defined]
            raise EOFError
        piece = b""
        yield out


def _directory_bytes(data: bytes) -> int | None:
    """Return how long the directory claims to be; None where there is none."""
    tail_start = max(0, len(data) - _TAIL)
    place = data.rfind(_END, tail_start)
    if place < 0 or place + 22 > len(data):
        return None
    length = int(struct.unpack("<I", data[place + 12 : place + 16])[0])
    if length == 0xFFFFFFFF:
        far = data.rfind(_END_64, max(0, place - 4096), place)
        if far < 0 or far + 48 > len(data):
            return None
        length = int(struct.unpack("<Q", data[far + 40 : far + 48])[0])
    return length if length <= len(data) else None


def _check_apart(archive: zipfile.ZipFile) -> None:
    """Refuse members that lie over one another, as those of an archive bomb do."""
    places = sorted((info.header_offset, info.compress_size) for info in archive.infolist() if info.file_size)
    end = -1
    for start, length in places:
        if start < end:
            raise DamagedFile(
                Text("The members of the archive lie over one another."),
                hint=Text("Pack it again as an ordinary ZIP archive, or load the file that is inside."),
            )
        end = start + length


def _too_many() -> MLPError:
    return TooLarge(
        Text("The archive holds more than {n:n} files.", n=MOST_MEMBERS),
        hint=Text("Unpack it yourself, and load the table that is inside."),
    )
