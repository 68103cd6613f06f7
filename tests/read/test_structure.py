"""What stands around a table, and what a person may decide about it."""

from __future__ import annotations

import contextlib
import time

import pytest

from mlp_core.errors import MLPError
from mlp_core.read import ReadOptions, read_table

TWO = b"Report 2020\n\nid,name\n1,Ann\n2,Bob\n3,Cy\n\npart,cost,due\nx,5,1\ny,6,2\n\nSource: the office\n"


def cells(data: bytes, **options: object) -> list[list[str]]:
    table = read_table(data, ReadOptions(**options), as_text=True)  # type: ignore[arg-type]
    return [list(table.frame.columns), *table.frame.to_numpy().tolist()]


def test_titles_notes_and_tables_are_counted() -> None:
    report = read_table(b"Report\n\nid,v,w\n1,2,3\n4,5,6\n\nSource: an office, in Paris\n").report
    assert (report.skipped, report.footer, report.blocks) == (2, 1, 1)
    assert [one.what for one in report.decisions[:5]] == [
        "encoding",
        "separator",
        "quote",
        "escape",
        "comment",
    ]
    assert all(0 <= one.sure <= 1 for one in report.decisions)


def test_another_table_can_be_chosen() -> None:
    assert read_table(TWO).report.blocks == 2
    assert cells(TWO, block=1) == [["id", "name"], ["1", "Ann"], ["2", "Bob"], ["3", "Cy"]]
    assert cells(TWO, block=2) == [["part", "cost", "due"], ["x", "5", "1"], ["y", "6", "2"]]


@pytest.mark.parametrize(
    ("data", "options", "expected"),
    [
        (
            b"a,b\n1,2\n3,4\n",
            {"skipped": 1, "header": False},
            [["column_1", "column_2"], ["1", "2"], ["3", "4"]],
        ),
        (b"a,b\n1,2\n3,4\n", {"footer": 1}, [["a", "b"], ["1", "2"]]),
        (b"a,b\n;x\n1,2\n", {"comment": ";"}, [["a", "b"], ["1", "2"]]),
        (b"a,b\n1,`x`\n2,y\n", {"quote": "`"}, [["a", "b"], ["1", "x"], ["2", "y"]]),
        (b"a,b\n'1,2'\n", {"quote": "", "header": True}, [["a", "b"], ["'1", "2'"]]),
        (b"a,b\n1\\,5,2\n", {"escape": "\\"}, [["a", "b"], ["1,5", "2"]]),
        (b"a,b\nc,d\n1,2\n", {"header_rows": 2}, [["a c", "b d"], ["1", "2"]]),
        (b"a<>b\n1<>2\n", {"separator": "<>"}, [["a", "b"], ["1", "2"]]),
    ],
)
def test_what_a_person_decides_counts(
    data: bytes, options: dict[str, object], expected: list[list[str]]
) -> None:
    assert cells(data, **options) == expected


def test_rows_that_do_not_fit_are_shown_with_their_lines() -> None:
    body = b"".join(b"%d,word,%d.5\n" % (number, number) for number in range(20))
    report = read_table(b"id,text,size\n" + body + b"20,two, words,7.5\n21;word;8.5\n22,word\n").report
    assert report.misfit_count == 3
    assert [(one.line, one.content) for one in report.misfits] == [
        (22, "20,two, words,7.5"),
        (23, "21;word;8.5"),
        (24, "22,word"),
    ]
    assert all(one.done.render("fr") != one.done.render("en") for one in report.misfits)


def test_rows_that_do_not_fit_are_mended_where_the_columns_tell_how() -> None:
    body = b"".join(b"%d,word,%d.5\n" % (number, number) for number in range(20))
    found = cells(b"id,text,size\n" + body + b"20,two, words,7.5\n21;word;8.5\n,22,word,9.5\n")
    assert found[-3:] == [["20", "two, words", "7.5"], ["21", "word", "8.5"], ["22", "word", "9.5"]]


def test_few_irregular_lines_of_a_long_text_are_mended_alone() -> None:
    line = b'1,"a, ""b""",2.5,x\n'
    data = b"n,text,v,w\n" + line * 40_000 + b'2,"two\nlines",3.5\n' + line * 40_000 + b"3;c;4.5;y\n"
    table = read_table(data, as_text=True)
    assert len(table.frame) == 80_002
    assert table.frame.iloc[40_000].tolist() == ["2", "two\nlines", "3.5", ""]
    assert table.frame.iloc[-1].tolist() == ["3", "c", "4.5", "y"]
    assert [one.line for one in table.report.misfits] == [40_002, 80_004]


def test_a_row_that_repeats_is_no_new_table() -> None:
    rows = b"NA,x\nred,blue\n" * 6
    table = read_table(b"a,b\n" + rows)
    assert (len(table.frame), table.report.blocks) == (12, 1)


@pytest.mark.parametrize(
    "data",
    [
        b'\\",' * 100_000,
        b'"""x,' * 60_000,
        b"id,v\n" + b'1,"open\n' * 30_000,
        b"~|^:#&*/!@%$=+" * 20_000,
        b" \n" * 100_000 + b"a,b\n1,2\n",
        b",".join(b"c%d" % n for n in range(60_000)) + b"\n",
    ],
    ids=["escapes", "quotes", "open", "marks", "blank", "columns"],
)
def test_hostile_texts_take_no_time(data: bytes) -> None:
    before = time.process_time()
    with contextlib.suppress(MLPError):
        read_table(data)
    assert time.process_time() - before < 5


def test_a_title_whose_row_has_empty_cells_is_no_table() -> None:
    rows = b"".join(b"North;2024-%02d;%d\n" % (number % 12 + 1, number) for number in range(30))
    report = read_table(b"Sales of 2024;;\n\nregion;month;amount\n" + rows).report

    assert (report.skipped, report.blocks, report.notes) == (2, 1, ())


@pytest.mark.parametrize("between", [b"", b"\n"], ids=["at once", "after a blank line"])
def test_pages_under_the_same_names_are_one_table_and_two_tables_stay_two(between: bytes) -> None:
    pages = [
        b"name,size\n" + b"".join(b"n%d,%d\n" % (row, page * 10 + row) for row in range(5))
        for page in range(20)
    ]
    table = read_table(between.join(pages))

    assert table.frame["size"].tolist() == [page * 10 + row for page in range(20) for row in range(5)]
    assert (table.report.blocks, table.report.misfit_count) == (1, 0)
    assert any("19" in str(note) for note in table.report.notes)
    assert len(read_table(between.join(pages[:2])).frame) == 5


def test_names_in_the_comment_above_the_rows_are_names_and_prose_is_not() -> None:
    rows = "".join(f"{row} {row / 2} {50 + row}\n" for row in range(20)).encode()
    named, prose = (
        read_table(b"# by hand\n# time temp hum\n" + rows),
        read_table(b"# made by hand today\n" + rows),
    )

    assert list(named.frame.columns) == ["time", "temp", "hum"]
    assert named.report.has_header
    assert len(named.frame) == 20
    assert not prose.report.has_header
