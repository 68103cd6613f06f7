"""The operation that takes rare categories together; which are frequent is learned from training rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mlp_core.clean import convert
from mlp_core.clean.operation import OPERATIONS, Learned, Operation, which
from mlp_core.errors import InvalidParameter, NotApplicable
from mlp_core.kinds import LABELS, Kind, kind_of
from mlp_core.params import columns_of, number, words
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class GroupRare(Operation):
    """Take rare categories together under one name; which are rare is learned from training rows only."""

    id: ClassVar[str] = "group_rare"
    label: ClassVar[Text] = Text("Group rare categories")

    columns: tuple[str, ...] = columns_of(
        Kind.CATEGORY,
        Kind.TEXT,
        label=Text("Columns"),
        help=Text("None chosen means every column of categories."),
    )
    share: float = number(
        0.01,
        low=0.0,
        high=0.5,
        label=Text("Rare below this share of the rows"),
    )
    name: str = words("other", label=Text("Name of the group"))

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        columns = which(self.columns) if self.columns else Text("every column that fits")
        return Text(
            "Group the categories below {share:pct} as “{name}” in {columns}",
            share=self.share,
            name=self.name,
            columns=columns,
        )

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse a group without a name, and columns that are no plain categories."""
        super().check(frame)
        if not self.name.strip():
            raise InvalidParameter(
                Text("“{step}”: the group has no name.", step=self.label), hint=Text("Give it a name.")
            )
        for name in self.columns:
            kind = kind_of(frame[name])
            if frame[name].notna().any() and not _fits(frame[name]):
                raise NotApplicable(
                    Text(
                        "Column {name} holds {kind}, no categories without an order.",
                        name=name,
                        kind=LABELS[kind],
                    ),
                    hint=Text("Change its kind to a category first."),
                )

    def learn(self, frame: pd.DataFrame) -> Learned:
        """Return the frequent categories of each column, in the order of the alphabet."""
        named = self.columns or [
            str(name)
            for name in frame.columns
            if kind_of(frame[name]) is Kind.CATEGORY and _fits(frame[name])
        ]
        found = {}
        for name in named:
            counts = convert.as_labels(frame[name]).value_counts(dropna=True)
            found[name] = sorted(str(one) for one in counts.index[counts >= self.share * counts.sum()])
        return found

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame with every other category replaced by the name of the group."""
        changed = {}
        for name, frequent in learned.items():
            kept = frozenset(frequent)
            if name in frame.columns and frame[name].notna().any():
                changed[name] = self._grouped(frame[name], kept)
        return frame.assign(**changed)

    def _grouped(self, column: pd.Series, kept: frozenset[str]) -> pd.Series:
        labels = convert.as_labels(column)
        return convert.each_text(labels, lambda text: text if text in kept else self.name).astype("str")

    def mark(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame as it is: which categories are rare is not known before the split."""
        return frame


def _fits(column: pd.Series) -> bool:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return not column.dtype.ordered
    return column.dtype == "str" or column.dtype == object
