"""Whether the account behind a session still takes the proof that was sealed in it."""

from __future__ import annotations

import contextlib
import time
from typing import Final

import streamlit as st

from mlp_core.accounts import Owner, Session
from mlp_core.errors import MLPError, ServiceUnavailable, SignedOut
from pages._ui.services import services

_SILENT: Final = "proof.silent"
_AGAIN_SECONDS: Final = 30.0
"""After a service did not answer, a tab does not ask it for so long."""


def owner_of(session: Session, token: str) -> Owner | None:
    """Return to whom a session leads; ``None`` where that is an account whose proof does not hold."""
    if not session.is_account:
        return Owner(id=session.owner_id)
    credential = services().sessions.credential(token)
    return proven(Owner(id=session.owner_id, credential=credential), token) if credential else None


def proven(owner: Owner, token: str) -> Owner | None:
    """Return an owner with a proof that holds; ``None`` where the account says it does not.

    Parameters
    ----------
    owner : Owner
        With the proof that this tab has.
    token : str
        Of the session, which ends with its proof.
    """
    credential, sessions = owner.credential, services().sessions
    if credential is None or time.monotonic() < st.session_state.get(_SILENT, 0.0):
        return owner
    try:
        renewed = services().accounts.fresh(credential)
    except ServiceUnavailable:
        # Who was signed in goes on working on this server, and does not wait for the service at every run.
        st.session_state[_SILENT] = time.monotonic() + _AGAIN_SECONDS
        return owner
    except SignedOut:
        # Another tab of this browser may have changed the password, and sealed the proof that holds now.
        latest = sessions.credential(token)
        if latest is not None and latest != credential:
            return proven(Owner(id=owner.id, credential=latest), token)
        session = sessions.find(token)
        if session is not None:
            sessions.drop(session.key)
        return None
    if renewed == credential:
        return owner
    with contextlib.suppress(MLPError):
        sessions.keep(token, renewed)
    return Owner(id=owner.id, credential=renewed)
