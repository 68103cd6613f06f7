"""How strongly two columns go together, by the measure that suits what they hold.

=================  =========================  ==================================================
columns            measure                    beside it, as most people know it
=================  =========================  ==================================================
number, number     Spearman's ρ, -1 to 1      Pearson's r
ordered, number    Spearman's ρ, -1 to 1      none
ordered, ordered   Spearman's ρ, -1 to 1      none
group, number      correlation ratio η, 0-1   the same, not corrected for chance
group, group       Cramér's V, 0 to 1         the same, not corrected for chance
=================  =========================  ==================================================

Dates and durations count as numbers, yes/no as groups. Ranks are the rule because one far value moves
Pearson's r at will. V and η grow with the number of groups even where nothing is to be found, so both are
corrected for it (Bergsma 2013; Kelley 1935): between unrelated columns they stand near 0.

Notes
-----
The 95 % intervals are approximate: Fisher's z with the variance of Bonett & Wright (2000) for ρ, the delta
method with the variance under independence added for V² and η². They hold for rows drawn independently.

References
----------
Bergsma, W. (2013). A bias-correction for Cramér's V and Tschuprow's T. J. Korean Stat. Soc. 42, 323-328.
Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and Spearman
correlations. Psychometrika 65, 23-28.
Kelley, T. L. (1935). An unbiased correlation ratio measure. PNAS 21, 554-559.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

LEAST_PAIRS: Final = 5
"""Fewer rows with both values say nothing."""

_Z: Final = 1.959963984540054


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure of association as people read it; ``plain`` names what stands beside it."""

    label: Text
    help: Text
    plain: Text | None = None
    signed: bool = False


MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        "spearman": Measure(
            label=Text("Spearman’s ρ"),
            help=Text("Whether one rises with the other, by ranks: from -1 (falls) over 0 to 1 (rises)."),
            plain=Text("Pearson’s r"),
            signed=True,
        ),
        "correlation_ratio": Measure(
            label=Text("Correlation ratio η"),
            help=Text(
                "How far the groups set the number apart: 0 means not at all, 1 wholly. "
                "Corrected for what chance gives."
            ),
            plain=Text("η without correction"),
        ),
        "cramers_v": Measure(
            label=Text("Cramér’s V"),
            help=Text(
                "How far one category tells the other: 0 means not at all, 1 wholly. "
                "Corrected for what chance gives."
            ),
            plain=Text("V without correction"),
        ),
    }
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One column as its associations need it.

    Attributes
    ----------
    name : str
        The column.
    codes : ndarray of int, shape (n_rows,)
        Dense rank of a number, place of a level; -1 where missing.
    levels : int
        Codes run from 0 to ``levels - 1``.
    values : ndarray of float, optional, shape (n_rows,)
        Of a number, scaled to at most 1; anything where missing.
    ranked : bool
        Whether the codes have an order.
    complete : bool
        Whether no row is missing.
    """

    name: str
    codes: Array
    levels: int
    values: Array | None = None
    ranked: bool = False
    complete: bool = True

    @cached_property
    def places(self) -> Array:
        """The rows that have a value."""
        import numpy as np

        return np.flatnonzero(self.codes >= 0)

    def centred(self, both: Array | None) -> Array:
        """Return the values in these rows, from their mean."""
        return self._centred if self._is_whole(both) else self._values_from_mean(both)

    def centred_ranks(self, both: Array | None) -> Array:
        """Return the ranks in these rows, from their mean; equal values share the mean of their ranks."""
        return self._centred_ranks if self._is_whole(both) else self._ranks_from_mean(both)

    def _is_whole(self, both: Array | None) -> bool:
        """Whether these rows are all that have a value, so that what was found for them is found for all."""
        return both is None or (not self.complete and len(both) == len(self.places))

    @cached_property
    def _centred(self) -> Array:
        return self._values_from_mean(None if self.complete else self.places)

    @cached_property
    def _centred_ranks(self) -> Array:
        return self._ranks_from_mean(None if self.complete else self.places)

    def _values_from_mean(self, rows: Array | None) -> Array:
        assert self.values is not None
        values = _kept(self.values, rows)
        centred: Array = values - values.mean()
        return centred

    def _ranks_from_mean(self, rows: Array | None) -> Array:
        ranks = _midranks(_kept(self.codes, rows), self.levels)
        ranks -= (len(ranks) + 1) / 2
        return ranks


@dataclass(frozen=True, kw_only=True)
class Found:
    """The value of a measure, its 95 % interval, the rows it stands on, and the plain measure beside it."""

    measure: str
    value: float
    low: float
    high: float
    pairs: int
    plain: float | None = None


def relate(one: Side, other: Side) -> Found | None:
    """Return the association of two columns; None where too few rows have both, or one is constant."""
    both = _both(one, other)
    pairs = len(one.codes) if both is None else len(both)
    if pairs < LEAST_PAIRS:
        return None
    if one.ranked and other.ranked:
        return _ranks(one, other, both, pairs)
    if one.values is not None and other.values is None:
        one, other = other, one
    if other.values is not None:
        return _ratio(one, other, both, pairs)
    return _groups(one, other, both, pairs)


def _both(one: Side, other: Side) -> Array | None:
    """Return the rows that have both values; None for all."""
    import numpy as np

    if one.complete and other.complete:
        return None
    if one.complete or other.complete:
        return other.places if one.complete else one.places
    return np.flatnonzero((one.codes >= 0) & (other.codes >= 0))


def _ranks(one: Side, other: Side, both: Array | None, pairs: int) -> Found | None:
    rho = _cosine(one.centred_ranks(both), other.centred_ranks(both))
    if rho is None:
        return None
    plain = None
    if one.values is not None and other.values is not None:
        plain = _cosine(one.centred(both), other.centred(both))
    near = math.atanh(max(-1 + 1e-15, min(1 - 1e-15, rho)))
    reach = _Z * math.sqrt((1 + rho * rho / 2) / max(1, pairs - 3))
    low, high = math.tanh(near - reach), math.tanh(near + reach)
    return Found(measure="spearman", value=rho, low=low, high=high, pairs=pairs, plain=plain)


def _ratio(group: Side, number: Side, both: Array | None, pairs: int) -> Found | None:
    """Return η from the sums of squares between groups and in all, and ε² = 1 - (1 - η²)(n - 1)/(n - k)."""
    import numpy as np

    assert number.values is not None
    codes = _kept(group.codes, both)
    values = number.centred(both)
    counts = np.bincount(codes, minlength=group.levels)
    sums = np.bincount(codes, weights=values, minlength=group.levels)[counts > 0]
    counts = counts[counts > 0]
    total = float((values * values).sum())
    if len(counts) < 2 or total <= 0 or pairs <= len(counts):
        return None
    plain = min(1.0, float((sums * sums / counts).sum()) / total)
    square = max(0.0, 1 - (1 - plain) * (pairs - 1) / (pairs - len(counts)))
    variance = 4 * square * (1 - square) ** 2 / pairs + 2 * (len(counts) - 1) / pairs**2
    low, high = _roots(square, variance)
    return Found(
        measure="correlation_ratio",
        value=math.sqrt(square),
        low=low,
        high=high,
        pairs=pairs,
        plain=math.sqrt(plain),
    )


def _groups(one: Side, other: Side, both: Array | None, pairs: int) -> Found | None:
    """Return Cramér's V with Bergsma's correction from the table of counts."""
    import numpy as np

    cells = _kept(one.codes, both) * np.int64(other.levels) + _kept(other.codes, both)
    table = np.bincount(cells, minlength=one.levels * other.levels).reshape(one.levels, other.levels)
    shares = table[table.any(axis=1)][:, table.any(axis=0)] / pairs
    rows, columns = shares.shape
    if min(rows, columns) < 2:
        return None
    down, across = shares.sum(axis=1, keepdims=True), shares.sum(axis=0, keepdims=True)
    weights = shares / (down * across)
    plain = max(0.0, float((shares * weights).sum()) - 1)
    freedom = (rows - 1) * (columns - 1)
    square = max(0.0, plain - freedom / (pairs - 1))
    fair_rows = rows - (rows - 1) ** 2 / (pairs - 1)
    fair_columns = columns - (columns - 1) ** 2 / (pairs - 1)
    most = min(fair_rows, fair_columns) - 1
    if most <= 0:
        return None
    # How much the sum of squares changes with the share of one cell.
    slope = 2 * weights - (shares * weights).sum(axis=1, keepdims=True) / down
    slope = slope - (shares * weights).sum(axis=0, keepdims=True) / across
    spread = float((shares * slope * slope).sum()) - float((shares * slope).sum()) ** 2
    low, high = _roots(square / most, (max(0.0, spread) / pairs + 2 * freedom / pairs**2) / most**2)
    return Found(
        measure="cramers_v",
        value=min(1.0, math.sqrt(square / most)),
        low=low,
        high=high,
        pairs=pairs,
        plain=min(1.0, math.sqrt(plain / (min(rows, columns) - 1))),
    )


def _roots(square: float, variance: float) -> tuple[float, float]:
    """Return the interval of the root of an estimate, within 0 to 1."""
    reach = _Z * math.sqrt(variance)
    return math.sqrt(max(0.0, min(1.0, square) - reach)), math.sqrt(min(1.0, square + reach))


def _kept(values: Array, both: Array | None) -> Array:
    return values if both is None else values[both]


def _midranks(codes: Array, levels: int) -> Array:
    """Return the rank of each value, equal ones sharing the mean of their ranks."""
    import numpy as np

    counts = np.bincount(codes, minlength=levels)
    middle = np.cumsum(counts) - (counts - 1) / 2
    return np.asarray(middle[codes])


def _cosine(one: Array, other: Array) -> float | None:
    """Return the correlation of two columns that are taken from their means."""
    import numpy as np

    # einsum, because the product of vectors in BLAS starts threads that cost more than they bring.
    square = float(np.einsum("i,i->", one, one)) * float(np.einsum("i,i->", other, other))
    if square <= 0:
        return None
    return max(-1.0, min(1.0, float(np.einsum("i,i->", one, other)) / math.sqrt(square)))
