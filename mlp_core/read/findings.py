"""What was found in the columns of a file on the way to their types, as notes and decisions people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from mlp_core.kinds import LABELS, Kind
from mlp_core.read.dates import Order
from mlp_core.read.numbers import Notation
from mlp_core.read.units import Affix
from mlp_core.table import Decision
from mlp_core.text import Text

_MARKS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        ".": Text("Point (.)"),
        ",": Text("Comma (,)"),
        " ": Text("Blank"),
        "'": Text("Apostrophe (')"),
        "": Text("None"),
    }
)
_ORDERS: Final[Mapping[Order, Text]] = MappingProxyType(
    {
        Order.DAY_FIRST: Text("Day before month"),
        Order.MONTH_FIRST: Text("Month before day"),
        Order.UNKNOWN: Text("Unknown: the dates stayed text"),
    }
)


@dataclass(frozen=True)
class Written:
    """How the numbers of a column are written, and how sure that is."""

    notation: Notation
    sure: float
    mixed: bool = False
    telling: bool = False
    guessed: bool = False
    affix: Affix | None = None


@dataclass(frozen=True)
class Unfit:
    """Values that do not fit the kind of nearly all others.

    Attributes
    ----------
    kind : Kind
        What nearly all others are.
    count, total : int
        Cells that do not fit, and cells that are not missing.
    examples : tuple of str
    emptied : bool
        Whether the column was converted, and these cells are missing now; else the column stayed text.
    """

    kind: Kind
    count: int
    total: int
    examples: tuple[str, ...]
    emptied: bool


@dataclass
class Findings:
    """What was found on the way, by column position."""

    missing: set[str] = field(default_factory=set)
    markers: dict[int, list[str]] = field(default_factory=dict)
    infinite: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    long: list[int] = field(default_factory=list)
    zoned: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    compact: list[int] = field(default_factory=list)
    clocks: list[int] = field(default_factory=list)
    booleans: list[int] = field(default_factory=list)
    orders: dict[int, Order] = field(default_factory=dict)
    order_sure: dict[int, float] = field(default_factory=dict)
    numbers: dict[int, Written] = field(default_factory=dict)
    units: dict[int, tuple[str, ...]] = field(default_factory=dict)
    unfit: dict[int, Unfit] = field(default_factory=dict)

    def mark(self, position: int, markers: Iterable[str]) -> None:
        """Remember texts that were read as missing."""
        given = [marker for marker in markers if marker]
        if given:
            self.missing.update(given)
            self.markers.setdefault(position, []).extend(given)

    def decimal(self) -> str | None:
        """Return the decimal mark that the columns use without doubt; ``None`` where they do not agree."""
        votes = {found.notation.decimal for found in self.numbers.values() if found.telling}
        return votes.pop() if len(votes) == 1 else None

    def order(self) -> Order | None:
        """Return the order of day and month that the columns have; ``None`` where they do not agree."""
        known = {order for at, order in self.orders.items() if self.order_sure.get(at, 1.0) >= 0.9}
        known &= {Order.DAY_FIRST, Order.MONTH_FIRST}
        return known.pop() if len(known) == 1 else None

    def notes(self, names: Sequence[str]) -> tuple[Text, ...]:
        """Return the sentences on what a person should know."""

        def named(positions: Iterable[int]) -> list[str]:
            return [names[position] for position in positions]

        by_order = {order: named(c for c, o in self.orders.items() if o is order) for order in Order}
        told: list[tuple[Text, object]] = [
            (
                Text("Infinite values stand in {columns:list}.", columns=named(self.infinite)),
                self.infinite,
            ),
            (
                Text(
                    "Numbers that begin with a zero are codes: {columns:list} stayed text.",
                    columns=named(self.codes),
                ),
                self.codes,
            ),
            (
                Text(
                    "Numbers too long to be kept exactly stayed text: {columns:list}.",
                    columns=named(self.long),
                ),
                self.long,
            ),
            (
                Text("Times were converted to UTC in {columns:list}.", columns=named(self.zoned)),
                self.zoned,
            ),
            (
                Text(
                    "Dates were read with the day first in {columns:list}.", columns=by_order[Order.DAY_FIRST]
                ),
                by_order[Order.DAY_FIRST],
            ),
            (
                Text(
                    "Dates were read with the month first in {columns:list}.",
                    columns=by_order[Order.MONTH_FIRST],
                ),
                by_order[Order.MONTH_FIRST],
            ),
            (
                Text(
                    "Nothing tells day from month in the dates of {columns:list}: they stayed text.",
                    columns=by_order[Order.UNKNOWN],
                ),
                by_order[Order.UNKNOWN],
            ),
        ]
        told += [(_unfit_note(names[at], unfit), True) for at, unfit in self.unfit.items()]
        return tuple(note for note, present in told if present)

    def decisions(self, names: Sequence[str]) -> tuple[Decision, ...]:
        """Return what was decided, each once with all its columns, and how sure it is.

        Parameters
        ----------
        names : sequence of str
            What the columns are called.
        """
        gathered: dict[tuple[str, Text | str, float, Text | None], list[str]] = {}
        for position, name in enumerate(names):
            for what, value, sure, why in self._of(position):
                gathered.setdefault((what, value, round(sure, 2), why), []).append(name)
        return tuple(
            Decision(what=what, value=value, sure=sure, why=why, columns=tuple(columns))
            for (what, value, sure, why), columns in gathered.items()
        )

    def _of(self, at: int) -> list[tuple[str, Text | str, float, Text | None]]:
        """Return what was decided about one column."""
        told: list[tuple[str, Text | str, float, Text | None]] = []
        if at in self.numbers:
            told += _of_numbers(self.numbers[at])
        if at in self.units:
            why = Text("Numbers of different units cannot be compared; the column stayed text.")
            told.append(("unit", Text("Several units: {units:list}", units=self.units[at]), 0.9, why))
        if at in self.orders and self.orders[at] in _ORDERS:
            sure = self.order_sure.get(at, 1.0)
            told.append(("day_first", _ORDERS[self.orders[at]], sure, _why_order(self.orders[at], sure)))
        if at in self.markers:
            markers = sorted(set(self.markers[at]))
            told.append(("missing", ", ".join(markers), 0.9, None))
        for positions, what, value, sure, why in (
            (self.zoned, "zone", "UTC", 1.0, Text("The times had a time zone.")),
            (self.short, "century", Text("1969 to 2068"), 0.8, Text("The years have two digits.")),
            (
                self.compact,
                "kind",
                LABELS[Kind.DATETIME],
                0.9,
                Text("Every number is a day, and the name says so."),
            ),
            (
                self.clocks,
                "kind",
                LABELS[Kind.DURATION],
                0.8,
                Text("Times of day are held as time since midnight."),
            ),
            (
                self.booleans,
                "boolean",
                LABELS[Kind.BOOLEAN],
                1.0,
                Text("Two words that mean true and false."),
            ),
            (self.codes, "kind", LABELS[Kind.TEXT], 0.9, Text("The numbers begin with a zero, as codes do.")),
            (self.long, "kind", LABELS[Kind.TEXT], 0.9, Text("The numbers are too long to be kept exactly.")),
        ):
            if at in positions:
                told.append((what, value, sure, why))
        if at in self.unfit:
            unfit = self.unfit[at]
            kind = unfit.kind if unfit.emptied else Kind.TEXT
            # A column that stayed text for a few values is perhaps meant to be what the others are.
            sure = 1 - unfit.count / unfit.total if unfit.emptied else 0.5
            told.append(("kind", LABELS[kind], sure, _unfit_reason(unfit)))
        return told


def _of_numbers(found: Written) -> list[tuple[str, Text | str, float, Text | None]]:
    notation, affix = found.notation, found.affix
    told: list[tuple[str, Text | str, float, Text | None]] = []
    why = None
    if found.guessed:
        why = Text("The column alone does not tell thousands from decimals.")
    elif found.mixed:
        why = Text("The numbers are written in several notations; each was read by its own marks.")
    if found.telling or found.guessed or found.mixed:
        told.append(("decimal", _MARKS[notation.decimal], found.sure, why))
    if notation.thousands:
        told.append(("thousands", _MARKS[notation.thousands], found.sure, why))
    if affix is not None and affix.sort == "percent":
        told.append(("percent", Text("12 % is read as 12"), 1.0, None))
    elif affix is not None:
        told.append((affix.sort, affix.name, 1.0, None))
    return told


def _why_order(order: Order, sure: float) -> Text | None:
    if order is Order.UNKNOWN:
        return Text("No number is over 12, and no other column tells.")
    if sure == 0.8:
        return Text("The dates of other columns are in this order.")
    if sure == 0.85:
        return Text("In this order the dates of the column make a series.")
    return Text("This order fits the dates of the column.")


def _unfit_reason(unfit: Unfit) -> Text:
    return Text(
        "{count:n} of {total:n} values {count|is|are} not of this kind ({kind}): {examples:list}",
        count=unfit.count,
        total=unfit.total,
        kind=LABELS[unfit.kind],
        examples=unfit.examples,
    )


def _unfit_note(name: str, unfit: Unfit) -> Text:
    if unfit.emptied:
        return Text(
            "{column}: {count:n} {count|value|values} could not be read as {kind} and {count|counts|count} "
            "as missing: {examples:list}.",
            column=name,
            count=unfit.count,
            kind=LABELS[unfit.kind],
            examples=unfit.examples,
        )
    return Text(
        "{column} stayed text: {count:n} of {total:n} values {count|is|are} not of the kind of the others "
        "({kind}): {examples:list}.",
        column=name,
        count=unfit.count,
        total=unfit.total,
        kind=LABELS[unfit.kind],
        examples=unfit.examples,
    )
