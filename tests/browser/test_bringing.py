"""What a hasty person does while a table comes: reloads, cancels, clicks twice, leaves and returns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import journey
from browser.person import Person

ROWS = 1_200_000
READ_MS = 120_000


@pytest.fixture(scope="module")
def large() -> tuple[str, bytes]:
    """Return a file of about 20 MB."""
    return "large.csv", table_of(ROWS)


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that is not read before somebody has pressed a button."""
    path = tmp_path_factory.mktemp("larger") / "larger.csv"
    path.write_bytes(table_of(4 * ROWS))
    return path


def table_of(rows: int) -> bytes:
    lines = (f"{row};{row % 97}.5;{'Lyon' if row % 3 else 'Nice'}" for row in range(rows))
    return ("number;half;city\n" + "\n".join(lines)).encode()


def test_a_large_file_shows_itself_at_once_survives_a_reload_and_takes_its_place(
    person: Person, large: tuple[str, bytes]
) -> None:
    person.go("Upload").upload("holds a table", large).sees("The first 500 rows")
    person.reload().sees(re.compile("The first 500 rows|What is in it"))
    person.go("Explore").go("Upload").sees("What is in it", timeout_ms=READ_MS).sees(f"{ROWS:,} rows")


def test_a_cancelled_reading_leaves_the_table_that_was_there(person: Person, larger: Path) -> None:
    journey.open_sample(person)
    journey.bring(person).tab("A file").upload("holds a table", larger).sees("The first 500 rows")
    person.press("Cancel").sees("406 rows").sees("What is in it").does_not_see("The first 500 rows")
    person.reload().sees("406 rows").does_not_see("The first 500 rows")


def test_a_finding_is_mended_once_however_often_one_clicks(person: Person) -> None:
    journey.open_sample(person, "Penguins of Palmer Station")
    person.main.get_by_role("button", name="Fix", exact=True).first.dblclick()
    person.settle().sees("Handled").sees("1 cleaning step")
    person.reload().sees("Handled").press("Take back").does_not_see("Handled").sees("0 cleaning steps")


def test_pasted_text_and_another_kind(person: Person) -> None:
    person.go("Upload").tab("Pasted text")
    person.main.get_by_role("textbox").fill("name;grade\nAda;12\nGrace;15\nEmmy;12\nAlan;15")
    person.press("Read this text").sees("4 rows").choose("Kind of grade", "Category").sees("1 cleaning step")
    person.go("Explore").sees("Read grade as: Category")
