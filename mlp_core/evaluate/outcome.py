"""What a model answered on rows whose truth is known: all that a metric or a chart is made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mlp_core.task import Task

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Answers of one model on ``n_rows`` rows.

    Attributes
    ----------
    task : Task
        Says which of the other fields are there.
    predicted : array of shape (n_rows,)
        Classes, numbers, or cluster numbers.
    observed : array of shape (n_rows,), optional
        The truth; absent in clustering.
    probabilities : array of shape (n_rows, n_classes), optional
        In the order of ``classes``; classification only.
    classes : array of shape (n_classes,), optional
        Every class of the target, sorted; classification only.
    points : array of shape (n_rows, n_dimensions), optional
        Where the rows lie once prepared; clustering only.
    """

    task: Task
    predicted: Array
    observed: Array | None = None
    probabilities: Array | None = None
    classes: Array | None = None
    points: Array | None = None

    def __len__(self) -> int:
        return len(self.predicted)

    @cached_property
    def truth(self) -> Array:
        """The observed values, which every task but clustering has."""
        assert self.observed is not None
        return self.observed

    @cached_property
    def observed_codes(self) -> Array:
        """The position in ``classes`` of each observed class, shape (n_rows,)."""
        import numpy as np

        return np.searchsorted(self._classes, self.truth)

    @cached_property
    def predicted_codes(self) -> Array:
        """The position in ``classes`` of each predicted class, shape (n_rows,)."""
        import numpy as np

        return np.searchsorted(self._classes, self.predicted)

    @cached_property
    def confusion(self) -> Array:
        """Counts of shape (n_classes, n_classes): observed down, predicted across."""
        import numpy as np

        size = len(self._classes)
        cells = self.observed_codes * size + self.predicted_codes
        return np.bincount(cells, minlength=size * size).reshape(size, size)

    @property
    def chances(self) -> Array:
        """The probabilities, which every classifier here gives."""
        assert self.probabilities is not None
        return self.probabilities

    @property
    def _classes(self) -> Array:
        assert self.classes is not None
        return self.classes
