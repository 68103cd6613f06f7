"""Which passwords are taken, and how they are kept: argon2id at a cost that OWASP names, 65 ms and 19 MB."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Final

from mlp_core.accounts.account import LONGEST_PASSWORD, SHORTEST_PASSWORD
from mlp_core.accounts.well_known import cores, folded, is_well_known
from mlp_core.errors import WeakPassword
from mlp_core.text import Text

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_AT_ONCE: Final = 4


def require_strong(password: str, *, email: str = "", name: str = "") -> None:
    """Refuse a password that would be guessed; any letters, signs and blanks may be in it.

    Parameters
    ----------
    password : str
        8 to 256 characters.
    email, name : str
        The person's own, which everybody would try.

    Raises
    ------
    WeakPassword
        It is too short or too long, among those tried first, or the person's own name or address.
    """
    length = len(unicodedata.normalize("NFC", password))
    if length < SHORTEST_PASSWORD:
        raise WeakPassword(
            Text("The password must have at least {least:n} characters.", least=SHORTEST_PASSWORD),
            hint=Text("A few words with blanks between them are long and easy to remember."),
        )
    if length > LONGEST_PASSWORD:
        raise WeakPassword(
            Text("The password must have at most {most:n} characters.", most=LONGEST_PASSWORD),
            hint=Text("Shorten it; a few words are enough."),
        )
    if is_well_known(password):
        raise weak_password()
    if _is_ones_own(password, email, name):
        raise WeakPassword(
            Text("The password is your own name or e-mail address, which anybody would try."),
            hint=Text("Choose another one, for example a few words that do not belong together."),
        )


def weak_password() -> WeakPassword:
    """Return the answer to a password that is long enough and would be guessed all the same."""
    return WeakPassword(
        Text("This password is too easy to guess: it is among the first that anybody would try."),
        hint=Text("Choose another one, for example a few words that do not belong together."),
    )


class Passwords:
    """Passwords kept as argon2id hashes; looking for one that is not there costs as much as checking one."""

    def __init__(self) -> None:
        # Each takes 19 MB while it runs, and more at once than the machine has cores gains nothing.
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        with self._room:
            return self._hasher.hash(_as_bytes(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one kept; where none is kept, take as long to say no."""
        from argon2.exceptions import InvalidHashError, VerificationError

        dummy = self._dummy  # made by the first of either kind
        given = password if len(password) <= 4 * LONGEST_PASSWORD else ""
        with self._room:
            try:
                return self._hasher.verify(kept or dummy, _as_bytes(given)) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

    @cached_property
    def _dummy(self) -> str:
        return self._hasher.hash(secrets.token_bytes(32))


def _as_bytes(password: str) -> bytes:
    # As RFC 8265 has it: keyboards write an accent as one character or two, and both are the same password.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _is_ones_own(password: str, email: str, name: str) -> bool:
    own = {folded(text) for text in (email, email.split("@")[0], name)} - {""}
    plain = folded(password)
    return bool(own & {plain, *cores(plain)})
