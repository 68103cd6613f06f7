"""Every format, written by a library of its own and read back equal."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import io
import json
import lzma
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, InvalidParameter
from mlp_core.read import FORMATS, ReadOptions, read_table
from mlp_core.registry import help_of
from mlp_core.table import Table

FRAME = pd.DataFrame(
    {
        "whole": [1, 2, 3],
        "part": [1.5, np.nan, -2.25],
        "word": ["Lyon", "Nîmes, Gard", None],
        "yes": [True, False, True],
        "day": pd.to_datetime(["2024-01-01", "2024-02-29", "2024-12-31"]),
    }
)


def written(write: Callable[[io.BytesIO], object]) -> bytes:
    target = io.BytesIO()
    write(target)
    return target.getvalue()


def stream(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame)
    with io.BytesIO() as target:
        with pa.ipc.new_stream(target, table.schema) as writer:
            writer.write_table(table)
        return target.getvalue()


def database(folder: Path) -> bytes:
    path = folder / "base.sqlite"
    connection = sqlite3.connect(path)
    FRAME.to_sql("people", connection, index=False)
    connection.execute("create table notes (n integer, text text)")
    connection.execute("insert into notes values (1, 'a')")
    connection.execute("create view first as select whole from people limit 1")
    connection.commit()
    connection.close()
    return path.read_bytes()


def ducks(folder: Path, *statements: str) -> bytes:
    import duckdb

    path = folder / "base.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("frame", FRAME)
        for statement in ("create table people as select * from frame", *statements):
            connection.execute(statement)
    return path.read_bytes()


WRITERS: dict[str, Callable[[Path], bytes]] = {
    "parquet": lambda _: written(FRAME.to_parquet),
    "arrow": lambda _: written(FRAME.to_feather),
    "arrow stream": lambda _: stream(FRAME),
    "orc": lambda _: written(FRAME.to_orc),
    "workbook": lambda _: written(lambda target: FRAME.to_excel(target, index=False)),
    "duckdb": ducks,
    "json records": lambda _: FRAME.to_json(orient="records", date_format="iso").encode(),
    "json lines": lambda _: FRAME.to_json(orient="records", lines=True, date_format="iso").encode("utf-16"),
    "json columns": lambda _: FRAME.to_json(date_format="iso").encode("utf-8-sig"),
    "json split": lambda _: FRAME.to_json(orient="split", date_format="iso").encode(),
    "json table": lambda _: FRAME.to_json(orient="table", index=False, date_format="iso").encode(),
    "xml": lambda _: FRAME.to_xml(index=False).encode("utf-8"),
    "html": lambda _: (
        f"<html><body><p>Page</p>{FRAME.to_html(index=False, na_rep='')}</body></html>".encode()
    ),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_what_a_library_wrote_is_read_back_equal(kind: str, tmp_path: Path) -> None:
    table = read_table(WRITERS[kind](tmp_path))

    assert table.report.format == kind.split()[0]
    expected = FRAME.assign(day=FRAME["day"].astype("datetime64[us]"))
    pd.testing.assert_frame_equal(table.frame, expected)


def test_every_format_speaks_french() -> None:
    for known in FORMATS:
        assert help_of(known).render("fr") != help_of(known).render("en")


@pytest.mark.parametrize("kind", ["sav", "zsav", "por", "xpt", "dta"])
def test_statistics_programs(kind: str, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "A": [1.0, np.nan, 3.5],
            "D": pd.to_datetime(["2020-01-01 00:00:00", "2021-02-03 04:05:06", None]),
            "W": ["x", "y", ""],
        }
    )
    path = tmp_path / "file"
    write = {
        "sav": pyreadstat.write_sav,
        "zsav": lambda frame, path: pyreadstat.write_sav(frame, path, compress=True),
        "por": pyreadstat.write_por,
        "xpt": pyreadstat.write_xport,
        "dta": pyreadstat.write_dta,
    }[kind]
    # Portable files refuse an empty text that the others write as a missing one.
    frame = frame.drop(columns="W") if kind == "por" else frame
    write(frame, str(path))
    found = read_table(path).frame

    assert found["A"].tolist()[::2] == [1.0, 3.5]
    assert found["A"].isna().tolist() == [False, True, False]
    assert found["D"].tolist()[:2] == frame["D"].tolist()[:2]
    if "W" in frame:
        assert found["W"].tolist()[:2] == ["x", "y"]
        assert found["W"].isna().tolist() == [False, False, True]


def test_codes_become_their_labels_where_each_has_one(tmp_path: Path) -> None:
    frame = pd.DataFrame({"level": [1.0, 2.0, 1.0], "town": [1.0, 2.0, 3.0]})
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "file"),
        variable_value_labels={"level": {1: "low", 2: "high"}, "town": {1: "Lyon"}},
        variable_measure={"level": "ordinal"},
    )
    table = read_table(tmp_path / "file")

    assert table.frame["level"].tolist() == ["low", "high", "low"]
    assert table.frame["level"].cat.ordered
    assert table.frame["town"].tolist() == [1.0, 2.0, 3.0]
    assert "town" in str(table.report.notes[0])


def test_a_category_of_stata_keeps_its_labels() -> None:
    frame = pd.DataFrame({"g": pd.Categorical(["x", "y", "x"]), "n": [1, 2, 3]})
    found = read_table(written(lambda target: frame.to_stata(target, write_index=False))).frame

    assert found["g"].tolist() == ["x", "y", "x"]
    assert found["n"].tolist() == [1, 2, 3]


def test_a_table_of_a_database_is_chosen(tmp_path: Path) -> None:
    data = database(tmp_path)
    table = read_table(data)

    assert table.report.part == "people"
    assert set(table.report.parts) == {"people", "notes", "first"}
    assert table.frame["word"].tolist()[:2] == ["Lyon", "Nîmes, Gard"]
    assert [one.value for one in table.report.decisions if one.what == "part"] == ["people"]
    chosen = read_table(data, ReadOptions(part="first"))
    assert chosen.frame.to_dict("list") == {"whole": [1]}
    with pytest.raises(InvalidParameter, match="no part named absent"):
        read_table(data, ReadOptions(part="absent"))


def test_a_view_of_a_database_cannot_leave_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    data = ducks(tmp_path, f"create view spy as select * from read_csv('{tmp_path / 'secret.csv'}')")

    assert len(read_table(data).frame) == 3
    with pytest.raises(Exception, match="reads other files"):
        read_table(data, ReadOptions(part="spy"))


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    return written(book.save)


def test_the_first_sheet_with_a_table_is_read_and_another_can_be_chosen() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.title = "Cover"
        book.active["A1"] = "A report"
        data = book.create_sheet("Data")
        data.append(["a", "b"])
        for number in range(30):
            data.append([number, number / 2])
        book.create_sheet("Empty")
        other = book.create_sheet("Other")
        for row in (["c", "d"], [1, "x"], [2, "y"]):
            other.append(row)

    table = read_table(workbook(fill))
    assert (table.report.part, table.frame.shape) == ("Data", (30, 2))
    assert table.report.parts == ("Cover", "Data", "Empty", "Other")
    assert read_table(workbook(fill), ReadOptions(part="Other")).frame["d"].tolist() == ["x", "y"]


def test_the_cells_of_a_workbook_are_what_they_show() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.append(["number", "mixed", "moment", "error", "code", "span"])
        moments = (dt.date(2024, 1, 2), dt.datetime(2024, 1, 3, 4, 5, 6), dt.date(2024, 1, 4))
        rows = zip((1, 2.5, 1e20), (1, "two", 3.5), moments, (1, 2, 3), ("007", "008", "010"), strict=True)
        for row in rows:
            sheet.append([*row, dt.timedelta(hours=30)])
        sheet["D3"] = "#DIV/0!"

    frame = read_table(workbook(fill)).frame
    assert frame["number"].tolist() == [1, 2.5, 1e20]
    assert frame["mixed"].tolist() == ["1", "two", "3.5"]
    assert frame["moment"].tolist()[1] == pd.Timestamp("2024-01-03 04:05:06")
    assert frame["error"].isna().tolist() == [False, True, False]
    assert frame["code"].tolist() == ["007", "008", "010"]


def test_merged_cells_name_every_column_below_and_group_every_row_beside() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.append(["A report"])
        for row in (["town", "Q1", None, "Q2", None], [None, "in", "out", "in", "out"]):
            sheet.append(row)
        for number in range(6):
            sheet.append(["Lyon" if number == 0 else None, number, 2, 3, 4.5])
        for area in ("A1:E1", "B2:C2", "D2:E2", "A2:A3", "A4:A9"):
            sheet.merge_cells(area)

    frame = read_table(workbook(fill)).frame
    assert list(frame.columns) == ["town", "Q1 in", "Q1 out", "Q2 in", "Q2 out"]
    assert frame["town"].tolist() == ["Lyon"] * 6


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip in pieces": lambda data: gzip.compress(data[:7]) + gzip.compress(data[7:]),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: pa.compress(data, codec="zstd", asbytes=True),
    "zip": lambda data: zipped({"a.csv": data}),
    "stored zip": lambda data: zipped({"folder/a.csv": data}, zipfile.ZIP_STORED),
    "tar.gz": lambda data: gzip.compress(tarred({"a.csv": data})),
    "gz in zip": lambda data: zipped({"a.csv.gz": gzip.compress(data), "__MACOSX/._a": b"junk"}),
}


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    def fill(target: io.BytesIO) -> None:
        with zipfile.ZipFile(target, "w", method) as archive:
            for name, data in members.items():
                archive.writestr(name, data)

    return written(fill)


def tarred(members: dict[str, bytes]) -> bytes:
    def fill(target: io.BytesIO) -> None:
        with tarfile.open(fileobj=target, mode="w") as archive:
            for name, data in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))

    return written(fill)


@pytest.mark.parametrize("packer", PACKERS)
def test_what_is_packed_is_unpacked(packer: str) -> None:
    data = FRAME.to_csv(index=False).encode()

    pd.testing.assert_frame_equal(read_table(PACKERS[packer](data)).frame, read_table(data).frame)


def test_a_member_of_an_archive_is_chosen_and_so_is_a_part_inside_it(tmp_path: Path) -> None:
    readme = b"See the other files. " * 500
    archive = zipped({"README.txt": readme, "a.csv": b"a,b\n1,2\n", "base.sqlite": database(tmp_path)})
    table = read_table(archive)

    assert table.report.part == "base.sqlite/people"
    assert "a.csv" in table.report.parts
    assert "base.sqlite/notes" in table.report.parts
    assert read_table(archive, ReadOptions(part="a.csv")).frame.to_dict("list") == {"a": [1], "b": [2]}
    assert read_table(archive, ReadOptions(part="base.sqlite/notes")).frame["n"].tolist() == [1]
    with pytest.raises(InvalidParameter):
        read_table(archive, ReadOptions(part="absent"))


def read_json(value: object) -> Table:
    return read_table(json.dumps(value).encode())


def test_records_may_be_wrapped_nested_and_uneven() -> None:
    table = read_json(
        {"meta": {"n": 2}, "data": [{"a": 1, "b": {"c": 2, "d": {"e": [3]}}}, {"a": 4, "f": "x"}]}
    )

    assert table.report.part == "data"
    assert table.frame["a"].tolist() == [1, 4]
    assert list(table.frame) == ["a", "b.c", "b.d", "f"]
    assert table.frame["b.d"].tolist()[0] == '{"e": [3]}'
    assert table.frame["f"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, 2], "b": ["x", "y"]}, {"a": [1, 2], "b": ["x", "y"]}),
        ([["a", "b"], [1, "x"], [2, "y"]], {"a": [1, 2], "b": ["x", "y"]}),
        (
            {"k1": {"n": 1, "w": "x"}, "k2": {"n": 2, "w": "y"}},
            {"key": ["k1", "k2"], "n": [1, 2], "w": ["x", "y"]},
        ),
        ([1, 2], {"value": [1, 2]}),
        ({"a": 1, "b": "x"}, {"a": [1], "b": ["x"]}),
        ([{"a": 1}, {"a": "x"}], {"a": ["1", "x"]}),
    ],
)
def test_every_shape_of_json(value: object, expected: dict[str, list[object]]) -> None:
    assert read_json(value).frame.to_dict("list") == expected


def test_the_element_that_repeats_gives_the_rows_of_an_xml_document() -> None:
    data = b"""<?xml version="1.0" encoding="iso-8859-1"?>
    <shop xmlns="urn:x"><name>A</name>
      <order id="1"><who><first>Zo\xeb</first></who><total>3.5</total></order>
      <order id="2"><who><first>Max</first></who><total>4</total><tag>a</tag><tag>b</tag></order>
    </shop>"""
    frame = read_table(data).frame

    assert frame["id"].tolist() == [1, 2]
    assert frame["who.first"].tolist() == ["Zoë", "Max"]
    assert frame["total"].tolist() == [3.5, 4.0]
    assert frame["tag"].tolist()[1] == "a; b"


def test_a_workbook_of_2003_in_xml() -> None:
    data = b"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
              xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
    <Worksheet ss:Name="S"><Table>
    <Row><Cell><Data ss:Type="String">a</Data></Cell><Cell><Data ss:Type="String">b</Data></Cell></Row>
    <Row><Cell><Data ss:Type="Number">1</Data></Cell><Cell><Data ss:Type="String">x</Data></Cell></Row>
    <Row><Cell ss:Index="2"><Data ss:Type="String">y</Data></Cell></Row>
    </Table></Worksheet></Workbook>"""
    table = read_table(data)

    assert (table.report.format, table.report.part) == ("xml", "S")
    assert table.frame["b"].tolist() == ["x", "y"]
    assert table.frame["a"].isna().tolist() == [False, True]


