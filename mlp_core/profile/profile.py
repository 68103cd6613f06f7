"""The profile of a table: facts of every column, what they have in common, and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from mlp_core.errors import NotApplicable
from mlp_core.profile.alerts import Alert, Evidence, find_alerts
from mlp_core.profile.associations import MOST_RANKED, Associations, associations_of
from mlp_core.profile.facts import ColumnFacts
from mlp_core.profile.rows import duplicate_rows
from mlp_core.profile.study import study
from mlp_core.profile.together import Missing, missing_of
from mlp_core.table import Table
from mlp_core.text import Text


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is known of a table.

    Attributes
    ----------
    name : str
        What people call the table.
    rows : int
        Number of rows.
    columns : tuple of ColumnFacts
        In the order of the table.
    alerts : tuple of Alert
        What to look at before training.
    associations : Associations
        Which columns go together, the strongest first.
    missing : Missing
        Missing values per row and across columns.
    duplicate_rows : int
        Rows that repeat an earlier row in every column.
    missing_cells : int
        Missing values of all columns.
    memory_bytes : int
        What the frame takes in memory.
    target : str, optional
        The column that is to be predicted, where one was chosen.
    """

    name: str = ""
    rows: int
    columns: tuple[ColumnFacts, ...]
    alerts: tuple[Alert, ...]
    associations: Associations = field(default_factory=Associations)
    missing: Missing = field(default_factory=Missing)
    duplicate_rows: int
    missing_cells: int
    memory_bytes: int
    target: str | None = None

    @property
    def share_missing(self) -> float:
        """Share of all cells that are missing, from 0 to 1."""
        cells = self.rows * len(self.columns)
        return self.missing_cells / cells if cells else 0.0

    @property
    def complete_rows(self) -> int:
        """Rows without a missing value."""
        return self.missing.complete_rows

    @cached_property
    def _by_name(self) -> dict[str, ColumnFacts]:
        return {facts.name: facts for facts in self.columns}

    def __getitem__(self, name: str) -> ColumnFacts:
        return self._by_name[name]

    def to_json(self) -> dict[str, Any]:
        """Return the profile as plain JSON."""
        return {
            "name": self.name,
            "rows": self.rows,
            "columns": [facts.to_json() for facts in self.columns],
            "alerts": [alert.to_json() for alert in self.alerts],
            "associations": self.associations.to_json(),
            "missing": self.missing.to_json(),
            "duplicate_rows": self.duplicate_rows,
            "missing_cells": self.missing_cells,
            "memory_bytes": self.memory_bytes,
            "target": self.target,
        }

    def to_html(
        self, language: str = "en", theme: str = "auto", steps: Mapping[str, Text] | None = None
    ) -> str:
        """Return the profile as one HTML page; see :func:`mlp_core.profile.report.to_html`."""
        from mlp_core.profile.report import to_html

        return to_html(self, language, theme, steps)

    def to_csv(self, *, guard: bool = True) -> bytes:
        """Return one line a column as CSV; see :func:`mlp_core.profile.report.to_csv`."""
        from mlp_core.profile.report import to_csv

        return to_csv(self, guard=guard)


def profile(table: Table, target: str | None = None, today: date | None = None) -> Profile:
    """Return what is known of a table, one pass a column.

    Parameters
    ----------
    table : Table
        Left as it is.
    target : str, optional
        The column that is to be predicted: its associations are found whatever the number of columns, and
        checks look at it.
    today : date, optional
        Later dates lie in the future; without it, no date does.

    Raises
    ------
    NotApplicable
        The table has no column ``target``.

    Examples
    --------
    >>> import pandas as pd
    >>> facts = profile(Table.of(pd.DataFrame({"age": [31.0, None, 44.0]}), name="people"))
    >>> facts["age"].missing, facts["age"].mean
    (1, 37.5)
    """
    if target is not None and target not in table.kinds:
        raise NotApplicable(
            Text("There is no column named {name} in the table.", name=target),
            hint=Text("Choose another target."),
        )
    frame, rows = table.frame, len(table.frame)
    series = dict(frame.items())  # a look-up by name takes longer than the facts of a short column
    ranked = rows * len(series) <= MOST_RANKED
    studied = [study(series[name], name, kind, ranked=ranked) for name, kind in table.kinds.items()]
    columns = tuple(one.facts for one in studied)
    associations = associations_of(studied, rows, target=target)
    duplicates = duplicate_rows(studied, rows)
    evidence = Evidence(
        rows=rows,
        columns=columns,
        duplicate_rows=duplicates,
        table=table,
        studied={one.facts.name: one for one in studied},
        associations=associations,
        target=target,
        today=today,
    )
    return Profile(
        name=table.name,
        rows=rows,
        columns=columns,
        alerts=find_alerts(evidence),
        associations=associations,
        missing=missing_of(studied, rows),
        duplicate_rows=duplicates,
        missing_cells=sum(facts.missing for facts in columns),
        memory_bytes=int(frame.memory_usage(deep=True, index=False).sum()),
        target=target,
    )
