"""Every failure a person can mend, with a sentence that says what was found and what to do.

::

    MLPError
    ├── ReadError            the file cannot become a table
    │   ├── NotATable        it is something else: empty, a PDF, a picture, an archive …
    │   ├── DamagedFile      it was a table and is cut off or broken
    │   └── TooLarge         it passes a limit of this server
    ├── NotApplicable        a step, chart or model does not fit the column or table it was given
    ├── InvalidParameter     a value is outside what its field allows
    ├── CannotTrain          the target, the features or the split leave nothing to learn
    ├── SchemaMismatch       new rows do not have the columns the model was trained on
    ├── JobError             work in another process did not end well
    ├── AccountError         an account does not allow it
    │   ├── WrongCredentials one answer for a wrong password and an unknown address
    │   ├── SignedOut        the session has ended, or the account behind it
    │   ├── TooManyAttempts  wait before trying again
    │   ├── EmailTaken       an account has this address
    │   ├── InvalidEmail     it is no address
    │   ├── WeakPassword     too short, too long or too well known
    │   ├── InvalidCode      of a reset, a verification or an invitation: unknown, used or too old
    │   └── NotVerified      the address has to be confirmed first
    ├── ServiceUnavailable   a service on the network does not answer, or not as agreed
    └── StorageError         what was saved cannot be opened or written
        ├── NotFound         there is no such thing, or it is somebody else's
        └── QuotaExceeded    it would take more room than this person has
"""

from __future__ import annotations

from typing import Any

from mlp_core.text import Text


class MLPError(Exception):
    """A failure that a person can understand and mend.

    Parameters
    ----------
    message : Text
        Which column or file, what was found, what was expected.
    hint : Text, optional
        What to do about it.
    """

    def __init__(self, message: Text, hint: Text | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint

    def render(self, language: str = "en") -> str:
        """Return message and hint as running text in ``language``."""
        parts = [self.message.render(language)]
        if self.hint is not None:
            parts.append(self.hint.render(language))
        return " ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return the error as plain JSON, to cross a process."""
        hint = self.hint.to_json() if self.hint is not None else None
        return {"error": type(self).__name__, "message": self.message.to_json(), "hint": hint}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.hint)


class ReadError(MLPError):
    """The file cannot become a table."""


class NotATable(ReadError):
    """The file is something other than a table."""


class DamagedFile(ReadError):
    """The file was a table and is cut off or broken."""


class TooLarge(ReadError):
    """The file passes a limit of this server."""


class NotApplicable(MLPError):
    """A step, chart or model does not fit the column or table it was given."""


class InvalidParameter(MLPError):
    """A value is outside what its field allows."""


class CannotTrain(MLPError):
    """The target, the features or the split leave nothing to learn."""


class SchemaMismatch(MLPError):
    """New rows do not have the columns the model was trained on."""


class JobError(MLPError):
    """Work in another process did not end well."""


class AccountError(MLPError):
    """An account does not allow it."""


class WrongCredentials(AccountError):
    """One answer for a wrong password and an unknown address."""


class SignedOut(AccountError):
    """The session has ended, or the account behind it."""


class TooManyAttempts(AccountError):
    """Wait before trying again."""


class EmailTaken(AccountError):
    """An account has this address."""


class InvalidEmail(AccountError):
    """It is no address."""


class WeakPassword(AccountError):
    """Too short, too long or too well known."""


class InvalidCode(AccountError):
    """A code of a reset, a verification or an invitation is unknown, used or too old."""


class NotVerified(AccountError):
    """The address has to be confirmed first."""


class ServiceUnavailable(MLPError):
    """A service on the network does not answer, or not as agreed."""


class StorageError(MLPError):
    """What was saved cannot be opened or written."""


class NotFound(StorageError):
    """There is no such thing, or it is somebody else's."""


class QuotaExceeded(StorageError):
    """It would take more room than this person has."""


def from_json(data: dict[str, Any]) -> MLPError:
    """Return the error that :meth:`MLPError.to_json` wrote; the base class for an unknown name."""
    known = {cls.__name__: cls for cls in _tree(MLPError)}
    hint = Text.from_json(data["hint"]) if data.get("hint") else None
    return known.get(data["error"], MLPError)(Text.from_json(data["message"]), hint)


def _tree(cls: type[MLPError]) -> list[type[MLPError]]:
    return [cls, *(deeper for child in cls.__subclasses__() for deeper in _tree(child))]
