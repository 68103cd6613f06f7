"""What every test may ask for: one deliberately messy frame, the shared data files; and who is left out."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run the tests marked slow")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    skipped = {}
    if not config.getoption("--slow"):
        skipped["slow"] = "slow; give --slow to run it"
    if not os.environ.get("FIREBASE_AUTH_EMULATOR_HOST"):
        skipped["firebase"] = "no emulator of Firebase runs; python start.py test --firebase starts them"
    for item in items:
        for mark, reason in skipped.items():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def shared_data() -> Path:
    """Return the folder of real files that stands beside a working copy of the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"there is no folder of real files at {folder}; a fresh clone has none")
    return folder


@pytest.fixture
def messy() -> pd.DataFrame:
    """Return a fresh frame of 60 rows with one awkward column per kind; its last two rows are repeats.

    ======================  ==========  ==================================================
    column                  kind        what is awkward
    ======================  ==========  ==================================================
    ``weight (kg)``         number      gaps, one infinity, one value far away
    ``cylinders``           integer     whole numbers held as floats, because of a gap
    ``insured``             boolean     nullable, with a gap
    ``classe``              category    accents, a rare value, a gap, an edge space
    ``when``                datetime    a gap, a day before 1970
    ``notes``               text        formula, markup, line break, emoji, empty, a gap
    ``empty``               empty       nothing at all
    ``constant``            constant    one value only
    ``client id``           identifier  a gap
    ``taille``              ordered     a gap, an order that is not the alphabet's
    ``lasts``               duration    a gap, less than nothing
    ``latitude``            geographic  a gap, in the south
    ``longitude``           geographic  a gap, in the west
    ======================  ==========  ==================================================
    """
    rows = 58
    generator = np.random.default_rng(7)
    weight = np.round(generator.normal(1400, 250, rows), 1)
    weight[[3, 11, 20]] = np.nan
    weight[5], weight[6] = np.inf, 98_000.0
    cylinders = generator.choice([4.0, 6.0, 8.0], rows)
    cylinders[9] = np.nan
    classe = generator.choice(["économique", "société", "société "], rows).astype(object)
    classe[0], classe[14] = "très rare", None
    when = pd.Series(pd.date_range("1968-05-04", periods=rows, freq="73D"))
    when[2] = pd.NaT
    notes = pd.Series([f"car {number} of the fleet" for number in range(rows)], dtype="str")
    notes[[0, 1, 2, 3, 4]] = ["=1+1", "<b>bold</b> $x^2$ **stars**", "two\nlines", "🚗 ça roule", ""]
    notes[8] = None
    frame = pd.DataFrame(
        {
            "weight (kg)": weight,
            "cylinders": cylinders,
            "insured": pd.array([True, False, None, *[True] * (rows - 3)], dtype="boolean"),
            "classe": pd.Series(classe, dtype="str"),
            "when": when,
            "notes": notes,
            "empty": np.full(rows, np.nan),
            "constant": 1,
            "client id": pd.Series([None, *(f"C-{number}" for number in range(1, rows))], dtype="str"),
            "taille": pd.Series([None, *generator.choice(["S", "M", "L"], rows - 1)], dtype="str"),
            "lasts": pd.to_timedelta([None, -90.5, *generator.integers(0, 9_999, rows - 2)], unit="s"),
            "latitude": [np.nan, *generator.uniform(-60, 60, rows - 1)],
            "longitude": [np.nan, *generator.uniform(-170, 170, rows - 1)],
        }
    )
    return pd.concat([frame, frame.tail(2)], ignore_index=True)
