"""Separator, decimal mark and header are found; each can be decided instead."""

from __future__ import annotations

from typing import Any

import pytest

from mlp_core.errors import InvalidParameter
from mlp_core.read import WHITESPACE, ReadOptions, read_table


@pytest.mark.parametrize(
    ("data", "separator"),
    [
        (b"a,b,c\n1,2,3\n4,5,6\n", ","),
        (b"a;b;c\n1;2;3\n4;5;6\n", ";"),
        (b"a\tb\n1\t\n\t2\n3\t4\n", "\t"),
        (b"a|b|c\n1|x, y|3\n4|z|6\n", "|"),
        (b"a b c\n1 2 3\n4 5 6\n", WHITESPACE),
        (b"1.0   2\t3\n4.5   5\t6\n", WHITESPACE),
        (b"1,5;2,5;3\n2,5;3,5;4\n", ";"),
        (b"name\ttext\nx\tone, two\ny\tthree, four\n", "\t"),
        (b"a~b~c\n1~2~3\n4~5~6\n", "~"),
        (b"name\nJohn Smith\nJane Doe\nBob Martin\n", ""),
        (b"text\nHello, world\nno comma here\na, b, c\nwell\n", ""),
        (b"when\n2024-01-01 10:00:00\n2024-01-02 11:00:00\n", ""),
        (b"valeur\n1,5\n2,5\n", ""),
    ],
)
def test_the_separator_is_found(data: bytes, separator: str) -> None:
    assert read_table(data).report.separator == separator


def test_a_file_of_one_column_is_a_table_and_says_so() -> None:
    table = read_table(b"x\n1\n\n3\n")
    assert table.frame["x"].isna().tolist() == [False, True, False]
    assert "one column" in str(table.report.notes[0])


def test_decisions_win_over_what_is_found() -> None:
    table = read_table(b"k;v\n1;2,5\n2;3,5\n", ReadOptions(separator=",", header=False))
    assert table.frame.shape == (3, 2)
    assert not table.report.has_header
    assert table.report.separator == ","


@pytest.mark.parametrize("decimal", [".", ","])
def test_the_decimal_mark_is_found(decimal: str) -> None:
    table = read_table(f"a;b\n1{decimal}5;x\n2{decimal}25;y\n".encode())
    assert table.report.decimal == decimal
    assert table.frame["a"].tolist() == [1.5, 2.25]


def test_each_column_may_have_its_own_decimal_mark() -> None:
    frame = read_table(b"a;b\n1,5;1.5\n2,25;2.25\n").frame
    assert frame["a"].tolist() == frame["b"].tolist() == [1.5, 2.25]


def test_thousands_are_not_taken_for_decimals() -> None:
    frame = read_table(b'amount,k\n"1,234",1\n"12,345",2\n').frame
    assert frame["amount"].tolist() == [1234, 12345]


@pytest.mark.parametrize(
    ("data", "header"),
    [
        (b"age,city\n31,Lyon\n44,Nice\n", True),
        (b"31,Lyon\n44,Nice\n", False),
        (b"first,last\nAda,Byron\nAlan,Turing\n", True),
        (b"country,2019,2020,2021\nFR,1.5,2,3\nDE,4,5.5,6\n", True),
        (b"?,Lyon\n44,Nice\n31,Paris\n", False),
        (b"only,names\n", True),
        (b"5\n6\n7\n", False),
        (b"2024-01-01,a\n2024-01-02,b\n", False),
    ],
)
def test_the_header_is_told_from_the_rows(data: bytes, header: bool) -> None:
    assert read_table(data).report.has_header is header


def test_names_are_unique_stripped_and_never_empty() -> None:
    table = read_table(b"a, a ,,a (2)\n1,2,3,4\n5,6,7,8\n")
    assert list(table.frame.columns) == ["a", "a (3)", "column_3", "a (2)"]
    assert len(table.report.notes) == 2


def test_columns_without_a_header_are_numbered() -> None:
    assert list(read_table(b"31,Lyon\n44,Nice\n").frame.columns) == ["column_1", "column_2"]


def test_row_names_of_r_get_a_column() -> None:
    frame = read_table(b"mpg,cyl\nMazda,21,6\nDatsun,22.8,4\n").frame
    assert list(frame.columns) == ["column_1", "mpg", "cyl"]
    assert frame["mpg"].tolist() == [21.0, 22.8]


