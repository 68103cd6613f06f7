"""DuckDB over tables that are in memory or lie in an Arrow file, which it reads where they are.

Every call has a database of its own, in memory and shut off: it opens no file, loads no extension, and sees
only the tables handed to it. One thread computes, because sums of fractions that several threads add up
differ in their last bits from run to run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from mlp_core.errors import NotApplicable, StorageError
from mlp_core.files import checksum_of
from mlp_core.kinds import Kind
from mlp_core.text import Text

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from mlp_core.table import Table

_MEMORY: Final = "1GB"
"""What one database may take; beyond, a sentence says so instead of the server running out."""


@dataclass(frozen=True, kw_only=True)
class TableFile:
    """A table that stays in its Arrow file and is read where it lies.

    Attributes
    ----------
    path : Path
        The file.
    name : str
        What people call the table.
    fingerprint : str
        Hash of its content.
    kinds : mapping of str to Kind
        One per column, in order.
    checksum : str
        Hash of the file; empty where it is not checked.
    """

    path: Path
    name: str
    fingerprint: str
    kinds: Mapping[str, Kind] = field(repr=False, hash=False)
    checksum: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return where the table is as plain JSON, to cross a process."""
        return {
            "path": str(self.path),
            "name": self.name,
            "fingerprint": self.fingerprint,
            "kinds": [[name, kind.value] for name, kind in self.kinds.items()],
            "checksum": self.checksum,
        }

    def arrow(self, columns: Sequence[str]) -> pa.Table:
        """Return columns as Arrow, mapped into memory.

        Raises
        ------
        StorageError
            The file is absent or damaged.
        """
        import pyarrow as pa

        try:
            with pa.memory_map(str(self.path)) as file:
                if self.checksum and checksum_of(memoryview(file.read_buffer())) != self.checksum:
                    raise _damaged(self)
                return pa.ipc.open_file(file).read_all().select(list(columns))
        except (OSError, KeyError, pa.ArrowException) as failure:
            raise _damaged(self) from failure

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TableFile:
        """Return the file that :meth:`to_json` wrote."""
        kinds = {str(name): Kind(kind) for name, kind in data["kinds"]}
        return cls(
            path=Path(data["path"]),
            name=str(data["name"]),
            fingerprint=str(data["fingerprint"]),
            kinds=kinds,
            checksum=str(data.get("checksum", "")),
        )


class Columns(Protocol):
    """What gives its columns as Arrow by itself."""

    @property
    def name(self) -> str:
        """What people call the table."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hash of its content."""
        ...

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """One per column, in order."""
        ...

    def arrow(self, columns: Sequence[str]) -> pa.Table:
        """Return columns as Arrow."""
        ...


Source: TypeAlias = "Table | Columns"
"""All have a name, a fingerprint and kinds."""


def arrow_of(source: Source, columns: Sequence[str]) -> pa.Table:
    """Return columns of a table as Arrow, named ``c0``, ``c1`` and so on; a file is mapped, not read.

    People's names are no names for SQL: they hold anything, and two may differ in their case alone.

    Raises
    ------
    StorageError
        The file is absent or damaged.
    NotApplicable
        A column holds what no file format holds.
    """
    import pyarrow as pa

    from mlp_core.table import Table

    if not isinstance(source, Table):
        return _plain(source.arrow(columns))
    try:
        return _plain(pa.Table.from_pandas(source.frame[list(columns)], preserve_index=False))
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as failure:
        raise NotApplicable(
            Text("A column of {name} mixes values of different kinds.", name=source.name),
            hint=Text("Change its kind in a step, or correct it in the file."),
        ) from failure


@contextmanager
def database(**tables: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database that sees these tables under these names, and nothing else.

    Raises
    ------
    NotApplicable
        The question needs more memory than a database may take, or a value does not fit it.
    """
    import duckdb

    connection = duckdb.connect(
        ":memory:",
        config={
            "enable_external_access": "false",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "python_enable_replacements": "false",
            "temp_directory": "",
            "memory_limit": _MEMORY,
            "threads": 1,
        },
    )
    try:
        for name, table in tables.items():
            connection.register(name, table)
        connection.execute("SET lock_configuration = true")
        yield connection
    except duckdb.OutOfMemoryException as failure:
        raise NotApplicable(
            Text("These tables are too large to be joined on this server."),
            hint=Text("Choose fewer columns, or join a smaller table."),
        ) from failure
    except duckdb.Error as failure:
        raise NotApplicable(
            Text("These tables cannot be joined: {reason}", reason=str(failure).splitlines()[0][:200]),
            hint=Text("Choose other columns."),
        ) from failure
    finally:
        connection.close()


def known(column: str, kind: pa.DataType) -> str:
    """Return a column in SQL with not-a-number as missing, which is how pandas holds a gap in decimals."""
    from pyarrow import types

    return f"nullif({column}, 'nan')" if types.is_floating(kind) else column


def key_sql(left: str, left_type: pa.DataType, right: str, right_type: pa.DataType) -> tuple[str, str]:
    """Return both sides of a key in SQL, as whole numbers where both are, and else as text."""
    from pyarrow import types

    if types.is_signed_integer(left_type) and types.is_signed_integer(right_type):
        return left, right
    return _as_text(left, left_type), _as_text(right, right_type)


def _as_text(column: str, kind: pa.DataType) -> str:
    from pyarrow import types

    if types.is_floating(kind):
        cell = known(column, kind)
        whole = f"{cell} = floor({cell}) AND abs({cell}) < 9e15"
        return f"CASE WHEN {whole} THEN {cell}::BIGINT::VARCHAR ELSE {cell}::VARCHAR END"
    if types.is_temporal(kind):
        return f"{column}::TIMESTAMP::VARCHAR"
    return f"nullif({column}::VARCHAR, '')"


def literal(value: str) -> str:
    """Return a text as SQL takes it, whatever characters it holds.

    Examples
    --------
    >>> literal("d'or")
    "'d''or'"
    """
    return "'" + value.replace("'", "''") + "'"


def _plain(table: pa.Table) -> pa.Table:
    """Return the table with its categories as the texts they stand for, and its columns numbered."""
    import pyarrow as pa

    for position, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            plain = table[position].cast(column.type.value_type)
            table = table.set_column(position, column.name, plain)
    return table.rename_columns([f"c{position}" for position in range(table.num_columns)])


def _damaged(source: TableFile) -> StorageError:
    return StorageError(
        Text("The saved table {name} is damaged and cannot be read.", name=source.name),
        hint=Text("Remove it from the project and add its file again."),
    )
