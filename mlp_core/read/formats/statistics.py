"""Files of statistics programs: SAS, Stata and SPSS."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.read.formats.format import FORMATS, Format, Loaded, Request
from mlp_core.read.limits import check_size
from mlp_core.read.typed import plain
from mlp_core.read.values import column_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

Ways = tuple[Mapping[str, Any], ...]

_WAYS: Final[Ways] = (
    {},
    {"encoding": "LATIN1"},
    {"encoding": "LATIN1", "disable_datetime_conversion": True},
)
"""Files lie about their letters, and hold moments that Python's calendar does not reach."""

_BATCH_ROWS: Final = 50_000
_SAS_MAGIC: Final = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_XPORT: Final = (b"HEADER RECORD*******LIBRARY", b"HEADER RECORD*******LIBV8")
_PORTABLE_BYTES: Final = 2048


class _Statistics(Format):
    """What the three programs' files have in common."""

    @classmethod
    def reader(cls, head: bytes) -> Callable[..., Any]:
        """Return the function of pyreadstat for a file that begins like this."""
        raise NotImplementedError

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read in batches, so that values become columns before there are too many of them."""
        with request.path.open("rb") as opened:
            read = cls.reader(opened.read(_PORTABLE_BYTES))
        path = str(request.path)
        facts, ways = _facts(read, path)
        names = [str(name) for name in facts.column_names]
        check_size(max(0, facts.number_rows or 0), len(names), request.settings)
        batches: list[list[Any]] = []
        rows = 0
        while True:
            found, ways = _rows(read, path, rows, ways)
            columns = list(found.values())
            batches.append([_batch(column) for column in columns])
            got = len(columns[0]) if columns else 0
            rows += got
            check_size(rows, len(names), request.settings)
            if got < _BATCH_ROWS:
                break
        joined = [_joined([batch[position] for batch in batches]) for position in range(len(names))]
        labelled = [_labelled(column, name, facts) for column, name in zip(joined, names, strict=True)]
        table, notes = plain(names, labelled)
        return Loaded(table=table, names=tuple(names), notes=notes + _partly(joined, labelled, names, facts))


@FORMATS.add
class Sas(_Statistics):
    """A SAS data set or transport file."""

    id: ClassVar[str] = "sas"
    label: ClassVar[Text] = Text("SAS")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content begins as a data set or a transport file does."""
        return data.startswith(_SAS_MAGIC) or data.startswith(_XPORT)

    @classmethod
    def reader(cls, head: bytes) -> Callable[..., Any]:
        """Return the reader of transport files or of data sets."""
        import pyreadstat

        read: Callable[..., Any] = (
            pyreadstat.read_xport if head.startswith(_XPORT) else pyreadstat.read_sas7bdat
        )
        return read


@FORMATS.add
class Stata(_Statistics):
    """A Stata data file."""

    id: ClassVar[str] = "stata"
    label: ClassVar[Text] = Text("Stata")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content begins with a release of Stata."""
        if data.startswith(b"<stata_dta>"):
            return True
        old = 102 <= data[0] <= 115 if data else False
        return old and data[1:2] in (b"\1", b"\2") and data[2:4] == b"\1\0" and len(data) > 60

    @classmethod
    def reader(cls, head: bytes) -> Callable[..., Any]:
        """Return the reader of Stata's files."""
        import pyreadstat

        read: Callable[..., Any] = pyreadstat.read_dta
        return read


