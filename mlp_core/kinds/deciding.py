"""The kind of each column of a frame.

Every answer holds for all values, yet most columns are settled by their first rows: one number with decimals
makes a column of numbers, a thousand different texts make free text, two different values no constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds.identity import identifies, places, words_of
from mlp_core.kinds.kind import Kind
from mlp_core.kinds.scales import MOST, order_of
from mlp_core.kinds.words import is_yes_no

if TYPE_CHECKING:
    import pandas as pd

MAX_CATEGORIES: Final = 50
"""Above this many different values a text column is free text, unless values repeat a lot."""

MAX_CATEGORY_SHARE: Final = 0.2
"""A text column with more different values than this share of its rows is free text."""

_MOST_REPEATED: Final = 20 * MAX_CATEGORIES
_HEAD: Final = 1000
_TEXT_HEAD: Final = 8 * _MOST_REPEATED
_MARKS: Final = frozenset(
    ["grade", "mark", "note", "rating", "score", "notation", "classe", "dpe", "energy", "energie"]
)


def kind_of(column: pd.Series, name: str = "") -> Kind:
    """Return the kind of one column, from all its values.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Values of any dtype that pandas holds.
    name : str
        What it is called, where that may tell marks from other letters.

    Returns
    -------
    Kind
        Never identifier, geographic or constant, which say what a column means in its table.
    """
    import pandas as pd
    from pandas.api import types

    if len(column) == 0 or not (column.iloc[:_HEAD].notna().any() or column.notna().any()):
        return Kind.EMPTY
    dtype = column.dtype
    if types.is_bool_dtype(dtype):
        return Kind.BOOLEAN
    if types.is_datetime64_any_dtype(dtype):
        return Kind.DATETIME
    if types.is_timedelta64_dtype(dtype):
        return Kind.DURATION
    if types.is_integer_dtype(dtype):
        return Kind.INTEGER
    if types.is_numeric_dtype(dtype):
        return Kind.INTEGER if _all_whole(column) else Kind.NUMBER
    if isinstance(dtype, pd.CategoricalDtype) and dtype.ordered:
        return Kind.ORDERED
    return _kind_of_words(column, name)


def kinds_of(frame: pd.DataFrame) -> Mapping[str, Kind]:
    """Return the kind of every column of a frame, by name.

    Besides what :func:`kind_of` tells, a column is constant where one value stands in all rows, an identifier
    where it names or numbers the rows, and geographic where two columns hold latitude and longitude.
    """
    kinds: dict[str, Kind] = {}
    for name in frame.columns:
        column = frame[name]
        kind = kind_of(column, str(name))
        if _is_constant(column):
            kind = Kind.CONSTANT
        elif identifies(column, str(name), kind):
            kind = Kind.IDENTIFIER
        kinds[str(name)] = kind
    kinds.update(dict.fromkeys(places(frame, kinds), Kind.GEOGRAPHIC))
    return MappingProxyType(kinds)


def nature_of(column: pd.Series, kind: Kind) -> Kind:
    """Return what the values of a column are, where its kind says what they mean instead.

    Parameters
    ----------
    column : Series of shape (n_rows,)
    kind : Kind
        The kind of the column in its table.
    """
    return kind_of(column) if kind in (Kind.IDENTIFIER, Kind.CONSTANT, Kind.GEOGRAPHIC) else kind


def _kind_of_words(column: pd.Series, name: str) -> Kind:
    import pandas as pd

    if isinstance(column.dtype, pd.StringDtype):
        values, rows = _arrow(column), len(column)
        if rows > _TEXT_HEAD and len(values.slice(0, _TEXT_HEAD).unique()) > _MOST_REPEATED + 1:
            return Kind.TEXT
        present = rows - values.null_count
        words = values.unique().drop_null()
        distinct = len(words)
        known = words.to_pylist() if distinct <= MOST else []
    else:
        if column.dtype == object and pd.api.types.infer_dtype(column, skipna=True) == "boolean":
            return Kind.BOOLEAN
        seen = column.dropna().unique()
        present, distinct = int(column.notna().sum()), len(seen)
        known = [value for value in seen if isinstance(value, str)] if distinct <= MOST else []
    few = distinct <= MAX_CATEGORIES and distinct < 0.9 * present
    repeated = distinct <= MAX_CATEGORY_SHARE * len(column) and distinct <= _MOST_REPEATED
    if not (few or repeated or distinct <= 2):
        return Kind.TEXT
    if len(known) < distinct:
        return Kind.CATEGORY
    if is_yes_no(known):
        return Kind.BOOLEAN
    marks = not _MARKS.isdisjoint(words_of(name))
    return Kind.ORDERED if order_of(known, marks=marks) is not None else Kind.CATEGORY


def _arrow(column: pd.Series) -> Any:
    """Return a column of text as the Arrow array it stands on."""
    import pyarrow as pa

    return pa.array(column.array)


def _is_constant(column: pd.Series) -> bool:
    """Whether one value stands in all rows, which are more than one."""
    if len(column) < 2:
        return False
    for part in (column.iloc[:2], column.iloc[:_HEAD], column):
        if part.hasnans or not _all_equal(part):
            return False
    return True


def _all_equal(part: pd.Series) -> bool:
    try:
        return bool((part == part.iloc[0]).all())
    except (TypeError, ValueError):  # lists and arrays in cells do not compare to one answer
        return False


def _all_whole(column: pd.Series) -> bool:
    """Whether a float column holds whole numbers only, as whole numbers with gaps do."""
    import numpy as np

    for part in (column.iloc[:_HEAD], column):
        values = part.to_numpy(dtype=float, na_value=np.nan)
        known = values[~np.isnan(values)]
        if not (known == np.floor(known)).all() or np.isinf(known).any():
            return False
    return True
