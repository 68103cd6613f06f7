"""How long something took, or the time of a day, in the notations that people use.

A time of day is held as the time since midnight, so that ``14:30`` and ``2:30 pm`` are one value. Numbers
that all have one short unit (``12 min``) stay numbers of that unit: see :mod:`mlp_core.read.units`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]

_N: Final = r"\d+(?:[.,]\d+)?"
_WORDS: Final = (
    ("w", "weeks?|semaines?|wochen?|wk|wks|sem"),
    ("d", "days?|jours?|tage?|días?|dias?|d|j"),
    ("h", "hours?|heures?|stunden?|horas?|hrs?|std|h"),
    ("mi", "minutes?|minuten|minutos?|mins?|mn|m|'"),
    ("s", 'seconds?|secondes?|sekunden?|segundos?|secs?|sek|s|"'),
    ("ms", "milliseconds?|millisecondes?|ms"),
)
_SAID: Final = (
    "weeks?|semaines?|wochen?|days?|jours?|tage?|días?|dias?|hours?|heures?|stunden?|horas?"
    "|minutes?|minuten|minutos?|seconds?|secondes?|sekunden?|segundos?|milliseconds?|millisecondes?"
)
_PARTS: Final = "".join(
    rf"(?:(?P<{name}>{_N})\s?(?:{words})\.?[,\s]*(?:and\s|et\s|und\s)?)?" for name, words in _WORDS
)
_CLOCK: Final = (
    r"^(?P<sg>-?)(?:(?P<d>\d+)\s?(?:days?|jours?|j|d)[,\s]*\+?)?(?P<h>\d{1,4}):(?P<mi>\d{2})"
    r"(?::(?P<s>\d{2}(?:[.,]\d{1,9})?))?\s?(?P<ap>[ap]\.?m\.?)?$"
)
_FRENCH: Final = r"^(?P<h>\d{1,3})\s?h\s?(?P<mi>\d{2})$"
_SPOKEN: Final = rf"^(?P<sg>-?)\s?{_PARTS}$"
_ISO: Final = (
    rf"^(?P<sg>[-+]?)p(?:(?P<w>{_N})w)?(?:(?P<d>{_N})d)?"
    rf"(?:t(?:(?P<h>{_N})h)?(?:(?P<mi>{_N})m)?(?:(?P<s>{_N})s)?)?$"
)
_FAMILIES: Final = (_CLOCK, _FRENCH, _SPOKEN, _ISO)
_ANY: Final = tuple(re.compile(family, re.IGNORECASE) for family in _FAMILIES)
_MARKED: Final = re.compile(r"\d.*[^\d.,+-]|[Pp].*\d")
_LONGEST: Final = 9.2e9
_SECONDS: Final = {"w": 604_800.0, "d": 86_400.0, "h": 3_600.0, "mi": 60.0, "s": 1.0, "ms": 0.001}


@dataclass(frozen=True, kw_only=True)
class Durations:
    """What the different texts of a column are as durations.

    Attributes
    ----------
    values : Arrow array of duration[us]
        Missing where a text is missing or no duration.
    unfit : Arrow array of bool
        Whether a text is there and no duration.
    clock : bool
        Whether all are times that a clock shows.
    """

    values: Any
    unfit: Any
    clock: bool


def looks_like_duration(text: str) -> bool:
    """Whether a text has the outer form of a duration or a time of day.

    Examples
    --------
    >>> [looks_like_duration(text) for text in ("1:30:00", "2h 30min", "3 days", "P1DT2H", "P", "12")]
    [True, True, True, True, False, False]
    """
    if len(text) > 60 or not _MARKED.search(text):
        return False
    return any(family.fullmatch(text) is not None for family in _ANY)


def to_durations(texts: Any) -> Durations | None:
    """Return the different texts of a column as durations; ``None`` for numbers that have one short unit.

    Parameters
    ----------
    texts : Arrow array of string
        Trimmed, each text once.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pc.utf8_lower(pc.replace_substring_regex(texts, "[\\s\u00a0\u202f\u2009]+", " "))
    plain = pc.if_else(pc.match_substring_regex(plain, r"\d"), plain, pa.scalar(None, pa.string()))
    seconds = np.full(len(texts), np.nan)
    used: set[str] = set()
    clocks = 0
    several = False
    left = np.flatnonzero(pc.is_valid(plain).to_numpy(zero_copy_only=False))
    for family in _FAMILIES:
        found = pc.extract_regex(plain.take(pa.array(left)), family)
        taken = pc.is_valid(found).to_numpy(zero_copy_only=False).astype(bool)
        if taken.any():
            values, parts, most = _seconds(found.filter(pc.is_valid(found)))
            seconds[left[taken]] = values
            used |= parts
            clocks += int(taken.sum()) if family == _CLOCK else 0
            several |= most > 1 or family in (_CLOCK, _ISO)
        left = left[~taken]
    # Comparison with no number is false; longer ones pass what nanoseconds can hold, in which pandas reckons.
    good = np.abs(seconds) < _LONGEST
    said = pc.any(pc.match_substring_regex(plain, rf"\b(?:{_SAID})\b")).as_py()
    if not good.any() or not (several or said or len(used) > 1):
        return None
    micro = np.where(good, np.round(np.where(good, seconds, 0) * 1e6), 0).astype("timedelta64[us]")
    present = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    return Durations(
        values=pa.array(micro, pa.duration("us"), mask=~good),
        unfit=pa.array(present & ~good),
        clock=clocks == int(good.sum()) and "d" not in used,
    )


