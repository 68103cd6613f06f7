"""The target of a training: its values as a model takes them, and what makes it impossible to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlp_core.errors import CannotTrain
from mlp_core.kinds import LABELS, NUMERIC, Kind, kind_of
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train.conform import LARGEST

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[Any]]

MOST_CLASSES: Final = 200
"""Scores, intervals and probabilities of more classes take minutes and tell little."""


def target_values(column: pd.Series, task: Task) -> Array:
    """Return the target as an array of shape (n_rows,), with nothing missing.

    Numbers stay numbers, and durations become seconds; in classification whole numbers and yes/no keep
    their values as classes, and all else becomes text.

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

    if kind is Kind.DURATION:
        column = column.dt.total_seconds()
    elif kind not in NUMERIC:
        raise CannotTrain(
            Text(
                "The target {name} holds {kind}; regression needs numbers.",
                name=column.name,
                kind=LABELS[kind],
            ),
            hint=Text("Choose classification, or another target."),
        )
    values = column.to_numpy(dtype=float)
    refuse_unbounded({str(column.name): values})
    if len(np.unique(values)) < 2:
        raise CannotTrain(
            Text("The target {name} has one value only, {value}.", name=column.name, value=str(values[0])),
            hint=Text("Choose another target, or check which rows the steps remove."),
        )
    return values


def _classes(column: pd.Series, kind: Kind) -> Array:
    import numpy as np

    if kind is Kind.BOOLEAN and column.dtype != "str":
        values = column.to_numpy(dtype=bool)
    elif kind is Kind.INTEGER and _fits_int64(column):
        values = column.to_numpy(dtype=np.int64)
    else:
        values = column.astype(str).to_numpy(dtype=np.str_)
    classes, counts = np.unique(values, return_counts=True)
    if len(classes) < 2:
        raise CannotTrain(
            Text("The target {name} has one class only, {value}.", name=column.name, value=str(classes[0])),
            hint=Text("Choose another target, or check which rows the steps remove."),
        )
    if len(classes) > MOST_CLASSES:
        raise CannotTrain(
            Text(
                "The target {name} has {classes:n} classes, more than {most:n}.",
                name=column.name,
                classes=len(classes),
                most=MOST_CLASSES,
            ),
            hint=Text("Merge rare classes, or choose regression if the target is a quantity."),
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


def _fits_int64(column: pd.Series) -> bool:
    """Whether whole numbers keep their values as ``int64``; beyond, different ones would become one."""
    return int(column.min()) >= -(2**63) and int(column.max()) < 2**63


def unlearned_notes(target: Array, classes: Array, folds: list[tuple[Array, Array]]) -> list[Text]:
    """Return what should be known about classes that are tested but not learned.

    Parameters
    ----------
    target : array of shape (n_training_rows,)
        The classes of the training rows.
    classes : array of shape (n_classes,)
        Every class of the table.
    folds : list of (array, array)
        Training and validation positions among the training rows.

    Raises
    ------
    CannotTrain
        The training rows, or those of a fold, are all of one class.
    """
    import numpy as np

    for learned in (target, *(target[training] for training, _ in folds)):
        if len(np.unique(learned)) < 2:
            raise CannotTrain(
                Text(
                    "All rows to learn from, in the training or in a fold, have the class {name}.",
                    name=str(learned[0]),
                ),
                hint=Text("Stratify by the target, or merge rare classes."),
            )
    notes = []
    unseen = np.setdiff1d(classes, target)
    if len(unseen):
        notes.append(
            Text(
                "No training row has the {count|class|classes} {names:list}: no model can predict "
                "{count|it|them}, and the test rows that have {count|it|them} count as errors.",
                count=len(unseen),
                names=[str(name) for name in unseen],
            )
        )
    lacking = [len(np.unique(target[training])) < len(np.unique(target)) for training, _ in folds]
    if any(lacking):
        notes.append(
            Text(
                "In {folds:n} {folds|fold|folds}, a class has rows to test but none to learn from; they "
                "count as errors.",
                folds=sum(lacking),
            )
        )
    return notes


def refuse_unbounded(columns: dict[str, Array]) -> None:
    """Refuse numbers, given by the name of their column, that are infinite or beyond ``LARGEST``.

    Raises
    ------
    CannotTrain
        There is at least one.
    """
    import numpy as np

    counts = {name: int(np.isinf(values).sum()) for name, values in columns.items()}
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
    counts = {name: int((abs(values) > LARGEST).sum()) for name, values in columns.items()}
    found = {name: count for name, count in counts.items() if count}
    if found:
        raise CannotTrain(
            Text(
                "{count:n} {count|value|values} in {columns|column|columns} {names:list} {count|is|are} too "
                "large to compute with (beyond 1e150).",
                count=sum(found.values()),
                columns=len(found),
                names=list(found),
            ),
            hint=Text(
                "Correct them, use a larger unit, or leave {count|this column|these columns} out.",
                count=len(found),
            ),
        )