def test_a_table_of_a_page_is_chosen_and_its_spans_are_filled() -> None:
    page = b"""<!doctype html><html><head><meta charset="windows-1252"></head><body>
    <table id="small"><tr><td>1</td></tr></table>
    <table><caption>Caf\xe9s</caption><thead><tr><th>town<th>n</thead>
    <tr><td rowspan=2>Lyon<td>1<tr><td>2<tr><td>N\xeemes<td>3<script>x</script></table></body></html>"""
    table = read_table(page)

    assert table.report.part == "Cafés"
    assert table.report.parts == ("small", "Cafés")
    assert table.frame.to_dict("list") == {"town": ["Lyon", "Lyon", "Nîmes"], "n": [1, 2, 3]}


def test_types_that_a_table_does_not_hold_are_brought_to_those_it_does() -> None:
    from decimal import Decimal

    columns = {
        "decimal": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
        "long": pa.array([Decimal("12345678901234567890.123"), None], pa.decimal128(30, 3)),
        "list": pa.array([[1, 2], None]),
        "struct": pa.array([{"a": 1, "b": None}, None]),
        "bytes": pa.array([b"\xff\x00", b"a"], pa.binary()),
        "text": pa.array([b"a", b"b"], pa.binary()),
        "zoned": pa.array([0, None], pa.timestamp("ms", "Europe/Paris")),
        "time": pa.array([dt.time(1, 2), None], pa.time64("us")),
        "day": pa.array([dt.date(2024, 1, 2), None], pa.date32()),
        "span": pa.array([dt.timedelta(hours=1), None]),
        "category": pa.array(["x", "y"]).dictionary_encode(),
        "none": pa.nulls(2),
        "fine": pa.array([1, None], pa.timestamp("ns")),
        "fine list": pa.array([[1], None], pa.list_(pa.timestamp("ns"))),
        "far": pa.array([10**17, None], pa.timestamp("ms")),
        "twice": pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["a", "a"])),
        "big": pa.array([2**63, 1], pa.uint64()),
    }
    frame = read_table(written(lambda target: pq.write_table(pa.table(columns), target))).frame

    assert frame["decimal"].tolist()[0] == 1.5
    assert frame["long"].tolist()[0] == "12345678901234567890.123"
    assert frame["list"].tolist()[0] == "[1, 2]"
    assert frame["struct"].tolist()[0] == '{"a": 1, "b": null}'
    assert frame["bytes"].tolist() == ["ff00", "61"]
    assert frame["text"].tolist() == ["a", "b"]
    assert frame["zoned"].tolist()[0] == pd.Timestamp("1970-01-01")
    assert frame["time"].tolist()[0] == pd.Timedelta(hours=1, minutes=2)
    assert frame["day"].tolist()[0] == pd.Timestamp("2024-01-02")
    assert frame["span"].tolist()[0] == pd.Timedelta(hours=1)
    assert frame["category"].tolist() == ["x", "y"]
    assert frame["none"].isna().all()
    assert frame["fine"].tolist()[0] == pd.Timestamp(1, unit="ns")
    assert frame["fine list"].tolist()[0] == '["1970-01-01 00:00:00"]'
    assert frame["far"].tolist()[0].startswith("3170843-11-07")
    assert frame["twice"].tolist() == ["a", "a"]
    assert frame["big"].tolist() == [2**63, 1]
    pa.Table.from_pandas(frame)


