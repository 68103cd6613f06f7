"""The result of a training: one row per model, best first, each with its scores and its pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlp_core.errors import NotApplicable
from mlp_core.evaluate import CVScore, Interval, Metric
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train.keeper import Keeper
from mlp_core.train.model import MODELS
from mlp_core.train.plan import TrainingPlan

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline


@dataclass(frozen=True, kw_only=True)
class Row:
    """One model of a leaderboard.

    Attributes
    ----------
    model : str
        Id of the catalogue.
    settings : mapping of str to object
        Every setting, the defaults among them.
    cv : mapping of str to CVScore
        Cross-validated scores by metric.
    test : mapping of str to Interval
        Scores on the held-out rows by metric.
    training : mapping of str to float
        Scores on the training rows by metric, to see overfitting.
    seconds : float
        What the fit on all training rows took, preparation included.
    run_id : str
        Of the tracker; made up where there is none.
    curve : tuple of float
        The loss after each pass, where the model tells it.
    notes : tuple of Text
        What the fit warned of.
    failure : Text or None
        Why the model has no scores.
    """

    model: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    cv: Mapping[str, CVScore] = field(default_factory=dict)
    test: Mapping[str, Interval] = field(default_factory=dict)
    training: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    run_id: str = ""
    curve: tuple[float, ...] = ()
    notes: tuple[Text, ...] = ()
    failure: Text | None = None
    keeper: Keeper | None = field(default=None, repr=False, compare=False)

    @property
    def label(self) -> Text:
        """The name that people read."""
        return MODELS.label(self.model)

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline fitted on all training rows; it takes raw rows.

        Raises
        ------
        NotApplicable
            The model could not be trained.
        StorageError
            The saved model is damaged, or holds what no model of this platform holds.
        """
        return self._kept().pipeline()

    @property
    def holdout(self) -> pd.DataFrame:
        """The held-out rows: ``row`` (from 1, in the table), ``observed``, ``predicted``, probabilities.

        A probability column is named ``probability`` and its class. Clustering has no ``observed``.

        Raises
        ------
        NotApplicable
            The model could not be trained.
        StorageError
            The saved answers are damaged.
        """
        return self._kept().holdout()

    @property
    def evaluation(self) -> Mapping[str, Any]:
        """What the evaluation charts draw, by the id of the chart.

        Raises
        ------
        NotApplicable
            The model could not be trained.
        StorageError
            The saved data are damaged.
        """
        return self._kept().evaluation()

    def to_json(self) -> dict[str, Any]:
        """Return all but the heavy parts as plain JSON."""
        return {
            "model": self.model,
            "settings": dict(self.settings),
            "cv": {id_: score.to_json() for id_, score in self.cv.items()},
            "test": {id_: score.to_json() for id_, score in self.test.items()},
            "training": dict(self.training),
            "seconds": self.seconds,
            "run_id": self.run_id,
            "curve": list(self.curve),
            "notes": [note.to_json() for note in self.notes],
            "failure": None if self.failure is None else self.failure.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], keeper: Keeper | None) -> Row:
        """Return the row that :meth:`to_json` wrote, its heavy parts with ``keeper``."""
        return cls(
            model=data["model"],
            settings=data["settings"],
            cv={id_: CVScore.from_json(score) for id_, score in data["cv"].items()},
            test={id_: Interval(**score) for id_, score in data["test"].items()},
            training=data["training"],
            seconds=data["seconds"],
            run_id=data["run_id"],
            curve=tuple(data["curve"]),
            notes=tuple(Text.from_json(note) for note in data["notes"]),
            failure=None if data["failure"] is None else Text.from_json(data["failure"]),
            keeper=keeper,
        )

    def _kept(self) -> Keeper:
        if self.keeper is None:
            raise NotApplicable(
                self.failure or Text("{model} has no saved model.", model=self.label),
                hint=Text("Choose another model."),
            )
        return self.keeper


@dataclass(frozen=True, kw_only=True)
class Leaderboard:
    """The models of one training, best first by the cross-validated score, those that failed last.

    Attributes
    ----------
    rows : tuple of Row
        The baseline among them.
    task : Task
        What was learned.
    metric : str
        Id of the metric that ranks.
    plan : TrainingPlan
        As it was asked for.
    recipe : list of dict
        The steps as JSON; empty without any.
    notes : tuple of Text
        What a person should know about rows, folds, models and tracking.
    left_out : mapping of str to Text
        Columns that were not learned from, and why.
    table, fingerprint : str
        The name of the table and the hash of its content.
    versions : mapping of str to str
        Of Python and the libraries.
    training_rows, test_rows : int
        How many rows stood on each side.
    seconds : float
        What the whole training took.
    """

    rows: tuple[Row, ...]
    task: Task
    metric: str
    plan: TrainingPlan
    recipe: list[dict[str, Any]] = field(default_factory=list)
    notes: tuple[Text, ...] = ()
    left_out: Mapping[str, Text] = field(default_factory=dict)
    table: str = ""
    fingerprint: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    training_rows: int = 0
    test_rows: int = 0
    seconds: float = 0.0

    @property
    def best(self) -> Row:
        """The row with the best cross-validated score, be it the baseline.

        Raises
        ------
        NotApplicable
            No model could be trained.
        """
        if not self.rows or self.rows[0].failure is not None:
            raise NotApplicable(
                Text("No model of this training could be fitted."),
                hint=Text("Look at why each of them failed, then train again."),
            )
        return self.rows[0]

    @property
    def baseline(self) -> Row | None:
        """The row that every other is measured against."""
        return next((row for row in self.rows if MODELS[row.model].baseline), None)

    def row(self, key: str) -> Row:
        """Return a row by its run id or by the id of its model.

        Raises
        ------
        NotApplicable
            There is none.
        """
        for row in self.rows:
            if key in (row.run_id, row.model):
                return row
        raise NotApplicable(
            Text("This training has no run named {key}.", key=key), hint=Text("Choose another model.")
        )

    def save(self, folder: Path) -> None:
        """Write the board to ``folder``, which appears whole or not at all.

        Raises
        ------
        StorageError
            The disk is full, or the folder cannot be written.
        """
        from mlp_core.train.saving import save_board

        save_board(self, folder)

    @classmethod
    def load(cls, folder: Path) -> Leaderboard:
        """Return the board that :meth:`save` wrote; models are read when they are asked for.

        Raises
        ------
        StorageError
            There is none, or it is damaged.
        """
        from mlp_core.train.saving import load_board

        return load_board(folder)


def ranked(rows: list[Row], metric: Metric) -> tuple[Row, ...]:
    """Return rows best first; those without a score stand last, ties keep the order of the catalogue."""

    def place(row: Row) -> tuple[int, float]:
        score = row.cv.get(metric.id)
        if row.failure is not None or score is None or score.mean != score.mean:
            return (1 if row.failure is None else 2), 0.0
        return 0, -score.mean if metric.greater_is_better else score.mean

    return tuple(sorted(rows, key=place))
