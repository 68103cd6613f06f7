"""Files that hold typed columns: Parquet, Arrow (also called Feather) and ORC."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.errors import DamagedFile, NotATable
from mlp_core.read.formats.format import AGAIN, FORMATS, Format, Loaded, Request
from mlp_core.read.limits import check_size
from mlp_core.read.typed import plain
from mlp_core.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_ROWS: Final = 1 << 16
_ROW_NUMBERS: Final = re.compile(r"__index_level_\d+__")


@FORMATS.add
class Parquet(Format):
    """Columns in compressed pieces, as data tools exchange them."""

    id: ClassVar[str] = "parquet"
    label: ClassVar[Text] = Text("Parquet")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content begins as Parquet does."""
        if data[:4] not in (b"PAR1", b"PARE"):
            return False
        return data[-4:] in (b"PAR1", b"PARE") or data[4:5] < b"\t"

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read the file; the sizes it names are checked before any value is unpacked."""
        import pyarrow.parquet as pq

        with request.path.open("rb") as opened:
            if opened.read(4) == b"PARE":
                raise NotATable(
                    Text("The Parquet file is encrypted."),
                    hint=Text("Load a copy that is not protected by a key."),
                )
        with pq.ParquetFile(request.path, pre_buffer=False) as file:
            facts, schema = file.metadata, file.schema_arrow
            check_size(facts.num_rows, len(schema), request.settings)
            table = file.read(use_threads=facts.num_rows * len(schema) > _BATCH_ROWS)
        return _loaded(table, request)


@FORMATS.add
class Arrow(Format):
    """Columns as they lie in memory, in a file (Feather) or as a stream."""

    id: ClassVar[str] = "arrow"
    label: ClassVar[Text] = Text("Arrow or Feather")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content begins as an Arrow file, an Arrow stream or an old Feather file does."""
        old = data[:4] == b"FEA1" and data[-4:] == b"FEA1"
        return data[:8] == b"ARROW1\0\0" or old or cls._is_stream(data)

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read batch by batch, so that a file cannot claim more rows than are allowed."""
        import pyarrow as pa

        with pa.OSFile(str(request.path)) as file:
            magic = file.read(6)
            file.seek(0)
            if magic[:4] == b"FEA1":
                from pyarrow import feather

                return _loaded(feather.read_table(file, memory_map=False), request)
            reader = _batches(pa.ipc.open_file(file)) if magic == b"ARROW1" else pa.ipc.open_stream(file)
            rows, batches = 0, []
            for batch in reader:
                rows += batch.num_rows
                check_size(rows, batch.num_columns, request.settings)
                _check(batch)
                batches.append(batch)
            schema = batches[0].schema if batches else _schema(magic, file)
            return _loaded(pa.Table.from_batches(batches, schema), request)

    @staticmethod
    def _is_stream(data: bytes) -> bool:
        length = int.from_bytes(data[4:8], "little")
        return data[:4] == b"\xff\xff\xff\xff" and 16 <= length <= len(data) and length % 8 == 0


@FORMATS.add
class Orc(Format):
    """Columns in compressed stripes, as Hadoop keeps them."""

    id: ClassVar[str] = "orc"
    label: ClassVar[Text] = Text("ORC")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content begins as ORC does."""
        return data[:3] == b"ORC" and (data[-4:-1] == b"ORC" or b"\0" in data[:256])

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read the file after its sizes have been checked."""
        from pyarrow import orc

        file = orc.ORCFile(str(request.path))
        check_size(file.nrows, len(file.schema), request.settings)
        return _loaded(file.read(), request)


def _check(batch: Any) -> None:
    """Refuse a batch whose buffers contradict each other; letters that are no UTF-8 are mended later."""
    import pyarrow as pa

    for column in batch.columns:
        try:
            column.validate(full=True)
        except pa.ArrowInvalid as error:
            if "UTF8" not in str(error):
                raise


def _batches(reader: Any) -> Any:
    return (reader.get_batch(position) for position in range(reader.num_record_batches))


def _schema(magic: bytes, file: Any) -> Any:
    import pyarrow as pa

    file.seek(0)
    return (pa.ipc.open_file(file) if magic == b"ARROW1" else pa.ipc.open_stream(file)).schema


def _loaded(table: pa.Table, request: Request) -> Loaded:
    if not table.num_columns:
        raise NotATable(
            Text("The file has no columns."),
            hint=Text("Check that the data were saved in it, and load it again."),
        )
    check_size(table.num_rows, table.num_columns, request.settings)
    kept = [position for position, field in enumerate(table.schema) if not _counts_rows(field)]
    kept = kept or list(range(table.num_columns))
    names = [table.schema.names[position] for position in kept]
    columns = [table.column(position) for position in kept]
    for column in columns:
        if len(column) != table.num_rows:
            raise DamagedFile(Text("The columns of the file differ in length."), hint=AGAIN)
    cells, notes = plain(names, columns)
    return Loaded(table=cells, names=tuple(names), notes=notes)


def _counts_rows(field: Any) -> bool:
    """Whether a column only keeps the row numbers that pandas gave an unnamed index."""
    import pyarrow as pa

    return bool(_ROW_NUMBERS.fullmatch(field.name)) and pa.types.is_integer(field.type)
