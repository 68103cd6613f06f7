"""One control for each decision that the reader took; what a person says there is read at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any, Final

import streamlit as st

from mlp_core.errors import MLPError
from mlp_core.read import ENCODINGS, SEPARATORS, ReadOptions
from mlp_core.read.options import ESCAPES, QUOTES, THOUSANDS
from mlp_core.table import ReadReport, Table
from mlp_core.text import Text
from pages._ui import actions, state
from pages._ui.i18n import t

MARKERS: Final = ("?", "NA", "N/A", "-", ".", "unknown", "none", "null", "-999", "-1", "0")
COMMENTS: Final = ("", "#", "//", "%", "--")

# Options of which one is chosen; the reader's own finding always stands before them.
CHOICES: Final[Mapping[str, tuple[Any, ...]]] = MappingProxyType(
    {
        "encoding": ENCODINGS,
        "separator": tuple(SEPARATORS),
        "quote": QUOTES,
        "escape": ESCAPES,
        "comment": COMMENTS,
        "decimal": (".", ","),
        "thousands": THOUSANDS,
        "day_first": (True, False),
        "header": (True, False),
    }
)
FREE: Final = frozenset({"separator", "comment"})
"""Choices to which a person may add one of their own."""

APART: Final = frozenset({"part", "block"})
"""Decisions that stand before all others, since they say which table of the file is meant."""

COUNTS: Final = ("header_rows", "skipped", "footer")

LABELS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "format": Text("Format"),
        "part": Text("Part of the file"),
        "block": Text("Table in the text"),
        "encoding": Text("Encoding"),
        "separator": Text("Separator"),
        "quote": Text("Quotation mark"),
        "escape": Text("Escape character"),
        "comment": Text("Comment lines begin with"),
        "decimal": Text("Decimal mark"),
        "thousands": Text("Mark between thousands"),
        "day_first": Text("Order in dates"),
        "header": Text("First line"),
        "header_rows": Text("Lines of names"),
        "skipped": Text("Lines before the table"),
        "footer": Text("Lines after the table"),
        "missing": Text("Texts that mean “missing”"),
        "names": Text("Names of the columns"),
        "kind": Text("Kind"),
        "boolean": Text("Yes or no"),
        "unit": Text("Unit"),
        "currency": Text("Currency"),
        "percent": Text("Percent"),
        "zone": Text("Time zone"),
        "century": Text("Century"),
    }
)
_OVERRIDDEN: Final = (*CHOICES, *COUNTS, "missing", "names")
_NAMES: Final = MappingProxyType(
    {
        **{("separator", mark): label for mark, label in SEPARATORS.items()},
        ("header", True): Text("Names of the columns"),
        ("header", False): Text("A row like the others"),
        ("day_first", True): Text("Day before month (31/12)"),
        ("day_first", False): Text("Month before day (12/31)"),
        ("thousands", " "): Text("A blank"),
    }
)


def can(what: str, found: ReadReport) -> bool:
    """Whether a decision can be overridden by one control here."""
    return what in _OVERRIDDEN and (what != "names" or not found.has_header)


def control(what: str, found: ReadReport, given: ReadOptions, table: Table) -> None:
    """Draw the control that overrides one decision."""
    key = f"upload.options.{state.recall('upload.turn', 0)}.{what}"
    if what in CHOICES:
        _choice(what, getattr(given, what), key)
    elif what in COUNTS:
        st.number_input(
            t(LABELS[what]),
            min_value=0,
            value=getattr(given, what),
            step=1,
            placeholder=t("As found: {found}", found=getattr(found, what)),
            key=key,
            on_change=_override,
            args=(what, key, _as_it_is),
        )
        # A number field that begins with a number cannot be emptied.
        _as_found(what, given, key)
    elif what == "missing":
        _missing(found, given, key)
    elif what == "names":
        st.text_input(
            t("Names of the columns, in order, separated by commas"),
            ", ".join(given.names or ()),
            placeholder=", ".join(list(table.kinds)[:8]) + ("…" if len(table.kinds) > 8 else ""),
            key=key,
            on_change=_override,
            args=(what, key, _as_names),
        )


def others(
    asked: Collection[str], found: ReadReport, given: ReadOptions, table: Table, *, nameless: bool
) -> None:
    """Draw the controls of what the reader did not need to decide, on demand."""
    if nameless and "names" not in asked:
        control("names", found, given, table)
    rest = [what for what in _OVERRIDDEN if what not in asked and what != "names"]
    if not found.encoding:
        rest = [what for what in rest if what in ("header", "header_rows", "skipped", "footer", "missing")]
    if not rest:
        return
    if st.toggle(t("Every setting"), value=not asked, key="upload.reading.all"):
        with st.grid(3, vertical_alignment="bottom"):
            for what in rest:
                control(what, found, given, table)


def parts(found: ReadReport) -> None:
    """Draw the choice between the sheets, members or tables of one file."""
    if len(found.parts) < 2:
        return
    key = f"upload.options.{state.recall('upload.turn', 0)}.part"
    st.selectbox(
        t("This file holds {count:n} tables; the one shown is", count=len(found.parts)),
        found.parts,
        found.parts.index(found.part) if found.part in found.parts else None,
        key=key,
        on_change=_override,
        args=("part", key, _as_it_is),
    )


def blocks(found: ReadReport) -> None:
    """Draw the choice between several tables in one text, or on one sheet."""
    if found.blocks < 2:
        return
    label = t("This text holds {count:n} tables; the one shown is number", count=found.blocks)
    if not found.encoding:
        label = t("This sheet holds {count:n} tables; the one shown is number", count=found.blocks)
    key = f"upload.options.{state.recall('upload.turn', 0)}.block"
    st.segmented_control(
        label,
        range(1, found.blocks + 1),
        default=min(found.block, found.blocks),
        required=True,
        key=key,
        wrap=True,
        on_change=_override,
        args=("block", key, _as_it_is),
    )


def _choice(what: str, given: Any, key: str) -> None:
    options = [None, *CHOICES[what], *([given] if given is not None and given not in CHOICES[what] else [])]

    def name(option: Any) -> str:
        if option is None:
            return t("As found in the file")
        label = _NAMES.get((what, option))
        return t(label) if label is not None else (str(option) or t("None"))

    st.selectbox(
        t(LABELS[what]),
        options,
        options.index(given),
        format_func=name,
        accept_new_options=what in FREE,
        key=key,
        on_change=_override,
        args=(what, key, _as_it_is),
    )


def _missing(found: ReadReport, given: ReadOptions, key: str) -> None:
    st.multiselect(
        t(LABELS["missing"]),
        sorted({*MARKERS, *found.missing, *(given.missing or ())}),
        list(found.missing if given.missing is None else given.missing),
        key=key,
        placeholder=t("Only empty cells"),
        accept_new_options=True,
        on_change=_override,
        args=("missing", key, tuple),
    )
    _as_found("missing", given, key)


def _as_found(what: str, given: ReadOptions, key: str) -> None:
    """Draw the button that gives a choice back to the reader, where there is one to give back."""
    if getattr(given, what) is not None:
        st.button(t("As found in the file"), key=f"{key}.found", on_click=_read_with, args=({what: None},))


def _override(what: str, key: str, convert: Callable[[Any], Any]) -> None:
    _read_with({what: convert(state.widget(key))})


def _read_with(changed: Mapping[str, Any]) -> None:
    """Read the file once more with a decision changed; a reading that fails leaves all as it was."""
    source = state.project().source
    if source is None:
        return
    try:
        actions.read_again(dataclasses.replace(ReadOptions.from_json(source.options), **changed))
    except MLPError as error:
        state.say_later(error)
    # The controls begin anew from what stands now, whether it is the person's choice or the one before.
    state.remember("upload.turn", state.recall("upload.turn", 0) + 1)


def _as_it_is(value: Any) -> Any:
    return value


def _as_names(value: str) -> tuple[str, ...] | None:
    names = tuple(name.strip() for name in value.split(","))
    return names if any(names) else None
