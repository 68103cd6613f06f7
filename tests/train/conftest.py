"""Tables to train on: small, of every task, with every kind of column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from traps import raw_auto_mpg

from mlp_core.read import read_table
from mlp_core.table import Table

CARS = (
    "mpg",
    "cylinders",
    "displacement",
    "horsepower",
    "weight",
    "acceleration",
    "model year",
    "origin",
    "car name",
)


def named(table: Table) -> Table:
    return Table.of(table.frame.set_axis(list(CARS), axis=1), name="cars")


@pytest.fixture(scope="session")
def cars() -> Table:
    """Return 398 cars in the layout of Auto MPG, rebuilt from what a package carries."""
    return named(read_table(raw_auto_mpg(), name="cars.data"))


@pytest.fixture(scope="session")
def mixed() -> Table:
    """Return 160 rows with a feature of every kind, gaps, and a target of each task."""
    generator = np.random.default_rng(3)
    rows = 160
    size = generator.normal(50, 12, rows)
    colour = generator.choice(["red", "green", "blue"], rows, p=[0.5, 0.4, 0.1])
    sold = generator.random(rows) < 1 / (1 + np.exp(-(size - 50) / 6 - (colour == "red")))
    price = 3 * size + 20 * (colour == "red") + generator.normal(0, 5, rows)
    frame = pd.DataFrame(
        {
            "size": size,
            "rooms": generator.integers(1, 6, rows),
            "colour": pd.Series(colour, dtype="str"),
            "new": pd.array(generator.random(rows) < 0.3, dtype="boolean"),
            "built": pd.Series(pd.date_range("1990-01-01", periods=rows, freq="40D")),
            "notes": pd.Series([f"house number {i} in the street" for i in range(rows)], dtype="str"),
            "nothing": np.nan,
            "always": 1,
            "sold": pd.Series(np.where(sold, "yes", "no"), dtype="str"),
            "grade": pd.Series(np.digitize(size, [42, 58]).astype(str), dtype="str"),
            "price": price,
        }
    )
    frame.loc[::9, "size"] = np.nan
    frame.loc[::11, "colour"] = None
    frame.loc[::13, "new"] = None
    frame.loc[::17, "built"] = pd.NaT
    return Table.of(frame, name="houses")


FEATURES = ("size", "rooms", "colour", "new", "built")
