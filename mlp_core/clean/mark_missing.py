"""The operation that turns values which stand for nothing into missing ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from mlp_core.clean.matching import Mask, holds_one_of
from mlp_core.clean.operation import OPERATIONS, Learned, Operation, which
from mlp_core.errors import InvalidParameter
from mlp_core.params import columns_of, values_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd

_EXACT: Final = 2**53


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class MarkMissing(Operation):
    """Take some values for missing ones, such as -999 or “unknown”."""

    id: ClassVar[str] = "mark_missing"
    label: ClassVar[Text] = Text("Mark values as missing")
    mends_target: ClassVar[bool] = True

    columns: tuple[str, ...] = columns_of(
        label=Text("Columns to look at"), help=Text("None chosen means every column.")
    )
    values: tuple[str, ...] = values_of(
        label=Text("Values that mean missing"),
        help=Text("Numbers are compared as numbers, words without regard to capitals."),
        least=1,
    )

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        return Text(
            "Take {values:list} for missing in {columns}",
            values=[Text("“{value}”", value=value) for value in self.values],
            columns=which(self.columns),
        )

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse a step without a value."""
        super().check(frame)
        if not self.values:
            raise InvalidParameter(
                Text("“{step}”: no value is given.", step=self.label), hint=Text("Give a value.")
            )

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame with these values missing; a column without any stays as it is."""
        changed = {}
        for name in self.columns or [str(name) for name in frame.columns]:
            hits = holds_one_of(frame[name], self.values)
            if hits.any():
                changed[name] = _without(frame[name], hits)
        return frame.assign(**changed)


def _without(column: pd.Series, hits: Mask) -> pd.Series:
    from pandas.api import types

    if types.is_bool_dtype(column.dtype) and column.dtype == bool:
        column = column.astype("boolean")
    elif types.is_integer_dtype(column.dtype):
        # A float holds whole numbers exactly up to 2**53 only.
        long = bool(column.notna().any()) and max(abs(int(column.min())), abs(int(column.max()))) > _EXACT
        column = column.astype("Int64" if long else float)
    return column.mask(hits)
