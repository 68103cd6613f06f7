"""Tables as files: Arrow in a workspace, where reading is fast and shared; Parquet where a file travels.

An Arrow file is mapped into memory, so the kernel holds one copy for all who look at the same table, and it
carries a checksum in the document that names it: a flipped bit is found and never shown as a value. A
Parquet file may come from anybody and is held against the limits of the server before it is unfolded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from mlp_core.config import Settings
from mlp_core.errors import StorageError, TooLarge
from mlp_core.files import checksum_of, digest_of, write_atomically
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_BYTES_PER_CELL: Final = 64
"""Text cells together may hold this much for each cell that the server allows."""


def write_arrow(path: Path, frame: pd.DataFrame) -> str:
    """Write a frame as an Arrow file and return its checksum.

    Raises
    ------
    StorageError
        The disk is full or cannot be written, or a column mixes values that no file format holds.
    """
    import pyarrow as pa

    table = _as_it_lies(frame, _arrow(frame))

    def write(file: BinaryIO) -> None:
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)

    write_atomically(path, write)
    with pa.memory_map(str(path)) as source:
        return checksum_of(memoryview(source.read_buffer()))


def read_arrow(path: Path, checksum: str) -> pd.DataFrame:
    """Return the frame of an Arrow file, mapped into memory.

    Raises
    ------
    StorageError
        The file is missing or is not what was written.
    """
    import pyarrow as pa

    try:
        with pa.memory_map(str(path)) as source:
            content = memoryview(source.read_buffer())
            # The second is how the first versions of Pythie wrote it.
            if checksum_of(content) != checksum and digest_of(content) != checksum:
                raise damaged()
            frame: pd.DataFrame = pa.ipc.open_file(source).read_all().to_pandas()
    except (OSError, pa.ArrowException) as failure:
        raise damaged() from failure
    return frame


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a frame as a compressed Parquet file.

    Raises
    ------
    StorageError
        The disk is full or cannot be written, or a column mixes values that no file format holds.
    """
    import pyarrow.parquet as parquet

    table = _arrow(frame)
    write_atomically(path, lambda file: parquet.write_table(table, file, compression="zstd"), durable=False)


def read_parquet(path: Path, settings: Settings) -> pd.DataFrame:
    """Return the frame of a Parquet file that may come from anybody.

    Raises
    ------
    StorageError
        It is not such a file, or holds what a table here cannot hold.
    TooLarge
        It would unfold into more than this server allows.
    """
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        schema = parquet.read_schema(path)
        if len(set(schema.names)) < len(schema.names) or not all(_is_plain(kind) for kind in schema.types):
            raise damaged()
        words = [name for name, kind in zip(schema.names, schema.types, strict=True) if _is_text(kind)]
        # Text stays folded until its unfolded size is known: a page can hold one value for a million rows.
        with parquet.ParquetFile(path, read_dictionary=words) as file:
            rows, columns = file.metadata.num_rows, len(schema.names)
            if rows > settings.max_rows or columns > settings.max_columns:
                raise _too_large()
            if rows * columns > settings.max_cells:
                raise _too_large()
            folded = file.read()
        if sum(_unfolded_bytes(folded[name]) for name in words) > _BYTES_PER_CELL * settings.max_cells:
            raise _too_large()
        frame: pd.DataFrame = folded.cast(schema).to_pandas()
    # pandas' own notes inside the file may be anything too, and fail in any of these ways.
    except (OSError, pa.ArrowException, ValueError, TypeError, LookupError, AttributeError) as failure:
        raise damaged() from failure
    if len(frame) != rows or list(frame.columns) != schema.names:
        raise damaged()
    return frame


def damaged() -> StorageError:
    """Return the error of a table whose file cannot be trusted."""
    return StorageError(
        Text("The saved table is damaged and cannot be read."),
        hint=Text("Upload the file again; your steps and settings are kept."),
    )


def _too_large() -> TooLarge:
    return TooLarge(
        Text("The table in this project is larger than this server allows."),
        hint=Text("Open it on a computer with higher limits (MLP_MAX_ROWS, MLP_MAX_CELLS)."),
    )


def _arrow(frame: pd.DataFrame) -> pa.Table:
    import pyarrow as pa

    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowException, ValueError, TypeError) as failure:
        raise StorageError(
            Text("This table cannot be saved: one of its columns mixes values of different kinds."),
            hint=Text("Correct the column in the file, then upload it again."),
        ) from failure


def _as_it_lies(frame: pd.DataFrame, table: pa.Table) -> pa.Table:
    """Return the Arrow table with decimals as pandas holds them, in one piece, so that none is copied later.

    Arrow would mark what is not a number as a gap, and pandas would have to write each gap back.
    """
    import numpy as np
    import pyarrow as pa

    for position, dtype in enumerate(frame.dtypes):
        if isinstance(dtype, np.dtype) and dtype.kind == "f" and table.column(position).null_count:
            values = frame.iloc[:, position].to_numpy()
            table = table.set_column(position, table.field(position), pa.array(values, from_pandas=False))
    return table.combine_chunks()


def _is_text(kind: pa.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind))


def _is_plain(kind: pa.DataType) -> bool:
    from pyarrow import types

    if types.is_dictionary(kind):
        return _is_plain(kind.value_type) and not types.is_dictionary(kind.value_type)
    tests: list[Any] = [types.is_boolean, types.is_integer, types.is_floating, types.is_temporal]
    return _is_text(kind) or types.is_null(kind) or any(test(kind) for test in tests)


def _unfolded_bytes(column: pa.ChunkedArray) -> int:
    import pyarrow.compute as compute

    total = 0
    for chunk in column.chunks:
        lengths = compute.binary_length(chunk.dictionary)
        total += compute.sum(lengths.cast("int64").take(chunk.indices)).as_py() or 0
    return total
