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
    for text in (known.label, known.story, known.traps, known.source):
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


def test_wine_and_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits, load_wine

    wine, digits = load_wine(), load_digits()
    frame, pixels = sample("wine").frame, sample("digits").frame
    assert list(frame.columns[:-1]) == list(wine.feature_names)
    np.testing.assert_array_equal(frame.iloc[:, :-1].to_numpy(dtype=float), wine.data)
    assert frame["cultivar"].tolist() == [str(wine.target_names[code]) for code in wine.target]
    np.testing.assert_array_equal(pixels.iloc[:, :-1].to_numpy(dtype=float), digits.data)
    assert pixels["digit"].tolist() == digits.target.tolist()


def test_tips_and_countries_are_those_of_plotly() -> None:
    from plotly.data import gapminder, tips

    for expected, found in (
        (tips(), sample("tips").frame),
        (gapminder(datetimes=False, centroids=True), sample("gapminder").frame),
    ):
        assert found.shape == expected.shape
        for name in found.columns:
            wanted = expected[name].tolist()
            assert found[name].astype(type(wanted[0]) if name != "smoker" else str).tolist() == wanted


def test_weather_and_barley_are_those_of_vega_datasets() -> None:
    from vega_datasets import local_data

    weather, barley = sample("weather"), sample("barley")
    assert weather.kinds["date"] is Kind.DATETIME
    expected = pd.read_csv(io.BytesIO(local_data.seattle_weather.raw()))
    assert weather.frame["temp_max"].tolist() == expected["temp_max"].tolist()
    assert weather.frame["weather"].value_counts()["snow"] == 23
    harvests = pd.read_json(io.BytesIO(local_data.barley.raw()))
    assert barley.frame["yield"].tolist() == harvests["yield"].tolist()


def test_what_is_said_to_mislead_is_there() -> None:
    """Facts that the traps name, counted in the data themselves."""
    penguins, cars = sample("penguins").frame, sample("cars").frame
    petals = sample("iris").frame[["petal length (cm)", "petal width (cm)"]]
    cells = sample("breast_cancer").frame[["mean radius", "mean perimeter", "mean area"]]
    yields = sample("barley").frame.groupby(["site", "year"])["yield"].mean().unstack()

    assert round(petals.corr().iloc[0, 1], 2) == 0.96
    assert cells.corr().to_numpy().min() > 0.98
    assert sample("iris").frame.duplicated().sum() == 1
    assert (penguins.nunique() == 1).sum() == 2
    assert cars["Miles_per_Gallon"].isna().sum() == 8
    assert (sample("digits").frame.nunique() == 1).sum() == 3
    assert [site for site in yields.index if yields.loc[site, 1932] > yields.loc[site, 1931]] == ["Morris"]


def test_an_unknown_sample_gets_a_sentence() -> None:
    with pytest.raises(InvalidParameter, match="titanic"):
        sample("titanic")
