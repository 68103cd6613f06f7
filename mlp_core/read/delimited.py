"""Tables of text: lines of cells set apart by a character or by runs of blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, NotATable
from mlp_core.read.columns import Rules, settle
from mlp_core.read.encoding import Decoded, to_utf8
from mlp_core.read.grid import Cells, Grid, grid_of, is_blank
from mlp_core.read.layout import Layout
from mlp_core.read.limits import check_size
from mlp_core.read.mend import Mended
from mlp_core.read.options import ReadOptions
from mlp_core.table import Decision, ReadReport, Table
from mlp_core.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

_TAIL: Final = 1024
_HEAD_ROWS: Final = 1000
_HEAD_BYTES: Final = 1 << 16
_CODE_SCAN_BYTES: Final = 1 << 18


def read_delimited(data: bytes, name: str, options: ReadOptions, settings: Settings, as_text: bool) -> Table:
    """Return the table that a delimited text holds; see :func:`mlp_core.read.read_table`."""
    import pyarrow as pa

    decoded = to_utf8(data, options.encoding)
    if is_blank(decoded.data, b' \t\r\n\v\f,;|"'):
        raise NotATable(
            Text("The file holds no values."), hint=Text("Check that the file was saved, and load it again.")
        )
    layout = Layout.of(decoded.data, options, settings)
    _check_rows(decoded.data, layout.width, settings)
    notes = [*decoded.notes, *layout.notes]
    try:
        grid, quick = grid_of(decoded.data, layout, as_text=as_text)
        if quick is None:
            quick = Cells(table=grid.read(types=pa.string() if as_text else None))
        cells, blank = without_blank_end(quick.table)
        if options.missing is not None and not as_text:
            cells = grid.read(missing=options.missing).slice(0, cells.num_rows)
            quick = Cells(table=cells)
    except pa.ArrowInvalid as error:
        raise DamagedFile(
            Text("The lines of the file cannot be cut into cells."),
            hint=Text("Choose another separator or encoding."),
        ) from error
    mended = grid.mended or Mended(data=b"", widest=0)
    notes += [*mended.notes, *told_blank(blank)]
    check_size(cells.num_rows, layout.width, settings)
    missing: tuple[str, ...] = options.missing or ()
    decided: tuple[Decision, ...] = ()
    if not as_text:
        cells, found = settle(
            cells,
            lambda positions: grid.read(types=pa.string(), columns=positions),
            Rules.of(options, layout.dialect.decimal),
            has_codes=_unsettled(cells, quick.plain) and _has_codes(grid),
            names=layout.names,
        )
        missing = options.missing if options.missing is not None else tuple(sorted(found.missing))
        notes += found.notes(layout.names)
        decided = found.decisions(layout.names)
    report = report_of(decoded, layout, mended, missing, notes, decided)
    frame = cells.rename_columns(list(layout.names)).to_pandas(split_blocks=True, self_destruct=True)
    return Table.of(frame, name=name, report=report)


def report_of(
    decoded: Decoded,
    layout: Layout,
    mended: Mended,
    missing: tuple[str, ...],
    notes: list[Text],
    decided: tuple[Decision, ...],
) -> ReadReport:
    """Return what was found in a text and decided about it."""
    return ReadReport(
        encoding=decoded.encoding,
        separator=layout.dialect.separator,
        quote=layout.dialect.quote,
        escape=layout.dialect.escape,
        decimal=layout.dialect.decimal,
        has_header=layout.has_header,
        header_rows=layout.header_rows,
        skipped=layout.skipped,
        footer=layout.footer,
        block=layout.block,
        blocks=layout.blocks,
        missing=missing,
        decisions=(decoded.decision, *layout.decisions, *decided),
        misfits=mended.misfits,
        misfit_count=mended.misfit_count,
        notes=tuple(notes),
    )


def _check_rows(data: bytes, width: int, settings: Settings) -> None:
    """Refuse a text that is likely too long by its number of lines, before it is read."""
    shortest = max(1, 2 * width - 1)
    fits = len(data) // shortest <= settings.max_rows and len(data) <= settings.max_cells
    head = data[:_HEAD_BYTES]
    likely = len(data) / len(head) * max(1, head.count(b"\n"), head.count(b"\r"))
    fits = fits or 2 * likely < min(settings.max_rows, settings.max_cells / width)
    # Quoted cells may hold several lines.
    if not fits and b'"' not in data:
        check_size((data.count(b"\n") or data.count(b"\r")) - 1, width, settings)


def without_blank_end(cells: pa.Table) -> tuple[pa.Table, int]:
    """Return the cells without the wholly blank rows at their end, and how many those were."""
    kept = cells.num_rows
    while kept:
        start = max(0, kept - _TAIL)
        tail = cells.slice(start, kept - start).to_pylist()
        while tail and all(_is_blank(cell) for cell in tail[-1].values()):
            tail.pop()
        kept = start + len(tail)
        if tail:
            break
    return cells.slice(0, kept), cells.num_rows - kept


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def told_blank(blank: int) -> tuple[Text, ...]:
    """Return what to say of blank rows at the end."""
    if not blank:
        return ()
    return (Text("{n:n} blank {n|row|rows} at the end {n|was|were} left out.", n=blank),)


def _unsettled(cells: pa.Table, plain: frozenset[int]) -> bool:
    """Whether some column of whole numbers, apart from ``plain`` ones, may have been codes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for position, column in enumerate(cells.columns):
        if pa.types.is_integer(column.type) and position not in plain:
            return True
        head = column.slice(0, _HEAD_ROWS)
        if pa.types.is_floating(column.type) and pc.all(pc.equal(pc.floor(head), head)).as_py() is not False:
            return True
    return False


def _has_codes(grid: Grid) -> bool:
    """Whether some cell may be a whole number that begins with a zero, as codes do, or a hexadecimal one.

    A scan of the bytes costs a tenth of reading the cells a second time as text.
    """
    import numpy as np

    codes = np.frombuffer(grid.data, np.uint8)[grid.start :]
    if len(codes) > 1 and codes[0] == ord("0") and (48 <= codes[1] <= 57 or codes[1] | 32 == ord("x")):
        return True
    separator = ord(grid.separator)
    for start in range(0, max(0, len(codes) - 2), _CODE_SCAN_BYTES):
        piece = codes[start : start + _CODE_SCAN_BYTES + 3]
        before, zero, after = piece[:-2], piece[1:-1] == ord("0"), piece[2:]
        hits = zero & (((after - np.uint8(48)) < 10) | ((after | np.uint8(32)) == ord("x")))
        hits &= (
            (before == separator)
            | (before <= 32)
            | (before == ord('"'))
            | (before == ord("-"))
            | (before == ord("+"))
        )
        if hits.any() and _whole(codes, np.flatnonzero(hits) + start + 1):
            return True
    return False


def _whole(codes: Any, positions: Any) -> bool:
    """Whether a number at one of the positions has digits only, unlike a date or a decimal."""
    for position in positions[:1000]:
        end = position + 1
        word = bytes(codes[end : end + 24])
        rest = word.lstrip(b"0123456789abcdefABCDEFxX")
        if not rest or rest[:1] not in b".-/:":
            return True
    return len(positions) > 1000
