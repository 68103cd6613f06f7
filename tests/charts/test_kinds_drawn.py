"""Charts take each kind of column for what it is: scales in their order, words as they stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlp_core.charts import draw, shape_chart
from mlp_core.errors import NotApplicable
from mlp_core.kinds import Kind
from mlp_core.table import Table


@pytest.fixture
def table() -> Table:
    generator = np.random.default_rng(4)
    rows = 60
    frame = pd.DataFrame(
        {
            "row": np.arange(rows),
            "code": [f"C-{n:03d}" for n in generator.permutation(rows)],
            "size": pd.Series(generator.choice(["L", "S", "M"], rows, p=[0.6, 0.1, 0.3]), dtype="str"),
            "new": pd.Series(generator.choice(["oui", "non"], rows, p=[0.8, 0.2]), dtype="str"),
            "took": pd.to_timedelta(generator.integers(1, 99, rows), unit="s"),
            "lat": generator.uniform(41, 51, rows),
            "lon": generator.uniform(-5, 9, rows),
            "always": 7,
        }
    )
    return Table.of(frame, name="t")


def test_a_scale_is_drawn_from_low_to_high(table: Table) -> None:
    (panel,) = shape_chart("histogram", table, column="size").panels
    assert panel.names == ("S", "M", "L")
    assert panel.counts == tuple(int((table.frame["size"] == name).sum()) for name in ("S", "M", "L"))


def test_numbers_that_a_person_calls_a_scale_are_drawn_from_low_to_high() -> None:
    frame = pd.DataFrame({"stars": [5, 5, 5, 1, 3, 3]})
    table = Table.of(frame, name="t", decided={"stars": Kind.ORDERED})
    assert shape_chart("histogram", table, column="stars").panels[0].counts == (1, 2, 3)


def test_yes_and_no_keep_the_words_of_the_file_no_first(table: Table) -> None:
    (panel,) = shape_chart("histogram", table, column="new").panels
    assert panel.names == ("non", "oui")


def test_coordinates_are_numbers(table: Table) -> None:
    data = shape_chart("scatter", table, x="lon", y="lat", colour="size")
    assert sum(len(group.x) for group in data.groups) == 60
    assert "lat" in shape_chart("correlation", table).columns


def test_identifiers_are_not_drawn_unasked(table: Table) -> None:
    assert "row" not in shape_chart("correlation", table).columns
    assert "row" not in {panel.column for panel in shape_chart("histogram", table).panels}
    assert shape_chart("histogram", table, column="row").panels[0].counts
    assert draw("histogram", table, column="always")


@pytest.mark.parametrize("name", ["took", "code"])
def test_what_is_neither_number_nor_group_is_told(table: Table, name: str) -> None:
    with pytest.raises(NotApplicable, match=name):
        shape_chart("histogram", table, column=name)
