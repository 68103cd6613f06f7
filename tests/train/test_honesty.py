"""Test rows have no say in what is learned, the numbers are those of plain scikit-learn, nothing leaks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import StratifiedShuffleSplit

from mlp_core.clean import DropMissing, FillMissing, Recipe
from mlp_core.kinds import Kind
from mlp_core.read import read_table
from mlp_core.table import Table
from mlp_core.train import TrainingPlan, train

from .conftest import CARS, FEATURES, named

USUAL = {"target": "mpg", "stratify": "cylinders", "test_share": 0.2, "seed": 42}


def reference_rmse(frame: pd.DataFrame) -> float:
    """Fit the training rows as a notebook would: pandas and scikit-learn only."""
    columns = [name for name in CARS if name not in ("mpg", "car name")]
    splitter = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=42)
    training, _ = next(splitter.split(frame, frame["cylinders"]))
    rows = frame.iloc[training]
    filled = SimpleImputer(strategy="median").fit_transform(rows[columns])
    predicted = LinearRegression().fit(filled, rows["mpg"]).predict(filled)
    return float(np.sqrt(np.mean((rows["mpg"] - predicted) ** 2)))


def assert_the_usual_results(table: Table, most: float) -> None:
    board = train(table, TrainingPlan(**USUAL, workers=2))
    assert board.best.cv["rmse"].mean < most
    assert board.row("linear").training["rmse"] == pytest.approx(reference_rmse(table.frame), abs=1e-9)
    assert board.left_out.keys() == {"car name"}
    complete = Recipe([DropMissing(columns=("horsepower",))])
    board = train(table, TrainingPlan(**USUAL, models=("linear",)), recipe=complete)
    expected = reference_rmse(table.frame.dropna(subset=["horsepower"]))
    assert board.row("linear").training["rmse"] == pytest.approx(expected, abs=1e-9)


def test_cars_are_learned_well_and_the_linear_model_is_that_of_scikit_learn(cars: Table) -> None:
    assert_the_usual_results(cars, most=2.85)


def test_auto_mpg_is_learned_well_and_the_linear_model_is_that_of_scikit_learn(shared_data: Path) -> None:
    assert_the_usual_results(named(read_table(shared_data / "auto-mpg.data")), most=2.75)


def test_water_is_as_hard_to_judge_as_it_is(shared_data: Path) -> None:
    table = read_table(shared_data / "water_potability.csv")
    plan = TrainingPlan(target="Potability", models=("forest", "mlp"), folds=3, workers=2)
    board = train(table, plan)
    assert 0.60 < board.best.cv["roc_auc"].mean < 0.72
    assert board.baseline is not None
    assert board.baseline.cv["roc_auc"].mean == 0.5


def test_the_held_out_rows_are_those_of_a_stratified_shuffle_split(mixed: Table) -> None:
    board = train(mixed, TrainingPlan(target="grade", features=FEATURES, models=("tree",), seed=9))
    splitter = StratifiedShuffleSplit(n_splits=1, test_size=0.2, random_state=9)
    _, expected = next(splitter.split(mixed.frame, mixed.frame["grade"]))
    held_out = board.best.holdout
    assert held_out["row"].tolist() == (np.sort(expected) + 1).tolist()
    assert held_out["observed"].tolist() == mixed.frame["grade"].iloc[np.sort(expected)].tolist()


def test_what_stands_in_the_test_rows_changes_nothing_that_is_learned(mixed: Table) -> None:
    plan = TrainingPlan(target="price", features=FEATURES, models=("linear", "knn"), seed=1)
    recipe = Recipe([FillMissing(columns=("size",), how="mean")])
    board = train(mixed, plan, recipe=recipe)
    spoiled = mixed.frame.copy()
    tested = board.best.holdout["row"].to_numpy() - 1
    spoiled.loc[tested, "size"] = 1e6
    spoiled.loc[tested, "colour"] = "unheard of"
    again = train(Table.of(spoiled, name="spoiled"), plan, recipe=recipe)
    assert board.row("linear").cv == again.row("linear").cv
    assert board.row("knn").training == again.row("knn").training
    assert (
        board.row("linear").pipeline.predict(mixed.frame) == again.row("linear").pipeline.predict(mixed.frame)
    ).all()
    assert board.row("linear").test != again.row("linear").test


def test_a_recipe_learns_its_filling_from_training_rows_only(mixed: Table) -> None:
    recipe = Recipe([FillMissing(columns=("size",), how="mean")])
    board = train(mixed, TrainingPlan(target="price", features=FEATURES, models=("linear",)), recipe=recipe)
    tested = board.best.holdout["row"].to_numpy() - 1
    training = mixed.frame.drop(index=tested)
    learned = board.row("linear").pipeline.named_steps["recipe"].learned_[0]["learned"]
    assert learned["size"] == pytest.approx(training["size"].mean(), rel=1e-12)


def test_each_fold_prepares_its_rows_from_its_own_training_rows(mixed: Table) -> None:
    """The scores of the folds are those of refitting the whole pipeline in each, as scikit-learn would."""
    from sklearn.model_selection import KFold, cross_val_score

    plan = TrainingPlan(target="price", features=FEATURES, models=("linear",), seed=4)
    board = train(mixed, plan, recipe=Recipe([FillMissing(columns=("size",), how="median")]))
    row = board.row("linear")
    training = mixed.frame.drop(index=row.holdout["row"].to_numpy() - 1)
    scores = cross_val_score(
        clone(row.pipeline),
        training,
        training["price"],
        cv=KFold(5, shuffle=True, random_state=4),
        scoring="neg_root_mean_squared_error",
    )
    assert row.cv["rmse"].folds == pytest.approx(-scores, rel=1e-12)


def test_the_pipeline_takes_raw_rows_and_never_needs_the_target(mixed: Table) -> None:
    board = train(mixed, TrainingPlan(target="sold", models=("logistic",)))
    raw = mixed.frame.drop(columns=["sold", "nothing", "notes"])
    assert len(board.best.pipeline.predict(raw)) == len(raw)
    assert "sold" not in board.best.pipeline.named_steps["schema"].kinds


def test_a_target_named_among_the_features_is_not_learned_from(mixed: Table) -> None:
    board = train(mixed, TrainingPlan(target="sold", features=("size", "sold"), models=("logistic",)))
    assert "sold" in board.left_out
    assert list(board.best.pipeline.named_steps["schema"].kinds) == ["size"]


def test_rows_are_dropped_before_the_split_and_never_at_prediction(mixed: Table) -> None:
    recipe = Recipe([DropMissing(columns=("size",))])
    board = train(mixed, TrainingPlan(target="price", models=("linear",)), recipe=recipe)
    known = int(mixed.frame["size"].notna().sum())
    assert board.training_rows + board.test_rows == known
    assert mixed.frame["size"].iloc[board.best.holdout["row"] - 1].notna().all()
    assert len(board.best.pipeline.predict(mixed.frame)) == len(mixed.frame)


def test_the_answers_on_held_out_rows_are_those_of_the_pipeline(mixed: Table) -> None:
    board = train(mixed, TrainingPlan(target="sold", models=("forest",), settings={"forest": {"trees": 10}}))
    row = board.row("forest")
    raw = mixed.frame.iloc[row.holdout["row"] - 1]
    assert row.holdout["predicted"].tolist() == row.pipeline.predict(raw).tolist()
    assert (
        row.holdout[["probability no", "probability yes"]].to_numpy() == row.pipeline.predict_proba(raw)
    ).all()


def test_test_rows_do_not_decide_which_columns_are_learned_from() -> None:
    """Unique words in the test rows would make free text of a category, were they looked at."""
    generator = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "colour": pd.Series(generator.choice(["red", "green", "blue"], 300), dtype="str"),
            "size": generator.normal(size=300),
            "always": 1.0,
            "price": generator.normal(size=300),
        }
    )
    plan = TrainingPlan(target="price", models=("linear",), seed=1)
    board = train(Table.of(frame, name="t"), plan)
    tested = board.best.holdout["row"].to_numpy() - 1
    spoiled = frame.copy()
    spoiled.loc[tested, "colour"] = [f"word {i}" for i in range(len(tested))]
    spoiled.loc[tested, "always"] = 2.5
    table = Table.of(spoiled, name="spoiled")
    assert table.kinds["colour"] is Kind.TEXT
    again = train(table, plan)
    assert again.left_out == board.left_out
    assert again.row("linear").cv == board.row("linear").cv
    assert again.row("linear").training == board.row("linear").training
