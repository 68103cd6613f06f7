"""Checks of the number of categories, and of how many rows each has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from mlp_core.kinds import Kind
from mlp_core.profile.alerts.check import CHECKS, Alert, Check, Severity, listed, step
from mlp_core.profile.alerts.evidence import Evidence, is_text
from mlp_core.profile.facts import ColumnFacts
from mlp_core.task import Task, task_of
from mlp_core.text import Text

RARE: Final = 0.01
"""Below this share of the rows a category is rare."""

MANY: Final = 50
"""More categories than these are spread over a column each, or over codes without an order."""

UNEVEN: Final = 0.4
"""A class is rare with less than this part of the rows that it would have if all had as many."""

_LEAST_ROWS: Final = 100
_LEAST_RARE: Final = 2


@CHECKS.add
class RareCategories(Check):
    """Columns in which several categories have less than 1 % of the rows."""

    id: ClassVar[str] = "rare_categories"
    label: ClassVar[Text] = Text("Rare categories")
    severity: ClassVar[Severity] = Severity.INFO

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns, with how many are rare."""
        found = []
        for facts in _categories(evidence):
            words = evidence.words(facts.name)
            rare = [text for text, count in words.counts.items() if count < RARE * words.total]
            if evidence.rows >= _LEAST_ROWS and len(rare) >= _LEAST_RARE and facts.distinct <= MANY:
                found.append((facts.name, rare))
        if found:
            names = [name for name, _ in found]
            shown = [
                Text(
                    "{column}: {count:n} {count|category|categories}, such as {values}",
                    column=name,
                    count=len(rare),
                    values=listed(rare[-2:]),
                )
                for name, rare in found
            ]
            yield self.alert(
                names,
                Text("Some categories of {columns:list} have less than 1% of the rows.", columns=names),
                Text("Little can be learned from so few rows: group the rare ones."),
                evidence=Text("{shown:list}", shown=shown),
                fix=step("group_rare", columns=names, share=RARE),
            )


@CHECKS.add
class TooManyCategories(Check):
    """Columns of more than 50 categories."""

    id: ClassVar[str] = "many_categories"
    label: ClassVar[Text] = Text("Too many categories")
    severity: ClassVar[Severity] = Severity.INFO

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert naming the columns, with how many categories they have."""
        found = [facts for facts in _categories(evidence) if facts.distinct > MANY]
        if found:
            names = [facts.name for facts in found]
            shown = [
                Text("{column}: {count:n} categories", column=facts.name, count=facts.distinct)
                for facts in found
            ]
            yield self.alert(
                names,
                Text("{columns:list} {n|has|have} more than 50 categories.", columns=names, n=len(names)),
                Text("Group the rare ones, or leave the column out: each category needs rows of its own."),
                evidence=Text("{shown:list}", shown=shown),
                fix=step("group_rare", columns=names, share=RARE),
            )


@CHECKS.add
class Imbalance(Check):
    """Classes of the target of which one has far fewer rows than the others."""

    id: ClassVar[str] = "imbalance"
    label: ClassVar[Text] = Text("Uneven classes")
    severity: ClassVar[Severity] = Severity.WARNING
    before_training: ClassVar[bool] = True

    def find(self, evidence: Evidence) -> Iterator[Alert]:
        """Yield one alert with the share of the rarest class."""
        facts = evidence.by_name.get(evidence.target or "")
        if evidence.table is None or facts is None or not 1 < facts.distinct <= MANY:
            return
        column = evidence.series(facts.name)
        if task_of(column) is not Task.CLASSIFICATION:
            return
        counts = column.value_counts(dropna=True)
        counts = counts[counts > 0]
        rarest = int(counts.iloc[-1])
        if rarest * len(counts) < UNEVEN * facts.present:
            yield self.alert(
                [facts.name],
                Text(
                    "The class {name} of the target {column} has {share:pct} of the rows.",
                    name=str(counts.index[-1]),
                    column=facts.name,
                    share=rarest / facts.present,
                ),
                Text(
                    "A model that never answers so is right most of the time: judge by balanced accuracy or "
                    "by the area under the curve, not by accuracy."
                ),
                evidence=Text(
                    "{shown:list}",
                    shown=[
                        Text("{name}: {count:n}", name=str(value), count=int(count))
                        for value, count in counts.items()
                    ],
                ),
            )


def _categories(evidence: Evidence) -> list[ColumnFacts]:
    """Return the features that are categories in words."""
    if evidence.table is None:
        return []
    return [
        facts
        for facts in evidence.features
        if facts.kind is Kind.CATEGORY and is_text(evidence.series(facts.name))
    ]
