"""Operations that remove columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mlp_core.clean.operation import OPERATIONS, Learned, Operation, which
from mlp_core.params import columns_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class DropColumns(Operation):
    """Remove columns that should play no part."""

    id: ClassVar[str] = "drop_columns"
    label: ClassVar[Text] = Text("Drop columns")

    columns: tuple[str, ...] = columns_of(label=Text("Columns to drop"), least=1)

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        return Text("Drop {columns}", columns=which(self.columns))

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame without these columns."""
        return frame.drop(columns=list(self.columns))
