"""The cells of a text as an Arrow table: in one go where every line is regular, else mended first.

The quick way is Arrow's own reader. It refuses a text with a line that is too long or too short, or a
quotation mark without its partner; such a text is rewritten into a regular one, with notes on what was done
to it, and read the same way, so that types are always decided by one reader.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlp_core.errors import DamagedFile
from mlp_core.read.dialect import Dialect
from mlp_core.read.options import WHITESPACE
from mlp_core.read.tokens import rows
from mlp_core.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK_BYTES: Final = 1 << 22
_MOST_BLOCK_BYTES: Final = (1 << 31) - 1
_UNUSED: Final = "\x1f\x1e\x1d\x1c\x01\x02"


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A text that Arrow reads: its bytes, from where, cut by what, in how many columns."""

    data: bytes
    start: int
    separator: str
    width: int
    decimal: str
    block_bytes: int = _BLOCK_BYTES
    notes: tuple[Text, ...] = ()

    def read(
        self, *, types: Any = None, missing: Sequence[str] = (), columns: Sequence[int] = ()
    ) -> pa.Table:
        """Return the cells as a table whose columns are called by their position.

        Parameters
        ----------
        types : Arrow type, optional
            One type for every column; found by Arrow by default, where an empty cell is missing.
        missing : sequence of str
            Further texts to read as missing.
        columns : sequence of int
            Columns to read; all by default.
        """
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        names = [str(position) for position in range(self.width)]
        if is_blank(self.data, b"\r\n", self.start):
            return pa.table({name: pa.array([], types or pa.null()) for name in names})
        wanted = [str(position) for position in columns] or names
        return arrow_csv.read_csv(
            pa.py_buffer(self.data)[self.start :],
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=self.block_bytes),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.separator,
                newlines_in_values=self.data.find(b'"', self.start) >= 0,
                ignore_empty_lines=self.width > 1,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, types) if types is not None else None,
                null_values=["", *missing],
                true_values=["true", "True", "TRUE"],
                false_values=["false", "False", "FALSE"],
                strings_can_be_null=types is None,
                decimal_point=self.decimal,
                include_columns=wanted,
            ),
        )


def grid_of(data: bytes, start: int, dialect: Dialect, width: int) -> tuple[Grid, pa.Table | None]:
    """Return the grid of a text and, where the text was regular, its cells with the types Arrow found.

    Parameters
    ----------
    data : bytes
        UTF-8.
    start : int
        Where the first row of cells begins, after the header.
    width : int
        Number of columns.

    Raises
    ------
    DamagedFile
        The text cannot be cut into rows.
    """
    import pyarrow as pa

    separator = dialect.separator or _unused(data)
    if dialect.separator != WHITESPACE and not dialect.padded and separator and separator.isascii():
        plain = Grid(data=data, start=start, separator=separator, width=width, decimal=dialect.decimal)
        if data.count(b'"', start) % 2 == 0:
            try:
                cells = plain.read()
            except pa.ArrowInvalid:
                pass
            else:
                if not _swallows_lines(data, start, cells.num_rows):
                    return plain, cells
    return mended(data[start:].decode("utf-8"), data.count(b"\n", 0, start), dialect, width), None


def is_blank(data: bytes, blanks: bytes, start: int = 0) -> bool:
    """Whether nothing but ``blanks`` follows; the first bytes usually tell, without a copy of the rest."""
    return not data[start : start + 256].strip(blanks) and not data[start:].strip(blanks)


def mended(text: str, lines_before: int, dialect: Dialect, width: int) -> Grid:
    """Return a regular grid made of an irregular text; the notes say what was changed."""
    try:
        return _rewritten(_strict_rows(text, dialect), lines_before, dialect, width)
    except csv.Error:
        pass
    counted = _counted_rows(text, dialect)
    return _rewritten(counted, lines_before, dialect, width)


def _swallows_lines(data: bytes, start: int, found: int) -> bool:
    """Whether rows span lines, which may be meant, or the work of a quotation mark left open."""
    if data.find(b'"', start) < 0:
        return False
    lines = data.count(b"\n", start) or data.count(b"\r", start)
    return found < lines


def _unused(data: bytes) -> str:
    return next((mark for mark in _UNUSED if mark.encode() not in data), "")


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
) -> Grid:
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
    block = max(_BLOCK_BYTES, 8 * widest)
    if block > _MOST_BLOCK_BYTES:
        raise DamagedFile(Text("A line of the file is too long to be a row."))
    return Grid(
        data=target.getvalue().encode("utf-8"),
        start=0,
        separator=",",
        width=width,
        decimal=dialect.decimal,
        block_bytes=block,
        notes=_notes(long, short),
    )


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
