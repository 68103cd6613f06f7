"""Faults planted in small tables, each beside the nearest thing that is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

ROWS = 200
Column = "pd.Series"


def dice() -> np.random.Generator:
    return np.random.default_rng(11)


def words(*values: str, rows: int = ROWS) -> pd.Series:
    """Return the values in turn, as text."""
    return pd.Series([values[n % len(values)] for n in range(rows)], dtype="str")


def with_some(column: pd.Series, value: object, count: int) -> pd.Series:
    """Return the column with ``value`` in ``count`` of its rows, spread over it."""
    return column.mask(column.index % (len(column) // count) == len(column) // count // 2, value)


def clean() -> pd.DataFrame:
    """Return a table in which nothing is wrong, with a column of every usual sort."""
    random = dice()
    return pd.DataFrame(
        {
            "size": random.normal(170, 10, ROWS),
            "visits": random.integers(0, 30, ROWS),
            "town": pd.Series(random.choice(["Paris", "Lyon", "Nantes", "Metz"], ROWS), dtype="str"),
            "member": random.random(ROWS) < 0.5,
            "since": pd.Timestamp("2019-01-01") + pd.to_timedelta(random.integers(0, 900, ROWS), unit="D"),
            "answer": random.integers(0, 2, ROWS),
        }
    )


def _numbers() -> pd.Series:
    return pd.Series(dice().integers(0, 90, ROWS))


def _floats() -> pd.Series:
    return pd.Series(dice().normal(50, 8, ROWS).round(1))


def _town() -> pd.Series:
    return pd.Series(dice().choice(["Paris", "Lyon", "Nantes"], ROWS), dtype="str")


PLANTED: dict[str, tuple[str, Callable[[], pd.Series], Callable[[], pd.Series]]] = {
    "constant": ("x", lambda: words("same"), lambda: words("same", "other")),
    "all_missing": ("x", lambda: pd.Series([np.nan] * ROWS), lambda: _floats().mask(_floats() < 45)),
    "high_missing": (
        "x",
        lambda: with_some(_floats(), np.nan, 100),
        lambda: with_some(_floats(), np.nan, 40),
    ),
    "identifier": (
        "x",
        lambda: pd.Series(dice().permutation(ROWS) + 1000),
        lambda: pd.Series(dice().permutation(5 * ROWS)[:ROWS]),
    ),
    "identifier of a year": (
        "x",
        lambda: pd.Series(range(ROWS)),
        lambda: pd.Series(range(1800, 1800 + ROWS), name="year"),
    ),
    "identifier by letters": (
        "x",
        lambda: pd.Series([f"order {n * 7919 % 100_003}" for n in range(ROWS)], dtype="str"),
        _floats,
    ),
    "infinite": ("x", lambda: with_some(_floats(), np.inf, 4), _floats),
    "sentinel -999": ("x", lambda: with_some(_floats(), -999.0, 10), lambda: with_some(_floats(), -9.0, 1)),
    "sentinel 9999": ("x", lambda: with_some(_numbers(), 9999, 10), lambda: _numbers() + 9909),
    "sentinel 365243": ("x", lambda: with_some(-20 * _numbers(), 365243, 40), lambda: -20 * _numbers()),
    "sentinel -1": (
        "x",
        lambda: with_some(_numbers(), -1, 40),
        lambda: pd.Series(dice().integers(-1, 2, ROWS)),
    ),
    "sentinel -1 among others below nought": (
        "x",
        lambda: with_some(_numbers(), -1, 20),
        lambda: _numbers() - 40,
    ),
    "sentinel unknown": ("x", lambda: with_some(_town(), "Unknown", 10), _town),
    "sentinel inconnu": (
        "x",
        lambda: with_some(_town(), "inconnu", 10),
        lambda: words("connu", "méconnu", "venu"),
    ),
    "sentinel dash": ("x", lambda: with_some(_town(), "-", 10), lambda: words("A-B", "B-C", "C-A")),
    "skew": ("x", lambda: np.exp(_floats() / 8).round(2), lambda: _floats() ** 2),
    "rare_categories": (
        "x",
        lambda: with_some(with_some(_town(), "Apt", 1), "Gap", 1).where(_town().index != 150, "Albi"),
        lambda: words("a", "b", "c"),
    ),
    "mixed_types": (
        "x",
        lambda: with_some(_numbers().astype("str"), "about twelve", 4),
        lambda: with_some(_town(), "12", 4),
    ),
    "spellings of capitals": (
        "x",
        lambda: with_some(_town(), "PARIS", 4),
        lambda: words("Paris", "Parme", "Pau"),
    ),
    "spellings of accents": ("x", lambda: with_some(words("Besançon", "Nîmes"), "Nimes", 8), _town),
    "spellings of blanks": ("x", lambda: with_some(_town(), "Lyon ", 4), lambda: words("Le Mans", "Lemania")),
    "spellings of a letter": (
        "x",
        lambda: with_some(_town(), "Nanttes", 2),
        lambda: words("Gambia", "Zambia", "typical", "atypical", "Grade A", "Grade B"),
    ),
    "unit_mix": (
        "x",
        lambda: pd.Series([f"{n} kg" if n % 5 else f"{2 * n} lb" for n in range(ROWS)], dtype="str"),
        lambda: words("3 rue Ney", "5 rue Foch", "9 quai Sud"),
    ),
    "encoding_damage": (
        "x",
        lambda: words("NÃ®mes", "BesanÃ§on", "Metz"),
        lambda: words("Nîmes", "Besançon", "São Paulo", "Ångström"),
    ),
    "encoding_damage beyond repair": ("x", lambda: words("N\ufffdmes", "Metz", "Pau"), _town),
    "future_dates": (
        "x",
        lambda: with_some(clean()["since"], pd.Timestamp("2031-05-04"), 2),
        lambda: clean()["since"],
    ),
    "suspicious_range age": (
        "age",
        lambda: with_some(_numbers(), 170, 2),
        lambda: (_floats() - 50) / 8,
    ),
    "suspicious_range percent": ("rate_percent", lambda: with_some(_numbers(), 130, 2), _numbers),
    "suspicious_range latitude": ("latitude", lambda: with_some(_floats(), 95.5, 2), _floats),
    "suspicious_range year": (
        "year",
        lambda: with_some(1950 + _numbers() // 2, 0, 4),
        lambda: 70 + _numbers() // 8,
    ),
    "duplicate_columns": ("x", lambda: clean()["size"], lambda: clean()["size"].round(0)),
    "duplicate_columns in other words": (
        "x",
        lambda: clean()["town"].map({"Paris": "75", "Lyon": "69", "Nantes": "44", "Metz": "57"}),
        lambda: clean()["town"].map({"Paris": "Île", "Lyon": "Sud", "Nantes": "Ouest", "Metz": "Ouest"}),
    ),
    "high_correlation": (
        "x",
        lambda: clean()["size"] * 2.2 + np.random.default_rng(2).normal(0, 1, ROWS),
        lambda: clean()["size"] + np.random.default_rng(2).normal(0, 8, ROWS),
    ),
}
"""For each check: the name of a column, one with the fault, and one that only looks like it."""
