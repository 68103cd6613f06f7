"""Rows that repeat: within one table, or from one table in another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from mlp_core.profile.coded import coded
from mlp_core.profile.study import Studied
from mlp_core.profile.times import clock_times

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


def shared_rows(one: Sequence[Studied], other: Sequence[Studied], rows: int, other_rows: int) -> int:
    """Count rows of the second table that stand in the first.

    Parameters
    ----------
    one, other : sequence of Studied
        The same columns of both tables, in the same order.
    rows, other_rows : int
        Rows of the tables.
    """
    import numpy as np

    hashed = []
    for columns, count in ((one, rows), (other, other_rows)):
        total = np.zeros(count, dtype=np.uint64)
        for column in columns:
            _mix(total, _valued_bits(column))
        hashed.append(total)
    return int(np.isin(hashed[1], hashed[0]).sum())


def _row_hashes(columns: Sequence[Studied], rows: int) -> Array:
    """Return one hash a row; each column passes the finalizer of SplitMix64 (Steele et al., 2014)."""
    import numpy as np

    hashed = np.zeros(rows, dtype=np.uint64)
    for one in columns:
        _mix(hashed, _bits(one))
    return hashed


def _mix(hashed: Array, bits: Array) -> None:
    """Stir 64 bits a row into its hash, a block of the cache at a time."""
    import numpy as np

    first, second, third = (np.uint64(odd) for odd in _ODD)
    for start in range(0, len(hashed), _BLOCK):
        mixed = hashed[start : start + _BLOCK]
        mixed += bits[start : start + _BLOCK]
        mixed += first
        mixed ^= mixed >> np.uint64(30)
        mixed *= second
        mixed ^= mixed >> np.uint64(27)
        mixed *= third
        mixed ^= mixed >> np.uint64(31)


def _valued_bits(one: Studied) -> Array:
    """Return 64 bits a row, equal where the values are, also between tables and between kinds of numbers."""
    import numpy as np
    import pandas as pd

    if one.codes is None and one.column.dtype.kind == "M":
        return np.asarray(clock_times(one.column).astype("M8[us]").view(np.uint64))
    if one.codes is None and one.column.dtype.kind in "iuf":
        values = one.column.to_numpy(dtype=float, na_value=np.nan) + 0.0
        values[np.isnan(values)] = np.nan
        return np.asarray(values.view(np.uint64))
    found = one.codes or coded(one.column)
    names = np.array([*found.texts(), None], dtype=object)
    hashed: Array = pd.util.hash_array(names)
    return np.asarray(hashed[found.codes])  # the last one serves the code -1


def _bits(one: Studied) -> Array:
    """Return 64 bits a row, equal where the values are."""
    import numpy as np
    import pandas as pd

    if one.codes is not None:
        return one.codes.codes.astype(np.int64).view(np.uint64)
    dtype = one.column.dtype
    if not isinstance(dtype, np.dtype) or dtype.kind == "O":
        if isinstance(dtype, pd.DatetimeTZDtype):
            return np.ascontiguousarray(one.column.to_numpy("M8[us]")).view(np.uint64)
        return coded(one.column).codes.astype(np.int64).view(np.uint64)
    values = one.column.to_numpy()
    if dtype.kind == "f":
        values = values.astype(float, copy=False) + 0.0  # both zeros become one
        values[np.isnan(values)] = np.nan
        return values.view(np.uint64)
    return np.ascontiguousarray(values.astype(np.int64, copy=False)).view(np.uint64)
