"""What a person decided about a column holds in training, on new rows and in the saved model."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlp_core.clean import (
    ChangeKind,
    ClipOutliers,
    FillMissing,
    GroupRare,
    LogTransform,
    MarkMissing,
    MendEncoding,
    MergeCategories,
    Recipe,
)
from mlp_core.predict import predict
from mlp_core.table import Table
from mlp_core.train import Leaderboard, TrainingPlan, train

PLAN = TrainingPlan(target="bought", models=("logistic",), folds=3)


@pytest.fixture
def visits() -> pd.DataFrame:
    """Return 120 rows in which the answer hangs on codes that look like numbers."""
    dice = np.random.default_rng(3)
    zone = dice.integers(1, 5, 120)
    price = np.where(dice.random(120) < 0.2, -999.0, dice.normal(100, 20, 120))
    return pd.DataFrame(
        {
            "zone": zone,
            "price": price,
            "weight": pd.Series([f"{w:.1f}".replace(".", ",") for w in dice.normal(50, 5, 120)], dtype="str"),
            "level": pd.Series(dice.choice(["low", "medium", "high"], 120), dtype="str"),
            "town": pd.Series(dice.choice(["Paris", "paris", "NÃ®mes", "Lyon", "Apt"], 120), dtype="str"),
            "income": np.exp(dice.normal(8, 1.5, 120)),
            "spent": pd.to_timedelta(dice.integers(60, 5000, 120), unit="s"),
            "bought": np.where(np.isin(zone, [1, 4]), "yes", "no"),
        }
    )


RECIPE = Recipe(
    [
        ChangeKind(columns=("zone",), kind="category"),
        ChangeKind(columns=("weight",), kind="number"),
        ChangeKind(columns=("level",), kind="ordered", order=("low", "medium", "high")),
        MarkMissing(columns=("price",), values=("-999",)),
        FillMissing(columns=("price",), how="median"),
        MendEncoding(columns=("town",)),
        MergeCategories(column="town", groups=(("Paris", ("paris",)),)),
        GroupRare(columns=("town",), share=0.1),
        LogTransform(columns=("income",)),
        ClipOutliers(columns=("income",), tail=0.05),
        ChangeKind(columns=("spent",), kind="text"),
    ]
)


def test_codes_are_learned_as_categories_and_the_saved_model_answers_alike(
    visits: pd.DataFrame, tmp_path: Path
) -> None:
    table = Table.of(visits, name="visits")
    board = train(table, PLAN, recipe=RECIPE)
    bare = train(table, PLAN)
    row = board.row("logistic")

    # No line through the numbers 1 to 4 parts 1 and 4 from 2 and 3.
    assert row.test["accuracy"].value == 1.0
    assert bare.row("logistic").test["accuracy"].value < 0.8
    assert "free text" in str(board.left_out["spent"])
    board.save(tmp_path / "board")
    again = Leaderboard.load(tmp_path / "board").row("logistic")
    new = visits.head(10).drop(columns="bought")
    assert list(predict(again.pipeline, new).values) == list(predict(row.pipeline, new).values)


def test_a_marker_in_the_target_is_no_answer(visits: pd.DataFrame) -> None:
    table = Table.of(visits.assign(bought=visits["bought"].mask(visits.index < 20, "unknown")), name="visits")
    board = train(table, PLAN, recipe=Recipe([MarkMissing(columns=("bought",), values=("unknown",))]))

    assert board.training_rows + board.test_rows == 100
    assert "20 rows without a value in the target" in " ".join(map(str, board.notes))


def test_a_person_decides_whether_whole_numbers_measure(visits: pd.DataFrame) -> None:
    table = Table.of(visits, name="visits")
    plan = TrainingPlan(target="zone", models=("dummy",), folds=3)

    assert train(table, plan).task == "classification"
    measured = Recipe([ChangeKind(columns=("zone",), kind="number")])
    assert train(table, plan, recipe=measured).task == "regression"
    codes = table.frame.assign(zone=np.arange(120) % 15 * 3)
    many = Recipe([ChangeKind(columns=("zone",), kind="category")])
    assert train(Table.of(codes, name="codes"), plan).task == "regression"
    assert train(Table.of(codes, name="codes"), plan, recipe=many).task == "classification"


def test_an_identifier_by_a_person_s_word_is_not_learned_from(visits: pd.DataFrame) -> None:
    table = Table.of(visits, name="visits")
    board = train(table, PLAN, recipe=Recipe([ChangeKind(columns=("income",), kind="identifier")]))

    assert "names or numbers the rows" in str(board.left_out["income"])
