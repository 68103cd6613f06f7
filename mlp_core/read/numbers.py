"""Numbers in the notations that people and programs write them in, decided for a column as a whole.

``1,234`` is twelve hundred in one file and a little over one in another. What the other values of the column
say decides, else what the other columns say, and the decision is told with how sure it is.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from mlp_core.read.units import Affix, affix_of, plain_marks

if TYPE_CHECKING:
    pass

_EXPONENT: Final = r"(?:[eE][-+]?\d+)?"
_INFINITE: Final = r"[-+]?(?:inf|Inf|INF|Infinity|infinity)"
_UNUSUAL: Final = "[^0-9.,eE+-]"
_MOST_MENDED: Final = 20_000
_SAMPLE: Final = 1000
_FIRM: Final = 0.85


@dataclass(frozen=True)
class Notation:
    """How numbers are written.

    Attributes
    ----------
    decimal : str
        ``"."`` or ``","``.
    thousands : str
        The mark between thousands; empty for none.
    """

    decimal: str
    thousands: str = ""

    def pattern(self) -> str:
        """Return the regular expression of a whole number or decimal of this notation."""
        mark = re.escape(self.decimal)
        plain = rf"(?:\d+(?:{mark}\d*)?|{mark}\d+){_EXPONENT}"
        if not self.thousands:
            return rf"^(?:[-+]?{plain}|{_INFINITE})$"
        part = re.escape(self.thousands)
        groups = rf"[1-9]\d{{0,2}}(?:{part}\d{{3}})+"
        if self.thousands == ",":
            groups += rf"|[1-9]\d?(?:{part}\d{{2}})+{part}\d{{3}}"
        return rf"^(?:[-+]?(?:(?:{groups})(?:{mark}\d*)?|{plain})|{_INFINITE})$"


NOTATIONS: Final = (
    Notation("."),
    Notation(","),
    Notation(".", ","),
    Notation(",", "."),
    Notation(".", " "),
    Notation(",", " "),
    Notation(".", "'"),
    Notation(",", "'"),
)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What the different texts of a column are as numbers.

    Attributes
    ----------
    values : Arrow array of int64 or float64
        Missing where a text is missing or no number.
    unfit : Arrow array of bool
        Whether a text is there and no number.
    notation : Notation
    sure : float
        How sure the notation is, from 0 to 1.
    open : bool
        Whether nothing in the column tells the decimal mark from the mark of thousands.
    mixed : bool
        Whether some values were read by their own marks, as they are of another notation.
    affix : Affix, optional
        What stands beside the numbers.
    telling : bool
        Whether the marks in the column say without doubt which one is the decimal mark.
    units : tuple of str
        The units, where there are several: then no value is a number.
    """

    values: Any
    unfit: Any
    notation: Notation
    sure: float = 1.0
    open: bool = False
    mixed: bool = False
    affix: Affix | None = None
    telling: bool = False
    units: tuple[str, ...] = ()


def looks_like_number(text: str) -> bool:
    """Whether a text has the outer form of a number, with what may stand beside it."""
    if len(text) > 60 or not any(mark.isdecimal() for mark in text):
        return re.fullmatch(_INFINITE, text) is not None
    return affix_of(plain_marks(text)) is not None


def to_numbers(texts: Any, allowed: tuple[Notation, ...], evidence: str | None) -> Numbers | None:
    """Return the different texts of a column as numbers; ``None`` where hardly any is one.

    Parameters
    ----------
    texts : Arrow array of string
        Trimmed, each text once; missing ones are left out of the count.
    allowed : tuple of Notation
        Notations that may be used, the usual one of the file first.
    evidence : str, optional
        The decimal mark that other columns of the file use without doubt.
    """
    plain, affix, units = _bare(texts)
    if units:
        nothing = _nothing(texts)
        return Numbers(values=nothing, unfit=_valid(texts), notation=allowed[0], units=units)
    marks = _marks(plain)
    possible = [one for one in allowed if _is_possible(one, marks)] or [allowed[0]]
    counts = {notation: _matching(plain, notation) for notation in possible}
    most = max(matched for matched, _ in counts.values())
    if not most:
        return None
    best = [notation for notation in possible if counts[notation][0] == most]
    notation, sure, is_open = _chosen(best, marks, plain, evidence, allowed[0].decimal)
    fits = counts[notation][1]
    values = _converted(plain, fits, notation)
    found = Numbers(values=values, unfit=_unfit(texts, fits), notation=notation, sure=sure, open=is_open)
    found = replace(found, affix=affix, telling=sure >= _FIRM and not marks.isdisjoint(",."))
    return _mended(found, plain, allowed) if len(allowed) > 1 else found


