"""Stratifying by a column of numbers takes the rows that plain scikit-learn takes."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

from mlp_core.clean import DropColumns, Recipe
from mlp_core.errors import CannotTrain
from mlp_core.table import Table
from mlp_core.train import TrainingPlan, train


def frame() -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {"x": random.normal(size=200), "k": np.repeat([2, 4, 8, 10, 12], 40), "y": random.normal(size=200)}
    )


@pytest.mark.parametrize("dtype", ["int64", "float64", "str"])
def test_the_held_out_rows_are_those_of_scikit_learn(dtype: str) -> None:
    data = frame().astype({"k": dtype})
    plan = TrainingPlan(target="y", models=("linear",), stratify="k", seed=42)
    board = train(Table.of(data, name="d"), plan)
    _, expected = train_test_split(np.arange(200), test_size=0.2, stratify=data["k"], random_state=42)
    assert set(board.best.holdout["row"] - 1) == set(expected)


def test_a_step_that_drops_the_target_is_named() -> None:
    plan = TrainingPlan(target="y", models=("linear",))
    with pytest.raises(CannotTrain, match="drops the target, y"):
        train(Table.of(frame(), name="d"), plan, recipe=Recipe([DropColumns(columns=("y",))]))
