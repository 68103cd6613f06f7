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


@pytest.mark.parametrize("lost", ["a", "d"])
def test_a_class_that_no_training_row_has_is_named_and_its_rows_count_as_errors(lost: str) -> None:
    """The class sorts before or after the others; the scores are those of scikit-learn on all classes."""
    from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score

    x = np.random.default_rng(0).normal(size=60)
    found = Table.of(pd.DataFrame({"x": x, "y": ["b"] * 30 + ["c"] * 28 + [lost] * 2}), name="t")
    board = train(found, TrainingPlan(target="y", models=("tree", "logistic"), stratify=False, seed=0))
    assert [note for note in map(str, board.notes) if f"No training row has the class {lost}:" in note]
    for row in board.rows:
        assert row.failure is None
        held_out = row.holdout
        assert lost in set(held_out["observed"])
        assert (held_out[f"probability {lost}"] == 0).all()
        truth, answers = held_out["observed"], held_out["predicted"]
        assert row.test["accuracy"].value == pytest.approx(accuracy_score(truth, answers))
        assert row.test["f1"].value == pytest.approx(f1_score(truth, answers, average="macro"))
        expected = balanced_accuracy_score(truth, answers)
        assert row.test["balanced_accuracy"].value == pytest.approx(expected)


def test_folds_that_lack_a_class_are_counted_and_scored_right() -> None:
    from sklearn.base import clone
    from sklearn.model_selection import KFold, cross_val_score

    x = np.random.default_rng(1).normal(size=60)
    data = pd.DataFrame({"x": x, "y": ["b"] * 30 + ["c"] * 27 + ["a"] * 3})
    said = 0
    for seed in range(12):
        plan = TrainingPlan(target="y", models=("tree",), stratify=False, seed=seed, folds=2)
        board = train(Table.of(data, name="t"), plan)
        row = board.row("tree")
        learned = data.drop(index=row.holdout["row"].to_numpy() - 1)
        scores = cross_val_score(
            clone(row.pipeline), learned, learned["y"], cv=KFold(2, shuffle=True, random_state=seed)
        )
        assert row.cv["accuracy"].folds == pytest.approx(scores)
        said += any("a class has rows to test but none to learn from" in str(note) for note in board.notes)
    assert said


def test_training_rows_of_one_class_are_refused() -> None:
    found = table(y=["rare"] * 2 + ["usual"] * 38)
    refusals = []
    for seed in range(12):
        plan = TrainingPlan(target="y", models=("dummy",), stratify=False, seed=seed, test_share=0.5, folds=2)
        try:
            train(found, plan)
        except CannotTrain as error:
            refusals.append(str(error))
    assert refusals
    assert all("have the class usual" in said for said in refusals)


def test_too_many_classes_are_refused_at_once() -> None:
    many = Table.of(pd.DataFrame({"x": range(804), "y": [f"c{i % 201}" for i in range(804)]}), name="t")
    assert str(refusal(many, target="y")) == "The target y has 201 classes, more than 200."


@pytest.mark.parametrize("gone", [(), (1, 7)])
def test_numbers_too_large_to_compute_with_are_refused(gone: tuple[int, ...]) -> None:
    x = np.where(np.arange(ROWS) % 2, 1e308, 1.5e308)
    x[list(gone)] = np.nan
    assert "in column x are too large" in str(refusal(table(x=x), target="y"))
    x[5:] = np.arange(35)
    assert "in column x are too large" in str(refusal(table(x=x), target="y"))


def test_a_target_too_large_to_square_is_refused() -> None:
    assert "in column y are too large" in str(refusal(table(y=np.linspace(0.5, 3, ROWS) * 1e200), target="y"))


def test_classes_beyond_whole_numbers_of_the_machine_stay_apart() -> None:
    large = table(y=np.resize([1e300, -1e300, 3.0], ROWS))
    board = train(large, TrainingPlan(target="y", models=("dummy",)))
    assert set(board.best.holdout["observed"]) == {"1e+300", "-1e+300", "3.0"}


def test_dates_of_any_century_are_learned_from() -> None:
    """1500 and the usual sentinel 9999 lie outside what nanoseconds can count."""
    when = np.resize(np.array(["1500-02-03", "2020-05-06", "9999-12-31"], dtype="datetime64[us]"), ROWS)
    board = train(table(when=when), TrainingPlan(target="y", features=("when",), models=("tree", "logistic")))
    assert [row.failure for row in board.rows] == [None] * 3


def test_the_parts_of_a_date_are_those_of_the_calendar() -> None:
    import datetime

    from mlp_core.train.dates import DateParts

    days = [datetime.date(1, 1, 1), datetime.date(1500, 2, 3), datetime.date(9999, 12, 31)]
    frame = pd.DataFrame({"d": np.array([*map(str, days), "NaT"], dtype="datetime64[us]")})
    epoch = datetime.date(1970, 1, 1)
    expected = [[day.year, day.month, day.weekday(), (day - epoch).days] for day in days]
    parts = DateParts().fit(frame).transform(frame)
    assert parts[:3].tolist() == expected
    assert np.isnan(parts[3]).all()
