"""A lookup: for each key a row of values, as plain arrays that go with a trained pipeline.

What a join brings must be at hand when new rows are predicted, and nothing else may be needed then: so the
lookup is not a table somewhere but arrays inside the fitted step, few enough for every model to carry them.
A model file may come from anybody, so each use checks first that the arrays are what they should be; what
they say of positions is followed by numpy alone, which looks whether a position exists.

Keys are sorted numbers, or sorted UTF-8 text; several columns of a key become one whole number. A number and
the text it would be in a file are one key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from mlp_core.errors import NotApplicable
from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]

Lookup = Mapping[str, Any]
"""``keys``: an array per column of the key; ``codes``: the keys that exist, sorted; ``columns``: a mapping
per column with ``name``, ``type``, ``values`` and ``absent``, what a row without a match gets."""

MOST_CELLS: Final = 10_000_000
"""Values of one lookup (at most 80 MB); every model of a training carries them."""

_LONGEST_KEY: Final = 200
_MOST_COMBINED: Final = 2**62
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,18})")
_LARGEST_WHOLE: Final = 2**62
_TYPES: Final = {"number": "f8", "whole": "i8", "date": "M8[us]", "duration": "m8[us]"}
_CODED: Final = ("flag", "text")


def make_lookup(keys: Sequence[pd.Series], columns: Mapping[str, tuple[pa.ChunkedArray, Any]]) -> Lookup:
    """Return the lookup of some rows, whose keys are all known and all different.

    Parameters
    ----------
    keys : sequence of Series of shape (n_keys,)
        The columns of the key.
    columns : mapping of str to (array of shape (n_keys,), value)
        What to look up, and what a row without a match gets; ``None`` means a missing value.

    Raises
    ------
    NotApplicable
        A key is too long to be one, or there are too many.
    """
    import numpy as np

    levels = [_level(key) for key in keys]
    if _combinations(levels) > _MOST_COMBINED:
        raise NotApplicable(
            Text("These columns have too many different values to be one key."),
            hint=Text("Choose fewer columns, or another key."),
        )
    codes = _combined([_places(key, level) for key, level in zip(keys, levels, strict=True)], levels)
    codes, order = np.unique(codes, return_index=True)
    kept = [
        {"name": name, "absent": absent, **_stored(values, order)}
        for name, (values, absent) in columns.items()
    ]
    return {"keys": levels, "codes": codes, "columns": kept}


def looked_up(lookup: Lookup, keys: Sequence[pd.Series]) -> dict[str, pd.Series]:
    """Return the columns of a lookup for some rows, each of shape (n_rows,), by name.

    Raises
    ------
    TypeError, ValueError, LookupError
        It is no lookup as :func:`make_lookup` returns it.
    """
    place, found = _found(lookup, keys)
    return {one["name"]: _taken(one, place, found, keys[0].index) for one in lookup["columns"]}


def n_unmatched(lookup: Lookup, keys: Sequence[pd.Series]) -> int:
    """Return how many rows find nothing.

    Raises
    ------
    TypeError, ValueError, LookupError
        As for :func:`looked_up`.
    """
    return int((~_found(lookup, keys)[1]).sum())


def _found(lookup: Lookup, keys: Sequence[pd.Series]) -> tuple[Array, Array]:
    """Return where each row stands in the columns of a lookup, and whether it does."""
    import numpy as np

    _check(lookup, len(keys))
    levels, codes = lookup["keys"], lookup["codes"]
    wanted = _combined([_places(key, level) for key, level in zip(keys, levels, strict=True)], levels)
    place = np.searchsorted(codes, wanted)
    place[place == len(codes)] = 0
    found = (codes[place] == wanted) & (wanted >= 0) if len(codes) else np.zeros(len(wanted), dtype=bool)
    return place, found


def _level(key: pd.Series) -> Array:
    """Return the different values of one column of a key, sorted: whole numbers, or else UTF-8 text."""
    import numpy as np
    import pandas as pd

    different = pd.Series(key.dropna().unique())
    whole, known = _as_whole(different)
    if known.all():
        return np.unique(whole)
    text, known = _as_text(different, _LONGEST_KEY)
    if not known.all():
        raise NotApplicable(
            Text("Column {name} holds long texts; they are no key.", name=str(key.name)),
            hint=Text("Choose a column that names the rows."),
        )
    return np.unique(text)


def _places(key: pd.Series, level: Array) -> Array:
    """Return where each value stands in ``level``, -1 for one that is not there."""
    import numpy as np
    import pandas as pd

    codes, different = pd.factorize(key)
    values = pd.Series(different)
    wanted, known = _as_whole(values) if level.dtype.kind == "i" else _as_text(values, level.dtype.itemsize)
    if not len(level) or not len(wanted):
        return np.full(len(key), -1, dtype=np.int64)
    place = np.searchsorted(level, wanted)
    place[place == len(level)] = 0
    place[~known | (level[place] != wanted)] = -1
    return np.where(codes < 0, -1, place[codes])


def _as_whole(values: pd.Series) -> tuple[Array, Array]:
    """Return values as whole numbers, and which of them are."""
    import numpy as np
    from pandas.api import types

    if types.is_bool_dtype(values.dtype):
        return np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=bool)
    if types.is_integer_dtype(values.dtype):
        small = (values > -_LARGEST_WHOLE) & (values < _LARGEST_WHOLE)
        return values.where(small, 0).to_numpy(dtype=np.int64), small.to_numpy(dtype=bool)
    if types.is_float_dtype(values.dtype):
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        known = np.isfinite(numbers) & (np.abs(numbers) < 2**53)
        numbers = np.where(known, numbers, 0.0)
        known &= numbers == np.floor(numbers)
        return np.where(known, numbers, 0.0).astype(np.int64), known
    whole = [int(text) if (text := _written(value)) and _WHOLE.fullmatch(text) else None for value in values]
    fits = [number is not None and abs(number) < _LARGEST_WHOLE for number in whole]
    kept = [number if fit and number else 0 for number, fit in zip(whole, fits, strict=True)]
    return np.array(kept, dtype=np.int64), np.array(fits, dtype=bool)


def _as_text(values: pd.Series, longest: int) -> tuple[Array, Array]:
    """Return values as UTF-8 text of at most ``longest`` bytes, and which of them are."""
    import numpy as np
    from pandas.api import types

    if types.is_bool_dtype(values.dtype):
        values = values.astype(bool)
    texts = [text.encode("utf-8", "replace") if (text := _written(value)) else b"" for value in values]
    known = np.array([0 < len(text) <= longest for text in texts], dtype=bool)
    return np.array([t if k else b"" for t, k in zip(texts, known, strict=True)], dtype="S"), known


def _written(value: Any) -> str | None:
    """Return a value of a key as a file would hold it."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return None
    if hasattr(value, "isoformat"):
        zoned = getattr(value, "tzinfo", None) is not None and hasattr(value, "astimezone")
        return str((value.astimezone(UTC).replace(tzinfo=None) if zoned else value).isoformat())
    try:
        whole = not isinstance(value, bool) and float(value).is_integer() and abs(value) < 2**53
    except (TypeError, ValueError, OverflowError):
        whole = False
    return str(int(value)) if whole else str(value)