@FORMATS.add
class Spss(_Statistics):
    """An SPSS data file, plain, compressed or portable."""

    id: ClassVar[str] = "spss"
    label: ClassVar[Text] = Text("SPSS")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content begins as a system file does, or names itself a portable one."""
        return data[:4] in (b"$FL2", b"$FL3") or cls._is_portable(data[:_PORTABLE_BYTES])

    @classmethod
    def reader(cls, head: bytes) -> Callable[..., Any]:
        """Return the reader of portable files or of system files."""
        import pyreadstat

        read: Callable[..., Any] = pyreadstat.read_por if cls._is_portable(head) else pyreadstat.read_sav
        return read

    @staticmethod
    def _is_portable(head: bytes) -> bool:
        return b"SPSSPORT" in head.replace(b"\r", b"").replace(b"\n", b"")


def _facts(read: Callable[..., Any], path: str) -> tuple[Any, Ways]:
    """Return what a file says of its columns, and the ways of reading that are left to try."""
    for place, way in enumerate(_WAYS[:-1]):
        with contextlib.suppress(Exception):
            return read(path, metadataonly=True, output_format="dict", **way)[1], _WAYS[place:]
    return read(path, metadataonly=True, output_format="dict", **_WAYS[-1])[1], _WAYS[-1:]


def _rows(read: Callable[..., Any], path: str, start: int, ways: Ways) -> tuple[Any, Ways]:
    """Return some rows by the first way that leads through them, which holds for the rows after them too."""
    for place, way in enumerate(ways[:-1]):
        with contextlib.suppress(Exception):
            return (
                read(path, output_format="dict", row_offset=start, row_limit=_BATCH_ROWS, **way)[0],
                ways[place:],
            )
    return (
        read(path, output_format="dict", row_offset=start, row_limit=_BATCH_ROWS, **ways[-1])[0],
        ways[-1:],
    )


def _batch(values: Sequence[Any]) -> Any:
    """Return a batch of one column; an empty text is what these programs write for a missing one."""
    import pyarrow as pa

    kinds = set(map(type, values)) - {type(None)}
    if kinds and kinds <= {dt.datetime, dt.date}:
        moments = [
            dt.datetime.combine(value, dt.time()) if type(value) is dt.date else value for value in values
        ]
        return pa.array(moments, pa.timestamp("us"))
    if kinds == {str}:
        return column_of([value or None for value in values])
    return column_of(values)


def _joined(batches: Sequence[Any]) -> Any:
    """Return the batches as one column, of the type that holds them all."""
    import pyarrow as pa

    kinds = {batch.type for batch in batches if batch.null_count < len(batch)} or {batches[0].type}
    if len(kinds) == 1:
        (kind,) = kinds
    elif kinds <= {pa.int64(), pa.float64()}:
        kind = pa.float64()
    else:
        kind = pa.string()
    return pa.chunked_array(
        [
            batch.cast(kind) if batch.null_count < len(batch) else pa.nulls(len(batch), kind)
            for batch in batches
        ]
    )


def _labels(name: str, facts: Any) -> Mapping[Any, str]:
    return {value: str(label) for value, label in (facts.variable_value_labels or {}).get(name, {}).items()}


def _labelled(column: Any, name: str, facts: Any) -> Any:
    """Return a column of codes as a category of their labels, where each code has a label of its own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    labels = _labels(name, facts)
    if not labels or len(set(labels.values())) < len(labels) or not _same_kind(column, labels):
        return column
    codes = pa.array(list(labels), column.type)
    places = pc.index_in(column, value_set=codes)
    if places.null_count > column.null_count:
        return column
    ordered = (facts.variable_measure or {}).get(name) == "ordinal"
    whole: pa.Array = pa.concat_arrays(places.chunks) if places.num_chunks else pa.array([], pa.int32())
    return pa.DictionaryArray.from_arrays(
        whole, pa.array(list(labels.values()), pa.string()), ordered=ordered
    )


def _same_kind(column: Any, labels: Mapping[Any, str]) -> bool:
    """Whether the codes are of the column's own type, so that they can be compared with it."""
    import pyarrow as pa

    if pa.types.is_string(column.type):
        return all(isinstance(code, str) for code in labels)
    if pa.types.is_integer(column.type):
        return all(isinstance(code, (int, float)) and code == int(code) for code in labels)
    return pa.types.is_floating(column.type) and all(isinstance(code, (int, float)) for code in labels)


def _partly(
    before: Sequence[Any], after: Sequence[Any], names: Sequence[str], facts: Any
) -> tuple[Text, ...]:
    """Return a note on the columns of which only some codes have a label."""
    left = [
        name
        for name, old, new in zip(names, before, after, strict=True)
        if old is new and _labels(name, facts) and old.null_count < len(old)
    ]
    if not left:
        return ()
    return (Text("Not every value has a label in {columns:list}: the values were kept.", columns=left),)