def test_a_blank_after_the_separator_belongs_to_it() -> None:
    frame = read_table(b'age, job, pay\n39, State-gov, "a, b"\n50, ?, >50K\n').frame
    assert frame["job"].tolist()[0] == "State-gov"
    assert frame["job"].isna().tolist() == [False, True]
    assert frame["pay"].tolist() == ["a, b", ">50K"]


def test_options_survive_json() -> None:
    options = ReadOptions(encoding="cp1252", separator="\t", decimal=",", header=False, missing=("?", "-"))
    assert ReadOptions.from_json(options.to_json()) == options
    assert ReadOptions.from_json(ReadOptions().to_json()) == ReadOptions()


@pytest.mark.parametrize(
    "wrong",
    [
        {"header": "maybe"},
        {"header": 1},
        {"missing": 5},
        {"missing": "NA"},
        {"missing": [1]},
        {"names": {"a": 1}},
        {"separator": 3},
        {"separator": []},
        {"decimal": {}},
        {"encoding": []},
        ["utf-8"],
    ],
)
def test_options_of_another_make_are_a_sentence(wrong: Any) -> None:
    with pytest.raises(InvalidParameter) as told:
        ReadOptions.from_json(wrong)
    assert told.value.render("fr") != told.value.render("en")


QUOTED = '"day","note","url","comment"\n' + "".join(
    f'"{n}/01/2024","a, b","http://x/{n}",""\n' for n in range(1, 30)
)


def test_an_empty_cell_in_quotes_at_the_end_of_every_line_is_a_column() -> None:
    _, body = QUOTED.split("\n", 1)

    assert read_table(body.encode(), as_text=True).frame.shape == (29, 4)
    assert read_table(body.replace(',""', ",").encode(), as_text=True).frame.shape == (29, 3)


def test_a_row_set_apart_by_blanks_between_quotes_is_cut_there() -> None:
    odd = QUOTED.replace('"29/01/2024","a, b","http://x/29",""', '"29/01/2024" "a, b" "http://x/29" ""')
    table = read_table(odd.encode(), as_text=True)

    assert table.frame.iloc[-1].tolist() == ["29/01/2024", "a, b", "http://x/29", ""]
    assert table.report.misfit_count == 1


def test_a_stray_quote_stays_in_the_text_and_does_not_keep_a_number_from_being_one() -> None:
    text = "a,b\n" + "".join(f'"{n}","w{n}"\n' for n in range(40)) + '""41","x"\n'

    assert read_table(text.encode(), as_text=True).frame["a"].iloc[-1] == '"41'
    assert read_table(text.encode()).frame["a"].iloc[-1] == 41


@pytest.mark.parametrize("value", ["−{n}", "${n}.50", "€{n}", "#{n}", "~{n}"])
def test_what_a_value_begins_with_is_no_part_of_the_separator(value: str) -> None:
    text = "k;v\n" + "".join(f"r{n};{value.format(n=n)}\n" for n in range(1, 31))
    table = read_table(text.encode(), as_text=True)

    assert table.report.separator == ";"
    assert table.frame["v"].tolist() == [value.format(n=n) for n in range(1, 31)]


@pytest.mark.parametrize("value", ["{n}%", "{n}€"])
def test_what_a_value_ends_with_is_no_part_of_the_separator(value: str) -> None:
    rows = "".join(f"{value.format(n=n)};r{n}\n" for n in range(1, 31))

    for text in (rows, "v;k\n" + rows):
        table = read_table(text.encode(), as_text=True)
        assert table.report.separator == ";"
        assert table.frame.iloc[0, 0] == value.format(n=1)


@pytest.mark.parametrize("options", [None, ReadOptions(decimal=",")])
def test_a_decimal_comma_is_told_for_every_column_that_has_it(options: ReadOptions | None) -> None:
    text = "a;b;c\n" + "".join(f"{n};{n},5;{n},1234\n" for n in range(20))
    told = [one for one in read_table(text.encode(), options).report.decisions if one.what == "decimal"]

    assert sorted(name for one in told for name in one.columns) == ["b", "c"]
    assert all(one.sure == 1.0 for one in told if options is not None or one.columns == ("c",))


def test_a_chosen_beginning_of_comments_is_sure() -> None:
    report = read_table(b"% x\na,b\n1,2\n", ReadOptions(comment="%")).report

    assert next(one.sure for one in report.decisions if one.what == "comment") == 1.0
