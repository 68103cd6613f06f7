"""The other tables of a project: kept, named, exchanged with the main one, and handed to the steps that join.

A project works on one table, its main one; the others are there to be joined to it. All are files named by
their content, and a step names the table it joins by that name too. A table that is removed is missed by the
step alone, which says so; one that is read again in another way takes its steps along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from mlp_core.errors import InvalidParameter, StorageError
from mlp_core.read.sql import TableFile
from mlp_core.storage.history import History, Steps
from mlp_core.storage.source import SourceRef, keep_table, kept_table, table_path
from mlp_core.table import Table
from mlp_core.text import Text

if TYPE_CHECKING:
    from mlp_core.clean import Recipe
    from mlp_core.read import ReadOptions

MOST_TABLES: Final = 20
"""Tables of one project, the main one among them."""


class SeveralTables:
    """What a project does with the tables besides its main one."""

    folder: Path
    source: SourceRef | None
    others: tuple[SourceRef, ...]
    history: History

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """Every table, the main one first."""
        return (*((self.source,) if self.source is not None else ()), *self.others)

    @property
    def recipe(self) -> Recipe:
        """The recipe as it stands, with the other tables at hand for the steps that join."""
        from mlp_core.clean import Recipe

        return Recipe.from_json(self.history.present).bound(self.files())

    def files(self) -> dict[str, TableFile]:
        """Return the other tables by fingerprint, each where it lies; none is read."""
        return {ref.fingerprint: file_of(self.folder, ref) for ref in self.others}

    def files_needed(self) -> list[TableFile]:
        """Return the other tables that the recipe joins, for a training in another process."""
        files = self.files()
        needed = dict.fromkeys(name for step in self.recipe.operations() for name in step.needs())
        return [files[name] for name in needed if name in files]

    def other(self, fingerprint: str) -> SourceRef:
        """Return one of the other tables.

        Raises
        ------
        StorageError
            The project has no such table.
        """
        for ref in self.others:
            if ref.fingerprint == fingerprint:
                return ref
        raise StorageError(
            Text("There is no such table in this project."),
            hint=Text("Reload the page to see what is there."),
        )

    def other_table(self, fingerprint: str) -> Table:
        """Return one of the other tables as it was read, mapped into memory.

        Raises
        ------
        StorageError
            The project has no such table, or its file and the original are both damaged.
        """
        return kept_table(self.folder, self.other(fingerprint))

    def with_other(
        self,
        table: Table,
        *,
        origin: str,
        content: bytes | None = None,
        kept: str = "",
        options: ReadOptions | None = None,
        instead_of: str = "",
    ) -> Self:
        """Return the project with one more table, whose files are written at once.

        Parameters
        ----------
        table, origin, content, kept, options
            As for :meth:`mlp_core.project.Project.with_table`.
        instead_of : str
            The fingerprint of the table that was read again; the steps that join it join the new one.

        Raises
        ------
        InvalidParameter
            The project has no main table yet, holds this one already, or as many as it can.
        StorageError
            The disk is full, or the folder cannot be written.
        """
        rest = tuple(ref for ref in self.others if ref.fingerprint != instead_of)
        held = [ref for ref in (self.source, *rest) if ref is not None]
        self._refuse_held(table, held)
        before = self.other(instead_of) if instead_of else None
        ref = keep_table(
            self.folder,
            table,
            origin=origin,
            content=content,
            kept=kept,
            options=options,
            before=before,
        )
        ref = replace(ref, name=before.name if before else _free(ref.name, [one.name for one in held]))
        if before is None:
            return self._changed(others=(*self.others, ref))
        others = tuple(ref if one is before else one for one in self.others)
        return self._changed(others=others, history=repointed(self.history, {instead_of: ref.fingerprint}))

    def without_other(self, fingerprint: str) -> Self:
        """Return the project without one of its other tables; a step that joins it stays, and says so.

        Raises
        ------
        StorageError
            The project has no such table.
        """
        gone = self.other(fingerprint)
        return self._changed(others=tuple(ref for ref in self.others if ref is not gone))

    def with_main(self, fingerprint: str) -> Self:
        """Return the project on one of its other tables; the recipe and the plan start afresh.

        Raises
        ------
        StorageError
            The project has no such table.
        """
        chosen = self.other(fingerprint)
        rest = [ref for ref in self.others if ref is not chosen]
        former = [self.source] if self.source is not None else []
        return self._changed(source=chosen, others=(*former, *rest), history=History(), plan=None)

    def _refuse_held(self, table: Table, held: Sequence[SourceRef]) -> None:
        if self.source is None:
            raise InvalidParameter(
                Text("The project has no main table yet."),
                hint=Text("Bring the table that holds what you want to predict first."),
            )
        for ref in held:
            if ref.fingerprint == table.fingerprint:
                raise InvalidParameter(
                    Text("{table} holds exactly what {name} holds.", table=table.name, name=ref.name),
                    hint=Text("The project has that table already; choose another file."),
                )
        if len(held) >= MOST_TABLES:
            raise InvalidParameter(
                Text("A project holds at most {most:n} tables.", most=MOST_TABLES),
                hint=Text("Remove one that you do not need."),
            )

    def _changed(self, **fields: Any) -> Self:
        raise NotImplementedError


def file_of(folder: Path, ref: SourceRef) -> TableFile:
    """Return a table of a project where it lies."""
    return TableFile(
        path=table_path(folder, ref.fingerprint),
        name=ref.name,
        fingerprint=ref.fingerprint,
        kinds=ref.kinds,
        checksum=ref.checksum,
    )


def refs_from_json(data: Any, main: SourceRef | None) -> tuple[SourceRef, ...]:
    """Return the other tables that a document names.

    Raises
    ------
    TypeError, ValueError, LookupError
        They are not as a project writes them.
    """
    if not isinstance(data, list):
        raise TypeError("the tables are no list")
    refs = tuple(SourceRef.from_json(one) for one in data)
    names = [ref.fingerprint for ref in (*refs, *((main,) if main is not None else ()))]
    if not all(names) or len(set(names)) < len(names) or len(names) > MOST_TABLES:
        raise ValueError("one table twice, or too many")
    if refs and main is None:
        raise ValueError("no main table")
    return refs


def repointed(history: History, names: Mapping[str, str]) -> History:
    """Return a history whose steps join other tables, by fingerprint, from the former to the new one."""

    def moved(steps: Steps) -> Steps:
        return tuple(_moved(step, names) for step in steps)

    return History(
        past=tuple(moved(steps) for steps in history.past),
        present=moved(history.present),
        future=tuple(moved(steps) for steps in history.future),
    )


def _moved(step: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    params = step.get("params")
    if not isinstance(params, Mapping):
        return step
    changed = {field: names[params[field]] for field in ("table", "through") if params.get(field) in names}
    return {**step, "params": {**params, **changed}} if changed else step


def _free(name: str, taken: Sequence[str]) -> str:
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name} ({number})", number + 1
    return candidate
