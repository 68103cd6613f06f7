"""The operation by which a person says what a column holds; its cells are converted to that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.clean import convert
from mlp_core.clean.fill import still_filled
from mlp_core.clean.operation import OPERATIONS, Learned, Operation, which
from mlp_core.errors import NotApplicable
from mlp_core.kinds import LABELS, Kind
from mlp_core.params import choice, columns_of, values_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd

KINDS: Final = MappingProxyType(
    {str(kind): LABELS[kind] for kind in Kind if kind not in (Kind.CONSTANT, Kind.EMPTY)}
)
UNITS: Final = MappingProxyType(
    {"s": Text("Seconds"), "min": Text("Minutes"), "h": Text("Hours"), "D": Text("Days")}
)
_MOST_SHOWN: Final = 3


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class ChangeKind(Operation):
    """Say what a column holds; cells that cannot be read so become missing, and are counted."""

    id: ClassVar[str] = "change_kind"
    label: ClassVar[Text] = Text("Change the kind of a column")
    mends_target: ClassVar[bool] = True

    columns: tuple[str, ...] = columns_of(label=Text("Columns to change"), least=1)
    kind: str = choice("category", choices=KINDS, label=Text("They hold"))
    order: tuple[str, ...] = values_of(
        label=Text("Categories from low to high"),
        help=Text("None given means a scale that is known, or the order of numbers or letters."),
        shown_when=("kind", ("ordered",)),
    )
    unit: str = choice(
        "s",
        choices=UNITS,
        label=Text("Bare numbers count"),
        help=Text("Only for durations."),
    )

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        return Text("Read {columns} as: {kind}", columns=which(self.columns), kind=KINDS[self.kind])

    def decides(self) -> Mapping[str, Kind | None]:
        """Return the kind that was chosen, for each column."""
        return dict.fromkeys(self.columns, Kind(self.kind))

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse a kind as which no cell of a column can be read."""
        super().check(frame)
        for name in self.columns:
            column = frame[name]
            if column.notna().any() and not self._converted(column, self._notation(column)).notna().any():
                raise NotApplicable(
                    Text(
                        "Column {name}: no value can be read as “{kind}”; it holds {values:list}.",
                        name=name,
                        kind=KINDS[self.kind],
                        values=_examples(column),
                    ),
                    hint=Text("Choose another kind."),
                )

    def learn(self, frame: pd.DataFrame) -> Learned:
        """Return how each column is written: decimal mark and unit, date formats, or order of categories."""
        return {name: self._notation(frame[name]) for name in self.columns}

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame with these columns converted."""
        return frame.assign(**{name: self._converted(frame[name], learned[name]) for name in self.columns})

    def mark(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame converted; a cell that an earlier step fills is no cell that cannot be read."""
        changed = self.apply(frame, self.learn(frame))
        return changed.assign(**{name: still_filled(frame[name], changed[name]) for name in self.columns})

    def notes(self, before: pd.DataFrame, after: pd.DataFrame) -> tuple[Text, ...]:
        """Return how many cells of each column could not be read, with examples."""
        found = []
        for name in self.columns:
            lost = before[name][(before[name].notna() & after[name].isna()).to_numpy()]
            if len(lost):
                found.append(
                    Text(
                        "{name}: {count:n} {count|cell|cells} could not be read as “{kind}” and "
                        "{count|is|are} missing now: {values:list}.",
                        name=name,
                        count=len(lost),
                        kind=KINDS[self.kind],
                        values=_examples(lost),
                    )
                )
        return tuple(found)

    def _notation(self, column: pd.Series) -> Any:
        if self.kind in _NUMBERS:
            return dict(convert.number_notation(column))
        if self.kind == Kind.DATETIME:
            return convert.date_formats(column)
        if self.kind == Kind.ORDERED:
            return list(self.order) or convert.order_found(column)
        return None

    def _converted(self, column: pd.Series, notation: Any) -> pd.Series:
        if self.kind in _NUMBERS:
            number = convert.as_wholes if self.kind == Kind.INTEGER else convert.as_numbers
            return number(column, notation)
        if self.kind == Kind.BOOLEAN:
            return convert.as_flags(column)
        if self.kind == Kind.DATETIME:
            return convert.as_dates(column, notation)
        if self.kind == Kind.DURATION:
            return convert.as_durations(column, self.unit)
        if self.kind == Kind.ORDERED:
            return convert.as_ordered(column, notation)
        # What only names a row stays as it is, so that it still meets its like in another table.
        return column if self.kind == Kind.IDENTIFIER else convert.as_labels(column)


_NUMBERS: Final = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.GEOGRAPHIC})


def _examples(column: pd.Series) -> list[Text]:
    shown = column.dropna().drop_duplicates().head(_MOST_SHOWN)
    return [Text("“{value}”", value=str(value)[:60]) for value in shown]
