"""Two tables are told apart by what scipy finds, and alike ones are left in peace."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mlp_core.kinds import Kind
from mlp_core.profile import Comparison, Size, compare
from mlp_core.table import Table

DICE = np.random.default_rng(8)


def compared(before: pd.DataFrame, after: pd.DataFrame) -> Comparison:
    return compare(Table.of(before, name="train"), Table.of(after, name="test"))


def drawn(rows: int, shift: float = 0.0) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "age": DICE.normal(40 + 10 * shift, 10, rows),
            "visits": DICE.poisson(3, rows),
            "town": DICE.choice(["a", "b", "c"], rows, p=[0.5 - 0.4 * shift, 0.3, 0.2 + 0.4 * shift]),
            "member": DICE.random(rows) < 0.5,
            "day": np.datetime64("2024-01-01") + DICE.integers(0, 300, rows) + int(400 * shift),
            "note": [f"note number {n} {DICE.random()}" for n in range(rows)],
        }
    )
    frame.loc[DICE.random(rows) < 0.1 + 0.3 * shift, "visits"] = np.nan
    return frame


def test_numbers_are_compared_by_kolmogorov_and_smirnov() -> None:
    before, after = drawn(800), drawn(500, shift=0.7)
    shift = next(shift for shift in compared(before, after).shifts if shift.column == "age")
    assert shift.distance is not None

    known = stats.ks_2samp(before["age"], after["age"], method="asymp")
    assert shift.distance.value == pytest.approx(known.statistic)
    assert shift.distance.p_value < 1e-6
    assert shift.distance.low < 0.7 < shift.distance.high
    assert shift.size is Size.LARGE
    assert str(shift.verdict).startswith("The mean of age went from ")


def test_categories_are_compared_by_the_rows_that_would_have_to_change() -> None:
    before = pd.DataFrame({"town": ["a"] * 50 + ["b"] * 30 + ["old"] * 20})
    after = pd.DataFrame({"town": ["a"] * 100 + ["b"] * 60 + ["new"] * 30 + ["odd"] * 10})
    (shift,) = compared(before, after).shifts
    assert shift.distance is not None

    assert shift.distance.value == pytest.approx(0.2)
    table = pd.DataFrame([before["town"].value_counts(), after["town"].value_counts()]).fillna(0)
    known = stats.chi2_contingency(table, correction=False)
    assert shift.distance.p_value == pytest.approx(known.pvalue)
    assert shift.distance.new == (("new", 30), ("odd", 10))
    assert shift.distance.vanished == (("old", 20),)


def test_what_changed_most_comes_first() -> None:
    found = compared(drawn(2000), drawn(2000, shift=0.5))

    assert {shift.column for shift in found.shifted} == {"age", "visits", "town", "day"}
    assert found.shifts[0].column == "day"
    amounts = [shift.amount for shift in found.shifted]
    assert amounts == sorted(amounts, reverse=True)
    visits = next(shift for shift in found.shifts if shift.column == "visits")
    assert str(visits.verdict) == (
        f"The share of missing values in visits went from {visits.missing_before:.1%} "
        f"to {visits.missing_after:.1%}."
    )


def test_two_samples_of_one_population_are_left_in_peace() -> None:
    alarms = sum(bool(compared(drawn(300), drawn(200)).shifted) for _ in range(40))

    assert alarms <= 2


def test_columns_that_came_went_or_changed_their_kind() -> None:
    before = pd.DataFrame({"a": [1.5, 2.5, 3.5], "b": [1, 2, 3], "code": [1, 2, 3]})
    after = pd.DataFrame({"a": [1.5, 2.5, 3.5], "c": [1, 2, 3], "code": ["1", "2", "x"]})
    found = compared(before, after)

    assert (found.added, found.removed, found.retyped) == (("c",), ("b",), ("code",))
    code = next(shift for shift in found.shifts if shift.column == "code")
    assert code.before is Kind.INTEGER
    assert str(code.verdict) == "code was not compared: it names the rows or is free text."


def test_rows_of_the_test_that_a_model_has_seen_are_counted() -> None:
    train = drawn(400)
    test = pd.concat([drawn(90), train.iloc[5:15]], ignore_index=True)
    test["visits"] = test["visits"].astype("Float64")
    found = compared(train, test)

    assert found.shared_rows == 10
    assert found.verdicts[0].render("en") == (
        "10 rows of test (10%) stand in train as well: a model that learned from them has an easy test."
    )
    assert compared(train, drawn(90)).shared_rows == 0


def test_one_column_in_common_makes_no_equal_rows() -> None:
    before = pd.DataFrame({"sex": ["f", "m"] * 5, "a": range(10), "b": range(10)})
    after = pd.DataFrame({"sex": ["f", "m"] * 5, "c": range(10), "d": range(10)})

    assert compared(before, after).shared_rows == 0


def test_a_table_is_like_itself(messy: pd.DataFrame) -> None:
    found = compared(messy, messy.copy())

    assert not found.shifted
    assert (found.added, found.removed, found.retyped) == ((), (), ())
    assert found.shared_rows == len(messy)
    assert all(shift.distance is None or shift.distance.value == 0 for shift in found.shifts)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_small_tables_and_awkward_values(messy: pd.DataFrame, rows: int) -> None:
    for one, other in ((messy, messy.head(rows)), (messy.head(rows), messy), (messy.head(rows),) * 2):
        found = compared(one, other)
        json.dumps(found.to_json(), allow_nan=False)
        for sentence in [*found.verdicts, *(shift.verdict for shift in found.shifts)]:
            assert sentence.render("fr") != sentence.render("en") or not found.shifts


def test_numbers_at_the_end_of_what_a_float_holds() -> None:
    before = pd.DataFrame({"x": [1e308, -1e308, np.inf, 0.0] * 50})
    after = pd.DataFrame({"x": [1e308, 1.5e308, np.inf, 2.0] * 50})

    json.dumps(compared(before, after).to_json(), allow_nan=False)
