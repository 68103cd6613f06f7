"""What a person should look at before training: one class for each thing that may be wrong.

A new alert is one class here or in a module beside this one: its first docstring line is what people read
in the list of checks, ``find`` says where it holds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final

from mlp_core.kinds import NUMERIC, Kind
from mlp_core.profile.facts import ColumnFacts
from mlp_core.registry import Registry
from mlp_core.text import Text

HIGH_MISSING: Final = 0.3
"""Above this share of missing values a column gets an alert."""

LEAST_ROWS: Final = 20
"""With fewer rows, all values being different says nothing."""


class Severity(StrEnum):
    """How much an alert matters."""

    INFO = "info"
    WARNING = "warning"
    SERIOUS = "serious"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something to look at, where it was found, and what to do about it."""

    check: str
    severity: Severity
    columns: tuple[str, ...]
    message: Text
    hint: Text

    def to_json(self) -> dict[str, Any]:
        """Return the alert as plain JSON."""
        return {
            "check": self.check,
            "severity": str(self.severity),
            "columns": list(self.columns),
            "message": self.message.to_json(),
            "hint": self.hint.to_json(),
        }


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a check may look at."""

    rows: int
    columns: tuple[ColumnFacts, ...]
    duplicate_rows: int


class Check(ABC):
    """A check of a table; its docstring names what it looks for."""

    id: ClassVar[str]
    label: ClassVar[Text]
    severity: ClassVar[Severity]

    @abstractmethod
    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield an alert where the check holds."""

    def alert(self, columns: list[ColumnFacts], message: Text, hint: Text) -> Alert:
        """Return an alert of this check."""
        names = tuple(facts.name for facts in columns)
        return Alert(check=self.id, severity=self.severity, columns=names, message=message, hint=hint)


CHECKS: Final[Registry[Check]] = Registry("CHECKS")


@CHECKS.add
class AllMissing(Check):
    """Columns in which every value is missing."""

    id: ClassVar[str] = "all_missing"
    label: ClassVar[Text] = Text("Empty columns")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the empty columns."""
        found = [facts for facts in evidence.columns if evidence.rows and not facts.present]
        if found:
            message = Text("Nothing but missing values in {columns:list}.", columns=_names(found))
            yield self.alert(found, message, Text("Drop what is empty: nothing can be learned from it."))


@CHECKS.add
class HighMissing(Check):
    """Columns in which more than 30 % of the values are missing."""

    id: ClassVar[str] = "high_missing"
    label: ClassVar[Text] = Text("Many missing values")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert for each column, with its share."""
        for facts in evidence.columns:
            if HIGH_MISSING < facts.share_missing < 1:
                message = Text(
                    "{share:pct} of {column} is missing.", share=facts.share_missing, column=facts.name
                )
                yield self.alert([facts], message, Text("Fill the gaps, or drop the column."))


@CHECKS.add
class Constant(Check):
    """Columns in which every value is the same."""

    id: ClassVar[str] = "constant"
    label: ClassVar[Text] = Text("Constant columns")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the constant columns."""
        found = [facts for facts in evidence.columns if facts.distinct == 1 and evidence.rows > 1]
        if found:
            message = Text("Only one value occurs in {columns:list}.", columns=_names(found))
            yield self.alert(found, message, Text("Drop what never varies: nothing can be learned from it."))


@CHECKS.add
class Identifier(Check):
    """Columns that number or name the rows."""

    id: ClassVar[str] = "identifier"
    label: ClassVar[Text] = Text("Identifiers")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns whose values are all different."""
        found = [facts for facts in evidence.columns if evidence.rows >= LEAST_ROWS and _identifies(facts)]
        if found:
            message = Text("Every row has a value of its own in {columns:list}.", columns=_names(found))
            hint = Text("Drop what only names the rows, or a model may learn the rows by heart.")
            yield self.alert(found, message, hint)


@CHECKS.add
class Infinite(Check):
    """Columns that hold infinite values."""

    id: ClassVar[str] = "infinite"
    label: ClassVar[Text] = Text("Infinite values")
    severity: ClassVar[Severity] = Severity.SERIOUS

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns, with the number of infinite values."""
        found = [facts for facts in evidence.columns if facts.infinite]
        if found:
            count = sum(facts.infinite for facts in found)
            message = Text(
                "{n:n} infinite {n|value stands|values stand} in {columns:list}.",
                n=count,
                columns=_names(found),
            )
            yield self.alert(
                found, message, Text("Find where they come from: a division by zero, most often.")
            )


@CHECKS.add
class DuplicateRows(Check):
    """Rows that repeat an earlier row in every column."""

    id: ClassVar[str] = "duplicate_rows"
    label: ClassVar[Text] = Text("Duplicate rows")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert with the number of duplicates."""
        if evidence.duplicate_rows:
            message = Text(
                "{n:n} {n|row repeats|rows repeat} an earlier row ({share:pct} of all).",
                n=evidence.duplicate_rows,
                share=evidence.duplicate_rows / evidence.rows,
            )
            hint = Text("Drop duplicates, unless the same values may well occur twice.")
            yield self.alert([], message, hint)


def _names(columns: list[ColumnFacts]) -> list[str]:
    return [facts.name for facts in columns]


def _identifies(facts: ColumnFacts) -> bool:
    """Whether all values differ: any text, or whole numbers that run on without wide gaps."""
    if facts.missing or facts.distinct < facts.rows:
        return False
    if facts.kind is Kind.TEXT:
        return True
    if facts.kind is not Kind.INTEGER or facts.kind not in NUMERIC:
        return False
    span = (facts.maximum or 0) - (facts.minimum or 0) + 1
    return span <= 2 * facts.rows
