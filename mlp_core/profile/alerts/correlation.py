"""The check of numbers that rise and fall together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Final

from mlp_core.kinds import NUMERIC
from mlp_core.profile.alerts.check import CHECKS, LEAST_ROWS, Alert, Check, Severity, step
from mlp_core.profile.alerts.duplicates import same_columns
from mlp_core.profile.alerts.evidence import Array, Evidence
from mlp_core.text import Text

STRONG: Final = 0.95
"""From this correlation on, one column tells the other for most purposes."""

_MOST_COLUMNS: Final = 500
_FEW_ROWS: Final = 1000
_MOST_SHOWN: Final = 6


@CHECKS.add
class HighCorrelation(Check):
    """Columns of numbers that rise and fall together, with a correlation of 0.95 or more."""

    id: ClassVar[str] = "high_correlation"
    label: ClassVar[Text] = Text("Nearly the same numbers")
    severity: ClassVar[Severity] = Severity.INFO

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns that an earlier one tells."""
        pairs = _pairs(evidence)
        if not pairs:
            return
        repeated = list(dict.fromkeys(second for _, second, _ in pairs))
        shown = [
            Text("{first} and {second}: {r:n}", first=first, second=second, r=Decimal(f"{r:.3f}"))
            for first, second, r in sorted(pairs, key=lambda pair: -abs(pair[2]))[:_MOST_SHOWN]
        ]
        known = evidence.associations
        used = len(_positions(evidence))
        if known is not None and _is_known(evidence, list({name for pair in pairs for name in pair[:2]})):
            used = known.rows
        yield self.alert(
            repeated,
            Text(
                "{columns:list} {n|rises and falls|rise and fall} with another column.",
                columns=repeated,
                n=len(repeated),
            ),
            Text("One of each pair is enough: together they make coefficients and importances unsteady."),
            evidence=Text(
                "Pearson’s correlation on {rows:n} {rows|row|rows}: {shown:list}.", rows=used, shown=shown
            ),
            fix=step("drop_columns", columns=repeated),
        )


def _positions(evidence: Evidence) -> Array:
    wide = len(evidence.numbers()) > _MOST_COLUMNS // 5
    return evidence.positions(_FEW_ROWS) if wide else evidence.positions()


def _pairs(evidence: Evidence) -> list[tuple[str, str, float]]:
    """Return the columns that go together and tell more than the same, each with an earlier one and r."""
    return evidence.once("correlated", lambda: _correlated(evidence))


def _correlated(evidence: Evidence) -> list[tuple[str, str, float]]:
    import numpy as np

    repeated = {second for _, second, _ in same_columns(evidence)}
    names = [
        facts.name
        for facts in evidence.numbers(without_target=True)
        if facts.kind in NUMERIC and facts.distinct > 2 and facts.name not in repeated
    ][:_MOST_COLUMNS]
    if len(names) < 2 or evidence.rows < LEAST_ROWS:
        return []
    if _is_known(evidence, names):
        r = _known(evidence, names)
    else:
        rows = _positions(evidence)
        r = correlations(np.column_stack([evidence.values(name)[rows] for name in names]))
    found, told = [], set()
    for right in range(len(names)):
        for left in np.flatnonzero(np.abs(r[:right, right]) >= STRONG).tolist():
            if left not in told:
                found.append((names[left], names[right], float(r[left, right])))
                told.add(right)
                break
    return found


def _is_known(evidence: Evidence, names: list[str]) -> bool:
    return evidence.associations is not None and set(names) <= set(evidence.associations.columns)


def _known(evidence: Evidence, names: list[str]) -> Array:
    """Return Pearson's r of every pair of columns as it stands among the associations of the table."""
    import numpy as np

    places = {name: place for place, name in enumerate(names)}
    r = np.zeros((len(names), len(names)))
    for pair in evidence.associations or ():
        if (
            pair.left in places
            and pair.right in places
            and pair.pairs >= LEAST_ROWS
            and pair.plain is not None
        ):
            left, right = places[pair.left], places[pair.right]
            r[left, right] = r[right, left] = pair.plain
    return r


def correlations(values: Array) -> Array:
    """Return Pearson's r of every pair of columns, on the rows where both are finite; 0 where it is unknown.

    Parameters
    ----------
    values : array of shape (n_rows, n_columns)

    Returns
    -------
    array of shape (n_columns, n_columns)
    """
    import numpy as np

    known = np.isfinite(values)
    with np.errstate(all="ignore"):
        filled = np.where(known, values, 0.0)
        counts = known.sum(axis=0)
        centre = filled.sum(axis=0) / np.maximum(counts, 1)
        spread = np.sqrt(np.where(known, (values - centre) ** 2, 0.0).sum(axis=0) / np.maximum(counts, 1))
        scaled = np.where(known, (values - centre) / np.where(spread > 0, spread, 1.0), 0.0)
        both = known.astype(float)
        n = both.T @ both
        sums, squares = scaled.T @ both, (scaled**2).T @ both
        covariance = scaled.T @ scaled - sums * sums.T / np.maximum(n, 1)
        variance = squares - sums**2 / np.maximum(n, 1)
        r = covariance / np.sqrt(variance * variance.T)
    return np.where(np.isfinite(r) & (n >= LEAST_ROWS), r, 0.0)
