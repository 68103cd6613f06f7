"""The kinds of column, and what people call them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mlp_core.text import Text


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


NUMERIC: Final = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.GEOGRAPHIC})
DISCRETE: Final = frozenset({Kind.CATEGORY, Kind.ORDERED, Kind.BOOLEAN})

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
