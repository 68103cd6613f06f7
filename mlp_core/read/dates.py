"""Dates in the notations that people write them in; which order they are in is told from a whole column.

``03/02/2023`` says nothing by itself. Another date of the column does (no month has a number over 12), else
the other columns of the file, else the person; where nothing does, the column stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from mlp_core.read.moments import NAMES, Parts

_ANY_NAME: Final = "|".join(NAMES).replace(" ", "|")
_WEEKDAY: Final = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|lun(?:di)?|mar(?:di)?|mer(?:credi)?"
    r"|jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?)[.,]*\s+"
)
_TIME: Final = (
    r"(?:(?:t|,?\s+(?:at\s+|à\s+|a\s+)?)(?P<h>\d{1,2})(?:(?P<c>[:h])(?P<mi>\d{2})?"
    r"(?:[:m](?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?)?\s?(?P<ap>[ap]\.?m\.?)?"
    r"\s?(?P<z>z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_MONTH: Final = r"(?P<n>[a-zà-ÿ]{3,10})\.?"
_FAMILIES: Final = (
    rf"^(?P<y>\d{{4}})(?P<m1>[-/. ])(?P<mo>\d{{1,2}})(?P<m2>[-/. ])(?P<d>\d{{1,2}}){_TIME}$",
    rf"^(?P<a>\d{{1,2}})(?P<m1>[-/. ])(?P<b>\d{{1,2}})(?P<m2>[-/. ])(?P<y>\d{{4}}|\d{{2}}){_TIME}$",
    rf"^(?:{_WEEKDAY})?(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?:[-\s/.]|\sde\s|\sof\s)*{_MONTH}"
    rf"(?:[-\s/.,']|\sde[l]?\s)*(?P<y>\d{{4}}|\d{{2}}){_TIME}$",
    rf"^(?:{_WEEKDAY})?{_MONTH}[-\s/]?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|[-\s/])"
    rf"(?P<y>\d{{4}}|\d{{2}}){_TIME}$",
    rf"^(?P<y>\d{{4}})[-\s/.]{_MONTH}[-\s/.]?(?P<d>\d{{1,2}}){_TIME}$",
    rf"^{_MONTH}(?:[-\s/.,]|\sde\s)*(?P<y>\d{{4}})$",
    r"^(?P<y>\d{4})[-/](?P<mo>\d{2})$",
    r"^(?P<mo>\d{1,2})/(?P<y>\d{4})$",
    rf"^(?P<y>\d{{4}})(?P<mo>\d{{2}})(?P<d>\d{{2}}){_TIME}$",
)
_LOOSE: Final = re.compile(
    rf"\d{{4}}[-/. ]\d{{1,2}}[-/. ]\d{{1,2}}(?:[t ,].*)?"
    rf"|\d{{1,2}}[-/. ]\d{{1,2}}[-/. ](?:\d{{4}}|\d{{2}})(?:[t ,].*)?"
    rf"|\d{{4}}[-/](?:0[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/(?:1[6-9]|2[01])\d{{2}}"
    rf"|(?:{_WEEKDAY})?\d{{1,2}}(?:st|nd|rd|th|er|\.)?[-\s/.]?(?:de\s|of\s)?(?:{_ANY_NAME})\b.*\d.*"
    rf"|(?:{_WEEKDAY}|\d{{4}}[-\s/.])?(?:{_ANY_NAME})\b[-\s/.,'].*\d.*",
    re.IGNORECASE,
)
_LEAST_SERIES: Final = 6


class Order(StrEnum):
    """Where the day stands in a date."""

    YEAR_FIRST = "year_first"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Dates:
    """What the different texts of a column are as dates.

    Attributes
    ----------
    values : Arrow array of timestamp[us]
        Missing where a text is missing or no day of the calendar.
    unfit : Arrow array of bool
        Whether a text is there and no date.
    impossible : Arrow array of bool
        Of those, the texts that are written as a date but name no day, such as 30 February.
    order : Order
    sure : float
    zoned, short : bool
        Whether they had a time zone, and are UTC now; whether years were written with two digits.
    """

    values: Any
    unfit: Any
    impossible: Any
    order: Order
    sure: float = 1.0
    zoned: bool = False
    short: bool = False


def looks_like_date(text: str) -> bool:
    """Whether a text has the outer form of a date.

    Examples
    --------
    >>> [looks_like_date(text) for text in ("12 mars 2020", "03/02/23 14:05", "12.5", "May be")]
    [True, True, False, False]
    """
    return 6 <= len(text) <= 60 and _LOOSE.fullmatch(text) is not None


def to_dates(texts: Any, *, day_first: bool | None = None, evidence: Order | None = None) -> Dates | None:
    """Return the different texts of a column as dates; ``None`` where hardly any is one.

    Parameters
    ----------
    texts : Arrow array of string
        Trimmed, each text once.
    day_first : bool, optional
        What a person says of the order.
    evidence : Order, optional
        The order of the dates in other columns of the file.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = Parts.empty(len(texts))
    plain = pc.utf8_lower(pc.replace_substring_regex(texts, "[\\s\u00a0\u202f\u2009]+", " "))
    present = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    left = np.flatnonzero(present)
    for family in _FAMILIES:
        if not len(left):
            break
        taken = parts.fill(pc.extract_regex(plain.take(pa.array(left)), family), left)
        left = left[~taken]
    if not parts.known.any() or _are_seasons(texts):
        return None
    order, sure = _order(parts, day_first, evidence)
    parts.put_in_order(month_first=order is Order.MONTH_FIRST)
    moments, good = parts.moments()
    impossible = present & parts.known & ~good
    zones = parts.zoned[parts.known]
    if zones.any() and not zones.all():
        good &= ~parts.known | parts.zoned
    values = pa.array(moments.view("datetime64[us]"), pa.timestamp("us"), mask=~good)
    return Dates(
        values=values,
        unfit=pa.array(present & ~good),
        impossible=pa.array(impossible),
        order=order,
        sure=sure,
        zoned=bool(zones.any()),
        short=bool(parts.short.any()),
    )


