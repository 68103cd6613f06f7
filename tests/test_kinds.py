"""What the values and the name of a column say about its kind, and what they do not say."""

from __future__ import annotations

import time
import uuid

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets

from mlp_core.kinds import Kind, is_yes_no, kind_of, kinds_of, nature_of, order_of

ROWS = 60
RAN = np.random.default_rng(5)


def kind(values: object, name: str = "c") -> Kind:
    return kinds_of(pd.DataFrame({name: values}))[name]


def words(*values: str) -> pd.Series:
    return pd.Series([values[i % len(values)] for i in range(ROWS)], dtype="str")


@pytest.mark.parametrize(
    "pair",
    ["yes no", "Yes No", "oui non", "vrai faux", "ja nein", "si no", "sí no", "t f", "Y N", "true false"],
)
def test_two_words_of_one_pair_are_yes_and_no(pair: str) -> None:
    yes, no = pair.split()
    column = words(yes, no, no)
    assert kind_of(column) is Kind.BOOLEAN
    column[3] = None
    assert kind_of(column) is Kind.BOOLEAN


@pytest.mark.parametrize("pair", ["yes non", "m f", "yes maybe", "a b", "yes Yes"])
def test_other_pairs_of_words_are_categories(pair: str) -> None:
    assert kind_of(words(*pair.split())) is Kind.CATEGORY
    assert not is_yes_no(pair.split())


def test_a_third_answer_makes_a_category() -> None:
    assert kind_of(words("yes", "no", "unknown")) is Kind.CATEGORY
    assert kind_of(pd.Series([0, 1] * 30)) is Kind.INTEGER


@pytest.mark.parametrize(
    "scale",
    [
        ["low", "medium", "high"],
        ["Faible", "Moyen", "Élevé"],
        ["XS", "S", "M", "L", "XL", "XXL"],
        ["poor", "fair", "good", "very good", "excellent"],
        ["Fair", "Good", "Very Good", "Premium", "Ideal"],
        ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "décembre"],
        ["jamais", "rarement", "parfois", "souvent", "toujours"],
        ["pas du tout d’accord", "plutôt pas d’accord", "plutôt d’accord", "tout à fait d’accord"],
        ["1st", "2nd", "3rd", "10th"],
        ["First", "Second", "Third"],
        ["<18", "18-24", "25-34", "35-64", "65+"],
        ["moins de 18", "18 à 24", "25 à 64", "plus de 65"],
        ["< 1 year", "1 year", "2 years", "10+ years"],
        ["(0, 18]", "(18, 40]", "(40, 99]"],
        ["0", "1", "2", "3+"],
        ["Q1", "Q2", "Q3", "Q4"],
        ["stage 1", "stage 2", "stage 10"],
        ["C-", "C+", "B", "A-", "A+"],
        ["D", "CCC", "BB", "BBB", "AA+", "AAA"],
    ],
    ids=lambda scale: scale[0],
)
def test_a_known_scale_is_an_ordered_category_in_its_order(scale: list[str]) -> None:
    assert kind_of(words(*scale)) is Kind.ORDERED
    assert order_of(scale[::-1]) == tuple(scale)


@pytest.mark.parametrize(
    "values",
    [
        ["A", "B", "C"],
        ["S", "C", "Q"],
        ["a_1", "a_2", "a_3"],
        ["3-1", "2-2", "0-1"],
        ["red", "green", "blue"],
        ["low", "high", "blue"],
        ["may", "will", "can"],
        ["Paris", "Lyon", "Nice"],
    ],
    ids=lambda values: values[0],
)
def test_words_without_a_known_order_are_categories(values: list[str]) -> None:
    assert kind_of(words(*values)) is Kind.CATEGORY
    assert order_of(values) is None


def test_letters_are_marks_where_the_name_says_so() -> None:
    assert kind(words("A", "B", "C", "D"), "grade") is Kind.ORDERED
    assert kind(words("A", "B", "C", "D"), "group") is Kind.CATEGORY
    assert order_of(["A", "C", "B"], marks=True) == ("C", "B", "A")


