"""Whole files: the real ones, irregular ones, hostile ones, and those that are no table."""

from __future__ import annotations

import contextlib
import csv
import io
import pickle
import random
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from traps import TITANIC_COLUMNS, raw_auto_mpg, raw_titanic

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, InvalidParameter, MLPError, NotATable, ReadError, TooLarge
from mlp_core.kinds import Kind
from mlp_core.read import WHITESPACE, ReadOptions, read_table


def check_auto_mpg(source: bytes | Path) -> None:
    table = read_table(source)
    frame, report = table.frame, table.report
    assert frame.shape == (398, 9)
    assert (report.separator, report.has_header, report.missing) == (WHITESPACE, False, ("?",))
    assert frame.isna().sum().tolist() == [0, 0, 0, 6, 0, 0, 0, 0, 0]
    assert frame.iloc[0].tolist() == [18.0, 8, 307.0, 130.0, 3504.0, 12.0, 70, 1, "chevrolet chevelle malibu"]
    assert table.kinds["column_9"] is Kind.TEXT


def check_titanic(source: bytes | Path) -> None:
    table = read_table(source)
    assert table.frame.shape == (1309, 14)
    assert table.frame["age"].isna().sum() == 263
    assert table.frame["cabin"].isna().sum() == 1014
    assert str(table.frame["survived"].dtype) == "int64"
    assert table.frame["name"].str.contains(", ").all()
    assert "1 blank row" in str(table.report.notes[0])


def test_auto_mpg_rebuilt() -> None:
    check_auto_mpg(raw_auto_mpg())


def test_auto_mpg(shared_data: Path) -> None:
    check_auto_mpg(shared_data / "auto-mpg.data")


def test_titanic_rebuilt() -> None:
    check_titanic(raw_titanic())
    assert tuple(read_table(raw_titanic()).frame.columns) == tuple(TITANIC_COLUMNS)


def test_titanic(shared_data: Path) -> None:
    check_titanic(shared_data / "titanic_seed_1309.csv")


def test_water_agrees_with_pandas(shared_data: Path) -> None:
    path = shared_data / "water_potability.csv"
    pd.testing.assert_frame_equal(read_table(path).frame, pd.read_csv(path))


def test_penguins(shared_data: Path) -> None:
    table = read_table(shared_data / "penguins_raw.csv")
    assert table.frame.shape == (344, 17)
    assert table.report.missing == ("NA",)
    assert table.kinds["Date Egg"] is Kind.DATETIME
    assert table.frame["Sex"].isna().sum() == 11


def test_bank(shared_data: Path) -> None:
    path = shared_data / "bank-full_semicolon.csv"
    table = read_table(path)
    assert table.report.separator == ";"
    assert not table.frame.isna().any().any()
    pd.testing.assert_frame_equal(table.frame, pd.read_csv(path, sep=";"))


def test_as_text_gives_every_cell_as_it_stood() -> None:
    cells = read_table(raw_titanic(), as_text=True).frame
    expected = list(csv.reader(io.StringIO(raw_titanic().decode())))
    assert cells.values.tolist() == expected[1:-1]
    assert list(cells.columns) == expected[0]


def test_as_text_has_the_shape_of_the_typed_table() -> None:
    data = b"a,b\nNA,01\n2,\n,\n"
    typed, cells = read_table(data), read_table(data, as_text=True)
    assert cells.frame.values.tolist() == [["NA", "01"], ["2", ""]]
    assert typed.frame.shape == cells.frame.shape


def test_long_and_short_rows_are_kept_and_told() -> None:
    table = read_table(b"a,b,c\n1,2\n4,5,6,7\n7,8,9\n1,2,3\n1,1,1\n")
    assert table.frame["a"].tolist() == [1, 4, 7, 1, 1]
    assert table.frame["c"].isna().tolist() == [True, False, False, False, False]
    notes = [str(note) for note in table.report.notes]
    assert "1 row has more cells than there are columns (first on line 3)" in notes[0]
    assert "1 row has fewer cells than there are columns (first on line 2)" in notes[1]


def test_a_separator_at_the_end_of_every_line_is_no_column() -> None:
    table = read_table(b"a,b\n1,2,\n4,5,\n")
    assert table.frame.to_dict("list") == {"a": [1, 4], "b": [2, 5]}
    assert table.report.notes == ()


def test_a_lone_quotation_mark_does_not_swallow_the_lines_after_it() -> None:
    for data in (b'a,b\n1,"open\n2,x\n3,y\n', b'a,b\n1,"open\n2,x\n3,"open\n4,z\n'):
        assert read_table(data).frame["a"].tolist() == list(range(1, data.count(b"\n")))


