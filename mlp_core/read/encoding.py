"""From bytes in any encoding to UTF-8, and the name of the encoding that was found.

Everything downstream reads UTF-8: a file that already is UTF-8 is handed on without a copy.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from mlp_core.errors import DamagedFile
from mlp_core.read.western import western
from mlp_core.table import Decision
from mlp_core.text import Text

_BOMS: Final = (
    # The order matters: the mark of UTF-32 begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
_HEAD: Final = 4096
_CHUNK: Final = 1 << 20
_EVIDENCE_BYTES: Final = 1 << 15
_GUESSED: Final = 0.6
_MULTIBYTE: Final = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
# Without isolation, short files in cp1252 are taken for cp1250 and Mac text for Greek.
_ELSEWHERE: Final = {
    "cp1251": "cp1251",
    "koi8_r": "koi8-r",
    "cp1253": "cp1253",
    "cp1255": "cp1255",
    "cp1256": "cp1256",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift_jis": "shift_jis",
    "euc_jp": "euc_jp",
    "euc_kr": "euc_kr",
}
"""Encodings of other scripts, by what the detector calls them."""
_ELSEWHERE_BYTES: Final = 16
"""So many bytes beyond ASCII, at least, make another script."""
_WESTERN_ENOUGH: Final = 0.2
_WORDS: Final = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A content in UTF-8, how it was written, and what a person should know of that."""

    data: bytes
    encoding: str
    notes: tuple[Text, ...] = ()
    sure: float = 1.0
    why: Text | None = None

    @property
    def decision(self) -> Decision:
        """What was decided about the encoding."""
        return Decision(what="encoding", value=self.encoding, sure=self.sure, why=self.why)


def is_wide(data: bytes) -> bool:
    """Whether bytes are UTF-16 or UTF-32 text, where a NUL byte is a part of a letter."""
    return _marked(data) not in (None, "utf-8") or _unmarked_wide(data) is not None


def to_utf8(data: bytes, encoding: str | None = None) -> Decoded:
    """Return a content in UTF-8 without a byte order mark.

    Parameters
    ----------
    data : bytes
        The content of the file.
    encoding : str, optional
        How it is written; found in the content by default.

    Raises
    ------
    DamagedFile
        The bytes are not text in the chosen or the evident encoding.
    """
    if encoding is not None:
        chosen = Text("Chosen.")
        return _without_nul(Decoded(data=_recoded(data, encoding), encoding=encoding, why=chosen))
    for mark, name, codec in _BOMS:
        if data.startswith(mark):
            marked = Text("The file begins with a mark that says so.")
            content = _recoded(data[len(mark) :], codec)
            return _without_nul(Decoded(data=content, encoding=name, why=marked))
    wide = _unmarked_wide(data)
    if wide is not None:
        zeros = Text("Its bytes are zero in regular places, as in such text.")
        return _without_nul(Decoded(data=_recoded(data, wide), encoding=wide, sure=0.9, why=zeros))
    wrong = _first_wrong_byte(data)
    if wrong is None:
        valid = None if data.isascii() else Text("Every letter beyond ASCII is written as in it.")
        return _without_nul(Decoded(data=data, encoding="utf-8", sure=0.99 if valid else 1.0, why=valid))
    return _without_nul(_legacy(data, wrong))


def _marked(data: bytes) -> str | None:
    return next((codec for mark, _, codec in _BOMS if data.startswith(mark)), None)


def _unmarked_wide(data: bytes) -> str | None:
    """Return UTF-16 or UTF-32 by where the NUL bytes of Latin letters fall."""
    head = data[:_HEAD]
    if len(head) < 4 or 0 not in head:
        return None
    quarters = [head[start::4].count(0) / max(1, len(head[start::4])) for start in range(4)]
    if min(quarters[1:]) > 0.9 and quarters[0] < 0.1:
        return "utf-32-le"
    if min(quarters[:3]) > 0.9 and quarters[3] < 0.1:
        return "utf-32-be"
    even, odd = (quarters[0] + quarters[2]) / 2, (quarters[1] + quarters[3]) / 2
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return None


