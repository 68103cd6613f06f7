"""Cells brought to the kind that a model was trained on; what cannot be becomes missing and is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlp_core.kinds import FALSE_WORDS, NUMERIC, TRUE_WORDS, Kind

if TYPE_CHECKING:
    import pandas as pd

_YES: Final = TRUE_WORDS | {"1", "1.0"}
_NO: Final = FALSE_WORDS | {"0", "0.0"}

LARGEST: Final = 1e150
"""The square of a larger number is beyond what a float holds, so nothing can be computed with it."""


def conformed(column: pd.Series, kind: Kind) -> tuple[pd.Series, int]:
    """Return a column as ``kind`` and how many of its cells could not be read so.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Of any dtype. It is left as it was.
    kind : Kind
        Numbers come out as ``float64``, yes/no as ``boolean``, dates as ``datetime64[us]``, durations as
        ``timedelta64[us]``, all else as text.
    """
    if kind in NUMERIC:
        result = _numbers(column)
    elif kind is Kind.BOOLEAN:
        result = _flags(column)
    elif kind is Kind.DATETIME:
        result = _dates(column)
    elif kind is Kind.DURATION:
        result = _durations(column)
    else:
        result = _labels(column)
    lost = int((column.notna() & result.isna() & ~_blank(column)).sum())
    return result, lost


def _numbers(column: pd.Series) -> pd.Series:
    """Return numbers up to ``LARGEST``; text is read with a decimal point, else with a decimal comma."""
    import numpy as np
    import pandas as pd
    from pandas.api import types

    if types.is_datetime64_any_dtype(column.dtype) or types.is_timedelta64_dtype(column.dtype):
        return pd.Series(np.nan, index=column.index, name=column.name)
    if types.is_numeric_dtype(column.dtype):
        values = pd.Series(column.to_numpy(dtype=float, na_value=np.nan), column.index, name=column.name)
    else:
        text = column.astype(object).where(column.notna(), None).map(_plain)
        values = pd.to_numeric(text, errors="coerce").astype(float)
        unread = values.isna() & text.notna()
        if unread.any():
            commas = text[unread].astype(str).str.replace(",", ".", n=1, regex=False)
            values = values.where(~unread, pd.to_numeric(commas, errors="coerce"))
    return values.where(abs(values) <= LARGEST)


def _flags(column: pd.Series) -> pd.Series:
    import pandas as pd
    from pandas.api import types

    if types.is_bool_dtype(column.dtype):
        return column.astype("boolean")
    words = _labels(column).str.strip().str.lower()
    known = [True if word in _YES else False if word in _NO else None for word in words]
    return pd.Series(pd.array(known, dtype="boolean"), index=column.index, name=column.name)


def _dates(column: pd.Series) -> pd.Series:
    import pandas as pd
    from pandas.api import types

    if types.is_numeric_dtype(column.dtype):
        dates = pd.Series(pd.NaT, index=column.index, name=column.name)
    else:
        dates = pd.to_datetime(column, errors="coerce", format="ISO8601", utc=True).dt.tz_localize(None)
    return dates.astype("datetime64[us]")


def _durations(column: pd.Series) -> pd.Series:
    """Return durations; a number, or a text of one, counts seconds."""
    import pandas as pd
    from pandas.api import types

    if not types.is_timedelta64_dtype(column.dtype):
        seconds = _numbers(column)
        column = pd.to_timedelta(column.astype(object).where(seconds.isna(), None), errors="coerce")
        longest = pd.Timedelta.max.total_seconds()
        column = column.fillna(pd.to_timedelta(seconds.where(abs(seconds) < longest), unit="s"))
    return column.astype("timedelta64[us]")


def _labels(column: pd.Series) -> pd.Series:
    """Return text; a whole number is written without its point, as a file would."""
    from pandas.api import types

    if column.dtype == "str":
        return column
    whole = types.is_float_dtype(column.dtype)
    text = column.astype(object).map(
        lambda cell: str(int(cell)) if whole and float(cell).is_integer() else str(cell), na_action="ignore"
    )
    return text.astype("str")


def _blank(column: pd.Series) -> pd.Series:
    import pandas as pd
    from pandas.api import types

    if types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
        return pd.Series(False, index=column.index)
    return column.astype(object).map(lambda cell: isinstance(cell, str) and not cell.strip()).astype(bool)


def _plain(cell: object) -> object:
    """Return a cell without spaces around it; a whole number too large for a float becomes text."""
    if isinstance(cell, int) and abs(cell) > LARGEST:
        return "too large"
    return cell.strip() if isinstance(cell, str) else cell
