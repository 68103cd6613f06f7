"""How likely bytes are the Western text that an encoding makes of them, by what each letter stands beside.

An accent in the wrong encoding is a capital among small letters (``OrlÇans``), a quotation mark inside a word
(``FRAN«AIS``) or a letter nobody writes. Text of another script is a run of accents (``Ìîñêâà``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

WESTERN: Final[Mapping[str, float]] = {"cp1252": 0.15, "iso-8859-1": 0.1, "mac_roman": 0.05, "cp850": 0.0}
"""Encodings of Western text, and how much each is preferred where the letters say the same."""

_BEYOND: Final = re.compile(r"(?<=(.))([^\x00-\x7f])(?=(.))", re.DOTALL)
_USUAL: Final = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüœß")
_SELDOM: Final = frozenset("šžýÿŠŽÝŸ")
_MONEY: Final = frozenset("€£")
_OPENING: Final = frozenset("«“„¿¡")
_CLOSING: Final = frozenset("»”")
_PLAIN: Final = frozenset("\xa0’§¤¦")
_BEHIND: Final = frozenset("°²³ºª")
_SIGNS: Final = dict.fromkeys("®©™", 0.5) | {"§": 0.8, "¤": 0.3} | dict.fromkeys("½¼¾¢¥", 0.3)
_DASHES: Final = frozenset("–—…•·×±")


def western(data: bytes) -> tuple[str, float]:
    """Return the likeliest encoding of Western text, and how well its letters fit (-2 to 1)."""
    found = []
    for encoding, prior in WESTERN.items():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        around = {match.groups() for match in _BEYOND.finditer(f" {text} ")}
        fit = sum(_worth(*one) for one in around) / max(1, len(around))
        found.append((fit + prior, fit, encoding))
    _, fit, encoding = max(found)
    return encoding, fit


def _worth(before: str, mark: str, after: str) -> float:
    """Return how well a character beyond ASCII fits between its neighbours."""
    kind = unicodedata.category(mark)
    if kind == "Cc":
        return -2.0
    if mark.lower() in _USUAL:
        return _worth_of_letter(before, mark, after)
    if mark in _SELDOM:
        return 0.0
    if mark == "\xa0":
        return 0.6
    if mark == "µ":
        return 1.0 if after.isalpha() and not before.isalpha() else 0.3
    if any(_is_odd(one) for one in (before, after)):
        return -0.3
    inside = before.isalpha() and after.isalpha()
    if mark in "’‘":
        return 1.0 if inside else 0.3
    if mark in _BEHIND:
        return 0.7 if not inside else -0.5
    if mark in _SIGNS:
        return _SIGNS[mark]
    if kind in ("Ll", "Lu", "Lm", "Lo"):
        return -0.5
    if inside or (mark in _OPENING and before.isalpha()) or (mark in _CLOSING and after.isalpha()):
        return -1.0
    if mark in _MONEY:
        return 0.8
    if mark in _OPENING or mark in _CLOSING:
        return 0.97 if (after if mark in _OPENING else before).isalpha() else 0.3
    return 0.4 if mark in _DASHES else -0.3


def _is_odd(mark: str) -> bool:
    return not mark.isascii() and not mark.isalpha() and mark not in _PLAIN


def _worth_of_letter(before: str, mark: str, after: str) -> float:
    if mark != "ß" and any(one.isalpha() and not one.isascii() and one != "ß" for one in (before, after)):
        return -0.6
    if not before.isalpha() and not after.isalpha():
        return 0.6 if mark.islower() else 0.4
    if mark.islower():
        return -1.0 if after.isupper() and (before.isupper() or not before.isalpha()) else 1.0
    if before.isalpha() and (before.islower() or after.islower()):
        return -1.0 if before.islower() else -0.3
    return 0.9 if after.islower() or not before.isalpha() else 1.0
