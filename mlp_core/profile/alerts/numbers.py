"""Checks of how numbers are spread: skew, and values that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from mlp_core.kinds import NUMERIC
from mlp_core.profile.alerts.check import CHECKS, LEAST_ROWS, MOST_ALONE, Alert, Check, Severity, step
from mlp_core.profile.alerts.evidence import Array, Evidence
from mlp_core.profile.alerts.sentinels import markers, without_markers
from mlp_core.profile.facts import ColumnFacts
from mlp_core.text import Text

STRONG_SKEW: Final = 2.0
"""Beyond this skewness most numbers crowd at one end."""

_LEAST_DIFFERENT: Final = 10
_MOST_LISTED: Final = 20


@CHECKS.add
class Skew(Check):
    """Positive numbers of which most crowd at one end."""

    id: ClassVar[str] = "skew"
    label: ClassVar[Text] = Text("Skewed numbers")
    severity: ClassVar[Severity] = Severity.INFO

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns, with their skewness."""
        found = [
            facts
            for facts in evidence.numbers(without_target=True)
            if facts.kind in NUMERIC
            and facts.distinct > _LEAST_DIFFERENT
            and facts.present >= LEAST_ROWS
            and (facts.minimum or 0) >= 0
            and (facts.skew or 0) > STRONG_SKEW
            and not markers(evidence, facts)
        ]
        if found:
            names = [facts.name for facts in found]
            shown = [
                Text("{column}: {skew:n}", column=facts.name, skew=Decimal(f"{facts.skew or 0:.1f}"))
                for facts in found
            ]
            yield self.alert(
                names,
                Text("Most values of {columns:list} are small, and a few very large.", columns=names),
                Text("Linear models and distances follow the few: take the logarithm, or use trees."),
                evidence=Text("Skewness, 0 for a symmetric spread: {shown:list}.", shown=shown),
                fix=step("log_transform", columns=names),
            )


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Where the values of a column of some name must lie."""

    named: re.Pattern[str]
    low: float
    high: float
    usual: float = 0.0
    """What the largest value reaches at least where the column is in this unit."""

    def holds(self, facts: ColumnFacts) -> bool:
        """Whether the middle half of the column lies within, so that it is in this unit at all."""
        first, third = facts.quantile(0.25), facts.quantile(0.75)
        if first is None or third is None or facts.maximum is None:
            return False
        return self.low <= first and third <= self.high and facts.maximum >= self.usual


def _named(words: str) -> re.Pattern[str]:
    # A name of several words is cut at blanks, marks and capital letters.
    return re.compile(rf"(?:^|[\W_\d])(?:{words})(?:[\W_\d]|$)")


BOUNDS: Final = (
    Bounds(named=_named("age|ages"), low=0, high=120, usual=2),
    Bounds(named=_named("percent|percentage|pct|pourcent|pourcentage"), low=0, high=100, usual=2),
    Bounds(named=_named("lat|latitude"), low=-90, high=90),
    Bounds(named=_named("lon|lng|long|longitude"), low=-180, high=180),
    Bounds(named=_named("year|yr|annee|année"), low=1000, high=2100),
    Bounds(named=_named("month|mois"), low=1, high=12),
    Bounds(named=_named("hour|heure"), low=0, high=24),
    Bounds(
        named=_named("height|taille|weight|poids|length|longueur|width|largeur|surface|area"),
        low=0,
        high=float("inf"),
        usual=1,
    ),
)


@CHECKS.add
class SuspiciousRange(Check):
    """Values that cannot be, by the name of their column: an age of 200, a latitude of 95."""

    id: ClassVar[str] = "suspicious_range"
    label: ClassVar[Text] = Text("Impossible values")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert for each column with its values, or one for all of very many."""
        found = [
            (facts, bounds, outside)
            for facts in evidence.numbers()
            for bounds in (_bounds_of(facts),)
            if bounds is not None and bounds.holds(facts)
            for outside in (_outside(evidence, facts, bounds),)
            if len(outside)
        ]
        if len(found) > MOST_ALONE:
            names = [facts.name for facts, _, _ in found]
            yield self.alert(
                names,
                Text("{columns:list} hold values that cannot be.", columns=names),
                Text("Correct them where they come from, or mark them as missing."),
                evidence=Text("{shown:list}", shown=[_shown(*one) for one in found]),
            )
            return
        for facts, bounds, outside in found:
            yield self._alone(facts, bounds, outside)

    def _alone(self, facts: ColumnFacts, bounds: Bounds, outside: Array) -> Alert:
        import numpy as np

        different = np.unique(outside)
        written = [f"{value:.15g}" for value in different.tolist()]
        return self.alert(
            [facts.name],
            Text("{column} holds values that cannot be.", column=facts.name),
            Text("Correct them where they come from, or mark them as missing."),
            evidence=_shown(facts, bounds, outside),
            fix=step("mark_missing", columns=[facts.name], values=written)
            if len(different) <= _MOST_LISTED
            else None,
        )


def _shown(facts: ColumnFacts, bounds: Bounds, outside: Array) -> Text:
    import numpy as np

    values = [Text("{value:n}", value=value) for value in np.unique(outside).tolist()]
    if bounds.high == float("inf"):
        return Text(
            "{column}: {count:n} {count|value|values} below {low:n}: {values:list}",
            column=facts.name,
            count=len(outside),
            low=bounds.low,
            values=values,
        )
    return Text(
        "{column}: {count:n} {count|value|values} outside {low:n} to {high:n}: {values:list}",
        column=facts.name,
        count=len(outside),
        low=bounds.low,
        high=bounds.high,
        values=values,
    )


def _bounds_of(facts: ColumnFacts) -> Bounds | None:
    if facts.kind not in NUMERIC:
        return None
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", facts.name).casefold()
    found = next((bounds for bounds in BOUNDS if bounds.named.search(name)), None)
    if found is None and "%" in name:
        found = BOUNDS[1]
    return found


def _outside(evidence: Evidence, facts: ColumnFacts, bounds: Bounds) -> Array:
    """Return the values out of bounds that are not written for a missing one."""
    low, high = facts.minimum or 0.0, facts.maximum or 0.0
    if bounds.low <= low and high <= bounds.high:
        return evidence.values(facts.name)[:0]
    values = without_markers(evidence, facts)
    return values[(values < bounds.low) | (values > bounds.high)]
