"""The latest proof of each account that was here, in the memory of the server only.

Work that goes on between two visits of a page needs a proof that has not run out. A proof that its provider
refused is not tried again until the visitor comes with another one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from mlp_core.accounts.account import AccountProvider, Credential, Owner
from mlp_core.errors import NotVerified, SignedOut
from mlp_core.text import Text

_IDLE_SECONDS: Final = 43_200.0


class Proofs:
    """What visitors with an account have last shown.

    Parameters
    ----------
    accounts : AccountProvider
        It is asked for a new proof before one ends.
    idle_seconds : float
        Time without a visit after which a proof is forgotten.
    again_seconds : float
        Time between two questions whether an address has been confirmed.
    clock : callable
        Seconds, of which only differences count.
    """

    def __init__(
        self,
        accounts: AccountProvider,
        *,
        idle_seconds: float = _IDLE_SECONDS,
        again_seconds: float = 20.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._accounts = accounts
        self._idle_seconds = idle_seconds
        self._again_seconds = again_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, Credential] = {}
        self._ended: dict[str, set[str]] = {}
        self._visited: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._told: list[Callable[[str], None]] = []

    def tell(self, told: Callable[[str], None]) -> None:
        """Call ``told`` with an owner's id whenever more has become possible for them."""
        self._told.append(told)

    def seen(self, owner: Owner) -> None:
        """Take note of a visitor; pages call it at each run, and it costs next to nothing."""
        credential = owner.credential
        if credential is None:
            return
        with self._lock:
            self._visited[owner.id] = self._clock()
            known = self._held.get(owner.id)
            if known is None and credential.id_token in self._ended.get(owner.id, ()):
                return
            news = known is None or (credential.account.verified and not known.account.verified)
            if known is None or news or credential.expires > known.expires:
                self._held[owner.id] = credential
            if news:
                self._forget_the_absent()
        if news:
            for told in self._told:
                told(owner.id)

    def fresh(self, owner_id: str) -> Owner:
        """Return an owner with a proof that lasts a few more minutes.

        Raises
        ------
        SignedOut
            There is none, or its provider no longer takes it.
        ServiceUnavailable
            The provider does not answer.
        """
        return self._renewed(owner_id, self._accounts.fresh)

    def verified(self, owner_id: str) -> Owner:
        """Return an owner who may write: as :meth:`fresh`, and the address is confirmed.

        Raises
        ------
        NotVerified
            It is not; the provider is asked now and then.
        SignedOut, ServiceUnavailable
            As for :meth:`fresh`.
        """
        owner = self.fresh(owner_id)
        if _is_verified(owner):
            return owner
        with self._lock:
            due = self._clock() >= self._asked.get(owner_id, float("-inf")) + self._again_seconds
            if due:
                self._asked[owner_id] = self._clock()
        if due:
            owner = self.renewed(owner_id)
        if not _is_verified(owner):
            raise NotVerified(
                Text("Your e-mail address is not confirmed yet, so your work is kept on this server only."),
                hint=Text("Open the link in the mail that you were sent; the rest happens by itself."),
            )
        return owner

    def renewed(self, owner_id: str) -> Owner:
        """Return an owner with a new proof, whatever the present one says; raises as :meth:`fresh`."""
        return self._renewed(owner_id, self._accounts.reload)

    def has(self, owner_id: str) -> bool:
        """Whether there is a proof that has not been refused."""
        with self._lock:
            return owner_id in self._held

    def forget(self, owner_id: str) -> None:
        """Drop an owner's proof, at sign-out."""
        with self._lock:
            for kept in (self._held, self._ended, self._visited, self._asked):
                kept.pop(owner_id, None)

    def _renewed(self, owner_id: str, renew: Callable[[Credential], Credential]) -> Owner:
        with self._lock:
            known = self._held.get(owner_id)
        if known is None:
            raise signed_out()
        try:
            credential = renew(known)
        except SignedOut:
            with self._lock:
                if self._held.get(owner_id) == known:
                    del self._held[owner_id]
                    self._ended.setdefault(owner_id, set()).add(known.id_token)
            raise signed_out() from None
        with self._lock:
            present = self._held.get(owner_id)
            # Who has signed out meanwhile stays signed out, and a later proof is not put back.
            if present is not None and credential.expires >= present.expires:
                self._held[owner_id] = credential
        return Owner(id=owner_id, credential=credential)

    def _forget_the_absent(self) -> None:
        limit = self._clock() - self._idle_seconds
        for owner_id in [one for one, when in self._visited.items() if when < limit]:
            for kept in (self._held, self._ended, self._visited, self._asked):
                kept.pop(owner_id, None)


def signed_out() -> SignedOut:
    """Return the error of work that waits for a visitor to sign in again."""
    return SignedOut(
        Text("Your sign-in has ended, so your work is kept on this server only."),
        hint=Text("Sign in again; the rest happens by itself."),
    )


def _is_verified(owner: Owner) -> bool:
    return owner.credential is not None and owner.credential.account.verified