def test_quoted_cells_may_hold_lines_separators_and_quotation_marks() -> None:
    frame = read_table(b'a,b\n1,"two\nlines, and ""more"""\n2,x\n').frame
    assert frame["b"].tolist() == ['two\nlines, and "more"', "x"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending(ending: str) -> None:
    assert read_table(f"a,b{ending}1,2{ending}3,4{ending}".encode()).frame["b"].tolist() == [2, 4]


def test_a_header_alone_is_a_table_without_rows() -> None:
    table = read_table(b"only,names\n")
    assert table.frame.shape == (0, 2)


def database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("pragma user_version = 1")
    data = connection.serialize()
    connection.close()
    return data


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b" \n\n\t \n", "empty"),
        (b"\xff\xfe", "no values"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "picture"),
        (database(), "SQLite"),
        (pickle.dumps([{"a": 1}]), "pickle"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b'["', "JSON"),
        (random.Random(0).randbytes(5000), "binary"),
        (b";;;\n;;;\n", "no values"),
        (b"\x1f\r", "no values"),
        ("\u00a0\n\u2003\n".encode(), "no values"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_named(data: bytes, word: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_table(data)
    assert word in caught.value.render("en")
    assert caught.value.hint is not None
    assert caught.value.render("fr") != caught.value.render("en")


def test_limits_are_named_with_what_was_found() -> None:
    wide = ",".join(f"c{i}" for i in range(5000)) + "\n" + ",".join(["1"] * 5000) + "\n"
    with pytest.raises(TooLarge, match="5,000 columns; this server takes 2,000"):
        read_table(wide.encode())
    tall = b"a,b\n" + b"1,2\n" * 50
    with pytest.raises(TooLarge, match="50 rows; this server takes 20"):
        read_table(tall, settings=Settings(max_rows=20))
    with pytest.raises(TooLarge, match="100 cells; this server takes 99"):
        read_table(tall, settings=Settings(max_cells=99))
    with pytest.raises(TooLarge, match="MB"):
        read_table(tall, settings=Settings(max_upload_mb=0))


def test_limits_stop_a_file_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.csv

    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("the file was read")

    monkeypatch.setattr(pyarrow.csv, "read_csv", never)
    with pytest.raises(TooLarge):
        read_table(b"a,b\n" + b"1,2\n" * 50, settings=Settings(max_rows=20))
    with pytest.raises(TooLarge):
        read_table(b"," * 5000 + b"x\n" + b"1," * 5000 + b"1\n")


def test_the_name_of_a_table_is_that_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "my cars.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert read_table(path).name == "my cars"
    assert read_table(str(path), name="cars").name == "cars"


@pytest.mark.parametrize("name", ["absent.csv", ".", "nul\0byte"])
def test_a_file_that_cannot_be_opened_gets_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReadError):
        read_table(str(tmp_path) + "/" + name)


PIECES = [b'"', b"\n", b"\r", b",", b";", b"\t", b" ", b"\0", b"NA", b"\xff", b"\xe9", b"1e999", b"9" * 40]
PIECES += [
    b"2020-02-30",
    b"99/99/9999",
    b"0x",
    b"true",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\x1f",
    "😀".encode(),
]


def test_hostile_bytes_give_a_table_or_a_sentence() -> None:
    dice = random.Random(20)
    seeds = [raw_auto_mpg()[:2000], raw_titanic()[:2000], "a\tb\n1\t2\n".encode("utf-16"), b"x\n1\n\n3\n"]
    for _ in range(400):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.choice((1, 2, 5, 20))):
            place = dice.randrange(len(data) + 1)
            if dice.random() < 0.6:
                data[place:place] = dice.choice(PIECES)
            else:
                del data[place : place + dice.randrange(1, 60)]
        separator = dice.choice((None, None, ",", WHITESPACE, "x"))
        try:
            table = read_table(bytes(data), ReadOptions(separator=separator))
            cells = read_table(bytes(data), ReadOptions(separator=separator), as_text=True)
        except MLPError:
            continue
        assert table.frame.shape == cells.frame.shape
        assert table.frame.columns.is_unique


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 1_000_000,
        b"1," * 500_000,
        b'"' * 99_999,
        b"a,b\n" + b'"x,' * 200_000,
        b"a,b\n1," + b"y" * 200_000,
    ],
)
def test_endless_lines_end(data: bytes) -> None:
    with contextlib.suppress(NotATable, TooLarge, DamagedFile):
        read_table(data)


def test_a_small_file_needs_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from mlp_core.read import read_table, sample; sample('iris');"
        "read_table(b'a;b\\n1;2\\n'); print('charset_normalizer' in sys.modules, 'sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("given", [{"missing": "NA"}, {"missing": (None,)}, {"names": "abc"}, {"names": 3}])
def test_what_is_no_list_of_texts_is_refused_by_its_name(given) -> None:
    with pytest.raises(InvalidParameter, match="list"):
        ReadOptions(**given)
    assert ReadOptions(names=["a", "b"]) == ReadOptions(names=("a", "b"))
