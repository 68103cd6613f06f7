"""Equal content has an equal fingerprint; kinds and task follow from whole columns."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mlp_core.fingerprint import fingerprint_of
from mlp_core.kinds import LABELS, Kind, kind_of
from mlp_core.table import ReadReport, Table
from mlp_core.task import Task, task_of
from mlp_core.text import Text


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame({"a": [1, 2, 3], "b": ["x", None, "z"], "c": [0.5, np.nan, 2.0]})


def test_equal_content_has_an_equal_fingerprint(frame: pd.DataFrame) -> None:
    assert fingerprint_of(frame) == fingerprint_of(frame.copy(deep=True))
    assert fingerprint_of(frame) == fingerprint_of(frame.set_axis([7, 8, 9]))


def test_how_equal_cells_are_held_does_not_change_the_fingerprint(frame: pd.DataFrame) -> None:
    longer = pd.concat([frame.head(1), frame, frame.tail(1)], ignore_index=True)
    other_nan = np.array([0.5, -np.nan, 2.0])
    under_gap = pa.array(["x", "under", "z"]).buffers()
    gap = pa.Array.from_buffers(pa.string(), 3, [pa.py_buffer(b"\x05"), *under_gap[1:]], null_count=1)
    texts = pa.table({"b": gap}).to_pandas()["b"]

    assert texts.isna().tolist() == [False, True, False]
    assert fingerprint_of(longer.iloc[1:4]) == fingerprint_of(frame)
    assert fingerprint_of(frame.assign(c=other_nan)) == fingerprint_of(frame)
    assert fingerprint_of(frame.assign(b=texts)) == fingerprint_of(frame)
    assert fingerprint_of(frame.assign(c=[-0.0] * 3)) == fingerprint_of(frame.assign(c=[0.0] * 3))


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.assign(a=[1, 2, 4]),
        lambda f: f.assign(b=["x", "", "z"]),
        lambda f: f.assign(b=["", None, "xz"]),
        lambda f: f.assign(a=[1.0, 2.0, 3.0]),
        lambda f: f.rename(columns={"a": "A"}),
        lambda f: f[["b", "a", "c"]],
        lambda f: f.iloc[::-1],
        lambda f: f.head(2),
        lambda f: f.assign(c=[np.nan, 0.5, 2.0]),
        lambda f: f.assign(d=1),
    ],
)
def test_any_change_changes_the_fingerprint(frame: pd.DataFrame, change: object) -> None:
    assert fingerprint_of(change(frame)) != fingerprint_of(frame)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, 3], Kind.INTEGER),
        ([1.0, np.nan, 3.0], Kind.INTEGER),
        ([1.5, 2.0], Kind.NUMBER),
        ([1.0, np.inf], Kind.NUMBER),
        ([True, False], Kind.BOOLEAN),
        (["a", "b"] * 20, Kind.CATEGORY),
        ([f"note {n}" for n in range(40)], Kind.TEXT),
        (pd.to_datetime(["2024-01-01", None]), Kind.DATETIME),
        ([np.nan, np.nan], Kind.EMPTY),
        ([], Kind.EMPTY),
    ],
)
def test_the_kind_follows_from_the_whole_column(values: object, kind: Kind) -> None:
    assert kind_of(pd.Series(values)) is kind
    assert LABELS[kind].render("fr")


@pytest.mark.parametrize(
    ("target", "task"),
    [
        (None, Task.CLUSTERING),
        ([0.5, 1.5, 2.25], Task.REGRESSION),
        (list(range(30)), Task.REGRESSION),
        ([0, 1] * 10, Task.CLASSIFICATION),
        ([0.0, 1.0, np.nan], Task.CLASSIFICATION),
        (["yes", "no"], Task.CLASSIFICATION),
        ([True, False], Task.CLASSIFICATION),
    ],
)
def test_the_task_follows_from_the_target(target: list[object] | None, task: Task) -> None:
    assert task_of(None if target is None else pd.Series(target)) is task


def test_a_table_knows_its_columns_by_kind(frame: pd.DataFrame) -> None:
    table = Table.of(frame, name="made")
    assert table.columns() == ["a", "b", "c"]
    assert table.columns(Kind.INTEGER, Kind.NUMBER) == ["a", "c"]


def test_a_report_survives_json() -> None:
    report = ReadReport(encoding="cp1252", separator=";", missing=("?",), notes=(Text("{n:n} rows", n=3),))
    assert ReadReport.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_a_kind_that_was_decided_holds_and_changes_the_fingerprint(frame: pd.DataFrame) -> None:
    found, decided = (
        Table.of(frame, name="t"),
        Table.of(frame, name="t", decided={"a": Kind.CATEGORY, "gone": Kind.TEXT}),
    )

    assert decided.kinds == {**found.kinds, "a": Kind.CATEGORY}
    assert decided.fingerprint != found.fingerprint
    assert Table.of(frame, name="u", decided={"a": found.kinds["a"]}).fingerprint == found.fingerprint
