"""Cells converted from one kind to another, each by itself; what cannot be converted becomes missing.

How a column is written (decimal comma, unit, day first) is found once and handed on, so that new rows are
read in the same way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds import FALSE_WORDS, TRUE_WORDS, order_of
from mlp_core.read.units import affix_of, plain_marks

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SECONDS: Final = MappingProxyType({"s": 1, "min": 60, "h": 3600, "D": 86400})

_YES: Final = TRUE_WORDS | {"1", "on"}
_NO: Final = FALSE_WORDS | {"0", "off"}
_DATE_FORMATS: Final = (
    *("%d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%y"),
    *("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%y"),
    *("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y"),
    *("%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y%m%d", "%Y-%m", "%Y"),
)
"""Tried in this order beside ISO 8601; the one that reads most texts of a column comes first for it."""

_GROUPED: Final = {
    ".": re.compile(r"[-+]?(?=\.?\d)(\d{1,3}(,\d{3})+|\d*)(\.\d*)?([eE][-+]?\d+)?"),
    ",": re.compile(r"[-+]?(?=,?\d)(\d{1,3}(\.\d{3})+|\d*)(,\d*)?([eE][-+]?\d+)?"),
}
_BLANKS: Final = MappingProxyType({ord(" "): None, ord("'"): None})
_PROBED: Final = 1000

Notation = Mapping[str, str]
"""The decimal mark and the unit that :func:`number_of` takes."""


def as_labels(column: pd.Series) -> pd.Series:
    """Return the cells as texts; a whole number is written without its point, as a file would."""
    from pandas.api import types

    if column.dtype == "str":
        return column
    whole = types.is_float_dtype(column.dtype)
    text = column.astype(object).map(
        lambda cell: str(int(cell)) if whole and _is_whole(cell) else str(cell), na_action="ignore"
    )
    return text.astype("str")


def as_numbers(column: pd.Series, notation: Notation) -> pd.Series:
    """Return the cells as ``float64``, texts read in this notation; flags count as 0 and 1."""
    import numpy as np
    import pandas as pd
    from pandas.api import types

    if types.is_numeric_dtype(column.dtype):
        return pd.Series(column.to_numpy(dtype=float, na_value=np.nan), column.index, name=column.name)
    if not (types.is_string_dtype(column.dtype) or isinstance(column.dtype, pd.CategoricalDtype)):
        return pd.Series(np.nan, index=column.index, name=column.name)
    values = _plain_numbers(column, notation.get("decimal", "."))
    left = np.isnan(values) & column.notna().to_numpy()
    if left.any():
        values[left] = each_text(column[left], lambda text: number_of(text, **notation)).astype(float)
    return pd.Series(values, index=column.index, name=column.name)


def _plain_numbers(column: pd.Series, decimal: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the texts that are digits with at most a decimal mark as numbers, NaN for all others."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    found = np.full(len(column), np.nan)
    if column.dtype == "str":
        texts = pc.utf8_trim_whitespace(pa.array(column.array, pa.large_string()))
        fits = pc.match_substring_regex(texts, rf"^[-+]?\d+(\{decimal}\d+)?$")
        kept = pc.replace_substring(texts.filter(fits), decimal, ".")
        places = pc.fill_null(fits, False).to_numpy(zero_copy_only=False)
        found[places] = pc.replace_substring_regex(kept, r"^\+", "").cast(pa.float64()).to_numpy()
    return found


def number_of(text: str, decimal: str = ".", unit: str = "") -> float | None:
    """Return the number that a text writes, alone or beside its unit; None where it is none.

    Parameters
    ----------
    decimal : str
        ``"."`` or ``","``; the other may stand between thousands, as a blank or an apostrophe may.
    unit : str
        The sign of percent, code of a currency or unit of measure that may stand beside it.
    """
    plain = plain_marks(text)
    beside = affix_of(plain)
    if beside is None or (beside[0] is not None and beside[0].name.casefold() != unit.casefold()):
        return None
    bare = plain.replace(beside[1], "").translate(_BLANKS)
    if bare.startswith("(") and bare.endswith(")"):  # as accountants write what is below nought
        bare = f"-{bare[1:-1]}"
    if not _GROUPED[decimal].fullmatch(bare):
        return None
    return float(bare.replace("," if decimal == "." else ".", "").replace(decimal, "."))


def number_notation(column: pd.Series) -> Notation:
    """Return the commonest unit of the texts of a column, and the decimal mark by which most are numbers."""
    texts = _different(column)
    units = Counter(found[0].name for text in texts if (found := affix_of(plain_marks(text))) and found[0])
    unit = units.most_common(1)[0][0] if units else ""
    fits = {mark: sum(number_of(text, mark, unit) is not None for text in texts) for mark in (".", ",")}
    return {"decimal": "," if fits[","] > fits["."] else ".", "unit": unit}


def as_wholes(column: pd.Series, notation: Notation) -> pd.Series:
    """Return the cells as whole numbers: as they are held, or as floats with gaps; 1.5 is none."""
    from pandas.api import types

    if types.is_integer_dtype(column.dtype):
        return column
    numbers = as_numbers(column, notation)
    return numbers.where(numbers == numbers.round())


def as_flags(column: pd.Series) -> pd.Series:
    """Return the cells as nullable yes/no; of numbers, 1 is yes and 0 is no."""
    import pandas as pd
    from pandas.api import types

    if types.is_bool_dtype(column.dtype) and not isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype("boolean")

    def flag(text: str) -> bool | None:
        word = text.strip().casefold()
        return True if word in _YES else False if word in _NO else None

    return each_text(as_labels(column), flag).astype("boolean")


def as_dates(column: pd.Series, formats: Sequence[str]) -> pd.Series:
    """Return the cells as ``datetime64[us]``: ISO 8601, else in the first of ``formats`` that reads them."""
    import pandas as pd
    from pandas.api import types

    if types.is_datetime64_any_dtype(column.dtype):
        return column
    return pd.to_datetime(each_text(as_labels(column), lambda text: _date(text, formats))).astype(
        "datetime64[us]"
    )


def date_formats(column: pd.Series) -> list[str]:
    """Return the formats that read texts of a column which are not ISO 8601, those that read most first."""
    texts = [text for text in _different(as_labels(column)) if _date(text, ()) is None]
    fits = {form: sum(_date(text, (form,)) is not None for text in texts) for form in _DATE_FORMATS}
    return sorted((form for form, count in fits.items() if count), key=lambda form: -fits[form])


def as_durations(column: pd.Series, unit: str) -> pd.Series:
    """Return the cells as ``timedelta64[us]``; a bare number counts in ``unit``, as ``SECONDS`` names it."""
    import pandas as pd
    from pandas.api import types

    if types.is_timedelta64_dtype(column.dtype):
        return column
    if types.is_numeric_dtype(column.dtype):
        found = pd.to_timedelta(as_numbers(column, {}) * SECONDS[unit], unit="s", errors="coerce")
    else:
        found = pd.to_timedelta(each_text(as_labels(column), lambda text: _span(text, unit)))
    return pd.Series(found.astype("timedelta64[us]"))


def natural_order(texts: Sequence[str]) -> list[str]:
    """Return different texts in their order: a scale everybody knows, numbers by size, else by letters."""
    known = order_of(texts, marks=True)
    if known is not None:
        return list(known)
    numbers = {text: number_of(text) for text in texts}
    if all(number is not None for number in numbers.values()):
        return sorted(texts, key=lambda text: (numbers[text], text))
    return sorted(texts, key=lambda text: (text.casefold(), text))


def order_found(column: pd.Series) -> list[str]:
    """Return the categories of a column from low to high, as they are held or as they are usually ordered."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.ordered:
        return [str(category) for category in column.cat.categories]
    return natural_order([str(text) for text in as_labels(column).dropna().unique()])


