"""Values that may stand for missing ones are proposed with their evidence; ordinary values are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets

from mlp_core.read.missing import proposed_markers
from mlp_core.read.units import unit_of

RAN = np.random.default_rng(8)


@pytest.mark.parametrize(
    ("values", "marker"),
    [
        ([*RAN.integers(-20_000, 0, 300), *[365243] * 40], 365243),
        ([*RAN.normal(15, 8, 300), *[-999.0] * 7], -999),
        ([*RAN.normal(15, 8, 300), *[9999.0] * 7], 9999),
        ([*RAN.integers(0, 60, 300), *[-1] * 25], -1),
        ([*RAN.integers(0, 30, 300), *[999] * 5], 999),
    ],
)
def test_a_sentinel_apart_from_all_others_is_proposed(values: list[float], marker: float) -> None:
    (found,) = proposed_markers(pd.Series(values))
    assert found.value == marker
    assert found.count == values.count(marker)
    assert found.apart > 0
    assert 0.5 < found.sure < 1


def test_two_sentinels_at_both_ends_are_both_proposed() -> None:
    found = proposed_markers(pd.Series([*RAN.normal(15, 8, 300), *[-999.0] * 7, *[9999.0] * 7]))
    assert {marker.value for marker in found} == {-999, 9999}


@pytest.mark.parametrize(
    "values",
    [
        RAN.normal(0, 400, 3000).round(),
        RAN.integers(-1000, 1000, 3000),
        RAN.integers(0, 99_999, 3000),
        np.where(RAN.random(300) < 0.5, -1, 1),
        RAN.integers(-1, 2, 300),
        RAN.normal(size=300),
        np.arange(1, 1000),
        [np.nan, np.inf, -np.inf, 1.0],
        [True, False],
        [],
    ],
    ids=lambda values: f"{len(values)}-{str(values)[:12]}",
)
def test_ordinary_numbers_are_not_proposed(values: object) -> None:
    assert proposed_markers(pd.Series(values)) == ()


def test_no_column_of_real_clean_tables_is_proposed() -> None:
    for load in (datasets.load_iris, datasets.load_diabetes, datasets.load_breast_cancer, datasets.load_wine):
        frame = load(as_frame=True).frame
        assert not any(proposed_markers(frame[name]) for name in frame)


def test_words_that_mean_unknown_are_proposed_with_their_count() -> None:
    column = pd.Series(["clerk", "unknown", "cook", "unknown", "-", "inconnu"] * 5, dtype="str")
    found = {marker.value: marker.count for marker in proposed_markers(column)}
    assert found == {"unknown": 10, "-": 5, "inconnu": 5}


def test_a_column_of_one_word_or_of_others_proposes_nothing() -> None:
    assert proposed_markers(pd.Series(["unknown"] * 9, dtype="str")) == ()
    assert proposed_markers(pd.Series(["Paris", "None Such Street"] * 9, dtype="str")) == ()


@pytest.mark.parametrize(
    ("texts", "units"),
    [
        (["12 kg", "3 lb", "4 kg"], {"kg": 2, "lb": 1}),
        (["12 kg", "3", "4 kg"], {"kg": 2, "": 1}),
        (["3 €", "$4"], {"EUR": 1, "USD": 1}),
        (["12 %", "0,5"], {"%": 1, "": 1}),
        (["12", "13"], {}),
        (["Lyon", "12 kg"], {}),
        (["12A", "13B"], {}),
        ([], {}),
    ],
)
def test_units_are_counted(texts: list[str], units: dict[str, int]) -> None:
    assert dict(unit_of(texts)) == units
