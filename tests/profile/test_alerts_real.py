"""What is said of tables that many people know: every alert on them is listed here, and can be defended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from traps import raw_auto_mpg, raw_titanic

from mlp_core.profile import Profile, profile
from mlp_core.read import ReadOptions, read_table, sample
from mlp_core.table import Table

TODAY = date(2026, 11, 21)
CARS = ("mpg", "cylinders", "displacement", "horsepower", "weight", "acceleration", "year", "origin", "name")


def columns_by_check(found: Profile) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for alert in found.alerts:
        named.setdefault(alert.check, []).extend(alert.columns)
    return named


def of_sample(name: str, target: str | None = None) -> dict[str, list[str]]:
    return columns_by_check(profile(sample(name), target, TODAY))


# One flower was measured twice, and r of the petals is 0.963.
def test_iris() -> None:
    expected = {"duplicate_rows": [], "high_correlation": ["petal width (cm)"]}
    assert of_sample("iris", "species") == expected


@pytest.mark.parametrize("name", ["diabetes", "wine"])
def test_tables_without_fault(name: str) -> None:
    assert of_sample(name) == {}


def test_diabetes_and_wine_with_their_targets() -> None:
    from sklearn.datasets import load_diabetes, load_wine

    for load in (load_diabetes, load_wine):
        frame = load(as_frame=True).frame
        assert columns_by_check(profile(Table.of(frame, name="made"), "target", TODAY)) == {}


# Radius, perimeter and area of the same cells; their errors are skewed; no single measure is a leak.
def test_breast_cancer() -> None:
    from sklearn.datasets import load_breast_cancer

    frame = load_breast_cancer(as_frame=True).frame
    found = columns_by_check(profile(Table.of(frame, name="made"), "target", TODAY))

    assert set(found) == {"high_correlation", "skew"}
    r = frame.drop(columns="target").corr().abs()
    assert all((r[name].drop(name) >= 0.95).any() for name in found["high_correlation"])
    assert sorted(found["skew"]) == sorted(
        name for name in frame.drop(columns="target") if frame[name].skew() > 2
    )


# Cylinders tell the displacement (r = 0.95); names of cars repeat in many true spellings.
def test_cars() -> None:
    assert of_sample("cars") == {"high_correlation": ["Displacement"]}
    table = read_table(raw_auto_mpg(), ReadOptions(names=CARS))
    assert columns_by_check(profile(table, "mpg", TODAY)) == {"high_correlation": ["displacement"]}


def test_penguins() -> None:
    assert of_sample("penguins") == {"high_missing": ["Comments"], "constant": ["Region", "Stage"]}


# The rebuilt passengers: boats were only filled in for those they saved.
def test_rebuilt_titanic() -> None:
    found = columns_by_check(profile(read_table(raw_titanic()), "survived", TODAY))

    assert sorted(found["leakage"]) == ["boat", "body"]
    assert "cabin" in found["high_missing"]
    assert "leakage" not in columns_by_check(profile(read_table(raw_titanic()), None, TODAY))


def test_titanic(shared_data: Path) -> None:
    found = profile(read_table(shared_data / "titanic_seed_1309.csv"), "survived", TODAY)
    first = found.alerts[0]

    assert (first.check, first.columns) == ("leakage", ("boat", "body"))
    assert str(first.evidence).startswith("boat: one answer in 98.1% of 486 rows with a value")
    assert set(columns_by_check(found)) == {
        "leakage",
        "high_missing",
        "spellings",  # home.dest: “London New York, NY” and “London / New York, NY”
        "rare_categories",  # boats such as “13 15 B”
        "many_categories",  # cabins
        "mixed_types",  # tickets and boats are numbers or codes: said, and no step proposed
        "skew",  # fares
    }


def bank(rows: int = 3000) -> pd.DataFrame:
    """Return calls of a bank as in UCI's bank marketing: ``unknown`` for words, -1 for days since no call."""
    dice = np.random.default_rng(4)
    before = dice.random(rows) < 0.18

    def chosen(*words: str) -> pd.Series:
        return pd.Series(dice.choice(words, rows), dtype="str")

    return pd.DataFrame(
        {
            "age": dice.integers(18, 90, rows),
            "job": chosen("management", "technician", "blue-collar", "services", "unknown"),
            "marital": chosen("married", "single", "divorced"),
            "education": chosen("primary", "secondary", "tertiary", "unknown"),
            "default": chosen("no", "yes"),
            "balance": dice.normal(1300, 3000, rows).round(),
            "contact": chosen("cellular", "telephone", "unknown"),
            "pdays": np.where(before, dice.integers(1, 400, rows), -1),
            "poutcome": pd.Series(
                np.where(before, dice.choice(["failure", "other", "success"], rows), "unknown"), dtype="str"
            ),
            "y": pd.Series(np.where(dice.random(rows) < 0.117, "yes", "no"), dtype="str"),
        }
    )


def _bank_alerts(table: Table) -> None:
    found = profile(table, "y", TODAY)
    by_check = columns_by_check(found)

    assert by_check["sentinel"] == ["job", "education", "contact", "poutcome", "pdays"]
    fixes = [alert.fix["params"] for alert in found.alerts if alert.check == "sentinel" and alert.fix]
    assert fixes == [
        {"columns": ["job", "education", "contact", "poutcome"], "values": ["unknown"]},
        {"columns": ["pdays"], "values": ["-1"]},
    ]
    assert by_check["imbalance"] == ["y"]
    assert set(by_check) <= {"sentinel", "imbalance", "skew"}


def test_rebuilt_bank() -> None:
    _bank_alerts(Table.of(bank(), name="bank"))


def test_bank(shared_data: Path) -> None:
    _bank_alerts(read_table(shared_data / "bank-full_semicolon.csv"))


def test_water(shared_data: Path) -> None:
    found = profile(read_table(shared_data / "water_potability.csv"), "Potability", TODAY)
    assert columns_by_check(found) == {}


# Rows sorted by their class and numbered: the number tells the class.
def test_a_number_of_sorted_rows_is_a_leak() -> None:
    table = sample("iris")
    numbered = Table.of(table.frame.assign(Id=range(1, 151)), name="iris")
    found = profile(numbered, "species", TODAY).alerts

    assert (found[0].check, found[0].columns) == ("leakage", ("Id",))
