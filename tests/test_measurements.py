"""The benchmark measures what it says; its full run is for people, a small one is a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tools import chromium, tables

ROOT = Path(__file__).resolve().parents[1]


def test_the_large_table_is_the_same_each_time_and_holds_every_kind(tmp_path: Path) -> None:
    one = tables.write(tmp_path / "one.csv", rows=500)
    two = tables.write(tmp_path / "two.csv", rows=500)
    frame = pd.read_csv(one, parse_dates=["day"])

    assert one.read_bytes() == two.read_bytes()
    assert frame.shape == (500, 20)
    assert frame.isna().any().any()
    assert {dtype.kind for dtype in frame.dtypes} >= {"f", "i", "M"}


def test_a_table_written_in_parts_has_one_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "CHUNK", 40)
    frame = pd.read_csv(tables.write(tmp_path / "parts.csv", rows=100))

    assert frame.shape == (100, 20)
    assert frame["label"].is_unique


@pytest.mark.parametrize("act", list(tables.ACTS))
def test_each_act_tells_its_seconds_and_its_memory(act: str, tmp_path: Path) -> None:
    path = tables.write(tmp_path / "table.csv", rows=300)
    if act in ("again", "profiled"):
        tables.keep(path)
    place = path.with_suffix(".arrow") if act in ("again", "profiled") else path
    command = [sys.executable, "-m", "tools.tables", act, str(place)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout)

    assert found["seconds"] > 0
    assert found["peak_mb"] > 10
    assert act == "bytes" or found["rows"] == 300


@pytest.mark.slow
@pytest.mark.browser
def test_the_benchmark_tells_every_measure_as_one_json_line() -> None:
    found = chromium.find()
    variables = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "tests"),
        **({"CHROMIUM": str(found)} if found else {}),
    }
    command = [sys.executable, "-m", "tools.bench", "--rows", "1000", "--runs", "1"]
    answer = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    measures = [json.loads(line) for line in answer.stdout.splitlines()]

    assert [measure["measure"] for measure in measures] == [
        *("first_page", "memory_at_rest", "read", *["read_bare"] * 4, "read_again", "first_look", "profile"),
        *("profile_50000", "upload"),
        *["revisit"] * 6,
        "memory",
    ]
    assert [measure["page"] for measure in measures if "page" in measure] == [
        *("home", "upload", "explore", "visualize", "train", "predict")
    ]
    assert all(0 < measure["ms"] < 60_000 for measure in measures if "ms" in measure)
