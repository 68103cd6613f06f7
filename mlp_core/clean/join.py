"""The operation that brings columns of another table, without ever making or losing a row.

How a join stays honest and at hand:

* **Rows.** Every row of the table stays, once, in its place. A row that finds nothing gets missing values,
  and 0 as the count. Where the other table has several rows per key, they are summed up in one; looking one
  of them up is refused with the number of rows that a plain join would have made.
* **Learning.** Nothing is learned from the target, and the other table is not split: what it holds is taken
  to be known when a prediction is asked. So the same lookup serves the page, every fold and new rows. Where
  the other table holds what became known only later, that is a leak, as it would be in the first table.
* **Names.** They follow from the step and the other table alone, not from the columns around it, which are
  fewer in a pipeline than on the page. A name that the table already has is refused; :func:`join_of` gives
  the columns the other table's name as a prefix before that happens.
* **Way.** A table without the key may reach it by way of a third, which must have one row per link.
* **Reach.** A step in a recipe names the other table by its fingerprint. ``bound`` hands it the table, from
  which DuckDB makes the lookup once; :meth:`JoinTable.state` carries that lookup into the pipeline.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.clean.aggregate import (
    CATEGORIES,
    COUNT,
    NUMBERS,
    USUAL_CATEGORIES,
    USUAL_NUMBERS,
    Summary,
    brought,
    names_of,
    repeated,
    summed_up,
)
from mlp_core.clean.lookup import Lookup, looked_up, n_unmatched
from mlp_core.clean.operation import OPERATIONS, Learned, Operation, which
from mlp_core.errors import InvalidParameter, NotApplicable
from mlp_core.params import choice, columns_of, values_of, words
from mlp_core.read.likeness import stem_of
from mlp_core.read.linked import LinkedTable
from mlp_core.read.sql import Source, TableFile
from mlp_core.text import Text

if TYPE_CHECKING:
    from typing import Self

    import pandas as pd

    from mlp_core.read.relate import Relation

LOOKUP: Final = "lookup"
AGGREGATE: Final = "aggregate"
HOW: Final = MappingProxyType(
    {
        LOOKUP: Text("Look up the one row that belongs to it"),
        AGGREGATE: Text("Sum up all rows that belong to it"),
    }
)
_USUAL: Final = Text("None chosen means the usual ones.")


@OPERATIONS.add
@dataclass(frozen=True, kw_only=True)
class JoinTable(Operation):
    """Bring columns of another table of the project, matched by a key; no row is made or lost."""

    id: ClassVar[str] = "join_table"
    label: ClassVar[Text] = Text("Join another table")
    joins: ClassVar[bool] = True

    table: str = words(label=Text("Other table"), help=Text("The fingerprint of its content."))
    name: str = words(label=Text("Name of the other table"))
    keys: tuple[str, ...] = columns_of(label=Text("Key in this table"), least=1)
    other_keys: tuple[str, ...] = values_of(label=Text("Key in the other table"), least=1)
    columns: tuple[str, ...] = values_of(
        label=Text("Columns to bring"), help=Text("None chosen means every column but the key.")
    )
    how: str = choice(LOOKUP, choices=HOW, label=Text("For each row"))
    prefix: str = words(
        label=Text("Beginning of the new names"),
        help=Text("Empty: a column that is looked up keeps its name, others begin with the table's name."),
    )
    numbers: tuple[str, ...] = values_of(
        label=Text("Of numbers"), help=_USUAL, shown_when=("how", (AGGREGATE,))
    )
    categories: tuple[str, ...] = values_of(
        label=Text("Of categories"), help=_USUAL, shown_when=("how", (AGGREGATE,))
    )
    by: str = words(
        label=Text("The last row is the one with the highest"),
        help=Text("Empty: the last in the file."),
        shown_when=("how", (AGGREGATE,)),
    )
    through: str = words(label=Text("Table in between"), help=Text("The fingerprint of its content."))
    through_name: str = words(label=Text("Name of the table in between"))
    link: tuple[str, ...] = values_of(label=Text("Link from the other table to the one in between"))
    through_keys: tuple[str, ...] = values_of(label=Text("Link in the table in between"))
    other: Source | None = field(default=None, compare=False, repr=False)
    between: Source | None = field(default=None, compare=False, repr=False)
    carried: Lookup | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse keys that do not pair, and summaries that do not exist.

        Raises
        ------
        InvalidParameter
            The step cannot be meant so.
        """
        for here, there in ((self.keys, self.other_keys), (self.link, self.through_keys)):
            if len(here) != len(there):
                raise InvalidParameter(
                    Text(
                        "“{step}”: the key has {here:n} {here|column|columns} in one table and {there:n} in "
                        "the other.",
                        step=self.label,
                        here=len(here),
                        there=len(there),
                    )
                )
        if self.through and not self.link:
            raise InvalidParameter(Text("“{step}”: the table in between has no link.", step=self.label))
        for given, known in ((self.numbers, NUMBERS), (self.categories, CATEGORIES)):
            strange = [way for way in given if way not in known]
            if strange:
                raise InvalidParameter(
                    Text("{label} cannot be {value}.", label=self.label, value=strange[0][:200]),
                    hint=Text("Choose one of: {choices:list}.", choices=list(known)),
                )

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        if self.through and self.how == AGGREGATE:
            return Text(
                "Sum up {table} per {keys}, by way of {between}",
                table=self.name,
                keys=which(self.keys),
                between=self.through_name,
            )
        if self.how == AGGREGATE:
            return Text("Sum up {table} per {keys}", table=self.name, keys=which(self.keys))
        what = which(self.columns) if self.columns else Text("every column")
        return Text(
            "Look up {columns} of {table} by {keys}", columns=what, table=self.name, keys=which(self.keys)
        )

    def needs(self) -> tuple[str, ...]:
        """Return the fingerprints of the tables that the step reads."""
        return (self.table, self.through) if self.through else (self.table,)

    def bound(self, tables: Mapping[str, Source]) -> Self:
        """Return the step with its tables at hand, as far as they are among ``tables``, by fingerprint."""
        between = tables.get(self.through) if self.through else None
        return dataclasses.replace(self, other=tables.get(self.table), between=between)

    def new_columns(self) -> tuple[str, ...]:
        """Return the names of the columns that the step brings, in order.

        Raises
        ------
        NotApplicable, StorageError
            The other table is not at hand, lacks a column, or its file is damaged.
        """
        other = self._bound()
        if self.how == AGGREGATE:
            return names_of(other, self._summary(other))
        return tuple(f"{self.prefix}{name}" for name in self._brought(other))

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse a table that is not there, absent columns, clashing names, and rows that would multiply."""
        super().check(frame)
        other = self._bound()
        if self.how == LOOKUP:
            self._refuse_multiplying(frame, other)
        new = [one["name"] for one in self.learn(frame)["columns"]]
        clash = [name for name in new if name in frame.columns]
        if clash:
            raise NotApplicable(
                Text(
                    "“{step}”: the table already has {count|a column|columns} {names:list}.",
                    step=self.label,
                    count=len(clash),
                    names=clash,
                ),
                hint=Text("Give the new names another beginning, or bring other columns."),
            )

    def learn(self, frame: pd.DataFrame) -> Learned:
        """Return the lookup, which is the same whatever the rows.

        Raises
        ------
        NotApplicable, StorageError
            The other table is not at hand, is too large to be carried along, or its file is damaged.
        """
        return self.carried if self.carried is not None else self._lookup

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the frame with the columns of the other table behind its own."""
        import pandas as pd

        found = looked_up(learned, [frame[name] for name in self.keys])
        return pd.concat([frame, pd.DataFrame(found, index=frame.index)], axis=1)

    def notes(self, before: pd.DataFrame, after: pd.DataFrame) -> tuple[Text, ...]:
        """Say how many rows find nothing in the other table."""
        count = n_unmatched(self.learn(before), [before[name] for name in self.keys])
        if not count:
            return ()
        return (
            Text(
                "{count:n} of {rows:n} {rows|row|rows} {count|finds|find} nothing in {table}.",
                count=count,
                rows=len(before),
                table=self.name,
            ),
        )

    def restricted_to(self, names: Iterable[str]) -> Self | None:
        """Return the step; None where a column of the key is not there, for half a key finds nothing."""
        return self if set(self.keys) <= set(names) else None

    def state(self) -> dict[str, Any]:
        """Return id, parameters and lookup: all that the step needs where the other table is not at hand."""
        return {**self.to_json(), "lookup": self.learn(None)}  # type: ignore[arg-type]

    def with_state(self, state: Mapping[str, Any]) -> Self:
        """Return the step with the lookup that :meth:`state` gave."""
        return dataclasses.replace(self, carried=state.get("lookup"))

    @cached_property
    def _lookup(self) -> Lookup:
        source = self._bound()
        if isinstance(self.other, TableFile) and isinstance(self.between, TableFile | None):
            alone = dataclasses.replace(self, other=None, between=None, carried=None)
            return _of_file(alone, self.other, self.between)
        return self._made(source)

    def _made(self, other: Source) -> Lookup:
        if self.how == AGGREGATE:
            return summed_up(other, self._summary(other))
        return brought(other, self._their_keys(other), self._brought(other), self.prefix)

    def _bound(self) -> Source:
        """Return what is joined: the other table, or that with the key of the table in between."""
        if self.other is None or (self.through and self.between is None):
            name = self.through_name if self.other is not None else self.name
            raise NotApplicable(
                Text("“{step}”: the table {name} is not in this project.", step=self.label, name=name),
                hint=Text("Add its file again on the Upload page, or remove this step."),
            )
        by = (self.by,) if self.by else ()
        if self.between is None:
            self._check_columns(self.name, self.other, (*self.other_keys, *self.columns, *by))
            return self.other
        self._check_columns(self.name, self.other, (*self.link, *self.columns, *by))
        self._check_columns(self.through_name, self.between, (*self.through_keys, *self.other_keys))
        return LinkedTable(
            table=self.other,
            between=self.between,
            link=self.link,
            between_link=self.through_keys,
            key=self.other_keys,
        )

    def _their_keys(self, other: Source) -> tuple[str, ...]:
        return tuple(other.taken) if isinstance(other, LinkedTable) else self.other_keys

    def _brought(self, other: Source) -> tuple[str, ...]:
        keys = {*self._their_keys(other), *self.link}
        return self.columns or tuple(name for name in other.kinds if name not in keys)

    def _summary(self, other: Source) -> Summary:
        return Summary(
            keys=self._their_keys(other),
            columns=self._brought(other),
            prefix=self.prefix or f"{stem_of(self.name)}_",
            numbers=self.numbers or USUAL_NUMBERS,
            categories=self.categories or USUAL_CATEGORIES,
            by=self.by,
        )

    def _check_columns(self, table: str, source: Source, named: Iterable[str]) -> None:
        absent = [name for name in named if name not in source.kinds]
        if absent:
            raise NotApplicable(
                Text(
                    "“{step}”: the table {table} has no {absent|column|columns} {names:list}.",
                    step=self.label,
                    table=table,
                    absent=len(absent),
                    names=absent,
                ),
                hint=Text("Edit or remove this step."),
            )

    def _refuse_multiplying(self, frame: pd.DataFrame, other: Source) -> None:
        counts = _repeated(other, self._their_keys(other))
        if counts is None:
            return
        per_row = looked_up(counts, [frame[name] for name in self.keys])[COUNT]
        raise NotApplicable(
            Text(
                "“{step}”: {table} has several rows for one {keys:list}; looking them up would make "
                "{after:n} rows out of {before:n}.",
                step=self.label,
                table=self.name,
                keys=self.other_keys,
                after=int(per_row.clip(lower=1).sum()),
                before=len(frame),
            ),
            hint=Text("Sum its rows up per key instead, or add a column to the key."),
        )


