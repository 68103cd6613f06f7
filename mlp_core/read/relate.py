"""How two tables belong together: which columns are the key of both, and what a join would do.

Names propose and values decide. Columns whose names are alike, and columns that number the rows of one side,
are tried on all values: how many keys meet, how often each stands on either side, and which rows find
nothing. Where no single column numbers a side, two or three that both tables name alike are tried together.
A key is compared as the text it would be in a file, so 7, 7.0 and "7" are one key; "007" is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from mlp_core.read.likeness import likeness
from mlp_core.read.sql import Source, arrow_of, database, key_sql, known
from mlp_core.text import Text

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MOST: Final = 5
"""Relations between two tables that are worth a person's look."""

_TRIED: Final = 12
_TRIED_TOGETHER: Final = 20
_ALIKE: Final = 0.6
_NUMBERING: Final = 0.9
"""A column with this share of different values may number the rows; how many there are is then counted."""
_FEW_KEYS: Final = 10


class RelationKind(StrEnum):
    """How many rows of one table belong to how many of the other."""

    ONE_TO_ONE = "one_to_one"
    ONE_TO_MANY = "one_to_many"
    MANY_TO_ONE = "many_to_one"
    MANY_TO_MANY = "many_to_many"


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A key that two tables share, and how their rows meet over it.

    Attributes
    ----------
    left, right : str
        What people call the tables.
    left_columns, right_columns : tuple of str
        The columns of the key, in the same order.
    kind : RelationKind
        Read from left to right: ``ONE_TO_MANY`` means that a key stands once on the left and may stand
        several times on the right.
    left_rows, right_rows : int
        Rows of each table.
    orphans_left, orphans_right : int
        Rows that find no row on the other side; rows without a key are among them.
    rows_per_key, most_rows_per_key : float, int
        Rows of the right table for a row of the left one that finds any: on average, and at most.
    rows_joined : int
        How many rows a plain join would make that keeps every row of the left table.
    sure : float
        From 0 (a guess) to 1.
    """

    left: str
    right: str
    left_columns: tuple[str, ...]
    right_columns: tuple[str, ...]
    kind: RelationKind
    left_rows: int
    right_rows: int
    orphans_left: int
    orphans_right: int
    rows_per_key: float
    most_rows_per_key: int
    rows_joined: int
    sure: float

    @property
    def matched_left(self) -> float:
        """Share (0–1) of the left table's rows that find a row on the right."""
        return 1 - self.orphans_left / self.left_rows if self.left_rows else 0.0

    @property
    def matched_right(self) -> float:
        """Share (0–1) of the right table's rows that find a row on the left."""
        return 1 - self.orphans_right / self.right_rows if self.right_rows else 0.0

    @property
    def multiplies(self) -> bool:
        """Whether a plain join could make more rows than the left table has."""
        return self.kind in (RelationKind.ONE_TO_MANY, RelationKind.MANY_TO_MANY)

    @property
    def sentence(self) -> Text:
        """The relation as people read it."""
        return Text("{relation} {orphans}", relation=self._met(), orphans=self._orphans())

    def _met(self) -> Text:
        names: dict[str, Any] = {"left": self.left, "right": self.right}
        if self.kind is RelationKind.ONE_TO_ONE:
            return Text("One to one: a row of {left} has at most one row in {right}, and back.", **names)
        if self.kind is RelationKind.MANY_TO_ONE:
            return Text(
                "Many to one: a row of {left} has at most one row in {right}, which serves several.", **names
            )
        names |= {"mean": self.rows_per_key, "most": self.most_rows_per_key}
        if self.kind is RelationKind.ONE_TO_MANY:
            return Text(
                "One to many: a row of {left} has up to {most:n} rows in {right}, {mean:n} on average.",
                **names,
            )
        return Text(
            "Many to many: a row of {left} has up to {most:n} rows in {right}, {mean:n} on average, and "
            "these rows serve several.",
            **names,
        )

    def _orphans(self) -> Text:
        if not self.orphans_left and not self.orphans_right:
            return Text("Every row finds the other side.")
        return Text(
            "Without the other side: {here:n} of {rows:n} rows of {left}, {there:n} of {others:n} rows of "
            "{right}.",
            here=self.orphans_left,
            rows=self.left_rows,
            left=self.left,
            there=self.orphans_right,
            others=self.right_rows,
            right=self.right,
        )


@dataclass(frozen=True, kw_only=True)
class _Column:
    """A column that may be part of a key: where it stands, and what was counted in it."""

    name: str
    position: int
    type: pa.DataType
    known: int
    distinct: int

    @property
    def numbers_rows(self) -> bool:
        return self.known > 0 and self.distinct >= _NUMBERING * self.known


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """Two columns that may be one key."""

    left: _Column
    right: _Column
    alike: float


