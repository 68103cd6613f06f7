"""The in-memory twin of the embedded accounts: the same promises, gone with the process."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mlp_core.accounts import refusals
from mlp_core.accounts.account import Account, Credential
from mlp_core.accounts.codes import CODE_SECONDS, code_hash, new_code
from mlp_core.accounts.embedded import PROOF_SECONDS
from mlp_core.accounts.identity import as_email, as_name, email_key
from mlp_core.accounts.lockout import Tries
from mlp_core.accounts.passwords import require_strong


@dataclass
class _Kept:
    account: Account
    salt: bytes = field(default=b"", repr=False)
    password: bytes = field(default=b"", repr=False)
    mark: str = field(default="", repr=False)

    def set_password(self, password: str) -> None:
        self.salt, self.mark = secrets.token_bytes(16), secrets.token_hex(16)
        self.password = _hashed(password, self.salt)

    def matches(self, password: str) -> bool:
        return secrets.compare_digest(self.password, _hashed(password, self.salt))


class MemoryAccounts:
    """Accounts that live as long as the process, for tests and trials.

    Parameters
    ----------
    clock : callable
        Seconds since the epoch.
    """

    sends_mail = False

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._accounts: dict[str, _Kept] = {}
        self._codes: dict[str, tuple[str, float]] = {}
        self._tries: dict[str, Tries] = {}

    def sign_up(self, name: str, email: str, password: str) -> Credential:
        """Make an account; raises ``InvalidEmail``, ``WeakPassword``, ``EmailTaken``."""
        email = as_email(email)
        name = as_name(name, email)
        require_strong(password, email=email, name=name)
        with self._lock:
            self._require_free(email)
            kept = _Kept(Account(id=secrets.token_hex(16), name=name, email=email))
            kept.set_password(password)
            self._accounts[kept.account.id] = kept
            return self._credential(kept)

    def sign_in(self, email: str, password: str) -> Credential:
        """Prove who one is; raises ``WrongCredentials`` or ``TooManyAttempts``."""
        with self._lock:
            key = email_key(email)
            self._count(key)
            kept = self._find(key)
            if kept is None or not kept.matches(password):
                raise refusals.wrong_credentials()
            self._tries.pop(key)
            return self._credential(kept)

    def fresh(self, credential: Credential) -> Credential:
        """Return a proof that lasts; raises ``SignedOut`` where it has ended."""
        return self.reload(credential)

    def reload(self, credential: Credential) -> Credential:
        """Return the account as it stands now; raises ``SignedOut``."""
        with self._lock:
            return self._credential(self._proven(credential))

    def send_verification(self, credential: Credential) -> None:
        """Do nothing: no mail can be sent."""

    def request_reset(self, email: str) -> None:
        """Do nothing: no mail can be sent."""

    def issue_reset_code(self, email: str) -> str:
        """Return a code that sets a new password, once and within 30 minutes."""
        with self._lock:
            kept = self._find(email_key(email))
            if kept is None:
                raise refusals.unknown_email()
            self._drop_codes(kept.account.id)
            code = new_code()
            self._codes[code_hash(code)] = (kept.account.id, self._clock() + CODE_SECONDS)
            return code

    def confirm_reset(self, code: str, password: str) -> None:
        """Set a new password by a code; raises ``InvalidCode`` or ``WeakPassword``."""
        with self._lock:
            account, expires = self._codes.get(code_hash(code), ("", 0.0))
            if expires <= self._clock():
                raise refusals.invalid_code()
            kept = self._accounts[account]
            require_strong(password, email=kept.account.email, name=kept.account.name)
            kept.set_password(password)
            self._drop_codes(account)
            self._tries.pop(email_key(kept.account.email), None)
            self._tries.pop(account, None)

    def rename(self, credential: Credential, name: str) -> Credential:
        """Change what the person calls themselves; raises ``SignedOut``."""
        with self._lock:
            kept = self._proven(credential)
            kept.account = replace(kept.account, name=as_name(name, kept.account.email))
            return self._credential(kept)

    def change_email(self, credential: Credential, password: str, email: str) -> Credential:
        """Change the address; raises ``WrongCredentials``, ``InvalidEmail`` or ``EmailTaken``."""
        with self._lock:
            email = as_email(email)
            kept = self._confirmed(credential, password)
            self._require_free(email, but=kept)
            kept.account = replace(kept.account, email=email)
            self._drop_codes(kept.account.id)
            return self._credential(kept)

    def change_password(self, credential: Credential, password: str, new: str) -> Credential:
        """Change the password; every other proof ends. Raises ``WrongCredentials``, ``WeakPassword``."""
        with self._lock:
            kept = self._confirmed(credential, password)
            require_strong(new, email=kept.account.email, name=kept.account.name)
            kept.set_password(new)
            self._drop_codes(kept.account.id)
            return self._credential(kept)

    def confirm(self, credential: Credential, password: str) -> Credential:
        """Return a new proof of who has signed in and knows the password; raises ``WrongCredentials``."""
        with self._lock:
            return self._credential(self._confirmed(credential, password))

    def delete(self, credential: Credential, password: str) -> None:
        """Delete the account; raises ``WrongCredentials``."""
        with self._lock:
            kept = self._confirmed(credential, password)
            del self._accounts[kept.account.id]
            self._drop_codes(kept.account.id)

    def _count(self, key: str) -> None:
        self._tries[key] = self._tries.get(key, Tries()).after(self._clock())

    def _find(self, key: str) -> _Kept | None:
        return next((kept for kept in self._accounts.values() if email_key(kept.account.email) == key), None)

    def _require_free(self, email: str, but: _Kept | None = None) -> None:
        if self._find(email_key(email)) not in (None, but):
            raise refusals.email_taken()

    def _proven(self, credential: Credential) -> _Kept:
        kept = self._accounts.get(credential.uid)
        if kept is None or kept.mark != credential.id_token:
            raise refusals.signed_out()
        return kept

    def _confirmed(self, credential: Credential, password: str) -> _Kept:
        kept = self._proven(credential)
        self._count(kept.account.id)
        if not kept.matches(password):
            raise refusals.wrong_password()
        self._tries.pop(kept.account.id)
        return kept

    def _drop_codes(self, account: str) -> None:
        self._codes = {digest: code for digest, code in self._codes.items() if code[0] != account}

    def _credential(self, kept: _Kept) -> Credential:
        expires = self._clock() + PROOF_SECONDS
        return Credential(account=kept.account, uid=kept.account.id, id_token=kept.mark, expires=expires)


def _hashed(password: str, salt: bytes) -> bytes:
    # Nothing here outlives the process, so the cost that protects a stolen disk is left out.
    plain = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(plain, salt=salt, n=16, r=1, p=1)
