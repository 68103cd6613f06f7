"""A text that goes by way of the disk gives the very table that one held in memory gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlp_core.config import Settings
from mlp_core.errors import TooLarge
from mlp_core.read import ReadOptions, read_table

BY_DISK = Settings(large_mb=0)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return a file of 30,000 rows in which what a column holds is told by its last rows only."""
    rows = 30_000
    chance = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "whole": chance.integers(0, 9, rows),
            "gaps": np.where(chance.random(rows) < 0.1, np.nan, chance.normal(size=rows).round(3)),
            "code": [str(n) for n in range(rows - 1)] + ["007"],
            "late": ["1"] * (rows - 1) + ["?"],
            "words": chance.choice(["hiver, froid", "été", ""], rows),
            "note": [f"line {n}\nof two" if n % 1000 == 0 else f'said "{n}"' for n in range(rows)],
            "day": pd.date_range("1950-01-01", periods=rows).strftime("%d/%m/%Y"),
            "yes": chance.choice(["true", "false"], rows),
            "long": [2**62 + n for n in range(rows)],
            "nothing": [None] * rows,
        }
    )
    path = tmp_path / "large.csv"
    frame.to_csv(path, index=False)
    return path


def test_the_table_is_the_same(written: Path) -> None:
    held, mapped = read_table(written), read_table(written, settings=BY_DISK)

    pd.testing.assert_frame_equal(mapped.frame, held.frame)
    assert mapped.frame["code"].iloc[-1] == "007"
    assert (mapped.kinds, mapped.fingerprint) == (held.kinds, held.fingerprint)
    assert mapped.report.missing == held.report.missing
    told = [(one.what, one.value) for one in mapped.report.decisions]
    assert [one for one in told if one[0] != "boolean"] == [
        (one.what, one.value) for one in held.report.decisions
    ]


def test_what_a_person_decided_holds(written: Path) -> None:
    options = ReadOptions(header=False, missing=("été",))
    held, mapped = read_table(written, options), read_table(written, options, settings=BY_DISK)

    pd.testing.assert_frame_equal(mapped.frame, held.frame)
    assert len(mapped.frame) == 30_001


def test_its_progress_is_told(written: Path) -> None:
    shares: list[float] = []
    read_table(written, settings=BY_DISK, on_progress=shares.append)

    assert len(shares) > 10
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] <= 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + "1,2,3\n",
        lambda text: "A title\n\n" + text,
        lambda text: text.replace("hiver", "hiver\u00e9").encode("cp1252"),
        lambda text: text.encode("utf-16"),
    ],
    ids=["a short line", "a title", "an old encoding", "utf-16"],
)
def test_an_irregular_text_is_read_all_the_same(written: Path, change) -> None:
    changed = change(written.read_text())
    written.write_bytes(changed if isinstance(changed, bytes) else changed.encode())

    pd.testing.assert_frame_equal(read_table(written, settings=BY_DISK).frame, read_table(written).frame)


def test_limits_hold(written: Path) -> None:
    with pytest.raises(TooLarge, match="rows"):
        read_table(written, settings=Settings(large_mb=0, max_rows=20_000))
    with pytest.raises(TooLarge, match="MB"):
        read_table(written, settings=Settings(large_mb=0, max_upload_mb=1))
