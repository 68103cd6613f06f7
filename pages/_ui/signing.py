"""Signing up, in and out, and the end of an account: what a visitor does about who they are."""

from __future__ import annotations

import hmac
import time
from typing import Final

from mlp_core.accounts import Credential, Owner
from mlp_core.errors import AccountError, InvalidCode
from mlp_core.text import Text
from pages._ui import visitor
from pages._ui.services import services

_CODE: Final = "sign-up code"


def sign_up(name: str, email: str, password: str, code: str = "") -> None:
    """Make an account and continue as it; what the guest has done so far moves into it.

    Raises
    ------
    AccountError
        The server takes no new accounts, the code is wrong, or the provider refuses.
    """
    allowed = services().settings.sign_up
    if allowed == "closed":
        raise AccountError(
            Text("This server takes no new accounts."), hint=Text("Ask whoever runs it for one.")
        )
    if allowed == "code":
        _check_code(code)
    begun = time.monotonic()
    _enter(services().accounts.sign_up(name, email, password), begun)


def sign_in(email: str, password: str) -> None:
    """Continue as an account; what the guest has done so far moves into it.

    Raises
    ------
    AccountError
        The provider refuses.
    """
    begun = time.monotonic()
    _enter(services().accounts.sign_in(email, password), begun)


def sign_out(*, everywhere: bool = False) -> None:
    """Continue as a new guest; ``everywhere`` ends the other sessions of the account too."""
    former = visitor.current().owner
    cloud = services().cloud
    if cloud is not None:
        cloud.flush(former, timeout_seconds=3.0)
    visitor.become(None)
    if everywhere:
        services().sessions.drop_all(former.id)
        _forget_proof(former)


def change_password(password: str, new: str) -> None:
    """Change the password; every other session of the account ends.

    Raises
    ------
    AccountError
        The provider refuses.
    """
    former = visitor.current()
    renewed = services().accounts.change_password(_credential(former.owner), password, new)
    # First, so that another tab of this browser finds the proof that holds now.
    visitor.renew(renewed)
    services().sessions.drop_all(former.owner.id, but=former.session.key)


def delete_account(password: str) -> None:
    """Delete the account with everything in it, and continue as a new guest.

    Everything stored goes first and the account last, so that a failure on the way leaves no data behind an
    account that nobody can open any more.

    Raises
    ------
    AccountError
        The password is wrong; nothing was deleted.
    ServiceUnavailable, StorageError
        Something could not be deleted; the account is still there.
    """
    former = visitor.current().owner
    proven = services().accounts.confirm(_credential(former), password)
    owner = Owner(id=former.id, credential=proven)
    cloud = services().cloud
    if cloud is not None:
        cloud.delete_all(owner)
    services().artifacts.delete_all(owner)
    services().library.delete_all(owner.id)
    services().accounts.delete(proven, password)
    services().deleted.set()
    visitor.become(None)
    services().sessions.drop_all(owner.id)
    _forget_proof(owner)


def _enter(credential: Credential, begun: float) -> None:
    former, owner = visitor.current().owner, Owner(id=credential.account.id, credential=credential)
    services().library.claim(owner.id)
    visitor.look_in_cloud(owner, begun)
    if former.is_guest:
        # Saved things first: a guest who has no project any more would be cleared away with what is saved.
        services().artifacts.move(former.id, owner.id)
        services().library.move(former.id, owner.id)
    visitor.become(credential)
    cloud = services().cloud
    if cloud is not None:
        cloud.look(owner)


def _forget_proof(owner: Owner) -> None:
    """Send nothing more in the name of an account."""
    proofs = services().proofs
    if proofs is not None:
        proofs.forget(owner.id)


def _check_code(code: str) -> None:
    expected, whose = services().settings.sign_up_code, visitor.current().session.key
    services().attempts.count(_CODE, whose)
    if not hmac.compare_digest(code.strip().encode(), expected.strip().encode()):
        raise InvalidCode(
            Text("This is not the code for new accounts on this server."),
            hint=Text("Ask whoever runs it for the code."),
        )
    services().attempts.forget(_CODE, whose)


def _credential(owner: Owner) -> Credential:
    if owner.credential is None:
        raise AccountError(Text("You are a guest, so there is no account to change."))
    return owner.credential
