"""Codes that an operator reads to a person who forgot their password: random, and easy to type."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

CODE_SECONDS: Final = 1_800.0

# Crockford's base 32: no letter that is taken for a digit, or for another letter.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans("OIL", "011", " -\t\r\n\u00a0\u2010\u2011\u2013")
_GROUPS, _GROUP = 7, 4


def new_code() -> str:
    """Return a code of 140 random bits in seven groups of four, such as ``7QK2-…-0M4T``."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP))
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def code_hash(code: str) -> str:
    """Return what is kept of a code: the same however its case, its groups and its O, I and L were typed.

    Examples
    --------
    >>> code_hash("AB01-CD") == code_hash(" abol cd ")
    True
    """
    plain = code[:1_000].upper().translate(_MISREAD)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
