"""What cannot be trained gets one sentence that names it and says what to do, in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlp_core.clean import DropColumns, DropMissing, FillMissing, Recipe
from mlp_core.errors import CannotTrain, MLPError, NotApplicable
from mlp_core.table import Table
from mlp_core.train import TrainingPlan, train

ROWS = 40


def table(**columns: object) -> Table:
    base = {"x": np.arange(ROWS, dtype=float), "y": ["a", "b"] * (ROWS // 2)}
    return Table.of(pd.DataFrame({**base, **columns}), name="t")


def refusal(found: Table, recipe: Recipe | None = None, **plan: object) -> MLPError:
    """Return the sentence, which `check` and `train` must agree on."""
    wanted = TrainingPlan(**plan)  # type: ignore[arg-type]
    with pytest.raises(MLPError) as told:
        wanted.check(found, recipe)
    with pytest.raises(type(told.value)) as again:
        train(found, wanted, recipe=recipe)
    assert again.value.message == told.value.message
    assert told.value.hint is not None
    assert told.value.render("fr") != told.value.render("en")
    return told.value


def test_a_target_of_one_class() -> None:
    found = refusal(table(y="only"), target="y")
    assert isinstance(found, CannotTrain)
    assert str(found) == "The target y has one class only, only."


def test_a_class_of_one_row_is_named() -> None:
    found = refusal(table(y=["rare", *["a", "b", "c"] * 13]), target="y")
    assert isinstance(found, CannotTrain)
    assert "rare" in str(found)


def test_a_target_that_never_changes_cannot_be_regressed() -> None:
    assert "one value only" in str(refusal(table(y=2.5), target="y", task="regression"))


def test_an_empty_target() -> None:
    assert "y is empty" in str(refusal(table(y=np.nan), target="y"))


def test_a_target_of_words_cannot_be_regressed() -> None:
    assert "regression needs numbers" in str(refusal(table(), target="y", task="regression"))


def test_a_target_that_is_not_there() -> None:
    assert "price" in str(refusal(table(), target="price"))


def test_features_that_are_not_there_are_all_named() -> None:
    found = refusal(table(), target="y", features=("x", "p", "q"))
    assert "p, q" in str(found)


def test_a_text_column_as_the_only_feature() -> None:
    text = [f"a sentence number {i}" for i in range(ROWS)]
    found = refusal(table(text=text), target="y", features=("text",))
    assert isinstance(found, CannotTrain)
    assert "text" in str(found)
    assert "free text" in str(found)


def test_features_that_are_empty_or_constant() -> None:
    found = refusal(table(e=np.nan, c=1), target="y", features=("e", "c"))
    assert "e: It is empty" in str(found)
    assert "c: It has the same value" in str(found)


def test_a_table_of_the_target_alone() -> None:
    found = refusal(Table.of(pd.DataFrame({"y": ["a", "b"] * 20}), name="t"), target="y")
    assert "no feature besides the target y" in str(found)


@pytest.mark.parametrize("rows", [[3], list(range(ROWS))[::4]])
def test_infinite_values_are_counted_and_their_columns_named(rows: list[int]) -> None:
    x = np.arange(ROWS, dtype=float)
    x[rows] = np.inf
    found = refusal(table(x=x), target="y")
    assert isinstance(found, CannotTrain)
    assert str(found) == f"{len(rows)} infinite {'value' if len(rows) == 1 else 'values'} in column x."


def test_infinite_values_in_the_target() -> None:
    y = np.arange(ROWS) / 3
    y[5] = -np.inf
    assert "infinite" in str(refusal(table(y=y), target="y"))


def test_infinite_values_in_a_column_that_is_not_a_feature_do_not_matter() -> None:
    found = table(z=[np.inf, *range(ROWS - 1)])
    assert train(found, TrainingPlan(target="y", features=("x",), models=("dummy",))).best


def test_fewer_rows_than_the_folds_need() -> None:
    small = Table.of(pd.DataFrame({"x": range(10), "y": np.arange(10) / 3}), name="t")
    assert "5 folds" in str(refusal(small, target="y"))


def test_fewer_test_rows_than_classes() -> None:
    many = table(y=[f"class {i // 2}" for i in range(ROWS)])
    assert "too few" in str(refusal(many, target="y", test_share=0.1))


def test_a_table_without_rows() -> None:
    empty = Table.of(pd.DataFrame({"x": pd.Series(dtype=float), "y": pd.Series(dtype="str")}), name="t")
    assert "no rows" in str(refusal(empty, target="y"))


def test_a_column_of_many_values_cannot_be_stratified_by() -> None:
    assert "x cannot be stratified by" in str(refusal(table(), target="y", stratify="x"))
    assert "not in the table" in str(refusal(table(), target="y", stratify="z"))


def test_a_task_without_the_target_it_needs() -> None:
    assert "needs a target" in str(refusal(table(), task="regression"))


def test_a_model_or_metric_of_another_task() -> None:
    assert "Linear regression does not do Classification" in str(
        refusal(table(), target="y", models=("linear",))
    )
    assert "RMSE does not measure Classification" in str(refusal(table(), target="y", metric="rmse"))


def test_more_groups_than_rows() -> None:
    few = Table.of(pd.DataFrame({"x": np.arange(30.0)}), name="t")
    assert "50 groups" in str(refusal(few, settings={"kmeans": {"clusters": 50}}))


def test_a_recipe_that_leaves_no_row_or_no_column() -> None:
    holes = table(e=np.nan)
    assert isinstance(refusal(holes, Recipe([DropMissing(columns=("e",))]), target="y"), NotApplicable)
    dropped = Recipe([DropColumns(columns=("x",))])
    assert "A step of the recipe drops it" in str(refusal(table(), dropped, target="y"))


def test_filling_an_empty_column_does_not_make_it_a_feature() -> None:
    filled = Recipe([FillMissing(columns=("e",), how="value", value="3")])
    board = train(table(e=np.nan), TrainingPlan(target="y", models=("dummy",)), recipe=filled)
    assert "e" in board.left_out


def test_rows_without_a_target_are_left_out_and_counted() -> None:
    y = pd.Series(["a", "b"] * (ROWS // 2), dtype="str")
    y[[0, 1, 2]] = None
    board = train(table(y=y), TrainingPlan(target="y", models=("logistic",)))
    assert board.training_rows + board.test_rows == ROWS - 3
    assert "3 rows without a value in the target y were left out." in [str(note) for note in board.notes]


def test_rare_classes_reduce_the_folds_and_say_so() -> None:
    board = train(table(y=["rare"] * 4 + ["a", "b"] * 18), TrainingPlan(target="y", models=("logistic",)))
    assert len(board.best.cv["roc_auc"].folds) == 3
    assert "3 folds instead of 5" in str(board.notes[0])


def test_columns_that_are_not_learned_from_are_named_with_the_reason(mixed: Table) -> None:
    board = train(mixed, TrainingPlan(target="sold", models=("dummy",)))
    assert {name: str(reason) for name, reason in board.left_out.items()} == {
        "notes": "It holds free text.",
        "nothing": "It is empty.",
        "always": "It has the same value in every training row.",
    }


def test_a_messy_table_is_trained_once_its_infinity_is_left_out(messy: pd.DataFrame) -> None:
    found = Table.of(messy, name="messy")
    assert "weight (kg)" in str(refusal(found, target="cylinders", task="classification"))
    plan = TrainingPlan(
        target="cylinders", features=("insured", "classe", "when"), task="classification", folds=3
    )
    board = train(found, plan)
    assert all(row.failure is None for row in board.rows)
