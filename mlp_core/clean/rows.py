"""Operations that remove rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mlp_core.clean.operation import OPERATIONS, Operation, which
from mlp_core.params import columns_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class DropMissing(Operation):
    """Remove the rows in which a value is missing."""

    id: ClassVar[str] = "drop_missing"
    label: ClassVar[Text] = Text("Drop rows with missing values")
    drops_rows: ClassVar[bool] = True

    columns: tuple[str, ...] = columns_of(
        label=Text("Columns to look at"), help=Text("None chosen means every column.")
    )

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        return Text("Drop rows with a missing value in {columns}", columns=which(self.columns))

    def keep(self, frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return the rows without a missing value in the columns looked at."""
        looked_at = list(self.columns) or list(frame.columns)
        return frame[looked_at].notna().all(axis=1).to_numpy()


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class DropDuplicates(Operation):
    """Remove the rows that repeat an earlier one; the first is kept."""

    id: ClassVar[str] = "drop_duplicates"
    label: ClassVar[Text] = Text("Drop duplicate rows")
    drops_rows: ClassVar[bool] = True

    columns: tuple[str, ...] = columns_of(
        label=Text("Columns to compare"), help=Text("None chosen means every column.")
    )

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        return Text("Drop rows that repeat an earlier one in {columns}", columns=which(self.columns))

    def keep(self, frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return the rows that no earlier row equals; missing cells count as equal."""
        repeated = frame.duplicated(subset=list(self.columns) or None, keep="first")
        return (~repeated).to_numpy()
