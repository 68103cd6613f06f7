"""An irregular text made regular: every row gets as many cells as there are columns.

Whatever had to be done to a row is told, so that nothing is lost in silence.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from mlp_core.errors import DamagedFile
from mlp_core.read.blocks import is_comment
from mlp_core.read.irregular import Span, irregular_spans
from mlp_core.read.layout import Layout
from mlp_core.read.repairs import Repair, in_other_quotes, recut, repaired, without_stray_quote
from mlp_core.read.shapes import Column
from mlp_core.read.tokens import Cutter, Dialect, Record, records
from mlp_core.table import Misfit
from mlp_core.text import Text

_LONGEST_ROW: Final = (1 << 28) - 1
"""Bytes; Arrow reads blocks below 2 GB, each at least some rows long."""

_LONG: Final = 1 << 20
_MISFITS_SHOWN: Final = 50
_SHOWN: Final = 200
_REPAIRS: Final = 20_000
"""More rows than this are not laid over the columns one by one: each takes a millisecond."""

_MODEL_ROWS: Final = 400


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A regular text: its bytes, how its cells are set apart, its longest row, what was changed."""

    data: bytes
    widest: int
    separator: str = ","
    quote: str = '"'
    spare: int = 0
    notes: tuple[Text, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    misfit_count: int = 0


@dataclass
class _Log:
    """The rows that did not fit, as they are met."""

    long: int = 0
    short: int = 0
    other: int = 0
    first_long: int = 0
    first_short: int = 0
    misfits: list[Misfit] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.long + self.short + self.other

    def add(self, line: int, content: str, found: int, width: int, done: Text) -> None:
        if found > width:
            self.long += 1
            self.first_long = self.first_long or line
        elif found < width:
            self.short += 1
            self.first_short = self.first_short or line
        else:
            self.other += 1
        if len(self.misfits) < _MISFITS_SHOWN:
            shown = content if len(content) <= _SHOWN else content[: _SHOWN - 1] + "…"
            self.misfits.append(Misfit(line=line, content=shown, done=done))


def mended(data: bytes, layout: Layout, *, as_text: bool = False) -> Mended:
    """Return a regular text made of an irregular one; the notes and misfits say what was changed.

    Where only few lines of a long text are irregular, the others stay as they are.

    Parameters
    ----------
    as_text : bool
        Leave each cell the text it is, also where a stray quotation mark keeps it from being a number.
    """
    if layout.end - layout.start > _LONG and _is_simple(layout.dialect) and not layout.repeated:
        width = layout.width + layout.spare
        spans = irregular_spans(data, layout.start, layout.end, layout.dialect, width)
        if 4 * sum(end - begin for begin, end, _ in spans) < layout.end - layout.start:
            return _patched(data, layout, spans, as_text)
    text = data[layout.start : layout.end].decode("utf-8")
    mender = _Mender(layout, columns_of(text, layout), as_text)
    mended = mender.mend(text, layout.line, separator=",", spare=0)
    return mender.told(mended.encode("utf-8"), separator=",", spare=0)


def _is_simple(dialect: Dialect) -> bool:
    """Whether lines can be cut by counting: one byte between cells, and nothing that escapes it."""
    mark = dialect.separator
    plain = len(mark) == 1 and mark.isascii() and dialect.quote == '"'
    return plain and not dialect.padded and not dialect.escape


def _patched(data: bytes, layout: Layout, spans: list[Span], as_text: bool) -> Mended:
    begin = layout.start
    head = data[begin : data.rfind(b"\n", begin, begin + _LONG) + 1].decode("utf-8")
    mender = _Mender(layout, columns_of(head, layout), as_text)
    separator, spare = layout.dialect.separator, layout.spare
    pieces: list[bytes | memoryview] = []
    view = memoryview(data)
    for first, last, line in spans:
        pieces.append(view[begin:first])
        text = data[first:last].decode("utf-8")
        mended = mender.mend(text, layout.line + line, separator=separator, spare=spare)
        pieces.append(mended.encode("utf-8"))
        begin = last
    pieces.append(view[begin : layout.end])
    return mender.told(b"".join(pieces), separator=separator, spare=spare)


@dataclass
class _Mender:
    """Mends pieces of one text, and remembers what did not fit."""

    layout: Layout
    columns: list[Column]
    as_text: bool
    log: _Log = field(default_factory=_Log)
    widest: int = 0

    def mend(self, text: str, lines_before: int, *, separator: str, spare: int) -> str:
        """Return the rows of a piece, each with as many cells as there are columns."""
        dialect, width = self.layout.dialect, self.layout.width
        target = io.StringIO(newline="")
        writer = csv.writer(target, delimiter=separator, lineterminator="\n")
        line, counted, written = 1 + lines_before, 0, 0
        returns = "\r" in text
        repeated = self.layout.repeated
        cutter = Cutter(dialect, width)
        for record in records(text, dialect, width, cutter):
            row = _row(text, record, dialect, width, self.layout.spare)
            loose, cutter.loose = cutter.loose, False
            if row is None or (repeated and tuple(cell.strip() for cell in row) == repeated):
                continue
            if len(row) != width or loose or (row[0][:1] in _MARKS and in_other_quotes(row, dialect.quote)):
                line += _breaks(text, counted, record.start, returns)
                counted = record.start
                row = self._fitted(text, record, row, line)
            writer.writerow(row + [""] * spare if spare else row)
            end = target.tell()
            self.widest, written = max(self.widest, end - written), end
        return target.getvalue()

    def _fitted(self, text: str, record: Record, row: list[str], line: int) -> list[str]:
        """Return a row with as many cells as there are columns, and note what was done to it."""
        dialect, columns, log = self.layout.dialect, self.columns, self.log
        content, width = text[record.start : record.end].rstrip("\r\n"), len(columns)
        if len(row) == width:
            found = None if self.as_text else without_stray_quote(row, dialect, columns)
            if found is None and in_other_quotes(row, dialect.quote):
                found = recut(content, dialect, width)
            if found is None:
                return row
        elif len(row) < width and log.count > _REPAIRS:
            found = Repair(cells=row + [""] * (width - len(row)), done=_LEFT_EMPTY)
        elif log.count > _REPAIRS:
            found = Repair(cells=row[:width], done=_LEFT_OUT)
        else:
            found = repaired(content, row, dialect, columns)
        log.add(line, content, len(row), width, found.done)
        return found.cells

    def told(self, data: bytes, *, separator: str, spare: int) -> Mended:
        """Return the regular text with what was told of it.

        Raises
        ------
        DamagedFile
            A row is too long to be read.
        """
        if self.widest > _LONGEST_ROW:
            raise DamagedFile(Text("A line of the file is too long to be a row."))
        log = self.log
        return Mended(
            data=data,
            widest=self.widest,
            separator=separator,
            spare=spare,
            notes=_notes(log),
            misfits=tuple(log.misfits),
            misfit_count=log.count,
        )


_MARKS: Final = ('"', "'", "`")


def columns_of(text: str, layout: Layout) -> list[Column]:
    """Return what the cells of each column look like, from the first rows that fit."""
    dialect, width = layout.dialect, layout.width
    sample = islice((one for one in records(text, dialect, width) if one.cells), 4 * _MODEL_ROWS)
    whole = (width, width + layout.spare)
    fitting = [
        one.cells for one in sample if len(one.cells) in whole and not is_comment(text, one, dialect.comment)
    ]
    rows = fitting[:_MODEL_ROWS]
    return [Column([row[column] for row in rows]) for column in range(width)]


def _row(text: str, record: Record, dialect: Dialect, width: int, spare: int) -> list[str] | None:
    """Return the cells of a record; nothing where it is blank or a comment."""
    cells = record.cells
    if not cells:
        return [""] if width == 1 else None
    if is_comment(text, record, dialect.comment):
        return None
    if spare and len(cells) == width + spare and not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    return cells


_LEFT_EMPTY: Final = Text("The cells missing at its end were left empty.")
_LEFT_OUT: Final = Text("The cells without a column were left out.")


def _breaks(text: str, start: int, end: int, returns: bool) -> int:
    """Return how many lines end between two places."""
    feeds = text.count("\n", start, end)
    if not returns:
        return feeds
    return feeds + text.count("\r", start, end) - text.count("\r\n", start, end)


def _notes(log: _Log) -> tuple[Text, ...]:
    notes = []
    if log.long:
        notes.append(
            Text(
                "{n:n} {n|row has|rows have} more cells than there are columns (first on line {line:n}); "
                "the rows that did not fit tell what was done.",
                n=log.long,
                line=log.first_long,
            )
        )
    if log.short:
        notes.append(
            Text(
                "{n:n} {n|row has|rows have} fewer cells than there are columns (first on line {line:n}); "
                "the rows that did not fit tell what was done.",
                n=log.short,
                line=log.first_short,
            )
        )
    if log.other:
        notes.append(Text("{n:n} {n|row was|rows were} cut in another way than the rest.", n=log.other))
    return tuple(notes)
