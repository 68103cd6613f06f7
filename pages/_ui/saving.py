"""“Save” in the head of a page: what is seen there, made when it is asked for, and kept for its owner.

The head is drawn first and keeps a place; the page fills it at its end, when it knows what it shows.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from streamlit.errors import StreamlitAPIException

from mlp_core.errors import QuotaExceeded
from mlp_core.storage.artifacts import EXTENSIONS, LARGEST_BYTES
from mlp_core.storage.artifacts.artifact import LONGEST_NAME, as_name
from mlp_core.text import Text
from pages._ui import moments, shell, state, visitor
from pages._ui.found import size
from pages._ui.i18n import md, named, plain, t
from pages._ui.services import services

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.report import Document

_SAID_SECONDS: Final = 60.0
"""So long the sentence about what was saved stays in the list."""
_PIXELS: Final = 380


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Something on a page that can be saved.

    Attributes
    ----------
    kind : str
        A key of ``EXTENSIONS``.
    label : Text
        What it is.
    name : str
        What it is called, until the person says otherwise.
    make : callable
        Returns its content; may raise any ``MLPError``. It is called when the person asks for it.
    """

    kind: str
    label: Text
    name: str
    make: Callable[[], bytes]


def offer(page: str, offers: Sequence[Offer]) -> None:
    """Put the button into its place, with what it offers; the first is chosen.

    Parameters
    ----------
    page : str
        The id of the page.
    """
    place = state.recall("slot.saving")
    if place is not None and offers:
        # Only this part is drawn again by what happens in it: the page stays as it is.
        with place:
            shell.repeating(_popover, None)(page, tuple(offers))


def table(frame: pd.DataFrame, name: str) -> bytes:
    """Return a table as CSV.

    Raises
    ------
    QuotaExceeded
        It is larger than one saved thing may be; that is known before it is written.
    """
    from mlp_core.spreadsheet import frame_csv

    require_table_size(frame, name)
    return frame_csv(frame)


def require_table_size(frame: pd.DataFrame, name: str) -> None:
    """Refuse a table that as CSV would be larger than one saved thing may be.

    Raises
    ------
    QuotaExceeded
        It would.
    """
    from mlp_core.spreadsheet import csv_bytes

    require_size(name, csv_bytes(frame))


def require_size(name: str, count: int) -> None:
    """Refuse what takes more bytes than one saved thing may.

    Raises
    ------
    QuotaExceeded
        It does.
    """
    if count > LARGEST_BYTES:
        raise QuotaExceeded(
            Text(
                "{name} would take about {size:n} MB as a file; one saved thing may take {most:n} MB.",
                name=as_name(name),
                size=round(count / (1 << 20)),
                most=LARGEST_BYTES >> 20,
            ),
            hint=Text("Keep the rows and columns you need with a cleaning step, then save again."),
        )


def pdf(document: Document) -> bytes:
    """Return a document as PDF in the visitor's language."""
    from mlp_core.report import to_pdf

    return to_pdf(document, state.language())


def now() -> datetime:
    """Return the present in the visitor's time zone."""
    return datetime.fromtimestamp(int(time.time()), moments.zone())


def _popover(page: str, offers: Sequence[Offer]) -> None:
    # One width, whatever is said in it: a list that moves under the pointer takes the wrong click.
    with (
        st.popover(t("Save"), icon=":material/bookmark_add:", key="saving.popover"),
        st.container(width=_PIXELS),
    ):
        chosen = _chosen(page, offers)
        # A name follows what it names: with another chart comes another key, and so the other name.
        what = f"{page}.{_short(chosen.kind, chosen.name)}"
        turn = _turn(what)
        name = st.text_input(
            t("Name"), as_name(chosen.name), max_chars=LONGEST_NAME, key=f"saving.name.{what}"
        )
        # What was saved gives its button another key: the second of two quick clicks finds no button, while
        # another thing chosen meanwhile has a button of its own.
        pressed = st.button(
            t("Save it"),
            type="primary",
            icon=":material/bookmark_add:",
            key=f"saving.save.{what}.{turn}",
            width="stretch",
        )
        if pressed:
            with shell.showing_errors(), st.spinner(t("Saving…")):
                _save(page, what, chosen, name or chosen.name)
            if _turn(what) != turn:
                _draw_again()
        _say(page)


def _chosen(page: str, offers: Sequence[Offer]) -> Offer:
    labels = {
        number: f"{md(one.label)} :gray[{plain(f'.{EXTENSIONS[one.kind][0]}')}]"
        for number, one in enumerate(offers)
    }
    known = _short(page, *(part for one in offers for part in (one.kind, one.name)))
    number = st.radio(
        t("What to save"),
        list(labels),
        format_func=named(labels),
        key=f"saving.what.{known}",
        on_change=_hush,
    )
    return offers[number]


def _save(page: str, what: str, chosen: Offer, name: str) -> None:
    """Make it, keep it, and note that it is kept.

    Streamlit ends a run for a newer one whenever it draws or looks at the session. Between keeping and noting
    it does neither, or a second click would save a second time.
    """
    noted, content = _noted(), chosen.make()
    store, owner = services().artifacts, visitor.check().owner
    saved = store.put(owner, name=name, kind=chosen.kind, page=page, content=content)
    noted["turns"][what] = noted["turns"].get(what, 0) + 1
    noted["said"] = (page, time.monotonic(), saved.name, saved.size)


def _turn(what: str) -> int:
    return int(_noted()["turns"].get(what, 0))


def _noted() -> dict[str, Any]:
    """Return what this tab notes of its saving: how often it saved each thing, and what it last said."""
    noted: dict[str, Any] | None = state.recall("saving.noted")
    if noted is None:
        noted = {"turns": {}, "said": None}
        state.remember("saving.noted", noted)
    return noted


def _draw_again() -> None:
    """Let the button have its new key at once, so that the next click on it counts."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def _say(page: str) -> None:
    said = _noted()["said"]
    if said is None:
        return
    where, since, name, count = said
    if where == page and time.monotonic() - since < _SAID_SECONDS:
        words = md("Saved: {name}, {size}. Find it in Account, Saved.", name=name, size=size(count))
        st.success(words, icon=":material/check:")


def _hush() -> None:
    _noted()["said"] = None


def _short(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
