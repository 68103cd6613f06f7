"""How well one column by itself answers for the target, on rows that the rule was not learned from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mlp_core.profile.alerts.check import LEAST_ROWS
from mlp_core.profile.alerts.evidence import Array, Evidence, sample_positions
from mlp_core.profile.facts import ColumnFacts
from mlp_core.task import Task, task_of
from mlp_core.text import Text

MOST_WRONG: Final = 0.02
"""A column that is wrong more often than this does not know the answer."""

MOST_OF_BASE: Final = 0.05
"""Nor does one that makes more than this part of the errors of always giving the commonest answer."""

STRONG: Final = 0.98
"""A number that is correlated so with a target that is a number knows it."""

PURE: Final = 0.95
"""Rows of which surely so many have one answer have it because of what is filled in, or is not."""

_LIFT: Final = 0.1
_MOST_CLASSES: Final = 50
_MANY_COLUMNS: Final = 200
_FEW_ROWS: Final = 2000
_BINS: Final = 50
_SURE_OF: Final = 1.96


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A column that answers for the target, and how that was seen."""

    column: str
    by_presence: bool
    shown: Text


def answers_alone(evidence: Evidence, target: str) -> list[Answer]:
    """Return the columns that answer for the target by themselves, in the order of the table."""
    import numpy as np

    facts = evidence.by_name[target]
    if evidence.table is None or facts.present < LEAST_ROWS or facts.distinct < 2:
        return []
    column = evidence.series(target)
    rows = np.flatnonzero(column.notna().to_numpy())
    wide = len(evidence.columns) > _MANY_COLUMNS
    rows = rows[sample_positions(len(rows), _FEW_ROWS if wide else 5 * _FEW_ROWS)]
    if task_of(column) is Task.REGRESSION:
        return _of_number(evidence, column.iloc[rows], rows)
    if facts.distinct > _MOST_CLASSES:
        return []
    codes = np.unique(evidence.codes(target).codes[rows], return_inverse=True)[1]
    return _of_class(evidence, codes, rows) if len(np.unique(codes)) > 1 else []


def _of_class(evidence: Evidence, classes: Array, rows: Array) -> list[Answer]:
    import numpy as np

    base = 1 - float(np.bincount(classes).max()) / len(classes)
    allowed = min(MOST_WRONG, MOST_OF_BASE * base) if len(classes) >= 100 else 0.0
    found = []
    for facts in evidence.features:
        if facts.distinct < 1 or (facts.distinct < 2 and not facts.missing):
            continue
        wrong = _wrong(evidence, facts, classes, rows)
        if wrong is not None and wrong <= allowed:
            shown = Text(
                "{column}: right in {share:pct} of {rows:n} rows",
                column=facts.name,
                share=1 - wrong,
                rows=len(rows),
            )
            found.append(Answer(column=facts.name, by_presence=False, shown=shown))
            continue
        pure = _by_presence(evidence, facts, classes, rows)
        if pure is not None:
            found.append(Answer(column=facts.name, by_presence=True, shown=pure))
    return found


def _wrong(evidence: Evidence, facts: ColumnFacts, classes: Array, rows: Array) -> float | None:
    """Return how often the commonest class of a value or range is wrong on the half not looked at."""
    import numpy as np

    if facts.distinct < 2:
        return None
    half = np.random.default_rng(0).permutation(len(rows)) % 2 == 0
    measured = facts.minimum is not None
    values = evidence.values(facts.name)[rows] if measured else evidence.codes(facts.name).codes[rows]
    if not measured and facts.distinct * 2 > facts.present:
        return None
    wrong = 0
    for learned, tried in ((half, ~half), (~half, half)):
        groups = _binned(values, classes, learned) if measured else values.astype(np.intp) + 1
        size = int(classes.max()) + 1
        table = np.bincount(groups[learned] * size + classes[learned], minlength=(groups.max() + 1) * size)
        table = table.reshape(-1, size)
        table[table.sum(axis=1) == 0] = np.bincount(classes[learned], minlength=size)
        wrong += int((table.argmax(axis=1)[groups[tried]] != classes[tried]).sum())
    return wrong / len(rows)