def as_ordered(column: pd.Series, order: Sequence[str]) -> pd.Series:
    """Return the cells as ordered categories; what is not in ``order`` becomes missing."""
    import pandas as pd

    labels = as_labels(column).astype(object)
    dtype = pd.CategoricalDtype(list(order), ordered=True)
    return labels.where(labels.isin(list(order)), None).astype(dtype)


def each_text(column: pd.Series, change: Callable[[str], Any]) -> pd.Series:
    """Return a column of objects with each different text changed once; missing cells stay missing."""
    import numpy as np
    import pandas as pd

    codes, texts = pd.factorize(column)
    changed = np.empty(len(texts) + 1, dtype=object)
    changed[: len(texts)] = [change(str(text)) for text in texts]
    changed[-1] = None  # where the code is -1
    return pd.Series(changed[codes], index=column.index, name=column.name, dtype=object)


def _different(column: pd.Series) -> list[str]:
    """Return the first thousand different texts of a column."""
    return [str(text) for text in column.dropna().drop_duplicates().head(_PROBED)]


def _date(text: str, formats: Sequence[str]) -> Any:
    import datetime

    bare = text.strip()
    try:
        found = datetime.datetime.fromisoformat(bare) if not bare.isdigit() else None
    except ValueError:
        found = None
    for form in formats if found is None else ():
        try:
            found = datetime.datetime.strptime(bare, form)
            break
        except ValueError:
            continue
    if found is None or found.tzinfo is None:
        return found
    return found.astimezone(datetime.UTC).replace(tzinfo=None)


def _span(text: str, unit: str) -> Any:
    import pandas as pd

    number = number_of(text) if re.fullmatch(r"\s*[-+]?[\d.]+\s*", text) else None
    try:
        return pd.Timedelta(text) if number is None else pd.Timedelta(seconds=number * SECONDS[unit])
    except (ValueError, OverflowError):
        return None


def _is_whole(cell: Any) -> bool:
    return float(cell).is_integer()
