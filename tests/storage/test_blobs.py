from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from mlp_core.config import Settings
from mlp_core.errors import MLPError, StorageError, TooLarge
from mlp_core.fingerprint import fingerprint_of
from mlp_core.storage.blobs import read_arrow, read_parquet, write_arrow, write_parquet


@pytest.fixture
def frame(messy):
    messy["kind"] = pd.Categorical(messy["classe"])
    messy["nullable"] = pd.array([1, None] * 30, dtype="Int64")
    return messy


def test_an_arrow_file_gives_back_every_kind_of_column(tmp_path, frame):
    checksum = write_arrow(tmp_path / "t.arrow", frame)
    back = read_arrow(tmp_path / "t.arrow", checksum)
    pd.testing.assert_frame_equal(back, frame)
    assert fingerprint_of(back) == fingerprint_of(frame)


def test_a_parquet_file_gives_back_every_kind_of_column(tmp_path, frame):
    write_parquet(tmp_path / "t.parquet", frame)
    back = read_parquet(tmp_path / "t.parquet", Settings())
    pd.testing.assert_frame_equal(back, frame)
    assert fingerprint_of(back) == fingerprint_of(frame)


@pytest.mark.parametrize("shape", [(0, 3), (1, 1), (3, 1500)])
def test_empty_small_and_wide_tables_come_back(tmp_path, shape):
    frame = pd.DataFrame(np.zeros(shape), columns=[f"c{n}" for n in range(shape[1])])
    pd.testing.assert_frame_equal(read_arrow(tmp_path / "t", write_arrow(tmp_path / "t", frame)), frame)
    write_parquet(tmp_path / "p", frame)
    pd.testing.assert_frame_equal(read_parquet(tmp_path / "p", Settings()), frame)


def test_any_flipped_bit_or_lost_end_of_an_arrow_file_is_found(tmp_path, messy):
    path = tmp_path / "t.arrow"
    checksum = write_arrow(path, messy)
    whole = path.read_bytes()
    chance = random.Random(3)
    for trial in range(60):
        broken = bytearray(whole)
        if trial % 3 == 0:
            broken = broken[: chance.randrange(len(broken))]
        else:
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        with pytest.raises(StorageError):
            read_arrow(path, checksum)


def test_a_damaged_parquet_file_is_a_sentence_or_a_table(tmp_path, messy):
    path = tmp_path / "t.parquet"
    write_parquet(path, messy)
    whole = path.read_bytes()
    chance = random.Random(5)
    refused = 0
    for trial in range(150):
        broken = bytearray(whole)
        if trial % 3 == 0:
            broken = broken[: chance.randrange(len(broken))]
        else:
            for _ in range(1 + trial % 4):
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        try:
            read_parquet(path, Settings())
        except MLPError:
            refused += 1
    assert refused > 50


def test_a_value_repeated_into_a_flood_is_refused_before_it_unfolds(tmp_path):
    path = tmp_path / "bomb.parquet"
    repeats = pa.array(np.zeros(200_000, dtype=np.int32))
    folded = pa.table({"words": pa.DictionaryArray.from_arrays(repeats, ["x" * 1_000_000])})
    parquet.write_table(folded, path, store_schema=False, compression="zstd")
    assert parquet.read_schema(path).types == [pa.string()], "200 GB, were it read as what it says"
    assert path.stat().st_size < 100_000
    with pytest.raises(TooLarge):
        read_parquet(path, Settings())


@pytest.mark.parametrize("limits", [{"max_rows": 5}, {"max_columns": 2}, {"max_cells": 100}])
def test_a_table_beyond_the_limits_of_the_server_is_refused(tmp_path, messy, limits):
    write_parquet(tmp_path / "t", messy)
    with pytest.raises(TooLarge):
        read_parquet(tmp_path / "t", Settings(**limits))


def test_nested_columns_and_repeated_names_are_refused(tmp_path):
    parquet.write_table(pa.table({"a": [[1], [2]]}), tmp_path / "nested")
    parquet.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["a", "a"]), tmp_path / "twice")
    for name in ("nested", "twice", "missing"):
        with pytest.raises(StorageError):
            read_parquet(tmp_path / name, Settings())


def test_a_column_of_mixed_values_is_a_sentence(tmp_path):
    frame = pd.DataFrame({"mixed": pd.Series([1, "a", b"b"], dtype=object)})
    with pytest.raises(StorageError):
        write_arrow(tmp_path / "t", frame)
    assert list(tmp_path.iterdir()) == []
