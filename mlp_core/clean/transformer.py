"""A recipe inside the scikit-learn pipeline: learned from the rows it is fitted on, frame to frame.

Its state is plain lists and dictionaries, so a safe model format can hold it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator, TransformerMixin

from mlp_core.clean.operation import Operation, operation_from_json

if TYPE_CHECKING:
    from typing import Self

    import numpy as np
    import pandas as pd


class RecipeTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The learning steps of a recipe as a transformer.

    Parameters
    ----------
    steps : list of dict
        The enabled operations as JSON. Those that drop rows are skipped: rows were dropped before the split,
        and a row to predict is never lost. A step on columns that are not features is skipped too.
    """

    def __init__(self, steps: list[dict[str, Any]]) -> None:
        self.steps = steps

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn every step from ``X``, a frame of shape (n_rows, n_features)."""
        self.feature_names_in_ = [str(name) for name in X.columns]
        self.learned_: list[dict[str, Any]] = []
        for step in self._operations(X):
            learned = dict(step.learn(X))
            self.learned_.append({"step": step.to_json(), "learned": learned})
            X = step.apply(X, learned)
        self.feature_names_out_ = [str(name) for name in X.columns]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return ``X`` with the learned steps applied; as many rows come out as go in."""
        for entry in self.learned_:
            X = operation_from_json(entry["step"]).apply(X, entry["learned"])
        return X

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:
        """Return the names of the columns that come out."""
        import numpy as np

        return np.asarray(self.feature_names_out_, dtype=object)

    def _operations(self, frame: pd.DataFrame) -> list[Operation]:
        """Return the learning steps, each restricted to the columns that are there when it comes."""
        present = [str(name) for name in frame.columns]
        kept = []
        for data in self.steps:
            operation = operation_from_json(data)
            restricted = None if operation.drops_rows else operation.restricted_to(present)
            if restricted is not None:
                kept.append(restricted)
        return kept
