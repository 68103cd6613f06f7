"""The type of every column, decided from the whole column.

Arrow has already found plain numbers, dates and yes/no. Here the rest is settled: texts that are numbers
once the markers of missing values are set aside, dates in another order, and numbers that are codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mlp_core.read.dates import Order, date_order, to_timestamps
from mlp_core.read.dialect import DATE, NUMBER
from mlp_core.read.missing import EVERYWHERE, IN_NUMBERS
from mlp_core.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

_EXACT: Final = 2**53
"""Whole numbers beyond this are not exact as decimals."""

_PROBED: Final = 100
_CODE: Final = r"^\s*[-+]?0[0-9xX]"
_LONG: Final = r"^\s*[-+]?[0-9]{16,}$"

Reread = Callable[[Sequence[int]], "pa.Table"]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What stands for a missing value, and which decimal marks a column may use."""

    decimals: tuple[str, ...]
    everywhere: frozenset[str] = EVERYWHERE
    in_numbers: frozenset[str] = IN_NUMBERS


@dataclass
class Findings:
    """What was found on the way, by column position."""

    missing: set[str] = field(default_factory=set)
    infinite: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    long: list[int] = field(default_factory=list)
    zoned: list[int] = field(default_factory=list)
    orders: dict[int, Order] = field(default_factory=dict)

    def notes(self, names: Sequence[str]) -> tuple[Text, ...]:
        """Return the sentences on what a person should know."""
        by_order = {order: [names[c] for c, o in self.orders.items() if o is order] for order in Order}
        told = [
            (
                Text("Infinite values stand in {columns:list}.", columns=_named(names, self.infinite)),
                self.infinite,
            ),
            (
                Text(
                    "Numbers that begin with a zero are codes: {columns:list} stayed text.",
                    columns=_named(names, self.codes),
                ),
                self.codes,
            ),
            (
                Text(
                    "Numbers too long to be kept exactly stayed text: {columns:list}.",
                    columns=_named(names, self.long),
                ),
                self.long,
            ),
            (
                Text("Times were converted to UTC in {columns:list}.", columns=_named(names, self.zoned)),
                self.zoned,
            ),
            (
                Text(
                    "Dates were read with the day first in {columns:list}.", columns=by_order[Order.DAY_FIRST]
                ),
                by_order[Order.DAY_FIRST],
            ),
            (
                Text(
                    "Dates were read with the month first in {columns:list}.",
                    columns=by_order[Order.MONTH_FIRST],
                ),
                by_order[Order.MONTH_FIRST],
            ),
            (
                Text(
                    "Nothing tells day from month in the dates of {columns:list}: they stayed text.",
                    columns=by_order[Order.UNKNOWN],
                ),
                by_order[Order.UNKNOWN],
            ),
        ]
        return tuple(note for note, present in told if present)


def settle(cells: pa.Table, reread: Reread, rules: Rules, *, has_codes: bool) -> tuple[pa.Table, Findings]:
    """Return the table with the type of every column decided.

    Parameters
    ----------
    cells : Arrow table
        As Arrow read it, an empty cell missing.
    reread : callable
        Positions to a table of the same columns as text.
    has_codes : bool
        Whether some cell of the text is a number that begins with a zero.
    """
    import pyarrow as pa

    columns = list(cells.columns)
    doubtful = [i for i, column in enumerate(columns) if _is_doubtful(column, has_codes)]
    if doubtful:
        texts = reread(doubtful)
        for index, column in zip(doubtful, texts.columns, strict=True):
            columns[index] = column.slice(0, len(cells))
    found = Findings()
    settled = [_settled(column, index, rules, found) for index, column in enumerate(columns)]
    return pa.table(settled, names=cells.column_names), found


def _named(names: Sequence[str], positions: Sequence[int]) -> list[str]:
    return [names[position] for position in positions]