def _valid(texts: Any) -> Any:
    import pyarrow.compute as pc

    return pc.is_valid(texts)


def _nothing(texts: Any) -> Any:
    import pyarrow as pa

    return pa.nulls(len(texts), pa.float64())


def _unfit(texts: Any, fits: Any) -> Any:
    import pyarrow.compute as pc

    return pc.and_(pc.is_valid(texts), pc.invert(pc.fill_null(fits, False)))


def _matching(plain: Any, notation: Notation) -> tuple[int, Any]:
    import pyarrow.compute as pc

    fits = pc.match_substring_regex(plain, notation.pattern())
    return pc.sum(fits).as_py() or 0, fits


def _bare(texts: Any) -> tuple[Any, Affix | None, tuple[str, ...]]:
    """Return the texts with plain marks and nothing beside the numbers, and what stood there."""
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring_regex(texts, _UNUSUAL)).as_py() and not _has_signs_behind(texts):
        return texts, None, ()
    plain = pc.replace_substring_regex(texts, "[\u2212\u2012\u2013\ufe63\uff0d\u2010\u2011]", "-")
    plain = pc.replace_substring_regex(plain, "[\u2019\u02bc\u00b4\u2018]", "'")
    plain = pc.replace_substring_regex(plain, "[\\s\u00a0\u202f\u2009\u2007\u2008\u200a]+", " ")
    known = plain.drop_null()
    step = max(1, len(known) // _SAMPLE)
    found = [affix_of(text) for text in known.to_pylist()[::step]]
    written = Counter(one[1] for one in found if one is not None and one[0] is not None)
    names = {one[0] for one in found if one is not None and one[0] is not None}
    folded = {(affix.sort, affix.name.casefold()) for affix in names}
    if len(folded) > 1:
        if sum(written.values()) < 0.5 * len(found):
            return _signed(plain), None, ()
        return plain, None, tuple(sorted({affix.name for affix in names}))
    if not names:
        return _signed(plain), None, ()
    spelt = written.most_common(1)[0][0]
    affix = next(one[0] for one in found if one is not None and one[0] is not None and one[1] == spelt)
    beside = "|".join(re.escape(mark) for mark in sorted(written, key=len, reverse=True))
    bare = pc.replace_substring_regex(plain, rf"(?i)^([-+(]*) ?(?:{beside}) ?", r"\1")
    bare = pc.replace_substring_regex(bare, rf"(?i) ?(?:{beside})([-)]*)$", r"\1")
    return _signed(_only_affixed(plain, bare, affix)), affix, ()


def _only_affixed(plain: Any, bare: Any, affix: Affix) -> Any:
    """Return the bare texts; a number that lacks a sign of percent or a unit, and is not 0, is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if affix.sort == "currency":
        return bare
    lacks = pc.and_(pc.equal(plain, bare), pc.invert(pc.match_substring_regex(plain, r"^[-+]?0*[.,]?0*$")))
    return pc.if_else(lacks, pa.scalar("no unit"), bare) if pc.any(lacks).as_py() else bare


def _has_signs_behind(texts: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(texts, r"\d-$")).as_py())


def _signed(plain: Any) -> Any:
    """Return the texts with their sign in front, where accountants put it behind or write parentheses."""
    import pyarrow.compute as pc

    plain = pc.replace_substring_regex(plain, r"^\( ?([^-+()]*?) ?\)$", r"-\1")
    plain = pc.replace_substring_regex(plain, r"^([\d.,' ]*\d) ?-$", r"-\1")
    plain = pc.replace_substring_regex(plain, r"^([-+]) +", r"\1")
    return pc.utf8_trim_whitespace(plain)


def _chosen(
    best: list[Notation], marks: set[str], plain: Any, evidence: str | None, usual: str
) -> tuple[Notation, float, bool]:
    """Return the notation among those that fit equally well, how sure it is, and whether it is a guess."""
    if not marks:
        return best[0], 1.0, False
    if not marks & {".", ","}:
        # A blank or an apostrophe says nothing of the decimal mark.
        wanted = evidence or usual
        part = next((one for one in best if one.decimal == wanted and one.thousands in marks), best[0])
        return part, 1.0, False
    fitting = [one for one in best if not one.thousands or one.thousands in marks]
    decimals = {one.decimal for one in fitting}
    if len(decimals) == 1:
        leanest = min(fitting, key=lambda one: (len(one.thousands), best.index(one)))
        return leanest, 1.0, False
    mark = next(iter(marks & {".", ","}))
    as_decimal = next((one for one in fitting if one.decimal == mark), None)
    as_thousands = next((one for one in fitting if one.thousands == mark), None)
    if as_decimal is None or as_thousands is None:
        return fitting[0], 0.7, True
    told = _told_by_bare(plain)
    if told is not None:
        return (as_thousands, 0.85, False) if told else (as_decimal, 0.9, False)
    if evidence is not None:
        return (as_decimal if evidence == mark else as_thousands), 0.9, False
    return (as_decimal if usual == mark else as_thousands), 0.6, True


def _told_by_bare(plain: Any) -> bool | None:
    """Whether the numbers without a mark say that the mark parts thousands; ``None`` where there are none.

    A column with marks between thousands writes 999 and 1,000, but never 1000.
    """
    import pyarrow.compute as pc

    large = pc.sum(pc.match_substring_regex(plain, r"^[-+]?[1-9]\d{3,}$")).as_py() or 0
    small = pc.sum(pc.match_substring_regex(plain, r"^[-+]?\d{1,3}$")).as_py() or 0
    if large:
        return False
    return True if small >= 3 else None


def _marks(plain: Any) -> set[str]:
    import pyarrow.compute as pc

    return {mark for mark in ".,' " if pc.any(pc.match_substring(plain, mark)).as_py()}


def _is_possible(notation: Notation, marks: set[str]) -> bool:
    """Whether a mark of the notation occurs at all, or nothing else would."""
    if notation.thousands:
        return notation.thousands in marks
    return notation.decimal in marks or marks.isdisjoint(",.")


def _converted(plain: Any, fits: Any, notation: Notation) -> Any:
    """Return the texts that fit as whole numbers where all are, else as decimals."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = pc.if_else(pc.fill_null(fits, False), plain, pa.scalar(None, pa.string()))
    if notation.thousands:
        kept = pc.replace_substring(kept, notation.thousands, "")
    if notation.decimal == ",":
        kept = pc.replace_substring(kept, ",", ".")
    for kind in (pa.int64(), pa.float64()):
        try:
            return kept.cast(kind)
        except pa.ArrowInvalid:
            continue
    # Arrow knows 1 and 1.5, yet neither "1." nor "+1".
    kept = pc.replace_substring_regex(pc.replace_substring_regex(kept, r"^\+", ""), r"\.($|[eE])", r"\1")
    for kind in (pa.int64(), pa.float64()):
        try:
            return kept.cast(kind)
        except pa.ArrowInvalid:
            continue
    return pa.array([None if text is None else float(text) for text in kept.to_pylist()], pa.float64())


def _mended(found: Numbers, plain: Any, allowed: tuple[Notation, ...]) -> Numbers:
    """Return the numbers with those of other notations read too, each by its own marks."""
    import numpy as np
    import pyarrow as pa

    places = np.flatnonzero(found.unfit.to_numpy(zero_copy_only=False))
    if not 0 < len(places) <= _MOST_MENDED:
        return found
    read = {int(place): _alone(plain[int(place)].as_py(), found.notation, allowed) for place in places}
    read = {place: number for place, number in read.items() if number is not None}
    if not read:
        return found
    values = found.values.cast(pa.float64()).to_pylist()
    unfit = found.unfit.to_pylist()
    for place, number in read.items():
        values[place], unfit[place] = number, False
    return replace(
        found,
        values=pa.array(values, pa.float64()),
        unfit=pa.array(unfit, pa.bool_()),
        mixed=True,
        sure=min(found.sure, 0.7),
    )


def _alone(text: str, usual: Notation, allowed: tuple[Notation, ...]) -> float | None:
    """Return a number that its own marks explain; the usual decimal mark settles ``1,234``."""
    fitting = [one for one in allowed if re.fullmatch(one.pattern()[1:-1], text)]
    if not fitting:
        return None
    decimals = {one.decimal for one in fitting if not one.thousands or one.thousands in text}
    decimal = usual.decimal if usual.decimal in decimals else next(iter(sorted(decimals)), usual.decimal)
    for mark in {".", ",", " ", "'"} - {decimal}:
        text = text.replace(mark, "")
    return float(text.replace(",", "."))
