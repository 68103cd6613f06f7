"""The way from a file to a prediction, as a person walks it; each step in the language of their browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from browser.person import Person

# Each page by its address, with the name that its link bears.
PAGES: Final = {
    "home": ("/", "Home"),
    "upload": ("/upload", "Upload"),
    "explore": ("/explore", "Explore"),
    "visualize": ("/visualize", "Visualize"),
    "train": ("/train", "Train"),
    "predict": ("/predict", "Predict"),
}
CARS: Final = "Cars of 1970 to 1982"
UPLOAD_MS: Final = 180_000
TRAINING_MS: Final = 240_000


def visit(person: Person, page: str) -> Person:
    """Follow the link of a page in the sidebar."""
    return person.go(person.words(PAGES[page][1]))


def open_sample(person: Person, sample: str = CARS) -> Person:
    """Open a built-in sample by its name."""
    bring(visit(person, "upload")).tab(person.words("A built-in sample"))
    person.press(person.words("Open this sample"), beside=person.words(sample))
    return person.sees(person.words("What is in it"))


def bring(person: Person) -> Person:
    """Open what brings another table, where there is one already."""
    another = person.words("Bring another table")
    if person.main.get_by_text(another, exact=True).count():
        person.unfold(another)
    return person


def bring_file(person: Person, file: Path | tuple[str, bytes]) -> Person:
    """Upload a table."""
    label = person.words("A file that holds a table")
    visit(person, "upload").upload(label, file, timeout_ms=UPLOAD_MS)
    return person.sees(person.words("What is in it"), timeout_ms=UPLOAD_MS)


def drop_missing_rows(person: Person) -> Person:
    """Add the step that drops rows with missing values."""
    visit(person, "explore").unfold(person.words("Add a step"))
    person.choose(person.words("Step"), person.words("Drop rows with missing values"))
    person.press(person.words("Add this step"))
    return person.sees("1.")


def draw(person: Person, chart: str) -> Person:
    """Choose a chart by its name, and wait until it is drawn."""
    visit(person, "visualize").pick(person.words("Chart"), person.words(chart))
    person.page.locator(".js-plotly-plot .main-svg").first.wait_for()
    return person.settle()


def train(person: Person, target: str, *, models: Sequence[str] | None = None) -> Person:
    """Choose a target, and models where not all are wanted; train, and wait for the leaderboard."""
    visit(person, "train").choose(person.words("What to predict (the target)"), target)
    if models is not None:
        choose_models(person, models)
    person.press(person.words("Train"))
    return wait_for_leaderboard(person)


def choose_models(person: Person, models: Sequence[str]) -> Person:
    """Make these, and only these, the chosen models."""
    wanted = {person.words(model) for model in models}
    group = person.main.get_by_label(person.words("Models (the baseline is always there)"))
    for pill in group.get_by_role("button").or_(group.get_by_role("checkbox")).all():
        chosen = "true" in (pill.get_attribute("aria-pressed"), pill.get_attribute("aria-checked"))
        if chosen != (pill.inner_text().strip() in wanted):
            pill.click()
            person.settle()
    return person


def wait_for_leaderboard(person: Person) -> Person:
    """Wait until a training has ended and its leaderboard is drawn."""
    return person.sees(person.words("Leaderboard"), timeout_ms=TRAINING_MS).settle()


def ask_for_one_case(person: Person) -> Person:
    """Predict the row that stands in the form, as it is."""
    visit(person, "predict").pick(person.words("View"), person.words("One case"))
    person.press(person.words("Predict"))
    return person.sees(person.words("Prediction"))


def whole_way(person: Person) -> Person:
    """Go from the cars sample to a prediction: a real project stands on every page afterwards."""
    open_sample(person)
    drop_missing_rows(person)
    draw(person, "Histogram")
    train(person, "Miles_per_Gallon", models=("Linear regression", "Decision tree", "Random forest"))
    return ask_for_one_case(person)
