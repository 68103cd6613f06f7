"""The check of dates that have not come yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from mlp_core.profile.alerts.check import CHECKS, Alert, Check, Severity
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.text import Text


@CHECKS.add
class FutureDates(Check):
    """Dates that lie in the future."""

    id: ClassVar[str] = "future_dates"
    label: ClassVar[Text] = Text("Dates in the future")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns, with how many rows and the latest date."""
        today = evidence.today
        if today is None or evidence.table is None:
            return
        found = [
            facts
            for facts in evidence.columns
            if facts.latest is not None and datetime.fromisoformat(facts.latest).date() > today
        ]
        if found:
            import pandas as pd

            names = [facts.name for facts in found]
            end = pd.Timestamp(today) + pd.Timedelta(days=1)
            shown = [
                Text(
                    "{column}: {count:n} {count|row|rows}, up to {latest}",
                    column=facts.name,
                    count=_after(evidence, facts.name, end),
                    latest=(facts.latest or "")[:10],
                )
                for facts in found
            ]
            yield self.alert(
                names,
                Text("Dates of {columns:list} lie after {today}.", columns=names, today=today.isoformat()),
                Text("Check whether day and month were exchanged, or whether these dates are planned ones."),
                evidence=Text("{shown:list}", shown=shown),
            )


def _after(evidence: Evidence, name: str, end: object) -> int:
    column = evidence.series(name)
    if getattr(column.dtype, "tz", None) is not None:
        column = column.dt.tz_localize(None)
    return int((column >= end).sum())
