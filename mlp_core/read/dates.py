"""Dates in the notations that people write them in; which order they are in is told from a whole column.

``03/02/2023`` says nothing by itself. Another date of the column does (no month has a number over 12), else
the other columns of the file, else the person; where nothing does, the column stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

_NAMES: Final = (
    "january jan janvier janv januar enero ene gennaio gen",
    "february feb fevrier fevr fev février févr fév februar febrero febbraio",
    "march mar mars märz marz marzo",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag",
    "june jun juin juni junio giugno giu",
    "july jul juillet juil juli julio luglio lug",
    "august aug aout août agosto ago",
    "september sept sep septembre septiembre settembre set",
    "october oct octobre oktober okt octubre ottobre ott",
    "november nov novembre noviembre",
    "december dec decembre décembre déc dezember dez diciembre dic dicembre",
)
_ANY_NAME: Final = "|".join(_NAMES).replace(" ", "|")
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
_DAY: Final = 86_400_000_000
_FIRST: Final = -719_162 * _DAY
_BEYOND: Final = 2_932_897 * _DAY
"""The first microseconds of the years 1 and 10000."""

_PIVOT: Final = 69
"""Two digits are a year of 1969 to 2068, as POSIX has it."""


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
    return len(text) <= 60 and _LOOSE.fullmatch(text) is not None


def date_order(texts: Sequence[str]) -> Order | None:
    """Return the order that fits every date of a column; ``None`` where they are not all dates.

    Examples
    --------
    >>> date_order(["03/02/2023", "25/12/2023"])
    <Order.DAY_FIRST: 'day_first'>
    >>> date_order(["03/02/2023", "04/05/2023"])
    <Order.UNKNOWN: 'unknown'>
    """
    import pyarrow as pa

    found = to_dates(pa.array(list(texts), pa.string()))
    if found is None or (found.order is not Order.UNKNOWN and found.unfit.true_count):
        return None
    return found.order


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

    parts = _Parts.empty(len(texts))
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
    parts.put_in_order(order)
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

    values = column.to_numpy() if not column.null_count else None
    if values is None or not len(values) or values.min() < 1600_01_01 or values.max() > 2199_12_31:
        return None
    parts = _Parts.empty(len(values))
    parts.known[:] = True
    parts.numbers[:, 0] = values // 10_000
    parts.numbers[:, 1] = values // 100 % 100
    parts.numbers[:, 2] = values % 100
    moments, good = parts.moments()
    if not np.all(good):
        return None
    return pa.array(moments.view("datetime64[us]"), pa.timestamp("us"))


@dataclass
class _Parts:
    """Year, month, day, hour, minute, second and microsecond of each text, as far as they are known."""

    numbers: Ints
    known: Mask
    figures: Ints
    numeric: Mask
    pointed: Mask
    zoned: Mask
    shift: Ints
    short: Mask

    @classmethod
    def empty(cls, count: int) -> _Parts:
        import numpy as np

        numbers = np.zeros((count, 7), np.int64)
        numbers[:, 2] = 1
        masks = [np.zeros(count, bool) for _ in range(5)]
        return cls(
            numbers=numbers,
            known=masks[0],
            figures=np.zeros((count, 2), np.int64),
            numeric=masks[1],
            pointed=masks[2],
            zoned=masks[3],
            shift=np.zeros(count, np.int64),
            short=masks[4],
        )

    def fill(self, found: Any, left: Ints) -> Mask:
        """Take the parts of the texts that match a family, and return which those are."""
        import numpy as np
        import pyarrow.compute as pc

        taken: Mask = pc.is_valid(found).to_numpy(zero_copy_only=False).astype(bool)
        if not taken.any():
            return taken
        names = {found.type.field(i).name for i in range(found.type.num_fields)}
        some = found.filter(pc.is_valid(found))
        text = {name: pc.struct_field(some, name) for name in names}
        good = np.ones(len(some), bool)
        if "m1" in names:
            good &= pc.equal(text["m1"], text["m2"]).to_numpy(zero_copy_only=False)
        months = None
        if "n" in names:
            months = _months(text["n"])
            good &= months > 0
        if "h" in names:
            bare = pc.and_(
                pc.not_equal(text["h"], ""), pc.and_(pc.equal(text["c"], ""), pc.equal(text["ap"], ""))
            )
            good &= ~bare.to_numpy(zero_copy_only=False)
        rows = left[np.flatnonzero(taken)]
        taken[np.flatnonzero(taken)] = good
        rows, text = rows[good], {name: one.filter(_arrow(good)) for name, one in text.items()}
        if not len(rows):
            return taken
        self.known[rows] = True
        years = _ints(text["y"])
        two = pc.equal(pc.binary_length(text["y"]), 2).to_numpy(zero_copy_only=False)
        self.short[rows] = two
        self.numbers[rows, 0] = np.where(two, years + np.where(years < _PIVOT, 2000, 1900), years)
        if "a" in names:
            self.numeric[rows] = True
            self.figures[rows, 0], self.figures[rows, 1] = _ints(text["a"]), _ints(text["b"])
            self.pointed[rows] = pc.equal(text["m1"], ".").to_numpy(zero_copy_only=False)
        else:
            self.numbers[rows, 1] = months[good] if months is not None else _ints(text["mo"])
        if "d" in names:
            self.numbers[rows, 2] = _ints(text["d"])
        if "h" in names:
            self._take_time(rows, text)
        return taken

    def _take_time(self, rows: Ints, text: dict[str, Any]) -> None:
        import numpy as np
        import pyarrow.compute as pc

        hours = _ints(text["h"])
        half = text["ap"]
        if pc.any(pc.not_equal(half, "")).as_py():
            noon = pc.starts_with(half, "p").to_numpy(zero_copy_only=False)
            midnight = pc.starts_with(half, "a").to_numpy(zero_copy_only=False)
            wrong = (noon | midnight) & ((hours < 1) | (hours > 12))
            hours = np.where(wrong, 99, np.where(noon & (hours < 12), hours + 12, hours))
            hours = np.where(midnight & (hours == 12), 0, hours)
        self.numbers[rows, 3] = hours
        self.numbers[rows, 4], self.numbers[rows, 5] = _ints(text["mi"]), _ints(text["s"])
        self.numbers[rows, 6] = _ints(pc.utf8_slice_codeunits(pc.utf8_rpad(text["f"], 6, "0"), 0, 6))
        zone = text["z"]
        self.zoned[rows] = pc.not_equal(zone, "").to_numpy(zero_copy_only=False)
        signed = pc.replace_substring_regex(zone, "^(z|utc|gmt)$", "+0000")
        signed = pc.utf8_rpad(pc.replace_substring(signed, ":", ""), 5, "0")
        minutes = _ints(pc.utf8_slice_codeunits(signed, 1, 3)) * 60 + _ints(
            pc.utf8_slice_codeunits(signed, 3, 5)
        )
        west = pc.starts_with(zone, "-").to_numpy(zero_copy_only=False)
        self.shift[rows] = np.where(west, -minutes, minutes)

    def put_in_order(self, order: Order) -> None:
        """Settle which of two figures is the month."""
        month = 0 if order is Order.MONTH_FIRST else 1
        self.numbers[self.numeric, 1] = self.figures[self.numeric, month]
        self.numbers[self.numeric, 2] = self.figures[self.numeric, 1 - month]

    def moments(self) -> tuple[Ints, Mask]:
        """Return microseconds since 1970, and which of them are moments that the calendar has."""
        import numpy as np

        year, month, day, hour, minute, second, micro = self.numbers.T
        good = self.known & (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
        good &= (hour < 24) & (minute < 60) & (second < 60)
        months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
        days = months.astype("datetime64[D]") + np.where(good, day - 1, 0)
        good &= days.astype("datetime64[M]") == months
        within = ((hour * 60 + minute - self.shift) * 60 + second) * 1_000_000 + micro
        moments = days.astype(np.int64) * _DAY + within
        # A zone may carry a moment beyond the years that Python counts.
        good &= (moments >= _FIRST) & (moments < _BEYOND)
        return moments, good


def _order(parts: _Parts, day_first: bool | None, evidence: Order | None) -> tuple[Order, float]:
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
    return (evidence, 0.8) if evidence is not None else (Order.UNKNOWN, 0.0)


def _are_seasons(texts: Any) -> bool:
    """Whether all texts are two years in a row, such as 2009-10, rather than months."""
    pairs = [re.fullmatch(r"(\d{4})[-/](\d\d)", text) for text in texts.drop_null().slice(0, 100).to_pylist()]
    return all(pair is not None and (int(pair[1]) + 1) % 100 == int(pair[2]) for pair in pairs)


def _months(names: Any) -> Ints:
    """Return the number of each month; 0 for a word that is none."""
    import numpy as np
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(names)
    known = {name: number for number, line in enumerate(_NAMES, start=1) for name in line.split()}
    numbers = np.array([known.get(name, 0) for name in encoded.dictionary.to_pylist()], np.int64)
    found: Ints = numbers[encoded.indices.to_numpy(zero_copy_only=False)]
    return found


def _ints(texts: Any) -> Ints:
    """Return whole numbers, 0 for an empty text."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = pc.if_else(pc.equal(texts, ""), pa.scalar("0", texts.type), texts)
    return np.asarray(filled.cast(pa.int64()).to_numpy(zero_copy_only=False), np.int64)


def _arrow(mask: Mask) -> Any:
    import pyarrow as pa

    return pa.array(mask)
