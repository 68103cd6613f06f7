"""The table on which the profile is measured, and what profiling it takes in CPU seconds.

Run as ``python -m tools.profiling [rows] [runs]``; with a path as third argument the table is also written
there as Parquet, so that another profiler can be measured on the same cells.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

ROWS: Final = 50_000
RUNS: Final = 5


def frame(rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    """Return 15 mixed columns: numbers with gaps, counts, categories, yes/no, dates and texts."""
    import numpy as np
    import pandas as pd

    dice = np.random.default_rng(seed)
    hidden = dice.normal(size=rows)
    columns: dict[str, object] = {}
    for place in range(6):
        values = (hidden + dice.normal(0, 1 + place, rows)).round(4)
        values[dice.random(rows) < 0.03 * (place % 3)] = np.nan
        columns[f"measure_{place}"] = np.exp(values) if place == 5 else values
    for place in range(3):
        columns[f"count_{place}"] = dice.poisson(3.0 * 10**place, rows)
    for place in range(3):
        names = np.array([f"level {place} {level}" for level in range(3 + 10 * place)])
        columns[f"group_{place}"] = pd.Series(dice.choice(names, rows), dtype="str")
    columns["member"] = dice.random(rows) < 0.3
    columns["day"] = np.datetime64("2015-01-01") + dice.integers(0, 3650, rows)
    columns["note"] = pd.Series([f"row {place} of the table" for place in range(rows)], dtype="str")
    return pd.DataFrame(columns)


def cpu_seconds(made: pd.DataFrame, runs: int = RUNS) -> list[float]:
    """Return the CPU seconds of each run of the whole profile: facts, associations and alerts."""
    from mlp_core.profile import profile
    from mlp_core.table import Table

    table = Table.of(made, name="made")
    profile(Table.of(made.head(100), name="warm"))  # what is imported late is imported now
    taken = []
    for _ in range(runs):
        began = time.process_time()
        profile(table)
        taken.append(time.process_time() - began)
    return taken


def main(rows: int = ROWS, runs: int = RUNS, path: str | None = None) -> None:
    """Print what profiling the table takes, as JSON."""
    made = frame(rows)
    if path is not None:
        made.to_parquet(Path(path))
    taken = cpu_seconds(made, runs)
    found = {"rows": rows, "columns": made.shape[1], "cpu_seconds": median(taken), "best": min(taken)}
    print(json.dumps({"measure": "profile", **found, "runs": runs}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
