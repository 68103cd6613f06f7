"""The whole column decides what it holds, and what stands for missing is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mlp_core.kinds import Kind
from mlp_core.read import ReadOptions, read_table


def one(texts: list[str], **options: object) -> pd.Series:
    body = "".join(f"{text};{position}\n" for position, text in enumerate(texts))
    return read_table(f"x;n\n{body}".encode(), ReadOptions(header=True, separator=";", **options)).frame["x"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("texts", "dtype"),
    [
        (["1", "2", "-3"], "int64"),
        (["1", "", "3"], "float64"),
        (["1", "2.5", "1e3"], "float64"),
        (["true", "False", "TRUE"], "bool"),
        (["true", "", "false"], "str"),
        (["yes", "no", "yes"], "str"),
        (["2024-01-31", "2023-12-01"], "datetime64[us]"),
        (["2024-01-31 10:30", "", "2024-02-01 23:59:59"], "datetime64[us]"),
        (["2024-02-30", "2023-12-01"], "str"),
        (["10:30", "11:45"], "timedelta64[us]"),
        (["vrai", "Faux", "vrai"], "bool"),
        (["vrai", "", "faux"], "str"),
        (["true", "faux"], "str"),
        (["2024-01-31", "0000-00-00", "2023-12-01"], "datetime64[us]"),
        (["12A", "13A"], "str"),
        (["1.2.3", "1.2.4"], "str"),
        (["01 23 45 67 89", "01 98 76 54 32"], "str"),
        (["75:30", "80:10"], "str"),
        (["12-34-56", "65-43-21"], "str"),
        (["May be", "June"], "str"),
        (["01234", "75001"], "str"),
        (["0x1F", "0x2A"], "str"),
        (["007.5", "1.5"], "float64"),
        (["0", "10", "0"], "int64"),
        (["12345678901234567890", "1"], "str"),
        (["9007199254740993", ""], "str"),
        (["", ""], "float64"),
        (["a", "1"], "str"),
    ],
)
def test_a_column_gets_the_type_that_fits_every_cell(texts: list[str], dtype: str) -> None:
    assert str(one(texts).dtype) == dtype


def test_one_code_far_down_keeps_the_column_text() -> None:
    column = one([str(n) for n in range(10_000, 60_000)] + ["01234"])
    assert column.iloc[-1] == "01234"
    assert column.iloc[0] == "10000"


def test_one_word_far_down_keeps_the_numbers_as_text() -> None:
    column = one([str(n) for n in range(50_000)] + ["many"])
    assert column.iloc[-1] == "many"


def test_floats_are_exact() -> None:
    values = np.random.default_rng(3).normal(size=5000) * 10.0 ** np.arange(-5, 5).repeat(500)
    assert one([repr(float(v)) for v in values]).tolist() == values.tolist()


@pytest.mark.parametrize("marker", ["NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", "#N/A"])
def test_unmistakable_markers_are_missing_in_numbers_and_words(marker: str) -> None:
    table = read_table(f"a,b\n1,x\n{marker},{marker}\n3,y\n".encode())
    assert table.frame.isna().sum().tolist() == [1, 1]
    assert table.report.missing == (marker,)
    assert table.kinds["a"] is Kind.INTEGER


@pytest.mark.parametrize("marker", ["None", "-", ".", "--"])
def test_doubtful_markers_are_missing_between_numbers_only(marker: str) -> None:
    table = read_table(f"a,b\n1.5,x\n{marker},{marker}\n3,y\n".encode())
    assert table.frame["a"].isna().tolist() == [False, True, False]
    assert table.frame["b"].tolist() == ["x", marker, "y"]


def test_unknown_is_a_value_until_a_person_says_otherwise() -> None:
    data = b"job,n\nunknown,1\nclerk,2\n"
    assert read_table(data).frame["job"].notna().all()
    table = read_table(data, ReadOptions(missing=("unknown",)))
    assert table.frame["job"].isna().tolist() == [True, False]
    assert table.report.missing == ("unknown",)


def test_chosen_markers_replace_the_usual_ones_in_numbers_too() -> None:
    frame = read_table(b"a,b\n-999,NA\n2,x\n", ReadOptions(missing=("-999",))).frame
    assert frame["a"].isna().tolist() == [True, False]
    assert frame["b"].tolist() == ["NA", "x"]


def test_day_first_dates_need_a_day_that_no_month_has() -> None:
    assert one(["03/02/2023", "25/12/2023"]).tolist() == [
        pd.Timestamp(2023, 2, 3),
        pd.Timestamp(2023, 12, 25),
    ]
    table = read_table(b"b\n03/02/2023\n04/05/2023\n")
    assert table.frame["b"].tolist() == ["03/02/2023", "04/05/2023"]
    assert "b" in str(table.report.notes[-1])


def test_dates_that_tell_nothing_are_read_as_the_other_columns_are() -> None:
    table = read_table(b"a,b\n03/02/2023,03/02/2023\n25/12/2023,04/05/2023\n")
    assert table.frame["b"].tolist() == [pd.Timestamp(2023, 2, 3), pd.Timestamp(2023, 5, 4)]
    table = read_table(b"a,b\n03/02/2023,03/02/2023\n12/25/2023,04/05/2023\n")
    assert table.frame["b"].tolist() == [pd.Timestamp(2023, 3, 2), pd.Timestamp(2023, 4, 5)]


def test_month_first_dates_are_told_by_a_day_over_twelve() -> None:
    assert one(["12/25/2023", "03/02/2023"]).tolist() == [
        pd.Timestamp(2023, 12, 25),
        pd.Timestamp(2023, 3, 2),
    ]


def test_infinite_values_are_kept_and_told() -> None:
    table = read_table(b"i,j\n1,inf\n2,-inf\n3,0.5\n")
    assert table.frame["j"].tolist() == [np.inf, -np.inf, 0.5]
    assert "j" in str(table.report.notes[0])


def test_times_with_a_zone_become_utc_and_it_is_told() -> None:
    table = read_table(b"t,n\n2024-01-01T10:00:00+02:00,1\n2024-01-01T12:00:00Z,2\n")
    assert table.frame["t"].tolist() == [pd.Timestamp(2024, 1, 1, 8), pd.Timestamp(2024, 1, 1, 12)]
    assert "UTC" in str(table.report.notes[0])


def test_every_frame_goes_into_arrow_and_back() -> None:
    table = read_table(b"a,b,c,d,e\n1,x,true,2024-01-01,\n2,,false,,\n")
    again = pa.Table.from_pandas(table.frame).to_pandas()
    pd.testing.assert_frame_equal(again, table.frame)
