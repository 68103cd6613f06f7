"""The operation that fills missing cells, with what it learned from training rows only."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.clean.operation import OPERATIONS, Learned, Operation, which
from mlp_core.errors import InvalidParameter, NotApplicable
from mlp_core.kinds import LABELS, NUMERIC, Kind, kind_of
from mlp_core.params import choice, columns_of, words
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd

HOW: Final = MappingProxyType(
    {
        "median": Text("The median"),
        "mean": Text("The mean"),
        "most_frequent": Text("The most frequent value"),
        "value": Text("A value you give"),
    }
)
_WITH: Final = MappingProxyType(
    {
        "median": Text("the median"),
        "mean": Text("the mean"),
        "most_frequent": Text("the most frequent value"),
    }
)
_YES_NO: Final = MappingProxyType(
    {"true": True, "yes": True, "oui": True, "vrai": True, "1": True}
    | {"false": False, "no": False, "non": False, "faux": False, "0": False}
)
_FILLED: Final = "\0filled"


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class FillMissing(Operation):
    """Fill the missing values of a column, from its other values or with one you give."""

    id: ClassVar[str] = "fill_missing"
    label: ClassVar[Text] = Text("Fill missing values")

    columns: tuple[str, ...] = columns_of(
        label=Text("Columns to fill"), help=Text("None chosen means every column that fits.")
    )
    how: str = choice(
        "median",
        choices=HOW,
        label=Text("Fill with"),
        help=Text("In training it is learned from the training rows only."),
    )
    value: str = words(label=Text("Value"), shown_when=("how", ("value",)))

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        filling = Text("“{value}”", value=self.value) if self.how == "value" else _WITH[self.how]
        columns = which(self.columns) if self.columns else Text("every column that fits")
        return Text("Fill missing values in {columns} with {filling}", columns=columns, filling=filling)

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse a mean or median of words, a value that is missing, and a word for numbers."""
        super().check(frame)
        if self.how == "value" and not self.value.strip():
            raise InvalidParameter(
                Text("“{step}”: the value to fill with is empty.", step=self.label),
                hint=Text("Give a value."),
            )
        for name in self.columns:
            self._check_column(name, frame[name])

    def learn(self, frame: pd.DataFrame) -> Learned:
        """Return the filling of each column, by name; a column without any value has none."""
        found = {name: self._filling(frame[name]) for name in self._fitting(frame)}
        return {name: filling for name, filling in found.items() if filling is not None}

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame with missing cells filled."""
        filled = {
            name: _fill(frame[name], filling) for name, filling in learned.items() if name in frame.columns
        }
        return frame.assign(**filled)

    def mark(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with missing cells marked, whatever they will be filled with."""
        marked = {
            name: _marked(frame[name])
            for name in self._fitting(frame)
            if frame[name].isna().any() and frame[name].notna().any()
        }
        return frame.assign(**marked)

    def _fitting(self, frame: pd.DataFrame) -> list[str]:
        if self.columns:
            return list(self.columns)
        if self.how == "most_frequent":
            return list(frame.columns)
        numeric = [name for name in frame.columns if kind_of(frame[name]) in NUMERIC]
        if self.how != "value" or _as_number(self.value) is not None:
            return numeric
        return [name for name in frame.columns if frame[name].dtype == "str"]

    def _filling(self, column: pd.Series) -> Any:
        known = column.dropna()
        if self.how == "value":
            return _as_kind(_kind(column), self.value)
        if known.empty:
            return None
        if self.how == "most_frequent":
            return _jsonable(known.mode().iloc[0])
        return float(known.mean() if self.how == "mean" else known.median())

    def _check_column(self, name: str, column: pd.Series) -> None:
        kind = _kind(column)
        if self.how in ("mean", "median") and kind not in NUMERIC and column.notna().any():
            raise NotApplicable(
                Text(
                    "Column {name} holds {kind}; {how} needs numbers.",
                    name=name,
                    kind=LABELS[kind],
                    how=_WITH[self.how],
                ),
                hint=Text("Choose the most frequent value, or give a value."),
            )
        if self.how == "value" and _as_kind(kind, self.value) is None:
            raise NotApplicable(
                Text(
                    "Column {name} holds {kind}; “{value}” is not of that kind.",
                    name=name,
                    kind=LABELS[kind],
                    value=self.value,
                ),
                hint=Text("Give another value, or fill this column in a step of its own."),
            )


def _kind(column: pd.Series) -> Kind:
    """Return the kind of a column as a filling sees it: yes and no in words are words."""
    kind = kind_of(column)
    return Kind.CATEGORY if kind is Kind.BOOLEAN and column.dtype == "str" else kind


def _fill(column: pd.Series, filling: Any) -> pd.Series:
    import pandas as pd
    from pandas.api import types

    if isinstance(column.dtype, pd.CategoricalDtype):
        known = filling in column.cat.categories
        return (column if known else column.cat.add_categories([filling])).fillna(filling)
    if not column.notna().any():
        return pd.Series([filling] * len(column), index=column.index, name=column.name)
    if types.is_datetime64_any_dtype(column.dtype):
        return column.fillna(pd.Timestamp(filling))
    if types.is_timedelta64_dtype(column.dtype):
        return column.fillna(pd.Timedelta(filling))
    if types.is_integer_dtype(column.dtype) and isinstance(filling, float) and not filling.is_integer():
        column = column.astype(float)
    return column.fillna(filling)


def _marked(column: pd.Series) -> pd.Series:
    """Return the column with a stand-in no person writes in its gaps, of the same dtype where one exists."""
    import pandas as pd
    from pandas.api import types

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.add_categories([_FILLED]).fillna(_FILLED) if column.hasnans else column
    if types.is_timedelta64_dtype(column.dtype):
        return column.fillna(pd.Timedelta.max.floor("s"))
    if types.is_bool_dtype(column.dtype) or column.dtype == object:
        return column.astype(object).where(column.notna(), _FILLED)
    if types.is_datetime64_any_dtype(column.dtype):
        return column.fillna(pd.Timestamp.max.floor("s"))
    if types.is_numeric_dtype(column.dtype):
        return column.astype(float).fillna(float("inf"))
    return column.fillna(_FILLED)


def still_filled(before: pd.Series, after: pd.Series) -> pd.Series:
    """Return a converted column in which cells that were marked as filled are so still."""
    lost = (before.astype(object) == _FILLED).to_numpy() & after.isna().to_numpy()
    return _marked(after).mask(~lost & after.isna().to_numpy()) if lost.any() else after


def _as_number(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) != float("inf") and value == value else None


def _as_kind(kind: Kind, text: str) -> Any:
    """Return a text as the value of a column of this kind; ``None`` where it is none."""
    if kind in NUMERIC:
        return _as_number(text)
    if kind is Kind.BOOLEAN:
        return _YES_NO.get(text.strip().casefold())
    if kind in (Kind.DATETIME, Kind.DURATION):
        return _as_moment(kind, text)
    number = _as_number(text) if kind is Kind.EMPTY else None
    return text if number is None else number


def _as_moment(kind: Kind, text: str) -> str | None:
    import pandas as pd

    moment = pd.Timestamp if kind is Kind.DATETIME else pd.Timedelta
    try:
        return str(moment(text.strip()).isoformat())
    except ValueError:
        return None


def _jsonable(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
