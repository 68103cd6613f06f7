"""Two tables side by side: train and test, old and new. What came, what went, and what has shifted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from mlp_core.kinds import Kind
from mlp_core.profile import distances
from mlp_core.profile.distances import Distance
from mlp_core.profile.numbers import present_numbers
from mlp_core.profile.rows import shared_rows
from mlp_core.profile.study import Studied, study
from mlp_core.profile.times import clock_times
from mlp_core.table import Table
from mlp_core.text import Text

SMALL: Final = 0.05
LARGE: Final = 0.2
"""A distance or a change in the share of missing values from which a column has shifted little, or much."""

CHANCE: Final = 0.01
"""How often chance alone may call any column of two alike tables shifted."""


class Size(StrEnum):
    """How much a column has changed."""

    NONE = "none"
    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True, kw_only=True)
class Shift:
    """How one column of both tables has changed.

    Attributes
    ----------
    column : str
        Its name.
    before, after : Kind
        What it holds in either table.
    distance : Distance, optional
        How far the values stand apart; None where they are free text or one side has none.
    missing_before, missing_after : float
        Share of missing values, from 0 to 1.
    size : Size
        ``none`` where chance alone may well have done it.
    verdict : Text
        The change as a sentence.
    """

    column: str
    before: Kind
    after: Kind
    distance: Distance | None
    missing_before: float
    missing_after: float
    size: Size
    verdict: Text

    @property
    def amount(self) -> float:
        """The larger of the distance and the change in the share of missing values, from 0 to 1."""
        return max(
            self.distance.value if self.distance else 0.0, abs(self.missing_after - self.missing_before)
        )

    def to_json(self) -> dict[str, Any]:
        """Return the shift as plain JSON."""
        return {
            **{name: getattr(self, name) for name in ("column", "missing_before", "missing_after", "amount")},
            "before": str(self.before),
            "after": str(self.after),
            "distance": asdict(self.distance) if self.distance else None,
            "size": str(self.size),
            "verdict": self.verdict.to_json(),
        }


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How one table differs from another.

    Attributes
    ----------
    before, after : str
        Names of the tables.
    rows_before, rows_after : int
        Their rows.
    added, removed : tuple of str
        Columns that only the second, or only the first table has.
    retyped : tuple of str
        Columns that hold another kind.
    shifts : tuple of Shift
        One for each column of both tables, the greatest change first.
    shared_rows : int
        Rows of the second table that stand in the first in every column of both; a model that has seen them
        has an easy test.
    """

    before: str
    after: str
    rows_before: int
    rows_after: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    retyped: tuple[str, ...]
    shifts: tuple[Shift, ...]
    shared_rows: int

    @property
    def shifted(self) -> tuple[Shift, ...]:
        """The columns that have changed more than chance would have it."""
        return tuple(shift for shift in self.shifts if shift.size is not Size.NONE)

    @property
    def verdicts(self) -> tuple[Text, ...]:
        """What a person should know, the plainest matter first."""
        return tuple(_verdicts(self))

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain JSON."""
        return {
            **{name: getattr(self, name) for name in ("before", "after", "rows_before", "rows_after")},
            **{name: list(getattr(self, name)) for name in ("added", "removed", "retyped")},
            "shifts": [shift.to_json() for shift in self.shifts],
            "shared_rows": self.shared_rows,
            "verdicts": [verdict.to_json() for verdict in self.verdicts],
        }


def compare(before: Table, after: Table) -> Comparison:
    """Return how ``after`` differs from ``before``: columns, kinds, values, missing values, shared rows.

    Parameters
    ----------
    before, after : Table
        Such as train and test, or last year's file and this year's; both are left as they are.

    Examples
    --------
    >>> import pandas as pd
    >>> one = Table.of(pd.DataFrame({"age": range(20, 60), "town": ["a", "b"] * 20}), name="old")
    >>> two = Table.of(pd.DataFrame({"age": range(50, 90), "sex": ["f", "m"] * 20}), name="new")
    >>> found = compare(one, two)
    >>> found.added, found.removed, found.shifts[0].size.value
    (('sex',), ('town',), 'large')
    """
    names = [name for name in before.kinds if name in after.kinds]
    sides = [
        [study(table.frame[name], name, table.kinds[name]) for name in names] for table in (before, after)
    ]
    chance = CHANCE / max(1, 2 * len(names))
    shifts = [_shift(one, other, chance) for one, other in zip(*sides, strict=True)]
    return Comparison(
        before=before.name,
        after=after.name,
        rows_before=len(before.frame),
        rows_after=len(after.frame),
        added=tuple(name for name in after.kinds if name not in before.kinds),
        removed=tuple(name for name in before.kinds if name not in after.kinds),
        retyped=tuple(name for name in names if before.kinds[name] is not after.kinds[name]),
        shifts=tuple(sorted(shifts, key=lambda shift: (shift.size is Size.NONE, -shift.amount))),
        shared_rows=_shared_rows(sides[0], sides[1], before, after),
    )


def _shared_rows(one: Sequence[Studied], other: Sequence[Studied], before: Table, after: Table) -> int:
    """Count rows of both tables; 0 where they share too few columns for equal rows to mean anything."""
    if 2 * len(one) < max(len(before.kinds), len(after.kinds)) or len(one) < 2:
        return 0
    return shared_rows(one, other, len(before.frame), len(after.frame))


def _shift(one: Studied, other: Studied, chance: float) -> Shift:
    distance = _distance(one, other)
    old, new = one.facts, other.facts
    missing = abs(new.share_missing - old.share_missing)
    amounts = [
        distance.value if distance is not None and distance.p_value < chance else 0.0,
        missing if _chance_of_missing(one, other) < chance else 0.0,
    ]
    most = max(amounts)
    size = Size.LARGE if most >= LARGE else Size.SMALL if most >= SMALL else Size.NONE
    return Shift(
        column=old.name,
        before=old.kind,
        after=new.kind,
        distance=distance,
        missing_before=old.share_missing,
        missing_after=new.share_missing,
        size=size,
        verdict=_verdict(one, other, distance, size, by_missing=amounts[1] >= amounts[0]),
    )


def _distance(one: Studied, other: Studied) -> Distance | None:
    if not one.facts.present or not other.facts.present:
        return None
    kinds = {one.facts.kind, other.facts.kind}
    if one.codes is None and other.codes is None:
        dates = [side.column.dtype.kind == "M" for side in (one, other)]
        if Kind.IDENTIFIER in kinds or dates[0] != dates[1]:
            return None
        return distances.of_numbers(_values(one), _values(other))
    if kinds & {Kind.TEXT, Kind.IDENTIFIER}:
        return None
    return distances.of_categories(one, other)


def _values(one: Studied) -> Any:
    if one.column.dtype.kind != "M":
        return present_numbers(one.column)
    return clock_times(one.column.dropna()).astype("M8[us]").view("i8").astype(float)


def _chance_of_missing(one: Studied, other: Studied) -> float:
    """Return the p-value of the test that two shares of missing values are the same."""
    old, new = one.facts, other.facts
    if not old.rows or not new.rows:
        return 1.0
    share = (old.missing + new.missing) / (old.rows + new.rows)
    spread = math.sqrt(share * (1 - share) * (1 / old.rows + 1 / new.rows))
    return math.erfc(abs(new.share_missing - old.share_missing) / spread / math.sqrt(2)) if spread else 1.0


def _verdict(
    one: Studied, other: Studied, distance: Distance | None, size: Size, *, by_missing: bool
) -> Text:
    old, new = one.facts, other.facts
    if size is Size.NONE:
        if distance is not None and distance.new_count:
            return Text(
                "{column} has {n:n} new {n|category|categories}: {names:list}.",
                column=old.name,
                n=distance.new_count,
                names=[str(value) for value, _ in distance.new],
            )
        if distance is None and old.present and new.present:
            return Text("{column} was not compared: it names the rows or is free text.", column=old.name)
        return Text("{column} has not changed more than chance would have it.", column=old.name)
    if by_missing:
        return Text(
            "The share of missing values in {column} went from {old:pct} to {new:pct}.",
            column=old.name,
            old=old.share_missing,
            new=new.share_missing,
        )
    assert distance is not None
    if distance.difference is not None and old.mean is not None and new.mean is not None:
        return Text(
            "The mean of {column} went from {old:n} to {new:n}: {difference:n} standard deviations "
            "(95 % interval {low:n} to {high:n}).",
            column=old.name,
            old=old.mean,
            new=new.mean,
            difference=round(distance.difference, 2),
            low=round(distance.low or 0.0, 2),
            high=round(distance.high or 0.0, 2),
        )
    if old.earliest and new.earliest and old.latest and new.latest:
        return Text(
            "{column} ran from {first} to {last}, and runs from {new_first} to {new_last}.",
            column=old.name,
            first=old.earliest[:10],
            last=old.latest[:10],
            new_first=new.earliest[:10],
            new_last=new.latest[:10],
        )
    return Text(
        "{share:pct} of the rows of {column} would have to change category to be as before.",
        share=distance.value,
        column=old.name,
    )


def _verdicts(found: Comparison) -> list[Text]:
    verdicts = []
    if found.removed:
        verdicts.append(Text("{after} lacks {columns:list}.", after=found.after, columns=found.removed))
    if found.added:
        verdicts.append(Text("Only {after} has {columns:list}.", after=found.after, columns=found.added))
    if found.retyped:
        verdicts.append(Text("{columns:list} hold another kind of values.", columns=found.retyped))
    if found.shared_rows:
        verdicts.append(
            Text(
                "{n:n} {n|row|rows} of {after} ({share:pct}) {n|stands|stand} in {before} as well: "
                "a model that learned from them has an easy test.",
                n=found.shared_rows,
                share=found.shared_rows / found.rows_after,
                after=found.after,
                before=found.before,
            )
        )
    shifted = [shift.column for shift in found.shifted]
    if shifted:
        verdicts.append(
            Text(
                "{n:n} of {all:n} columns {n|has|have} shifted more than chance would have it: "
                "{columns:list}.",
                n=len(shifted),
                all=len(found.shifts),
                columns=shifted,
            )
        )
    elif found.shifts:
        verdicts.append(Text("No column has shifted more than chance would have it."))
    return verdicts
