"""What a person says of themselves: a name that is only ever text, an address compared without its case."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from mlp_core.accounts.account import LONGEST_EMAIL, LONGEST_NAME
from mlp_core.accounts.refusals import invalid_email
from mlp_core.errors import InvalidEmail

_LONGEST_LOCAL_PART: Final = 64
_PART: Final = r'[^\s@<>()\[\],;:\\".]+'
_LABEL: Final = r"""[^\s@<>()\[\],;:\\"./?#%&=+*!'|{}$^`~]+"""
_ADDRESS: Final = re.compile(rf"{_PART}(?:\.{_PART})*@{_LABEL}(?:\.{_LABEL})+")
# They turn the direction of what stands after them, so that a name could be read as another one.
_TURNING: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def as_email(given: str) -> str:
    """Return an address as it is kept: without the blanks and invisible characters that pasting brings.

    Parameters
    ----------
    given : str
        What was typed; at most 254 characters, 64 of them before the ``@``.

    Raises
    ------
    InvalidEmail
        It is no address, or one in a form that no provider of mail gives (quoted, without a dot).

    Examples
    --------
    >>> as_email(" Marie.Curie@Example.org ")
    'Marie.Curie@Example.org'
    """
    if len(given) > 4 * LONGEST_EMAIL:
        raise invalid_email()
    # Keyboards for Chinese and Japanese write the same letters in a wide form.
    wide = unicodedata.normalize("NFKC", given)
    email = "".join(letter for letter in wide if unicodedata.category(letter) != "Cf").strip()
    hidden = any(unicodedata.category(letter).startswith("C") for letter in email)
    if len(email) > LONGEST_EMAIL or hidden or not _ADDRESS.fullmatch(email):
        raise invalid_email()
    if email.index("@") > _LONGEST_LOCAL_PART:
        raise invalid_email()
    return email


def email_key(given: str) -> str:
    """Return what two writings of one address have in common; empty for what is no address.

    Examples
    --------
    >>> email_key("Marie.CURIE@example.org")
    'marie.curie@example.org'
    >>> email_key("Marie Curie")
    ''
    """
    try:
        return unicodedata.normalize("NFKC", as_email(given).casefold())
    except InvalidEmail:
        return ""


def as_name(given: str, email: str) -> str:
    r"""Return a name as it is kept: one line of at most 80 characters, the address's own where there is none.

    Examples
    --------
    >>> as_name("  Zoë   de la\nCruz ", "zoe@example.org")
    'Zoë de la Cruz'
    >>> as_name(" ", "zoe@example.org")
    'zoe'
    """
    spaced = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", given[: 100 * LONGEST_NAME])
    kept = (letter for letter in spaced if letter not in _TURNING and unicodedata.category(letter) != "Cs")
    name = unicodedata.normalize("NFC", "".join(kept)).strip()[:LONGEST_NAME].strip()
    return name or email.split("@")[0][:LONGEST_NAME]
