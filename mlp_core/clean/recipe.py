"""The recipe: an ordered tuple of steps, described here and learned inside the pipeline.

Rows are found first, values learned second. A step that drops rows must not depend on anything learned, or
test rows would have a say in what is learned: so the surviving rows are found on a frame in which filled
cells are only marked as filled, and the learning steps then see the surviving rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mlp_core.clean.operation import Operation, operation_from_json
from mlp_core.errors import MLPError, NotApplicable
from mlp_core.kinds import Kind
from mlp_core.read.sql import Source
from mlp_core.table import Table
from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlp_core.clean.transformer import RecipeTransformer


@dataclass(frozen=True)
class Step:
    """An operation in a recipe, on or off."""

    operation: Operation
    enabled: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the step as plain JSON."""
        return {**self.operation.to_json(), "enabled": self.enabled}


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """What one step did to the table: rows and missing cells before and after, or why it could not.

    Attributes
    ----------
    notes : tuple of Text
        What else a person should know, such as cells that could not be read as the kind asked for.
    """

    rows_before: int
    rows_after: int
    missing_before: int
    missing_after: int
    columns_before: int
    columns_after: int
    problem: MLPError | None = None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """An ordered tuple of steps; every change returns a new recipe.

    Parameters
    ----------
    steps : iterable of Operation or Step
        Bare operations are taken as enabled steps.
    tables : mapping of str to Table or TableFile, optional
        The other tables that steps may read, by fingerprint; they are no part of what the recipe is.
    """

    steps: tuple[Step, ...] = ()
    tables: Mapping[str, Source] | None = field(default=None, compare=False, repr=False)

    def __init__(
        self, steps: Iterable[Operation | Step] = (), tables: Mapping[str, Source] | None = None
    ) -> None:
        wrapped = (step if isinstance(step, Step) else Step(step) for step in steps)
        if tables is not None:
            wrapped = (replace(step, operation=step.operation.bound(tables)) for step in wrapped)
        object.__setattr__(self, "steps", tuple(wrapped))
        object.__setattr__(self, "tables", tables)

    def bound(self, tables: Mapping[str, Source]) -> Recipe:
        """Return the recipe with other tables at hand, by fingerprint, for the steps that read one."""
        return Recipe(self.steps, tables)

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def added(self, operation: Operation) -> Recipe:
        """Return the recipe with one more step at its end."""
        return Recipe((*self.steps, Step(operation)), self.tables)

    def replaced(self, position: int, operation: Operation) -> Recipe:
        """Return the recipe with another operation at ``position`` (from 0), on or off as before."""
        step = replace(self.steps[position], operation=operation)
        return Recipe((*self.steps[:position], step, *self.steps[position + 1 :]), self.tables)

    def removed(self, position: int) -> Recipe:
        """Return the recipe without the step at ``position``."""
        return Recipe((*self.steps[:position], *self.steps[position + 1 :]), self.tables)

    def switched(self, position: int) -> Recipe:
        """Return the recipe with the step at ``position`` turned on or off."""
        step = replace(self.steps[position], enabled=not self.steps[position].enabled)
        return Recipe((*self.steps[:position], step, *self.steps[position + 1 :]), self.tables)

    def moved(self, position: int, to: int) -> Recipe:
        """Return the recipe with the step at ``position`` standing at ``to``, within its ends."""
        rest = [*self.steps[:position], *self.steps[position + 1 :]]
        rest.insert(max(0, min(to, len(rest))), self.steps[position])
        return Recipe(rest, self.tables)

    def operations(self) -> list[Operation]:
        """Return the operations that are on, in order."""
        return [step.operation for step in self.steps if step.enabled]

    def surviving_rows(self, frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows of ``frame`` the recipe keeps, a mask of shape (n_rows,).

        Raises
        ------
        NotApplicable
            A step does not fit the frame, or no row is left.
        """
        import numpy as np

        mask = np.zeros(len(frame), dtype=bool)
        mask[self._walk(frame)[1]] = True
        return mask

    def columns_left(self, frame: pd.DataFrame) -> list[str]:
        """Return the names of the columns that come out of the recipe.

        Raises
        ------
        NotApplicable
            A step does not fit the frame, or no row is left.
        """
        return [str(name) for name in self._walk(frame)[0].columns]

    def apply(self, table: Table) -> Table:
        """Return the table as the page shows it, with every step learned from its surviving rows.

        Raises
        ------
        NotApplicable, InvalidParameter
            A step does not fit the table as it stands at that point.
        """
        operations = self.operations()
        if not operations:
            return table
        frame = table.frame
        if any(step.drops_rows for step in operations):
            frame = frame[self.surviving_rows(frame)].reset_index(drop=True)
        for step in operations:
            if not step.drops_rows:
                step.check(frame)
                frame = step.apply(frame, step.learn(frame))
        return Table.of(frame, name=table.name, report=table.report, decided=self.decided(table.decided))

    def decided(self, before: Mapping[str, Kind] | None = None) -> dict[str, Kind]:
        """Return the kinds that are settled after the last step, by column.

        Parameters
        ----------
        before : mapping of str to Kind, optional
            Kinds that were settled before the first one.
        """
        found = dict(before or {})
        for step in self.operations():
            for name, kind in step.decides().items():
                found.pop(name, None)
                if kind is not None:
                    found[name] = kind
        return found

    def target(self, column: pd.Series) -> pd.Series:
        """Return the column to be predicted as the steps correct it, of shape (n_rows,).

        Only steps that correct what the file says hold for it; what they learn is how it is written.
        """
        name = str(column.name)
        frame = column.to_frame(name)
        for step in self.operations():
            mending = step.restricted_to([name]) if step.mends_target else None
            if mending is not None:
                frame = mending.apply(frame, mending.learn(frame))
        return frame[name]

    def trace(self, table: Table) -> list[StepFacts]:
        """Return what each step does to rows and missing cells; a step that is off changes nothing.

        A step that does not fit is skipped and its error kept in ``problem``.
        """
        import numpy as np

        frame, facts = table.frame, []
        notes: tuple[Text, ...]
        for step in self.steps:
            after, problem, notes = frame, None, ()
            if step.enabled:
                try:
                    after, _ = _find_rows(step.operation, frame, np.arange(len(frame)))
                    notes = step.operation.notes(frame, after)
                except MLPError as error:
                    problem = error
            facts.append(replace(_facts(frame, after, problem), notes=notes))
            frame = after
        return facts

    def transformer(self) -> RecipeTransformer:
        """Return the scikit-learn transformer, frame to frame, that learns these steps when fitted."""
        from mlp_core.clean.transformer import RecipeTransformer

        return RecipeTransformer([step.state() for step in self.operations() if not step.drops_rows])

    def to_json(self) -> list[dict[str, Any]]:
        """Return the steps as plain JSON."""
        return [step.to_json() for step in self.steps]

    @classmethod
    def from_json(cls, data: Iterable[Mapping[str, Any]]) -> Recipe:
        """Return the recipe that :meth:`to_json` wrote.

        Raises
        ------
        InvalidParameter
            A step is unknown to this version, or one of its values is not allowed.
        """
        return cls(Step(operation_from_json(step), bool(step.get("enabled", True))) for step in data)

    def _walk(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray[Any, np.dtype[np.intp]]]:
        """Return the frame after every step, filled cells only marked, and the positions of its rows."""
        import numpy as np

        rows = np.arange(len(frame))
        for step in self.operations():
            frame, rows = _find_rows(step, frame, rows)
        return frame, rows

    @property
    def key(self) -> str:
        """The recipe as one string: equal recipes with the same tables at hand have equal keys."""
        at_hand = [name for step in self.operations() for name in step.needs() if name in (self.tables or {})]
        return json.dumps([self.to_json(), at_hand], sort_keys=True)


def _find_rows(
    step: Operation, frame: pd.DataFrame, rows: np.ndarray[Any, Any]
) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    step.check(frame)
    if not step.drops_rows:
        return step.mark(frame), rows
    kept = step.keep(frame)
    if len(frame) and not kept.any():
        raise NotApplicable(
            Text("“{step}” would remove every one of the {rows:n} rows.", step=step.label, rows=len(frame)),
            hint=Text("Choose fewer columns, or drop the emptiest columns first."),
        )
    return frame[kept], rows[kept]


def _facts(before: pd.DataFrame, after: pd.DataFrame, problem: MLPError | None) -> StepFacts:
    return StepFacts(
        rows_before=len(before),
        rows_after=len(after),
        missing_before=int(before.isna().sum().sum()),
        missing_after=int(after.isna().sum().sum()),
        columns_before=before.shape[1],
        columns_after=after.shape[1],
        problem=problem,
    )
