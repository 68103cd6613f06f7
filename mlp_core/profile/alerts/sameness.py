"""Checks of columns that tell nothing: one value in every row, or another in every row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mlp_core.kinds import Kind
from mlp_core.profile.alerts.check import CHECKS, LEAST_ROWS, Alert, Check, Severity, listed, step
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.profile.facts import ColumnFacts
from mlp_core.text import Text

_TIME: Final = re.compile(
    r"(?i)(^|[_\W\d])(year|annee|année|an|yr|date|time|day|jour|month|mois)s?([_\W\d]|$)"
)
"""Numbers of such a name follow the calendar, even if each stands there once."""

_SPAN: Final = 1.2
"""Whole numbers that run over more than this many times the rows are measured, even if all differ."""


@CHECKS.add
class Constant(Check):
    """Columns in which every value is the same."""

    id: ClassVar[str] = "constant"
    label: ClassVar[Text] = Text("Constant columns")
    severity: ClassVar[Severity] = Severity.WARNING
    before_training: ClassVar[bool] = True

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the constant columns."""
        found = [facts for facts in evidence.columns if facts.distinct == 1 and evidence.rows > 1]
        if found:
            names = [facts.name for facts in found]
            shown = [
                Text("{column}: {values}", column=facts.name, values=listed(facts.examples[:1]))
                for facts in found
            ]
            yield self.alert(
                names,
                Text("Only one value occurs in {columns:list}.", columns=names),
                Text("Drop what never varies: nothing can be learned from it."),
                evidence=Text("{shown:list}", shown=shown),
                fix=step("drop_columns", columns=names),
            )


@CHECKS.add
class Identifier(Check):
    """Columns that number or name the rows."""

    id: ClassVar[str] = "identifier"
    label: ClassVar[Text] = Text("Identifiers")
    severity: ClassVar[Severity] = Severity.WARNING
    before_training: ClassVar[bool] = True

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns whose values are all different."""
        found = [facts for facts in evidence.features if evidence.rows >= LEAST_ROWS and _identifies(facts)]
        if found:
            names = [facts.name for facts in found]
            shown = [
                Text(
                    "{column}: {distinct:n} different values, such as {values}",
                    column=facts.name,
                    distinct=facts.distinct,
                    values=listed(facts.examples[:2]),
                )
                for facts in found
            ]
            yield self.alert(
                names,
                Text("Every row has a value of its own in {columns:list}.", columns=names)
                if all(facts.distinct == facts.present for facts in found)
                else Text("Rows are named or numbered by {columns:list}.", columns=names),
                Text("Drop what only names the rows, or a model may learn the rows by heart."),
                evidence=Text("{shown:list}", shown=shown),
                fix=step("drop_columns", columns=names),
            )


def _identifies(facts: ColumnFacts) -> bool:
    """Whether all values differ: any text, or whole numbers that run on without wide gaps, but years."""
    if facts.kind is Kind.IDENTIFIER:
        return True
    if facts.missing or facts.distinct < facts.rows:
        return False
    if facts.kind is Kind.TEXT:
        return True
    if facts.kind is not Kind.INTEGER or _TIME.search(facts.name):
        return False
    span = (facts.maximum or 0) - (facts.minimum or 0) + 1
    return span <= _SPAN * facts.rows
