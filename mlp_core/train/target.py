"""The target of a training: its values as a model takes them, and what makes it impossible to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlp_core.errors import CannotTrain
from mlp_core.kinds import LABELS, NUMERIC, Kind, kind_of
from mlp_core.task import Task
from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[Any]]


def target_values(column: pd.Series, task: Task) -> Array:
    """Return the target as an array of shape (n_rows,), with nothing missing.

    Numbers stay numbers; in classification whole numbers and yes/no keep their values as classes, and
    all else becomes text.

    Raises
    ------
    CannotTrain
        The values do not suit the task, or leave nothing to learn.
    """
    kind = kind_of(column)
    if task is Task.REGRESSION:
        return _numbers(column, kind)
    return _classes(column, kind)


def _numbers(column: pd.Series, kind: Kind) -> Array:
    import numpy as np

    if kind not in NUMERIC:
        raise CannotTrain(
            Text(
                "The target {name} holds {kind}; regression needs numbers.",
                name=column.name,
                kind=LABELS[kind],
            ),
            hint=Text("Choose classification, or another target."),
        )
    values = column.to_numpy(dtype=float)
    refuse_infinite({str(column.name): int(np.isinf(values).sum())})
    if len(np.unique(values)) < 2:
        raise CannotTrain(
            Text("The target {name} has one value only, {value}.", name=column.name, value=str(values[0])),
            hint=Text("Choose another target, or check which rows the steps remove."),
        )
    return values


def _classes(column: pd.Series, kind: Kind) -> Array:
    import numpy as np

    if kind is Kind.BOOLEAN:
        values = column.to_numpy(dtype=bool)
    elif kind is Kind.INTEGER:
        values = column.to_numpy(dtype=np.int64)
    else:
        values = column.astype(str).to_numpy(dtype=np.str_)
    classes, counts = np.unique(values, return_counts=True)
    if len(classes) < 2:
        raise CannotTrain(
            Text("The target {name} has one class only, {value}.", name=column.name, value=str(classes[0])),
            hint=Text("Choose another target, or check which rows the steps remove."),
        )
    alone = [str(name) for name in classes[counts < 2]]
    if alone:
        raise CannotTrain(
            Text(
                "In the target {name}, {classes|one class has|some classes have} a single row: {alone:list}. "
                "It cannot be both learned and tested.",
                name=column.name,
                classes=len(alone),
                alone=alone,
            ),
            hint=Text("Remove or merge rare classes, or choose regression if the target is a quantity."),
        )
    return values


def refuse_infinite(counts: dict[str, int]) -> None:
    """Refuse columns with infinite values, given their number by name.

    Raises
    ------
    CannotTrain
        At least one is above zero.
    """
    found = {name: count for name, count in counts.items() if count}
    if found:
        raise CannotTrain(
            Text(
                "{count:n} infinite {count|value|values} in {columns|column|columns} {names:list}.",
                count=sum(found.values()),
                columns=len(found),
                names=list(found),
            ),
            hint=Text(
                "Have them read as missing when the file is opened, or leave "
                "{count|this column|these columns} out.",
                count=len(found),
            ),
        )
