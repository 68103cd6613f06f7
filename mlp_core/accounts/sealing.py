"""A document that only the holder of a token can open: encrypted and signed with a key made from it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

_PURPOSE: Final = b"pythie: a proof kept in a session"


def sealed(document: Mapping[str, Any], token: str) -> str:
    """Return ``document`` as text that only ``token``, 256 random bits, opens again."""
    return str(_box(token).encrypt(json.dumps(document).encode()).decode())


def unsealed(content: str, token: str) -> dict[str, Any] | None:
    """Return the document, or ``None`` where ``token`` is another or the text was changed.

    >>> unsealed(sealed({"a": 1}, "x" * 43), "x" * 43)
    {'a': 1}
    >>> unsealed(sealed({"a": 1}, "x" * 43), "y" * 43) is None
    True
    """
    from cryptography.fernet import InvalidToken

    try:
        found = json.loads(_box(token).decrypt(content.encode()))
    except (InvalidToken, ValueError):
        return None
    return dict(found)


def _box(token: str) -> Any:
    from cryptography.fernet import Fernet

    # The token is random and long, so one keyed hash is enough to part this use of it from its other one.
    return Fernet(base64.urlsafe_b64encode(hmac.digest(token.encode(), _PURPOSE, hashlib.sha256)))
