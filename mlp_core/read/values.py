"""Columns of Python values, of one kind or mixed, as Arrow arrays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from mlp_core.read.cells import plain_text

if TYPE_CHECKING:
    import pyarrow as pa

_LEAST: Final = -(2**63)
_MOST: Final = 2**63 - 1


def column_of(values: Sequence[Any]) -> pa.Array:
    """Return values as whole numbers, numbers, yes/no or text; a mixed column is text, written plainly.

    Examples
    --------
    >>> str(column_of([1, None, 3]).type), str(column_of([1, 2.5]).type), str(column_of([1, "a"]).type)
    ('int64', 'double', 'string')
    >>> column_of([2.0, "x", True, [1, {"a": None}]]).to_pylist()
    ['2', 'x', 'true', '[1, {"a": null}]']
    """
    import pyarrow as pa

    kinds = set(map(type, values)) - {type(None)}
    if not kinds:
        return pa.nulls(len(values), pa.float64())
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and _fits(values):
        return pa.array(values, pa.int64())
    if kinds <= {int, float} and float in kinds:
        return pa.array([None if value is None else _float(value) for value in values], pa.float64())
    if kinds == {str}:
        return _texts(values)
    if kinds == {bytes}:
        return pa.array(values, pa.binary())
    return _texts([None if value is None else _written(value) for value in values])


def _fits(values: Sequence[Any]) -> bool:
    whole = [value for value in values if value is not None]
    return bool(min(whole) >= _LEAST and max(whole) <= _MOST)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _texts(values: Sequence[Any]) -> pa.Array:
    import pyarrow as pa

    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        # Half of a pair of surrogates, which JSON can spell, is no character.
        kept = [None if text is None else text.encode("utf-8", "replace").decode() for text in values]
        return pa.array(kept, pa.string())


def _written(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    return plain_text(value)
