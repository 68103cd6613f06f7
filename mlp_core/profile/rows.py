"""What the rows of a table have in common: rows that repeat an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from mlp_core.profile.study import Studied

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

_BLOCK: Final = 1 << 16
_ODD: Final = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def duplicate_rows(columns: Sequence[Studied], rows: int) -> int:
    """Count rows that repeat an earlier one in every column, by a 64-bit hash of each row.

    One column whose values all differ settles it. Otherwise hashing is ten times faster than comparing; two
    different rows among a million share a hash once in forty million tables.
    """
    import numpy as np

    if rows < 2 or not columns or any(one.facts.distinct == rows for one in columns):
        return 0
    hashed = np.sort(_row_hashes(columns, rows))
    return int((hashed[1:] == hashed[:-1]).sum())


def _row_hashes(columns: Sequence[Studied], rows: int) -> Array:
    """Return one hash a row; each column passes the finalizer of SplitMix64 (Steele et al., 2014)."""
    import numpy as np

    hashed = np.zeros(rows, dtype=np.uint64)
    first, second, third = (np.uint64(odd) for odd in _ODD)
    for one in columns:
        bits = _bits(one)
        for start in range(0, rows, _BLOCK):
            mixed = hashed[start : start + _BLOCK]
            mixed += bits[start : start + _BLOCK]
            mixed += first
            mixed ^= mixed >> np.uint64(30)
            mixed *= second
            mixed ^= mixed >> np.uint64(27)
            mixed *= third
            mixed ^= mixed >> np.uint64(31)
    return hashed


def _bits(one: Studied) -> Array:
    """Return 64 bits a row, equal where the values are."""
    import numpy as np
    import pandas as pd

    if one.codes is not None:
        return one.codes.codes.astype(np.int64).view(np.uint64)
    dtype = one.column.dtype
    if not isinstance(dtype, np.dtype):
        if dtype.kind == "M":
            return np.ascontiguousarray(one.column.to_numpy("M8[us]")).view(np.uint64)
        codes, _ = pd.factorize(one.column)
        return codes.astype(np.int64).view(np.uint64)
    values = one.column.to_numpy()
    if dtype.kind == "f":
        values = values.astype(float, copy=False) + 0.0  # both zeros become one
        values[np.isnan(values)] = np.nan
        return values.view(np.uint64)
    return np.ascontiguousarray(values.astype(np.int64, copy=False)).view(np.uint64)
