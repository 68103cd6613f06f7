"""Checks of what stands in a table twice: rows, and columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from mlp_core.profile.alerts.check import CHECKS, Alert, Check, Severity, step
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.profile.facts import ColumnFacts
from mlp_core.text import Text

_LEAST_REPEATED: Final = 2
"""Rows per different value, on average, from which equal groups of rows are no accident."""


@CHECKS.add
class DuplicateRows(Check):
    """Rows that repeat an earlier row in every column."""

    id: ClassVar[str] = "duplicate_rows"
    label: ClassVar[Text] = Text("Duplicate rows")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert with the number of duplicates."""
        if evidence.duplicate_rows:
            yield self.alert(
                [],
                Text(
                    "{n:n} {n|row repeats|rows repeat} an earlier row ({share:pct} of all).",
                    n=evidence.duplicate_rows,
                    share=evidence.duplicate_rows / evidence.rows,
                ),
                Text("Drop duplicates, unless the same values may well occur twice."),
                evidence=Text(
                    "{n:n} of {rows:n} rows, compared in every column.",
                    n=evidence.duplicate_rows,
                    rows=evidence.rows,
                ),
                fix=step("drop_duplicates"),
            )


@CHECKS.add
class DuplicateColumns(Check):
    """Columns that say the same as another, value for value or under other names."""

    id: ClassVar[str] = "duplicate_columns"
    label: ClassVar[Text] = Text("Duplicate columns")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns that repeat an earlier one."""
        pairs = same_columns(evidence)
        if pairs:
            repeated = [second for _, second, _ in pairs]
            shown = [
                Text("{second} = {first}", second=second, first=first)
                if equal
                else Text("{second} ↔ {first}, one value for one", second=second, first=first)
                for first, second, equal in pairs
            ]
            yield self.alert(
                repeated,
                Text(
                    "{columns:list} {n|says|say} the same as another column.",
                    columns=repeated,
                    n=len(repeated),
                ),
                Text("Keep one of each: a repeated column counts twice in distances and coefficients."),
                evidence=Text("{shown:list}", shown=shown),
                fix=step("drop_columns", columns=repeated),
            )


def same_columns(evidence: Evidence) -> list[tuple[str, str, bool]]:
    """Return each column that repeats an earlier one, as (earlier, repeated, equal value for value)."""
    return evidence.once("same_columns", lambda: list(_same(evidence)))


def _same(evidence: Evidence) -> Iterator[tuple[str, str, bool]]:
    if evidence.table is None or evidence.rows < 2:
        return
    alike: dict[Any, list[ColumnFacts]] = defaultdict(list)
    for facts in evidence.features:
        if facts.distinct > 1:
            key: Any = (facts.distinct, facts.missing)
            alike[key if _may_be_recoded(facts) else (*key, *_told(facts))].append(facts)
    for columns in alike.values():
        if len(columns) > 1:
            yield from _among(evidence, columns)


def _among(evidence: Evidence, columns: list[ColumnFacts]) -> Iterator[tuple[str, str, bool]]:
    """Yield the repetitions among columns of which the facts are alike."""
    first_of: dict[bytes, list[str]] = defaultdict(list)
    for facts in columns:
        earlier = first_of[_codes(evidence.sampled_codes(facts.name)).tobytes()]
        for name in earlier:
            equal = _equal(evidence, name, facts.name)
            if equal or (_may_be_recoded(facts) and _recoded(evidence, name, facts.name)):
                yield name, facts.name, equal
                break
        else:
            earlier.append(facts.name)


def _may_be_recoded(facts: ColumnFacts) -> bool:
    """Whether values repeat enough: columns of nothing but different values all go together one for one."""
    return facts.distinct * _LEAST_REPEATED <= facts.present


def _told(facts: ColumnFacts) -> tuple[Any, ...]:
    """Return facts that equal columns share."""
    return (facts.minimum, facts.maximum, facts.mean, facts.top, facts.examples, facts.earliest, facts.latest)


def _codes(values: Any) -> Any:
    """Return codes in the order in which they first occur."""
    import pandas as pd

    return pd.factorize(values, use_na_sentinel=False)[0]


def _equal(evidence: Evidence, first: str, second: str) -> bool:
    import numpy as np

    left, right = evidence.by_name[first], evidence.by_name[second]
    if _told(left) != _told(right):
        return False
    if left.minimum is not None:
        return bool(np.array_equal(evidence.values(first), evidence.values(second), equal_nan=True))
    one, other = evidence.series(first), evidence.series(second)
    return one.dtype == other.dtype and one.reset_index(drop=True).equals(other.reset_index(drop=True))


def _recoded(evidence: Evidence, first: str, second: str) -> bool:
    """Whether each value of one column goes with one value of the other, in every row."""
    one, other = (_codes(evidence.codes(name).codes) for name in (first, second))
    return bool((one == other).all())