def since_midnight(column: Any) -> Any:
    """Return an Arrow array of times of day as durations in microseconds; nanoseconds are cut off."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pa.int32() if pa.types.is_time32(column.type) else pa.int64()
    passed = column.cast(whole).cast(pa.int64()).cast(pa.duration(column.type.unit))
    return pc.cast(passed, pa.duration("us"), safe=False)


def _seconds(found: Any) -> tuple[Floats, set[str], int]:
    """Return the seconds that the parts make, the parts that occur, and the most of them in one text."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    total = np.zeros(len(found))
    counted = np.zeros(len(found), np.int64)
    used = set()
    parts = {}
    for name in [found.type.field(i).name for i in range(found.type.num_fields)]:
        parts[name] = pc.struct_field(found, name)
    for name, factor in _SECONDS.items():
        if name not in parts:
            continue
        text = pc.replace_substring(parts[name], ",", ".")
        given = pc.not_equal(text, "").to_numpy(zero_copy_only=False)
        number = pc.if_else(pc.equal(text, ""), pa.scalar("0"), text).cast(pa.float64())
        total += number.to_numpy(zero_copy_only=False) * factor
        counted += given
        if given.any():
            used.add(name)
    total[counted == 0] = np.nan
    if "ap" in parts:
        total = _clocks(total, parts)
    if "sg" in parts:
        total = np.where(pc.equal(parts["sg"], "-").to_numpy(zero_copy_only=False), -total, total)
    return total, used, int(counted.max())


def _clocks(total: Floats, parts: dict[str, Any]) -> Floats:
    """Return clock times with halves of the day told apart, and those that no clock shows as no number."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    def number(name: str) -> Floats:
        text = pc.replace_substring(parts[name], ",", ".")
        filled = pc.if_else(pc.equal(text, ""), pa.scalar("0"), text)
        return np.asarray(filled.cast(pa.float64()).to_numpy(zero_copy_only=False))

    hours = number("h")
    bad = (number("mi") >= 60) | (number("s") >= 60)
    # Two figures of which the first is over 23 may be minutes and seconds as well as hours and minutes.
    bad |= (hours > 23) & pc.equal(parts["s"], "").to_numpy(zero_copy_only=False)
    noon = pc.starts_with(parts["ap"], "p").to_numpy(zero_copy_only=False)
    midnight = pc.starts_with(parts["ap"], "a").to_numpy(zero_copy_only=False)
    bad |= (noon | midnight) & ((hours < 1) | (hours > 12))
    total = total + np.where(noon & (hours < 12), 43_200, 0) - np.where(midnight & (hours == 12), 43_200, 0)
    return np.where(bad, np.nan, total)
