"""Whole numbers that were read as text, so that codes such as 00075 are seen before they become numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def to_numbers(column: pa.ChunkedArray, decimal: str) -> pa.ChunkedArray:
    """Return a column of texts as whole numbers, else as decimals; as it is where it may hold codes.

    Parameters
    ----------
    column : Arrow column of texts, of shape (n_rows,)
        An empty cell is missing.
    decimal : str
        The mark before the decimals, ``"."`` or ``","``.
    """
    import pyarrow as pa

    if any(_may_hold_codes(chunk) for chunk in column.chunks):
        return column
    for type_ in (pa.int64(), pa.float64()) if decimal == "." else (pa.int64(),):
        try:
            return column.cast(type_)
        except pa.ArrowInvalid:
            continue
    return column


def _may_hold_codes(chunk: Any) -> bool:
    """Whether a text begins with a zero that more digits (or an x) follow, a sign before it or not."""
    import numpy as np

    _, offsets, letters = chunk.buffers()
    if letters is None:
        return False
    ends = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    codes = np.frombuffer(letters, np.uint8)
    lengths = np.diff(ends)
    starts, lengths = ends[:-1][lengths > 1], lengths[lengths > 1]
    first, second = codes[starts], codes[starts + 1]
    if bool(((first == ord("0")) & _goes_on(second)).any()):
        return True
    signed = ((first == ord("-")) | (first == ord("+"))) & (second == ord("0")) & (lengths > 2)
    return bool(_goes_on(codes[starts[signed] + 2]).any())


def _goes_on(codes: Any) -> Any:
    return ((codes >= ord("0")) & (codes <= ord("9"))) | ((codes | 32) == ord("x"))
