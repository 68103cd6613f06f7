"""Many rows per key summed up in one: what is asked of each column, by its kind, and computed by DuckDB.

Numbers are averaged, ranged and added; a category gives the share of each of its frequent values, frequent in
the whole table; dates and durations give their first and last. Identifiers, constants and empty columns say
nothing about a key, and of free text only the count of different values is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from mlp_core.clean.lookup import MOST_CELLS, Lookup, make_lookup
from mlp_core.errors import NotApplicable
from mlp_core.kinds import NUMERIC, Kind
from mlp_core.read.sql import Source, arrow_of, database, known, literal
from mlp_core.text import Text

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

NUMBERS: Final = MappingProxyType(
    {
        "mean": Text("Mean"),
        "min": Text("Lowest"),
        "max": Text("Highest"),
        "sum": Text("Sum"),
        "last": Text("Last"),
    }
)
CATEGORIES: Final = MappingProxyType(
    {
        "share": Text("Share of each frequent category"),
        "distinct": Text("How many different"),
        "mode": Text("Most frequent"),
        "last": Text("Last"),
    }
)
USUAL_NUMBERS: Final = ("mean", "min", "max", "sum")
USUAL_CATEGORIES: Final = ("share", "distinct")

COUNT: Final = "count"
MOST_SHARES: Final = 8
"""Frequent values of a category whose share is told."""

_LONGEST_VALUE: Final = 40
_TOGETHER: Final = 40
"""Columns computed in one pass, so that the groups of many columns do not stand in memory at once."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How the rows of one key are summed up.

    Attributes
    ----------
    keys, columns : tuple of str
        Columns of the table: those that name the key, and those that are summed up.
    prefix : str
        What the names of the new columns begin with.
    numbers, categories : tuple of str
        What is asked of numbers (``NUMBERS``) and of categories (``CATEGORIES``).
    by : str
        The column that says which row is the last; empty means the order of the rows.
    """

    keys: tuple[str, ...]
    columns: tuple[str, ...]
    prefix: str
    numbers: tuple[str, ...] = USUAL_NUMBERS
    categories: tuple[str, ...] = USUAL_CATEGORIES
    by: str = ""

    @property
    def named(self) -> list[str]:
        """Every column that is read, once, those of the key first."""
        return list(dict.fromkeys([*self.keys, *self.columns, *([self.by] if self.by else [])]))


def repeated(source: Source, keys: Sequence[str]) -> Lookup | None:
    """Return how many rows each key has, as the column ``count``; None where no key has more than one."""
    arrow = arrow_of(source, keys)
    with database(t=arrow) as connection:
        found = _grouped(connection, arrow, len(keys), ["count(*)"])
    counts = found[len(keys)]
    if not len(counts) or counts.to_pandas().max() <= 1:
        return None
    return make_lookup(_keys(found, keys), {COUNT: (counts, 0)})


def brought(source: Source, keys: Sequence[str], columns: Sequence[str], prefix: str) -> Lookup:
    """Return the lookup of a table that has one row per key.

    Raises
    ------
    NotApplicable
        There are too many values.
    StorageError
        The file of the table is damaged.
    """
    names = list(dict.fromkeys([*keys, *columns]))
    arrow = arrow_of(source, names)
    # DuckDB only says which rows have a key, and so no value passes through types that it lacks.
    with database(t=arrow.select(list(range(len(keys))))) as connection:
        complete = connection.sql(f"SELECT {_complete(arrow, len(keys))} AS kept FROM t").to_arrow_table()
    found = arrow.filter(complete["kept"].combine_chunks())
    _refuse_large(found.num_rows, len(columns))
    kept = {f"{prefix}{name}": (found[names.index(name)], None) for name in columns}
    return make_lookup(_keys(found, keys), kept)


def summed_up(source: Source, summary: Summary) -> Lookup:
    """Return the lookup of a table with one row per key, summed up from all rows of that key.

    Raises
    ------
    NotApplicable
        There are too many keys and columns.
    StorageError
        The file of the table is damaged.
    """
    import pyarrow as pa

    arrow = arrow_of(source, summary.named)
    _complete(arrow, len(summary.keys))
    order = _order(summary, arrow)
    arrow = _counted(arrow).append_column("n", pa.array(range(arrow.num_rows), pa.int64()))
    with database(t=arrow) as connection:
        asked = list(_asked(connection, source, summary, arrow, order))
        width = len(summary.keys)
        names = ", ".join(f"c{at}" for at in range(width))
        groups = connection.sql(f"SELECT count(*) FROM (SELECT DISTINCT {names} FROM t)").fetchall()
        _refuse_large(groups[0][0], len(asked))
        columns: dict[str, tuple[pa.ChunkedArray, Any]] = {}
        for start in range(0, len(asked), _TOGETHER):
            some = asked[start : start + _TOGETHER]
            found = _grouped(connection, arrow, width, [one.sql for one in some])
            columns |= {one.name: (one.told(found[width + at]), one.absent) for at, one in enumerate(some)}
    return make_lookup(_keys(found, summary.keys), columns)


def names_of(source: Source, summary: Summary) -> tuple[str, ...]:
    """Return the names of the columns that :func:`summed_up` makes, in order.

    Raises
    ------
    StorageError
        The file of the table is damaged.
    """
    arrow = _counted(arrow_of(source, summary.named))
    with database(t=arrow) as connection:
        return tuple(one.name for one in _asked(connection, source, summary, arrow, "n"))


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A new column: its name, its SQL, what a row without a match gets, and whether it is a duration."""

    name: str
    sql: str
    absent: int | None = None
    lasts: bool = False

    def told(self, values: pa.ChunkedArray) -> pa.ChunkedArray:
        import pyarrow as pa

        return values.cast(pa.int64()).cast(pa.duration("us")) if self.lasts else values


