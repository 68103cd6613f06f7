"""The profile of a table: facts of every column, duplicate rows, and alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlp_core.profile.alerts import CHECKS, Alert, Evidence
from mlp_core.profile.facts import ColumnFacts, facts_of
from mlp_core.table import Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is known of a table.

    Attributes
    ----------
    rows : int
        Number of rows.
    columns : tuple of ColumnFacts
        In the order of the table.
    alerts : tuple of Alert
        What to look at before training.
    duplicate_rows : int
        Rows that repeat an earlier row in every column.
    missing_cells : int
        Missing values of all columns.
    memory_bytes : int
        What the frame takes in memory.
    """

    rows: int
    columns: tuple[ColumnFacts, ...]
    alerts: tuple[Alert, ...]
    duplicate_rows: int
    missing_cells: int
    memory_bytes: int

    @property
    def share_missing(self) -> float:
        """Share of all cells that are missing, from 0 to 1."""
        cells = self.rows * len(self.columns)
        return self.missing_cells / cells if cells else 0.0

    def __getitem__(self, name: str) -> ColumnFacts:
        for facts in self.columns:
            if facts.name == name:
                return facts
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """Return the profile as plain JSON."""
        return {
            "rows": self.rows,
            "columns": [facts.to_json() for facts in self.columns],
            "alerts": [alert.to_json() for alert in self.alerts],
            "duplicate_rows": self.duplicate_rows,
            "missing_cells": self.missing_cells,
            "memory_bytes": self.memory_bytes,
        }


def profile(table: Table) -> Profile:
    """Return what is known of a table, one pass a column.

    Parameters
    ----------
    table : Table
        Left as it is.

    Examples
    --------
    >>> import pandas as pd
    >>> facts = profile(Table.of(pd.DataFrame({"age": [31.0, None, 44.0]}), name="people"))
    >>> facts["age"].missing, facts["age"].mean
    (1, 37.5)
    """
    frame = table.frame
    columns = tuple(facts_of(frame[name], name, kind) for name, kind in table.kinds.items())
    duplicates = _duplicate_rows(frame, columns)
    evidence = Evidence(rows=len(frame), columns=columns, duplicate_rows=duplicates)
    return Profile(
        rows=len(frame),
        columns=columns,
        alerts=tuple(alert for check in CHECKS for alert in check().find(evidence)),
        duplicate_rows=duplicates,
        missing_cells=sum(facts.missing for facts in columns),
        memory_bytes=int(frame.memory_usage(deep=True, index=False).sum()),
    )


def _duplicate_rows(frame: pd.DataFrame, columns: tuple[ColumnFacts, ...]) -> int:
    """Count rows that repeat an earlier one, by a 64-bit hash of each row.

    One column whose values all differ settles it. Otherwise hashing is ten times faster than comparing; two
    different rows among a million share a hash once in forty million tables.
    """
    import pandas as pd

    if len(frame) < 2 or any(facts.distinct == facts.rows for facts in columns):
        return 0
    hashed = pd.util.hash_pandas_object(frame, index=False)
    return len(frame) - int(hashed.nunique())
