"""What an account is, what proves that a visitor has it, and what every provider of accounts can do."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

LONGEST_NAME: Final = 80
LONGEST_EMAIL: Final = 254
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 256


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person known to the server.

    Attributes
    ----------
    id : str
        32 hexadecimal digits, permanent; what all that the account owns is kept under.
    name : str
        What the person calls themselves.
    email : str
        Kept out of every representation, and so out of logs.
    verified : bool
        Whether the address is known to be theirs; true where no mail can be sent.
    """

    id: str
    name: str
    email: str = field(repr=False)
    verified: bool = True


@dataclass(frozen=True, kw_only=True)
class Credential:
    """An account with what proves to its provider that a visitor has signed in.

    It is made by a provider and handed back to it. It stays in the memory of the server, or is sealed with
    the token of the visitor's browser; it never goes into a log, an address or an error.

    Attributes
    ----------
    account : Account
        Whose it is.
    uid : str
        The provider's own id of the account.
    id_token : str
        The proof itself.
    refresh_token : str
        What a new proof is asked with.
    expires : float
        When the proof ends, in seconds since the epoch.
    """

    account: Account
    uid: str = field(repr=False)
    id_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    expires: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the credential as plain JSON, to be sealed and never kept as it is."""
        account = {
            "id": self.account.id,
            "name": self.account.name,
            "email": self.account.email,
            "verified": self.account.verified,
        }
        return {
            "account": account,
            "uid": self.uid,
            "id_token": self.id_token,
            "refresh_token": self.refresh_token,
            "expires": self.expires,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Credential:
        """Return the credential that :meth:`to_json` wrote."""
        return cls(**{**data, "account": Account(**data["account"])})


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose projects and saved things are meant: a guest or an account.

    Attributes
    ----------
    id : str
        32 hexadecimal digits.
    credential : Credential or None
        ``None`` for a guest.
    """

    id: str
    credential: Credential | None = None

    @property
    def is_guest(self) -> bool:
        """Whether there is no account."""
        return self.credential is None


class AccountProvider(Protocol):
    """Where accounts are kept. Every method may raise ``ServiceUnavailable`` or ``StorageError``.

    Those that take a password may raise ``TooManyAttempts``, and those that take a proof ``SignedOut``.

    Attributes
    ----------
    sends_mail : bool
        Whether it verifies addresses and sends links to those who forgot their password.
    """

    sends_mail: bool

    def sign_up(self, name: str, email: str, password: str) -> Credential:
        """Make an account; raises ``InvalidEmail``, ``WeakPassword``, ``EmailTaken``, ``TooManyAttempts``."""
        ...

    def sign_in(self, email: str, password: str) -> Credential:
        """Prove who one is; raises ``WrongCredentials`` or ``TooManyAttempts``."""
        ...

    def fresh(self, credential: Credential) -> Credential:
        """Return a proof that lasts at least five more minutes; raises ``SignedOut`` where there is none.

        That is so once the account is deleted or its password was changed by another hand.
        """
        ...

    def reload(self, credential: Credential) -> Credential:
        """Return the account as it stands now, with a new proof; raises ``SignedOut``."""
        ...

    def send_verification(self, credential: Credential) -> None:
        """Send the mail that verifies the address; does nothing where no mail can be sent."""
        ...

    def request_reset(self, email: str) -> None:
        """Send the mail to who forgot the password; says nothing of whether the address is known."""
        ...

    def confirm_reset(self, code: str, password: str) -> None:
        """Set a new password by a code; raises ``InvalidCode`` or ``WeakPassword``."""
        ...

    def rename(self, credential: Credential, name: str) -> Credential:
        """Change what the person calls themselves; raises ``SignedOut``."""
        ...

    def change_email(self, credential: Credential, password: str, email: str) -> Credential:
        """Change the address; raises ``WrongCredentials``, ``InvalidEmail`` or ``EmailTaken``."""
        ...

    def change_password(self, credential: Credential, password: str, new: str) -> Credential:
        """Change the password; every other proof ends. Raises ``WrongCredentials``, ``WeakPassword``."""
        ...

    def confirm(self, credential: Credential, password: str) -> Credential:
        """Return a new proof of who has signed in and knows the password; raises ``WrongCredentials``.

        These attempts are counted apart from those to sign in, which anybody can make.
        """
        ...

    def delete(self, credential: Credential, password: str) -> None:
        """Delete the account itself; raises ``WrongCredentials``. What it owns is deleted before."""
        ...


def owner_id_of(provider: str, uid: str) -> str:
    """Return the id under which an account of another service owns things here: 32 hexadecimal digits."""
    return hashlib.sha256(f"{provider}:{uid}".encode()).hexdigest()[:32]