def join_of(
    relation: Relation, other: Source, taken: Iterable[str], *, how: str = "", columns: Iterable[str] = ()
) -> JoinTable:
    """Return the step that a relation proposes: a lookup where one row belongs to each, else a summary.

    Parameters
    ----------
    relation : Relation
        Of the table that the recipe works on, at the left, and the other one.
    other : Table, TableFile or LinkedTable
        The table to be joined.
    taken : iterable of str
        Columns that the table has where the step will stand; where a new name would be one of them, all new
        names begin with the other table's name.
    how : str, optional
        ``"lookup"`` or ``"aggregate"``; by default what the relation allows.
    columns : iterable of str, optional
        What to bring; by default every column but the key.
    """
    step = JoinTable(
        table=other.fingerprint,
        name=other.name,
        keys=relation.left_columns,
        other_keys=relation.right_columns,
        columns=tuple(columns),
        how=how or (AGGREGATE if relation.multiplies else LOOKUP),
        other=other,
    )
    if isinstance(other, LinkedTable):
        step = dataclasses.replace(
            step,
            other_keys=other.key,
            other=other.table,
            through=other.between.fingerprint,
            through_name=other.between.name,
            link=other.link,
            through_keys=other.between_link,
            between=other.between,
        )
    present, beginning, number = set(taken), f"{stem_of(other.name)}_", 2
    while present & set(step.new_columns()):
        step = dataclasses.replace(step, prefix=beginning)
        beginning, number = f"{stem_of(other.name)}_{number}_", number + 1
    return step


@lru_cache(maxsize=4)
def _of_file(step: JoinTable, other: TableFile, between: TableFile | None) -> Lookup:
    """Return the lookup of a step, kept a while: a file never changes, and each page asks again."""
    at_hand = dataclasses.replace(step, other=other, between=between)
    return at_hand._made(at_hand._bound())


def _repeated(other: Source, keys: tuple[str, ...]) -> Lookup | None:
    return _repeated_in_file(other, keys) if isinstance(other, TableFile) else repeated(other, keys)


@lru_cache(maxsize=8)
def _repeated_in_file(other: TableFile, keys: tuple[str, ...]) -> Lookup | None:
    return repeated(other, keys)
