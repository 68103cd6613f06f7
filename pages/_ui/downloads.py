"""Files made when they are asked for, after one more look whether their visitor may still have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from mlp_core.errors import SignedOut
from mlp_core.text import Text
from pages._ui import visitor
from pages._ui.i18n import t
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.accounts import Owner


def icon(words: str, make: Callable[[Owner], bytes], *, file_name: str, mime: str, key: str) -> None:
    """Draw a download as an icon.

    Parameters
    ----------
    words : str
        What the button says to a screen reader, and to who points at it.
    make : callable
        Returns the content for its owner. It runs beside the pages, when the person has pressed the button.
    """
    known, of = visitor.current(), services()

    def checked() -> bytes:
        # A tab may stay open after a sign-out in another one, and longer than a proof of the account lasts.
        if of.sessions.check(known.session.key) is None:
            raise SignedOut(Text("This session has ended."), hint=Text("Reload the page to go on."))
        owner = known.owner
        if owner.credential is not None:
            owner = replace(owner, credential=of.accounts.fresh(owner.credential))
        return make(owner)

    st.download_button(
        words,
        checked,
        file_name=file_name,
        mime=mime,
        key=key,
        icon=":material/download:",
        help=words,
        type="tertiary",
        on_click="ignore",
    )


def localize() -> None:
    """Replace what Streamlit says in English below a button whose file could not be made."""
    place = '[data-testid="stDownloadButtonError"]'
    words = t("This could not be fetched now. Try again in a moment.")
    css = (
        f'{place}, {place} * {{ font-size: 0; }} {place}::after {{ content: "{words}"; font-size: 0.92rem; }}'
    )
    st.html(f"<style>{css}</style>")
