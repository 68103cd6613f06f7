"""One step of a recipe: what every operation on a table says of itself and can do."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mlp_core import params
from mlp_core.errors import NotApplicable
from mlp_core.kinds import Kind
from mlp_core.params import Shape
from mlp_core.registry import Registry
from mlp_core.text import Text

if TYPE_CHECKING:
    from typing import Self

    import numpy as np
    import pandas as pd

Learned = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A change to a table that can be described, replayed on other rows, and undone.

    Attributes
    ----------
    drops_rows : bool
        Whether it removes rows. Such an operation learns nothing, is applied before the split to find the
        surviving rows, and is skipped at prediction.
    mends_target : bool
        Whether it corrects what the file says, so that it also holds for the column to be predicted. What
        computes something else from a column does not: a model must answer in the terms of its target.
    joins : bool
        Whether it reads another table, so that its form is drawn beside the tables of the project.
    """

    id: ClassVar[str]
    label: ClassVar[Text]
    drops_rows: ClassVar[bool] = False
    joins: ClassVar[bool] = False
    mends_target: ClassVar[bool] = False

    def describe(self) -> Text:
        """Return the step as a sentence people read in the list of steps."""
        raise NotImplementedError

    def keep(self, frame: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows stay, a mask of shape (n_rows,); asked only where ``drops_rows``."""
        raise NotImplementedError

    def learn(self, frame: pd.DataFrame) -> Learned:
        """Return what the operation takes from training rows, as plain JSON values."""
        return {}

    def apply(self, frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
        """Return the changed frame, of shape (n_rows, n_columns_out); the given one is left alone."""
        return frame

    def mark(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame as later row-dropping steps see it, with nothing learned from any row."""
        return self.apply(frame, self.learn(frame))

    def decides(self) -> Mapping[str, Kind | None]:
        """Return the kinds that the step settles, by column; ``None`` for one that is to be found anew."""
        return {}

    def notes(self, before: pd.DataFrame, after: pd.DataFrame) -> tuple[Text, ...]:
        """Return what a person should know of what the step did to the rows of a table."""
        return ()

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse a frame that lacks the columns named.

        Raises
        ------
        NotApplicable
            A column is not there, or holds another kind than the operation works on.
        """
        absent = [name for name in self.named_columns() if name not in frame.columns]
        if absent:
            raise NotApplicable(
                Text(
                    "“{step}”: the table has no {absent|column|columns} {names:list}.",
                    step=self.label,
                    absent=len(absent),
                    names=absent,
                ),
                hint=Text("Edit or remove this step, or an earlier one that drops the column."),
            )

    def named_columns(self) -> tuple[str, ...]:
        """Return the columns that the step names; empty where it means every column that fits."""
        found: list[str] = []
        for field, param in params.declared(self).items():
            if param.shape is Shape.COLUMNS:
                found.extend(getattr(self, field))
            elif param.shape is Shape.COLUMN and getattr(self, field):
                found.append(getattr(self, field))
        return tuple(found)

    def restricted_to(self, names: Iterable[str]) -> Self | None:
        """Return the step on those of its columns that are in ``names``; None where none is left."""
        present = set(names)
        single = [field for field, param in params.declared(self).items() if param.shape is Shape.COLUMN]
        if any(getattr(self, field) and getattr(self, field) not in present for field in single):
            return None
        kept = {
            field: tuple(name for name in getattr(self, field) if name in present)
            for field, param in params.declared(self).items()
            if param.shape is Shape.COLUMNS and getattr(self, field)
        }
        if not all(kept.values()):
            return None
        return dataclasses.replace(self, **kept)

    def needs(self) -> tuple[str, ...]:
        """Return the fingerprints of the other tables that the step reads."""
        return ()

    def bound(self, tables: Mapping[str, Any]) -> Self:
        """Return the step with the tables it needs at hand, by fingerprint; see ``JoinTable``."""
        return self

    def to_json(self) -> dict[str, Any]:
        """Return id and parameters as plain JSON."""
        return {"id": self.id, "params": params.values(self)}

    def state(self) -> dict[str, Any]:
        """Return what the step is inside a pipeline, where no other table is at hand."""
        return self.to_json()

    def with_state(self, state: Mapping[str, Any]) -> Self:
        """Return the step with what :meth:`state` says besides its parameters."""
        return self


OPERATIONS: Registry[Operation] = Registry("operations")


def operation_from_json(data: Mapping[str, Any]) -> Operation:
    """Return the operation that :meth:`Operation.to_json` wrote, with every field checked.

    Raises
    ------
    InvalidParameter
        The id is unknown, or a value is outside what its field allows.
    """
    return params.build(OPERATIONS[str(data["id"])], data["params"])


def operation_from_state(state: Mapping[str, Any]) -> Operation:
    """Return the operation that :meth:`Operation.state` wrote, with every field checked.

    Raises
    ------
    InvalidParameter
        The id is unknown, or a value is outside what its field allows.
    """
    return operation_from_json(state).with_state(state)


def which(columns: tuple[str, ...]) -> Text | str:
    """Return how a step names its columns in a sentence."""
    return Text("{names:list}", names=columns) if columns else Text("all columns")
