"""Tables and cells for a spreadsheet, which shows them and runs nothing in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NEGATIVE: Final = re.compile(r"-\d+([.,]\d+)?([eE][+-]?\d+)?")
_SAMPLE: Final = 400


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-3.5"), guarded("-cmd")
    ("'=1+1", '-3.5', "'-cmd")
    """
    if cell.startswith(_DANGEROUS) and not _NEGATIVE.fullmatch(cell):
        return f"'{cell}"
    return cell


def free_name(name: str, taken: set[str]) -> str:
    """Return ``name``, with a number where a table already has such a column."""
    candidate, count = name, 2
    while candidate in taken:
        candidate, count = f"{name} ({count})", count + 1
    return candidate


def frame_csv(frame: pd.DataFrame, *, guard: bool = True) -> bytes:
    """Return a table as CSV in UTF-8, with a mark that spreadsheets know it by.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Left as it is; its index is not written.
    guard : bool, default True
        Put a mark before what a spreadsheet would take for a formula; without it, every cell and every name
        is written as it stands, for a program to read.
    """
    import pandas as pd

    written: dict[str, Any] = {}
    for position, name in enumerate(str(name) for name in frame.columns):
        column = frame.iloc[:, position]
        # A guarded name may be that of another column.
        shown = free_name(guarded(name) if guard else name, set(written))
        written[shown] = (_guarded(column) if guard else column).to_numpy()
    # With both marks in the line end, a cell that holds either is put in quotes.
    text = pd.DataFrame(written, index=range(len(frame))).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig", errors="replace")


def csv_bytes(frame: pd.DataFrame) -> int:
    """Return about how many bytes a table takes as CSV, from rows spread over all of it."""
    step = max(1, len(frame) // _SAMPLE)
    sample = frame.iloc[::step]
    return round(len(frame_csv(sample)) * len(frame) / max(1, len(sample)))


def _guarded(column: pd.Series) -> pd.Series:
    from pandas.api import types

    if types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
        return column
    cells = column.astype(object)
    return cells.map(lambda cell: guarded(cell) if isinstance(cell, str) else cell)
