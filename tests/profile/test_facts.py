"""The facts of a column are those that pandas and scipy find, in every corner a column may come from."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mlp_core.kinds import Kind
from mlp_core.profile import Profile, profile
from mlp_core.profile.bins import MOST_BINS
from mlp_core.table import Table


def profiled(kinds: dict[str, Kind] | None = None, **columns: object) -> Profile:
    return profile(Table.of(pd.DataFrame(columns), name="made", decided=kinds))


def plain(found: Profile) -> dict[str, object]:
    """Return the profile as it comes back from a file."""
    return json.loads(json.dumps(found.to_json(), allow_nan=False))


DICE = np.random.default_rng(5)
NUMBERS = {
    "normal": DICE.normal(10, 3, 5000),
    "far": np.append(DICE.normal(0, 1, 4999), 1e6),
    "heavy": DICE.standard_cauchy(5000),
    "zeros": np.where(DICE.random(5000) < 0.9, 0.0, DICE.exponential(100, 5000)),
    "counts": DICE.poisson(3, 5000),
    "negative": -DICE.integers(0, 1000, 5000),
    "large": 1e15 + DICE.integers(0, 50, 5000),
    "small": DICE.random(5000) * 1e-12,
    "gaps": np.where(DICE.random(5000) < 0.3, np.nan, DICE.gamma(2, 2, 5000)),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_shape_and_outliers_are_those_of_pandas(name: str) -> None:
    column = pd.Series(NUMBERS[name])
    facts = profiled(x=column)["x"]

    first = column.dropna().iloc[0]
    apart = column - first  # pandas' own figures lose digits far from zero
    assert facts.mean == pytest.approx(first + apart.mean(), rel=1e-12)
    assert facts.std == pytest.approx(apart.std(), rel=1e-12)
    assert facts.skew == pytest.approx(apart.skew(), rel=1e-7, abs=1e-10)
    assert facts.kurtosis == pytest.approx(apart.kurt(), rel=1e-7, abs=1e-10)
    assert facts.zeros == (column == 0).sum()
    assert facts.negatives == (column < 0).sum()
    lower, upper = column.quantile([0.25, 0.75])
    reach = 1.5 * (upper - lower)
    if reach:
        assert facts.fences == pytest.approx((lower - reach, upper + reach))
        assert facts.outliers_below == (column < lower - reach).sum()
        assert facts.outliers_above == (column > upper + reach).sum()
    else:
        assert (facts.fences, facts.outliers) == (None, 0)


@pytest.mark.parametrize("name", NUMBERS)
def test_the_histogram_counts_every_value_between_its_edges(name: str) -> None:
    column = pd.Series(NUMBERS[name]).dropna()
    histogram = profiled(x=NUMBERS[name])["x"].histogram
    assert histogram is not None

    assert 1 <= len(histogram.counts) <= MOST_BINS
    assert len(histogram.edges) == len(histogram.counts) + 1
    assert list(histogram.edges) == sorted(set(histogram.edges))
    assert list(histogram.counts) == np.histogram(column, bins=np.array(histogram.edges))[0].tolist()
    assert sum(histogram.counts) == len(column)


@pytest.mark.parametrize("name", ["far", "heavy"])
def test_far_values_do_not_flatten_the_histogram(name: str) -> None:
    histogram = profiled(x=NUMBERS[name])["x"].histogram
    assert histogram is not None

    assert histogram.open_above
    assert sum(count > 0 for count in histogram.counts) >= 8


def test_the_bins_of_few_whole_numbers_hold_one_each() -> None:
    histogram = profiled(x=[1, 1, 2, 5, 5, 5])["x"].histogram
    assert histogram is not None

    assert histogram.edges == (1, 2, 3, 4, 5, 6)
    assert histogram.counts == (2, 1, 0, 0, 3)


def test_dates_have_their_range_their_usual_step_and_a_calendar_histogram() -> None:
    days = pd.Series(pd.date_range("2020-01-01", "2022-12-31", freq="D")).drop(index=[40, 41, 90])
    found = profiled(
        daily=days,
        monthly=pd.Series(pd.date_range("2000-01-31", periods=len(days), freq="MS")),
        yearly=pd.Series(pd.date_range("1700-01-01", periods=len(days), freq="YS", unit="s")),
        hourly=pd.Series(pd.date_range("2020-01-01 00:30", periods=len(days), freq="6h")),
        chance=pd.Series(np.datetime64("2020-01-01T00:00:00", "s") + DICE.integers(0, 10**9, len(days))),
    )

    steps = {facts.name: facts.step for facts in found.columns}
    assert (steps["daily"].count, steps["daily"].unit) == (1, "day")
    assert steps["daily"].share == pytest.approx(1090 / 1092, abs=1e-3)
    assert (steps["monthly"].count, steps["monthly"].unit) == (1, "month")
    assert (steps["yearly"].count, steps["yearly"].unit, steps["yearly"].share) == (1, "year", 1.0)
    assert (steps["hourly"].count, steps["hourly"].unit) == (6, "hour")
    assert steps["chance"] is None
    histogram = found["daily"].histogram
    assert histogram is not None
    assert histogram.edges[:3] == ("2020-01-01", "2020-03-01", "2020-05-01")
    assert histogram.counts[0] == (days < "2020-03-01").sum()
    for facts in found.columns:
        assert sum(facts.histogram.counts) == facts.present
        assert len(facts.histogram.counts) <= MOST_BINS


@pytest.mark.parametrize(
    ("first", "unit"), [("0001-01-01", "us"), ("1500-06-01", "us"), ("2262-04-12", "s"), ("9999-12-30", "us")]
)
def test_dates_that_nanoseconds_cannot_hold(first: str, unit: str) -> None:
    days = np.datetime64(first, unit) + np.arange(2).astype("m8[D]")
    found = profiled(day=pd.Series(days), n=[1, 2])

    assert found["day"].earliest.startswith(first)
    assert sum(found["day"].histogram.counts) == 2
    plain(found)


def test_dates_with_a_zone_are_counted_by_their_own_clock() -> None:
    hours = pd.Series(pd.date_range("2024-03-30 22:00", periods=48, freq="h", tz="Europe/Paris"))
    found = profiled(hour=hours)

    assert found["hour"].earliest == "2024-03-30T22:00:00+01:00"
    assert sum(found["hour"].histogram.counts) == 48


def test_durations_are_told_in_seconds() -> None:
    facts = profiled(wait=pd.to_timedelta([60, 120, None, 90], unit="s"))["wait"]

    assert (facts.missing, facts.minimum, facts.maximum, facts.mean) == (1, 60, 120, 90)
    assert sum(facts.histogram.counts) == 3


def test_texts_have_lengths_and_words() -> None:
    texts = [f"The car number {n} of the fleet" for n in range(40)] + ["Été", None]
    facts = profiled(x=texts)["x"]

    assert facts.kind is Kind.TEXT
    assert (facts.shortest, facts.longest) == (3, 30)
    assert facts.mean_length == pytest.approx(pd.Series(texts).str.len().mean())
    assert facts.mean_words == pytest.approx((40 * 7 + 1) / 41)
    assert facts.words[0] == ("car", 40)
    assert facts.estimated == ()


def test_words_of_very_many_texts_are_counted_in_a_sample_and_it_says_so() -> None:
    facts = profiled(x=[f"row {n} of many" for n in range(20_000)])["x"]

    assert facts.mean_words == 4
    assert set(facts.estimated) == {"mean_words", "words"}


def test_categories_are_kept_whole_and_ordered_ones_in_their_order() -> None:
    sizes = pd.Categorical(["L", "S", "S", "M"] * 10, categories=["S", "M", "L", "XL"], ordered=True)
    found = profiled({"size": Kind.ORDERED}, size=sizes, town=["b", "a", "b", "c"] * 10)

    assert found["size"].top == (("S", 20), ("M", 10), ("L", 10))
    assert found["town"].levels == (("b", 20), ("a", 10), ("c", 10))
    assert found["town"].rest == 0


def test_what_the_top_leaves_out_is_counted() -> None:
    facts = profiled(x=[f"c{n % 20}" for n in range(400)])["x"]

    assert (len(facts.top), facts.rest, len(facts.levels)) == (10, 200, 20)


def test_a_value_that_stands_for_missing_is_seen_among_decimal_numbers() -> None:
    values = np.append(DICE.normal(20, 5, 95), [-999.0] * 5)

    assert profiled(x=values)["x"].top[0] == (-999.0, 5)
    assert profiled(x=DICE.normal(0, 1, 100))["x"].top == ()


def test_a_person_may_call_numbers_categories_and_texts_numbers() -> None:
    found = profiled({"code": Kind.CATEGORY, "word": Kind.NUMBER}, code=[75, 13, 75], word=["a", "b", "a"])

    assert found["code"].top == ((75, 2), (13, 1))
    assert found["code"].histogram is None
    assert found["word"].top == (("a", 2), ("b", 1))


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_goes_with_every_dtype(kind: Kind, messy: pd.DataFrame) -> None:
    messy["wait"] = pd.to_timedelta(range(len(messy)), unit="h")
    messy["whole"] = pd.array([None, *range(len(messy) - 1)], dtype="Int64")
    messy["categories"] = pd.Categorical([1.5, 2.5, None] * 20)
    messy["arrow day"] = pd.array([date(2024, 2, 29), None] * 30, dtype=pd.ArrowDtype(pa.date32()))
    messy["arrow time"] = pd.array(
        [datetime(2024, 2, 29, tzinfo=UTC), None] * 30, dtype=pd.ArrowDtype(pa.timestamp("us", "UTC"))
    )
    messy["arrow number"] = pd.array([Decimal("1.5"), None] * 30, dtype=pd.ArrowDtype(pa.decimal128(9, 2)))
    messy["objects"] = pd.Series([1, "a", None, 2.5, (1, 2)] * 12, dtype=object)
    found = profile(Table.of(messy, name="messy", decided=dict.fromkeys(messy.columns, kind)))

    for facts in found.columns:
        assert facts.kind is kind
        assert facts.missing == (len(messy) if kind is Kind.EMPTY else messy[facts.name].isna().sum())
    plain(found)


def test_numbers_keep_their_facts_whatever_they_are_called() -> None:
    found = profiled(
        {"same": Kind.CONSTANT, "id": Kind.IDENTIFIER, "lat": Kind.GEOGRAPHIC},
        same=[3.5] * 4,
        id=[1, 2, 3, 4],
        lat=[48.8, 43.3, 45.7, -90.0],
    )

    assert (found["same"].mean, found["same"].std, found["same"].skew) == (3.5, 0.0, None)
    assert (found["id"].minimum, found["id"].maximum) == (1, 4)
    assert (found["lat"].minimum, found["lat"].negatives) == (-90.0, 1)


CORNERS = {
    "no_row": pd.DataFrame({"a": pd.Series(dtype=float), "b": pd.Series(dtype="str")}),
    "no_column": pd.DataFrame(index=range(3)),
    "one_row": pd.DataFrame({"a": [1.5], "b": ["x"], "c": pd.to_datetime(["2024-01-01"])}),
    "one_column": pd.DataFrame({"a": [1, 2, 2]}),
    "all_missing": pd.DataFrame({"a": [np.nan] * 3, "b": pd.Series([None] * 3, dtype="str")}),
    "no_date": pd.DataFrame({"a": pd.to_datetime([None, None]), "b": pd.to_timedelta([None, None])}),
    "constant": pd.DataFrame({"a": [0.1] * 9, "b": ["x"] * 9, "c": [True] * 9}),
    "infinite": pd.DataFrame({"a": [np.inf, -np.inf, np.nan, 1.0], "b": [np.inf] * 4}),
    "huge": pd.DataFrame({"a": [1.7e308, -1.7e308, 0, 1, 2, 3], "b": [1e308, 1.1e308, 1.2e308] * 2}),
    "tiny": pd.DataFrame({"a": [5e-324, 0.0, 1e-323], "b": [1e-200, 2e-200, 4e-200]}),
    "long": pd.DataFrame({"a": [2**63 - 1, -(2**63), 0], "b": np.array([2**64 - 1, 0, 1], np.uint64)}),
    "gappy_booleans": pd.DataFrame({"a": pd.array([True, None, False], dtype="boolean")}),
    "alike": pd.DataFrame([[1, 2, 3]] * 3, columns=["a", "a ", "A"]),
    "masked": pd.DataFrame({"a": pd.array([1, None, 2**62 + 1], dtype="Int64")}),
}


@pytest.mark.parametrize("corner", CORNERS)
def test_corners(corner: str) -> None:
    frame = CORNERS[corner]
    found = profile(Table.of(frame, name=corner))

    again = plain(found)
    assert again["rows"] == len(frame)
    assert found.duplicate_rows == (int(frame.duplicated().sum()) if frame.shape[1] else 0)
    for facts in found.columns:
        assert facts.distinct == frame[facts.name].nunique()
        if facts.histogram is not None:
            assert sum(facts.histogram.counts) == facts.present - facts.infinite


def test_ten_thousand_categories() -> None:
    names = [f"c{n % 10_000}" for n in range(60_000)]
    facts = profiled({"x": Kind.CATEGORY}, x=names, y=range(60_000))["x"]

    assert (facts.distinct, facts.levels, facts.rest) == (10_000, (), 60_000 - 60)


@pytest.mark.parametrize("columns", [2000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_very_many_columns_take_seconds(columns: int) -> None:
    frame = pd.DataFrame(DICE.normal(size=(30, columns)), columns=[f"x{n}" for n in range(columns)])
    table = Table.of(frame, name="wide")
    start = time.process_time()
    found = profile(table)

    # Measured at 4.4 CPU seconds for 20,000 columns; the room above it is for loaded machines.
    assert time.process_time() - start < columns / 2000
    assert len(found.columns) == columns
    assert len(found.associations.columns) == 60
