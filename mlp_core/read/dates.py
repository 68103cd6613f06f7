"""Dates written in figures: which order they are in, told from the whole column, never from one value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])\d{1,2}\2\d{1,2}(?:[T ](\d{1,2}:\d\d(:\d\d(\.\d{1,6})?)?))?")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2\d{4}(?:[T ](\d{1,2}:\d\d(:\d\d(\.\d{1,6})?)?))?")


class Order(StrEnum):
    """Where the day stands in a date."""

    YEAR_FIRST = "year_first"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNKNOWN = "unknown"


def date_order(texts: Sequence[str]) -> Order | None:
    """Return the order that fits every date of a column; ``None`` where they are not all dates.

    Examples
    --------
    >>> date_order(["03/02/2023", "25/12/2023"])
    <Order.DAY_FIRST: 'day_first'>
    >>> date_order(["03/02/2023", "04/05/2023"])
    <Order.UNKNOWN: 'unknown'>
    """
    if all(_YEAR_FIRST.fullmatch(text) for text in texts):
        return Order.YEAR_FIRST
    parts = [_YEAR_LAST.fullmatch(text) for text in texts]
    found = [(int(part[1]), int(part[3]), part[2]) for part in parts if part is not None]
    if len(found) < len(texts):
        return None
    day_first = all(second <= 12 for _, second, _ in found)
    month_first = all(first <= 12 for first, _, _ in found)
    if day_first and month_first:
        # Points between day, month and year are only ever written day first.
        return Order.DAY_FIRST if all(mark == "." for _, _, mark in found) else Order.UNKNOWN
    if day_first:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if month_first else None


def to_timestamps(texts: Any, order: Order) -> Any | None:
    """Return an Arrow array of texts as timestamps; ``None`` where one is not a day of the calendar."""
    import pandas as pd
    import pyarrow as pa

    if order is Order.UNKNOWN:
        return None
    values = pd.Series(texts.to_pandas()).str.replace(r"[/.](?=\d{1,4}[-/. T]|\d{1,4}$)", "-", regex=True)
    day = {Order.YEAR_FIRST: "%Y-%m-%d", Order.DAY_FIRST: "%d-%m-%Y", Order.MONTH_FIRST: "%m-%d-%Y"}[order]
    values = values.str.replace("T", " ", regex=False)
    has_time = values.str.contains(":", regex=False).fillna(False)
    result = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    try:
        for mask, style in _styles(values, has_time, day):
            if mask.any():
                result[mask] = pd.to_datetime(values[mask], format=style).astype("datetime64[us]")
    except (ValueError, OverflowError):
        return None
    return pa.array(result, type=pa.timestamp("us"), from_pandas=True)


def _styles(values: Any, has_time: Any, day: str) -> list[tuple[Any, str]]:
    colons = values.str.count(":").fillna(0)
    fraction = has_time & values.str.contains(r":\d\d\.\d", regex=True).fillna(False)
    return [
        (values.notna() & ~has_time, day),
        (has_time & (colons == 1), f"{day} %H:%M"),
        (has_time & (colons == 2) & ~fraction, f"{day} %H:%M:%S"),
        (has_time & fraction, f"{day} %H:%M:%S.%f"),
    ]
