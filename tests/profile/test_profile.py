"""The facts of a profile are those that pandas finds, and each alert fires where it should and only there."""

from __future__ import annotations

import json
import time

import numpy as np
import pandas as pd
import pytest
from traps import raw_titanic

from mlp_core.kinds import Kind
from mlp_core.profile import CHECKS, Profile, Severity, profile
from mlp_core.read import SAMPLES, Sample, read_table
from mlp_core.table import Table
from mlp_core.text import Text, catalogue


def profiled(**columns: object) -> Profile:
    return profile(Table.of(pd.DataFrame(columns), name="made"))


def checks(found: Profile) -> set[str]:
    return {alert.check for alert in found.alerts}


@pytest.mark.parametrize("known", SAMPLES, ids=lambda known: known.id)
def test_facts_are_those_of_pandas(known: Sample) -> None:
    table = known.load()
    found = profile(table)
    assert found.missing_cells == int(table.frame.isna().sum().sum())
    assert found.duplicate_rows == int(table.frame.duplicated().sum())
    for facts in found.columns:
        column = table.frame[facts.name]
        assert facts.distinct == column.nunique()
        assert facts.missing == column.isna().sum()
        if facts.kind in (Kind.NUMBER, Kind.INTEGER):
            assert facts.mean == pytest.approx(column.mean(), rel=1e-12)
            assert facts.std == pytest.approx(column.std(), rel=1e-12)
            shares, values = zip(*facts.quantiles, strict=True)
            np.testing.assert_allclose(values, column.quantile(list(shares)), rtol=1e-12)
            assert (facts.minimum, facts.maximum) == (column.min(), column.max())
        if facts.kind is Kind.CATEGORY:
            assert [count for _, count in facts.top] == column.value_counts().head(10).tolist()
        if facts.kind is Kind.DATETIME:
            assert pd.Timestamp(facts.earliest) == column.min()


def test_the_profile_is_plain_json_even_with_infinities_and_gaps(messy: pd.DataFrame) -> None:
    found = profile(Table.of(messy, name="messy"))
    again = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert [facts["name"] for facts in again["columns"]] == list(messy.columns)
    assert found["weight (kg)"].infinite == 1
    assert found["insured"].kind is Kind.BOOLEAN
    assert found["empty"].present == 0


def test_infinite_values_do_not_spoil_the_mean() -> None:
    facts = profiled(x=[1.0, 3.0, np.inf, -np.inf, np.nan])["x"]
    assert (facts.mean, facts.minimum, facts.maximum) == (2.0, 1.0, 3.0)
    assert (facts.infinite, facts.missing, facts.distinct) == (2, 1, 4)


def test_huge_numbers_do_not_overflow() -> None:
    facts = profiled(x=[1e308, 1.5e308, -1e308])["x"]
    assert facts.mean == pytest.approx(5e307)
    assert facts.std is not None
    assert np.isfinite(facts.std)


def test_whole_numbers_too_long_for_a_float_are_counted_exactly() -> None:
    assert profiled(x=[2**53, 2**53 + 1, 2**53 + 1])["x"].distinct == 2


def test_most_frequent_values_come_first() -> None:
    facts = profiled(x=["b", "a", "b", "c", "b", "a"] * 4)["x"]
    assert facts.top == (("b", 12), ("a", 8), ("c", 4))
    assert profiled(x=[3, 1, 3, 2, 3, 1])["x"].top == ((3, 3), (1, 2), (2, 1))


@pytest.mark.parametrize("rows", [0, 1])
def test_tables_of_no_row_and_one_row(rows: int) -> None:
    frame = pd.DataFrame({"a": [1.5], "b": ["x"], "c": pd.to_datetime(["2024-01-01"])}).head(rows)
    found = profile(Table.of(frame, name="small"))
    assert (found.rows, found.duplicate_rows, found.alerts) == (rows, 0, ())


def test_the_table_is_left_alone(messy: pd.DataFrame) -> None:
    before = messy.copy(deep=True)
    profile(Table.of(messy, name="messy"))
    pd.testing.assert_frame_equal(messy, before)


def test_duplicate_rows_are_counted_beside_gaps() -> None:
    found = profiled(a=[1, 1, 1, 2], b=["x", None, None, "x"], c=[np.nan] * 4)
    assert found.duplicate_rows == 1
    assert "duplicate_rows" in checks(found)


def test_each_alert_fires_where_it_should_and_only_there() -> None:
    rows = 40
    made = {
        "whole": [4, 7] * 20,
        "number": list(np.linspace(0, 1, rows) ** 9 * (-1.0) ** np.arange(rows)),
        "id": list(range(100, 100 + rows)),
        "label": [f"car number {n}" for n in range(rows)],
        "year": [1900 + 97 * (n * 7 % rows) for n in range(rows)],
        "same": ["x"] * rows,
        "gone": [np.nan] * rows,
        "gaps": [np.nan] * 13 + [2.5, 1.0, 3.0] * 9,
        "some": [np.nan] * 12 + [1.0, 2.5, 3.0, 4.0] * 7,
        "endless": [np.inf] + [1.0, 2.5, 3.5] * 13,
    }
    found = {alert.check: alert.columns for alert in profiled(**made).alerts}
    assert found == {
        "all_missing": ("gone",),
        "high_missing": ("gaps",),
        "constant": ("same",),
        "identifier": ("id", "label"),
        "infinite": ("endless",),
    }


def test_severity_puts_infinite_values_first() -> None:
    found = profiled(x=[np.inf, 1.0, 2.5])
    assert [alert.severity for alert in found.alerts] == [Severity.SERIOUS]


@pytest.mark.parametrize("check", list(CHECKS), ids=lambda check: check.id)
def test_each_check_is_named_and_explained_in_french(check: type) -> None:
    french = catalogue("fr")
    assert check.label.template in french  # type: ignore[attr-defined]
    assert CHECKS.help(check.id).template in french  # type: ignore[attr-defined]


def test_alerts_are_sentences_in_both_languages() -> None:
    found = profile(read_table(raw_titanic()))
    alert = next(alert for alert in found.alerts if alert.columns == ("cabin",))
    assert alert.message.render("en") == "77.5% of cabin is missing."
    assert alert.message.render("fr") == "77,5\u202f% des valeurs de cabin manquent."
    assert Text.from_json(alert.to_json()["message"]) == alert.message


def test_a_profile_is_fast() -> None:
    dice = np.random.default_rng(0)
    columns = {f"x{i}": dice.normal(size=50_000) for i in range(8)}
    columns |= {f"n{i}": dice.integers(0, 1000, 50_000) for i in range(4)}
    columns |= {f"c{i}": dice.choice(["a", "b", "c"], 50_000) for i in range(3)}
    table = Table.of(pd.DataFrame(columns), name="made")
    start = time.process_time()
    profile(table)
    # Measured at 0.05 CPU seconds; the room above it is for loaded machines.
    assert time.process_time() - start < 0.6