def test_columns_without_a_name_or_with_that_of_another_get_one() -> None:
    table = pa.table([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "a", ""])

    assert list(read_table(written(lambda target: pq.write_table(table, target))).frame) == [
        "a",
        "a (2)",
        "column_3",
    ]


def test_row_numbers_that_pandas_kept_are_no_column_and_row_names_are() -> None:
    numbered = pd.DataFrame({"a": [1, 2, 3]})[::2]
    named = pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="who"))

    assert list(read_table(written(numbered.to_parquet)).frame) == ["a"]
    assert set(read_table(written(named.to_parquet)).frame) == {"a", "who"}


def test_as_text_gives_the_same_rows_and_columns() -> None:
    for data in (written(FRAME.to_parquet), FRAME.to_json(orient="records", date_format="iso").encode()):
        cells = read_table(data, as_text=True).frame
        assert cells.shape == FRAME.shape
        assert cells["part"].tolist() == ["1.5", "", "-2.25"]
        assert cells["word"].tolist() == ["Lyon", "Nîmes, Gard", ""]


def test_limits_hold_for_every_format() -> None:
    from mlp_core.errors import TooLarge

    for data in (written(FRAME.to_parquet), FRAME.to_json(orient="records", date_format="iso").encode()):
        with pytest.raises(TooLarge, match="3 rows; this server takes 2"):
            read_table(data, settings=Settings(max_rows=2))
        with pytest.raises(TooLarge, match="5 columns; this server takes 4"):
            read_table(data, settings=Settings(max_columns=4))


def test_a_broken_line_among_json_lines_is_told_and_a_broken_document_refused() -> None:
    lines = [json.dumps({"n": n, "name": f"no {n}"}) for n in range(30)]
    lines[20] = '{"n": 20, "name": '
    table = read_table("\n".join(lines).encode())

    assert table.frame["n"].tolist() == [n for n in range(30) if n != 20]
    assert table.report.misfit_count == 1
    assert (table.report.misfits[0].line, table.report.misfits[0].content) == (21, lines[20].rstrip())
    assert any("line 21" in str(note) for note in table.report.notes)
    for broken in (b'[{"a": 1}, {"a": 2}', b'{"a": 1}\n{"a": \n{"a":', b"[1, 2] and more"):
        with pytest.raises(DamagedFile):
            read_table(broken)
