"""Typed columns of any Arrow file, brought to the few plain types that a table holds.

Nested values become JSON text; decimals become numbers where a float holds them exactly, else text; bytes
become text where they are UTF-8, else hexadecimal; times of day become the time since midnight, as those in a
text do; moments become UTC without a zone. What would be lost is told in notes, never in silence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mlp_core.read.durations import since_midnight
from mlp_core.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

_FLOAT_DIGITS: Final = 15
_FIRST_MOMENT: Final = -62_135_596_800_000_000
_LAST_MOMENT: Final = 253_402_300_799_999_999
"""Microseconds of the first and the last moment that Python's calendar, and so parts of the app, can show."""


@dataclass
class Changes:
    """The columns whose values were written in another way, by name."""

    decimals: list[str] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    zoned: list[str] = field(default_factory=list)
    bytes_: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)

    def notes(self) -> tuple[Text, ...]:
        """Return the sentences on what a person should know."""
        told = (
            (
                self.decimals,
                Text(
                    "Numbers too long to be kept exactly stayed text: {columns:list}.", columns=self.decimals
                ),
            ),
            (self.nested, Text("Nested values stand as JSON text in {columns:list}.", columns=self.nested)),
            (self.zoned, Text("Times were converted to UTC in {columns:list}.", columns=self.zoned)),
            (
                self.bytes_,
                Text("Bytes that are no text stand in hexadecimal in {columns:list}.", columns=self.bytes_),
            ),
            (
                self.beyond,
                Text(
                    "Dates beyond the calendar of this app stayed text: {columns:list}.", columns=self.beyond
                ),
            ),
        )
        return tuple(note for columns, note in told if columns)


def plain(names: Sequence[str], columns: Sequence[Any]) -> tuple[pa.Table, tuple[Text, ...]]:
    """Return the columns as a table of plain types, called by their position, and notes.

    Parameters
    ----------
    names : sequence of str
        What the columns are called in the file; only for the notes.
    columns : sequence of Arrow arrays
        All of one length.
    """
    import pyarrow as pa

    changes = Changes()
    done = [_plain(column, name, changes) for name, column in zip(names, columns, strict=True)]
    positions = [str(position) for position in range(len(done))]
    return pa.Table.from_arrays(done, names=positions), changes.notes()


def _plain(column: Any, name: str, changes: Changes) -> Any:
    import pyarrow as pa

    if isinstance(column, pa.ChunkedArray) and isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([chunk.storage for chunk in column.chunks], type=column.type.storage_type)
    types = pa.types
    kind = column.type
    for applies, change in (
        (types.is_boolean, _same),
        (types.is_integer, _same),
        (types.is_float16, lambda c, n, h: c.cast(pa.float32())),
        (types.is_floating, _same),
        (types.is_string, _text),
        (lambda t: types.is_large_string(t) or types.is_string_view(t), _as_text),
        (types.is_timestamp, _moments),
        (types.is_date, lambda c, n, h: _micro(c, n, h)),
        (types.is_duration, _durations),
        (types.is_time, lambda c, n, h: _durations(since_midnight(c), n, h)),
        (types.is_decimal, _decimals),
        (types.is_dictionary, _categories),
        (types.is_run_end_encoded, lambda c, n, h: _plain(_decoded(c), n, h)),
        (_is_bytes, _bytes),
        (types.is_null, lambda c, n, h: c.cast(pa.float64())),
    ):
        if applies(kind):
            return change(column, name, changes)
    changes.nested.append(name)
    return _json(column)


def _same(column: Any, name: str, changes: Changes) -> Any:
    return column


