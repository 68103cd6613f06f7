"""Buttons that act once, however often and however quickly they are pressed.

What was done gives every button of the page a new key, so a click that comes after it finds no button there.
A click that comes while it is done makes Streamlit start another run beside the one at work, with that
button pressed: it waits until the deed is noted, and then draws the page anew instead of doing it again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mlp_core.text import Text
from pages._ui import state
from pages._ui.i18n import md

_SAID_SECONDS: Final = 30.0
"""So long a sentence about what was done stays on the page."""

_TURN: Final[ContextVar[int]] = ContextVar("acting.turn")
"""The turn that the buttons of this run were drawn in; two runs of one tab may be at work at once."""


def begin() -> None:
    """Note how far the tab is; to be called at the beginning of a page whose buttons act."""
    if state.recall("acting.turn") is None:
        state.remember("acting.lock", threading.RLock())
        state.remember("acting.turn", time.monotonic_ns())
    _TURN.set(state.recall("acting.turn"))


def key(name: str) -> str:
    """Return the key of a button or form that acts, the same one until something was done."""
    return f"{name}.{_TURN.get()}"


@contextmanager
def whole() -> Iterator[None]:
    """Do what follows to its end, with its note, or not at all where another run has just done something."""
    with state.recall("acting.lock"):
        if state.recall("acting.turn") != _TURN.get():
            st.rerun()
        with _undisturbed():
            yield


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep Streamlit from ending this run where it looks at the session: between a deed and its note."""
    context = get_script_run_ctx()
    session = context.session_state if context is not None else None
    look = getattr(session, "_yield_callback", None)
    if session is None or look is None:
        yield
        return
    # A plain assignment would make it a value of the session.
    object.__setattr__(session, "_yield_callback", _nothing)
    try:
        yield
    finally:
        object.__setattr__(session, "_yield_callback", look)


def _nothing() -> None:
    pass


def done(said: Text | None = None) -> NoReturn:
    """End this run and draw the page anew: fields empty, forms folded, and what was done in a sentence."""
    # The memory of the tab may be another one by now, without its lock.
    state.remember("acting.lock", state.recall("acting.lock") or threading.RLock())
    state.remember("acting.turn", time.monotonic_ns())
    state.remember("acting.open", None)
    state.remember("acting.said", (time.monotonic(), said))
    st.rerun()


def say() -> None:
    """Draw the sentence about what was done last, for a while."""
    since, said = state.recall("acting.said", (0.0, None))
    if said is not None and time.monotonic() - since < _SAID_SECONDS:
        st.success(md(said), icon=":material/check:")


def hush() -> None:
    """Forget the sentence and fold what is open, as when a person turns to something else."""
    state.remember("acting.said", (0.0, None))
    state.remember("acting.open", None)


def unfold(name: str) -> None:
    """Open one form, for the callback of the button that shows it; any other folds."""
    state.remember("acting.said", (0.0, None))
    state.remember("acting.open", name)


def fold() -> None:
    """Close the form that is open, for the callback of its button."""
    state.remember("acting.open", None)


def is_open(name: str) -> bool:
    """Whether a form is open."""
    return bool(state.recall("acting.open") == name)
