"""Which rows train, which rows test, and which rows make each fold."""

from __future__ import annotations

import math
import warnings
from numbers import Number
from typing import TYPE_CHECKING, Any

from mlp_core.errors import CannotTrain
from mlp_core.task import Task
from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlp_core.train.plan import TrainingPlan

    Array = np.ndarray[Any, np.dtype[Any]]


def groups_to_keep(frame: pd.DataFrame, target: Array | None, task: Task, plan: TrainingPlan) -> Array | None:
    """Return the labels, of shape (n_rows,), whose shares the split keeps; ``None`` for a plain split.

    Raises
    ------
    CannotTrain
        The column to stratify by is absent, or one of its values has a single row.
    """
    import numpy as np
    import pandas as pd

    if plan.stratify is True or plan.stratify == plan.target:
        return target if task is Task.CLASSIFICATION else None
    if not isinstance(plan.stratify, str) or not plan.stratify:
        return None
    if plan.stratify not in frame.columns:
        raise CannotTrain(
            Text("The column to stratify by, {name}, is not in the table.", name=plan.stratify),
            hint=Text("Choose another column, or none."),
        )
    # Codes in the natural order of the values: scikit-learn draws class by class, in this order.
    codes, values = pd.factorize(frame[plan.stratify], sort=True, use_na_sentinel=True)
    labels = np.where(codes < 0, len(values), codes)
    counts = np.bincount(labels)
    if (counts == 1).any():
        names = [*(_written(value) for value in values), Text("missing")]
        alone = [name for name, count in zip(names, [*counts, 0], strict=False) if count == 1]
        raise CannotTrain(
            Text(
                "Column {name} cannot be stratified by: {count:n} of its values {count|has|have} a single "
                "row: {alone:list}.",
                name=plan.stratify,
                count=len(alone),
                alone=alone,
            ),
            hint=Text("Choose a column with few different values, or none."),
        )
    return labels


def _written(value: Any) -> Text | str:
    return Text("{value:n}", value=float(str(value))) if isinstance(value, Number) else str(value)


def split(n_rows: int, groups: Array | None, plan: TrainingPlan) -> tuple[Array, Array]:
    """Return the positions of training and test rows, each in the order of the table.

    Raises
    ------
    CannotTrain
        There are too few rows for both.
    """
    import numpy as np
    from sklearn.model_selection import train_test_split

    testing = math.ceil(n_rows * plan.test_share)
    needed = max(2, 1 if groups is None else len(np.unique(groups)))
    if min(testing, n_rows - testing) < needed:
        raise CannotTrain(
            Text(
                "{rows:n} {rows|row is|rows are} too few: {share:pct} of them for testing gives {testing:n}, "
                "and each side needs at least {needed:n}.",
                rows=n_rows,
                share=plan.test_share,
                testing=testing,
                needed=needed,
            ),
            hint=Text("Use more rows, another share of test rows, or no stratification."),
        )
    training, held_out = train_test_split(
        np.arange(n_rows), test_size=plan.test_share, stratify=groups, random_state=plan.seed
    )
    return np.sort(training), np.sort(held_out)


def make_folds(
    target: Array | None, n_rows: int, task: Task, plan: TrainingPlan
) -> tuple[list[tuple[Array, Array]], list[Text]]:
    """Return (training, validation) positions for each fold, and what should be known about them.

    Raises
    ------
    CannotTrain
        There are fewer rows than two per fold.
    """
    import numpy as np
    from sklearn.model_selection import KFold, StratifiedKFold

    if n_rows < 2 * plan.folds:
        raise CannotTrain(
            Text(
                "Only {rows:n} {rows|row is|rows are} left for training, too few for {folds:n} folds of at "
                "least two rows.",
                rows=n_rows,
                folds=plan.folds,
            ),
            hint=Text("Use fewer folds, more rows, or steps that drop fewer rows."),
        )
    settings = {"shuffle": True, "random_state": plan.seed}
    if task is not Task.CLASSIFICATION or plan.stratify is False or target is None:
        return list(KFold(plan.folds, **settings).split(np.arange(n_rows))), []
    classes, counts = np.unique(target, return_counts=True)
    folds = min(plan.folds, max(2, int(counts.min())))
    notes = []
    if folds < plan.folds:
        notes.append(
            Text(
                "{folds:n} folds instead of {wanted:n}, as the class {name} has only {rows:n} training "
                "{rows|row|rows}.",
                folds=folds,
                wanted=plan.folds,
                name=str(classes[counts.argmin()]),
                rows=int(counts.min()),
            )
        )
    with warnings.catch_warnings():
        # A class of one training row is in one fold only; the note above says so.
        warnings.simplefilter("ignore", UserWarning)
        return list(StratifiedKFold(folds, **settings).split(np.arange(n_rows), target)), notes
