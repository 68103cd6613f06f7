"""What a model learns from each kind of column, and what it leaves out with a reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlp_core.kinds import Kind
from mlp_core.predict import predict
from mlp_core.predict.form import form_fields
from mlp_core.table import Table
from mlp_core.task import Task, task_of
from mlp_core.train import Leaderboard, TrainingPlan, train

ROWS = 160


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    generator = np.random.default_rng(3)
    took = generator.integers(60, 9_000, ROWS)
    size = generator.choice(["S", "M", "L"], ROWS)
    frame = pd.DataFrame(
        {
            "client id": [f"C{n:04d}" for n in generator.permutation(ROWS)],
            "row": np.arange(ROWS),
            "took": pd.to_timedelta(took, unit="s").astype("timedelta64[us]"),
            "size": pd.Series(size, dtype="str"),
            "new": pd.Series(generator.choice(["oui", "non"], ROWS), dtype="str"),
            "lat": generator.uniform(41, 51, ROWS),
            "lon": generator.uniform(-5, 9, ROWS),
            "price": took / 100 + 10 * (size == "L") + generator.normal(size=ROWS),
        }
    )
    frame.loc[::9, "took"] = pd.NaT
    return frame


@pytest.fixture(scope="module")
def board(frame: pd.DataFrame) -> Leaderboard:
    return train(Table.of(frame, name="t"), TrainingPlan(target="price", models=("linear",), seed=1))


def test_identifiers_are_left_out_with_a_reason_unless_they_are_chosen(
    frame: pd.DataFrame, board: Leaderboard
) -> None:
    assert set(board.left_out) == {"client id", "row"}
    assert "rows" in str(board.left_out["row"])
    plan = TrainingPlan(target="price", features=("row", "took"), models=("linear",), seed=1)
    assert not train(Table.of(frame, name="t"), plan).left_out


def test_a_column_that_a_person_calls_an_identifier_is_left_out(frame: pd.DataFrame) -> None:
    table = Table.of(frame, name="t", decided={"lat": Kind.IDENTIFIER})
    board = train(table, TrainingPlan(target="price", models=("linear",), seed=1))
    assert "lat" in board.left_out


def test_the_form_asks_for_durations_scales_and_words_as_a_person_writes_them(board: Leaderboard) -> None:
    fields = {field.name: field for field in form_fields(board.best.pipeline)}
    assert fields["size"].choices == ("S", "M", "L")
    assert set(fields["new"].choices) == {"oui", "non"}
    row = pd.DataFrame([{name: field.default for name, field in fields.items()}])
    assert predict(board.best.pipeline, row).problems == ()
    assert board.best.test["r2"].value > 0.5


@pytest.mark.parametrize("written", ["0 days 01:00:00", "01:00:00", "3600", 3600, pd.Timedelta(hours=1)])
def test_a_duration_is_one_however_it_is_given(
    written: object, frame: pd.DataFrame, board: Leaderboard
) -> None:
    rows = frame.drop(columns="price").head(1)
    expected = predict(board.best.pipeline, rows.assign(took=pd.Timedelta(hours=1))).values
    found = predict(board.best.pipeline, rows.astype({"took": object}).assign(took=[written]))
    assert found.values.tolist() == pytest.approx(expected.tolist())


def test_durations_are_regressed_in_seconds(frame: pd.DataFrame) -> None:
    assert task_of(frame["took"]) is Task.REGRESSION
    known = frame[frame["took"].notna()].reset_index(drop=True)
    plan = TrainingPlan(target="took", models=("linear",), seed=1)
    board = train(Table.of(known, name="t"), plan)
    answers = predict(board.best.pipeline, known).values
    assert np.corrcoef(answers, known["took"].dt.total_seconds())[0, 1] > 0.9


def test_yes_and_no_in_words_are_answered_in_the_same_words(frame: pd.DataFrame) -> None:
    board = train(Table.of(frame, name="t"), TrainingPlan(target="new", models=("logistic",), seed=1))
    assert set(predict(board.best.pipeline, frame).values) <= {"oui", "non"}