def _combinations(levels: Sequence[Array]) -> int:
    product = 1
    for level in levels:
        product *= max(1, len(level))
    return product


def _combined(places: Sequence[Array], levels: Sequence[Array]) -> Array:
    """Return one whole number for each key of several columns, -1 where one of them is unknown."""
    import numpy as np

    codes, unknown = places[0].astype(np.int64), places[0] < 0
    for place, level in zip(places[1:], levels[1:], strict=True):
        codes, unknown = codes * max(1, len(level)) + place, unknown | (place < 0)
    return np.where(unknown, -1, codes)


def _stored(values: pa.ChunkedArray, order: Array) -> dict[str, Any]:
    """Return one column of a lookup, in this order, as its type and plain values."""
    import numpy as np
    from pyarrow import types

    kind = values.type
    if types.is_boolean(kind):
        return {"type": "flag", "values": values.cast("int8").fill_null(-1).to_numpy()[order]}
    if types.is_integer(kind) and not values.null_count and not types.is_uint64(kind):
        return {"type": "whole", "values": values.cast("int64").to_numpy()[order]}
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        numbers = values.cast("float64", safe=False).to_numpy()[order]
        return {"type": "number", "values": np.ascontiguousarray(numbers)}
    if types.is_timestamp(kind) or types.is_date(kind):
        return {"type": "date", "values": values.to_pandas().to_numpy(dtype="M8[us]")[order]}
    if types.is_duration(kind):
        return {"type": "duration", "values": values.to_pandas().to_numpy(dtype="m8[us]")[order]}
    # As one JSON text: a model file holds a list of words as so many little documents.
    texts = values.cast("string").combine_chunks().dictionary_encode()
    codes = texts.indices.fill_null(-1).to_numpy().astype(np.int32)[order]
    return {"type": "text", "values": codes, "words": json.dumps(texts.dictionary.to_pylist())}


