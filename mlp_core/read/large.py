"""A text too large to be held in memory: piece by piece onto the disk, then settled column by column.

Only regular texts go this way (UTF-8, one separator, as many cells in every line); any other must be held
whole to be understood. The columns that come out lie on the disk and are mapped: the kernel gives their pages
back whenever something else needs the room.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from mlp_core.config import Settings
from mlp_core.errors import MLPError
from mlp_core.files import storing
from mlp_core.read.columns import settle
from mlp_core.read.delimited import report_of, told_blank, without_blank_end
from mlp_core.read.encoding import Decoded, to_utf8
from mlp_core.read.layout import Layout
from mlp_core.read.limits import check_size
from mlp_core.read.mend import Mended
from mlp_core.read.options import ReadOptions
from mlp_core.read.rules import Rules
from mlp_core.read.wholes import to_numbers
from mlp_core.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

_HEAD_BYTES: Final = 1 << 18
_TAIL_BYTES: Final = 1 << 16
_BLOCK_BYTES: Final = 1 << 22
_READ_SHARE: Final = 0.6
"""What reading the text takes of the whole time, about."""

Progress = Callable[[float], None]


def read_large(
    path: Path, name: str, options: ReadOptions, settings: Settings, on_progress: Progress
) -> Table | None:
    """Return the table of a large text, its columns mapped from the disk; ``None`` where it is not regular.

    Parameters
    ----------
    path : Path
        A delimited text.
    on_progress : callable
        Takes the share that is done, 0-1.

    Raises
    ------
    TooLarge
        It passes a limit of ``settings``.
    StorageError
        The disk has no room for it.
    """
    sample = _sample(path)
    try:
        decoded = to_utf8(sample, options.encoding)
        layout = Layout.of(decoded.data, options, settings)
    except MLPError:
        return None
    if decoded.encoding != "utf-8" or decoded.data is not sample or not _is_regular(layout, len(sample)):
        return None
    with tempfile.TemporaryDirectory(prefix="pythie-", ignore_cleanup_errors=True) as place, storing():
        texts = _texts(path, layout, Path(place), settings, lambda share: on_progress(_READ_SHARE * share))
        if texts is None:
            return None
        shelf = _Shelf(
            Path(place), layout.width, lambda share: on_progress(_READ_SHARE + (1 - _READ_SHARE) * share)
        )
        return _settled(texts, shelf, decoded, layout, name, options)


def _sample(path: Path) -> bytes:
    """Return the first and the last whole lines of a file, which tell how it is laid out."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        file.seek(max(path.stat().st_size - _TAIL_BYTES, len(head)))
        tail = file.read()
    return head[: head.rfind(b"\n") + 1] + tail[tail.find(b"\n") + 1 :]


def _is_regular(layout: Layout, end: int) -> bool:
    dialect = layout.dialect
    plain = len(dialect.separator) == 1 and dialect.separator.isascii() and not dialect.comment
    return plain and not layout.irregular and layout.blocks == 1 and layout.end == end


def _texts(
    path: Path, layout: Layout, place: Path, settings: Settings, on_progress: Progress
) -> pa.Table | None:
    """Return every cell as text, mapped from a file; ``None`` where a line does not fit the others."""
    import pyarrow as pa

    target = place / "texts.arrow"
    size, rows = path.stat().st_size, 0
    with path.open("rb") as file:
        file.seek(layout.start)
        try:
            reader = _reader(file, layout)
            with pa.ipc.new_file(str(target), reader.schema) as writer:
                for batch in reader:
                    rows += batch.num_rows
                    check_size(rows, layout.width, settings)
                    writer.write_batch(batch)
                    on_progress(min(1.0, file.tell() / size))
        except pa.ArrowInvalid:
            return None
    return _mapped(target)


def _reader(file: BinaryIO, layout: Layout) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = [str(position) for position in range(layout.width + layout.spare)]
    return arrow_csv.open_csv(
        file,
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK_BYTES),
        parse_options=arrow_csv.ParseOptions(
            delimiter=layout.dialect.separator,
            quote_char=layout.dialect.quote or False,
            escape_char=layout.dialect.escape or False,
            newlines_in_values=bool(layout.dialect.quote),
            ignore_empty_lines=layout.width > 1,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            include_columns=names[: layout.width],
        ),
    )


def _settled(
    texts: pa.Table, shelf: _Shelf, decoded: Decoded, layout: Layout, name: str, options: ReadOptions
) -> Table:
    texts, blank = without_blank_end(texts)
    decimal = layout.dialect.decimal
    cells, found = settle(
        _numbers(texts, decimal, shelf),
        texts.select,
        Rules.of(options, decimal),
        has_codes=False,
        names=layout.names,
        keep=shelf.put_last,
    )
    missing = options.missing if options.missing is not None else tuple(sorted(found.missing))
    notes = [*decoded.notes, *layout.notes, *told_blank(blank), *found.notes(layout.names)]
    whole = Mended(data=b"", widest=0)
    report = report_of(decoded, layout, whole, missing, notes, found.decisions(layout.names))
    frame = cells.rename_columns(list(layout.names)).to_pandas(split_blocks=True)
    return Table.of(frame, name=name, report=report)


class _Shelf:
    """A folder with one file for each column."""

    def __init__(self, place: Path, width: int, on_progress: Progress) -> None:
        self._place, self._width, self._on_progress = place, width, on_progress
        self._kept: list[Any] = []

    def put_last(self, column: Any) -> Any:
        """Write a column as pandas will hold it, and return it mapped from its file."""
        held = _as_pandas_holds_it(column)
        return column if any(held is kept for kept in self._kept) else self.put(held)

    def put(self, column: Any) -> Any:
        """Write a column as it is, and return it mapped from its file."""
        import pyarrow as pa

        target = self._place / f"{len(self._kept)}.arrow"
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        table = pa.table({"": whole})
        with pa.ipc.new_file(str(target), table.schema) as writer:
            writer.write_table(table)
        self._kept.append(_mapped(target).column(0))
        self._on_progress(min(1.0, len(self._kept) / self._width))
        return self._kept[-1]


def _numbers(texts: pa.Table, decimal: str, shelf: _Shelf) -> pa.Table:
    """Return the table with plain numbers as numbers, the other columns still text."""
    import pyarrow as pa

    columns = []
    for column in texts.columns:
        number = to_numbers(column, decimal)
        columns.append(column if number is column else shelf.put(number))
    return pa.table(columns, names=texts.column_names)


def _as_pandas_holds_it(column: Any) -> Any:
    """Return numbers with gaps as decimals that are not a number, which need no copy later."""
    import pyarrow as pa
    import pyarrow.compute as pc

    numeric = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    if not numeric or not column.null_count:
        return column
    return pc.fill_null(column.cast(pa.float64(), safe=False), float("nan"))


def _mapped(target: Path) -> pa.Table:
    import pyarrow as pa

    return pa.ipc.open_file(pa.memory_map(str(target))).read_all()
