"""An irregular text made regular: every row gets as many cells as there are columns.

Whatever had to be done to a row is told, so that nothing is lost in silence.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mlp_core.errors import DamagedFile
from mlp_core.read.dialect import Dialect
from mlp_core.read.options import WHITESPACE
from mlp_core.read.tokens import rows
from mlp_core.text import Text

_LONGEST_ROW: Final = (1 << 28) - 1
"""Bytes; Arrow reads blocks below 2 GB, each at least some rows long."""


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A regular text: its bytes (cells set apart by commas), its longest row, what was changed."""

    data: bytes
    widest: int
    notes: tuple[Text, ...] = ()


def mended(text: str, lines_before: int, dialect: Dialect, width: int) -> Mended:
    """Return a regular text made of an irregular one; the notes say what was changed."""
    try:
        return _rewritten(_strict_rows(text, dialect), lines_before, dialect, width)
    except csv.Error:
        pass
    counted = _counted_rows(text, dialect)
    return _rewritten(counted, lines_before, dialect, width)


def _strict_rows(text: str, dialect: Dialect) -> Iterator[tuple[list[str], int]]:
    """Yield rows and their line numbers by the csv module, which raises where quoting is irregular."""
    if dialect.separator in ("", WHITESPACE):
        raise csv.Error
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.separator,
        skipinitialspace=dialect.padded,
        strict=True,
    )
    for cells in reader:
        if len(cells) > 1 or (cells and cells[0].strip()):
            yield cells, reader.line_num


def _counted_rows(text: str, dialect: Dialect) -> Iterator[tuple[list[str], int]]:
    line, counted = 1, 0
    for cells, end in rows(text, dialect.separator):
        yield ([cell.strip() for cell in cells] if dialect.padded else cells), line
        line += max(1, text.count("\n", counted, end))
        counted = end


def _rewritten(
    source: Iterator[tuple[list[str], int]], lines_before: int, dialect: Dialect, width: int
) -> Mended:
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    long, short, widest, written = _Tally(), _Tally(), 0, 0
    for cells, line in source:
        if len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                long.add(line + lines_before)
            cells = cells[:width]
        elif len(cells) < width:
            short.add(line + lines_before)
            cells = cells + [""] * (width - len(cells))
        writer.writerow(cells)
        end = target.tell()
        widest, written = max(widest, end - written), end
    if widest > _LONGEST_ROW:
        raise DamagedFile(Text("A line of the file is too long to be a row."))
    return Mended(data=target.getvalue().encode("utf-8"), widest=widest, notes=_notes(long, short))


@dataclass
class _Tally:
    count: int = 0
    first: int = 0

    def add(self, line: int) -> None:
        self.count += 1
        self.first = self.first or line


def _notes(long: _Tally, short: _Tally) -> tuple[Text, ...]:
    notes = []
    if long.count:
        notes.append(
            Text(
                "{n:n} {n|row has|rows have} more cells than there are columns (first on line {line:n}); "
                "the extra cells were left out.",
                n=long.count,
                line=long.first,
            )
        )
    if short.count:
        notes.append(
            Text(
                "{n:n} {n|row has|rows have} fewer cells than there are columns (first on line {line:n}); "
                "the missing cells were left empty.",
                n=short.count,
                line=short.first,
            )
        )
    return tuple(notes)
