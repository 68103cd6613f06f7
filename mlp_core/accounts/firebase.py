"""Accounts kept by Firebase Authentication, through pyrebase4.

What a proof says of its account (name, address, whether it is verified) is read from the proof itself, which
Google issues anew at each refresh; it came over a connection of ours, so its signature is not checked again.
"""

from __future__ import annotations

import base64
import contextlib
import json
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from mlp_core.accounts.account import Account, Credential, owner_id_of
from mlp_core.accounts.identity import as_email, as_name, email_key
from mlp_core.accounts.lockout import LONGEST_WAIT_SECONDS, Attempts
from mlp_core.accounts.passwords import require_strong, weak_password
from mlp_core.accounts.refusals import (
    email_taken,
    invalid_code,
    invalid_email,
    signed_out,
    too_many_attempts,
    wrong_credentials,
    wrong_password,
)
from mlp_core.errors import MLPError, ServiceUnavailable
from mlp_core.firebase import Conversation, Firebase, FirebaseConfig, Patience, Refused, asking
from mlp_core.firebase.failures import misunderstood, not_set_up

_MARGIN_SECONDS: Final = 300.0
_SIGN_IN: Final = "firebase-sign-in"
_RESET: Final = "firebase-reset"
_PROOF: Final = "firebase-proof"
_MAIL: Final = "firebase-mail"

_WRONG: Final = frozenset(
    {"INVALID_LOGIN_CREDENTIALS", "INVALID_PASSWORD", "EMAIL_NOT_FOUND", "MISSING_PASSWORD"}
)
_ENDED: Final = frozenset(
    {
        *("TOKEN_EXPIRED", "INVALID_ID_TOKEN", "MISSING_ID_TOKEN", "USER_NOT_FOUND", "USER_DISABLED"),
        *("INVALID_REFRESH_TOKEN", "MISSING_REFRESH_TOKEN", "INVALID_GRANT_TYPE"),
        "CREDENTIAL_TOO_OLD_LOGIN_AGAIN",
    }
)
_WEAK: Final = frozenset({"WEAK_PASSWORD", "PASSWORD_DOES_NOT_MEET_REQUIREMENTS"})
_NO_EMAIL: Final = frozenset({"INVALID_EMAIL", "MISSING_EMAIL", "INVALID_NEW_EMAIL", "MISSING_NEW_EMAIL"})
_TOO_MANY: Final = frozenset({"TOO_MANY_ATTEMPTS_TRY_LATER", "QUOTA_EXCEEDED", "RESET_PASSWORD_EXCEED_LIMIT"})
_NO_CODE: Final = frozenset({"INVALID_OOB_CODE", "EXPIRED_OOB_CODE", "MISSING_OOB_CODE"})
_MEANINGS: Final[tuple[tuple[frozenset[str], Callable[[], MLPError]], ...]] = (
    (_WRONG, wrong_credentials),
    (_ENDED, signed_out),
    (frozenset({"EMAIL_EXISTS"}), email_taken),
    (_NO_EMAIL, invalid_email),
    (_WEAK, weak_password),
    (_NO_CODE, invalid_code),
    (_TOO_MANY, lambda: too_many_attempts(LONGEST_WAIT_SECONDS)),
)


