"""A table is brought in several ways, known at a glance, and what is found in it can be mended at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from apptest import bring, everything, words
from streamlit.testing.v1 import AppTest

Visit = Callable[..., AppTest]

PEOPLE = b"name;age;city\n" + b"".join(
    b"Person %d;%d;%s\n" % (i, 20 + i % 40, b"Lyon" if i % 3 else b"Nice") for i in range(60)
)
WITH_A_CONSTANT = b"x,same,y\n" + b"".join(
    b"%d.5,1,%s\n" % (i * i % 97 * 100 + i, b"no" if i % 2 else b"yes") for i in range(60)
)


def bodies(app: AppTest) -> str:
    return "\n".join(str(html.proto.body) for html in app.get("html"))


def buttons(app: AppTest, ending: str) -> list[Any]:
    return [button for button in app.button if str(button.key).endswith(ending)]


def kind_of(app: AppTest, name: str) -> Any:
    return next(box for box in app.selectbox if str(box.key).split(".")[3:4] == [name])


def test_pasted_text_becomes_the_table(visit: Visit) -> None:
    app = visit().switch_page("pages/Upload.py").run()
    app.text_area[0].input(PEOPLE.decode())
    next(button for button in app.button if button.label == "Read this text").click().run()
    assert not app.exception
    assert not words(app, "error")
    assert "60 rows × 3 columns" in bodies(app)


def test_an_empty_paste_gets_one_sentence(visit: Visit) -> None:
    app = visit().switch_page("pages/Upload.py").run()
    next(button for button in app.button if button.label == "Read this text").click().run()
    assert len(words(app, "error")) == 1


def test_a_finding_is_mended_by_a_step_that_can_be_taken_back(visit: Visit) -> None:
    app = bring(visit(), WITH_A_CONSTANT)
    assert "same" in bodies(app)
    before = len(buttons(app, ".fix"))
    card = next(button for button in buttons(app, ".fix"))
    card.click().run()
    assert not words(app, "error")
    assert [toast for toast in app.toast if "Step added" in toast.value]
    assert "Handled" in bodies(app)
    assert len(buttons(app, ".fix")) == before - 1
    assert "1 cleaning step" in bodies(app)
    buttons(app, ".back")[0].click().run()
    assert "Handled" not in bodies(app)
    assert len(buttons(app, ".fix")) == before


def test_a_second_click_on_the_same_fix_adds_no_second_step(visit: Visit) -> None:
    app = bring(visit(), WITH_A_CONSTANT)
    click = buttons(app, ".fix")[0]
    click.click().run()
    click.click().run()
    app.switch_page("pages/Explore.py").run()
    assert len([button for button in app.button if str(button.key).startswith("explore.remove.")]) == 1


def test_another_kind_becomes_a_step_and_the_first_kind_takes_it_back(visit: Visit) -> None:
    app = bring(visit(), PEOPLE)
    assert kind_of(app, "age").value == "integer"
    kind_of(app, "age").select("category").run()
    assert not words(app, "error")
    assert kind_of(app, "age").value == "category"
    assert "1 cleaning step" in bodies(app)
    kind_of(app, "age").select("integer").run()
    assert "0 cleaning steps" in bodies(app)


def test_a_kind_that_does_not_fit_is_refused_and_the_control_says_what_stands(visit: Visit) -> None:
    app = bring(visit(), PEOPLE)
    kind_of(app, "city").select("datetime").run()
    assert len(words(app, "error")) == 1
    assert "city" in words(app, "error")[0]
    assert kind_of(app, "city").value == "category"
    assert "0 cleaning steps" in bodies(app)


def test_a_column_is_looked_at_closer(visit: Visit) -> None:
    app = bring(visit(), PEOPLE)
    next(button for button in app.button if "closer at age" in button.label).click().run()
    assert "Mean ± standard deviation" in bodies(app)
    next(button for button in app.button if "closer at age" in button.label).click().run()
    assert "Mean ± standard deviation" not in bodies(app)


@pytest.mark.parametrize("view", ["table", "relations", "missing", "compare", "tables", "take"])
@pytest.mark.parametrize("sample", ["penguins", "cars"])
def test_every_closer_look_is_drawn(visit: Visit, sample: str, view: str) -> None:
    app = visit(sample)
    next(group for group in app.get("button_group") if group.key == "upload.view").set_value(view).run()
    assert not app.exception
    assert not words(app, "error")


def test_the_table_after_its_steps_is_compared_with_the_table_as_it_was(visit: Visit) -> None:
    app = bring(visit(), WITH_A_CONSTANT)
    buttons(app, ".fix")[0].click().run()
    next(group for group in app.get("button_group") if group.key == "upload.view").set_value("compare").run()
    assert not app.exception
    assert any("lacks same" in line for line in words(app, "markdown"))


def test_thousands_of_columns_are_shown_a_page_at_a_time(visit: Visit) -> None:
    names = ",".join(f"c{i}" for i in range(1500))
    rows = "\n".join(",".join(str((i * j) % 7) for i in range(1500)) for j in range(1, 30))
    app = bring(visit(), f"{names}\n{rows}\n".encode())
    assert not app.exception
    assert len(app.selectbox) + len(app.button) < 120
    app.text_input(key="upload.columns.find").input("c1499").run()
    assert [box for box in app.selectbox if str(box.key).split(".")[3:4] == ["c1499"]]
    assert not [box for box in app.selectbox if str(box.key).split(".")[3:4] == ["c1"]]


def test_a_large_file_shows_its_first_rows_at_once_and_is_read_beside_the_page(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages._ui.actions.LARGE_BYTES", 10_000)
    rows = b"".join(b"%d;%d;word\n" % (i, i * i) for i in range(3_000))
    app = bring(visit(), b"a;b;c\n" + rows, "large.csv")
    assert not app.exception
    assert any("The first 500 rows" in caption for caption in words(app, "caption"))
    assert len(app.dataframe[0].value) == 500
    end = time.monotonic() + 40
    while "3,000 rows × 3 columns" not in bodies(app):
        assert time.monotonic() < end, everything(app)
        time.sleep(0.3)
        app.run()
    assert not words(app, "error")


def test_a_large_file_that_is_no_table_ends_with_its_sentence_once_closed(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages._ui.actions.LARGE_BYTES", 10_000)
    app = bring(visit(), PEOPLE, "good.csv")
    app = bring(app, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"0" * 20_000, "bad.csv")
    end = time.monotonic() + 40
    while not words(app, "error"):
        assert time.monotonic() < end, everything(app)
        time.sleep(0.3)
        app.run()
    assert "good.csv" in bodies(app)
    app.button(key="upload.reading.close").click().run()
    assert not words(app, "error")


def test_a_finding_shows_as_handled_by_a_wider_step(visit: Visit) -> None:
    app = bring(visit(), WITH_A_CONSTANT).switch_page("pages/Explore.py").run()
    app.selectbox(key="explore.step").select("drop_columns").run()
    columns = next(box for box in app.multiselect if str(box.key).startswith("explore.new.drop_columns"))
    columns.set_value(["x", "same"]).run()
    app.button(key="explore.add").click().run()
    app.switch_page("pages/Upload.py").run()
    assert "Step 1 of the recipe does it." in bodies(app)
    assert not buttons(app, ".back"), "it does more than the finding asks for"


def test_a_leak_is_said_before_training_and_mended_there(visit: Visit) -> None:
    rows = b"".join(
        b"%d.5,%s,%s\n" % (i * i % 97, *((b"no", b"dead") if i % 3 else (b"yes", b"alive")))
        for i in range(90)
    )
    app = bring(visit(), b"x,paid,state\n" + rows).switch_page("pages/Train.py").run()
    next(box for box in app.selectbox if str(box.key).startswith("train.target")).select("state").run()
    assert "paid" in bodies(app)
    buttons(app, ".fix")[0].click().run()
    assert not words(app, "error")
    assert any("Step added" in line for line in words(app, "markdown"))
    assert not buttons(app, ".fix")
    app.button(key="train.alert.undo").click().run()
    assert buttons(app, ".fix")


def test_a_path_is_read_where_the_server_allows_it(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "people.csv").write_bytes(PEOPLE)
    (tmp_path / "secret.csv").write_bytes(PEOPLE)
    assert "upload.elsewhere" not in str(
        [box.key for box in visit().switch_page("pages/Upload.py").run().text_input]
    )
    monkeypatch.setenv("MLP_ALLOW_PATHS", "1")
    monkeypatch.setenv("MLP_PATH_ROOT", str(tmp_path / "open"))
    st.cache_resource.clear()
    app = visit().switch_page("pages/Upload.py").run()
    for where, refused in (("../secret.csv", True), ("people.csv", False)):
        next(box for box in app.text_input if str(box.key).startswith("upload.elsewhere")).input(where)
        next(button for button in app.button if button.label == "Read it").click().run()
        assert bool(words(app, "error")) is refused
    assert "60 rows × 3 columns" in bodies(app)


def test_spellings_that_were_found_can_be_edited_value_by_value(visit: Visit) -> None:
    towns = ["Paris", "paris", "a; b = c"]
    rows = "".join(f"{i * 37 % 101}.5,{towns[i % 3] if i % 5 else 'Paris'}\n" for i in range(120))
    app = bring(visit(), f"size,town\n{rows}".encode()).switch_page("pages/Explore.py").run()
    app.selectbox(key="explore.step").select("merge_categories").run()
    form = next(box for box in app.selectbox if str(box.key).endswith(".column"))
    form.select("town").run()
    shown = next(found for found in app.dataframe if "value" in found.value.columns).value
    assert set(shown["value"]) == set(towns)
    assert int(shown["count"].sum()) == 120


def test_two_visitors_with_the_same_content_keep_their_own_names_of_it(visit: Visit) -> None:
    seen = []
    for name in ("ada-secret.csv", "bob.csv"):
        app = bring(visit(), WITH_A_CONSTANT, name)
        buttons(app, ".fix")[0].click().run()
        app.switch_page("pages/Visualize.py").run()
        next(group for group in app.get("button_group") if group.key == "visualize.chart").set_value(
            "histogram"
        ).run()
        seen.append(str([chart.proto.spec for chart in app.get("plotly_chart")]) + bodies(app))
    assert "ada-secret" in seen[0]
    assert "bob" in seen[1]
    assert "ada-secret" not in seen[1]
