"""How far one column of one table stands from the same column of another.

References
----------
Hedges, L. V., & Olkin, I. (1985). Statistical Methods for Meta-Analysis. Academic Press (the interval of a
standardised difference of means).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlp_core.profile.facts import Value
from mlp_core.profile.study import Studied

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_NAMED: Final = 20
"""New and vanished categories that are named; the others are counted."""

MOST_COMPARED: Final = 1000
"""A column of more different words on either side is not compared word by word."""

_Z: Final = 1.959963984540054


@dataclass(frozen=True, kw_only=True)
class Distance:
    """How far two samples of one column stand apart.

    Attributes
    ----------
    measure : str
        ``"ks"``: largest distance between the two shares of values up to a point (Kolmogorov-Smirnov);
        ``"tvd"``: share of the rows that would have to change category (total variation distance).
    value : float
        From 0 (alike) to 1 (nothing in common).
    p_value : float
        How often chance alone would set two samples of one population as far apart; approximate.
    difference, low, high : float, optional
        Of the means of numbers, in standard deviations, with its 95 % interval.
    new, vanished : tuple of (value, count)
        Categories that only the second or only the first sample has, most frequent first; at most 20.
    new_count, vanished_count : int
        All of them.
    """

    measure: str
    value: float
    p_value: float
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    new: tuple[tuple[Value, int], ...] = ()
    vanished: tuple[tuple[Value, int], ...] = ()
    new_count: int = 0
    vanished_count: int = 0


def of_numbers(before: Array, after: Array) -> Distance | None:
    """Return the distance of two samples of numbers; None where one is empty.

    Parameters
    ----------
    before, after : ndarray of shape (n_values,)
        Without missing values; infinite ones count for the distance, not for the means.
    """
    import numpy as np
    from scipy.special import kolmogorov

    if not len(before) or not len(after):
        return None
    before, after = np.sort(before), np.sort(after)
    points = np.concatenate((before, after))
    shares = [side.searchsorted(points, side="right") / len(side) for side in (before, after)]
    value = float(np.abs(shares[0] - shares[1]).max())
    weight = math.sqrt(len(before) * len(after) / (len(before) + len(after)))
    difference, low, high = _difference(before, after)
    p_value = float(kolmogorov(weight * value))
    return Distance(measure="ks", value=value, p_value=p_value, difference=difference, low=low, high=high)


def _difference(before: Array, after: Array) -> tuple[float | None, float | None, float | None]:
    """Return the difference of the means in pooled standard deviations, and its interval."""
    import numpy as np

    one, other = before[np.isfinite(before)].astype(float), after[np.isfinite(after)].astype(float)
    if len(one) < 2 or len(other) < 2:
        return None, None, None
    largest = max(float(np.abs(side).max()) for side in (one, other)) or 1.0
    one, other = one / largest, other / largest
    freedom = len(one) + len(other) - 2
    spread = math.sqrt(((len(one) - 1) * one.var(ddof=1) + (len(other) - 1) * other.var(ddof=1)) / freedom)
    if spread <= 1e-12:
        return None, None, None
    difference = float(other.mean() - one.mean()) / spread
    count = len(one) + len(other)
    reach = _Z * math.sqrt(count / (len(one) * len(other)) + difference**2 / (2 * count))
    return difference, difference - reach, difference + reach


def of_categories(before: Studied, after: Studied) -> Distance | None:
    """Return the distance of two columns of categories; None where one is empty or has too many."""
    one, other = _counts(before), _counts(after)
    if not one or not other or max(len(one), len(other)) > MOST_COMPARED:
        return None
    many, more = sum(one.values()), sum(other.values())
    names = one | other
    apart = [abs(one.get(name, 0) / many - other.get(name, 0) / more) for name in names]
    new = {name: count for name, count in other.items() if name not in one}
    vanished = {name: count for name, count in one.items() if name not in other}
    return Distance(
        measure="tvd",
        value=min(1.0, sum(apart) / 2),
        p_value=_homogeneity(one, other),
        new=_most(new),
        vanished=_most(vanished),
        new_count=len(new),
        vanished_count=len(vanished),
    )


def _counts(one: Studied) -> dict[Value, int]:
    """Return how often each value occurs, yes/no and numbers under the same name in both tables."""
    from mlp_core.profile.coded import coded

    if one.facts.distinct > MOST_COMPARED:
        return dict.fromkeys(range(MOST_COMPARED + 1), 1)
    found = one.codes or coded(one.column)
    return {str(found.value(place)): int(count) for place, count in enumerate(found.counts)}


def _homogeneity(one: dict[Value, int], other: dict[Value, int]) -> float:
    """Return the p-value of the chi-square test that both have the same shares."""
    from scipy.special import chdtrc

    many, more = sum(one.values()), sum(other.values())
    square, names = 0.0, one | other
    for name in names:
        left, right = one.get(name, 0), other.get(name, 0)
        square += (left * more - right * many) ** 2 / ((left + right) * many * more)
    return float(chdtrc(len(names) - 1, square)) if len(names) > 1 else 1.0


def _most(counts: dict[Value, int]) -> tuple[tuple[Value, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:MOST_NAMED])
