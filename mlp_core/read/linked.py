"""A table that reaches another through a third: payments belong to loans, and loans to applicants.

The rows stay as they are; each only takes the key of the row it belongs to in the table between. That one
must have a single row per link, or rows would multiply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from mlp_core.errors import NotApplicable
from mlp_core.kinds import Kind
from mlp_core.read.relate import Relation, relate, relation_of
from mlp_core.read.sql import Source, arrow_of, database, key_sql
from mlp_core.text import Text

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class LinkedTable:
    """A table with the key of another one beside its own columns.

    Attributes
    ----------
    table : Table or TableFile
        Whose rows they are.
    between : Table or TableFile
        The table in between, with one row per link.
    link, between_link : tuple of str
        Columns of both that belong together, in the same order.
    key : tuple of str
        Columns of the table in between that each row takes over.
    """

    table: Source
    between: Source
    link: tuple[str, ...]
    between_link: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        """What people call the table."""
        return str(self.table.name)

    @property
    def fingerprint(self) -> str:
        """Hash of the content of the table itself."""
        return str(self.table.fingerprint)

    @cached_property
    def taken(self) -> Mapping[str, str]:
        """The columns that are taken over, by their name beside the table's own."""
        names: dict[str, str] = {}
        for column in self.key:
            name = column
            while name in self.table.kinds:
                name = f"{self.between.name}.{name}"
            names[name] = column
        return MappingProxyType(names)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of all columns, in order."""
        added = {name: self.between.kinds[column] for name, column in self.taken.items()}
        return MappingProxyType({**self.table.kinds, **added})

    def arrow(self, columns: Sequence[str]) -> pa.Table:
        """Return columns as Arrow, in the order of the table's rows.

        Raises
        ------
        NotApplicable
            The table in between has several rows for one link.
        StorageError
            The file of a table is damaged.
        """
        import pyarrow as pa

        own = [name for name in columns if name not in self.taken]
        found = arrow_of(self.table, own).rename_columns(own) if own else None
        taken = self._taken() if len(own) < len(columns) else None
        sides = {name: taken if name in self.taken else found for name in columns}
        return pa.table({name: side[name] for name, side in sides.items() if side is not None})

    def _taken(self) -> pa.Table:
        """Return what each row takes over, of as many rows as the table, in their order."""
        import pyarrow as pa

        here, there = arrow_of(self.table, self.link), arrow_of(self.between, (*self.between_link, *self.key))
        here = here.append_column("n", pa.array(range(here.num_rows), pa.int64()))
        pairs = [
            key_sql(f"l.c{at}", here.schema[at].type, f"r.c{at}", there.schema[at].type)
            for at in range(len(self.link))
        ]
        same = " AND ".join(f"{a} = {b}" for a, b in pairs)
        known = " AND ".join(f"{b} IS NOT NULL" for _, b in pairs)
        names = ", ".join(b for _, b in pairs)
        brought = ", ".join(f"r.c{len(self.link) + at} AS k{at}" for at in range(len(self.key)))
        with database(l=here, r=there) as connection:
            asked = f"SELECT 1 FROM r WHERE {known} GROUP BY {names} HAVING count(*) > 1 LIMIT 1"
            if connection.sql(asked).fetchall():
                raise NotApplicable(
                    Text(
                        "{between} has several rows for one {columns:list}, so {table} cannot reach another "
                        "table through it.",
                        between=self.between.name,
                        columns=self.between_link,
                        table=self.name,
                    ),
                    hint=Text("Choose another table in between."),
                )
            found = connection.sql(f"SELECT {brought} FROM l LEFT JOIN r ON {same} ORDER BY l.n")
            return found.to_arrow_table().rename_columns(list(self.taken))


def reached(
    left: Source, right: Source, betweens: Sequence[Source]
) -> tuple[tuple[Relation, LinkedTable], ...]:
    """Return how a table belongs to another through a third, the surest first.

    Parameters
    ----------
    left, right : Table or TableFile
        The table whose rows are to stay as they are, and the one to be joined to it.
    betweens : sequence of Table or TableFile
        Tables that may stand between.

    Raises
    ------
    NotApplicable, StorageError
        As for :func:`mlp_core.read.relate.relate`.
    """
    found = []
    for between in betweens:
        outer, inner = relate(left, between), relate(right, between)
        inner = tuple(relation for relation in inner if not relation.multiplies)
        if not outer or not inner:
            continue
        linked = LinkedTable(
            table=right,
            between=between,
            link=inner[0].left_columns,
            between_link=inner[0].right_columns,
            key=outer[0].right_columns,
        )
        sure = outer[0].sure * inner[0].sure
        met = relation_of(left, linked, outer[0].left_columns, tuple(linked.taken), sure=sure)
        found.append((met, linked))
    return tuple(sorted(found, key=lambda one: -one[0].sure))
