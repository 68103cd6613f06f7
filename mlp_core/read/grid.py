"""The cells of a text as an Arrow table: in one go where every line is regular, else mended first.

The quick way is Arrow's own reader. It refuses a text with a line that is too long or too short, or a
quotation mark without its partner; such a text is rewritten into a regular one, with notes on what was done
to it, and read the same way, so that types are always decided by one reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from mlp_core.read.irregular import quotes_are_regular
from mlp_core.read.layout import Layout
from mlp_core.read.mend import Mended, mended
from mlp_core.read.wholes import to_numbers

if TYPE_CHECKING:
    import pyarrow as pa

_BLOCK_BYTES: Final = 1 << 22
_HEAD_BYTES: Final = 1 << 16
_UNUSED: Final = "\x1f\x1e\x1d\x1c\x01\x02"


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A text that Arrow reads: its bytes, from where, cut by what, in how many columns."""

    data: bytes
    start: int
    end: int
    separator: str
    width: int
    decimal: str
    quote: str = '"'
    escape: str = ""
    spare: int = 0
    block_bytes: int = _BLOCK_BYTES
    mended: Mended | None = None

    def read(
        self,
        *,
        types: Any = None,
        missing: Sequence[str] = (),
        columns: Sequence[int] = (),
        texts: Sequence[int] = (),
    ) -> pa.Table:
        """Return the cells as a table whose columns are called by their position.

        Parameters
        ----------
        types : Arrow type, optional
            One type for every column; found by Arrow by default, where an empty cell is missing.
        texts : sequence of int
            Columns to read as text where the types of the others are found.
        missing : sequence of str
            Further texts to read as missing.
        columns : sequence of int
            Columns to read; all by default.
        """
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        names = [str(position) for position in range(self.width)]
        if self.start >= self.end or is_blank(self.data, b"\r\n", self.start):
            return pa.table({name: pa.array([], types or pa.null()) for name in names})
        wanted = [str(position) for position in columns] or names
        known = {str(position): pa.string() for position in texts}
        return arrow_csv.read_csv(
            pa.py_buffer(self.data)[self.start : self.end],
            read_options=arrow_csv.ReadOptions(
                column_names=[str(position) for position in range(self.width + self.spare)],
                block_size=self.block_bytes,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.separator,
                quote_char=self.quote or False,
                escape_char=self.escape or False,
                newlines_in_values=bool(self.quote) and self.data.find(self.quote.encode(), self.start) >= 0,
                ignore_empty_lines=self.width > 1,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, types) if types is not None else known,
                null_values=["", *missing],
                true_values=["true", "True", "TRUE"],
                false_values=["false", "False", "FALSE"],
                strings_can_be_null=types is None,
                decimal_point=self.decimal,
                include_columns=wanted,
            ),
            memory_pool=_pool(),
        )


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What was read in one go: the cells, and which columns of numbers are known to hold no codes."""

    table: pa.Table
    plain: frozenset[int] = frozenset()


def grid_of(data: bytes, layout: Layout, *, as_text: bool = False) -> tuple[Grid, Cells | None]:
    """Return the grid of a text and, where the text was regular, its cells with the types Arrow found.

    Parameters
    ----------
    data : bytes
        UTF-8.
    as_text : bool
        Leave every cell the text it is.

    Raises
    ------
    DamagedFile
        The text cannot be cut into rows.
    """
    import pyarrow as pa

    dialect = layout.dialect
    separator = dialect.separator or _unused(data)
    if not layout.irregular and len(separator) == 1 and separator.isascii():
        plain = Grid(
            data=data,
            start=layout.start,
            end=layout.end,
            separator=separator,
            width=layout.width,
            decimal=dialect.decimal,
            quote=dialect.quote,
            escape=dialect.escape,
            spare=layout.spare,
        )
        if layout.is_whole or quotes_are_regular(data, layout.start, layout.end, dialect):
            try:
                cells = Cells(table=plain.read(types=pa.string())) if as_text else _typed(plain)
            except pa.ArrowInvalid:
                pass
            else:
                return plain, cells
    regular = mended(data, layout, as_text=as_text)
    block = max(_BLOCK_BYTES, 8 * regular.widest)
    grid = Grid(
        data=regular.data,
        start=0,
        end=len(regular.data),
        separator=regular.separator,
        width=layout.width,
        decimal=dialect.decimal,
        quote=regular.quote,
        spare=regular.spare,
        block_bytes=block,
        mended=regular,
    )
    return grid, None if as_text else _typed(grid)


def _pool() -> Any:
    """Return where cells are put: Arrow's usual pool may spend as long on getting room as on reading."""
    import pyarrow as pa

    return pa.jemalloc_memory_pool() if "jemalloc" in pa.supported_memory_backends() else None


def _typed(grid: Grid) -> Cells:
    """Read the cells with the types Arrow finds, whole numbers by way of their text."""
    head = grid.data.rfind(b"\n", grid.start, grid.start + _HEAD_BYTES) + 1
    if not head:
        return Cells(table=grid.read())
    texts = _whole_columns(replace(grid, end=min(head, grid.end)).read())
    table = grid.read(texts=texts)
    plain = set()
    for position in texts:
        column = to_numbers(table.column(position), grid.decimal)
        if column is not table.column(position):
            table = table.set_column(position, str(position), column)
            plain.add(position)
    return Cells(table=table, plain=frozenset(plain))


def _whole_columns(head: pa.Table) -> list[int]:
    import pyarrow as pa

    return [position for position, type_ in enumerate(head.schema.types) if pa.types.is_integer(type_)]


def is_blank(data: bytes, blanks: bytes, start: int = 0) -> bool:
    """Whether nothing but ``blanks`` follows; the first bytes usually tell, without a copy of the rest."""
    return not data[start : start + 256].strip(blanks) and not data[start:].strip(blanks)


def _unused(data: bytes) -> str:
    return next((mark for mark in _UNUSED if mark.encode() not in data), "")
