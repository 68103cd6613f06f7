"""Every provider of accounts, opened for a test, with what its person would do outside the app.

To add one, write a function from an empty folder to a context that yields a :class:`Place`, and name it in
``PROVIDERS``: the whole contract of ``test_contract.py`` then holds for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from firebase import places
from mlp_core.accounts import Credential
from mlp_core.accounts.account import AccountProvider


@dataclass(frozen=True, kw_only=True)
class Place:
    """A provider, and the hands around it.

    Attributes
    ----------
    provider : AccountProvider
        What is held to the contract.
    verify : callable
        Do what makes an address known: open the link of the mail that was sent. The test reloads afterwards.
    reset_code : callable
        Return the code that the person who owns an address gets after ``request_reset``, by mail or from the
        operator.
    settle : callable
        Wait until a new password is told from the one before, where times are kept in whole seconds.
    revokes : bool
        Whether a new password ends what proofs are renewed with, as Google does and its emulator does not.
    later : callable, optional
        Let so many seconds pass; ``None`` where the provider's clock cannot be moved.
    """

    provider: AccountProvider
    verify: Callable[[Credential], None]
    reset_code: Callable[[str], str]
    settle: Callable[[], None] = lambda: None
    revokes: bool = True
    later: Callable[[float], None] | None = None


class Clock:
    """Seconds since the epoch that pass only when told."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += seconds


@contextmanager
def embedded(folder: Path) -> Iterator[Place]:
    from mlp_core.accounts import EmbeddedAccounts

    clock = Clock()
    provider = EmbeddedAccounts(folder, clock=clock)
    yield Place(
        provider=provider, verify=lambda _: None, reset_code=provider.issue_reset_code, later=clock.later
    )


@contextmanager
def memory(folder: Path) -> Iterator[Place]:
    from mlp_core.accounts import MemoryAccounts

    clock = Clock()
    provider = MemoryAccounts(clock=clock)
    yield Place(
        provider=provider, verify=lambda _: None, reset_code=provider.issue_reset_code, later=clock.later
    )


@contextmanager
def firebase_double(folder: Path) -> Iterator[Place]:
    with places.on_double(folder) as (double, provider):
        yield Place(
            provider=provider,
            verify=lambda credential: double.identity.verify(credential.account.email),
            reset_code=lambda email: double.identity.mail("PASSWORD_RESET", email).code,
        )


@contextmanager
def firebase_emulator(folder: Path) -> Iterator[Place]:
    with places.on_emulator(folder) as provider:
        yield Place(
            provider=provider,
            verify=places.open_mail,
            reset_code=places.mailed_code,
            settle=places.wait_a_second,
            revokes=False,
        )


PROVIDERS: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {
    "embedded": embedded,
    "memory": memory,
    "firebase": firebase_double,
    **({"emulator": firebase_emulator} if places.EMULATORS else {}),
}
