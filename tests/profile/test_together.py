"""What is missing is counted per row and across columns as pandas counts it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mlp_core.profile import Profile, profile
from mlp_core.table import Table

DICE = np.random.default_rng(3)


def profiled(frame: pd.DataFrame) -> Profile:
    return profile(Table.of(frame, name="made"))


@pytest.fixture(scope="module")
def gappy() -> pd.DataFrame:
    """Return 1,001 rows: ``a`` and ``b`` miss together for the most part, ``c`` by itself, ``d`` never."""
    rows = 1001
    frame = pd.DataFrame(
        {
            "a": DICE.normal(size=rows),
            "b": DICE.choice(["x", "y"], rows).astype(object),
            "c": pd.to_datetime("2024-01-01") + pd.to_timedelta(DICE.integers(0, 99, rows), unit="D"),
            "d": range(rows),
            "e": [np.nan] * rows,
        }
    )
    hole = DICE.random(rows) < 0.2
    frame.loc[hole | (DICE.random(rows) < 0.02), "a"] = np.nan
    frame.loc[hole, "b"] = None
    frame.loc[DICE.random(rows) < 0.3, "c"] = pd.NaT
    frame["b"] = frame["b"].astype("str")
    return frame


def test_rows_are_counted_by_how_many_values_they_miss(gappy: pd.DataFrame) -> None:
    missing = profiled(gappy).missing

    expected = gappy.isna().sum(axis=1).value_counts().sort_index()
    assert dict(missing.per_row) == expected.to_dict()
    assert missing.complete_rows == 0
    assert profiled(gappy.drop(columns="e")).complete_rows == len(gappy.drop(columns="e").dropna())


def test_columns_that_miss_in_the_same_rows_are_named(gappy: pd.DataFrame) -> None:
    (pair,) = profiled(gappy).missing.together

    one, other = gappy["a"].isna(), gappy["b"].isna()
    assert (pair.left, pair.right) == ("a", "b")
    assert pair.count == (one & other).sum()
    assert pair.share == pytest.approx((one & other).sum() / (one | other).sum())
    assert pair.phi == pytest.approx(stats.pearsonr(one, other).statistic)


def test_chance_alone_names_no_pair() -> None:
    values = DICE.normal(size=(500, 30))
    values[DICE.random(values.shape) < 0.3] = np.nan

    assert len(profiled(pd.DataFrame(values).add_prefix("x")).missing.together) <= 2


def test_repeated_rows_are_those_of_pandas_for_every_kind_of_column() -> None:
    rows = 3000
    frame = pd.DataFrame(
        {
            "number": DICE.choice([0.0, -0.0, 1.5, np.nan], rows),
            "whole": pd.array(DICE.choice([1, 2, None], rows), dtype="Int64"),
            "yes": pd.array(DICE.choice([True, False, None], rows), dtype="boolean"),
            "word": pd.Series(DICE.choice(["a", "b", None], rows), dtype="str"),
            "group": pd.Categorical(DICE.choice(["x", "y"], rows)),
            "day": pd.to_datetime(DICE.choice(["2024-01-01", "2024-01-02"], rows)),
            "zoned": pd.Series(pd.to_datetime(["2024-01-01", None] * (rows // 2)).tz_localize("Asia/Tokyo")),
            "wait": pd.to_timedelta(DICE.choice([1, 2], rows), unit="s"),
        }
    )

    assert profiled(frame).duplicate_rows == int(frame.duplicated().sum()) > 1000
