"""The check of values that stand for nothing: -999 among prices, “unknown” among professions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from mlp_core.kinds import NUMERIC
from mlp_core.profile.alerts.check import CHECKS, MOST_ALONE, Alert, Check, Severity, quoted, step
from mlp_core.profile.alerts.evidence import Array, Evidence, is_text
from mlp_core.profile.facts import ColumnFacts
from mlp_core.read.missing import WORDS as MISSING
from mlp_core.text import Text

NUMBERS: Final = frozenset(
    {365243.0, 1e9, -1e9}
    | {sign * (10.0**digits - 1) for digits in range(2, 10) for sign in (-1, 1)}
    | {-(10.0**digits - 2) for digits in range(2, 6)}
)
"""What people write for a missing number: nines, and days that last a thousand years."""

SMALL: Final = frozenset({-1.0, -2.0, -8.0, -9.0})
"""Written for a missing count; true in most other columns."""

WORDS: Final = MISSING | {
    *("unspecified", "not specified", "not stated", "non précisé", "non communiqué", "aucun", "s.o."),
    *("-", "--", "---", ".", "..", "...", "_", "?", "??", "???", "*"),
    *("-1", "-9", "-99", "-999", "-9999", "9999"),
}
"""In small letters; what stands for a missing word."""

_LEAST_COUNT: Final = 2
_LEAST_DIFFERENT: Final = 8
_SPIKE: Final = 3
_ROUNDS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Marker:
    """A value that may stand for a missing one, and the rows that hold it."""

    value: float | str
    count: int


@CHECKS.add
class Sentinels(Check):
    """Numbers and words that stand for a missing value, such as -999 or “unknown”."""

    id: ClassVar[str] = "sentinel"
    label: ClassVar[Text] = Text("Hidden missing values")
    severity: ClassVar[Severity] = Severity.WARNING
    before_training: ClassVar[bool] = True

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert for the columns that share their markers."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for facts in evidence.columns:
            found = markers(evidence, facts)
            if found:
                written = tuple(sorted({_written(marker.value) for marker in found}))
                groups.setdefault(written, []).append(facts.name)
        if len(groups) > MOST_ALONE:
            together = tuple(sorted({value for written in groups for value in written}))
            groups = {together: [name for names in groups.values() for name in names]}
        for written, names in groups.items():
            yield self._alert(evidence, written, names)

    def _alert(self, evidence: Evidence, written: tuple[str, ...], names: list[str]) -> Alert:
        counts = [
            Text(
                "{column}: {value} in {count:n} {count|row|rows} ({share:pct})",
                column=name,
                value=quoted(marker.value),
                count=marker.count,
                share=marker.count / evidence.rows,
            )
            for name in names
            for marker in markers(evidence, evidence.by_name[name])
        ]
        return self.alert(
            names,
            Text(
                "In {columns:list}, {values:list} may stand for a missing value.",
                columns=names,
                values=[Text("“{value}”", value=value) for value in written],
            ),
            Text("A model takes such a value for a true one: mark it as missing, unless it means something."),
            evidence=Text("{shown:list}", shown=counts),
            fix=step("mark_missing", columns=names, values=written),
        )


def markers(evidence: Evidence, facts: ColumnFacts) -> tuple[Marker, ...]:
    """Return the values of a column that may stand for missing ones."""
    return evidence.once(("markers", facts.name), lambda: tuple(_markers(evidence, facts)))


def without_markers(evidence: Evidence, facts: ColumnFacts) -> Array:
    """Return the finite numbers of a column that stand for themselves, of shape (n_values,)."""
    import numpy as np

    values = evidence.values(facts.name)
    values = values[np.isfinite(values)]
    found = [marker.value for marker in markers(evidence, facts)]
    return values[~np.isin(values, found)] if found else values


def _markers(evidence: Evidence, facts: ColumnFacts) -> Iterator[Marker]:
    if evidence.table is None or facts.distinct < 2:
        return
    if facts.minimum is not None:
        if facts.kind in NUMERIC:
            yield from _numbers(evidence, facts)
    elif facts.top and not isinstance(facts.top[0][0], bool) and is_text(evidence.series(facts.name)):
        words = evidence.words(facts.name)
        for text, count in words.counts.items():
            if text.strip().casefold() in WORDS or not text.strip():
                whole = count if words.exact else int((evidence.series(facts.name) == text).sum())
                yield Marker(value=text, count=whole)


def _numbers(evidence: Evidence, facts: ColumnFacts) -> Iterator[Marker]:
    """Yield the ends of the range that are written for a missing number and stand apart from all others."""
    import numpy as np

    low, high = facts.minimum, facts.maximum
    if not {low, high} & (NUMBERS | SMALL):
        return
    values = evidence.values(facts.name)
    values = values[np.isfinite(values)]
    for _ in range(_ROUNDS):
        ends = [end for end in (float(values.min()), float(values.max())) if end in NUMBERS | SMALL]
        for end in ends:
            others = values[values != end]
            count = len(values) - len(others)
            if len(others) and _stands_apart(end, count, others):
                yield Marker(value=end, count=count)
                values = others
                break
        else:
            return


def _stands_apart(end: float, count: int, others: Array) -> bool:
    import numpy as np

    low, high = float(others.min()), float(others.max())
    if count < _LEAST_COUNT or low == high:
        return False
    gap = low - end if end < low else end - high
    if end in NUMBERS and abs(end) >= 900:
        return gap > high - low
    if end in NUMBERS:
        return gap > 3 * (high - low)
    # Small negative numbers: everything else counts from nought, and no value is as frequent nearby.
    different, counts = np.unique(others, return_counts=True)
    whole = bool((different == np.floor(different)).all())
    spike = count >= _SPIKE * float(np.median(counts))
    return low >= 0 and whole and len(different) >= _LEAST_DIFFERENT and spike


def _written(value: float | str) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(int(value)) if float(value).is_integer() else repr(value)
