"""New rows are checked, answered one by one, and nothing about them that did not fit goes unsaid."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from mlp_core.clean import DropMissing, FillMissing, Recipe
from mlp_core.errors import SchemaMismatch
from mlp_core.kinds import Kind
from mlp_core.predict import FieldSpec, Predictions, form_fields, predict, predictions_csv
from mlp_core.table import Table
from mlp_core.train import TrainingPlan, train


def houses(rows: int = 120) -> pd.DataFrame:
    generator = np.random.default_rng(8)
    size = np.round(generator.normal(50, 10, rows), 2)
    frame = pd.DataFrame(
        {
            "size": size,
            "rooms": generator.integers(1, 6, rows),
            "colour": pd.Series(generator.choice(["red", "green"], rows), dtype="str"),
            "garden": generator.random(rows) < 0.4,
            "built": pd.Series(pd.date_range("1990-01-01", periods=rows, freq="90D")),
            "sold": pd.Series(np.where(size > 50, "yes", "no"), dtype="str"),
            "price": size * 3.5,
        }
    )
    frame.loc[::10, "colour"] = None
    return frame


FEATURES = ("size", "rooms", "colour", "garden", "built")


@pytest.fixture(scope="module")
def classifier() -> Pipeline:
    plan = TrainingPlan(target="sold", features=FEATURES, models=("logistic",), folds=2)
    return train(Table.of(houses(), name="houses"), plan).row("logistic").pipeline


@pytest.fixture(scope="module")
def regressor() -> Pipeline:
    plan = TrainingPlan(target="price", features=FEATURES, models=("linear",), folds=2)
    return train(Table.of(houses(), name="houses"), plan).row("linear").pipeline


@pytest.fixture
def rows() -> pd.DataFrame:
    return houses().drop(columns=["sold", "price"]).iloc[5:15]


def said(answers: Predictions) -> list[str]:
    return [str(problem) for problem in answers.problems]


def test_answers_keep_the_labels_of_the_rows(classifier: Pipeline, rows: pd.DataFrame) -> None:
    answers = predict(classifier, rows)
    assert answers.values.index.equals(rows.index)
    assert answers.values.tolist() == classifier.predict(rows).tolist()
    assert answers.probabilities is not None
    assert list(answers.probabilities.columns) == ["no", "yes"]
    assert (answers.probabilities.to_numpy() == classifier.predict_proba(rows)).all()
    assert answers.problems == ()


def test_numbers_have_no_probabilities(regressor: Pipeline, rows: pd.DataFrame) -> None:
    answers = predict(regressor, rows)
    assert answers.probabilities is None
    assert answers.values.to_numpy() == pytest.approx(rows["size"].to_numpy() * 3.5)


def test_the_order_of_columns_does_not_matter(classifier: Pipeline, rows: pd.DataFrame) -> None:
    turned = predict(classifier, rows[rows.columns[::-1]])
    assert turned.values.equals(predict(classifier, rows).values)
    assert turned.problems == ()


def test_the_same_cells_as_text_give_the_same_answers(classifier: Pipeline, rows: pd.DataFrame) -> None:
    text = rows.astype(object).map(str, na_action="ignore").astype("str")
    assert predict(classifier, text).values.equals(predict(classifier, rows).values)
    assert predict(classifier, text).problems == ()


def test_missing_columns_are_named(classifier: Pipeline, rows: pd.DataFrame) -> None:
    with pytest.raises(SchemaMismatch) as told:
        predict(classifier, rows.drop(columns=["size", "built"]))
    assert str(told.value) == "The model needs 2 columns that are not in these rows: size, built."
    assert "Add the missing columns" in str(told.value.hint)


def test_a_renamed_column_is_recognised(classifier: Pipeline, rows: pd.DataFrame) -> None:
    with pytest.raises(SchemaMismatch) as told:
        predict(classifier, rows.rename(columns={"colour": "Colours", "size": "SIZE"}))
    assert "SIZE → size" in str(told.value.hint)
    assert "Colours → colour" in str(told.value.hint)
    assert told.value.render("fr") != told.value.render("en")


def test_a_column_that_stands_twice_is_refused(classifier: Pipeline, rows: pd.DataFrame) -> None:
    twice = pd.concat([rows, rows[["size"]]], axis=1)
    with pytest.raises(SchemaMismatch, match="more than once"):
        predict(classifier, twice)


def test_extra_columns_are_ignored_and_said(classifier: Pipeline, rows: pd.DataFrame) -> None:
    answers = predict(classifier, rows.assign(owner="me", agent=3))
    assert answers.values.equals(predict(classifier, rows).values)
    assert said(answers) == ["2 columns the model does not use were ignored: owner, agent."]


def test_text_in_a_number_column_is_missing_and_counted(classifier: Pipeline, rows: pd.DataFrame) -> None:
    spoiled = rows.astype({"size": object})
    spoiled.iloc[[0, 3], 0] = ["big", "small"]
    answers = predict(classifier, spoiled)
    assert len(answers.values) == len(rows)
    assert said(answers) == ["Column size: 2 cells could not be read as Number and count as missing."]
    emptied = rows.assign(size=rows["size"].where(~rows.index.isin(rows.index[[0, 3]])))
    assert answers.values.equals(predict(classifier, emptied).values)


def test_dates_of_any_century_are_answered(classifier: Pipeline, rows: pd.DataFrame) -> None:
    built = ["0001-01-01", "1500-02-03", "9999-12-31", "2300-01-01", "31 June", *["2001-02-03"] * 5]
    answers = predict(classifier, rows.assign(built=built))
    assert answers.values.notna().all()
    assert said(answers) == ["Column built: 1 cell could not be read as Date/time and counts as missing."]


def test_numbers_that_no_float_holds_are_missing_and_counted(
    classifier: Pipeline, rows: pd.DataFrame
) -> None:
    spoiled = rows.astype({"size": object})
    spoiled.iloc[[0, 1, 2], 0] = [10**400, "1e400", 1e200]
    answers = predict(classifier, spoiled)
    assert said(answers) == ["Column size: 3 cells could not be read as Number and count as missing."]


@pytest.mark.parametrize("model", ["tree", "forest"])
def test_trees_answer_numbers_beyond_single_precision(model: str, rows: pd.DataFrame) -> None:
    plan = TrainingPlan(target="sold", features=("size",), models=(model,), folds=2)
    pipeline = train(Table.of(houses(), name="houses"), plan).row(model).pipeline
    sizes = [1e100, 1e30, -1e100, -1e30]
    answers = predict(pipeline, pd.DataFrame({"size": sizes}))
    assert answers.values.tolist() == ["yes", "yes", "no", "no"]


def test_unseen_categories_are_named_and_counted(classifier: Pipeline, rows: pd.DataFrame) -> None:
    strange = rows.assign(colour=["blue", "violet", *["blue"] * 3, *["red"] * 5])
    answers = predict(classifier, strange)
    assert answers.values.notna().all()
    assert said(answers) == ["Column colour: 5 cells hold categories unseen in training: blue, violet."]


def test_a_row_of_nothing_is_answered(classifier: Pipeline, rows: pd.DataFrame) -> None:
    empty = rows.astype(object).iloc[[0]].map(lambda cell: None)
    assert predict(classifier, empty).values.notna().all()


def test_no_rows_have_no_answers(classifier: Pipeline, rows: pd.DataFrame) -> None:
    answers = predict(classifier, rows.iloc[:0])
    assert len(answers.values) == 0
    assert answers.probabilities is not None
    assert answers.probabilities.shape == (0, 2)


def test_a_step_that_drops_rows_loses_none_at_prediction() -> None:
    recipe = Recipe([DropMissing(columns=("colour",)), FillMissing(columns=("size",), how="median")])
    plan = TrainingPlan(target="price", features=FEATURES, models=("tree",), folds=2)
    board = train(Table.of(houses(), name="houses"), plan, recipe=recipe)
    raw = houses().drop(columns=["price", "sold"])
    raw.loc[3, "size"] = None
    answers = predict(board.row("tree").pipeline, raw)
    assert answers.values.notna().all()
    assert answers.values.index.equals(raw.index)


def test_the_frame_that_is_given_stays_as_it_was(classifier: Pipeline, rows: pd.DataFrame) -> None:
    before = rows.copy(deep=True)
    predict(classifier, rows)
    pd.testing.assert_frame_equal(rows, before)


def test_the_form_asks_for_what_the_model_needs_with_usual_values(classifier: Pipeline) -> None:
    fields = {field.name: field for field in form_fields(classifier)}
    assert list(fields) == list(FEATURES)
    assert fields["size"].kind is Kind.NUMBER
    assert 20 < fields["size"].low < fields["size"].default < fields["size"].high < 80
    assert fields["rooms"] == FieldSpec(name="rooms", kind=Kind.INTEGER, default=3.0, low=1.0, high=5.0)
    assert fields["colour"].choices == ("green", "red")
    assert fields["colour"].default in ("green", "red")
    assert fields["garden"] == FieldSpec(name="garden", kind=Kind.BOOLEAN, default=False)
    assert str(fields["built"].low) < str(fields["built"].default) < str(fields["built"].high)


def test_the_usual_values_of_a_form_are_answered(classifier: Pipeline, regressor: Pipeline) -> None:
    for pipeline in (classifier, regressor):
        row = pd.DataFrame([{field.name: field.default for field in form_fields(pipeline)}])
        answers = predict(pipeline, row)
        assert len(answers.values) == 1
        assert answers.problems == ()


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_an_exported_file_holds_the_rows_and_their_answers(classifier: Pipeline, rows: pd.DataFrame) -> None:
    answers = predict(classifier, rows)
    header, *lines = cells(predictions_csv(rows, answers))
    assert header == [*FEATURES, "predicted", "probability no", "probability yes"]
    assert [line[5] for line in lines] == answers.values.tolist()
    assert [float(line[0]) for line in lines] == rows["size"].tolist()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-3.5", "-3.5"),
        ("-3,5", "-3,5"),
        ("-1e-05", "-1e-05"),
        ("-1+1", "'-1+1"),
        ("plain, with comma", "plain, with comma"),
    ],
)
def test_no_exported_cell_starts_a_formula(cell: str, written: str) -> None:
    frame = pd.DataFrame({"a": [cell], "n": [-2.5]})
    answers = Predictions(values=pd.Series([cell]), probabilities=pd.DataFrame({cell: [0.5]}))
    header, line = cells(predictions_csv(frame, answers))
    assert line == [written, "-2.5", written, "0.5"]
    assert header == ["a", "n", "predicted", f"probability {cell}"]


def test_a_dangerous_column_name_is_guarded_and_a_taken_one_is_numbered() -> None:
    frame = pd.DataFrame({"=x": [1], "predicted": [2]})
    header, line = cells(predictions_csv(frame, Predictions(values=pd.Series([3]))))
    assert header == ["'=x", "predicted", "predicted (2)"]
    assert line == ["1", "2", "3"]
