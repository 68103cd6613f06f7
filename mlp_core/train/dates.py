"""Dates and durations as numbers that a model can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sklearn.base import BaseEstimator, TransformerMixin

if TYPE_CHECKING:
    from typing import Self

    import numpy as np
    import pandas as pd

PARTS: Final = ("year", "month", "weekday", "day")
"""``weekday`` counts from Monday = 0; ``day`` counts days since 1970, with its part of a day."""

_DAY: Final = 86_400_000_000
"""Microseconds."""


class DateParts(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Each date column as year, month, day of the week and days since 1970."""

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Remember the names of the columns of ``X``, of shape (n_rows, n_columns)."""
        self.feature_names_in_ = [str(name) for name in X.columns]
        self.n_features_in_ = len(self.feature_names_in_)
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return numbers of shape (n_rows, 4 * n_columns); a missing date is missing in each."""
        import numpy as np

        parts = []
        for name in self.feature_names_in_:
            # In microseconds, as nanoseconds hold no date before 1677 or after 2262.
            column = X[name].astype("datetime64[us]")
            days = column.astype("int64").where(column.notna()) / _DAY
            parts += [column.dt.year, column.dt.month, column.dt.day_of_week, days]
        return np.column_stack([np.asarray(part, dtype=float) for part in parts])

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:
        """Return the names of the columns that come out."""
        import numpy as np

        names = [f"{name} ({part})" for name in self.feature_names_in_ for part in PARTS]
        return np.asarray(names, dtype=object)


class Seconds(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Each duration as its number of seconds."""

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Remember the names of the columns of ``X``, of shape (n_rows, n_columns)."""
        self.feature_names_in_ = [str(name) for name in X.columns]
        self.n_features_in_ = len(self.feature_names_in_)
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return numbers of shape (n_rows, n_columns); a missing duration is missing."""
        import numpy as np

        parts = [X[name].dt.total_seconds() for name in self.feature_names_in_]
        return np.column_stack([np.asarray(part, dtype=float) for part in parts])

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:
        """Return the names of the columns that come out."""
        import numpy as np

        return np.asarray(self.feature_names_in_, dtype=object)
