"""The large table of the benchmark, and the acts on it that are measured in a process of their own."""

from __future__ import annotations

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
    """Read and profile a table as the app does."""
    from mlp_core.profile import profile
    from mlp_core.read import read_table

    began = time.perf_counter()
    table = read_table(path)
    read = time.perf_counter() - began
    profile(table)
    return {"rows": len(table.frame), "columns": len(table.kinds), "read_seconds": read}


def pandas(path: Path) -> dict[str, float]:
    """Read a table as plain pandas does, told nothing."""
    from pandas import read_csv

    return {"rows": len(read_csv(path))}


def bytes_only(path: Path) -> dict[str, float]:
    """Read the bytes and nothing more."""
    return {"bytes": len(path.read_bytes())}


ACTS: Final[dict[str, Callable[[Path], dict[str, float]]]] = {
    "ours": ours,
    "pandas": pandas,
    "bytes": bytes_only,
}


def main(act: str, path: str) -> None:
    """Do one act, imports before the clock starts, and print what it took as JSON."""
    import psutil

    if act == "ours":
        import mlp_core.profile
        import mlp_core.read  # noqa: F401
    if act != "bytes":
        import pandas as _  # noqa: F401
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