def relate(left: Source, right: Source) -> tuple[Relation, ...]:
    """Return the keys that two tables share, the surest first, at most :data:`MOST`.

    Parameters
    ----------
    left, right : Table or TableFile
        All their values are looked at. The left one is the table whose rows are to stay as they are.

    Raises
    ------
    NotApplicable
        The tables are too large to be counted here.
    StorageError
        The file of a table is damaged.
    """
    ours, theirs = list(left.kinds), list(right.kinds)
    if not ours or not theirs:
        return ()
    tables = {"l": arrow_of(left, ours), "r": arrow_of(right, theirs)}
    with database(**tables) as connection:
        pairs = _pairs(
            _columns(connection, "l", tables["l"], ours),
            _columns(connection, "r", tables["r"], theirs),
            left.name,
            right.name,
        )
        found = [_measured(connection, left, right, [pair]) for pair in pairs[:_TRIED]]
        if not any(relation is not None and not _crosswise(relation) for relation in found):
            found += _together(connection, left, right, pairs)
    met = [relation for relation in found if relation is not None]
    return tuple(sorted(met, key=lambda relation: -relation.sure)[:MOST])


def relation_of(
    left: Source, right: Source, columns: Sequence[str], others: Sequence[str], *, sure: float = 1.0
) -> Relation:
    """Return how two tables meet over a key that a person chose.

    Parameters
    ----------
    columns, others : sequence of str
        The columns of the key in the left and in the right table, in the same order.
    sure : float
        From 0 (a guess) to 1; a person who chose the key is sure.

    Raises
    ------
    NotApplicable, StorageError
        As for :func:`relate`.
    """
    tables = {"l": arrow_of(left, columns), "r": arrow_of(right, others)}
    pairs = [
        _Pair(
            left=_Column(name=a, position=at, type=tables["l"].schema[at].type, known=0, distinct=0),
            right=_Column(name=b, position=at, type=tables["r"].schema[at].type, known=0, distinct=0),
            alike=1.0,
        )
        for at, (a, b) in enumerate(zip(columns, others, strict=True))
    ]
    with database(**tables) as connection:
        return replace(_relation(left, right, pairs, _counts(connection, pairs)), sure=round(sure, 3))


def _crosswise(relation: Relation) -> bool:
    return relation.kind is RelationKind.MANY_TO_MANY


def _columns(
    connection: duckdb.DuckDBPyConnection, table: str, arrow: pa.Table, names: list[str]
) -> list[_Column]:
    """Return the columns that may be keys: whole numbers, words and dates with more than one value."""
    from pyarrow import types

    kept = [
        at
        for at, column in enumerate(arrow.schema)
        if not any(no(column.type) for no in (types.is_boolean, types.is_null, types.is_duration))
    ]
    if not kept:
        return []
    asked = []
    for at in kept:
        cell = known(f"c{at}", arrow.schema[at].type)
        whole = f"bool_and({cell} = floor({cell}))" if types.is_floating(arrow.schema[at].type) else "true"
        asked.append(f"count({cell}), approx_count_distinct({cell}), {whole}")
    counted = connection.execute(f"SELECT {', '.join(asked)} FROM {table}").fetchone() or ()
    found = []
    for place, at in enumerate(kept):
        cells, distinct, whole = counted[3 * place : 3 * place + 3]
        if whole and distinct > 1:
            column = _Column(
                name=names[at], position=at, type=arrow.schema[at].type, known=cells, distinct=distinct
            )
            found.append(column)
    return found


def _pairs(ours: list[_Column], theirs: list[_Column], left: str, right: str) -> list[_Pair]:
    """Return the pairs that are worth trying, the likeliest first."""
    from pyarrow import types

    found = []
    for a in ours:
        for b in theirs:
            dates = types.is_temporal(a.type), types.is_temporal(b.type)
            alike = likeness(a.name, b.name, left, right)
            numbering = not any(dates) and (a.numbers_rows or b.numbers_rows)
            enough = min(a.distinct, b.distinct) >= _FEW_KEYS
            if dates[0] == dates[1] and (alike >= _ALIKE or (numbering and enough)):
                found.append(_Pair(left=a, right=b, alike=alike))
    return sorted(
        found, key=lambda p: (-p.alike, not (p.left.numbers_rows or p.right.numbers_rows), p.left.position)
    )


