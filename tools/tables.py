"""The large table of the benchmark, and the acts on it that are measured in a process of their own."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

NUMBERS, INTEGERS, CATEGORIES = 9, 4, 4
CHUNK: Final = 100_000


def write(path: Path, *, rows: int, seed: int = 0) -> Path:
    """Write a CSV of ``rows`` rows and 20 columns: numbers with gaps, counts, categories, a date, texts."""
    import numpy as np
    import pandas as pd

    generator = np.random.default_rng(seed)
    for start in range(0, rows, CHUNK):
        size = min(CHUNK, rows - start)
        columns: dict[str, object] = {}
        for number in range(NUMBERS):
            values = generator.normal(100 * number, 15, size).round(4)
            values[generator.random(size) < 0.02 * (number % 3)] = np.nan
            columns[f"measure_{number}"] = values
        for number in range(INTEGERS):
            columns[f"count_{number}"] = generator.integers(0, 10 ** (number + 1), size)
        for number in range(CATEGORIES):
            names = np.array([f"{'abcd'[number]}_{level}" for level in range(3 + 4 * number)])
            columns[f"group_{number}"] = generator.choice(names, size)
        columns["member"] = generator.choice(np.array(["yes", "no"]), size)
        days = np.datetime64("2015-01-01") + generator.integers(0, 3650, size)
        columns["day"] = days.astype(str)
        columns["label"] = [f"row {start + index} of the table" for index in range(size)]
        frame = pd.DataFrame(columns)
        frame.to_csv(path, index=False, mode="a" if start else "w", header=start == 0)
    return path


def ours(path: Path) -> dict[str, float]:
    """Read a table as the app does: dialect, kinds and report included."""
    from mlp_core.read import read_table

    table = read_table(path)
    return {"rows": len(table.frame), "columns": len(table.kinds)}


def look(path: Path) -> dict[str, float]:
    """Take the first look at a file."""
    from mlp_core.read import first_look

    found = first_look(path)
    return {"rows": 0 if found is None else len(found.frame)}


def again(path: Path) -> dict[str, float]:
    """Open a table that was read before, by its fingerprint."""
    from mlp_core.storage.blobs import read_arrow

    return {"rows": len(read_arrow(path, path.with_suffix(".checksum").read_text()))}


def profiled(path: Path) -> dict[str, float]:
    """Profile a table that was read before."""
    from mlp_core.profile import profile
    from mlp_core.storage.blobs import read_arrow
    from mlp_core.table import Table

    table = Table.of(read_arrow(path, path.with_suffix(".checksum").read_text()), name="table")
    return {"rows": len(table.frame), "alerts": len(profile(table).alerts)}


def keep(path: Path) -> dict[str, float]:
    """Read a table once and keep it beside its file, as the app does."""
    from mlp_core.read import read_table
    from mlp_core.storage.blobs import write_arrow

    kept, frame = path.with_suffix(".arrow"), read_table(path).frame
    kept.with_suffix(".checksum").write_text(write_arrow(kept, frame))
    return {"rows": len(frame)}


def pandas(path: Path) -> dict[str, float]:
    """Read a table as plain pandas does, told nothing."""
    from pandas import read_csv

    return {"rows": len(read_csv(path))}


def arrow(path: Path) -> dict[str, float]:
    """Read a table into a pandas frame by way of plain Arrow."""
    from pyarrow import csv

    return {"rows": len(csv.read_csv(path).to_pandas(split_blocks=True, self_destruct=True))}


def polars(path: Path) -> dict[str, float]:
    """Read a table into a pandas frame by way of plain polars."""
    from polars import read_csv

    return {"rows": len(read_csv(path).to_pandas())}


def bytes_only(path: Path) -> dict[str, float]:
    """Read the bytes and nothing more."""
    return {"bytes": len(path.read_bytes())}


ACTS: Final[dict[str, Callable[[Path], dict[str, float]]]] = {
    "ours": ours,
    "keep": keep,
    "look": look,
    "again": again,
    "profiled": profiled,
    "pandas": pandas,
    "arrow": arrow,
    "polars": polars,
    "bytes": bytes_only,
}

NEEDED: Final = {
    "ours": ("pandas", "pyarrow.csv", "pyarrow.compute", "mlp_core.read"),
    "keep": ("pandas", "pyarrow.csv", "mlp_core.read", "mlp_core.storage"),
    "look": ("pandas", "pyarrow.csv", "pyarrow.compute", "mlp_core.read"),
    "again": ("pandas", "pyarrow.ipc", "mlp_core.storage"),
    "profiled": ("pandas", "pyarrow.compute", "mlp_core.storage", "mlp_core.profile", "scipy.stats"),
    "pandas": ("pandas",),
    "arrow": ("pandas", "pyarrow.csv"),
    "polars": ("pandas", "polars"),
    "bytes": (),
}
"""What is imported before the clock starts."""


def main(act: str, path: str) -> None:
    """Do one act, imports before the clock starts, and print what it took as JSON."""
    import psutil

    for module in NEEDED[act]:
        importlib.import_module(module)
    process = psutil.Process()
    began, cpu = time.perf_counter(), sum(process.cpu_times()[:2])
    found = ACTS[act](Path(path))
    found["seconds"] = time.perf_counter() - began
    found["cpu_seconds"] = sum(process.cpu_times()[:2]) - cpu
    memory = process.memory_info()
    found["peak_mb"] = getattr(memory, "peak_wset", _high_water() or memory.rss) / 1024**2
    print(json.dumps(found))


def _high_water() -> int:
    """Return the most resident bytes this process has had, where the system tells."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
