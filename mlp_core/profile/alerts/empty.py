"""Checks of what is missing: whole columns, many cells, answers to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from mlp_core.kinds import NUMERIC, Kind
from mlp_core.profile.alerts.check import CHECKS, MOST_ALONE, Alert, Check, Severity, step
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.profile.facts import ColumnFacts
from mlp_core.text import Text

HIGH_MISSING: Final = 0.3
"""Above this share of missing values a column gets an alert."""

HOPELESS: Final = 0.6
"""Above this share it is proposed to drop the column: most of what would fill it is made up."""


@CHECKS.add
class AllMissing(Check):
    """Columns in which every value is missing."""

    id: ClassVar[str] = "all_missing"
    label: ClassVar[Text] = Text("Empty columns")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the empty columns."""
        found = [facts.name for facts in evidence.columns if evidence.rows and not facts.present]
        if found:
            yield self.alert(
                found,
                Text("Nothing but missing values in {columns:list}.", columns=found),
                Text("Drop what is empty: nothing can be learned from it."),
                evidence=Text("{rows:n} {rows|cell|cells} each, all missing.", rows=evidence.rows),
                fix=step("drop_columns", columns=found),
            )


@CHECKS.add
class HighMissing(Check):
    """Columns in which more than 30 % of the values are missing."""

    id: ClassVar[str] = "high_missing"
    label: ClassVar[Text] = Text("Many missing values")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert for each column with its share, or one for all of very many."""
        found = [facts for facts in evidence.features if HIGH_MISSING < facts.share_missing < 1]
        if len(found) <= MOST_ALONE:
            for facts in found:
                yield self._alone(facts)
            return
        for columns in (
            [facts for facts in found if facts.share_missing > HOPELESS],
            [facts for facts in found if facts.share_missing <= HOPELESS],
        ):
            if columns:
                yield self._together(columns)

    def _alone(self, facts: ColumnFacts) -> Alert:
        return self.alert(
            [facts.name],
            Text("{share:pct} of {column} is missing.", share=facts.share_missing, column=facts.name),
            Text("Fill the gaps, or drop the column."),
            evidence=Text(
                "{missing:n} of {rows:n} {rows|cell is|cells are} missing.",
                missing=facts.missing,
                rows=facts.rows,
            ),
            fix=_mending([facts]),
        )

    def _together(self, columns: list[ColumnFacts]) -> Alert:
        shares = [
            Text("{column} ({share:pct})", column=facts.name, share=facts.share_missing)
            for facts in sorted(columns, key=lambda facts: -facts.share_missing)
        ]
        return self.alert(
            [facts.name for facts in columns],
            Text("In {count:n} columns, more than 30% of the values are missing.", count=len(columns)),
            Text("Fill the gaps, or drop the columns."),
            evidence=Text("{shares:list}", shares=shares),
            fix=_mending(columns),
        )


@CHECKS.add
class MissingTarget(Check):
    """Rows in which the target has no value."""

    id: ClassVar[str] = "missing_target"
    label: ClassVar[Text] = Text("Rows without an answer")
    severity: ClassVar[Severity] = Severity.WARNING
    before_training: ClassVar[bool] = True

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert with the number of such rows."""
        facts = evidence.by_name.get(evidence.target or "")
        if facts is not None and 0 < facts.missing < facts.rows:
            yield self.alert(
                [facts.name],
                Text("The target {column} is missing in part of the rows.", column=facts.name),
                Text("Rows without an answer cannot be learned from: they are left out of the training."),
                evidence=Text(
                    "{missing:n} of {rows:n} rows ({share:pct}).",
                    missing=facts.missing,
                    rows=facts.rows,
                    share=facts.share_missing,
                ),
                fix=step("drop_missing", columns=[facts.name]),
            )


def _mending(columns: list[ColumnFacts]) -> dict[str, Any] | None:
    names = [facts.name for facts in columns]
    if all(facts.share_missing > HOPELESS for facts in columns):
        return step("drop_columns", columns=names)
    if all(facts.kind in NUMERIC for facts in columns):
        return step("fill_missing", columns=names, how="median")
    if all(facts.kind in (Kind.CATEGORY, Kind.TEXT) for facts in columns):
        # The most frequent word would be made to stand for very many rows.
        return step("fill_missing", columns=names, how="value", value="not given")
    return None
