"""What is no table here, named in one sentence with what to do about it."""

from __future__ import annotations

import pickletools
import re
from typing import Final

from mlp_core.errors import NotATable
from mlp_core.read.directory import member_names
from mlp_core.read.encoding import is_wide
from mlp_core.read.formats.format import EXPORT
from mlp_core.read.grid import is_blank
from mlp_core.text import Text

HEAD_BYTES: Final = 1 << 16
LEGACY_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_CONTROL_SHARE: Final = 0.02
"""Text holds hardly any control characters; above this share the bytes are something else."""

MAX_STRAY: Final = 8
"""So many control characters may stray into a short text."""

_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b\x1c\x1d\x1e\x1f"))
_UNPACK: Final = Text("Unpack it and load the table that is inside.")
_NEVER: Final = Text("Such a file can run code and is never opened. Export the table as CSV or Parquet.")
_PICKLE_OPS: Final = 40
_PICKLE_STARTS: Final = b"(]}cNIJKMLFGSTUVXBC\x80\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f"

Named = tuple[Text, Text]


def password(what: Text) -> NotATable:
    """Return the error of something that opens with a password only."""
    return NotATable(
        Text("{what} is protected by a password.", what=what),
        hint=Text("Open it with its password, save a copy without one, and load that copy."),
    )