def _is_doubtful(column: Any, has_codes: bool) -> bool:
    """Whether the type that Arrow found may hide what the text says."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_time(column.type):
        return True
    if pa.types.is_boolean(column.type):
        return bool(column.null_count)
    if pa.types.is_integer(column.type):
        return has_codes or (bool(column.null_count) and _largest(column) > _EXACT)
    if pa.types.is_floating(column.type):
        total = pc.sum(column).as_py()
        if total is not None and (total != total or _largest(column) >= _EXACT):
            return True
        return has_codes and bool(pc.all(pc.equal(pc.floor(column), column)).as_py())
    return False


def _largest(column: Any) -> float:
    """Return the largest absolute value; 0 where there is none."""
    import pyarrow.compute as pc

    ends = pc.min_max(column).as_py()
    return max((abs(end) for end in ends.values() if end is not None), default=0)


def _settled(column: Any, index: int, rules: Rules, found: Findings) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_null(column.type):
        return column.cast(pa.float64())
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        if getattr(column.type, "tz", None):
            found.zoned.append(index)
        return pc.cast(column, pa.timestamp("us"), safe=False)
    if not pa.types.is_string(column.type):
        settled = column
    else:
        encoded = column.combine_chunks().dictionary_encode()
        values = _values(encoded.dictionary, index, rules, found)
        settled = column if values is encoded.dictionary else values.take(encoded.indices)
        if pa.types.is_integer(settled.type) and settled.null_count and _largest(settled) > _EXACT:
            found.long.append(index)
            return pc.if_else(pc.is_valid(settled), column, pa.scalar(None, pa.string()))
    if pa.types.is_floating(settled.type) and _largest(settled) == float("inf"):
        found.infinite.append(index)
    return settled


def _values(texts: Any, index: int, rules: Rules, found: Findings) -> Any:
    """Return the different texts of a column as what they are: numbers, dates, or texts, markers missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(texts)
    markers = pc.is_in(trimmed, value_set=pa.array(sorted(rules.everywhere | {""}), pa.string()))
    found.missing.update(value for value in texts_of(trimmed, markers) if value)
    missing = pa.scalar(None, pa.string())
    kept = pc.if_else(markers, missing, texts) if pc.any(markers).as_py() else texts
    trimmed = pc.if_else(markers, missing, trimmed)
    if trimmed.null_count == len(trimmed):
        return pa.nulls(len(trimmed), pa.float64())
    loose = pc.is_in(trimmed, value_set=pa.array(sorted(rules.in_numbers), pa.string()))
    bare = pc.if_else(loose, missing, trimmed)
    probe = bare.drop_null().slice(0, _PROBED).to_pylist()
    converted = None
    if probe and all(NUMBER.fullmatch(text) for text in probe):
        converted = _numbers(bare, index, rules, found)
    elif probe and all(DATE.fullmatch(text) for text in probe):
        converted = _dates(bare, index, found)
    if converted is None:
        return kept
    found.missing.update(texts_of(trimmed, loose))
    return converted


def texts_of(values: Any, mask: Any) -> list[str]:
    """Return the different texts that a mask picks."""
    return [str(text) for text in values.filter(mask).unique().drop_null().to_pylist()]


def _numbers(texts: Any, index: int, rules: Rules, found: Findings) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pc.any(pc.match_substring_regex(texts, _CODE)).as_py() and _is_code(texts):
        found.codes.append(index)
        return None
    if pc.any(pc.match_substring_regex(texts, _LONG)).as_py():
        try:
            return texts.cast(pa.int64())
        except pa.ArrowInvalid:
            found.long.append(index)
            return None
    for position, decimal in enumerate(rules.decimals):
        other = "," if decimal == "." else "."
        if pc.any(pc.match_substring(texts, other)).as_py() or (position and _all_thousands(texts, decimal)):
            continue
        pointed = texts if decimal == "." else pc.replace_substring(texts, ",", ".")
        for type_ in (pa.int64(), pa.float64()):
            try:
                return pointed.cast(type_)
            except pa.ArrowInvalid:
                continue
    return None


def _all_thousands(texts: Any, mark: str) -> bool:
    """Whether a mark other than the file's may part thousands: every number has three digits behind it."""
    grouped = re.compile(rf"[-+]?(\d+|[1-9]\d{{0,2}}(\{mark}\d{{3}})+)")
    return all(grouped.fullmatch(text or "0") for text in texts.to_pylist())


def _is_code(texts: Any) -> bool:
    """Whether whole numbers begin with a zero; ``007.5`` is a number all the same."""
    return any(re.fullmatch(r"\s*[-+]?0(\d+|[xX][\da-fA-F]+)\s*", text or "") for text in texts.to_pylist())


def _dates(texts: Any, index: int, found: Findings) -> Any:
    order = date_order(texts.drop_null().to_pylist())
    if order is None:
        return None
    converted = to_timestamps(texts, order)
    if order is Order.UNKNOWN or (converted is not None and order is not Order.YEAR_FIRST):
        found.orders[index] = order
    return converted
