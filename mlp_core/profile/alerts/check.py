"""What an alert says, and what a check of a table is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.registry import Registry
from mlp_core.text import Text, visible

if TYPE_CHECKING:
    from mlp_core.profile.alerts.evidence import Evidence

MOST_ALONE: Final = 5
"""Alerts of one check that stand each for one column; more columns share one alert."""

LEAST_ROWS: Final = 20
"""With fewer rows, the shares and repetitions of a column say nothing."""


class Severity(StrEnum):
    """How much an alert matters."""

    INFO = "info"
    WARNING = "warning"
    SERIOUS = "serious"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something to look at, where it was found, and what to do about it.

    Attributes
    ----------
    check : str
        Id of the check that found it.
    severity : Severity
        How much it matters.
    columns : tuple of str
        Where it was found; empty where it concerns whole rows.
    message : Text
        What was found.
    hint : Text
        Why it matters, and what to do.
    evidence : Text, optional
        Numbers and example values that show it.
    fix : mapping, optional
        The step of the recipe that mends it, as plain JSON: ``{"id": …, "params": {…}}``; ``None`` where
        no step can.
    """

    check: str
    severity: Severity
    columns: tuple[str, ...]
    message: Text
    hint: Text
    evidence: Text | None = None
    fix: Mapping[str, Any] | None = None

    @property
    def reason(self) -> Text:
        """Why it matters, and what to do."""
        return self.hint

    def to_json(self) -> dict[str, Any]:
        """Return the alert as plain JSON."""
        return {
            "check": self.check,
            "severity": str(self.severity),
            "columns": list(self.columns),
            "message": self.message.to_json(),
            "hint": self.hint.to_json(),
            "evidence": self.evidence.to_json() if self.evidence is not None else None,
            "fix": dict(self.fix) if self.fix is not None else None,
        }


class Check(ABC):
    """A check of a table; its docstring names what it looks for.

    Attributes
    ----------
    before_training : bool
        Whether it bears on what a model may learn from, so that it is also asked for a chosen target.
    """

    id: ClassVar[str]
    label: ClassVar[Text]
    severity: ClassVar[Severity]
    before_training: ClassVar[bool] = False

    @abstractmethod
    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield an alert where the check holds."""

    def alert(
        self,
        columns: Iterable[str],
        message: Text,
        hint: Text,
        *,
        evidence: Text | None = None,
        fix: Mapping[str, Any] | None = None,
        severity: Severity | None = None,
    ) -> Alert:
        """Return an alert of this check."""
        return Alert(
            check=self.id,
            severity=severity or self.severity,
            columns=tuple(columns),
            message=message,
            hint=hint,
            evidence=evidence,
            fix=fix,
        )


CHECKS: Final[Registry[Check]] = Registry("CHECKS")


def step(operation: str, **params: Any) -> dict[str, Any]:
    """Return a step of the recipe as plain JSON; named only, for the operations stand after this room."""
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in params.items()}
    return {"id": operation, "params": plain}


def listed(items: Sequence[Any]) -> str | Text:
    """Return example values as they stand in a sentence, the first few only."""
    return Text("{items:list}", items=[quoted(item) for item in items])


def quoted(item: Any) -> Text:
    """Return one value as it stands in the data, cut to what a sentence bears."""
    if isinstance(item, str):
        short = item if len(item) <= 40 else f"{item[:39]}…"
        return Text("“{value}”", value=visible(short))
    return Text("{value:n}", value=item)
