"""Facts of a column of dates: range, usual step, histogram on the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds import Kind
from mlp_core.profile import bins
from mlp_core.profile.facts import MOST_EXAMPLES, ColumnFacts, Step

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

_USUAL: Final = 0.5
"""A step that fewer of the distances have is not called usual."""

_UNITS: Final = (("day", "D"), ("hour", "h"), ("minute", "m"), ("second", "s"))


def date_facts(column: pd.Series, ordered: Array, name: str, kind: Kind) -> ColumnFacts:
    """Return the facts of a column of dates, with or without a time zone.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Of a date dtype of any unit; left as it is.
    ordered : ndarray of datetime64, shape (n_values,)
        What :func:`present_times` returns, sorted.
    name : str
        What it is called.
    kind : Kind
        What it holds.
    """
    import numpy as np

    changes = ordered[1:] != ordered[:-1]
    different = ordered[np.concatenate(([True], changes))] if len(ordered) else ordered
    lowest, highest = (column.min(), column.max()) if len(ordered) else (None, None)
    return ColumnFacts(
        name=name,
        kind=kind,
        rows=len(column),
        missing=len(column) - len(ordered),
        distinct=len(different),
        examples=_examples(column),
        earliest=lowest.isoformat() if lowest is not None else None,
        latest=highest.isoformat() if highest is not None else None,
        step=_step(different),
        histogram=bins.of_times(ordered),
    )


def present_times(column: pd.Series) -> Array:
    """Return the dates that are not missing, as the clock showed them."""
    import numpy as np

    times = clock_times(column)
    gaps = np.isnat(times)
    return times[~gaps] if gaps.any() else times


def clock_times(column: pd.Series) -> Array:
    """Return the dates as the clock showed them, without a time zone, as datetime64."""
    import numpy as np

    zone = getattr(getattr(column.dtype, "pyarrow_dtype", column.dtype), "tz", None)
    plain = column.dt.tz_localize(None) if zone is not None else column
    is_plain = isinstance(plain.dtype, np.dtype)
    return np.asarray((plain if is_plain else plain.astype("datetime64[us]")).to_numpy())


def _step(different: Array) -> Step | None:
    """Return the commonest distance between sorted different dates, where most have it."""
    import numpy as np

    if len(different) < 3:
        return None
    months = different.astype("M8[M]")
    if (np.ptp((different - months).view("i8")) == 0) and len(different) > 3:
        count, share = _commonest(np.diff(months.view("i8")))
        unit = "month"
        if count % 12 == 0:
            count, unit = count // 12, "year"
        return Step(count=count, unit=unit, share=share) if share >= _USUAL else None
    distances = np.diff(different)
    ticks, share = _commonest(distances.view("i8"))
    if share < _USUAL:
        return None
    for unit, code in _UNITS:
        length = int(np.array([1], dtype=f"m8[{code}]").astype(distances.dtype).view("i8")[0])
        if ticks % length == 0:
            return Step(count=ticks // length, unit=unit, share=share)
    return None


def _commonest(distances: Array) -> tuple[int, float]:
    import numpy as np

    values, counts = np.unique(distances, return_counts=True)
    most = int(counts.argmax())
    return int(values[most]), float(counts[most] / len(distances))


def _examples(column: pd.Series) -> tuple[str, ...]:
    first = column.iloc[:1000].dropna().drop_duplicates().iloc[:MOST_EXAMPLES]
    if not len(first):
        first = column.dropna().iloc[:MOST_EXAMPLES].drop_duplicates()
    return tuple(str(value) for value in first)
