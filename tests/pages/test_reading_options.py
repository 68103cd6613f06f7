"""Each finding about a file can be overridden with one control, and the table follows."""

import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from apptest import bring, words
from streamlit.testing.v1 import AppTest
from traps import raw_auto_mpg

Visit = Callable[..., AppTest]


@pytest.fixture
def mpg(visit: Visit) -> AppTest:
    return bring(visit(), raw_auto_mpg(), "auto-mpg.data")


def control(app: AppTest, ending: str) -> Any:
    kinds = (app.selectbox, app.multiselect, app.text_input)
    return next(box for kind in kinds for box in kind if str(box.key).endswith(f".{ending}"))


def show(app: AppTest, view: str) -> None:
    next(group for group in app.get("button_group") if group.key == "upload.view").set_value(view).run()


def report(app: AppTest) -> str:
    return next(caption for caption in words(app, "caption") if "Read as" in caption)


def test_a_marker_is_added_to_those_that_were_found(mpg: AppTest) -> None:
    found = control(mpg, "missing")
    assert found.value == ["?"]
    found.set_value(["?", "NA"]).run()
    assert "NA" in report(mpg)
    assert "?" in report(mpg)


def test_no_marker_at_all_can_be_said(mpg: AppTest) -> None:
    control(mpg, "missing").set_value([]).run()
    assert "?" not in report(mpg)


def test_columns_without_names_can_be_named(mpg: AppTest) -> None:
    control(mpg, "names").set_value("mpg, cylinders, displacement").run()
    show(mpg, "table")
    assert list(mpg.dataframe[0].value.columns[:4]) == ["mpg", "cylinders", "displacement", "column_4"]


def test_a_separator_can_be_overridden_and_given_back(mpg: AppTest) -> None:
    control(mpg, "separator").set_value(";").run()
    assert "semicolon" in report(mpg)
    control(mpg, "separator").select_index(0).run()
    assert "runs of spaces" in report(mpg)


def test_a_count_of_lines_can_be_given_back(mpg: AppTest) -> None:
    def lines() -> Any:
        return next(box for box in mpg.number_input if str(box.key).endswith(".footer"))

    show(mpg, "table")
    before = len(mpg.dataframe[0].value)
    lines().set_value(5).run()
    assert (len(mpg.dataframe[0].value), lines().value) == (before - 5, 5)
    next(button for button in mpg.button if str(button.key).endswith(".footer.found")).click().run()
    assert (len(mpg.dataframe[0].value), lines().value) == (before, None)


def test_a_reading_without_rows_is_refused_and_the_table_stays(mpg: AppTest) -> None:
    control(mpg, "encoding").set_value("utf-16").run()
    assert len(words(mpg, "error")) == 1
    assert "utf\\-8" in report(mpg)
    assert control(mpg, "encoding").value is None, "the control says what stands"


def test_another_upload_starts_from_what_is_found(mpg: AppTest) -> None:
    control(mpg, "separator").set_value(";").run()
    bring(mpg, b"a,b\n1,2\n3,4\n")
    assert "comma" in report(mpg)
    assert control(mpg, "separator").value is None


TWO_TABLES = (
    b"# export of 2024\n"
    b"name;amount\nAda;1,5\nGrace;2,5\nAlan;3,5\nEmmy;4,5;extra\n"
    b"\n\n"
    b"code;city;mayor\n1;Lyon;Ada\n2;Nice;Grace\n3;Paris;Alan\n"
)


def bodies(app: AppTest) -> str:
    return "\n".join(str(html.proto.body) for html in app.get("html"))


def test_each_decision_says_how_sure_it_is_until_the_person_decides(mpg: AppTest) -> None:
    assert "py-sure-3" in bodies(mpg)
    assert "your choice" not in bodies(mpg)
    control(mpg, "decimal").set_value(".").run()
    assert "your choice" in bodies(mpg)
    control(mpg, "decimal").select_index(0).run()
    assert "your choice" not in bodies(mpg)


def test_rows_that_do_not_fit_are_counted_and_shown(visit: Visit) -> None:
    app = bring(visit(), b"a;b;c\n" + b"1;2;3\n4;5;6\n" * 20 + b"7;8;9;extra\n")
    (frame,) = [found.value for found in app.dataframe if "What was done" in found.value.columns]
    assert frame["Line"].tolist() == [42]
    assert "extra" in frame["As it stands in the file"].iloc[0]


def test_another_table_of_the_text_can_be_chosen(visit: Visit) -> None:
    app = bring(visit(), TWO_TABLES)
    choice = next(group for group in app.get("button_group") if str(group.key).endswith(".block"))
    first = bodies(app)
    choice.set_value(2 if choice.value == 1 else 1).run()
    assert not words(app, "error")
    assert ("mayor" in bodies(app)) != ("mayor" in first)


def test_another_sheet_can_be_chosen(visit: Visit) -> None:
    book = io.BytesIO()
    with pd.ExcelWriter(book) as writer:
        pd.DataFrame({"town": ["Lyon", "Nice"] * 9, "price": range(18)}).to_excel(
            writer, sheet_name="Sales", index=False
        )
        pd.DataFrame({"mark": range(7)}).to_excel(writer, sheet_name="Marks", index=False)
    app = bring(visit(), book.getvalue(), "book.xlsx")
    sheet = control(app, "part")
    assert sheet.options == ["Sales", "Marks"]
    sheet.select("Marks").run()
    assert "7 rows × 1 column" in bodies(app)
