"""The texts and numbers that stand for a value that is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

EVERYWHERE: Final = frozenset(
    {"", "NA", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "?", "#N/A", "<NA>"}
)
"""Read as missing in every column: hardly ever a value of their own."""

IN_NUMBERS: Final = frozenset(
    {"None", "none", "-", "--", ".", "na", "N.A.", "n.a.", "Null", "#NA", "#VALUE!", "#DIV/0!"}
)
"""Read as missing only between numbers or dates: in a column of words ``None`` or ``-`` can be a value."""

WORDS: Final = frozenset(
    {
        *(
            "unknown",
            "unk",
            "undefined",
            "not available",
            "not applicable",
            "not known",
            "no data",
            "missing",
        ),
        *(
            "inconnu",
            "inconnue",
            "manquant",
            "manquante",
            "non renseigné",
            "non renseignée",
            "non disponible",
        ),
        *("nd", "n.d.", "n/d", "nc", "n.c.", "nr", "n.r.", "nil", "none", "na", "n.a.", "n/a", "nan", "null"),
        *("(null)", "(none)", "(blank)", "(missing)", "(unknown)", "<null>", "\\n", "tbd", "not reported"),
        *("#ref!", "#name?", "#num!", "#null!", "#n/a", "#na", "#value!", "#div/0!", "#error", "error"),
        *("unbekannt", "desconocido", "sconosciuto", "sin dato", "s/d", "k.a.", "keine angabe", "blank"),
    }
)
"""In small letters; read as missing between numbers or dates, proposed in a column of words."""

ZERO_DATES: Final = frozenset(
    {
        *("0000-00-00", "0000-00-00 00:00:00", "0000-00-00t00:00:00", "00000000", "0000/00/00"),
        *("00/00/0000", "00-00-0000", "00.00.0000", "00/00/00", "0/0/0000", "//", "/ /", "--/--/----"),
    }
)
"""Days that no calendar has, as databases write a missing one."""

_NUMBERS: Final = (
    365243.0,
    *(float(f"{sign}{figure}") for figure in ("99", "999", "9999", "99999", "999999") for sign in ("-", "")),
    -1.0,
    -2.0,
    -8.0,
    -9.0,
    -88.0,
    -77.0,
    88.0,
    77.0,
)
_MARKS: Final = frozenset({"-", "--", "---", ".", "..", "...", "_", "?"})
_FEWEST: Final = 2
_APART: Final = 3.0
_LEAST_COUNTS: Final = 8


@dataclass(frozen=True, kw_only=True)
class ProposedMarker:
    """A value that may stand for a missing one.

    Attributes
    ----------
    value : str or float
        As it stands in the column.
    count : int
        How many cells hold it.
    apart : float
        For a number, how far it lies from the nearest other value, as a multiple of the range of the middle
        half of the others; infinite for a word.
    sure : float
        From 0 (a guess) to 1.
    """

    value: str | float
    count: int
    apart: float
    sure: float


def proposed_markers(column: pd.Series) -> tuple[ProposedMarker, ...]:
    """Return the values of a column that may stand for missing ones, the surest first.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Numbers, where a sentinel such as -999 or 365243 stands apart from all others, or words, where
        ``unknown``, ``nd`` or ``-`` stand among others.
    """
    from pandas.api import types

    if types.is_bool_dtype(column.dtype):
        return ()
    if types.is_numeric_dtype(column.dtype):
        found = _sentinels(column)
    elif types.is_string_dtype(column.dtype) or column.dtype == "category":
        found = _words(column)
    else:
        return ()
    return tuple(sorted(found, key=lambda marker: -marker.sure))


def _sentinels(column: pd.Series) -> list[ProposedMarker]:
    """Return the numbers people write for a missing one that lie outside the range of all others."""
    import numpy as np

    values = column.to_numpy(dtype=float, na_value=np.nan)
    values = values[np.isfinite(values)]
    if not len(values):
        return []
    low, high = float(values.min()), float(values.max())
    # A sentinel is an end of the range; it hides a second one at most (-999 and -998, -9 and 99).
    found: list[ProposedMarker] = []
    for _ in range(3):
        ends = [end for end in (low, high) if end in _NUMBERS and end not in [f.value for f in found]]
        taken = False
        for end in ends:
            others = values[values != end]
            if not len(others):
                continue
            marker = _sentinel(end, values, others, column.dtype.kind in "iu")
            if marker is not None:
                found.append(marker)
                values, taken = others, True
        if not taken or not len(values):
            break
        low, high = float(values.min()), float(values.max())
    return found


def _sentinel(end: float, values: Any, others: Any, whole: bool) -> ProposedMarker | None:
    import numpy as np

    count = len(values) - len(others)
    first, third = np.quantile(others, [0.25, 0.75])
    spread = float(third - first) or float(others.max() - others.min()) or 1.0
    gap = float(np.min(np.abs(others - end)))
    apart = gap / spread
    if abs(end) < 99 and end < 0:
        # A small negative number is a sentinel only where everything else is at least nought and counts.
        counts = others.min() >= 0 and bool(np.all(others == np.floor(others)))
        if not counts or count < _FEWEST or len(np.unique(others)) < _LEAST_COUNTS:
            return None
        return ProposedMarker(value=end, count=count, apart=apart, sure=0.6 if len(others) > count else 0.4)
    if abs(end) < 99 or apart < _APART or (count < _FEWEST and abs(end) < 999):
        return None
    sure = 0.95 if apart > 10 and count >= _FEWEST else 0.8 if count >= _FEWEST else 0.6
    return ProposedMarker(value=end, count=count, apart=apart, sure=sure)


def _words(column: pd.Series) -> list[ProposedMarker]:
    counts = column.value_counts()
    if len(counts) < 2:
        return []
    found = []
    for value, count in counts.items():
        if not isinstance(value, str) or not count or len(value) > 20:
            continue
        plain = value.strip()
        if plain.casefold() in WORDS:
            found.append(ProposedMarker(value=value, count=int(count), apart=float("inf"), sure=0.7))
        elif plain in _MARKS or not plain or plain in {"-1", "-9", "-99", "-999", "9999"}:
            found.append(ProposedMarker(value=value, count=int(count), apart=float("inf"), sure=0.6))
    return found
