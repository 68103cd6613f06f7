"""Values as they stand in a document: cells of a table, scores with their intervals, changes, settings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from mlp_core import params
from mlp_core.evaluate.reporting import rounded
from mlp_core.params import Shape
from mlp_core.report.document import MOST_COLUMNS, TableBlock, Words, numeral
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from mlp_core.evaluate import CVScore, Interval

ABSENT: Final = "–"
FIRST_ROWS: Final = 12
FIRST_COLUMNS: Final = 24
_LONGEST: Final = 200
_YEARS: Final = 10_000


def cell(value: Any) -> Words:
    """Return a value of a data table as people read it.

    Numbers below ten thousand have no mark between thousands, for they may be years.

    Examples
    --------
    >>> [str(cell(value)) for value in (1970, 2.5, float("nan"), "Lyon", True)]
    ['1970', '2.5', '–', 'Lyon', 'True']
    """
    import pandas as pd

    if not isinstance(value, (list, tuple, dict, set)) and pd.isna(value):
        return ABSENT
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        return str(plain)[:_LONGEST]
    if plain in (float("inf"), float("-inf")):
        return numeral(plain)
    if float(plain).is_integer() and abs(plain) < _YEARS:
        return str(int(plain))
    return numeral(plain if float(plain).is_integer() else Decimal(f"{plain:.6g}"))


def first_rows(frame: pd.DataFrame, most: int = FIRST_ROWS) -> TableBlock:
    """Return the first rows of a frame of shape (n_rows, n_columns), with their numbers."""
    from pandas.api import types

    shown = frame.iloc[:most, : min(FIRST_COLUMNS, MOST_COLUMNS - 1)]
    columns = [shown.iloc[:, at] for at in range(shown.shape[1])]
    rows = tuple(
        (numeral(number), *(cell(value) for value in row))
        for number, row in enumerate(zip(*columns, strict=True), start=1)
    )
    more = None
    if len(shown) < len(frame) or shown.shape[1] < frame.shape[1]:
        more = Text(
            "The first {rows:n} of {all_rows:n} rows, {columns:n} of {all_columns:n} columns.",
            rows=len(shown),
            all_rows=len(frame),
            columns=shown.shape[1],
            all_columns=frame.shape[1],
        )
    numbers = {
        at
        for at, column in enumerate(columns, start=1)
        if types.is_numeric_dtype(column.dtype) and not types.is_bool_dtype(column.dtype)
    }
    return TableBlock(
        columns=(Text("Row"), *(str(name) for name in shown.columns)),
        rows=rows,
        numbers=frozenset({0, *numbers}),
        numbered=True,
        more=more,
    )


def spread(found: CVScore) -> Text:
    """Return a cross-validated score with half the width of its interval."""
    mean, half = rounded(found.mean, found.half_width, found.half_width)
    return Text("{value:n} ± {spread:n}", value=mean, spread=half)


def interval(found: Interval) -> Text:
    """Return a score on the test rows with its interval."""
    value, low, high = rounded(found.value, (found.high - found.low) / 2, found.low, found.high)
    return Text("{value:n} [{low:n}, {high:n}]", value=value, low=low, high=high)


def seconds(length: float) -> Text:
    """Return a duration."""
    return Text("{seconds:n} s", seconds=two_decimals(length))


def two_decimals(value: float) -> Decimal:
    """Return a number that is written with two decimals, whatever they are."""
    return Decimal(f"{value:.2f}")


def change(before: int, after: int) -> Text:
    """Return a count, or two where it has changed."""
    if before == after:
        return numeral(after)
    return Text("{before:n} → {after:n}", before=before, after=after)


def part(count: int, whole: int) -> Text:
    """Return a count with the share of the whole that it is."""
    if not count or not whole:
        return numeral(count)
    return Text("{count:n} ({share:pct})", count=count, share=count / whole)


def settings(item: Any) -> list[tuple[Words, Words]]:
    """Return the declared parameters of an instance with what stands in them."""
    found: list[tuple[Words, Words]] = []
    for name, rule in params.declared(item).items():
        value = getattr(item, name)
        if rule.shape is Shape.SWITCH:
            said: Words = Text("on") if value else Text("off")
        elif rule.shape is Shape.CHOICE:
            said = rule.choices[value]
        elif rule.shape in (Shape.NUMBER, Shape.INTEGER):
            said = numeral(value)
        elif isinstance(value, tuple):
            said = Text("{names:list}", names=list(value)) if value else Text("all columns")
        else:
            said = str(value) or Text("None")
        found.append((rule.label, said))
    return found
