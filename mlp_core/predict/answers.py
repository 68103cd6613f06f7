"""Predictions for new rows, with a sentence for everything about them that did not fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

PREDICTED: Final = "predicted"


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """What a model answers, row for row.

    Attributes
    ----------
    values : Series of shape (n_rows,)
        Classes, numbers or group numbers, with the row labels that were given.
    probabilities : DataFrame of shape (n_rows, n_classes) or None
        A column per class, named as the class; only where the model predicts classes.
    problems : tuple of Text
        What did not fit: cells that could not be read, categories that are new, columns not used, keys that
        no row of a joined table has.
    """

    values: pd.Series = field(repr=False)
    probabilities: pd.DataFrame | None = field(default=None, repr=False)
    problems: tuple[Text, ...] = ()


def predict(pipeline: Pipeline, frame: pd.DataFrame) -> Predictions:
    """Return the answers of a trained pipeline on raw rows; no row is ever lost.

    Parameters
    ----------
    pipeline : Pipeline
        Of a row of a leaderboard.
    frame : DataFrame of shape (n_rows, n_columns)
        In any order of columns; those that the model does not use are ignored.

    Raises
    ------
    SchemaMismatch
        A column that the model needs is missing, or stands there twice.
    """
    import pandas as pd
    from threadpoolctl import threadpool_limits

    schema, *preparation, model = (step for _, step in pipeline.steps)
    rows, problems = schema.conform(frame)
    joining = next((step for step in preparation if hasattr(step, "notes")), None)
    if joining is not None and len(rows):
        problems = (*problems, *joining.notes(rows))
    chances: Any = None
    if len(rows):
        # On few rows, several OpenMP threads wait for each other far longer than one works.
        with threadpool_limits(limits=1):
            for step in preparation:
                rows = step.transform(rows)
            if hasattr(model, "tree_") or hasattr(model, "estimators_"):
                rows = _single(rows)
            values = model.predict(rows)
            if hasattr(model, "predict_proba"):
                chances = model.predict_proba(rows)
    else:
        values = []
    probabilities = None
    if hasattr(model, "predict_proba"):
        names = [str(name) for name in model.classes_]
        probabilities = pd.DataFrame(chances, index=frame.index, columns=names, dtype=float)
    return Predictions(
        values=pd.Series(values, index=frame.index, name=PREDICTED),
        probabilities=probabilities,
        problems=problems,
    )


def _single(rows: Any) -> Any:
    """Return numbers cut to what single precision holds, as trees refuse larger ones; none splits there."""
    import numpy as np

    limit = float(np.finfo(np.float32).max)
    return np.clip(rows, -limit, limit)