def foreign(data: bytes) -> Named | None:
    """Return what a content is when it is no table of text, and what to do about it; else None."""
    if is_blank(data, b"\0 \t\r\n\v\f"):
        return Text("an empty file"), Text("Check that the file was saved, and load it again.")
    for magic, what, hint in _MAGIC:
        if data.startswith(magic):
            return what, hint
    if data.startswith(LEGACY_OFFICE):
        return Text("an old Office file that is no workbook"), EXPORT
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _document(data)
    if is_pickle(data):
        return Text("a Python pickle"), _NEVER
    if data[:2] in (b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x78\x5e") or re.match(rb"ZF0x[0-9a-f]", data):
        return Text("packed data of a program, such as a compressed pickle"), _NEVER
    if re.match(rb"BM.{4}\0{4}", data, re.DOTALL):
        return _PICTURE, EXPORT
    if re.match(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\0", data):
        return Text("an Excel workbook from before 1995"), Text(
            "Open it in a spreadsheet program, save it as .xlsx, and load that file."
        )
    if is_wide(data):
        return None
    head = data[:HEAD_BYTES]
    control = len(head) - len(head.translate(None, _CONTROL))
    if control > MAX_CONTROL_SHARE * len(head) and (control > MAX_STRAY or control > len(head) / 3):
        return Text("binary data"), EXPORT
    return _text(head)


def is_pickle(data: bytes) -> bool:
    r"""Whether bytes are a pickle of any protocol; they are only looked at, never loaded.

    Examples
    --------
    >>> is_pickle(b"cos\nsystem\n(S'echo'\ntR."), is_pickle(b"cost,name\n1,a\n")
    (True, False)
    """
    if data[:1] == b"\x80" and b"\x02" <= data[1:2] <= b"\x05":
        return True
    if data[:1] not in _PICKLE_STARTS or data[-256:].rstrip(b"\r\n ")[-1:] != b".":
        return False
    seen = 0
    try:
        for operation, _, _ in pickletools.genops(data[:HEAD_BYTES]):
            seen += 1
            if seen == _PICKLE_OPS or operation.name == "STOP":
                break
    except (ValueError, IndexError, OverflowError, AttributeError):
        return seen >= _PICKLE_OPS // 2
    return seen > 1


def _document(data: bytes) -> Named:
    names = {name.replace("\\", "/").lower() for name in member_names(data)}
    first = {name.split("/")[0] for name in names}
    if "word" in first or "ppt" in first or b"opendocument" in data[:200] or "visio" in first:
        return Text("an office document"), EXPORT
    if any(name.endswith("data.pkl") for name in names):
        return Text("a PyTorch file"), _NEVER
    if "schema.json" in first:
        return Text("a saved model"), Text("Load the table that it was trained on.")
    if names and all(name.endswith(".npy") for name in names):
        return Text("a NumPy archive"), EXPORT
    if b"epub" in data[:200]:
        return Text("an electronic book"), EXPORT
    if "meta-inf" in first or "androidmanifest.xml" in first:
        return Text("a program"), EXPORT
    return Text("a ZIP archive"), _UNPACK


def _text(head: bytes) -> Named | None:
    """Return what some texts are that nobody means as a table."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"version https://git-lfs.github.com/spec/"):
        return Text("a Git LFS pointer that stands for the data"), Text(
            "Fetch the data themselves with “git lfs pull”, and load that file."
        )
    if re.match(rb"MIME-Version:|Content-Type: multipart/", start, re.IGNORECASE):
        return Text("an e-mail or a saved web archive"), EXPORT
    if re.match(rb"#!\s*/|%!PS|-----BEGIN ", start):
        return Text("a program or a key"), Text("Load the file that holds the table.")
    return None


_PICTURE: Final = Text("a picture")
_FILM: Final = Text("a sound or a film")
_PACKED: Final = Text("an archive that cannot be opened here")

_MAGIC: Final[tuple[tuple[bytes, Text, Text], ...]] = (
    (b"%PDF", Text("a PDF document"), EXPORT),
    (b"\x89PNG", _PICTURE, EXPORT),
    (b"\xff\xd8\xff", _PICTURE, EXPORT),
    (b"GIF8", _PICTURE, EXPORT),
    (b"II*\0", _PICTURE, EXPORT),
    (b"MM\0*", _PICTURE, EXPORT),
    (b"\0\0\1\0", _PICTURE, EXPORT),
    (b"8BPS", _PICTURE, EXPORT),
    (b"RIFF", Text("a picture, a sound or a film"), EXPORT),
    (b"ID3\x03", _FILM, EXPORT),
    (b"ID3\x04", _FILM, EXPORT),
    (b"OggS", _FILM, EXPORT),
    (b"fLaC", _FILM, EXPORT),
    (b"\x1aE\xdf\xa3", _FILM, EXPORT),
    (b"7z\xbc\xaf\x27\x1c", Text("a 7-Zip archive"), _UNPACK),
    (b"Rar!\x1a\x07", Text("a RAR archive"), _UNPACK),
    (b"\x1f\x9d", _PACKED, _UNPACK),
    (b"\x04\x22\x4d\x18", _PACKED, _UNPACK),
    (b"!<arch>\n", _PACKED, _UNPACK),
    (b"MSCF\0", _PACKED, _UNPACK),
    (b"LZIP\x01", _PACKED, _UNPACK),
    (b"\x5d\0\0", _PACKED, _UNPACK),
    (b"\x89HDF", Text("an HDF5 file"), EXPORT),
    (b"CDF\x01", Text("a NetCDF file"), EXPORT),
    (b"CDF\x02", Text("a NetCDF file"), EXPORT),
    (b"MATLAB 5.0 MAT", Text("a MATLAB file"), EXPORT),
    (b"\x93NUMPY", Text("a NumPy array"), EXPORT),
    (b"RDX2\n", Text("an R workspace"), EXPORT),
    (b"RDX3\n", Text("an R workspace"), EXPORT),
    (b"RDA2\n", Text("an R workspace"), EXPORT),
    (b"RDA3\n", Text("an R workspace"), EXPORT),
    (b"X\n\0\0\0", Text("an object of R"), EXPORT),
    (b"Obj\x01", Text("an Avro file"), EXPORT),
    (b"\0\x01\0\0Standard Jet DB", Text("an Access database"), EXPORT),
    (b"\0\x01\0\0Standard ACE DB", Text("an Access database"), EXPORT),
    (b"{\\rtf", Text("an RTF document"), EXPORT),
    (b"\x7fELF", Text("a program"), EXPORT),
    (b"MZ\x90\0", Text("a program"), EXPORT),
    (b"\xca\xfe\xba\xbe", Text("a program"), EXPORT),
    (b"\xcf\xfa\xed\xfe", Text("a program"), EXPORT),
    (b"\xfe\xed\xfa\xcf", Text("a program"), EXPORT),
    (b"\0asm", Text("a program"), EXPORT),
    (b"glTF\x02", Text("a drawing in space"), EXPORT),
)
