"""The operation that gives several spellings of one category one name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mlp_core.clean import convert
from mlp_core.clean.operation import OPERATIONS, Learned, Operation
from mlp_core.errors import InvalidParameter, NotApplicable
from mlp_core.kinds import LABELS, NUMERIC, Kind, kind_of
from mlp_core.params import column_of, groups_of
from mlp_core.text import Text, visible

if TYPE_CHECKING:
    import pandas as pd


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class MergeCategories(Operation):
    """Give several spellings of one category one name."""

    id: ClassVar[str] = "merge_categories"
    label: ClassVar[Text] = Text("Merge categories")
    mends_target: ClassVar[bool] = True

    column: str = column_of(
        Kind.CATEGORY, Kind.ORDERED, Kind.TEXT, Kind.BOOLEAN, Kind.IDENTIFIER, label=Text("Column")
    )
    groups: tuple[tuple[str, tuple[str, ...]], ...] = groups_of(
        label=Text("One name for several spellings"),
        help=Text("Write beside a value what it is to be called; the others stay as they are."),
        least=1,
    )

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        pairs = [
            Text(
                "{spellings:list} → {name}", spellings=[visible(one) for one in spellings], name=visible(name)
            )
            for name, spellings in self.groups
        ]
        return Text("Merge in {column}: {pairs:list}", column=self.column, pairs=pairs)

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse a column of numbers or dates, and a spelling that has two names."""
        super().check(frame)
        spellings = [one for _, ones in self.groups for one in ones]
        twice = sorted({one for one in spellings if spellings.count(one) > 1})
        if twice:
            raise InvalidParameter(
                Text("“{step}”: {values:list} would have two names.", step=self.label, values=twice),
                hint=Text("Give each spelling one name."),
            )
        kind = kind_of(frame[self.column])
        if kind in NUMERIC or kind in (Kind.DATETIME, Kind.DURATION):
            raise NotApplicable(
                Text("Column {name} holds {kind}, no categories.", name=self.column, kind=LABELS[kind]),
                hint=Text("Change its kind to a category first."),
            )

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame with one name for each group of spellings."""
        import pandas as pd

        names = {one: name for name, ones in self.groups for one in ones}
        column = frame[self.column]
        if not names or not column.notna().any():
            return frame
        merged = convert.each_text(convert.as_labels(column), lambda text: names.get(text, text))
        if isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.ordered:
            order = dict.fromkeys(names.get(str(one), str(one)) for one in column.cat.categories)
            merged = convert.as_ordered(merged.astype("str"), list(order))
        else:
            merged = merged.astype("str")
        return frame.assign(**{self.column: merged})