def _taken(one: Mapping[str, Any], place: Array, found: Array, index: pd.Index) -> pd.Series:
    """Return one column of a lookup for rows that stand at these places, if they were found."""
    import numpy as np
    import pandas as pd

    type_, values, absent = one["type"], one["values"], one["absent"]
    if type_ in _CODED:
        words = _words(one)
        codes = np.where(found, values[place] if len(values) else -1, -1)
        coded = pd.Series(pd.Categorical.from_codes(codes, words), index=index)
        return coded.astype("str" if type_ == "text" else "boolean")
    taken = values[place] if len(values) else np.zeros(len(place), dtype=values.dtype)
    if type_ in ("date", "duration"):
        return pd.Series(np.where(found, taken, np.array("NaT", dtype=values.dtype)), index=index)
    if absent is not None:
        return pd.Series(np.where(found, taken, values.dtype.type(absent)), index=index)
    return pd.Series(taken if found.all() else np.where(found, taken.astype(float), np.nan), index=index)


def _words(one: Mapping[str, Any]) -> pd.Index:
    """Return what the codes of a column stand for.

    Raises
    ------
    TypeError, ValueError
        They are no words, or a code stands for none of them.
    """
    import pandas as pd

    codes = one["values"]
    words = json.loads(one["words"]) if one["type"] == "text" else [False, True]
    if len(codes) and not -1 <= codes.min() <= codes.max() < len(words):
        raise ValueError("a code of no word")
    if one["type"] == "flag":
        return pd.Index(words)
    if type(words) is not list or not all(type(word) is str for word in words):
        raise TypeError("words that are no words")
    return pd.Index(words, dtype="str")


def _check(lookup: Lookup, n_keys: int) -> None:
    """Refuse what is no lookup; see the head of the module for why."""
    import numpy as np

    levels, codes = lookup["keys"], lookup["codes"]
    arrays = [*levels, codes, *(one["values"] for one in lookup["columns"])]
    if any(type(array) is not np.ndarray or array.ndim != 1 for array in arrays):
        raise TypeError("an array of another shape")
    if len(levels) != n_keys or codes.dtype != np.int64 or _combinations(levels) > _MOST_COMBINED:
        raise ValueError("another key")
    if any(level.dtype != np.int64 and level.dtype.kind != "S" for level in levels):
        raise TypeError("a key of another type")
    for one in lookup["columns"]:
        values, type_ = one["values"], one["type"]
        if type(one["name"]) is not str or len(values) != len(codes):
            raise ValueError("a column of another length")
        if type_ in _CODED:
            if values.dtype not in (np.int8, np.int32) or one["absent"] is not None:
                raise TypeError("a column of another type")
        elif values.dtype != np.dtype(_TYPES[type_]) or one["absent"] not in (None, 0):
            raise TypeError("a column of another type")
