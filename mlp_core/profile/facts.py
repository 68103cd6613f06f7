"""What is known of one column: one pass over its values."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds import NUMERIC, Kind

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that are kept for numbers."""

MOST_TOP: Final = 10
"""Most frequent values that are kept."""

MOST_EXAMPLES: Final = 3
"""Different values that are shown as examples, in the order of the rows."""

_HUGE: Final = 1e150


@dataclass(frozen=True, kw_only=True)
class ColumnFacts:
    """What is known of one column.

    Attributes
    ----------
    name : str
        The column.
    kind : Kind
        What it holds.
    rows, missing, distinct, infinite : int
        All cells, those that are missing, different values (missing not counted), infinite values.
    share_missing : float
        From 0 to 1.
    minimum, maximum, mean, std : float, optional
        Of the finite numbers; ``std`` is that of a sample (n - 1).
    quantiles : tuple of (share, value)
        Of the finite numbers, interpolated linearly.
    top : tuple of (value, count)
        Most frequent values of a column that is not a decimal number, most frequent first.
    examples : tuple of str
        First different values.
    earliest, latest : str, optional
        Of dates, in ISO 8601.
    shortest, longest : int, optional
        Characters of a text.
    """

    name: str
    kind: Kind
    rows: int
    missing: int
    distinct: int
    infinite: int = 0
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    quantiles: tuple[tuple[float, float], ...] = ()
    top: tuple[tuple[str | int | float | bool, int], ...] = ()
    examples: tuple[str, ...] = ()
    earliest: str | None = None
    latest: str | None = None
    shortest: int | None = None
    longest: int | None = None

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
        return dict(self.quantiles).get(0.5)

    def to_json(self) -> dict[str, Any]:
        """Return the facts as plain JSON."""
        data = asdict(self)
        return {**data, "kind": str(self.kind), "share_missing": self.share_missing}


def facts_of(column: pd.Series, name: str, kind: Kind) -> ColumnFacts:
    """Return the facts of one column.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Left as it is.
    name : str
        What it is called.
    kind : Kind
        What it holds.
    """
    if kind is Kind.EMPTY:
        return ColumnFacts(name=name, kind=kind, rows=len(column), missing=len(column), distinct=0)
    if kind in NUMERIC:
        return _numbers(column, name, kind)
    if kind is Kind.DATETIME:
        return _dates(column, name)
    return _words(column, name, kind)


def _numbers(column: pd.Series, name: str, kind: Kind) -> ColumnFacts:
    import numpy as np

    values = column.to_numpy(dtype=float, na_value=np.nan)
    ordered = np.sort(values)
    missing = int(np.isnan(ordered[::-1]).argmin()) if math.isnan(ordered[-1]) else 0
    ordered = ordered[: len(ordered) - missing]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    below = int(np.searchsorted(ordered, -np.inf, side="right"))
    finite = ordered[below : int(np.searchsorted(ordered, np.inf))]
    mean, std = _moments(finite)
    return ColumnFacts(
        name=name,
        kind=kind,
        rows=len(column),
        missing=missing,
        # A float holds whole numbers exactly up to 2**53 only; beyond, pandas counts the values themselves.
        distinct=int(column.nunique()) if _is_long(column, finite) else len(starts),
        infinite=len(ordered) - len(finite),
        minimum=float(finite[0]) if len(finite) else None,
        maximum=float(finite[-1]) if len(finite) else None,
        mean=mean,
        std=std,
        quantiles=tuple(_quantile(finite, share) for share in QUANTILES) if len(finite) else (),
        top=_top_numbers(ordered, starts) if kind is Kind.INTEGER else (),
        examples=_examples(column),
    )


def _is_long(column: pd.Series, finite: np.ndarray) -> bool:
    return column.dtype.kind in "iu" and bool(len(finite)) and max(abs(finite[0]), abs(finite[-1])) >= 2**53


def _moments(finite: np.ndarray) -> tuple[float | None, float | None]:
    """Return mean and standard deviation, scaled first where squares would overflow."""
    if not len(finite):
        return None, None
    scale = max(abs(float(finite[0])), abs(float(finite[-1])))
    scale = scale if scale > _HUGE else 1.0
    scaled = finite / scale if scale != 1.0 else finite
    mean = float(scaled.mean()) * scale
    return mean, float(scaled.std(ddof=1)) * scale if len(finite) > 1 else None


def _quantile(ordered: np.ndarray, share: float) -> tuple[float, float]:
    """Return the share and its quantile from sorted numbers, interpolated as ``numpy.quantile`` does."""
    place = share * (len(ordered) - 1)
    low = int(place)
    weight = place - low
    left, right = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
    return share, left * (1 - weight) + right * weight


def _top_numbers(ordered: np.ndarray, starts: np.ndarray) -> tuple[tuple[int | float, int], ...]:
    import numpy as np

    counts = np.diff(np.append(starts, len(ordered)))
    best = np.argsort(-counts, kind="stable")[:MOST_TOP]
    return tuple((int(ordered[starts[i]]), int(counts[i])) for i in best)


def _dates(column: pd.Series, name: str) -> ColumnFacts:
    return ColumnFacts(
        name=name,
        kind=Kind.DATETIME,
        rows=len(column),
        missing=int(column.isna().sum()),
        distinct=int(column.nunique()),
        examples=_examples(column),
        earliest=column.min().isoformat(),
        latest=column.max().isoformat(),
    )


def _words(column: pd.Series, name: str, kind: Kind) -> ColumnFacts:
    counts = column.value_counts(dropna=True)
    counts = counts[counts > 0]  # a categorical column also counts the categories that never occur
    plain = bool if kind is Kind.BOOLEAN else str
    lengths = counts.index.astype(str).str.len()
    return ColumnFacts(
        name=name,
        kind=kind,
        rows=len(column),
        missing=len(column) - int(counts.sum()),
        distinct=len(counts),
        top=tuple((plain(value), int(count)) for value, count in counts.head(MOST_TOP).items()),
        examples=_examples(column),
        shortest=None if kind is Kind.BOOLEAN else int(lengths.min()),
        longest=None if kind is Kind.BOOLEAN else int(lengths.max()),
    )


def _examples(column: pd.Series) -> tuple[str, ...]:
    first = column.head(1000).dropna().drop_duplicates().head(MOST_EXAMPLES)
    if not len(first):
        first = column.dropna().head(MOST_EXAMPLES).drop_duplicates()
    return tuple(f"{value:g}" if isinstance(value, float) else str(value) for value in first)
