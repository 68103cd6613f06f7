"""The form that asks for one row: a field per column that the model needs, from its training rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlp_core.kinds import Kind

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """How to ask for one column.

    Attributes
    ----------
    name : str
        The column.
    kind : Kind
        What it holds.
    default : float, bool, str or None
        A usual value: the median, the most frequent category; a date as ISO text.
    low, high : float, str or None
        The range in the training rows, of numbers and dates.
    choices : tuple of str
        The categories in the training rows.
    """

    name: str
    kind: Kind
    default: Any
    low: Any = None
    high: Any = None
    choices: tuple[str, ...] = ()


def form_fields(pipeline: Pipeline) -> list[FieldSpec]:
    """Return the fields of the form for a trained pipeline, in the order of the table."""
    schema = pipeline.steps[0][1]
    return [
        FieldSpec(
            name=name,
            kind=Kind(kind),
            default=schema.facts_[name]["default"],
            low=schema.facts_[name]["low"],
            high=schema.facts_[name]["high"],
            choices=tuple(schema.facts_[name]["choices"]),
        )
        for name, kind in schema.kinds.items()
    ]
