"""“Save” on each page keeps what is seen there: the same table, picture and model, and the same facts."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
import pypdfium2
import pytest
from apptest import bring, words
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.testing.v1 import AppTest

from mlp_core.charts import draw_static
from mlp_core.project import Project
from mlp_core.read import SAMPLES, read_table
from mlp_core.storage.artifacts import Artifact
from mlp_core.table import Table
from mlp_core.train import Leaderboard, TrainingPlan, safe, train
from mlp_core.train.verdict import verdict
from pages._ui import state
from pages._ui.services import services

Visit = Callable[..., AppTest]

PAGES = ("Start", "Upload", "Explore", "Visualize", "Train", "Predict")
BOARD_ID = "0" * 19 + "a"


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def kept(app: AppTest) -> list[tuple[Artifact, bytes]]:
    """Return what the visitor has saved, newest first."""
    owner = app.session_state["visitor"].owner
    return [(one, services().artifacts.get(owner, one.id)) for one in services().artifacts.list(owner)]


def offers(app: AppTest) -> list[str]:
    """Return what the list offers, as ``label .kind``."""
    (radio,) = [one for one in app.radio if str(one.key).startswith("saving.what")]
    return [re.sub(r":gray\[(.*)\]", r"\1", label).replace("\\", "") for label in radio.options]


def save(app: AppTest, what: str, name: str | None = None) -> AppTest:
    """Choose an offer, give it a name where one is given, and press the button."""
    (radio,) = [one for one in app.radio if str(one.key).startswith("saving.what")]
    radio.set_value(offers(app).index(what)).run()
    (field,) = [one for one in app.text_input if str(one.key).startswith("saving.name")]
    if name is not None:
        field.input(name).run()
    button(app).click().run()
    assert not app.exception
    return app


def button(app: AppTest) -> Any:
    return next(one for one in app.button if str(one.key).startswith("saving.save"))


def saved(app: AppTest, what: str) -> bytes:
    """Save an offer and return what was kept of it."""
    save(app, what)
    assert not words(app, "error")
    return kept(app)[0][1]


def pdf_words(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    return plain(" ".join(page.get_textpage().get_text_range() for page in pdf))


def sample(id_: str) -> Table:
    return next(one for one in SAMPLES if one.id == id_).load()


def choose(app: AppTest, key: str, value: str) -> AppTest:
    return next(one for one in app.get("button_group") if one.key == key).set_value(value).run()


@pytest.fixture(scope="module")
def board() -> Leaderboard:
    return train(sample("cars"), TrainingPlan(target="Origin", models=("logistic", "tree"), folds=3))


@pytest.fixture
def trained(visit: Visit, board: Leaderboard, tmp_path: Path) -> Callable[..., AppTest]:
    """Return what opens the app on a table with a finished training, at a page."""

    def come(page: str, language: str = "en-US") -> AppTest:
        app = visit("cars", language)
        (folder,) = (tmp_path / "data" / "workspaces").glob("[0-9a-f]*")
        board.save(folder / "boards" / BOARD_ID)
        return app.switch_page(f"pages/{page}.py").run()

    return come


def test_every_page_offers_itself_and_the_whole_project(trained: Callable[..., AppTest]) -> None:
    app = trained("Start")
    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert "The whole project .pythie" in offers(app)
        assert "This page .pdf" in offers(app)


@pytest.mark.parametrize("id_", ["penguins", "weather"])
def test_the_table_reads_again_as_the_table_it_was(visit: Visit, id_: str) -> None:
    app = visit(id_)
    content = saved(app, "The table as it was read .csv")
    again, before = read_table(content, name="again.csv"), sample(id_)
    pd.testing.assert_frame_equal(again.frame, before.frame)
    assert kept(app)[0][0].page == "upload"


def test_no_cell_of_a_saved_table_is_a_formula(visit: Visit) -> None:
    rows = "\n".join(f"{i},=cmd|{i},-{i}.5" for i in range(1, 30))
    app = bring(visit(), f"n,=word,minus\n{rows}\n".encode())
    content = saved(app, "The table as it was read .csv").decode("utf-8-sig")
    assert "'=word" in content
    assert "'=cmd|1" in content
    assert ",-1.5" in content


def test_what_is_known_of_a_table_is_kept_for_people_and_for_programs(visit: Visit) -> None:
    app = visit("penguins")
    page = saved(app, "The profile of every column .html").decode()
    data = json.loads(saved(app, "The profile, for programs .json"))
    frame = sample("penguins").frame
    assert "<!doctype html>" in page
    assert [column["name"] for column in data["columns"]] == list(frame.columns)
    assert all(name in page for name in frame.columns)


def test_the_whole_project_opens_elsewhere_as_it_is(visit: Visit, tmp_path: Path) -> None:
    app = visit("cars").switch_page("pages/Explore.py").run()
    app.selectbox(key="explore.step").select("drop_duplicates").run()
    app.button(key="explore.add").click().run()
    path = tmp_path / "work.pythie"
    path.write_bytes(saved(app, "The whole project .pythie"))
    opened = Project.open(path, tmp_path / "opened")
    assert len(opened.recipe) == 1
    assert opened.table is not None
    pd.testing.assert_frame_equal(opened.table.frame, sample("cars").frame)


@pytest.mark.parametrize(
    ("language", "page", "facts"),
    [
        ("en-US", "This page .pdf", ["cars: cleaning steps", "Rows", "406", "Missing values"]),
        ("fr-FR", "Cette page .pdf", ["cars : étapes de nettoyage", "Lignes", "406", "Valeurs manquantes"]),
    ],
)
def test_the_cleaned_table_and_its_steps(visit: Visit, language: str, page: str, facts: list[str]) -> None:
    app = visit("cars", language).switch_page("pages/Explore.py").run()
    app.selectbox(key="explore.step").select("fill_missing").run()
    app.button(key="explore.add").click().run()
    assert not words(app, "error")
    table = "The table after these steps .csv" if page == "This page .pdf" else None
    if table is not None:
        again = read_table(saved(app, table), name="again.csv").frame
        assert not again.select_dtypes("number").isna().any().any()
        assert len(again) == 406
    shown = pdf_words(saved(app, page))
    step = next(line for line in words(app, "markdown") if line.startswith("**1.**"))
    assert plain(step.removeprefix("**1.** ").replace("\\", "")) in shown
    for fact in facts:
        assert fact in shown


def test_a_chart_is_kept_as_it_is_set(visit: Visit) -> None:
    app = visit("cars").switch_page("pages/Visualize.py").run()
    choose(app, "visualize.chart", "histogram")
    app.selectbox(key="visualize.histogram.column").select("Horsepower").run()
    (name,) = [one.value for one in app.text_input if str(one.key).startswith("saving.name")]
    assert name == "cars – Histogram of Horsepower"
    content = saved(app, "This chart .png")
    assert content == draw_static("histogram", sample("cars"), column="Horsepower")
    assert (int.from_bytes(content[16:20], "big"), content[:4]) == (1400, b"\x89PNG")
    shown = pdf_words(saved(app, "This page .pdf"))
    assert "Histogram of Horsepower" in shown


def test_another_chart_brings_another_name(visit: Visit) -> None:
    app = visit("cars").switch_page("pages/Visualize.py").run()
    choose(app, "visualize.chart", "histogram")
    app.selectbox(key="visualize.histogram.column").select("Horsepower").run()
    save(app, "This chart .png", name="mine")
    app.selectbox(key="visualize.histogram.column").select("Weight_in_lbs").run()
    save(app, "This chart .png")
    assert [one.name for one, _ in kept(app)] == ["cars – Histogram of Weight_in_lbs", "mine"]


def test_a_training_is_kept_with_its_finding(trained: Callable[..., AppTest], board: Leaderboard) -> None:
    shown = pdf_words(saved(trained("Train", "fr-FR"), "Cette page .pdf"))
    assert plain(verdict(board).render("fr")) in shown
    for row in board.rows:
        assert plain(row.label.render("fr")) in shown
    assert board.fingerprint in shown


def test_the_leaderboard_and_its_figure(trained: Callable[..., AppTest], board: Leaderboard) -> None:
    app = trained("Train")
    frame = pd.read_csv(io.BytesIO(saved(app, "The leaderboard .csv")))
    assert list(frame["Model"]) == [str(row.label) for row in board.rows]
    assert frame.iloc[:, 1].tolist() == pytest.approx(
        [row.cv[board.metric].mean for row in board.rows], abs=0
    )
    picture = saved(app, "Its figure .png")
    assert int.from_bytes(picture[16:20], "big") == 1400


@pytest.mark.parametrize("page", ["Train", "Predict"])
def test_a_saved_model_predicts_the_same_numbers(
    trained: Callable[..., AppTest], board: Leaderboard, tmp_path: Path, page: str
) -> None:
    app = trained(page)
    label = str(board.best.label)
    path = tmp_path / "model.skops"
    path.write_bytes(saved(app, f"Model: {label} .skops"))
    rows = sample("cars").frame
    expected = board.best.pipeline.predict_proba(rows)
    assert (safe.load(path).predict_proba(rows) == expected).all()
    loaded = joblib.load(io.BytesIO(saved(app, f"Model: {label} .joblib")))
    assert (loaded.predict_proba(rows) == expected).all()
    assert kept(app)[0][0].name == f"cars – {label}"


def test_a_model_that_came_without_its_joblib_gets_one(
    trained: Callable[..., AppTest], board: Leaderboard, tmp_path: Path
) -> None:
    app = trained("Predict")
    for path in (tmp_path / "data").rglob("model.joblib"):
        path.unlink()
    loaded = joblib.load(io.BytesIO(saved(app, f"Model: {board.best.label} .joblib")))
    rows = sample("cars").frame
    assert (loaded.predict_proba(rows) == board.best.pipeline.predict_proba(rows)).all()


@pytest.mark.parametrize(("language", "what"), [("en-US", "This page .pdf"), ("fr-FR", "Cette page .pdf")])
def test_how_good_a_model_is(trained: Callable[..., AppTest], language: str, what: str) -> None:
    app = trained("Predict", language)
    shown = pdf_words(saved(app, what))
    frame = next(one.value for one in app.dataframe)
    for measure, found in zip(frame.iloc[:, 0], frame.iloc[:, 1], strict=True):
        assert plain(measure) in shown
        assert plain(found) in shown


def test_scores_and_held_out_rows_are_those_of_the_model(
    trained: Callable[..., AppTest], board: Leaderboard
) -> None:
    app = trained("Predict")
    scores = pd.read_csv(io.BytesIO(saved(app, "The scores .csv")))
    assert scores["Cross-validated"].tolist() == [found.mean for found in board.best.cv.values()]
    choose(app, "predict.view", "held_out")
    rows = pd.read_csv(io.BytesIO(saved(app, "The held-out rows with their predictions .csv")))
    shown = next(one.value for one in app.dataframe)
    assert list(rows.columns) == list(shown.columns)
    assert rows["Predicted"].tolist() == board.best.holdout["predicted"].tolist()
    assert rows.iloc[:, -1].tolist() == board.best.holdout.iloc[:, -1].tolist()


def test_one_case_stays_answered_and_is_kept(trained: Callable[..., AppTest], board: Leaderboard) -> None:
    app = choose(trained("Predict"), "predict.view", "one")
    assert not [label for label in offers(app) if "case" in label]
    next(one for one in app.button if one.label == "Predict").click().run()
    line = pd.read_csv(io.BytesIO(saved(app, "This case and its prediction .csv")))
    data = json.loads(saved(app, "This case and its prediction .json"))
    shown = pdf_words(saved(app, "This case and its prediction .pdf"))
    assert "Probabilities, as the model sees them" in shown
    answer = board.best.pipeline.predict(pd.DataFrame([data["case"]]))[0]
    assert line["predicted"].tolist() == [answer] == [data["prediction"]]
    assert answer in shown
    assert sum(data["probabilities"].values()) == pytest.approx(1)


def test_the_answers_for_a_file_are_kept(trained: Callable[..., AppTest], board: Leaderboard) -> None:
    app = choose(trained("Predict"), "predict.view", "file")
    rows = sample("cars").frame.head(20)
    (uploader,) = [one for one in app.file_uploader if one.key == "predict.file"]
    uploader.upload("new.csv", rows.to_csv(index=False).encode(), "text/csv").run()
    assert not words(app, "error")
    answered = pd.read_csv(io.BytesIO(saved(app, "The rows with their predictions .csv")))
    assert answered["predicted"].tolist() == board.best.pipeline.predict(rows).tolist()
    assert answered["Name"].tolist() == rows["Name"].tolist()


def test_the_project_at_a_glance(trained: Callable[..., AppTest], board: Leaderboard) -> None:
    shown = pdf_words(saved(trained("Start"), "This page .pdf"))
    assert plain(str(verdict(board))) in shown
    assert "406" in shown


def test_what_was_saved_is_said_and_a_second_click_saves_nothing(visit: Visit) -> None:
    app = visit("cars")
    first = button(app)
    first.click().run()
    assert any("Saved" in line and "25 kB" in line for line in words(app, "success"))
    first.click().run()
    assert len(kept(app)) == 1
    button(app).click().run()
    assert len(kept(app)) == 2


def test_a_click_that_ends_the_run_of_another_saves_nothing_more(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit("cars")
    store = type(services().artifacts)
    keep, looks = store.put, state.recall

    def end(*given: object) -> object:
        raise StopException

    def put(*given: Any, **more: Any) -> Artifact:
        done: Artifact = keep(*given, **more)
        # From here on the next look at the session ends the run, as it does when another click has come.
        monkeypatch.setattr(state, "recall", end)
        return done

    monkeypatch.setattr(store, "put", put)
    clicked = button(app)
    clicked.click().run()
    monkeypatch.setattr(state, "recall", looks)
    clicked.click().run()
    assert len(kept(app)) == 1
    assert any("Saved" in line for line in words(app, "success"))


def test_an_empty_name_is_the_proposed_one_and_a_naughty_one_is_only_a_name(
    visit: Visit, tmp_path: Path
) -> None:
    app = visit("cars")
    save(app, "The table as it was read .csv", name="")
    save(app, "The table as it was read .csv", name="../../<b>x</b> **y**\x00")
    assert [one.name for one, _ in kept(app)] == ["../../<b>x</b> **y**", "cars"]
    assert "\\*\\*y\\*\\*" in words(app, "success")[0]
    files = [path.name for path in (tmp_path / "data" / "artifacts").rglob("*") if path.is_file()]
    assert all(re.fullmatch(r"[0-9a-f]{32}\.csv", name) for name in files)


def test_nothing_is_made_before_it_is_asked_for(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_early(*given: object, **more: object) -> bytes:
        raise AssertionError("made without being asked for")

    for name in (
        "mlp_core.spreadsheet.frame_csv",
        "mlp_core.report.to_pdf",
        "mlp_core.project.Project.save",
        "pages._ui.saving_tables.draw_static",
    ):
        monkeypatch.setattr(name, too_early)
    app = visit("cars")
    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert not words(app, "error")


def test_a_table_too_large_to_be_kept_is_refused_before_it_is_written(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages._ui.saving.LARGEST_BYTES", 20_000)
    app = visit("cars")
    save(app, "The table as it was read .csv")
    (sentence,) = words(app, "error")
    assert "cars would take about" in sentence
    assert kept(app) == []
    save(app, "The whole project .pythie")
    assert len(words(app, "error")) == 1
    assert kept(app) == []


def test_no_room_left_is_a_sentence(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLP_GUEST_QUOTA_MB", "0")
    app = bring(visit(), b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(50)))
    if not words(app, "error"):
        save(app, "The table as it was read .csv")
    assert len(words(app, "error")) == 1
    assert not app.exception


def test_a_chart_that_cannot_be_drawn_says_why(visit: Visit) -> None:
    app = visit("penguins").switch_page("pages/Visualize.py").run()
    choose(app, "visualize.chart", "mosaic")
    app.multiselect(key="visualize.mosaic.columns").set_value(["species"]).run()
    assert len(words(app, "error")) == 1
    save(app, "This chart .png")
    assert len(words(app, "error")) == 2
    assert kept(app) == []
