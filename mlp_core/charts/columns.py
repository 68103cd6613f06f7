"""What charts ask of a table's columns: that they exist and fit, and their values in plain form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from mlp_core.charts.look import LONGEST_AXIS, LONGEST_NAME, Label, shorten
from mlp_core.errors import NotApplicable
from mlp_core.kinds import DISCRETE, FALSE_WORDS, LABELS, NUMERIC, Kind, nature_of, order_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlp_core.table import Table

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Integers = np.ndarray[Any, np.dtype[np.int64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

NUMBERS: Final = (Kind.NUMBER, Kind.INTEGER, Kind.GEOGRAPHIC)
GROUPS: Final = (Kind.CATEGORY, Kind.ORDERED, Kind.BOOLEAN)

LARGEST: Final = 1e100
"""Beyond this a number is as good as infinite: its square, and both libraries' axes, overflow."""

HINTS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "numbers": Text("Choose a column of numbers."),
        "groups": Text("Choose a category, a yes/no column, or whole numbers with few different values."),
        "either": Text("Choose a column of numbers, a category or a yes/no column."),
    }
)


def shown_name(name: str) -> str:
    """Return a column's name as sentences and titles carry it: on one line, and not endless."""
    return shorten(name, LONGEST_AXIS)


def require_rows(table: Table) -> None:
    """Refuse a table that has no cell.

    Raises
    ------
    NotApplicable
        It has no row or no column.
    """
    if len(table.frame) == 0 or not len(table.frame.columns):
        raise NotApplicable(
            Text("“{table}” has no rows, so there is nothing to draw.", table=shown_name(table.name)),
            hint=Text("Open another file, or switch off the step that removes every row."),
        )


def drawn_kind(table: Table, name: str) -> Kind:
    """Return what the values of a column are, whatever they mean: an identifier may be a whole number."""
    return nature_of(table.frame[name], table.kinds[name])


def fitting(table: Table, *kinds: Kind) -> list[str]:
    """Return the columns whose values are of these kinds, in table order, without the identifiers."""
    return [
        name
        for name, kind in table.kinds.items()
        if kind is not Kind.IDENTIFIER and (kind in kinds or drawn_kind(table, name) in kinds)
    ]


def require(table: Table, name: str, kinds: Iterable[Kind], hint: Text) -> None:
    """Refuse a column that is not there, or not of one of these kinds.

    Raises
    ------
    NotApplicable
        With the kind that was found, and ``hint``.
    """
    if name not in table.kinds:
        raise NotApplicable(
            Text("The table has no column “{name}”.", name=shown_name(name)),
            hint=Text("Choose one of its columns: {names:list}.", names=[shown_name(c) for c in table.kinds]),
        )
    found = table.kinds[name]
    if found is Kind.EMPTY:
        raise NotApplicable(Text("Column “{name}” holds no value at all.", name=shown_name(name)), hint=hint)
    if found not in set(kinds) and drawn_kind(table, name) not in set(kinds):
        raise NotApplicable(
            Text(
                "Column “{name}” ({kind}) does not fit this chart.", name=shown_name(name), kind=LABELS[found]
            ),
            hint=hint,
        )


def floats(column: pd.Series) -> Floats:
    """Return a numeric column as floats of shape (n_rows,); what cannot be drawn is NaN.

    That is the missing, the infinite, and what passes ``LARGEST``.
    """
    import numpy as np

    values = column.to_numpy(dtype=float, na_value=np.nan)
    # A comparison with NaN is False, without a warning.
    drawable = np.abs(values) <= LARGEST
    return values if drawable.all() else np.where(drawable, values, np.nan)


def require_finite(name: str, values: Floats) -> None:
    """Refuse a numeric column whose values are all missing or infinite.

    Raises
    ------
    NotApplicable
        No finite value is left.
    """
    import numpy as np

    if np.isnan(values).all():
        raise NotApplicable(
            Text("Column “{name}” holds no finite number.", name=shown_name(name)), hint=HINTS["numbers"]
        )


