"""One column as codes: which of its different values stands in each row.

Finding the different values is most of the work on a column of words, so it is done once; counts, repeated
rows and associations all read the codes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Coded:
    """The different values of a column and where they stand.

    Attributes
    ----------
    codes : ndarray of int, shape (n_rows,)
        Place of the row's value among ``levels``; -1 where it is missing.
    levels : sequence of length n_levels
        Different values: in their own order where they have one, otherwise as they first occur.
    counts : ndarray of int, shape (n_levels,)
        Rows that hold each.
    """

    codes: np.ndarray[Any, Any]
    levels: Any
    counts: np.ndarray[Any, Any]

    @property
    def missing(self) -> int:
        """Rows without a value."""
        return len(self.codes) - int(self.counts.sum())

    def texts(self) -> list[str]:
        """Return all levels as texts."""
        if hasattr(self.levels, "to_pylist"):  # at once: a million values one by one take seconds
            return [str(value) for value in self.levels.to_pylist()]
        return [str(self.value(place)) for place in range(len(self.counts))]

    def value(self, place: int) -> str | int | float | bool:
        """Return one level as a plain value that JSON can hold; all but numbers and yes/no as text."""
        value = self.levels[place]
        value = value.as_py() if hasattr(value, "as_py") else value
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        return value if isinstance(value, (bool, int, float, str)) else str(value)


def coded(column: pd.Series) -> Coded:
    """Return the codes of a column of any dtype.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Left as it is. Levels of a categorical column that never occur are left out.
    """
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return _of_categories(column)
    if isinstance(column.dtype, pd.StringDtype) and column.dtype.storage == "pyarrow":
        return _of_texts(column)
    try:
        codes, levels = pd.factorize(column)
    except TypeError:  # lists and other values that cannot be compared are counted as they are written
        codes, levels = pd.factorize(column.astype(object).map(str, na_action="ignore"))
    return _counted(codes, levels)


def _of_texts(column: pd.Series) -> Coded:
    import pyarrow as pa

    texts = pa.array(column, type=pa.large_string())
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    encoded = texts.dictionary_encode()
    indices = encoded.indices
    if indices.null_count:
        indices = indices.fill_null(-1)
    return _counted(indices.to_numpy(zero_copy_only=False), encoded.dictionary)


def _of_categories(column: pd.Series) -> Coded:
    import numpy as np

    codes = column.cat.codes.to_numpy()
    found = _counted(codes, column.cat.categories)
    if found.counts.all():
        return found
    used = np.flatnonzero(found.counts)
    places = np.full(len(found.counts) + 1, -1)  # the last place serves the code -1
    places[used] = np.arange(len(used))
    return Coded(codes=places[codes], levels=found.levels[used], counts=found.counts[used])


def _counted(codes: np.ndarray[Any, Any], levels: Any) -> Coded:
    import numpy as np

    present = codes[codes >= 0] if (codes < 0).any() else codes
    return Coded(codes=codes, levels=levels, counts=np.bincount(present, minlength=len(levels)))
