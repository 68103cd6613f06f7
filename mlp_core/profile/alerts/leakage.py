"""The check of columns that know the answer already.

Each column is asked by itself: a rule of one step is learned from one half of the rows and tried on the
other. A true measurement hardly ever answers every time; what was written down after the event does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mlp_core.profile.alerts.alone import Answer, answers_alone
from mlp_core.profile.alerts.check import CHECKS, Alert, Check, Severity, step
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.text import Text

_TOLD: Final = re.compile(r"(?i)(^|[_\W])target[_\W]\w|\w[_\W]target$")


@CHECKS.add
class Leakage(Check):
    """Columns that tell the target nearly every time, by themselves."""

    id: ClassVar[str] = "leakage"
    label: ClassVar[Text] = Text("Answers among the questions")
    severity: ClassVar[Severity] = Severity.SERIOUS
    before_training: ClassVar[bool] = True

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert for columns that answer, one for those that are filled only after the event."""
        if evidence.target is None:
            yield from self._named(evidence)
            return
        found = answers_alone(evidence, evidence.target)
        values = [answer for answer in found if not answer.by_presence]
        presence = [answer for answer in found if answer.by_presence]
        if values:
            yield self._alert(
                evidence,
                values,
                Text(
                    "{columns:list} {n|tells|tell} {target} nearly every time, without any other column.",
                    columns=[answer.column for answer in values],
                    n=len(values),
                    target=evidence.target,
                ),
            )
        if presence:
            yield self._alert(
                evidence,
                presence,
                Text(
                    "Whether {columns:list} {n|is|are} filled in tells {target}.",
                    columns=[answer.column for answer in presence],
                    n=len(presence),
                    target=evidence.target,
                ),
            )

    def _alert(self, evidence: Evidence, found: list[Answer], message: Text) -> Alert:
        names = [answer.column for answer in found]
        return self.alert(
            names,
            message,
            Text(
                "Is it known when the prediction is to be made? What is written down after the event, or "
                "computed from the target, must be dropped: the score would be too good to be true."
            ),
            evidence=Text("{shown:list}", shown=[answer.shown for answer in found]),
            fix=step("drop_columns", columns=names),
        )

    def _named(self, evidence: Evidence) -> Iterator[Alert]:
        names = [facts.name for facts in evidence.columns if _TOLD.search(facts.name)]
        if names:
            yield self.alert(
                names,
                Text(
                    "By {n|its name|their names}, {columns:list} may be made from the target.",
                    columns=names,
                    n=len(names),
                ),
                Text("Choose it as the target, or drop it if it is computed from the target."),
                severity=Severity.INFO,
            )