def left_out(table: Table, names: Sequence[str]) -> list[Text]:
    """Return a sentence on missing and one on infinite values in numeric or other columns."""
    import numpy as np

    missing, infinite = 0, 0
    for name in names:
        column = table.frame[name]
        missing += int(column.isna().sum())
        if drawn_kind(table, name) in NUMERIC:
            infinite += int((np.abs(column.to_numpy(dtype=float, na_value=np.nan)) > LARGEST).sum())
    notes = []
    if missing:
        notes.append(Text("{n:n} missing {n|value|values} left out.", n=missing))
    if infinite:
        notes.append(Text("{n:n} {n|value|values} left out as infinite or beyond drawing.", n=infinite))
    return notes


@dataclass(frozen=True)
class Levels:
    """The different values of a column, the frequent ones by name and the rest together.

    Attributes
    ----------
    names : tuple of str or Text
        In the order in which they are drawn.
    codes : ndarray of shape (n_rows,)
        Position in ``names``; -1 where the value is missing.
    distinct : int
        How many different values the column holds.
    """

    names: tuple[Label, ...]
    codes: Integers
    distinct: int


def levels_of(column: pd.Series, kind: Kind, most: int) -> Levels:
    """Return the values of a column as at most ``most`` levels, plus one for all others.

    Yes/no, numbers and ordered categories keep their own order; others come by frequency.
    """
    import numpy as np
    import pandas as pd

    codes, values = pd.factorize(column, use_na_sentinel=True)
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    # Ties keep the order of first appearance, so that the same table gives the same chart.
    kept = np.argsort(-counts, kind="stable")[:most]
    rank = _ranks(column, kind, values)
    if rank is not None:
        kept = np.array(sorted(kept, key=lambda i: rank[values[i]]), dtype=np.int64)
    place = np.full(len(values) + 1, len(kept), dtype=np.int64)
    place[kept] = np.arange(len(kept))
    place[-1] = -1
    names = [_level_name(values[i], kind) for i in kept]
    rest = len(values) - len(kept)
    if rest > 0:
        names.append(Text("{n:n} other {n|value|values}", n=rest))
    return Levels(tuple(names), place[codes], len(values))


def _ranks(column: pd.Series, kind: Kind, values: Any) -> Mapping[Any, float] | None:
    """Return the place of each value in an order of its own; ``None`` where it has none."""
    import pandas as pd
    from pandas.api.types import is_numeric_dtype

    if isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.ordered:
        return {value: i for i, value in enumerate(column.dtype.categories)}
    if kind is Kind.BOOLEAN:
        return {value: float(_is_yes(value)) for value in values}
    if kind in NUMERIC or (kind is Kind.ORDERED and is_numeric_dtype(column.dtype)):
        return {value: float(value) for value in values}
    if kind is Kind.ORDERED:
        order = order_of([str(value) for value in values], marks=True)
        return None if order is None else {value: order.index(str(value)) for value in values}
    return None


def _is_yes(value: Any) -> bool:
    return value.strip().casefold() not in FALSE_WORDS if isinstance(value, str) else bool(value)


def few_values(column: pd.Series, most: int) -> bool:
    """Whether a column has at most ``most`` different values."""
    return int(column.nunique()) <= most


def group_columns(table: Table, most: int) -> list[str]:
    """Return the columns that divide rows into a few groups, in table order."""
    return [
        name
        for name, kind in table.kinds.items()
        if kind in DISCRETE
        or (kind is Kind.CONSTANT and drawn_kind(table, name) in DISCRETE)
        or (kind is Kind.INTEGER and few_values(table.frame[name], most))
    ]


def _level_name(value: Any, kind: Kind) -> Label:
    if kind is Kind.BOOLEAN and not isinstance(value, str):
        return Text("Yes") if bool(value) else Text("No")
    if kind is Kind.INTEGER:
        return str(int(value))
    written = shorten(str(value), LONGEST_NAME)
    # In quotes what would be invisible, or look like its neighbour: "", " ", "Paris ".
    return written if written and written == written.strip() else f"“{written}”"