def _counted(arrow: pa.Table) -> pa.Table:
    """Return the table with durations as microseconds; DuckDB would make months and days of them."""
    import pyarrow as pa

    for at, column in enumerate(arrow.schema):
        if pa.types.is_duration(column.type):
            arrow = arrow.set_column(at, column.name, arrow[at].cast(pa.duration("us")).cast(pa.int64()))
    return arrow


def _asked(
    connection: duckdb.DuckDBPyConnection, source: Source, summary: Summary, arrow: pa.Table, order: str
) -> Iterator[_Asked]:
    """Yield each new column, every name once."""
    taken: set[str] = set()

    def free(name: str) -> str:
        candidate, count = name, 2
        while candidate in taken:
            candidate, count = f"{name} ({count})", count + 1
        taken.add(candidate)
        return candidate

    yield _Asked(name=free(f"{summary.prefix}{COUNT}"), sql="count(*)", absent=0)
    for name in summary.columns:
        at = summary.named.index(name)
        cell = known(f"c{at}", arrow.schema[at].type)
        type_, kind = arrow.schema[at].type, source.kinds[name]
        lasts = kind is Kind.DURATION
        for ending, sql in _of_column(connection, cell, type_, kind, summary, order):
            yield _Asked(name=free(f"{summary.prefix}{name}_{ending}"), sql=sql, lasts=lasts)


def _of_column(
    connection: duckdb.DuckDBPyConnection,
    cell: str,
    type_: pa.DataType,
    kind: Kind,
    summary: Summary,
    order: str,
) -> Iterator[tuple[str, str]]:
    """Yield the ending of the name of each summary of one column, and its SQL."""
    from pyarrow import types

    numeric = types.is_integer(type_) or types.is_floating(type_) or types.is_decimal(type_)
    ways = {
        "mean": f"avg({cell})",
        "min": f"min({cell})",
        "max": f"max({cell})",
        "sum": f"sum({cell})::DOUBLE",
        "last": f"arg_max({cell}, {order})",
        "distinct": f"count(DISTINCT {cell})",
        # In order, so that of values equally frequent the first in the alphabet is taken.
        "mode": f"mode({cell} ORDER BY {cell})",
    }
    if kind in (Kind.IDENTIFIER, Kind.CONSTANT, Kind.EMPTY):
        return
    if kind is Kind.TEXT:
        yield from ((way, ways[way]) for way in summary.categories if way == "distinct")
    elif numeric and kind in NUMERIC:
        yield from ((way, ways[way]) for way in summary.numbers)
    elif types.is_temporal(type_) or (numeric and kind is Kind.DURATION):
        yield from ((way, ways[way]) for way in ("min", "max"))
    else:
        for way in summary.categories:
            if way != "share":
                yield way, ways[way]
            elif types.is_boolean(type_):
                yield "share", f"avg({cell}::INT)"
            else:
                yield from _shares(connection, cell)


def _shares(connection: duckdb.DuckDBPyConnection, cell: str) -> Iterator[tuple[str, str]]:
    """Yield the share of each frequent value among the known ones."""
    frequent = connection.sql(
        f"SELECT v, count(*) AS n FROM (SELECT {cell}::VARCHAR AS v FROM t) WHERE v IS NOT NULL "
        f"GROUP BY v ORDER BY n DESC, v LIMIT {MOST_SHARES}"
    ).fetchall()
    for value, _ in frequent:
        yield f"share_{value[:_LONGEST_VALUE]}", f"avg(({cell}::VARCHAR = {literal(value)})::INT)"


def _order(summary: Summary, arrow: pa.Table) -> str:
    """Return what is greatest in the last row of a key: a column that says so, then the place in the file."""
    if not summary.by:
        return "n"
    at = summary.named.index(summary.by)
    cell = known(f"c{at}", arrow.schema[at].type)
    return f"CASE WHEN {cell} IS NOT NULL THEN row({cell}, n) END"


def _grouped(
    connection: duckdb.DuckDBPyConnection, arrow: pa.Table, width: int, asked: Sequence[str]
) -> pa.Table:
    """Return keys and answers, a row per known key, always in the same order."""
    names = ", ".join(f"c{at}" for at in range(width))
    return connection.sql(
        f"SELECT {names}, {', '.join(asked)} FROM t WHERE {_complete(arrow, width)} "
        f"GROUP BY {names} ORDER BY {names}"
    ).to_arrow_table()


def _complete(arrow: pa.Table, width: int) -> str:
    """Return the condition that every column of the key is known; the empty text names nothing."""
    from pyarrow import types

    parts = []
    for at in range(width):
        if types.is_duration(arrow.schema[at].type):
            raise NotApplicable(
                Text("Durations are no key."), hint=Text("Choose a column that names the rows.")
            )
        text = types.is_string(arrow.schema[at].type) or types.is_large_string(arrow.schema[at].type)
        cell = f"nullif(c{at}, '')" if text else known(f"c{at}", arrow.schema[at].type)
        parts.append(f"{cell} IS NOT NULL")
    return " AND ".join(parts)


def _keys(found: pa.Table, names: Sequence[str]) -> list[pd.Series]:
    return [found[at].to_pandas().rename(name) for at, name in enumerate(names)]


def _refuse_large(rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        raise NotApplicable(
            Text(
                "{columns:n} {columns|column|columns} for {rows:n} keys are more than a model can carry.",
                columns=columns,
                rows=rows,
            ),
            hint=Text(
                "Bring at most {most:n} {most|column|columns}.", most=max(1, MOST_CELLS // max(1, rows))
            ),
        )
