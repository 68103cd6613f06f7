"""What is known of one column."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from mlp_core.kinds import Kind
from mlp_core.profile.bins import Histogram

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that are kept for numbers."""

MOST_TOP: Final = 10
"""Most frequent values that are kept."""

MOST_LEVELS: Final = 1000
"""Up to this many different values of a category are kept with their counts."""

MOST_EXAMPLES: Final = 3
"""Different values that are shown as examples, in the order of the rows."""

Value = str | int | float | bool


@dataclass(frozen=True, kw_only=True)
class Step:
    """The usual distance from one date to the next, as ``count`` of a ``unit``.

    Attributes
    ----------
    count : int
        At least 1.
    unit : str
        ``"second"``, ``"minute"``, ``"hour"``, ``"day"``, ``"month"`` or ``"year"``.
    share : float
        Of all distances between successive different dates, those that are this long; from 0 to 1.
    """

    count: int
    unit: str
    share: float


@dataclass(frozen=True, kw_only=True)
class ColumnFacts:
    """What is known of one column. A fact that does not apply to the column is None or empty.

    Attributes
    ----------
    name : str
        The column.
    kind : Kind
        What it holds.
    rows, missing, distinct : int
        All cells, those that are missing, different values (missing not counted).
    infinite, zeros, negatives : int
        Of the numbers.
    share_missing : float
        From 0 to 1.
    minimum, maximum, mean, std : float, optional
        Of the finite numbers; of durations, in seconds. ``std`` is that of a sample (n - 1).
    skew, kurtosis : float, optional
        Of the finite numbers, corrected for the size of the sample; the kurtosis of a normal distribution
        is 0.
    quantiles : tuple of (share, value)
        Of the finite numbers, interpolated linearly.
    fences : tuple of (low, high), optional
        Tukey's: one and a half interquartile ranges beyond the quartiles. None where the quartiles are equal.
    outliers_below, outliers_above : int
        Finite numbers beyond the fences.
    histogram : Histogram, optional
        Of the finite numbers, durations or dates.
    top : tuple of (value, count)
        Most frequent values, most frequent first; of ordered categories the first ones, in their order. Of
        decimal numbers only where one value fills a hundredth of the rows.
    levels : tuple of (value, count)
        All different values of a category or yes/no, most frequent first (ordered categories in their
        order); empty where there are more than 1,000.
    examples : tuple of str
        First different values, as they occur; of ordered categories, in their order.
    earliest, latest : str, optional
        Of dates, in ISO 8601.
    step : Step, optional
        Usual distance between dates.
    shortest, longest, mean_length : int, int, float, optional
        Characters of a text.
    mean_words : float, optional
        Words in a text, on average.
    words : tuple of (word, count)
        Most frequent words of free text, in lower case, and the texts that hold each.
    estimated : tuple of str
        Facts that were taken from a sample of the rows.
    """

    name: str
    kind: Kind
    rows: int
    missing: int
    distinct: int
    infinite: int = 0
    zeros: int = 0
    negatives: int = 0
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    skew: float | None = None
    kurtosis: float | None = None
    quantiles: tuple[tuple[float, float], ...] = ()
    fences: tuple[float, float] | None = None
    outliers_below: int = 0
    outliers_above: int = 0
    histogram: Histogram | None = None
    top: tuple[tuple[Value, int], ...] = ()
    levels: tuple[tuple[Value, int], ...] = ()
    examples: tuple[str, ...] = ()
    earliest: str | None = None
    latest: str | None = None
    step: Step | None = None
    shortest: int | None = None
    longest: int | None = None
    mean_length: float | None = None
    mean_words: float | None = None
    words: tuple[tuple[str, int], ...] = ()
    estimated: tuple[str, ...] = ()

    @property
    def present(self) -> int:
        """Cells that are not missing."""
        return self.rows - self.missing

    @property
    def share_missing(self) -> float:
        """Share of the cells that are missing, from 0 to 1; 0 for a column without rows."""
        return self.missing / self.rows if self.rows else 0.0

    @property
    def median(self) -> float | None:
        """The middle of the finite numbers."""
        return self.quantile(0.5)

    @property
    def outliers(self) -> int:
        """Finite numbers beyond the fences on either side."""
        return self.outliers_below + self.outliers_above

    @property
    def rest(self) -> int:
        """Cells whose value is none of ``top``; 0 where no top is kept."""
        return self.present - sum(count for _, count in self.top) if self.top else 0

    def quantile(self, share: float) -> float | None:
        """Return one of the quantiles that are kept."""
        return dict(self.quantiles).get(share)

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain JSON; of the levels, the top and the count of the rest."""
        plain = {one.name: _plain(getattr(self, one.name)) for one in fields(self) if one.name != "levels"}
        return {**plain, "kind": str(self.kind), "share_missing": self.share_missing, "rest": self.rest}


def _plain(value: Any) -> Any:
    return asdict(value) if isinstance(value, (Histogram, Step)) else value
