"""Groups drawn by lot: what clustering is measured against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator, ClusterMixin

if TYPE_CHECKING:
    from typing import Self

    import numpy as np


class RandomGroups(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Assign each row to a group by lot, whatever it holds.

    Parameters
    ----------
    n_clusters : int
        How many groups.
    random_state : int
        The same rows in the same order always get the same groups.
    """

    def __init__(self, n_clusters: int = 3, random_state: int = 0) -> None:
        self.n_clusters = n_clusters
        self.random_state = random_state

    def fit(self, X: np.ndarray[Any, Any], y: object = None) -> Self:
        """Remember only how many columns there are; ``X`` has shape (n_rows, n_columns)."""
        self.n_features_in_ = int(X.shape[1])
        self.labels_ = self.predict(X)
        return self

    def predict(self, X: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return a group number per row, shape (n_rows,)."""
        import numpy as np

        return np.random.default_rng(self.random_state).integers(0, self.n_clusters, size=len(X))
