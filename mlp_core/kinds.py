"""What a column holds, decided from all its values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd

MAX_CATEGORIES: Final = 50
"""Above this many different values a text column is free text, unless values repeat a lot."""

MAX_CATEGORY_SHARE: Final = 0.2
"""A text column with more different values than this share of its rows is free text."""


class Kind(StrEnum):
    """The kind of a column."""

    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CATEGORY = "category"
    ORDERED = "ordered"
    TEXT = "text"
    DATETIME = "datetime"
    DURATION = "duration"
    IDENTIFIER = "identifier"
    GEOGRAPHIC = "geographic"
    CONSTANT = "constant"
    EMPTY = "empty"


NUMERIC: Final = frozenset({Kind.NUMBER, Kind.INTEGER})
DISCRETE: Final = frozenset({Kind.CATEGORY, Kind.BOOLEAN})

LABELS: Final[Mapping[Kind, Text]] = MappingProxyType(
    {
        Kind.NUMBER: Text("Number"),
        Kind.INTEGER: Text("Whole number"),
        Kind.BOOLEAN: Text("Yes/no"),
        Kind.CATEGORY: Text("Category"),
        Kind.ORDERED: Text("Ordered category"),
        Kind.TEXT: Text("Free text"),
        Kind.DATETIME: Text("Date/time"),
        Kind.DURATION: Text("Duration"),
        Kind.IDENTIFIER: Text("Identifier"),
        Kind.GEOGRAPHIC: Text("Coordinate"),
        Kind.CONSTANT: Text("Constant"),
        Kind.EMPTY: Text("Empty"),
    }
)


def kind_of(column: pd.Series) -> Kind:
    """Return the kind of one column, from all its values.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Values of any dtype that pandas holds.
    """
    from pandas.api import types

    if len(column) == 0 or not column.notna().any():
        return Kind.EMPTY
    if types.is_bool_dtype(column.dtype):
        return Kind.BOOLEAN
    if types.is_datetime64_any_dtype(column.dtype):
        return Kind.DATETIME
    if types.is_integer_dtype(column.dtype):
        return Kind.INTEGER
    if types.is_numeric_dtype(column.dtype):
        return Kind.INTEGER if _all_whole(column) else Kind.NUMBER
    distinct = column.nunique()
    few = distinct <= MAX_CATEGORIES and distinct < 0.9 * column.notna().sum()
    repeated = distinct <= MAX_CATEGORY_SHARE * len(column) and distinct <= 20 * MAX_CATEGORIES
    return Kind.CATEGORY if few or repeated or distinct <= 2 else Kind.TEXT


def kinds_of(frame: pd.DataFrame) -> Mapping[str, Kind]:
    """Return the kind of every column of a frame, by name."""
    return MappingProxyType({str(name): kind_of(frame[name]) for name in frame.columns})


def _all_whole(column: pd.Series) -> bool:
    """Whether a float column holds whole numbers only, as whole numbers with gaps do."""
    import numpy as np

    values = column.to_numpy(dtype=float, na_value=np.nan)
    finite = values[np.isfinite(values)]
    return (
        bool(len(finite))
        and len(finite) == int(column.notna().sum())
        and bool((finite == np.floor(finite)).all())
    )