def _binned(values: Array, classes: Array, learned: Array) -> Array:
    """Return numbers as ranges whose edges are quantiles of each class, and one of what is missing."""
    import numpy as np

    known = np.isfinite(values)
    edges: list[Array] = []
    for label in np.unique(classes[learned]):
        within = values[learned & known & (classes == label)]
        if len(within):
            shares = np.linspace(0, 1, min(_BINS, len(within)) + 1)
            # Edges that are values: a range between two of them would hold no row to learn from.
            edges.append(np.quantile(within, shares, method="nearest"))
    if not edges:
        return np.zeros(len(values), dtype=int)
    ends = np.unique(np.concatenate(edges))
    # Between two neighbours the edge lies in the middle, so that a value and its like fall on one side.
    groups = 1 + np.searchsorted((ends[1:] + ends[:-1]) / 2, np.where(known, values, 0.0))
    return np.where(known, groups, 0)


def _by_presence(evidence: Evidence, facts: ColumnFacts, classes: Array, rows: Array) -> Text | None:
    import numpy as np

    if not facts.missing or not facts.present:
        return None
    present = evidence.series(facts.name).iloc[rows].notna().to_numpy()
    shares = np.bincount(classes) / len(classes)
    for mask, filled in ((present, True), (~present, False)):
        count = int(mask.sum())
        if count < LEAST_ROWS or count == len(rows):
            continue
        counts = np.bincount(classes[mask], minlength=len(shares))
        answer = int(counts.argmax())
        if _surely(int(counts[answer]), count) >= PURE and shares[answer] <= PURE - _LIFT:
            of = {"column": facts.name, "share": counts[answer] / count, "rows": count, "all": shares[answer]}
            return (
                Text(
                    "{column}: one answer in {share:pct} of {rows:n} rows with a value, {all:pct} of all",
                    **of,
                )
                if filled
                else Text(
                    "{column}: one answer in {share:pct} of {rows:n} rows without a value, {all:pct} of all",
                    **of,
                )
            )
    return None


def _surely(hits: int, count: int) -> float:
    """Return the lower end of Wilson's 95 % interval of a share."""
    share, z = hits / count, _SURE_OF
    middle = share + z * z / (2 * count)
    width = z * ((share * (1 - share) + z * z / (4 * count)) / count) ** 0.5
    return float((middle - width) / (1 + z * z / count))


def _of_number(evidence: Evidence, column: object, rows: Array) -> list[Answer]:
    import numpy as np

    from mlp_core.profile.alerts.evidence import floats

    target = floats(column)  # type: ignore[arg-type]
    found = []
    for facts in evidence.features:
        if facts.minimum is None or facts.distinct < 2:
            continue
        values = evidence.values(facts.name)[rows]
        both = np.isfinite(values) & np.isfinite(target)
        if both.sum() < LEAST_ROWS:
            continue
        r = max(_r(values[both], target[both]), _r(_ranks(values[both]), _ranks(target[both])), key=abs)
        if abs(r) >= STRONG:
            shown = Text(
                "{column}: correlation {r:n} on {rows:n} rows",
                column=facts.name,
                r=Decimal(f"{r:.3f}"),
                rows=int(both.sum()),
            )
            found.append(Answer(column=facts.name, by_presence=False, shown=shown))
    return found


def _r(left: Array, right: Array) -> float:
    import numpy as np

    # Divided by the largest first, so that no square is beyond what a float holds.
    left, right = (part / (np.abs(part).max() or 1.0) for part in (left, right))
    left, right = left - left.mean(), right - right.mean()
    scale = float(np.sqrt((left**2).sum()) * np.sqrt((right**2).sum()))
    return float((left * right).sum()) / scale if scale > 0 else 0.0


def _ranks(values: Array) -> Array:
    """Return the rank of each value, the mean of their ranks for equal ones."""
    import numpy as np

    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return ((ends - counts + ends + 1) / 2)[places]
