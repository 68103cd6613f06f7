"""The parts of dates and times, gathered from their texts, and the moments that they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

NAMES: Final = (
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
"""What each month is called, in small letters."""

_DAY: Final = 86_400_000_000
_FIRST: Final = -719_162 * _DAY
_BEYOND: Final = 2_932_897 * _DAY
"""The first microseconds of the years 1 and 10000."""

_PIVOT: Final = 69
"""Two digits are a year of 1969 to 2068, as POSIX has it."""


@dataclass
class Parts:
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
    def empty(cls, count: int) -> Parts:
        """Return room for the parts of so many texts, none of them known yet."""
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

    def put_in_order(self, *, month_first: bool) -> None:
        """Settle which of two figures is the month."""
        month = 0 if month_first else 1
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


def _months(names: Any) -> Ints:
    """Return the number of each month; 0 for a word that is none."""
    import numpy as np
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(names)
    known = {name: number for number, line in enumerate(NAMES, start=1) for name in line.split()}
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
