"""What is to be learned: a class, a number, or groups without a target."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mlp_core.kinds import Kind, kind_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd

MAX_INTEGER_CLASSES: Final = 10
"""A whole-number target with at most this many different values is taken for classes."""


class Task(StrEnum):
    """The task that a target implies."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    CLUSTERING = "clustering"


LABELS: Final[Mapping[Task, Text]] = MappingProxyType(
    {
        Task.CLASSIFICATION: Text("Classification"),
        Task.REGRESSION: Text("Regression"),
        Task.CLUSTERING: Text("Clustering"),
    }
)


def task_of(target: pd.Series | None) -> Task:
    """Return the task that follows from a target column; clustering without one.

    Numbers with decimals and durations are regressed; whole numbers with few different values, yes/no,
    categories and text are classes.
    """
    if target is None:
        return Task.CLUSTERING
    kind = kind_of(target)
    if kind in (Kind.NUMBER, Kind.DURATION) or (
        kind is Kind.INTEGER and target.nunique() > MAX_INTEGER_CLASSES
    ):
        return Task.REGRESSION
    return Task.CLASSIFICATION
