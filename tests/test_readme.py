"""The README's examples are true: each is added as it stands, and works."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IMPORTS = """
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar
import pandas as pd
import plotly.graph_objects as go
from matplotlib.figure import Figure
from mlp_core.charts import CHARTS, Chart, ChartData, draw, draw_static, paper, screen
from mlp_core.charts.columns import NUMBERS
from mlp_core.charts.look import Look
from mlp_core.clean import OPERATIONS, Operation, Recipe
from mlp_core.clean.operation import Learned, which
from mlp_core.kinds import Kind
from mlp_core.params import column_of, columns_of, number
from mlp_core.profile import profile
from mlp_core.profile.alerts.check import CHECKS, Alert, Check, Severity, step
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.clean import operation_from_json
from mlp_core.read import sample
from mlp_core.table import Table
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train import MODELS, Leaderboard, Model, TrainingPlan, train
from mlp_core.train.model import PREDICTIVE
"""
PROOFS = {
    "MostlyZero": """
table = Table.of(pd.DataFrame({"rain": [0.0] * 99 + [1.5]}), name="days")
(found,) = [alert for alert in profile(table).alerts if alert.check == "mostly_zero"]
clean = Recipe([operation_from_json(found.fix)]).apply(table)
assert clean.frame["rain"].notna().sum() == 1
""",
    "RoundNumbers": """
table = sample("cars")
clean = Recipe([RoundNumbers(columns=("Miles_per_Gallon",), digits=0)]).apply(table)
assert (clean.frame["Miles_per_Gallon"].dropna() % 1 == 0).all()
""",
    "Quartiles": """
table = sample("cars")
assert draw("quartiles", table, column="Horsepower").data
assert draw_static("quartiles", table, column="Horsepower").startswith(b"\\x89PNG")
""",
    "ExtraTrees": """
from pathlib import Path
board = train(sample("iris"), TrainingPlan(target="species", models=("extra_trees",)))
board.save(Path("board"))
again = Leaderboard.load(Path("board")).row("extra_trees")
assert again.cv["accuracy"].mean > 0.9
assert len(again.pipeline.predict(sample("iris").frame)) == 150
""",
}


def python(script: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def blocks() -> list[str]:
    parts = (ROOT / "README.md").read_text(encoding="utf-8").split("```python\n")[1:]
    return [part.split("```")[0] for part in parts]


def test_the_journey_by_the_front_doors_runs_without_streamlit(tmp_path: Path) -> None:
    (journey,) = [block for block in blocks() if "Project.create" in block]
    shown = python(
        journey + "\nimport sys\nassert 'streamlit' not in sys.modules\nprint(len(answers.values))\n",
        tmp_path,
    )
    assert shown.splitlines()[-1] == "5"
    assert (tmp_path / "work.pythie").exists()


@pytest.mark.parametrize("name", PROOFS)
def test_an_example_of_adding_a_thing_works_as_it_stands(name: str, tmp_path: Path) -> None:
    (example,) = [block for block in blocks() if f"class {name}(" in block]
    python(IMPORTS + example + PROOFS[name], tmp_path)


def test_every_front_door_is_named() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    doors = (
        "read_table",
        "profile",
        "Recipe",
        "draw",
        "draw_static",
        "TrainingPlan",
        "train",
        "predict",
        "Project",
    )
    assert [door for door in doors if door not in text] == []


def test_every_picture_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = [part.split(")")[0] for part in text.split("](")[1:] if part.split(")")[0].endswith(".png")]

    assert len(named) >= 4
    assert [name for name in named if not (ROOT / name).is_file()] == []
