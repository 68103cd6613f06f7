"""What every provider of accounts answers where it cannot do what was asked, in the same words."""

from __future__ import annotations

import math

from mlp_core.accounts.account import LONGEST_EMAIL
from mlp_core.errors import (
    AccountError,
    EmailTaken,
    InvalidCode,
    InvalidEmail,
    SignedOut,
    TooManyAttempts,
    WrongCredentials,
)
from mlp_core.text import Text


def wrong_credentials() -> WrongCredentials:
    """Return the one answer to a wrong password and to an unknown address."""
    return WrongCredentials(
        Text("The e-mail address or the password is wrong."),
        hint=Text("Check both. Capital letters count in the password."),
    )


def wrong_password() -> WrongCredentials:
    """Return the answer to who has signed in and confirms a change with a wrong password."""
    return WrongCredentials(
        Text("The current password is wrong, so nothing was changed."),
        hint=Text("Check capital letters and the layout of the keyboard, then try again."),
    )


def signed_out() -> SignedOut:
    """Return the answer to a proof that has ended."""
    return SignedOut(
        Text("You are signed out: the account was deleted, or its password changed elsewhere."),
        hint=Text("Sign in again."),
    )


def email_taken() -> EmailTaken:
    """Return the answer where the address belongs to another account."""
    return EmailTaken(
        Text("An account with this e-mail address already exists."),
        hint=Text("Sign in with it, or give another address."),
    )


def invalid_email() -> InvalidEmail:
    """Return the answer to what is no address."""
    return InvalidEmail(
        Text("This is not an e-mail address."),
        hint=Text(
            "Write all of it, with the @ and what follows, in at most {most:n} characters.",
            most=LONGEST_EMAIL,
        ),
    )


def unknown_email() -> AccountError:
    """Return what the operator alone is told: that no account has an address."""
    return AccountError(
        Text("No account has this e-mail address."),
        hint=Text("Check its spelling with the person who asks."),
    )


def invalid_code() -> InvalidCode:
    """Return the one answer to a code that is unknown, used or too old."""
    return InvalidCode(
        Text("This code is not known, was already used, or is too old."),
        hint=Text("Check every character, or ask for a new code."),
    )


def too_many_attempts(wait_seconds: float) -> TooManyAttempts:
    """Return the answer to who has to wait so many seconds before the next attempt."""
    seconds = max(1, math.ceil(wait_seconds))
    if seconds < 60:
        return TooManyAttempts(
            Text("There were too many attempts in a row."),
            hint=Text("Try again in {seconds:n} {seconds|second|seconds}.", seconds=seconds),
        )
    return TooManyAttempts(
        Text("There were too many attempts in a row."),
        hint=Text("Try again in {minutes:n} {minutes|minute|minutes}.", minutes=math.ceil(seconds / 60)),
    )
