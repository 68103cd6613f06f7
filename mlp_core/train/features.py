"""Which columns a model learns from, and why the others are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlp_core.errors import CannotTrain
from mlp_core.kinds import NUMERIC, Kind, identifies, kind_of
from mlp_core.text import Text
from mlp_core.train.target import refuse_unbounded

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlp_core.clean import Operation, Recipe
    from mlp_core.table import Table
    from mlp_core.train.plan import TrainingPlan

    Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class Features:
    """The columns of a training.

    Attributes
    ----------
    raw_kinds : mapping of str to Kind
        Columns of the table that the pipeline takes, in order.
    kinds : mapping of str to Kind
        The features as they leave the recipe, in order.
    steps : tuple of dict
        The learning steps of the recipe.
    left_out : mapping of str to Text
        Why each of the other columns is not learned from.
    """

    raw_kinds: Mapping[str, Kind]
    kinds: Mapping[str, Kind]
    steps: tuple[dict[str, Any], ...]
    left_out: Mapping[str, Text]


def choose_features(
    table: Table, frame: pd.DataFrame, training: Array, plan: TrainingPlan, recipe: Recipe | None
) -> Features:
    """Return the columns to learn from, judged on training rows only.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Raw rows that take part, with every column of the table.
    training : array of shape (n_training_rows,)
        Positions of the training rows in ``frame``.

    Raises
    ------
    CannotTrain
        No column is left, or one holds values that are infinite or too large.
    """
    import numpy as np

    from mlp_core.clean.transformer import RecipeTransformer
    from mlp_core.train.schema import Schema

    operations = [] if recipe is None else recipe.operations()
    settled = {} if recipe is None else recipe.decided()
    if recipe is not None and plan.target and plan.target not in recipe.columns_left(frame):
        raise CannotTrain(
            Text("A step of the recipe drops the target, {name}.", name=plan.target),
            hint=Text("Switch that step off, or choose another target."),
        )
    steps = tuple(step.state() for step in operations if not step.drops_rows)
    learned = frame.iloc[np.sort(training)]
    wanted, keys, left_out = _taken(learned, table, plan, operations, settled)
    needed = wanted | keys
    finding = _keys_of(operations, table, plan)
    raw = {name: needed[name] for name in table.kinds if name in needed}
    schema = Schema({name: kind.value for name, kind in raw.items()})
    conformed = schema.fit_transform(learned[list(raw)])
    prepared = RecipeTransformer(list(steps)).fit_transform(conformed)
    joined = [name for name in prepared.columns if name not in raw and _wanted(name, plan)]
    changed = {name for step in operations for name in step.named_columns() if not step.drops_rows}
    kinds: dict[str, Kind] = {}
    for name in (*wanted, *joined):
        if name not in prepared.columns:
            left_out[name] = Text("A step of the recipe drops it.")
            continue
        known = Kind.EMPTY if name in changed else wanted.get(name, Kind.EMPTY)
        kind = known if known is not Kind.EMPTY else _learned_kind(prepared[name], name)
        if settled.get(name) not in (None, Kind.IDENTIFIER) and prepared[name].notna().any():
            kind = settled[name]
        reason = _unusable(prepared[name], kind)
        if name in joined and name not in plan.features and identifies(prepared[name], name, kind):
            reason = _names_rows()
        if reason is None:
            kinds[name] = kind
        else:
            left_out[name] = reason
    refuse_unbounded(
        {
            name: frame[name].to_numpy(dtype=float, na_value=np.nan)
            for name in prepared.columns
            if raw.get(name) in NUMERIC and (name in kinds or not prepared[name].notna().any())
        }
        | {name: values for name, values in _numbers_brought(steps).items() if name in kinds}
    )
    if not kinds:
        raise _nothing_left(raw, plan, left_out)
    return Features(
        raw_kinds={name: kind for name, kind in raw.items() if name in kinds or name in finding},
        kinds=kinds,
        steps=steps,
        left_out=left_out,
    )


def _taken(
    learned: pd.DataFrame,
    table: Table,
    plan: TrainingPlan,
    operations: Sequence[Operation],
    settled: Mapping[str, Kind],
) -> tuple[dict[str, Kind], dict[str, Kind], dict[str, Text]]:
    """Return columns that may be learned from, keys that only find rows, and why others are left out."""
    # The kinds of the table come from all rows; the test rows must not decide what is learned from.
    wanted = {
        name: _learned_kind(learned[name], name)
        for name in table.kinds
        if name != plan.target and _wanted(name, plan)
    }
    left_out: dict[str, Text] = {}
    if plan.target in plan.features:
        left_out[plan.target] = Text("It is the target.")
    for name, kind in dict(wanted).items():
        chosen = settled.get(name, table.kinds[name]) is Kind.IDENTIFIER
        found = name not in settled and identifies(learned[name], name, kind)
        if name not in plan.features and (chosen or found):
            left_out[name] = _names_rows()
            del wanted[name]
    keys: dict[str, Kind] = {}
    for name in _keys_of(operations, table, plan):
        if name in wanted and _beyond_floats(learned[name]):
            left_out[name] = _names_rows()
            del wanted[name]
        if name not in wanted:
            keys[name] = _key_kind(learned[name])
    return wanted, keys, left_out


def _names_rows() -> Text:
    return Text("It names or numbers the rows.")


def _keys_of(operations: Sequence[Operation], table: Table, plan: TrainingPlan) -> list[str]:
    """Return the columns of the table that find the rows of another, learned from or not."""
    keys = dict.fromkeys(name for step in operations if step.joins for name in step.named_columns())
    return [name for name in keys if name in table.kinds and name != plan.target]


def _key_kind(column: pd.Series) -> Kind:
    """Return the kind as which a key reaches the step that joins; as text it keeps every digit."""
    kind = kind_of(column)
    return kind if kind in (Kind.DATETIME, Kind.BOOLEAN) else Kind.IDENTIFIER


def _beyond_floats(column: pd.Series) -> bool:
    """Whether whole numbers are so large that decimals would make different ones equal."""
    from pandas.api import types

    return types.is_integer_dtype(column.dtype) and bool((column.abs() >= 2**53).any())


def _numbers_brought(steps: Sequence[Mapping[str, Any]]) -> dict[str, Array]:
    """Return the numbers that steps bring from other tables, by the name of their column."""
    return {
        one["name"]: one["values"]
        for step in steps
        for one in step.get("lookup", {}).get("columns", ())
        if one["type"] == "number"
    }


def _learned_kind(column: pd.Series, name: str) -> Kind:
    """Return the kind that a model takes a column for; yes and no in words stay the words they are."""
    kind = kind_of(column, name)
    return Kind.CATEGORY if kind is Kind.BOOLEAN and column.dtype == "str" else kind


def _wanted(name: str, plan: TrainingPlan) -> bool:
    return not plan.features or name in plan.features


def _unusable(column: pd.Series, kind: Kind) -> Text | None:
    """Return why a column cannot be learned from, if so."""
    if kind is Kind.EMPTY or not column.notna().any():
        return Text("It is empty.")
    if kind is Kind.TEXT:
        return Text("It holds free text.")
    # A gap in a number is filled with the median, so it does not make a second value.
    if column.nunique(dropna=kind in NUMERIC) < 2:
        return Text("It has the same value in every training row.")
    return None


def _nothing_left(raw: Mapping[str, Kind], plan: TrainingPlan, left_out: Mapping[str, Text]) -> CannotTrain:
    if raw and all(kind is Kind.TEXT for kind in raw.values()):
        return CannotTrain(
            Text(
                "There is nothing to learn from: {names:list} {count|holds|hold} free text.",
                count=len(raw),
                names=list(raw),
            ),
            hint=Text("Add a column with numbers, dates or categories."),
        )
    if not raw and set(left_out) <= {plan.target}:
        return CannotTrain(
            Text("There is no feature besides the target {name}.", name=plan.target),
            hint=Text("Use a table with more columns, or choose other features."),
        )
    reasons = [Text("{name}: {reason}", name=name, reason=reason) for name, reason in left_out.items()]
    return CannotTrain(
        Text("No feature can be learned from. {reasons:list}", reasons=reasons),
        hint=Text("Choose other features, or change the steps of the recipe."),
    )
