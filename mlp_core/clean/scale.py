"""Operations on numbers that lie far apart: their logarithm, and bounds for the extreme ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mlp_core.clean.operation import OPERATIONS, Learned, Operation, which
from mlp_core.errors import NotApplicable
from mlp_core.kinds import LABELS, NUMERIC, Kind, kind_of
from mlp_core.params import columns_of, number
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class LogTransform(Operation):
    """Replace numbers that spread over several sizes by their logarithm; zero stays zero."""

    id: ClassVar[str] = "log_transform"
    label: ClassVar[Text] = Text("Take the logarithm")

    columns: tuple[str, ...] = columns_of(*NUMERIC, label=Text("Columns of numbers"), least=1)

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        return Text("Take the logarithm of {columns}", columns=which(self.columns))

    def decides(self) -> Mapping[str, Kind | None]:
        """Return that the kind of these columns is to be found anew."""
        return dict.fromkeys(self.columns)

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse columns that are no numbers."""
        super().check(frame)
        _refuse_words(frame, self.columns)

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame with ``sign(x) log(1 + |x|)`` in these columns, of the natural logarithm."""
        import numpy as np
        import pandas as pd

        changed = {}
        for name in self.columns:
            values = frame[name].to_numpy(dtype=float, na_value=np.nan)
            changed[name] = pd.Series(np.sign(values) * np.log1p(np.abs(values)), index=frame.index)
        return frame.assign(**changed)


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class ClipOutliers(Operation):
    """Pull extreme numbers back to a quantile of their own column, learned from training rows only."""

    id: ClassVar[str] = "clip_outliers"
    label: ClassVar[Text] = Text("Clip extreme values")

    columns: tuple[str, ...] = columns_of(*NUMERIC, label=Text("Columns of numbers"), least=1)
    tail: float = number(0.01, low=0.0, high=0.2, label=Text("Share clipped at each end"))

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        return Text("Clip {share:pct} at each end of {columns}", share=self.tail, columns=which(self.columns))

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse columns that are no numbers."""
        super().check(frame)
        _refuse_words(frame, self.columns)

    def learn(self, frame: pd.DataFrame) -> Learned:
        """Return the lowest and the highest value that stays, by column; none for an empty column."""
        import numpy as np

        found = {}
        for name in self.columns:
            values = frame[name].to_numpy(dtype=float, na_value=np.nan)
            values = values[np.isfinite(values)]
            if len(values):
                found[name] = [float(one) for one in np.quantile(values, [self.tail, 1 - self.tail])]
        return found

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame with these columns held between their bounds."""
        import numpy as np
        import pandas as pd

        changed = {}
        for name, (low, high) in learned.items():
            values = frame[name].to_numpy(dtype=float, na_value=np.nan)
            changed[name] = pd.Series(np.clip(values, low, high), index=frame.index)
        return frame.assign(**changed)

    def mark(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame as it is: the bounds are not known before the split."""
        return frame


def _refuse_words(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    for name in columns:
        kind = kind_of(frame[name])
        if kind not in NUMERIC and kind is not Kind.EMPTY:
            raise NotApplicable(
                Text("Column {name} holds {kind}, no numbers.", name=name, kind=LABELS[kind]),
                hint=Text("Choose columns of numbers, or change the kind of this one first."),
            )
