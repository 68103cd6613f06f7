"""What can go wrong between here and Firebase, as errors that hold no address, token or answer."""

from __future__ import annotations

import json
from typing import Final

from mlp_core.errors import ServiceUnavailable, SignedOut
from mlp_core.text import Text

_LONGEST_CODE: Final = 80
_ASK_LATER: Final = frozenset({402, 408, 429})


class Refused(Exception):
    """Firebase understood a request and said no; each adapter says what that means to a person.

    Parameters
    ----------
    status : int
        Of HTTP, 400 to 499.
    code : str
        Firebase's own word, such as ``"EMAIL_EXISTS"``; empty where it gave none.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


def failure_of(status: int, body: bytes) -> Exception:
    """Return the error of an answer that is no success: :class:`Refused` or ``ServiceUnavailable``."""
    if 400 <= status < 500 and status not in _ASK_LATER:
        return Refused(status, _code(body))
    return overloaded()


def unreachable() -> ServiceUnavailable:
    """Return the error of a connection that was refused, cut or never made."""
    return ServiceUnavailable(
        Text("Firebase cannot be reached at the moment; your work is kept on this server."), hint=_go_on()
    )


def too_slow() -> ServiceUnavailable:
    """Return the error of an answer that did not come in time."""
    return ServiceUnavailable(
        Text("Firebase does not answer in time; your work is kept on this server."), hint=_go_on()
    )


def overloaded() -> ServiceUnavailable:
    """Return the error of a service that says itself that it cannot answer now."""
    return ServiceUnavailable(
        Text("Firebase has a problem of its own at the moment; your work is kept on this server."),
        hint=_go_on(),
    )


def misunderstood() -> ServiceUnavailable:
    """Return the error of an answer that is not what Firebase promises to answer."""
    return ServiceUnavailable(
        Text("Firebase gave an answer that cannot be read; your work is kept on this server."), hint=_go_on()
    )


def not_set_up() -> ServiceUnavailable:
    """Return the error of a project that refuses what the README says to switch on."""
    return ServiceUnavailable(
        Text("The Firebase project is not set up for this yet; your work is kept on this server."),
        hint=Text("Whoever runs the server should go through the steps for Firebase in the README again."),
    )


def session_ended() -> SignedOut:
    """Return the error of a proof that Firebase no longer takes."""
    return SignedOut(Text("Your session has ended."), hint=Text("Sign in again; your work is kept."))


def _go_on() -> Text:
    return Text("Go on working, and try again in a minute.")


def _code(body: bytes) -> str:
    """Return Firebase's word in ``{"error": {"message": "WORD : more"}}`` or ``{"error": "words"}``."""
    try:
        error = json.loads(body)["error"]
        message = error["message"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return message.split(":")[0].strip()[:_LONGEST_CODE] if isinstance(message, str) else ""
