"""Small histograms: at most twenty bins with round edges, and an open bin on either side for what is far out.

A value a thousand times the others would leave one full bar and nineteen empty ones. So the bars of equal
width span the values within three interquartile ranges of the quartiles (Tukey's outer fences), and what lies
beyond is gathered in one bin on its side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_BINS: Final = 20
_INNER_BINS: Final = 15
_FAR: Final = 3.0
_HUGE: Final = 2.0**1000

_STEPS: Final = (
    *(("s", count) for count in (1, 2, 5, 10, 15, 30)),
    *(("m", count) for count in (1, 2, 5, 10, 15, 30)),
    *(("h", count) for count in (1, 2, 3, 6, 12)),
    *(("D", count) for count in (1, 2, 7, 14)),
    *(("M", count) for count in (1, 2, 3, 6)),
    *(("Y", count * power) for power in (1, 10, 100, 1000, 10_000, 100_000) for count in (1, 2, 5)),
)


@dataclass(frozen=True, kw_only=True)
class Histogram:
    """How often values fall between edges.

    Attributes
    ----------
    edges : tuple of float or of str, length n_bins + 1
        Numbers (durations in seconds), or dates in ISO 8601. A bin holds its left edge and not its right
        one, but the last holds both.
    counts : tuple of int, length n_bins
        Exact; the sum is the number of finite values.
    open_below, open_above : bool
        Whether the first or last bin is wider and gathers what lies far out.
    whole : bool
        Whether the values are whole numbers; a bin of width 1 then holds one of them.
    """

    edges: tuple[float, ...] | tuple[str, ...]
    counts: tuple[int, ...]
    open_below: bool = False
    open_above: bool = False
    whole: bool = False


def of_numbers(ordered: Array, *, whole: bool) -> Histogram | None:
    """Return the histogram of sorted finite numbers; None where there are none.

    Parameters
    ----------
    ordered : ndarray of float, shape (n_values,)
        Sorted, finite.
    whole : bool
        Whether the values are whole numbers, so that edges are too.
    """
    import numpy as np

    if not len(ordered):
        return None
    # Near the end of what a float can hold, distances overflow; they are taken between smaller numbers.
    scale = _HUGE if max(-float(ordered[0]), float(ordered[-1])) > _HUGE else 1.0
    low, high = _inner(ordered / scale if scale != 1 else ordered)
    if scale == 1:
        edges = _round_edges(float(low), float(high), whole)
    else:
        edges = [edge * scale for edge in np.linspace(low, high, _INNER_BINS + 1).tolist()]
    edges = sorted(set(edges))
    if whole and scale == 1 and len(edges) > 1 and edges[-1] == ordered[-1]:
        # The last bin holds both its edges: one number more than the others.
        edges.append(2 * edges[-1] - edges[-2])
    return _filled(ordered, edges, whole=whole)


def of_times(ordered: Array) -> Histogram | None:
    """Return the histogram of sorted times, its edges on the calendar; None where there are none.

    Parameters
    ----------
    ordered : ndarray of datetime64, shape (n_values,)
        Sorted, none missing.
    """
    import numpy as np

    if not len(ordered):
        return None
    low, high = (np.array(value, dtype=ordered.dtype) for value in _inner(ordered.view("i8")))
    for unit, count in _STEPS:
        first = int(low.astype(f"M8[{unit}]").astype("i8")) // count * count
        last = int(high.astype(f"M8[{unit}]").astype("i8"))
        if last - first < (MOST_BINS - 2) * count:
            break
    calendar = np.arange(first, last + count + 1, count).astype(f"M8[{unit}]")
    found = _filled(ordered.view("i8"), calendar.astype(ordered.dtype).view("i8").tolist())
    edges = np.array(found.edges, dtype="i8").view(ordered.dtype)
    whole_days = bool((edges == edges.astype("M8[D]")).all())
    return Histogram(
        edges=tuple(np.datetime_as_string(edges, unit="D" if whole_days else "s").tolist()),
        counts=found.counts,
        open_below=found.open_below,
        open_above=found.open_above,
    )


def _inner(ordered: Array) -> tuple[Any, Any]:
    """Return the range that the bars of equal width span."""
    lower, upper = _at(ordered, 0.25), _at(ordered, 0.75)
    if lower == upper:  # half of the values are the same: the middle 98 % tell what is usual
        lower, upper = _at(ordered, 0.01), _at(ordered, 0.99)
    if lower == upper:
        return ordered[0], ordered[-1]
    reach = _FAR * (float(upper) - float(lower))
    below, above = float(lower) - reach, float(upper) + reach
    first = int(ordered.searchsorted(below)) if below > float(ordered[0]) else 0
    last = int(ordered.searchsorted(above, side="right")) if above < float(ordered[-1]) else len(ordered)
    return ordered[first], ordered[last - 1]


def _at(ordered: Array, share: float) -> Any:
    return ordered[int(share * (len(ordered) - 1))]


def _round_edges(low: float, high: float, whole: bool) -> list[float]:
    """Return multiples of 1, 2 or 5 times a power of ten that enclose the range."""
    raw = (high - low) / _INNER_BINS
    if raw < 1 and whole:
        return [float(edge) for edge in range(math.floor(low), math.floor(high) + 2)]
    if raw < 1e-300:
        return [low, high]
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
    first = math.floor(low / step)
    count = max(1, math.ceil(high / step) - first)
    return [(first + place) * step for place in range(count + 1)]


def _filled(ordered: Array, inner: list[Any], *, whole: bool = False) -> Histogram:
    """Count sorted values between edges, with open bins for those outside."""
    lowest, highest = ordered[0].item(), ordered[-1].item()
    inner = inner * 2 if len(inner) == 1 else inner
    below, above = lowest < inner[0], highest > inner[-1]
    bounds = [lowest] * below + inner + [highest] * above
    places = [0, *ordered.searchsorted(bounds[1:-1]).tolist(), len(ordered)]
    counts = tuple(right - left for left, right in pairwise(places))
    return Histogram(edges=tuple(bounds), counts=counts, open_below=below, open_above=above, whole=whole)
