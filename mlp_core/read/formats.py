"""What a file is, told by its content and never by its name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mlp_core.config import Settings
from mlp_core.errors import NotATable
from mlp_core.read.delimited import read_delimited
from mlp_core.read.encoding import is_wide
from mlp_core.read.grid import is_blank
from mlp_core.read.options import ReadOptions
from mlp_core.table import Table
from mlp_core.text import Text

HEAD_BYTES: Final = 1 << 16
MAX_CONTROL_SHARE: Final = 0.02
"""Text holds hardly any control characters; above this share the bytes are something else."""

MAX_STRAY: Final = 8
"""So many control characters may stray into a short text."""

_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f"))
_EXPORT: Final = Text("Open it in the program that made it, export the table as CSV, and load that file.")
_UNPACK: Final = Text("Unpack it and load the CSV file that is inside.")

Reader = Callable[[bytes, str, ReadOptions, Settings, bool], Table]


@dataclass(frozen=True, kw_only=True)
class Format:
    """A kind of file that becomes a table.

    Attributes
    ----------
    id : str
        Permanent name.
    label : Text
        What people call it.
    matches : callable of bytes to bool
        Whether the content is of this kind.
    read : callable
        Content, name, options, settings and as_text to a table.
    """

    id: str
    label: Text
    matches: Callable[[bytes], bool]
    read: Reader


def format_of(data: bytes) -> Format:
    """Return the format of a content.

    Raises
    ------
    NotATable
        The content is nothing that this version reads; the sentence says what it is.
    """
    for known in FORMATS:
        if known.matches(data):
            return known
    found, hint = foreign(data) or (Text("binary data"), _EXPORT)
    raise NotATable(Text("The file is not a table of text: it is {what}.", what=found), hint=hint)


def foreign(data: bytes) -> tuple[Text, Text] | None:
    """Return what a content is when it is no table of text, and what to do about it; else None."""
    if is_blank(data, b"\0 \t\r\n\v\f"):
        return Text("an empty file"), Text("Check that the file was saved, and load it again.")
    for magic, what, hint in _MAGIC:
        if data.startswith(magic):
            return what, hint
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data[:1] == b"\x80" and data[1:2] <= b"\x05" and data.rstrip()[-1:] == b".":
        return Text("a Python pickle"), Text(
            "A pickle can run code and is never opened. Export the table as CSV."
        )
    if is_wide(data):
        return None
    head = data[:HEAD_BYTES]
    control = len(head) - len(head.translate(None, _CONTROL))
    if control > MAX_CONTROL_SHARE * len(head) and (control > MAX_STRAY or control > len(head) / 3):
        return Text("binary data"), _EXPORT
    return _markup(data)


def _zipped(data: bytes) -> tuple[Text, Text]:
    head = data[:HEAD_BYTES] + data[-HEAD_BYTES:]
    if b"xl/" in head:
        return Text("an Excel workbook"), Text(
            "In Excel, choose “Save as”, then “CSV UTF-8”, and load that file."
        )
    if b"opendocument.spreadsheet" in head:
        return Text("a LibreOffice spreadsheet"), _EXPORT
    if b"word/" in head or b"opendocument" in head or b"ppt/" in head:
        return Text("an office document"), _EXPORT
    return Text("a ZIP archive"), _UNPACK


def _markup(data: bytes) -> tuple[Text, Text] | None:
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:HEAD_BYTES]
    if re.match(rb"<(!doctype\s+html|html|head|body|table)\b", start, re.IGNORECASE):
        return Text("a web page"), Text("Download the data themselves rather than the page that shows them.")
    if start.startswith(b"<?xml"):
        return Text("an XML document"), _EXPORT
    if start[:1] in (b"{", b"[") and _is_json(data, start):
        return Text("a JSON document"), Text("Convert it to CSV, one line per record, and load that file.")
    return None


def _is_json(data: bytes, start: bytes) -> bool:
    """Whether a content that opens like JSON is JSON: whole, line by line or, if long, by its opening."""
    if len(data) > HEAD_BYTES:
        return bool(re.match(rb'(\{\s*"|\[\s*[\[{"\d-])', start)) and not re.match(
            rb"[^\n]{0,400}\]\s*[,;\t]\D", start
        )
    for candidate in (data, start.splitlines()[0]):
        try:
            json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        return True
    return False


_MAGIC: Final[tuple[tuple[bytes, Text, Text], ...]] = (
    (b"%PDF", Text("a PDF document"), _EXPORT),
    (b"\x89PNG", Text("a picture"), _EXPORT),
    (b"\xff\xd8\xff", Text("a picture"), _EXPORT),
    (b"GIF8", Text("a picture"), _EXPORT),
    (b"II*\0", Text("a picture"), _EXPORT),
    (b"MM\0*", Text("a picture"), _EXPORT),
    (b"RIFF", Text("a picture, a sound or a film"), _EXPORT),
    (b"\x1f\x8b", Text("a gzip archive"), _UNPACK),
    (b"BZh", Text("a bzip2 archive"), _UNPACK),
    (b"\xfd7zXZ\0", Text("an xz archive"), _UNPACK),
    (b"\x28\xb5\x2f\xfd", Text("a Zstandard archive"), _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", Text("a 7-Zip archive"), _UNPACK),
    (b"Rar!\x1a\x07", Text("a RAR archive"), _UNPACK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Text("an old Office file, such as an Excel .xls"), _EXPORT),
    (b"PAR1", Text("a Parquet file"), _EXPORT),
    (b"ARROW1", Text("an Arrow file"), _EXPORT),
    (b"FEA1", Text("an Arrow file"), _EXPORT),
    (b"SQLite format 3\0", Text("an SQLite database"), _EXPORT),
    (b"\x89HDF", Text("an HDF5 file"), _EXPORT),
    (b"\x93NUMPY", Text("a NumPy array"), _EXPORT),
    (b"{\\rtf", Text("an RTF document"), _EXPORT),
    (b"\x7fELF", Text("a program"), _EXPORT),
    (b"MZ\x90\0", Text("a program"), _EXPORT),
)

FORMATS: Final = (
    Format(
        id="delimited",
        label=Text("Delimited text (CSV, TSV …)"),
        matches=lambda data: foreign(data) is None,
        read=read_delimited,
    ),
)
"""Formats in the order in which they are tried."""
