"""Accounts in the server's own database: nothing to set up, no mail, an operator for who forgot a password.

A proof is a random mark that stands in the account's row and changes with the password, so that one change
ends every other proof. It is worth nothing to who cannot write into a session, and those are sealed.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mlp_core.accounts import refusals
from mlp_core.accounts.account import Account, Credential
from mlp_core.accounts.codes import CODE_SECONDS, code_hash, new_code
from mlp_core.accounts.identity import as_email, as_name, email_key
from mlp_core.accounts.lockout import ATTEMPTS_SCHEMA, Attempts, forget_in
from mlp_core.accounts.passwords import Passwords, require_strong
from mlp_core.database import Database

DATABASE_NAME: Final = "pythie.db"
SIGN_IN: Final = "sign-in"
CONFIRM: Final = "confirm"
PROOF_SECONDS: Final = 86_400.0
_FRESH_SECONDS: Final = 300.0

_SCHEMA: Final = (
    """
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, email_key TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL, mark TEXT NOT NULL, created REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account_codes (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS account_codes_account ON account_codes (account);
"""
    + ATTEMPTS_SCHEMA
)


class EmbeddedAccounts:
    """Accounts of this server, in ``pythie.db`` in its data folder.

    Parameters
    ----------
    data_dir : Path
        The data folder of the server.
    clock : callable
        Seconds since the epoch.
    """

    sends_mail = False

    def __init__(self, data_dir: Path, *, clock: Callable[[], float] = time.time) -> None:
        path = data_dir / DATABASE_NAME
        self._database = Database(path, _SCHEMA)
        self._attempts = Attempts(path, clock=clock)
        self._passwords = Passwords()
        self._clock = clock

    def sign_up(self, name: str, email: str, password: str) -> Credential:
        """Make an account; of two at once with one address, one is made.

        Raises
        ------
        InvalidEmail, WeakPassword, EmailTaken
            As their sentences say.
        StorageError
            The database cannot be written.
        """
        email = as_email(email)
        name = as_name(name, email)
        require_strong(password, email=email, name=name)
        kept = self._passwords.hash(password)
        account = secrets.token_hex(16)
        values = (account, name, email, email_key(email), kept, _new_mark(), self._clock())
        with self._database.writing() as connection:
            try:
                connection.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            except sqlite3.IntegrityError:
                raise refusals.email_taken() from None
            return self._credential(_by_id(connection, account))

    def sign_in(self, email: str, password: str) -> Credential:
        """Prove who one is; known and unknown addresses are answered alike, after the same work.

        Raises
        ------
        WrongCredentials
            The address is unknown, or the password wrong.
        TooManyAttempts
            There were more than five in a row; the right password has to wait as well.
        StorageError
            The database cannot be written.
        """
        key = email_key(email)
        # What is no address may be a password in the wrong field: not even its hash is kept.
        if key:
            self._attempts.count(SIGN_IN, key)
        with self._database.reading() as connection:
            row = connection.execute("SELECT * FROM accounts WHERE email_key = ?", (key,)).fetchone()
        if not self._passwords.matches(row["password"] if row else None, password):
            raise refusals.wrong_credentials()
        renewed = self._passwords.hash(password) if self._passwords.is_outdated(row["password"]) else None
        with self._database.writing() as connection:
            forget_in(connection, SIGN_IN, key)
            if renewed:
                connection.execute(
                    "UPDATE accounts SET password = ? WHERE id = ? AND password = ?",
                    (renewed, row["id"], row["password"]),
                )
        return self._credential(row)

    def fresh(self, credential: Credential) -> Credential:
        """Return a proof that lasts at least five more minutes; the same one where nothing has changed.

        Raises
        ------
        SignedOut
            The account is deleted, or its password was changed by another hand.
        StorageError
            The database cannot be read.
        """
        renewed = self.reload(credential)
        lasts = credential.expires - self._clock() >= _FRESH_SECONDS
        return credential if lasts and renewed.account == credential.account else renewed

    def reload(self, credential: Credential) -> Credential:
        """Return the account as it stands now, with a new proof.

        Raises
        ------
        SignedOut
            The account is deleted, or its password was changed by another hand.
        StorageError
            The database cannot be read.
        """
        with self._database.reading() as connection:
            return self._credential(_proven(connection, credential))

    def send_verification(self, credential: Credential) -> None:
        """Do nothing: no mail can be sent, and every address counts as known."""

    def request_reset(self, email: str) -> None:
        """Do nothing: no mail can be sent, and the operator gives a code."""

    def issue_reset_code(self, email: str) -> str:
        """Return a code that sets a new password, once and within 30 minutes; for the operator alone.

        Raises
        ------
        AccountError
            No account has the address.
        StorageError
            The database cannot be written.
        """
        code, now = new_code(), self._clock()
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT id FROM accounts WHERE email_key = ?", (email_key(email),)
            ).fetchone()
            if row is None:
                raise refusals.unknown_email()
            connection.execute(
                "DELETE FROM account_codes WHERE account = ? OR expires <= ?", (row["id"], now)
            )
            connection.execute(
                "INSERT INTO account_codes VALUES (?, ?, ?)", (code_hash(code), row["id"], now + CODE_SECONDS)
            )
        return code

    def confirm_reset(self, code: str, password: str) -> None:
        """Set a new password by a code; every proof ends, and so do the waits of the address.

        Raises
        ------
        InvalidCode
            The code is unknown, used or too old.
        WeakPassword
            The password is refused; the code can be used again.
        StorageError
            The database cannot be written.
        """
        digest = code_hash(code)
        with self._database.reading() as connection:
            row = self._coded(connection, digest)
        require_strong(password, email=row["email"], name=row["name"])
        kept = self._passwords.hash(password)
        with self._database.writing() as connection:
            row = self._coded(connection, digest)
            _set_password(connection, row["id"], kept)
            forget_in(connection, SIGN_IN, row["email_key"])
            forget_in(connection, CONFIRM, row["id"])

    def rename(self, credential: Credential, name: str) -> Credential:
        """Change what the person calls themselves.

        Raises
        ------
        SignedOut
            The proof has ended.
        StorageError
            The database cannot be written.
        """
        with self._database.writing() as connection:
            row = _proven(connection, credential)
            name = as_name(name, row["email"])
            connection.execute("UPDATE accounts SET name = ? WHERE id = ?", (name, row["id"]))
            return self._credential(_by_id(connection, row["id"]))

    def change_email(self, credential: Credential, password: str, email: str) -> Credential:
        """Change the address.

        Raises
        ------
        SignedOut, WrongCredentials, TooManyAttempts, InvalidEmail, EmailTaken
            As their sentences say.
        StorageError
            The database cannot be written.
        """
        email = as_email(email)
        self._confirm(credential, password)
        with self._database.writing() as connection:
            account = _proven(connection, credential)["id"]
            try:
                connection.execute(
                    "UPDATE accounts SET email = ?, email_key = ? WHERE id = ?",
                    (email, email_key(email), account),
                )
            except sqlite3.IntegrityError:
                raise refusals.email_taken() from None
            # A code was given to who owned the former address.
            connection.execute("DELETE FROM account_codes WHERE account = ?", (account,))
            return self._credential(_by_id(connection, account))

    def change_password(self, credential: Credential, password: str, new: str) -> Credential:
        """Change the password; every other proof ends.

        Raises
        ------
        SignedOut, WrongCredentials, TooManyAttempts, WeakPassword
            As their sentences say.
        StorageError
            The database cannot be written.
        """
        row = self._confirm(credential, password)
        require_strong(new, email=row["email"], name=row["name"])
        kept = self._passwords.hash(new)
        with self._database.writing() as connection:
            account = _proven(connection, credential)["id"]
            _set_password(connection, account, kept)
            return self._credential(_by_id(connection, account))

    def confirm(self, credential: Credential, password: str) -> Credential:
        """Return a new proof of who has signed in and knows the password.

        Raises
        ------
        SignedOut, WrongCredentials, TooManyAttempts
            As their sentences say.
        StorageError
            The database cannot be written.
        """
        return self._credential(self._confirm(credential, password))

    def delete(self, credential: Credential, password: str) -> None:
        """Delete the account; what it owns is deleted before.

        Raises
        ------
        SignedOut, WrongCredentials, TooManyAttempts
            As their sentences say.
        StorageError
            The database cannot be written.
        """
        self._confirm(credential, password)
        with self._database.writing() as connection:
            row = _proven(connection, credential)
            connection.execute("DELETE FROM accounts WHERE id = ?", (row["id"],))
            forget_in(connection, SIGN_IN, row["email_key"])

    def _confirm(self, credential: Credential, password: str) -> sqlite3.Row:
        """Return the row of who has signed in and knows the password.

        These attempts are counted apart from those to sign in, which anybody can make.
        """
        with self._database.reading() as connection:
            row = _proven(connection, credential)
        self._attempts.count(CONFIRM, row["id"])
        if not self._passwords.matches(row["password"], password):
            raise refusals.wrong_password()
        self._attempts.forget(CONFIRM, row["id"])
        return row

    def _coded(self, connection: sqlite3.Connection, digest: str) -> sqlite3.Row:
        row: sqlite3.Row | None = connection.execute(
            "SELECT accounts.* FROM accounts JOIN account_codes ON account_codes.account = accounts.id "
            "WHERE account_codes.hash = ? AND account_codes.expires > ?",
            (digest, self._clock()),
        ).fetchone()
        if row is None:
            raise refusals.invalid_code()
        return row

    def _credential(self, row: sqlite3.Row) -> Credential:
        account = Account(id=row["id"], name=row["name"], email=row["email"])
        expires = self._clock() + PROOF_SECONDS
        return Credential(account=account, uid=row["id"], id_token=row["mark"], expires=expires)


def _proven(connection: sqlite3.Connection, credential: Credential) -> sqlite3.Row:
    """Return the row of an account whose proof still holds."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM accounts WHERE id = ?", (credential.uid,)
    ).fetchone()
    if row is None or not secrets.compare_digest(row["mark"].encode(), credential.id_token.encode()):
        raise refusals.signed_out()
    return row


def _by_id(connection: sqlite3.Connection, account: str) -> sqlite3.Row:
    row: sqlite3.Row = connection.execute("SELECT * FROM accounts WHERE id = ?", (account,)).fetchone()
    return row


def _set_password(connection: sqlite3.Connection, account: str, kept: str) -> None:
    """Replace a password; every proof and every code given before ends with it."""
    connection.execute(
        "UPDATE accounts SET password = ?, mark = ? WHERE id = ?", (kept, _new_mark(), account)
    )
    connection.execute("DELETE FROM account_codes WHERE account = ?", (account,))


def _new_mark() -> str:
    return secrets.token_hex(16)
