"""The first look stands on the beginning of a file alone, and shows what the whole shows there."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path

import pandas as pd
import pytest

from mlp_core.read import first_look, read_table
from mlp_core.read.look import MOST_ROWS

ROWS = 40_000
TEXT = "name;weight;when\n" + "".join(
    f"café {n};{n / 7:.3f};2024-03-{n % 28 + 1:02d}\n".replace(".", ",") for n in range(ROWS)
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"])
def test_the_first_rows_are_those_of_the_whole(encoding: str) -> None:
    content = TEXT.encode(encoding)
    look, whole = first_look(content), read_table(content)

    assert look is not None
    assert len(whole.frame) == ROWS
    pd.testing.assert_frame_equal(look.frame, whole.frame.head(MOST_ROWS))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_text_shows_its_first_rows(pack) -> None:
    look = first_look(pack(TEXT.encode()))

    assert look is not None
    assert look.frame["name"].iloc[:2].tolist() == ["café 0", "café 1"]


def test_of_a_huge_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    line = b"1;2.5;some words\n"
    with path.open("wb") as file:
        file.write(b"a;b;c\n" + line * 1000)
        file.truncate(400 << 30)  # a hole: more bytes than any machine holds, which take no room
    look = first_look(path)

    assert look is not None
    assert look.frame.shape == (MOST_ROWS, 3)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%", b"\x1f\x8bbroken", "no file"])
def test_what_its_beginning_does_not_tell_has_no_first_look(content) -> None:
    assert first_look(content) is None
