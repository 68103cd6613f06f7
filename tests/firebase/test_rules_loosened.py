"""Whoever loosens one rule by one step hears of it."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from firebase import loosened

FOLDER = Path(__file__).resolve().parents[2] / "firebase"
DATABASE = FOLDER / "database.rules.json"
STORAGE = FOLDER / "storage.rules"

pytestmark = pytest.mark.firebase


def check(database: Path, storage: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", FOLDER / "rules.test.js", database, storage]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def survivors(folder: Path, ways: list[tuple[str, Path, Path]]) -> list[str]:
    """Return which loosened rules the check lets through, or stumbles over without saying why."""
    with ThreadPoolExecutor(2) as both:
        answers = both.map(lambda way: check(way[1], way[2]), ways)
        return [
            way[0]
            for way, answer in zip(ways, answers, strict=True)
            if answer.returncode != 1 or "ALLOWED: " not in answer.stdout
        ]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_rules_as_they_stand_pass() -> None:
    answer = check(DATABASE, STORAGE)

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_each_rule_of_the_database_that_is_loosened_is_noticed(tmp_path: Path) -> None:
    looser = loosened.of_database(DATABASE.read_text(encoding="utf-8"))
    ways = [(name, written(tmp_path / str(n), text), STORAGE) for n, (name, text) in enumerate(looser)]

    assert len(ways) > 60
    assert survivors(tmp_path, ways) == []


def test_each_rule_of_the_objects_that_is_loosened_is_noticed(tmp_path: Path) -> None:
    looser = loosened.of_storage(STORAGE.read_text(encoding="utf-8"))
    ways = [(name, DATABASE, written(tmp_path / str(n), text)) for n, (name, text) in enumerate(looser)]

    assert len(ways) > 55
    assert survivors(tmp_path, ways) == []


@pytest.mark.parametrize(
    ("found", "planted"),
    [
        ("allow get:", "permit get:"),
        ("fileName.matches(", "fileName.startsWith("),
        ("resource == null", "resource ~= null"),
        ("service firebase.storage", "service cloud.firestore"),
    ],
)
def test_a_rule_that_cannot_be_read_is_never_passed_over(found: str, planted: str, tmp_path: Path) -> None:
    rules = STORAGE.read_text(encoding="utf-8")
    assert found in rules

    answer = check(DATABASE, written(tmp_path / "storage.rules", rules.replace(found, planted)))

    assert answer.returncode == 1
    assert "SyntaxError" in answer.stderr
