"""How a file was read: what was decided, how sure it is, why, and which rows did not fit."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.project import Project
from mlp_core.read import FORMATS, SEPARATORS, ReadOptions
from mlp_core.table import Decision, ReadReport, Table
from mlp_core.text import Text
from pages._ui import overriding, results, state
from pages._ui.i18n import md, plain, t

if TYPE_CHECKING:
    import pandas as pd

SURE: Final = 0.9
LIKELY: Final = 0.6
"""From here on a decision is called sure, or likely; below it is a guess that a person should look at."""


SHOWN: Final = 25
MOST: Final = 200
"""Decisions that have a control beside them, and decisions that are shown at all."""


def report(project: Project, table: Table) -> None:
    """Draw what was decided about the file, and a control that overrides each decision."""
    assert project.source is not None
    # The table is shared by its content; how it came to be read is the project's own.
    found = project.source.report
    if found.notes:
        lines = [md(note) for note in found.notes]
        st.info(
            lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines), icon=":material/info:"
        )
    if project.has_original:
        overriding.parts(found)
        overriding.blocks(found)
    summary = _summary(found)
    if summary:
        st.caption(f":material/task_alt: {plain(summary)}")
    if project.has_original and (found.encoding or found.decisions):
        _decisions(project, table)
    misfits(found)


def misfits(found: ReadReport) -> None:
    """Draw the rows that did not fit, and what was done with each."""
    if not found.misfit_count:
        return
    label = t(
        "{count:n} {count|row|rows} did not fit: {count|see what was done|see what was done with them}",
        count=found.misfit_count,
    )
    with st.expander(label, icon=":material/rule:", key="upload.misfits"):
        if found.misfit_count > len(found.misfits):
            st.caption(t("The first {count:n} are shown.", count=len(found.misfits)))
        results.frame(_misfit_frame(found), key="upload.misfits.table")


def _misfit_frame(found: ReadReport) -> pd.DataFrame:
    import pandas as pd

    columns = (t("Line"), t("As it stands in the file"), t("What was done"))
    rows = [(misfit.line, misfit.content, t(misfit.done)) for misfit in found.misfits]
    return pd.DataFrame(rows, columns=columns)


def _decisions(project: Project, table: Table) -> None:
    assert project.source is not None
    found, given = project.source.report, ReadOptions.from_json(project.source.options)
    nameless = not found.has_header and all(name.startswith("column_") for name in table.kinds)
    if nameless:
        st.info(t("No line of the file names its columns. You can name them here."), icon=":material/edit:")
    unsure = sum(one.sure < LIKELY and not _is_given(given, one.what) for one in found.decisions)
    label = t("How it was read, and your last word")
    if unsure:
        label = t("How it was read: {count:n} {count|guess|guesses} to look at", count=unsure)
    opened = nameless or bool(unsure)
    key = f"upload.reading.{state.recall('upload.opened', 0)}"
    with st.expander(label, key=key, icon=":material/tune:", expanded=opened):
        asked: set[str] = set(overriding.APART)
        listed = [one for one in found.decisions if one.what not in overriding.APART]
        for decision in listed[:SHOWN]:
            words, change = st.columns([4, 1], vertical_alignment="center", gap="small")
            words.html(_line(decision, chosen=_is_given(given, decision.what)))
            if decision.what not in asked and overriding.can(decision.what, found):
                with change.popover(t("Change"), type="tertiary", key=f"upload.change.{decision.what}"):
                    overriding.control(decision.what, found, given, table)
            asked.add(decision.what)
        if len(listed) > SHOWN:
            lines = (_line(one, chosen=_is_given(given, one.what)) for one in listed[SHOWN:MOST])
            st.html("".join(lines))
        overriding.others(asked, found, given, table, nameless=nameless)


def _line(decision: Decision, *, chosen: bool) -> str:
    """Return one decision as HTML: what, its value, how sure it is, and why."""
    label = t(overriding.LABELS[decision.what]) if decision.what in overriding.LABELS else ""
    value = t(decision.value) if isinstance(decision.value, Text) else decision.value
    where = t("{names:list}", names=decision.columns) if decision.columns else ""
    quiet = " · ".join(escape(words) for words in (where, t(decision.why) if decision.why else "") if words)
    return (
        f'<div class="py-found"><span class="py-what">{escape(label)}</span>'
        f"<span><b>{escape(value)}</b>{f'<small>{quiet}</small>' if quiet else ''}</span>"
        f"{_sure(decision.sure, chosen=chosen)}</div>"
    )


def _sure(sure: float, *, chosen: bool) -> str:
    if chosen:
        return f'<span class="py-sure py-chosen">{escape(t("your choice"))}</span>'
    level, words = (
        (3, t("sure")) if sure >= SURE else (2, t("likely")) if sure >= LIKELY else (1, t("a guess"))
    )
    bars = "".join(f'<i class="{"on" if step < level else ""}"></i>' for step in range(3))
    return f'<span class="py-sure py-sure-{level}"><span>{bars}</span>{escape(words)}</span>'


def _is_given(given: ReadOptions, what: str) -> bool:
    return getattr(given, what, None) is not None


def _decimal(found: ReadReport) -> str:
    """Return the decimal mark that stands in the columns, all of them where they differ."""
    told = {str(one.value) for one in found.decisions if one.what == "decimal"}
    marks = [mark for mark in (".", ",") if str(SEPARATORS.get(mark, "Point (.)")) in told]
    return " ".join(marks) or found.decimal


def _summary(found: ReadReport) -> str:
    """Return in one sentence how the file was read; nothing for a table that came from no file."""
    if not found.encoding:
        label = next((one.label for one in FORMATS if one.id == found.format), None)
        return "" if label is None else t("Read as: {format}.", format=label)
    known = SEPARATORS.get(found.separator) if found.separator else Text("None")
    separator = t("“{value}”", value=found.separator) if known is None else t(known).lower()
    sentence = Text(
        "Read as {encoding}, separated by: {separator}; {header}; decimal mark “{decimal}”; "
        "missing values: {missing}.",
        encoding=found.encoding,
        separator=separator,
        header=Text("names in the first line") if found.has_header else Text("no line of names"),
        decimal=_decimal(found),
        missing=Text("empty cells{more}", more="".join(f", {m}" for m in found.missing)),
    )
    return t(sentence)