class FirebaseAccounts:
    """An :class:`AccountProvider` on Firebase Authentication.

    Parameters
    ----------
    config : FirebaseConfig
        Which project.
    attempts : Attempts, optional
        Counts what is tried for each address, known or not, before Firebase is asked.
    patience : Patience, optional
        How long one action may take.
    clock : callable
        Seconds since the epoch.
    """

    sends_mail = True

    def __init__(
        self,
        config: FirebaseConfig,
        attempts: Attempts | None = None,
        *,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._firebase = Firebase(config, patience)
        self._attempts = attempts
        self._clock = clock

    def sign_up(self, name: str, email: str, password: str) -> Credential:
        """Make an account and send the mail that verifies its address.

        Raises
        ------
        InvalidEmail, WeakPassword, EmailTaken, TooManyAttempts
            It cannot be made; Google allows a hundred an hour from one server.
        ServiceUnavailable
            Firebase does not answer.
        """
        email = as_email(email)
        name = as_name(name, email)
        require_strong(password, email=email, name=name)
        with self._asking() as talk:
            auth = talk.authentication()
            made = asking(auth.create_user_with_email_and_password, email, _as_sent(password))
            credential = self._credential(made)
            # The account is there: that its name or the mail is not is no reason to say that it is not.
            with contextlib.suppress(ServiceUnavailable, Refused):
                asking(auth.update_profile, credential.id_token, name)
            _verify(talk, credential)
        return _named(credential, name)

    def sign_in(self, email: str, password: str) -> Credential:
        """Prove who one is; one answer to a wrong password, an unknown address and a closed account.

        Raises
        ------
        WrongCredentials, TooManyAttempts
            It is not proved.
        ServiceUnavailable
            Firebase does not answer.
        """
        key = email_key(email)
        # What is no address may be a password in the wrong field: it is neither counted nor sent.
        if not key:
            raise wrong_credentials()
        self._count(_SIGN_IN, key)
        with self._asking() as talk:
            credential = self._signed_in(talk, as_email(email), password)
        self._forget(_SIGN_IN, key)
        return credential

    def fresh(self, credential: Credential) -> Credential:
        """Return a proof that lasts at least five more minutes.

        Raises
        ------
        SignedOut
            There is none: the account is gone, or its password was changed elsewhere.
        ServiceUnavailable
            Firebase does not answer.
        """
        if credential.expires - self._clock() > _MARGIN_SECONDS:
            return credential
        return self.reload(credential)

    def reload(self, credential: Credential) -> Credential:
        """Return the account as it stands now, with a new proof; raises ``SignedOut``."""
        with self._asking() as talk:
            return self._renewed(talk, credential)

    def send_verification(self, credential: Credential) -> None:
        """Send the mail that verifies the address; raises ``SignedOut`` or ``TooManyAttempts``."""
        self._count(_MAIL, credential.uid)
        with self._asking() as talk:
            current = self._current(talk, credential)
            asking(talk.authentication().send_email_verification, current.id_token)

    def request_reset(self, email: str) -> None:
        """Send a mail to who forgot the password; the same silence where nobody has the address.

        Raises
        ------
        InvalidEmail, TooManyAttempts
            It is no address, or was asked for too often; neither says whether anybody has it.
        ServiceUnavailable
            Firebase does not answer.
        """
        email = as_email(email)
        self._count(_RESET, email_key(email))
        with self._asking() as talk:
            try:
                asking(talk.authentication().send_password_reset_email, email)
            except Refused as refused:
                # An unknown address, a closed account or too many mails to it would tell of the account.
                if _meaning(refused.code) is None:
                    raise

    def confirm_reset(self, code: str, password: str) -> None:
        """Set a new password by the code of a mail; raises ``InvalidCode`` or ``WeakPassword``."""
        require_strong(password)
        with self._asking() as talk:
            asking(talk.authentication().verify_password_reset_code, code.strip(), _as_sent(password))

    def rename(self, credential: Credential, name: str) -> Credential:
        """Change what the person calls themselves; raises ``SignedOut``."""
        name = as_name(name, credential.account.email)
        with self._asking() as talk:
            current = self._current(talk, credential)
            answer = asking(talk.authentication().update_profile, current.id_token, name)
        return _named(self._credential_after(answer, current), name)

    def change_email(self, credential: Credential, password: str, email: str) -> Credential:
        """Change the address, at once or once a mail to the new one is answered; a mail is sent either way.

        A project that protects its addresses against guessing changes one only from a mail sent to it. The
        account that is returned then still has the former address.

        Raises
        ------
        WrongCredentials, InvalidEmail, EmailTaken, TooManyAttempts, SignedOut
            It cannot be changed.
        ServiceUnavailable
            Firebase does not answer.
        """
        email = as_email(email)
        with self._asking() as talk:
            proved = self._proved(talk, credential, password)
            try:
                answer = asking(talk.authentication().change_email, proved.id_token, email)
            except Refused as refused:
                if refused.code != "OPERATION_NOT_ALLOWED":
                    raise
                talk.send_change_of_email(proved.id_token, email)
                return proved
            changed = self._credential_after(answer, proved)
            _verify(talk, changed)
        return changed

    def change_password(self, credential: Credential, password: str, new: str) -> Credential:
        """Change the password; proofs given before cannot be renewed.

        Raises
        ------
        WrongCredentials, WeakPassword, TooManyAttempts, SignedOut
            It cannot be changed.
        ServiceUnavailable
            Firebase does not answer.
        """
        require_strong(new, email=credential.account.email, name=credential.account.name)
        with self._asking() as talk:
            proved = self._proved(talk, credential, password)
            answer = asking(talk.authentication().change_password, proved.id_token, _as_sent(new))
            return self._credential_after(answer, proved)

    def confirm(self, credential: Credential, password: str) -> Credential:
        """Return a new proof of who has signed in and knows the password; raises ``WrongCredentials``."""
        with self._asking() as talk:
            return self._proved(talk, credential, password)

    def delete(self, credential: Credential, password: str) -> None:
        """Delete the account; raises ``WrongCredentials`` or ``SignedOut``."""
        with self._asking() as talk:
            proved = self._proved(talk, credential, password)
            asking(talk.authentication().delete_user_account, proved.id_token)

    def _signed_in(self, talk: Conversation, email: str, password: str) -> Credential:
        try:
            answer = asking(talk.authentication().sign_in_with_email_and_password, email, _as_sent(password))
        except Refused as refused:
            if refused.code in _NO_EMAIL or refused.code == "USER_DISABLED":
                raise wrong_credentials() from None
            raise
        return self._credential(answer)

    def _proved(self, talk: Conversation, credential: Credential, password: str) -> Credential:
        """Return a new proof by the password; the address may have changed since the last one."""
        current = self._renewed(talk, credential)
        self._count(_PROOF, current.uid)
        try:
            answer = asking(
                talk.authentication().sign_in_with_email_and_password,
                current.account.email,
                _as_sent(password),
            )
        except Refused as refused:
            raise (wrong_password() if refused.code in _WRONG else _error_of(refused)) from None
        self._forget(_PROOF, current.uid)
        return self._credential(answer)

    def _current(self, talk: Conversation, credential: Credential) -> Credential:
        stale = credential.expires - self._clock() <= _MARGIN_SECONDS
        return self._renewed(talk, credential) if stale else credential

    def _renewed(self, talk: Conversation, credential: Credential) -> Credential:
        answer = asking(talk.authentication().refresh, credential.refresh_token)
        renewed = self._credential(answer)
        if renewed.uid != credential.uid:
            raise signed_out()
        return renewed

    def _credential_after(self, answer: Any, before: Credential) -> Credential:
        """Return the proof of an answer to a change, or the one before where it brings none."""
        if not isinstance(answer, Mapping):
            raise misunderstood()
        return self._credential(answer) if answer.get("idToken") else before

    def _credential(self, answer: Any) -> Credential:
        """Return the proof that an answer brings.

        Raises
        ------
        ServiceUnavailable
            There is none in it.
        """
        try:
            id_token, refresh_token = str(answer["idToken"]), str(answer["refreshToken"])
            claims = _claims(id_token)
            uid, email = str(claims["user_id"]), str(claims["email"])
            seconds = float(claims["exp"]) - float(claims["iat"])
            name = str(claims.get("name") or "")
            verified = claims.get("email_verified") is True
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError):
            raise misunderstood() from None
        return Credential(
            account=Account(
                id=owner_id_of("firebase", uid), name=as_name(name, email), email=email, verified=verified
            ),
            uid=uid,
            id_token=id_token,
            refresh_token=refresh_token,
            expires=self._clock() + seconds,
        )

    def _count(self, what: str, of: str) -> None:
        if self._attempts is not None:
            self._attempts.count(what, of)

    def _forget(self, what: str, of: str) -> None:
        if self._attempts is not None:
            self._attempts.forget(what, of)

    @contextlib.contextmanager
    def _asking(self) -> Iterator[Conversation]:
        """Give a conversation, and turn what Firebase refuses in it into an error of accounts."""
        try:
            yield self._firebase.conversation()
        except Refused as refused:
            raise _error_of(refused) from None


def _verify(talk: Conversation, credential: Credential) -> None:
    """Send the mail that verifies an address; the person can ask for another one."""
    with contextlib.suppress(ServiceUnavailable, Refused):
        asking(talk.authentication().send_email_verification, credential.id_token)


def _as_sent(password: str) -> str:
    # Keyboards write an accent as one character or two, and both are the same password.
    return unicodedata.normalize("NFC", password)


def _named(credential: Credential, name: str) -> Credential:
    return replace(credential, account=replace(credential.account, name=name))


def _error_of(refused: Refused) -> MLPError:
    return _meaning(refused.code) or (signed_out() if refused.status == 401 else not_set_up())


def _meaning(code: str) -> MLPError | None:
    """Return the error a code stands for; ``None`` where it tells of the project and not of a person."""
    return next((error() for codes, error in _MEANINGS if code in codes), None)


def _claims(id_token: str) -> dict[str, Any]:
    payload = id_token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if not isinstance(claims, dict):
        raise TypeError
    return claims
