"""The same seed gives the same numbers to the last bit, however many fits run side by side."""

import dataclasses

import pytest

from mlp_core.table import Table
from mlp_core.train import Leaderboard, TrainingPlan, train

from .conftest import FEATURES

QUICK = {"forest": {"trees": 20}, "hist_boosting": {"rounds": 20}}


def numbers(board: Leaderboard) -> dict[str, object]:
    return {row.model: (row.cv, row.test, row.training, row.notes, row.failure) for row in board.rows}


@pytest.mark.parametrize("target", ["price", "grade", ""])
def test_one_worker_and_two_give_the_same_numbers(mixed: Table, target: str) -> None:
    plan = TrainingPlan(target=target, features=FEATURES, folds=3, seed=5, settings=QUICK, workers=1)
    alone = train(mixed, plan)
    together = train(mixed, dataclasses.replace(plan, workers=2))
    assert numbers(alone) == numbers(together)
    assert [row.model for row in alone.rows] == [row.model for row in together.rows]
    for row in alone.rows:
        other = together.row(row.model)
        assert row.holdout.equals(other.holdout)
        assert (row.pipeline.predict(mixed.frame) == other.pipeline.predict(mixed.frame)).all()


def test_another_seed_gives_other_numbers(mixed: Table) -> None:
    plan = TrainingPlan(target="price", features=FEATURES, models=("linear",), folds=3)
    assert numbers(train(mixed, plan)) != numbers(train(mixed, dataclasses.replace(plan, seed=1)))
