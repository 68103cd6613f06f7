"""Checks of columns of text whose cells are of different sorts: numbers among words, several units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mlp_core.kinds import Kind
from mlp_core.profile.alerts.check import CHECKS, LEAST_ROWS, Alert, Check, Severity, listed, step
from mlp_core.profile.alerts.evidence import SAMPLE_ROWS, Evidence, Words
from mlp_core.profile.facts import ColumnFacts
from mlp_core.text import Text

MOSTLY: Final = 0.9
"""With this share of numbers, a column is one of numbers with some words in it."""

SOME: Final = 0.2
"""With less, it is one of words."""

_NUMBER: Final = re.compile(r"\s*[-+]?(?!0\d)(\d{1,15}([.,]\d+)?|[.,]\d+)([eE][-+]?\d{1,3})?\s*%?\s*")


@CHECKS.add
class MixedTypes(Check):
    """Columns that hold numbers and words."""

    id: ClassVar[str] = "mixed_types"
    label: ClassVar[Text] = Text("Numbers among words")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert for the columns of numbers with some words, one for those of both."""
        found = [
            (facts, evidence.words(facts.name), numbers)
            for facts in evidence.texts()
            if facts.present >= LEAST_ROWS // 2
            for numbers in (_numbers(evidence.words(facts.name)),)
            if SOME <= numbers < 1
        ]
        for mostly in (True, False):
            columns = [one for one in found if (one[2] >= MOSTLY) is mostly]
            if columns:
                yield self._alert(columns, mostly=mostly)

    def _alert(self, columns: list[tuple[ColumnFacts, Words, float]], *, mostly: bool) -> Alert:
        names = [facts.name for facts, _, _ in columns]
        shown = [_shown(facts, words, numbers, mostly=mostly) for facts, words, numbers in columns]
        return self.alert(
            names,
            Text("{columns:list} {n|holds|hold} numbers and words.", columns=names, n=len(names)),
            Text("Read as numbers; what is no number becomes missing.")
            if mostly
            else Text("Find out whether they are codes; numbers with words among them count as words."),
            evidence=Text("{shown:list}", shown=shown)
            if all(words.exact for _, words, _ in columns)
            else Text(
                "{shown:list}; estimated from a sample of {rows:n} rows", shown=shown, rows=SAMPLE_ROWS
            ),
            fix=step("change_kind", columns=names, kind=str(Kind.NUMBER)) if mostly else None,
            severity=self.severity if mostly else Severity.INFO,
        )


@CHECKS.add
class UnitMix(Check):
    """Columns of measures in several units."""

    id: ClassVar[str] = "unit_mix"
    label: ClassVar[Text] = Text("Several units")
    severity: ClassVar[Severity] = Severity.WARNING

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns, with the rows of each unit."""
        from mlp_core.read.units import unit_of

        found = []
        for facts in evidence.texts():
            words = evidence.words(facts.name)
            if not any(any(mark.isdigit() for mark in text) for text in list(words.counts)[:_PROBED]):
                continue
            units = unit_of(list(words.counts)[:_MOST_TEXTS])
            # After a blank any word passes for a unit; “3 rue Ney” is none for all that.
            known = [unit for unit in units if unit and unit_of([f"1{unit}"])]
            if len(known) > 1 and sum(units[unit] for unit in known) >= MOSTLY * sum(units.values()):
                found.append((facts.name, _rows(words, known)))
        if found:
            names = [name for name, _ in found]
            shown = [
                Text(
                    "{column}: {units:list}",
                    column=name,
                    units=[
                        Text("{unit} ({count:n})", unit=unit, count=count) for unit, count in units.items()
                    ],
                )
                for name, units in found
            ]
            yield self.alert(
                names,
                Text("{columns:list} {n|holds|hold} measures in several units.", columns=names, n=len(names)),
                Text("Bring them to one unit in the file: only you know what converts one into the other."),
                evidence=Text("{shown:list}", shown=shown),
            )


_PROBED: Final = 20
_MOST_TEXTS: Final = 2000


def _numbers(words: Words) -> float:
    """Return the share of the cells that are numbers; codes that begin with a zero are none."""
    if not any(any(mark.isdigit() for mark in text) for text in words.counts):
        return 0.0
    return sum(count for text, count in words.counts.items() if _NUMBER.fullmatch(text)) / words.total


def _shown(facts: ColumnFacts, words: Words, numbers: float, *, mostly: bool) -> Text:
    strange = [text for text in words.counts if bool(_NUMBER.fullmatch(text)) is not mostly]
    return Text(
        "{column}: {share:pct} numbers, besides {values}"
        if mostly
        else "{column}: {share:pct} numbers, such as {values}",
        column=facts.name,
        share=numbers,
        values=listed(strange[:4]),
    )


def _rows(words: Words, units: list[str]) -> dict[str, int]:
    """Return how many rows have each unit."""
    from mlp_core.read.units import unit_of

    counts = dict.fromkeys(units, 0)
    for text, count in words.counts.items():
        for unit in unit_of([text]):
            if unit in counts:
                counts[unit] += count
    return counts
