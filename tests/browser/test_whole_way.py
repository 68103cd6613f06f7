"""The whole way in a real browser, clicked as a person does: from a file to a prediction, and back again."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from browser import journey
from browser.person import Person
from browser.server import Server
from traps import raw_auto_mpg, raw_titanic

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
TRAINED_MS = 120_000
FIGURE = "[data-testid=stPlotlyChart] .main-svg"


@dataclass(frozen=True)
class Way:
    """A file and what a person does with it."""

    file: str
    rows: int
    seen: str
    column_with_gaps: str
    rows_without_gaps: int
    target: str
    task: str
    measure: str
    charts: tuple[str, ...]


def auto_mpg(rows: int, complete: int) -> Way:
    return Way(
        file="auto-mpg.data",
        rows=rows,
        seen="runs of spaces",
        column_with_gaps="column_4",
        rows_without_gaps=complete,
        target="column_1",
        task="Regression",
        measure="RMSE",
        charts=("predicted", "Residuals"),
    )


def titanic(rows: int, complete: int) -> Way:
    return Way(
        file="titanic.csv",
        rows=rows,
        seen="1 blank row at the end was left out.",
        column_with_gaps="age",
        rows_without_gaps=complete,
        target="survived",
        task="Classification",
        measure="ROC AUC",
        charts=("Confusion matrix", "ROC"),
    )


def real(name: str) -> bytes:
    if not (SHARED / name).is_file():
        pytest.skip(f"{name} does not stand beside this checkout; the rebuilt file is tested instead")
    return (SHARED / name).read_bytes()


def complete_rows(content: bytes, way: str) -> tuple[int, int]:
    """Count rows, and rows without a gap, by pandas alone."""
    if way == "auto-mpg":
        frame = pd.read_csv(io.BytesIO(content), sep=r"\s+", header=None, na_values="?")
        return len(frame), int(frame[3].notna().sum())
    frame = pd.read_csv(io.BytesIO(content)).dropna(how="all")
    return len(frame), int(frame["age"].notna().sum())


@pytest.mark.parametrize("origin", ["rebuilt", "real"])
@pytest.mark.parametrize("name", ["auto-mpg", pytest.param("titanic", marks=pytest.mark.slow)])
def test_from_a_file_to_a_prediction(person: Person, name: str, origin: str) -> None:
    if name == "auto-mpg":
        content = raw_auto_mpg() if origin == "rebuilt" else real("auto-mpg.data")
        way = auto_mpg(*complete_rows(content, name))
    else:
        content = raw_titanic() if origin == "rebuilt" else real("titanic_seed_1309.csv")
        way = titanic(*complete_rows(content, name))
    upload(person, way, content)
    explore(person, way)
    visualize(person)
    train(person, way)
    predict(person, way, content)
    come_back(person, way)
    switch_language(person)


def upload(person: Person, way: Way, content: bytes) -> None:
    person.go("Upload").upload("holds a table", (way.file, content))
    person.sees(way.seen).sees(f"{way.rows:,} rows")
    person.pick("Show", "Its columns").pick("Show", "The table")


def explore(person: Person, way: Way) -> None:
    person.go("Explore").choose("Step", "Drop rows with missing values")
    person.choose_several("Columns to look at", [way.column_with_gaps]).press("Add this step")
    effect = f"Rows: {way.rows:,} → {way.rows_without_gaps:,}"
    person.sees(effect)
    person.press("Undo").sees("No step yet").press("Redo").sees(effect)
    person.press("Switch off").sees("This step is off.").press("Switch on").sees(effect)


def visualize(person: Person) -> None:
    person.go("Visualize")
    for chart in ("Missing values", "Histogram", "Mosaic", "Scatter plot", "Correlation matrix"):
        person.pick("Chart", chart)
        person.page.locator(FIGURE).first.wait_for()
        name, picture = person.download("Picture (PNG)")
        assert name.endswith(".png")
        assert picture.startswith(b"\x89PNG")


def train(person: Person, way: Way) -> None:
    person.go("Train").choose("What to predict (the target)", way.target)
    assert person.page.get_by_role("radio", name=way.task).get_attribute("aria-checked") == "true"
    person.press("Train")
    person.page.locator(".py-verdict").wait_for(timeout=TRAINED_MS)
    person.settle().sees("Leaderboard").sees(f"{way.measure} per model")
    assert re.search(rf"{way.measure} \d+\.\d+ ± \d", person.page.locator(".py-verdict").inner_text())


def predict(person: Person, way: Way, content: bytes) -> None:
    person.go("Predict")
    for chart in way.charts:
        person.sees(re.compile(chart, re.IGNORECASE))
    person.pick("View", "Held-out rows").sees("the model never saw them")
    person.pick("View", "One case").page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    person.settle().sees("Prediction")
    person.pick("View", "A file of cases").upload("A file of new rows", (f"new-{way.file}", content))
    person.sees(f"{way.rows:,} rows predicted.")
    _, answers = person.download("Download the predictions (CSV)")
    assert len(pd.read_csv(io.BytesIO(answers))) == way.rows
    person.pick("View", "The model itself")
    assert person.download("Download skops")[1].startswith(b"PK")
    assert len(person.download("Download joblib")[1]) > 500


def come_back(person: Person, way: Way) -> None:
    person.reload().sees(way.file).go("Explore").sees(f"→ {way.rows_without_gaps:,}")
    person.go("Train").sees("Leaderboard")


def switch_language(person: Person) -> None:
    person.page.get_by_test_id("stSidebar").get_by_text("Français", exact=True).click()
    person.settle().sees("Classement").does_not_see("Leaderboard")
    person.reload().sees("Classement")


def test_the_first_language_is_the_browsers(visitor: Callable[..., Person]) -> None:
    visitor(locale="fr-FR").open().sees("D’un fichier de données à un résultat que l’on peut défendre.")
    visitor(locale="en-GB").open().sees("From a data file to a result you can defend.")
    visitor(locale="de-DE").open().sees("From a data file to a result you can defend.")


def test_a_first_visitor_sees_a_result_in_half_a_minute(person: Person) -> None:
    person.press("See a result on a sample")
    person.page.locator(".py-verdict").wait_for(timeout=30_000)
    person.settle().sees("where the baseline has")


def test_a_training_survives_reload_change_of_page_and_a_second_click(visitor: Callable[..., Person]) -> None:
    person = visitor().open("/upload")
    person.upload("holds a table", ("cars.data", raw_auto_mpg()))
    person.go("Train").choose("What to predict (the target)", "column_1")
    person.slide("Folds of the cross-validation", 10)
    person.page.get_by_role("button", name="Train", exact=True).dblclick()
    person.page.get_by_text("Stop and keep").or_(person.page.locator(".py-verdict")).first.wait_for()
    person.page.reload()
    person.settle().sees(re.compile("Stop and keep|Leaderboard"))
    person.go("Explore").go("Train")
    person.page.locator(".py-verdict").wait_for(timeout=TRAINED_MS)
    person.settle().go("Predict")
    assert "training no." not in person.read(), "the second click must not have started a second training"


def test_a_training_can_be_cancelled_and_the_project_stays_as_it_was(visitor: Callable[..., Person]) -> None:
    person = visitor().open("/upload")
    person.upload("holds a table", ("cars.data", raw_auto_mpg()))
    person.go("Train").choose("What to predict (the target)", "column_1")
    person.slide("Folds of the cross-validation", 10).press("Train")
    person.press("Cancel").does_not_see("Leaderboard").sees("Train")
    person.go("Predict").sees("There is no model yet.")


def test_two_visitors_never_see_each_others_data(visitor: Callable[..., Person]) -> None:
    ada, bob = visitor(), visitor()
    ada.open("/upload").upload("holds a table", ("ada-secret.csv", b"alpha,beta\n1,2\n3,4\n5,6\n"))
    bob.open("/").does_not_see(re.compile("ada-secret|alpha"))
    for page in ("Upload", "Explore", "Visualize", "Train", "Predict"):
        bob.go(page).does_not_see(re.compile("ada-secret|alpha"))
    bob.go("Upload").upload("holds a table", ("bob.csv", b"gamma,delta\n7,8\n9,10\n11,12\n"))
    bob.sees("bob.csv")
    ada.reload().sees("ada-secret.csv").does_not_see("bob.csv")


@pytest.mark.parametrize("script", ["app.py", "Home.py"])
def test_a_restart_of_the_server_brings_the_person_back(
    visitor: Callable[..., Person], start_server: Callable[..., Server], script: str
) -> None:
    server = start_server(script=script)
    person = visitor(server=server).open("/").go("Upload")
    person.upload("holds a table", ("mine.csv", b"alpha,beta\n1,2\n3,4\n5,6\n")).sees("mine.csv")
    with person.watch.expecting_trouble():
        server.kill()
        server.start()
        stranger = visitor(server=server).open("/").go("Upload")
        stranger.does_not_see("mine.csv")
        person.reload().sees("mine.csv")


def test_a_file_that_is_no_table_leaves_the_project_as_it_was(person: Person) -> None:
    person.go("Upload").upload("holds a table", ("good.csv", b"alpha,beta\n1,2\n3,4\n5,6\n")).sees("3 rows")
    journey.bring(person).upload("holds a table", ("bad.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"))
    person.sees("PDF").sees("good.csv").reload().sees("good.csv")


def test_two_tabs_of_one_person_never_mix_their_steps(visitor: Callable[..., Person]) -> None:
    person = visitor().open("/upload")
    person.upload("holds a table", ("mine.csv", b"alpha,beta\n1,\n3,4\n5,6\n")).go("Explore")
    person.choose("Step", "Drop rows with missing values").press("Add this step").sees("Rows: 3 → 2")
    stale = person.page
    person.page = person.context.new_page()
    person.open("/explore").unfold("Add a step").choose("Step", "Drop duplicate rows").press("Add this step")
    person.sees("Rows: 2")
    person.page.close()
    person.page = stale
    person.press("Remove").sees("changed in another tab").sees("Drop rows that repeat an earlier one")
    person.sees("Rows: 3 → 2")