def _recoded(data: bytes, encoding: str) -> bytes:
    name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
    try:
        if encoding == "utf-8":
            text = data.decode("utf-8-sig")
        else:
            text = data.decode(encoding).removeprefix("\ufeff")
        return text.encode("utf-8")
    except UnicodeDecodeError as error:
        if error.end >= len(data) and name.startswith("UTF"):
            raise DamagedFile(
                Text(
                    "The file is {encoding} text that is cut off in the middle of a character.", encoding=name
                ),
                hint=Text("Copy or download it again; it is not whole."),
            ) from None
        raise DamagedFile(
            Text(
                "The file is not {encoding} text: byte {position:n} fits no character.",
                encoding=name,
                position=error.start + 1,
            ),
            hint=Text("Choose another encoding, or let it be found."),
        ) from None
    except UnicodeError:
        raise DamagedFile(
            Text("The file is not {encoding} text.", encoding=name),
            hint=Text("Choose another encoding, or let it be found."),
        ) from None


def _first_wrong_byte(data: bytes) -> int | None:
    """Return where UTF-8 breaks, or None; in pieces, so that a large file is never held twice."""
    if data.isascii():
        return None
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    for start in range(0, len(data), _CHUNK):
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(view[start : start + _CHUNK], final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - held + error.start
    return None


def _legacy(data: bytes, wrong: int) -> Decoded:
    """Decode bytes that are not UTF-8: nearly UTF-8, cut off, or an older encoding."""
    good = sum(1 for _ in _MULTIBYTE.finditer(data))
    rest = data[wrong:]
    if good and len(rest) < 4 and _is_cut(rest):
        raise DamagedFile(
            Text(
                "The file is {encoding} text that is cut off in the middle of a character.", encoding="UTF-8"
            ),
            hint=Text("Copy or download it again; it is not whole."),
        )
    if good >= 10:
        text = data.decode("utf-8", errors="replace")
        broken = text.count("\ufffd")
        if broken * 10 <= good:
            line = data.count(b"\n", 0, wrong) + 1
            note = Text(
                "{n:n} {n|character|characters} could not be read as UTF-8 (first on line {line:n}) "
                "and {n|stands|stand} as a question mark in a diamond.",
                n=broken,
                line=line,
            )
            nearly = Text("Most letters beyond ASCII are written as in it.")
            return Decoded(data=text.encode("utf-8"), encoding="utf-8", notes=(note,), sure=0.8, why=nearly)
    for encoding in (_guess(data), "cp1252", "iso-8859-1"):
        try:
            found = data.decode(encoding).encode("utf-8")
        except UnicodeError:
            continue
        guessed = Text("It is not UTF-8, and its letters look most like this encoding.")
        return Decoded(data=found, encoding=encoding, sure=_GUESSED, why=guessed)
    raise DamagedFile(Text("The file is not {encoding} text.", encoding="ISO-8859-1"))


def _is_cut(rest: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(rest, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _guess(data: bytes) -> str:
    """Return the likeliest older encoding, judged on the lines that hold other than ASCII."""
    from charset_normalizer import from_bytes

    evidence = bytearray()
    for line in re.finditer(rb"[^\r\n]*[\x80-\xff][^\r\n]*", data[: 64 * _EVIDENCE_BYTES]):
        evidence += line.group()[:1000] + b"\n"
        if len(evidence) > _EVIDENCE_BYTES:
            break
    encoding, fit = western(bytes(evidence))
    if fit < _WESTERN_ENOUGH and sum(byte > 0x7F for byte in evidence) >= _ELSEWHERE_BYTES:
        # Digits and marks between the words make any text look damaged to the detector.
        for piece in (bytes(evidence), b" ".join(_WORDS.findall(evidence))):
            best = from_bytes(piece, cp_isolation=list(_ELSEWHERE)).best()
            if best is not None:
                return _ELSEWHERE.get(str(best.encoding), "cp1252")
        return "cp1252"
    return encoding


def _without_nul(decoded: Decoded) -> Decoded:
    if b"\0" not in decoded.data:
        return decoded
    note = Text(
        "{n:n} NUL {n|character|characters} {n|was|were} removed from the text.", n=decoded.data.count(b"\0")
    )
    return Decoded(
        data=decoded.data.replace(b"\0", b""),
        encoding=decoded.encoding,
        notes=(*decoded.notes, note),
        sure=decoded.sure,
        why=decoded.why,
    )
