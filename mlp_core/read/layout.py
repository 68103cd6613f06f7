"""What the first lines of a text say about all of it: dialect, header, width, names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from mlp_core.config import Settings
from mlp_core.errors import NotATable, TooLarge
from mlp_core.read.dialect import SAMPLE_ROWS, Dialect, dialect_of
from mlp_core.read.header import has_header, names_of
from mlp_core.read.options import ReadOptions
from mlp_core.read.tokens import rows
from mlp_core.text import Text

_SAMPLE_BYTES: Final = 1 << 18
_LONGEST_FIRST_LINE: Final = 1 << 22


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a text is laid out.

    Attributes
    ----------
    start : int
        The byte at which the first row of cells begins.
    width : int
        Number of columns.
    """

    dialect: Dialect
    has_header: bool
    names: tuple[str, ...]
    start: int
    notes: tuple[Text, ...]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.names)

    @classmethod
    def of(cls, data: bytes, options: ReadOptions, settings: Settings) -> Layout:
        """Return the layout of a UTF-8 text that is not blank.

        Raises
        ------
        NotATable
            It holds nothing but blanks.
        TooLarge
            It has more columns than ``settings`` allow; only the first lines are looked at.
        """
        sample = _sample(data)
        dialect = dialect_of(sample, separator=options.separator, decimal=options.decimal)
        table = list(islice(rows(sample, dialect.separator), SAMPLE_ROWS))
        cells = [row for row, _ in table]
        if len(cells) < SAMPLE_ROWS and not any(cell.strip() for row in cells for cell in row):
            raise NotATable(
                Text("The file holds no values."),
                hint=Text("Check that the file was saved, and load it again."),
            )
        header = has_header(cells) if options.header is None else options.header
        body = cells[1:] if header else cells
        width = _width(cells[0] if header else [], body)
        if width > settings.max_columns:
            raise TooLarge(
                Text(
                    "The table has {found:n} columns; this server takes {limit:n} at most.",
                    found=width,
                    limit=settings.max_columns,
                ),
                hint=Text("Keep the columns you need and load the file again."),
            )
        first = _aligned(cells[0], body) if header else list(options.names or ())
        names, notes = names_of(first, width)
        if width == 1:
            notes += (Text("Only one column was found. If there are more, choose the separator."),)
        start = len(sample[: table[0][1]].encode()) if header else 0
        return cls(dialect=dialect, has_header=header, names=names, start=start, notes=notes)


def _sample(data: bytes) -> str:
    """Return the first whole lines of a text; at least one, unless it is endless."""
    if len(data) <= _SAMPLE_BYTES:
        return data.decode("utf-8")
    end = max(data.rfind(b"\n", 0, _SAMPLE_BYTES), data.rfind(b"\r", 0, _SAMPLE_BYTES)) + 1
    if end == 0:
        end = data.find(b"\n", _SAMPLE_BYTES, _LONGEST_FIRST_LINE) + 1
    return data[: end or _LONGEST_FIRST_LINE].decode("utf-8", errors="ignore")


def _width(header: Sequence[str], body: Sequence[Sequence[str]]) -> int:
    if not body:
        return len(header)
    usual = Counter(len(row) for row in body).most_common(1)[0][0]
    if header and usual == len(header) + 1 and _ends_empty(body):
        return len(header)
    return max(len(header), usual)


def _aligned(header: Sequence[str], body: Sequence[Sequence[str]]) -> Sequence[str]:
    """Return the header with an empty name in front where R has left the row names without one."""
    lengths = {len(row) for row in body}
    if lengths == {len(header) + 1} and len(header) > 1 and not _ends_empty(body):
        return ["", *header]
    return header


def _ends_empty(body: Sequence[Sequence[str]]) -> bool:
    """Whether lines end with a separator that has no name over it."""
    return all(not row[-1].strip() for row in body)
