"""The check of numbers without a bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from mlp_core.profile.alerts.check import CHECKS, Alert, Check, Severity, step
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.text import Text


@CHECKS.add
class Infinite(Check):
    """Columns that hold infinite values."""

    id: ClassVar[str] = "infinite"
    label: ClassVar[Text] = Text("Infinite values")
    severity: ClassVar[Severity] = Severity.SERIOUS
    before_training: ClassVar[bool] = True

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns, with the number of infinite values."""
        found = [facts for facts in evidence.columns if facts.infinite]
        if found:
            names = [facts.name for facts in found]
            yield self.alert(
                names,
                Text(
                    "{n:n} infinite {n|value stands|values stand} in {columns:list}.",
                    n=sum(facts.infinite for facts in found),
                    columns=names,
                ),
                Text("Find where they come from: a division by zero, most often."),
                evidence=Text(
                    "{shown:list}",
                    shown=[
                        Text("{column}: {count:n}", column=facts.name, count=facts.infinite)
                        for facts in found
                    ],
                ),
                fix=step("mark_missing", columns=names, values=["inf", "-inf"]),
            )
