"""The type of every column, decided from the whole column.

Arrow has already found plain numbers, dates and yes/no. Here the rest is settled: texts that are numbers,
dates or durations once the markers of missing values are set aside, and numbers that are codes. What one
column leaves open (is ``1,234`` more than a thousand? is 03/02 in March?) the others of the file decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds.identity import words_of
from mlp_core.read.contents import of_text
from mlp_core.read.dates import Order, compact_dates
from mlp_core.read.durations import since_midnight
from mlp_core.read.findings import Findings, Written
from mlp_core.read.numbers import Notation
from mlp_core.read.rules import Evidence, Rules

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Findings", "Rules", "settle"]

_EXACT: Final = 2**53
"""Whole numbers beyond this are not exact as decimals."""
_COMMA_SURE: Final = 0.9

_DATE_NAMES: Final = frozenset(
    {"date", "day", "jour", "datum", "fecha", "dt", "data", "dob", "birth", "naissance"}
)

Reread = Callable[[Sequence[int]], "pa.Table"]
Keep = Callable[[Any], Any]


def settle(
    cells: pa.Table,
    reread: Reread,
    rules: Rules,
    *,
    has_codes: bool,
    names: Sequence[str] = (),
    keep: Keep = lambda column: column,
) -> tuple[pa.Table, Findings]:
    """Return the table with the type of every column decided.

    Parameters
    ----------
    cells : Arrow table
        As Arrow read it, an empty cell missing.
    reread : callable
        Positions to a table of the same columns as text.
    has_codes : bool
        Whether some cell of the text is a number that begins with a zero.
    names : sequence of str
        What the columns are called, as a name may say that 20200312 is a day.
    keep : callable
        Takes a settled column to where it is kept, and returns it from there.
    """
    import pyarrow as pa

    columns = list(cells.columns)
    named = [list(names)[i] if i < len(names) else "" for i in range(len(columns))]
    doubtful = [i for i, column in enumerate(columns) if _is_doubtful(column, has_codes, rules)]
    if doubtful:
        texts = reread(doubtful)
        for index, column in zip(doubtful, texts.columns, strict=True):
            columns[index] = column.slice(0, len(cells))
    found = Findings()
    nothing = Evidence()
    settled = [keep(_settled(column, i, named[i], rules, found, nothing)) for i, column in enumerate(columns)]
    evidence = Evidence(found.decimal() or _plain_decimal(columns, rules), found.order())
    if len(rules.decimals) > 1 and evidence.decimal == rules.decimals[1]:
        contrary = [i for i, column in enumerate(columns) if _may_be_thousands(column)]
        for index, column in zip(contrary, reread(contrary).columns if contrary else [], strict=True):
            columns[index] = column.slice(0, len(cells))
            settled[index] = keep(_settled(columns[index], index, named[index], rules, found, evidence))
    for index in _open(found, evidence):
        settled[index] = keep(_settled(columns[index], index, named[index], rules, found, evidence))
    _tell_commas(columns, rules, found)
    return pa.table(settled, names=cells.column_names), found


def _tell_commas(columns: Sequence[Any], rules: Rules, found: Findings) -> None:
    """Remember the columns that Arrow read with a decimal comma, as a point would need no word."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if rules.decimals[0] != ",":
        return
    for at, column in enumerate(columns):
        if at in found.numbers or not pa.types.is_floating(column.type):
            continue
        if pc.any(pc.not_equal(pc.floor(column), column)).as_py():
            doubtful = len(rules.decimals) > 1 and _may_be_thousands(column)
            sure = _COMMA_SURE if doubtful else 1.0
            found.numbers[at] = Written(Notation(decimal=",", thousands=""), sure, telling=True)


def _open(found: Findings, evidence: Evidence) -> list[int]:
    """Return the columns that were left open and that the others can settle."""
    numbers = [at for at, written in found.numbers.items() if written.guessed and evidence.decimal]
    dates = [at for at, order in found.orders.items() if order is Order.UNKNOWN and evidence.order]
    return [*numbers, *dates]


def _is_doubtful(column: Any, has_codes: bool, rules: Rules) -> bool:
    """Whether the type that Arrow found may hide what the text says."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_boolean(column.type):
        return bool(column.null_count)
    if pa.types.is_integer(column.type):
        return has_codes or (bool(column.null_count) and _largest(column) > _EXACT)
    if pa.types.is_floating(column.type):
        if rules.thousands is not None and rules.thousands == rules.decimals[0]:
            return True
        total = _total(column)
        if total != total or (total >= _EXACT and _largest(column) >= _EXACT):
            return True
        return has_codes and bool(pc.all(pc.equal(pc.floor(column), column)).as_py())
    return False


def _plain_decimal(columns: Sequence[Any], rules: Rules) -> str | None:
    """Return the decimal mark of the file where Arrow read decimals with it that cannot be thousands."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for column in columns:
        head = column.slice(0, 1000)
        if not pa.types.is_floating(column.type) or _may_be_thousands(head):
            continue
        if pc.any(pc.not_equal(pc.floor(head), head)).as_py():
            return rules.decimals[0]
    return None


def _may_be_thousands(column: Any) -> bool:
    """Whether decimals may be whole numbers with a mark between thousands: three digits behind it at most."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_floating(column.type):
        return False
    scaled = pc.multiply(column, 1000.0)
    near = pc.less(pc.abs(pc.subtract(scaled, pc.round(scaled))), 1e-6)
    some = pc.any(pc.not_equal(pc.floor(column), column)).as_py()
    return bool(some and pc.all(near).as_py())


def _total(column: Any) -> float:
    """Return the sum of the absolute values, found four times faster than the largest of them."""
    import pyarrow.compute as pc

    return float(pc.sum(pc.abs(column)).as_py() or 0)


def _largest(column: Any) -> float:
    """Return the largest absolute value; 0 where there is none."""
    import pyarrow.compute as pc

    ends = pc.min_max(column).as_py()
    return max((abs(end) for end in ends.values() if end is not None), default=0)


def _settled(column: Any, index: int, name: str, rules: Rules, found: Findings, evidence: Evidence) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_null(kind):
        return column.cast(pa.float64())
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        if getattr(kind, "tz", None):
            _add(found.zoned, index)
        return pc.cast(column, pa.timestamp("us"), safe=False)
    if pa.types.is_time(kind):
        _add(found.clocks, index)
        return since_midnight(column)
    settled = column
    if pa.types.is_string(kind):
        settled = of_text(column, index, rules, found, evidence)
        if pa.types.is_integer(settled.type) and settled.null_count and _largest(settled) > _EXACT:
            _add(found.long, index)
            return pc.if_else(pc.is_valid(settled), column, pa.scalar(None, pa.string()))
    if pa.types.is_integer(settled.type) and not _DATE_NAMES.isdisjoint(words_of(name)):
        days = compact_dates(settled)
        if days is not None:
            _add(found.compact, index)
            return days
    infinite = float("inf")
    if pa.types.is_floating(settled.type) and _total(settled) == infinite and _largest(settled) == infinite:
        _add(found.infinite, index)
    return settled


def _add(positions: list[int], index: int) -> None:
    if index not in positions:
        positions.append(index)