def _is_bytes(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    fixed = types.is_fixed_size_binary(kind)
    return bool(types.is_binary(kind) or types.is_large_binary(kind) or types.is_binary_view(kind) or fixed)


def _text(column: Any, name: str, changes: Changes) -> Any:
    """Return text as it is, where it is UTF-8; files can claim it."""
    import pyarrow as pa

    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return _bytes(column.cast(pa.binary()), name, changes)
    return column


def _as_text(column: Any, name: str, changes: Changes) -> Any:
    import pyarrow as pa

    try:
        column.validate(full=True)
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        return _bytes(column.cast(pa.large_binary()), name, changes)


def _bytes(column: Any, name: str, changes: Changes) -> Any:
    import pyarrow as pa

    values = column.to_pylist()
    try:
        return pa.array([None if value is None else value.decode() for value in values], pa.string())
    except UnicodeDecodeError:
        changes.bytes_.append(name)
        return pa.array([None if value is None else value.hex() for value in values], pa.string())


def _moments(column: Any, name: str, changes: Changes) -> Any:
    import pyarrow as pa

    if column.type.tz is not None:
        changes.zoned.append(name)
        # The instant is kept as UTC whatever the zone is called, so that an unknown name does no harm.
        column = column.cast(pa.timestamp(column.type.unit, "UTC"))
        column = column.cast(pa.timestamp(column.type.unit))
    return _micro(column, name, changes)


def _micro(column: Any, name: str, changes: Changes) -> Any:
    """Return moments in microseconds; nanoseconds only where digits would be lost."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        cast = column.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        cast = None
    if cast is not None:
        ends = pc.min_max(cast.cast(pa.int64())).as_py()
        if all(end is None or _FIRST_MOMENT <= end <= _LAST_MOMENT for end in ends.values()):
            return cast
    elif pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column
    changes.beyond.append(name)
    values = column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
    return pa.array(values.astype(str), pa.string(), mask=column.is_null().to_numpy())


def _durations(column: Any, name: str, changes: Changes) -> Any:
    import pyarrow as pa

    for unit in ("us", "ns"):
        try:
            return column.cast(pa.duration(unit))
        except pa.ArrowInvalid:
            continue
    return _written(column, name, changes)


def _decimals(column: Any, name: str, changes: Changes) -> Any:
    import pyarrow as pa

    if column.type.precision <= _FLOAT_DIGITS:
        return column.cast(pa.float64())
    values = [value for value in column.to_pylist() if value is not None]
    if all(len(value.normalize().as_tuple().digits) <= _FLOAT_DIGITS for value in values):
        return column.cast(pa.float64())
    changes.decimals.append(name)
    return _mapped(column, lambda value: format(value, "f"))


def _categories(column: Any, name: str, changes: Changes) -> Any:
    """Return a category of different texts as it is, and the values behind any other one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column.validate(full=True)
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    kind = column.type.value_type
    texts = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    if texts and len(chunks) == 1:
        labels = chunks[0].dictionary.cast(pa.string())
        if len(pc.unique(labels)) == len(labels) and not labels.null_count:
            indices = chunks[0].indices.cast(pa.int32())
            return pa.DictionaryArray.from_arrays(indices, labels, ordered=column.type.ordered)
    if texts and len(chunks) > 1:
        column = column.unify_dictionaries()
        if all(chunk.dictionary.equals(column.chunks[0].dictionary) for chunk in column.chunks):
            whole = pa.concat_arrays([chunk.indices for chunk in column.chunks])
            first = column.chunks[0].dictionary
            return _categories(
                pa.DictionaryArray.from_arrays(whole, first, ordered=column.type.ordered), name, changes
            )
    values = [chunk.dictionary.take(chunk.indices) for chunk in chunks]
    return _plain(pa.chunked_array(values, type=kind), name, changes)


def _decoded(column: Any) -> Any:
    import pyarrow.compute as pc

    return pc.run_end_decode(column)


def _written(column: Any, name: str, changes: Changes) -> Any:
    """Return values as Arrow writes them."""
    import pyarrow as pa

    return column.cast(pa.string())


def _json(column: Any) -> Any:
    return _mapped(
        column.cast(_coarser(column.type), safe=False),
        lambda value: json.dumps(value, ensure_ascii=False, default=_told),
    )


def _coarser(kind: Any) -> Any:
    """Return a nested type with microseconds in place of nanoseconds, which Python's own moments lack."""
    import pyarrow as pa

    types = pa.types
    if types.is_struct(kind):
        return pa.struct([field.with_type(_coarser(field.type)) for field in kind])
    if types.is_fixed_size_list(kind):
        return pa.list_(_coarser(kind.value_type), kind.list_size)
    if types.is_large_list(kind):
        return pa.large_list(_coarser(kind.value_type))
    if types.is_list(kind):
        return pa.list_(_coarser(kind.value_type))
    if types.is_map(kind):
        return pa.map_(_coarser(kind.key_type), _coarser(kind.item_type))
    if types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if types.is_duration(kind) and kind.unit == "ns":
        return pa.duration("us")
    return pa.time64("us") if types.is_time64(kind) else kind


def _mapped(column: Any, change: Callable[[Any], str]) -> Any:
    import pyarrow as pa

    values = [None if value is None else change(value) for value in column.to_pylist()]
    return pa.array(values, pa.string())


def _told(value: Any) -> Any:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    return str(value)
