"""Buttons that act once: what was done gives every button of the page a new key.

A second click that comes while the first one is at work carries the former key, and finds no button there.
"""

from __future__ import annotations

import time
from typing import Final, NoReturn

import streamlit as st

from mlp_core.text import Text
from pages._ui import state
from pages._ui.i18n import md

_SAID_SECONDS: Final = 30.0
"""So long a sentence about what was done stays on the page."""


def key(name: str) -> str:
    """Return the key of a button or form that acts, the same one until something was done."""
    return f"{name}.{state.recall('acting.turn', 0)}"


def done(said: Text | None = None) -> NoReturn:
    """End this run and draw the page anew: fields empty, forms folded, and what was done in a sentence."""
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