def _together(
    connection: duckdb.DuckDBPyConnection, left: Source, right: Source, pairs: list[_Pair]
) -> list[Relation | None]:
    """Return the keys of two or three columns that number the rows of a side."""
    named = [pair for pair in pairs if pair.alike >= 0.9][:6]
    tried = 0
    for size in (2, 3):
        found: list[Relation | None] = []
        for chosen in combinations(named, size):
            apart = {p.left.position for p in chosen}, {p.right.position for p in chosen}
            if min(map(len, apart)) < size or tried >= _TRIED_TOGETHER:
                continue
            tried += 1
            relation = _measured(connection, left, right, list(chosen))
            if relation is not None and not _crosswise(relation):
                found.append(relation)
        if found:
            return found
    return []


def _measured(
    connection: duckdb.DuckDBPyConnection, left: Source, right: Source, pairs: list[_Pair]
) -> Relation | None:
    """Return the relation over these columns; None where no key meets."""
    counts = _counts(connection, pairs)
    return _relation(left, right, pairs, counts) if counts["met"] else None


def _counts(connection: duckdb.DuckDBPyConnection, pairs: list[_Pair]) -> dict[str, int]:
    """Return how keys and rows of both sides meet, counted over all rows."""
    ours, theirs = [], []
    for at, pair in enumerate(pairs):
        left, right = pair.left, pair.right
        a, b = key_sql(f"l.c{left.position}", left.type, f"r.c{right.position}", right.type)
        ours.append(f"{a} AS k{at}")
        theirs.append(f"{b} AS k{at}")
    names = ", ".join(f"k{at}" for at in range(len(pairs)))
    complete = " AND ".join(f"k{at} IS NOT NULL" for at in range(len(pairs)))
    asked = f"""
        WITH a AS (SELECT {names}, count(*) AS n FROM (SELECT {", ".join(ours)} FROM l)
                   WHERE {complete} GROUP BY ALL),
             b AS (SELECT {names}, count(*) AS n FROM (SELECT {", ".join(theirs)} FROM r)
                   WHERE {complete} GROUP BY ALL),
             j AS (SELECT a.n AS a, b.n AS b FROM a JOIN b USING ({names}))
        SELECT (SELECT count(*) FROM l), (SELECT count(*) FROM r),
               (SELECT count(*) FROM a), (SELECT count(*) FROM b),
               (SELECT coalesce(max(n), 0) FROM a), (SELECT coalesce(max(n), 0) FROM b),
               count(*), coalesce(sum(a), 0), coalesce(sum(b), 0),
               coalesce(max(b), 0), coalesce(sum(a::HUGEINT * b), 0) FROM j"""
    row = connection.execute(asked).fetchone() or (0,) * 11
    names_of = ("left", "right", "left_keys", "right_keys", "left_most", "right_most")
    return dict(
        zip(
            (*names_of, "met", "left_met", "right_met", "most", "product"),
            (int(value) for value in row),
            strict=True,
        )
    )


def _relation(left: Source, right: Source, pairs: list[_Pair], counts: dict[str, int]) -> Relation:
    single = counts["left_most"] <= 1, counts["right_most"] <= 1
    kinds = {
        (True, True): RelationKind.ONE_TO_ONE,
        (True, False): RelationKind.ONE_TO_MANY,
        (False, True): RelationKind.MANY_TO_ONE,
        (False, False): RelationKind.MANY_TO_MANY,
    }
    orphans = counts["left"] - counts["left_met"]
    return Relation(
        left=left.name,
        right=right.name,
        left_columns=tuple(pair.left.name for pair in pairs),
        right_columns=tuple(pair.right.name for pair in pairs),
        kind=kinds[single],
        left_rows=counts["left"],
        right_rows=counts["right"],
        orphans_left=orphans,
        orphans_right=counts["right"] - counts["right_met"],
        rows_per_key=round(counts["product"] / max(1, counts["left_met"]), 4),
        most_rows_per_key=counts["most"],
        rows_joined=counts["product"] + orphans,
        sure=_sure(pairs, counts, any(single)),
    )


def _sure(pairs: list[_Pair], counts: dict[str, int], single: bool) -> float:
    """Return how sure a key is: half by its names, the rest by how its values meet and number rows."""
    alike = min(pair.alike for pair in pairs)
    keys = counts["left_keys"], counts["right_keys"]
    met = counts["met"] / max(1, min(keys))
    sure = 0.5 * alike + 0.3 * met + (0.2 if single else 0.0)
    if not single:
        sure *= 0.6
    if min(keys) < _FEW_KEYS:
        # A handful of values meets in any two columns that count or grade something.
        sure *= 0.7
    if alike < _ALIKE:
        sure *= 0.6
    return round(sure, 3)
