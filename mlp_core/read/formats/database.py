"""Files of a database engine: SQLite and DuckDB, of which one table or view is read."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from mlp_core.errors import NotATable
from mlp_core.read.formats.format import FORMATS, Format, Loaded, Request, chosen, empty
from mlp_core.read.limits import check_size
from mlp_core.read.typed import plain
from mlp_core.read.values import column_of
from mlp_core.text import Text

_BATCH_ROWS: Final = 10_000
_COUNT_SECONDS: Final = 3.0
_STEPS: Final = 10_000
_DATED: Final = re.compile("DATE|TIME")
_ALLOWED: Final = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_PRAGMA,
    }
)


@FORMATS.add
class Sqlite(Format):
    """A database in one file; one of its tables is read."""

    id: ClassVar[str] = "sqlite"
    label: ClassVar[Text] = Text("SQLite")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content begins as SQLite does."""
        return data[:16] == b"SQLite format 3\0"

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read one table; nothing but reading is allowed, whatever the views of the file ask for."""
        with open_sqlite(request) as base:
            rows = base.execute(
                "select name from sqlite_master where type in ('table', 'view')"
                " and name not like 'sqlite\\_%' escape '\\' order by type, rowid"
            )
            names = [name for (name,) in rows if isinstance(name, str)]
            choice = chosen(names, request.options, *_largest(base, names)) if names else None
            if choice is None:
                raise empty(Text("an SQLite database"))
            cursor = base.execute(f"select * from {_quoted(choice.part)}")
            columns = [str(entry[0]) for entry in cursor.description]
            check_size(0, len(columns), request.settings)
            facts = base.execute(f"pragma table_info({_quoted(choice.part)})")
            declared = [str(kind).upper() for _, _, kind, *_ in facts]
            loose = tuple(place for place, kind in enumerate(declared) if not kind or _DATED.search(kind))
            values: list[list[Any]] = [[] for _ in columns]
            while batch := cursor.fetchmany(_BATCH_ROWS):
                for column, part in zip(values, zip(*batch, strict=True), strict=True):
                    column.extend(part)
                check_size(len(values[0]), len(columns), request.settings)
        table, notes = plain(columns, [column_of(column) for column in values])
        return Loaded(table=table, names=tuple(columns), choice=choice, loose=loose, notes=notes)


@FORMATS.add
class Duckdb(Format):
    """A DuckDB database in one file; one of its tables is read."""

    id: ClassVar[str] = "duckdb"
    label: ClassVar[Text] = Text("DuckDB")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the mark of DuckDB stands behind the first checksum."""
        return data[8:12] == b"DUCK" and data[14:20] == bytes(6)

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read one table, with no way to other files, the network or extensions."""
        import duckdb

        closed: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_unsigned_extensions": "false",
            "lock_configuration": "true",
            "threads": "1",
            "memory_limit": f"{max(200, request.settings.read_memory_mb // 2)}MB",
        }
        with duckdb.connect(str(request.path), read_only=True, config=closed) as base:
            found = base.execute(
                "select schema_name, table_name, estimated_size from duckdb_tables() where not internal"
                " union all select schema_name, view_name, -1 from duckdb_views() where not internal"
            ).fetchall()
            if not found:
                raise empty(Text("a DuckDB database"))
            tables = {
                name if schema == "main" else f"{schema}.{name}": (size, schema, name)
                for schema, name, size in found
            }
            largest = max(tables, key=lambda name: tables[name][0])
            choice = chosen(list(tables), request.options, largest, _why(len(tables)))
            size, schema, name = tables[choice.part]
            try:
                answer = base.sql(f"select * from {_quoted(schema)}.{_quoted(name)}")
                check_size(max(0, size), len(answer.columns), request.settings)
                table = answer.limit(request.settings.max_rows + 1).to_arrow_table()
            except duckdb.PermissionException:
                raise _outside(choice.part) from None
        check_size(table.num_rows, table.num_columns, request.settings)
        cells, notes = plain(table.schema.names, table.columns)
        return Loaded(table=cells, names=tuple(table.schema.names), choice=choice, notes=notes)


def open_sqlite(request: Request) -> Any:
    """Return a connection that reads one file and does nothing else."""
    import contextlib

    base = sqlite3.connect(f"{request.path.as_uri()}?mode=ro&immutable=1", uri=True)
    base.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
    base.execute("pragma trusted_schema=off")
    base.execute("pragma cell_size_check=on")
    base.execute("pragma mmap_size=0")
    base.execute("pragma query_only=on")
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1 << 28)
    base.set_authorizer(
        lambda action, *rest: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
    )
    return contextlib.closing(base)


def _largest(base: sqlite3.Connection, names: Sequence[str]) -> tuple[str, Text]:
    """Return the table with the most rows, or the first that has not been counted when time is up."""
    counts: dict[str, int] = {}
    end = time.monotonic() + _COUNT_SECONDS
    base.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    for name in names:
        try:
            ((counts[name],),) = base.execute(f"select count(*) from {_quoted(name)}")
        except sqlite3.Error:
            continue
    base.set_progress_handler(None, 0)
    if not counts:
        raise NotATable(
            Text("No table of the database can be read."),
            hint=Text("Open it in the program that made it and export the table as CSV."),
        )
    return max(counts, key=lambda name: counts[name]), _why(len(names))


def _outside(part: str) -> NotATable:
    """Return the error of a view that leaves its file."""
    return NotATable(
        Text("The view {name} of the database reads other files, which is not allowed.", name=part),
        hint=Text("Choose a table of the database itself."),
    )


def _why(tables: int) -> Text:
    return Text("It has the most rows of {n:n} {n|table|tables}.", n=tables)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