def test_an_ordered_categorical_is_ordered_whatever_it_holds() -> None:
    assert kind_of(pd.Series(pd.Categorical(["b", "a"] * 9, ["b", "a"], ordered=True))) is Kind.ORDERED


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("anything", np.arange(ROWS)),
        ("column_1", np.arange(1, ROWS + 1)),
        ("id", RAN.permutation(10**6)[:ROWS]),
        ("PassengerId", RAN.permutation(10**6)[:ROWS]),
        ("SK_ID_CURR", 100_002 + RAN.permutation(ROWS)),
        ("customer id", [f"{n:05d}" for n in RAN.permutation(ROWS)]),
        ("Unnamed: 0", RAN.permutation(ROWS)),
        ("order no", 1000 + 3 * np.arange(ROWS)),
        ("matricule", [f"X{n}Z" for n in range(ROWS)]),
        ("who", [str(uuid.UUID(int=n * 7919)) for n in range(ROWS)]),
        ("hash", [f"{n * 2654435761 + 10**17:024x}"[:24].replace("0000", "a1b2") for n in range(ROWS)]),
        ("sample", [f"C-{n:04d}" for n in RAN.permutation(ROWS)]),
    ],
)
def test_what_names_or_numbers_the_rows_is_an_identifier(name: str, values: object) -> None:
    assert kind(values, name) is Kind.IDENTIFIER


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        ("year", np.arange(1950, 1950 + ROWS), Kind.INTEGER),
        ("annee", np.arange(1, ROWS + 1), Kind.INTEGER),
        ("t", np.arange(ROWS), Kind.INTEGER),
        ("population", np.sort(RAN.permutation(10**6)[:ROWS]), Kind.INTEGER),
        ("height", RAN.normal(size=ROWS), Kind.NUMBER),
        ("identity", RAN.normal(size=ROWS), Kind.NUMBER),
        ("house price index", 100 + np.round(RAN.normal(size=ROWS), 3), Kind.NUMBER),
        ("num_rooms", RAN.integers(1, 6, ROWS), Kind.INTEGER),
        ("covid", RAN.permutation(10**6)[:ROWS], Kind.INTEGER),
        ("shuffled", RAN.permutation(ROWS), Kind.INTEGER),
        ("name", [f"Person {chr(65 + n % 26)}{chr(97 + n // 26)}" for n in range(ROWS)], Kind.TEXT),
        ("car", [f"car {n} of the fleet" for n in range(ROWS)], Kind.TEXT),
        ("when", pd.date_range("2020-01-01", periods=ROWS), Kind.DATETIME),
        ("customer_id", np.arange(ROWS) % 7, Kind.INTEGER),
        ("x", np.arange(ROWS, dtype=float), Kind.INTEGER),
    ],
)
def test_measures_dates_and_names_are_no_identifiers(name: str, values: object, found: Kind) -> None:
    assert kind(values, name) is found


def test_a_few_rows_that_count_on_say_nothing() -> None:
    assert kind([1, 2, 3], "rank") is Kind.INTEGER
    assert kind([1, 2, 3], "id") is Kind.IDENTIFIER


def test_columns_of_real_tables_are_not_taken_for_identifiers() -> None:
    for load in (datasets.load_diabetes, datasets.load_breast_cancer, datasets.load_wine):
        frame = load(as_frame=True).frame
        assert Kind.IDENTIFIER not in kinds_of(frame).values()


def test_latitude_and_longitude_are_told_by_name_and_range_together() -> None:
    north, east = RAN.uniform(41, 51, ROWS), RAN.uniform(-5, 9, ROWS)
    frame = pd.DataFrame({"lat": north, "lon": east, "pickup_latitude": north, "pickup_longitude": east})
    assert set(kinds_of(frame).values()) == {Kind.GEOGRAPHIC}
    assert kind(north, "lat") is Kind.NUMBER
    beyond = pd.DataFrame({"lat": north * 10, "long": east})
    assert set(kinds_of(beyond).values()) == {Kind.NUMBER}
    assert nature_of(frame["lat"], Kind.GEOGRAPHIC) is Kind.NUMBER


def test_one_value_in_all_rows_is_constant() -> None:
    assert kind([7] * ROWS) is Kind.CONSTANT
    assert kind(["x"] * ROWS) is Kind.CONSTANT
    assert kind([7.0, *[np.nan] * (ROWS - 1)]) is Kind.INTEGER
    assert kind([7]) is Kind.INTEGER
    assert kind([7] * 2000 + [8]) is Kind.INTEGER


def test_the_last_of_many_rows_still_decides() -> None:
    many = 20_000
    assert kind_of(pd.Series([*[1.0] * many, 1.5])) is Kind.NUMBER
    assert kind_of(pd.Series(["yes", "no"] * many + ["maybe"], dtype="str")) is Kind.CATEGORY
    assert kind([*range(many), 5], "c") is Kind.INTEGER


def test_cells_of_any_type_have_a_kind() -> None:
    assert kind_of(pd.Series([True, None, False], dtype=object)) is Kind.BOOLEAN
    assert kind(pd.Series([1, "1", 1.5, None] * 10, dtype=object)) in Kind
    assert kind(pd.to_timedelta([1, 2, None], unit="h")) is Kind.DURATION


def test_kinds_of_a_large_table_take_a_moment() -> None:
    """Measured 0.06 CPU seconds for a million rows of twenty columns; ten times that for a loaded machine."""
    rows = 1_000_000
    columns = {f"m{i}": RAN.normal(size=rows) for i in range(9)}
    columns |= {f"n{i}": RAN.integers(0, 10_000, rows) for i in range(6)}
    frame = pd.DataFrame(columns)
    for i in range(4):
        frame[f"g{i}"] = pd.Series(np.array(["a", "b", "c", "d"])[RAN.integers(0, 4, rows)], dtype="str")
    start = time.process_time()
    kinds_of(frame)
    assert time.process_time() - start < 0.6