def compact_dates(column: Any) -> Any | None:
    """Return whole numbers such as 20200312 as timestamps; ``None`` where one names no day."""
    import numpy as np
    import pyarrow as pa

    present = column.is_valid().to_numpy(zero_copy_only=False)
    values = column.fill_null(1970_01_01).to_numpy()
    if not present.any() or values.min() < 1600_01_01 or values.max() > 2199_12_31:
        return None
    parts = Parts.empty(len(values))
    parts.known[:] = True
    parts.numbers[:, 0] = values // 10_000
    parts.numbers[:, 1] = values // 100 % 100
    parts.numbers[:, 2] = values % 100
    moments, good = parts.moments()
    if not np.all(good):
        return None
    return pa.array(moments.view("datetime64[us]"), pa.timestamp("us"), mask=~present)


def _order(parts: Parts, day_first: bool | None, evidence: Order | None) -> tuple[Order, float]:
    """Return the order of the day and month that most dates have, and how sure it is."""
    if not parts.numeric.any():
        return Order.YEAR_FIRST, 1.0
    first, second = parts.figures[parts.numeric].T
    for_day, for_month = int((first > 12).sum()), int((second > 12).sum())
    if day_first is not None:
        return (Order.DAY_FIRST if day_first else Order.MONTH_FIRST), 1.0
    if for_day or for_month:
        share = max(for_day, for_month) / (for_day + for_month)
        return (Order.DAY_FIRST if for_day >= for_month else Order.MONTH_FIRST), share
    # Points between day, month and year are only ever written day first.
    if parts.pointed[parts.numeric].all():
        return Order.DAY_FIRST, 0.95
    if (first == second).all():
        return Order.DAY_FIRST, 1.0
    told = _told_by_rows(parts)
    if told is not None:
        return told, 0.85
    return (evidence, 0.8) if evidence is not None else (Order.UNKNOWN, 0.0)


def _told_by_rows(parts: Parts) -> Order | None:
    """Return the order in which the dates make a series: one day of every month, or one after the other.

    The texts come as they first occur in the rows.
    """
    import numpy as np

    first, second = parts.figures[parts.numeric].T
    years = parts.numbers[parts.numeric, 0]
    if len(years) < _LEAST_SERIES:
        return None
    if len(np.unique(years)) > 1:
        alone = [len(np.unique(figures)) == 1 for figures in (first, second)]
        if alone[0] != alone[1]:
            return Order.DAY_FIRST if alone[0] else Order.MONTH_FIRST
    runs = []
    for month, day in ((second, first), (first, second)):
        steps = np.diff((years * 12 + month) * 31 + day)
        runs.append(bool((steps > 0).all() or (steps < 0).all()))
    if runs[0] == runs[1]:
        return None
    return Order.DAY_FIRST if runs[0] else Order.MONTH_FIRST


def _are_seasons(texts: Any) -> bool:
    """Whether all texts are two years in a row, such as 2009-10, rather than months."""
    pairs = [re.fullmatch(r"(\d{4})[-/](\d\d)", text) for text in texts.drop_null().slice(0, 100).to_pylist()]
    return all(pair is not None and (int(pair[1]) + 1) % 100 == int(pair[2]) for pair in pairs)
