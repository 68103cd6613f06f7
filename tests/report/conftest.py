"""PDFs read back by a program that nobody here wrote, and one small training to write about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest

from mlp_core.clean import Recipe, operation_from_json
from mlp_core.read import SAMPLES
from mlp_core.table import Table
from mlp_core.train import Leaderboard, TrainingPlan, train

MADE = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Read:
    """What a reader of a PDF finds in it."""

    pages: list[str]
    title: str
    parts: list[str]
    ink: list[float]

    @property
    def text(self) -> str:
        """All its words, however they were broken into lines."""
        return re.sub(r"\s+", " ", " ".join(self.pages))


def read_pdf(content: bytes) -> Read:
    pdf = pypdfium2.PdfDocument(content)
    drawn = [page.render(scale=0.5, grayscale=True).to_numpy() for page in pdf]
    found = Read(
        pages=[page.get_textpage().get_text_range() for page in pdf],
        title=pdf.get_metadata_dict()["Title"],
        parts=[part.get_title() for part in pdf.get_toc()],
        ink=[float((picture < 200).mean()) for picture in drawn],
    )
    pdf.close()
    return found


@pytest.fixture
def read() -> Callable[[bytes], Read]:
    """Return what opens a PDF."""
    return read_pdf


@pytest.fixture
def made() -> datetime:
    """Return the moment at which all documents of the tests are made."""
    return MADE


@pytest.fixture(scope="session")
def cars() -> Table:
    """Return a table with gaps, numbers and categories."""
    return next(sample for sample in SAMPLES if sample.id == "cars").load()


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    """Return two steps, the second of which is off."""
    fill: dict[str, Any] = {"id": "fill_missing", "params": {"columns": ["Horsepower"], "how": "median"}}
    drop: dict[str, Any] = {"id": "drop_columns", "params": {"columns": ["Name"]}}
    steps = Recipe([operation_from_json(fill), operation_from_json(drop)])
    return steps.switched(1)


@pytest.fixture(scope="session")
def board(cars: Table, recipe: Recipe) -> Leaderboard:
    """Return a small training on it."""
    plan = TrainingPlan(target="Origin", models=("logistic", "tree"), folds=3)
    return train(cars, plan, recipe=recipe)
