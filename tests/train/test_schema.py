"""Raw rows are brought to the kinds of training, and what does not fit is counted, never lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mlp_core.kinds import Kind
from mlp_core.train.conform import conformed
from mlp_core.train.dates import DateParts

HOLE = None


@pytest.mark.parametrize(
    ("given", "kind", "expected", "lost"),
    [
        ([" 1.5", "2,5", "n/a", HOLE, ""], Kind.NUMBER, [1.5, 2.5, HOLE, HOLE, HOLE], 1),
        ([1, 2, 3], Kind.NUMBER, [1.0, 2.0, 3.0], 0),
        ([1.0, np.inf, -np.inf, np.nan], Kind.NUMBER, [1.0, HOLE, HOLE, HOLE], 2),
        ([True, False], Kind.INTEGER, [1.0, 0.0], 0),
        ([pd.Timestamp("2020-01-01")], Kind.NUMBER, [HOLE], 1),
        (["yes", "No", "1", "peut-être", HOLE], Kind.BOOLEAN, [True, False, True, HOLE, HOLE], 1),
        ([1, 0, 2], Kind.BOOLEAN, [True, False, HOLE], 1),
        ([1.0, 2.0, np.nan, 2.5], Kind.CATEGORY, ["1", "2", HOLE, "2.5"], 0),
        ([True, False], Kind.CATEGORY, ["True", "False"], 0),
        (["a", HOLE], Kind.CATEGORY, ["a", HOLE], 0),
        (
            ["2020-02-03", "2020-02-03T04:05", "yesterday", HOLE],
            Kind.DATETIME,
            [pd.Timestamp("2020-02-03"), pd.Timestamp("2020-02-03 04:05"), HOLE, HOLE],
            1,
        ),
        ([5, 6], Kind.DATETIME, [HOLE, HOLE], 2),
    ],
)
def test_cells_are_brought_to_their_kind(
    given: list[object], kind: Kind, expected: list[object], lost: int
) -> None:
    column = pd.Series(given, index=range(10, 10 + len(given)), name="c")
    before = column.copy()
    found, count = conformed(column, kind)
    assert [HOLE if pd.isna(cell) else cell for cell in found] == expected
    assert count == lost
    assert found.index.equals(column.index)
    pd.testing.assert_series_equal(column, before)


@pytest.mark.parametrize("kind", [Kind.NUMBER, Kind.BOOLEAN, Kind.CATEGORY, Kind.DATETIME])
@pytest.mark.parametrize("dtype", ["str", "float", "Int64", "boolean", "category", "datetime64[us]", object])
def test_no_dtype_is_too_strange_to_be_brought_to_a_kind(kind: Kind, dtype: object) -> None:
    for size in (0, 3):
        column = pd.Series([None] * size, dtype=dtype, name="c")  # type: ignore[call-overload]
        found, lost = conformed(column, kind)
        assert (len(found), lost) == (size, 0)


def test_dates_become_their_parts() -> None:
    frame = pd.DataFrame({"when": pd.to_datetime(["1970-01-02 12:00", None, "2024-02-29 00:00"])})
    parts = DateParts().fit(frame)
    assert parts.get_feature_names_out().tolist() == [
        "when (year)",
        "when (month)",
        "when (weekday)",
        "when (day)",
    ]
    numbers = parts.transform(frame)
    assert numbers[0].tolist() == [1970, 1, 4, 1.5]
    assert np.isnan(numbers[1]).all()
    assert numbers[2].tolist() == [2024, 2, 3, 19782]
