"""Where the heavy parts of a leaderboard's row are: in memory, or on disk until they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline


class Keeper(Protocol):
    """What gives the heavy parts of one row."""

    def pipeline(self) -> Pipeline:
        """Return the fitted pipeline."""

    def holdout(self) -> pd.DataFrame:
        """Return the answers on held-out rows."""

    def evaluation(self) -> Mapping[str, Any]:
        """Return what the evaluation charts draw."""


@dataclass(frozen=True)
class InMemory:
    """The heavy parts of a row that was just trained."""

    fitted: Pipeline
    answers: pd.DataFrame
    charts: Mapping[str, Any]

    def pipeline(self) -> Pipeline:
        """Return the fitted pipeline."""
        return self.fitted

    def holdout(self) -> pd.DataFrame:
        """Return the answers on held-out rows."""
        return self.answers

    def evaluation(self) -> Mapping[str, Any]:
        """Return what the evaluation charts draw."""
        return self.charts
