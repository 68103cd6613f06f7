"""Which cells hold one of some values that a person wrote down, whatever the dtype of the column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Mask: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]]"

_FLAGS: Final = {"true": True, "false": False}


def holds_one_of(column: pd.Series, values: Sequence[str]) -> Mask:
    """Return where a cell is one of ``values``, a mask of shape (n_rows,).

    Numbers are compared as numbers, so ``-999`` is -999.0; dates as moments; texts without regard to case
    and edge spaces, and as numbers where both are.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Of any dtype.
    values : sequence of str
        As a person writes them.
    """
    import numpy as np
    import pandas as pd
    from pandas.api import types

    dtype = column.dtype
    if types.is_bool_dtype(dtype) and not isinstance(dtype, pd.CategoricalDtype):
        wanted = [_FLAGS[value.strip().casefold()] for value in values if value.strip().casefold() in _FLAGS]
        return _mask(column.isin(wanted))
    if types.is_numeric_dtype(dtype):
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        return np.isin(numbers, [number for value in values if (number := number_in(value)) is not None])
    if types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype):
        return _mask(column.isin(_moments(values, types.is_timedelta64_dtype(dtype))))
    words = {value.strip().casefold() for value in values}
    numbers_too = {number for value in values if (number := number_in(value)) is not None}
    codes, texts = pd.factorize(column)
    hits = np.zeros(len(texts) + 1, dtype=bool)  # the last place serves the code -1
    for place, text in enumerate(texts):
        word = str(text).strip().casefold()
        hits[place] = word in words or (bool(numbers_too) and number_in(word) in numbers_too)
    return hits[codes]


def number_in(text: str) -> float | None:
    """Return the number that a text is, infinity among them; ``None`` where it is none."""
    try:
        number = float(text.strip().replace(",", ".").replace("∞", "inf"))
    except ValueError:
        return None
    return number if number == number else None


def _moments(values: Sequence[str], spans: bool) -> list[Any]:
    import pandas as pd

    found = []
    for value in values:
        try:
            found.append(pd.Timedelta(value) if spans else pd.Timestamp(value))
        except ValueError:
            continue
    return found


def _mask(found: pd.Series) -> Mask:
    return found.fillna(False).to_numpy(dtype=bool)
