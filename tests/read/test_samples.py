"""The samples hold what the packages that carry them document."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from mlp_core.errors import InvalidParameter
from mlp_core.kinds import Kind
from mlp_core.read import SAMPLES, Sample, sample


@pytest.mark.parametrize("known", SAMPLES, ids=lambda known: known.id)
def test_each_sample_loads_and_speaks_french(known: Sample) -> None:
    table = known.load()
    assert known.target in table.frame.columns
    assert table.name == known.id
    for text in (known.label, known.story, known.source):
        assert text.render("fr") != text.render("en")


def test_iris_is_that_of_scikit_learn() -> None:
    from sklearn.datasets import load_iris

    bunch = load_iris()
    frame = sample("iris").frame
    assert list(frame.columns[:-1]) == list(bunch.feature_names)
    np.testing.assert_array_equal(frame.iloc[:, :-1].to_numpy(), bunch.data)
    assert frame["species"].tolist() == [str(bunch.target_names[code]) for code in bunch.target]


def test_breast_cancer_is_that_of_scikit_learn() -> None:
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    frame = sample("breast_cancer").frame
    assert list(frame.columns[:-1]) == list(bunch.feature_names)
    np.testing.assert_array_equal(frame.iloc[:, :-1].to_numpy(dtype=float), bunch.data)
    assert frame["diagnosis"].tolist() == [str(bunch.target_names[code]) for code in bunch.target]


def test_diabetes_is_that_of_scikit_learn_in_its_own_units() -> None:
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(scaled=False)
    frame = sample("diabetes").frame
    assert list(frame.columns[:-1]) == list(bunch.feature_names)
    np.testing.assert_array_equal(frame.iloc[:, :-1].to_numpy(dtype=float), bunch.data)
    np.testing.assert_array_equal(frame["progression"].to_numpy(dtype=float), bunch.target)


def test_penguins_are_those_of_palmerpenguins() -> None:
    from palmerpenguins import load_penguins_raw

    expected = load_penguins_raw()
    table = sample("penguins")
    assert table.kinds["Date Egg"] is Kind.DATETIME
    assert table.frame.isna().sum().tolist() == expected.isna().sum().tolist()
    assert table.frame["Body Mass (g)"].dropna().tolist() == expected["Body Mass (g)"].dropna().tolist()


def test_cars_are_those_of_vega_datasets() -> None:
    from vega_datasets import local_data

    expected = pd.read_json(io.BytesIO(local_data.cars.raw()))
    frame = sample("cars").frame
    assert list(frame.columns) == list(expected.columns)
    pd.testing.assert_series_equal(frame["Horsepower"], expected["Horsepower"])
    assert frame["Name"].tolist() == expected["Name"].tolist()


def test_an_unknown_sample_gets_a_sentence() -> None:
    with pytest.raises(InvalidParameter, match="titanic"):
        sample("titanic")
