"""Each finding about a file can be overridden with one control, and the table follows."""

from collections.abc import Callable
from typing import Any

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


def test_a_reading_without_rows_is_refused_and_the_table_stays(mpg: AppTest) -> None:
    control(mpg, "encoding").set_value("utf-16").run()
    assert len(words(mpg, "error")) == 1
    assert "utf\\-8" in report(mpg)


def test_another_upload_starts_from_what_is_found(mpg: AppTest) -> None:
    control(mpg, "separator").set_value(";").run()
    bring(mpg, b"a,b\n1,2\n3,4\n")
    assert "comma" in report(mpg)
    assert control(mpg, "separator").value is None
