"""Facts of a column of numbers: one sort gives quantiles, distinct values, extremes and the histogram."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds import Kind
from mlp_core.profile import bins
from mlp_core.profile.facts import MOST_EXAMPLES, MOST_TOP, QUANTILES, ColumnFacts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

_FENCE: Final = 1.5
_WORTH_TELLING: Final = 0.01
_BLOCK: Final = 1 << 16
_HUGE: Final = 1e75
"""Fourth powers of larger numbers overflow."""
_TINY: Final = 1e-60


def number_facts(column: pd.Series, ordered: Array, name: str, kind: Kind) -> ColumnFacts:
    """Return the facts of a column of numbers or durations (in seconds).

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Of a dtype that holds numbers or durations; left as it is.
    ordered : ndarray of shape (n_values,)
        What :func:`present_numbers` returns, sorted.
    name : str
        What it is called.
    kind : Kind
        What it holds.
    """
    starts = _starts(ordered)
    finite = _finite(ordered)
    whole = kind is Kind.INTEGER or ordered.dtype.kind in "iu"
    floats = finite.astype(float, copy=False)
    return ColumnFacts(
        name=name,
        kind=kind,
        rows=len(column),
        missing=len(column) - len(ordered),
        distinct=len(starts),
        infinite=len(ordered) - len(finite),
        top=_top(ordered, starts, whole, len(column)),
        examples=_examples(column),
        **(_of_finite(floats, whole) if len(floats) else {}),
    )


def present_numbers(column: pd.Series) -> Array:
    """Return the values that are not missing: whole ones as integers, durations in seconds."""
    import numpy as np

    dtype = column.dtype
    if dtype.kind == "m":
        return np.asarray(column.dropna().dt.total_seconds().to_numpy(dtype=float))
    if isinstance(dtype, np.dtype):
        values = column.to_numpy()
        if dtype.kind in "iu":
            return values
        values = values.astype(float, copy=False)
        gaps = np.isnan(values)
        return values[~gaps] if gaps.any() else values
    values = column.dropna().to_numpy()
    values = values if values.dtype.kind in "iuf" else values.astype(float)
    return values[~np.isnan(values)] if values.dtype.kind == "f" else values


def _starts(ordered: Array) -> Array:
    """Return where each different value begins."""
    import numpy as np

    if not len(ordered):
        return np.array([], dtype=int)
    return np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))


def _finite(ordered: Array) -> Array:
    import numpy as np

    if ordered.dtype.kind != "f" or not len(ordered) or np.isfinite(ordered[[0, -1]]).all():
        return ordered
    return ordered[int(ordered.searchsorted(-np.inf, side="right")) : int(ordered.searchsorted(np.inf))]


def _of_finite(ordered: Array, whole: bool) -> dict[str, Any]:
    quantiles = tuple((share, _quantile(ordered, share)) for share in QUANTILES)
    lower, upper = quantiles[1][1], quantiles[3][1]
    reach = _FENCE * (upper / 2 - lower / 2)  # halved first: the distance may be more than a float holds
    fences = (lower - 2 * reach, upper + 2 * reach) if reach > 0 else None
    zero = int(ordered.searchsorted(0.0))
    largest = max(-float(ordered[0]), float(ordered[-1]))
    if fences is not None and largest > _HUGE:
        fences = (max(fences[0], -1.7e308), min(fences[1], 1.7e308))
    return {
        "minimum": float(ordered[0]),
        "maximum": float(ordered[-1]),
        **_moments(ordered, largest),
        "quantiles": quantiles,
        "fences": fences,
        "outliers_below": int(ordered.searchsorted(fences[0])) if fences else 0,
        "outliers_above": len(ordered) - int(ordered.searchsorted(fences[1], "right")) if fences else 0,
        "zeros": int(ordered.searchsorted(0.0, side="right")) - zero,
        "negatives": zero,
        "histogram": bins.of_numbers(ordered, whole=whole),
    }


def _quantile(ordered: Array, share: float) -> float:
    """Return a quantile of sorted numbers, interpolated as ``numpy.quantile`` does."""
    place = share * (len(ordered) - 1)
    low = int(place)
    weight = place - low
    left, right = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
    return left * (1 - weight) + right * weight


def _moments(ordered: Array, largest: float) -> dict[str, float | None]:
    """Return mean, standard deviation, skew and kurtosis, scaled first where powers would overflow."""
    count = len(ordered)
    scale = largest if largest > _HUGE else 1.0
    # Taken from a value in the middle, numbers far from zero keep the digits in which they differ.
    middle = float(ordered[count // 2]) / scale
    apart = (ordered / scale if scale != 1.0 else ordered) - middle
    mean = float(apart.mean())
    found: dict[str, float | None] = {"mean": (middle + mean) * scale}
    if count < 2:
        return found
    second, third, fourth = _powers(apart, mean)
    found["std"] = (second / (count - 1)) ** 0.5 * scale
    spread = second / count
    if ordered[0] == ordered[-1] or spread < _TINY:  # squares of such distances are no longer told apart
        return found
    if count > 2:
        found["skew"] = third / count / spread**1.5 * (count * (count - 1)) ** 0.5 / (count - 2)
    if count > 3:
        excess = fourth / count / spread**2 - 3
        found["kurtosis"] = ((count + 1) * excess + 6) * (count - 1) / ((count - 2) * (count - 3))
    return found


def _powers(values: Array, mean: float) -> tuple[float, float, float]:
    """Return the sums of squares, cubes and fourth powers about the mean, a block of the cache at a time."""
    sums: list[tuple[float, float, float]] = []
    for start in range(0, len(values), _BLOCK):
        apart = values[start : start + _BLOCK] - mean
        square = apart * apart
        sums.append((float(square.sum()), float((square * apart).sum()), float((square * square).sum())))
    second, third, fourth = zip(*sums, strict=True)
    return math.fsum(second), math.fsum(third), math.fsum(fourth)


def _top(ordered: Array, starts: Array, whole: bool, rows: int) -> tuple[tuple[int | float, int], ...]:
    """Return the most frequent values, the smaller first among equals."""
    import numpy as np

    if not len(starts):
        return ()
    counts = np.concatenate((starts[1:], [len(ordered)])) - starts
    most = int(counts.max())
    if not whole and (most < 2 or most < _WORTH_TELLING * rows):
        return ()
    if len(counts) > MOST_TOP:
        least = np.partition(counts, -MOST_TOP)[-MOST_TOP]
        chosen = np.flatnonzero(counts > least)
        chosen = np.concatenate((chosen, np.flatnonzero(counts == least)[: MOST_TOP - len(chosen)]))
    else:
        chosen = np.arange(len(counts))
    chosen = chosen[np.lexsort((chosen, -counts[chosen]))]
    values = ordered[starts[chosen]].tolist()
    finite = [abs(value) != float("inf") for value in values]
    kept = zip(values, counts[chosen].tolist(), finite, strict=True)
    return tuple((int(value) if whole else value, count) for value, count, fine in kept if fine)


def _examples(column: pd.Series) -> tuple[str, ...]:
    """Return the first different values, of the first thousand rows where any of these has one."""
    import numpy as np

    # A plain array is looked at as it is: on a table of many columns pandas would take most of the time.
    is_plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf"
    first = column.to_numpy()[:1000] if is_plain else column.iloc[:1000].dropna()
    values = [value for value in dict.fromkeys(first.tolist()) if value == value][:MOST_EXAMPLES]
    if not values and len(column) > len(first):
        values = list(dict.fromkeys(column.dropna().iloc[:1000].tolist()))[:MOST_EXAMPLES]
    return tuple(_written(value) for value in values)


def _written(value: Any) -> str:
    if isinstance(value, timedelta):  # pandas writes days in English
        seconds = value.total_seconds()
        minutes, rest = divmod(abs(seconds), 60)
        return f"{'-' if seconds < 0 else ''}{minutes // 60:.0f}:{minutes % 60:02.0f}:{rest:02.0f}"
    return f"{value:g}" if isinstance(value, float) else str(value)
