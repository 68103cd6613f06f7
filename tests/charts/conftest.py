"""Tables that break charts: one awkwardness each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from mlp_core.table import Table

NAUGHTY = "<b>bold</b> & $x^2$ %{x} {slot} \\frac 名前 🚗\n'quote' " + "long " * 60


def _numbers(rows: int) -> np.ndarray:
    return np.random.default_rng(1).normal(size=rows)


def _typical(rows: int = 300) -> pd.DataFrame:
    generator = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "height": generator.normal(170, 9, rows),
            "weight": generator.normal(70, 12, rows),
            "doors": generator.integers(2, 6, rows),
            "colour": generator.choice(["red", "green", "blue"], rows, p=[0.6, 0.3, 0.1]),
            "sold": generator.random(rows) < 0.4,
        }
    )
    frame.loc[::7, "height"] = np.nan
    frame.loc[::11, "colour"] = None
    return frame


def _naughty_names() -> pd.DataFrame:
    frame = _typical()
    frame.columns = pd.Index([f"{i} {NAUGHTY}" for i in range(len(frame.columns))])
    return frame


def _naughty_values() -> pd.DataFrame:
    frame = _typical()
    values = [NAUGHTY, "$1 and $2", "<script>alert(1)</script>", "", " ", "nan", "a\tb", "\x00", "‮abc"]
    return frame.assign(colour=(values * 40)[: len(frame)], other=(values[::-1] * 40)[: len(frame)])


def _huge() -> pd.DataFrame:
    numbers = np.array([1e308, -1e308, 1.5, 2.5, np.inf, -np.inf, np.nan, 1e99, -1e99, 0.1] * 5)
    return pd.DataFrame(
        {"a": numbers, "b": numbers[::-1], "c": np.array([1e-308, 5e-324, 2e-200, 0, 1e-300] * 10)}
    )


def _many_columns() -> pd.DataFrame:
    numbers = np.random.default_rng(3).normal(size=(50, 300))
    return pd.DataFrame(numbers, columns=[f"column {i}" for i in range(300)])


HOSTILE: dict[str, Callable[[], pd.DataFrame]] = {
    "typical": _typical,
    "no rows": lambda: _typical().head(0),
    "no columns": lambda: pd.DataFrame(index=range(3)),
    "nothing": pd.DataFrame,
    "one row": lambda: _typical().head(1),
    "two rows": lambda: _typical().head(2),
    "all missing": lambda: pd.DataFrame(
        {"a": [np.nan] * 9, "b": [None] * 9, "c": pd.array([None] * 9, "Int64")}
    ),
    "constant": lambda: pd.DataFrame(
        {"a": [7] * 20, "b": [0.1] * 20, "c": ["x"] * 20, "d": [1e15 + 0.5] * 20}
    ),
    "near constant": lambda: pd.DataFrame({"a": [1.0, 1.0 + 2e-16] * 9, "b": [1e50, 1e50 + 1e35] * 9}),
    "infinite": lambda: pd.DataFrame({"a": [np.inf, -np.inf, np.nan] * 4, "b": [1.5, 2.5, np.inf] * 4}),
    "huge": _huge,
    "ten thousand categories": lambda: pd.DataFrame(
        {
            "c": [f"value {i % 10_000}" for i in range(60_000)],
            "many": [f"v{i % 999}" for i in range(60_000)],
            "g": ["a", "b"] * 30_000,
            "n": _numbers(60_000),
        }
    ),
    "naughty names": _naughty_names,
    "naughty values": _naughty_values,
    "nullable": lambda: pd.DataFrame(
        {
            "i": pd.array([1, None, 3, 2] * 9, "Int64"),
            "f": pd.array([1.5, None, 3, 2] * 9, "Float64"),
            "b": pd.array([True, None, False, True] * 9, "boolean"),
            "c": pd.Categorical(["lo", "hi", None, "mid"] * 9, ["lo", "mid", "hi", "never"], ordered=True),
        }
    ),
    "dates": lambda: pd.DataFrame(
        {"when": pd.date_range("1960-01-01", periods=30, freq="37D"), "n": _numbers(30)}
    ),
    "large integers": lambda: pd.DataFrame(
        {
            "id": np.arange(40, dtype=np.int64) + 2**62,
            "u": np.full(40, 2**64 - 1, dtype=np.uint64),
            "n": _numbers(40),
        }
    ),
    "never together": lambda: pd.DataFrame(
        {"a": [1.5, np.nan] * 9, "b": [np.nan, 2.5] * 9, "c": ["x", None] * 9, "d": [None, "y"] * 9}
    ),
    "duplicate rows": lambda: pd.DataFrame(
        {"a": [1.5, 1.5, 2.5] * 50, "b": [3, 3, 4] * 50, "c": ["k", "k", "l"] * 50}
    ),
    "many columns": _many_columns,
    "mixed objects": lambda: pd.DataFrame(
        {"o": [1, "1", 1.0, True, None] * 8, "n": _numbers(40), "m": _numbers(40)}
    ),
}


@pytest.fixture(params=list(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> Table:
    return Table.of(HOSTILE[request.param](), name=f"{request.param} <i>$t$</i>")


@pytest.fixture
def typical() -> Table:
    return Table.of(_typical(), name="typical")
