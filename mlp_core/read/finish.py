"""From what a reader handed back to a table: names, kinds, and the report of how it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mlp_core.config import Settings
from mlp_core.read.columns import Rules, settle
from mlp_core.read.delimited import read_delimited
from mlp_core.read.formats import DELIMITED, Format, Loaded
from mlp_core.read.formats.format import Choice
from mlp_core.read.header import names_of
from mlp_core.read.limits import check_size
from mlp_core.read.options import ReadOptions
from mlp_core.read.unpack import Content
from mlp_core.table import Decision, ReadReport, Table
from mlp_core.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

_MISFITS_SHOWN: Final = 50
_OF_TEXT: Final = frozenset({"encoding", "separator", "quote", "escape", "comment"})
"""Decisions about text that mean nothing for a file whose cells were never written as text."""


def finished(
    loaded: Loaded,
    known: type[Format],
    options: ReadOptions,
    settings: Settings,
    *,
    name: str,
    as_text: bool,
) -> Table:
    """Return the table of what a reader handed back."""
    if loaded.text is not None:
        table = _understood(loaded, options, settings, name, as_text)
    else:
        table = _typed(loaded, options, settings, name, as_text)
    report = replace(table.report, format=known.id, notes=(*loaded.notes, *table.report.notes))
    if loaded.misfits:
        shown = loaded.misfits[:_MISFITS_SHOWN]
        report = replace(report, misfits=shown, misfit_count=len(loaded.misfits))
    return replace(table, report=with_choice(report, loaded.choice))


def with_choice(report: ReadReport, choice: Choice) -> ReadReport:
    """Return a report that tells which part of the file was read."""
    if not choice.parts:
        return report
    told = Decision(what="part", value=choice.part, sure=choice.sure, why=choice.why)
    others = tuple(one for one in report.decisions if one.what != "part")
    shown = (told, *others) if len(choice.parts) > 1 else others
    return replace(report, part=choice.part, parts=choice.parts, decisions=shown)


def within(report: ReadReport, content: Content) -> ReadReport:
    """Return the report of a member of an archive, whose own parts are named after it."""
    if not content.members:
        return report
    inner = [f"{content.member}/{part}" for part in report.parts] if len(report.parts) > 1 else []
    alone = len(content.members) == 1
    if alone and inner:
        return report
    part = f"{content.member}/{report.part}" if inner else content.member
    parts = tuple(
        part
        for member in content.members
        for part in (inner if inner and member == content.member else [member])
    )
    why = Text("It looks most like a table of {n:n} {n|file|files}.", n=len(content.members))
    return with_choice(report, Choice(part=part, parts=parts, sure=content.sure, why=None if alone else why))


def _understood(loaded: Loaded, options: ReadOptions, settings: Settings, name: str, as_text: bool) -> Table:
    """Return the table of cells that were no text, by the rules for cells of a text."""
    chosen = replace(options, **{**loaded.settled, **_given(options)})
    table = read_delimited(loaded.text or b"", name, chosen, settings, as_text)
    report = table.report
    kept = tuple(one for one in report.decisions if one.what not in _OF_TEXT)
    return replace(table, report=replace(report, encoding="", separator="", decisions=kept, **loaded.told))


def _given(options: ReadOptions) -> dict[str, Any]:
    """Return what a person decided about rows and columns, which counts more than what the file says."""
    fields = ("header", "header_rows", "skipped", "footer", "block")
    return {name: getattr(options, name) for name in fields if getattr(options, name) is not None}


def _typed(loaded: Loaded, options: ReadOptions, settings: Settings, name: str, as_text: bool) -> Table:
    cells = loaded.table
    assert cells is not None
    check_size(cells.num_rows, cells.num_columns, settings)
    names, notes = names_of(loaded.names, cells.num_columns)
    missing: Sequence[str] = ()
    decisions: tuple[Decision, ...] = ()
    if as_text:
        cells = _texts(cells)
    else:
        cells, found, missing, decisions = _settled(cells, loaded.loose, options, names)
        notes += found
    frame = cells.rename_columns(list(names)).to_pandas(split_blocks=True, self_destruct=True)
    report = ReadReport(has_header=True, missing=tuple(missing), notes=notes, decisions=decisions)
    return Table.of(frame, name=name, report=report)


def _settled(
    cells: pa.Table, loose: Sequence[int], options: ReadOptions, names: Sequence[str]
) -> tuple[pa.Table, tuple[Text, ...], Sequence[str], tuple[Decision, ...]]:
    """Return the columns with texts understood where the format does not say what they are."""
    import pyarrow as pa

    texts = [position for position in loose if pa.types.is_string(cells.column(position).type)]
    if not texts:
        return cells, (), (), ()
    named = [names[position] for position in texts]
    chosen = cells.select(texts)
    understood, found = settle(chosen, chosen.select, Rules.of(options), has_codes=False, names=named)
    columns = list(cells.columns)
    for position, column in zip(texts, understood.columns, strict=True):
        columns[position] = column
    missing = options.missing if options.missing is not None else tuple(sorted(found.missing))
    done = pa.Table.from_arrays(columns, names=cells.column_names)
    return done, found.notes(named), missing, found.decisions(named)


def _texts(cells: pa.Table) -> pa.Table:
    """Return every cell as plain text; what is missing is empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [pc.fill_null(column.cast(pa.string()), "") for column in cells.columns]
    return pa.Table.from_arrays(columns, names=cells.column_names)


def delimited(content: Content, settings: Settings, name: str, as_text: bool) -> Table:
    """Return the table of a text."""
    table = read_delimited(content.data, name, content.options, settings, as_text)
    return replace(table, report=replace(table.report, format=DELIMITED))
