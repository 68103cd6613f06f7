"""A recipe inside the scikit-learn pipeline: learned from the rows it is fitted on, frame to frame.

Its state is plain lists, dictionaries and arrays, so a safe model format can hold it.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator, TransformerMixin

from mlp_core.clean.operation import operation_from_json, operation_from_state

if TYPE_CHECKING:
    from typing import Self

    import numpy as np
    import pandas as pd

    from mlp_core.text import Text


class RecipeTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The learning steps of a recipe as a transformer.

    Parameters
    ----------
    steps : list of dict
        The enabled operations by their state: JSON, and of a joined table the lookup. Those that drop rows
        are skipped: rows were dropped before the split, and a row to predict is never lost. A step on
        columns that are not there when it comes is skipped too.
    """

    def __init__(self, steps: list[dict[str, Any]]) -> None:
        self.steps = steps

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn every step from ``X``, a frame of shape (n_rows, n_features)."""
        self.feature_names_in_ = [str(name) for name in X.columns]
        self.learned_: list[dict[str, Any]] = []
        for data in self.steps:
            step = operation_from_state(data)
            restricted = None if step.drops_rows else step.restricted_to(map(str, X.columns))
            if restricted is None:
                continue
            learned = dict(restricted.learn(X))
            self.learned_.append({"step": restricted.to_json(), "learned": learned})
            X = restricted.apply(X, learned)
        self.feature_names_out_ = [str(name) for name in X.columns]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return ``X`` with the learned steps applied; as many rows come out as go in."""
        for entry in self.learned_:
            X = operation_from_json(entry["step"]).apply(X, entry["learned"])
        return X

    def notes(self, X: pd.DataFrame) -> tuple[Text, ...]:
        """Return what a person should know of rows to predict: how many find nothing in another table."""
        found: list[Text] = []
        steps = [operation_from_json(entry["step"]) for entry in self.learned_]
        last = max((place for place, step in enumerate(steps) if step.joins), default=-1)
        for step, entry in zip(steps[: last + 1], self.learned_, strict=False):
            after = step.apply(X, entry["learned"])
            if step.joins:
                found.extend(step.with_state({"lookup": entry["learned"]}).notes(X, after))
            X = after
        return tuple(found)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:
        """Return the names of the columns that come out."""
        import numpy as np

        return np.asarray(self.feature_names_out_, dtype=object)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return a transformer of its own, which shares what was learned, as that is never altered."""
        return copy.copy(self)
