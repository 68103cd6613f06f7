"""Run the checks: all of them on a whole table, or those that bear on training for a chosen target."""

from __future__ import annotations

from datetime import date
from typing import Final

from mlp_core.profile.alerts.check import CHECKS, Alert, Severity
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.profile.study import study
from mlp_core.table import Table

_ORDER: Final = (Severity.SERIOUS, Severity.WARNING, Severity.INFO)


def find_alerts(evidence: Evidence, *, before_training: bool = False) -> tuple[Alert, ...]:
    """Return what the checks find, the most severe first.

    Parameters
    ----------
    evidence : Evidence
        What they look at.
    before_training : bool
        Ask only the checks that bear on what a model may learn from.
    """
    asked = [check() for check in CHECKS if check.before_training or not before_training]
    found = [alert for check in asked for alert in check.find(evidence)]
    return tuple(sorted(found, key=lambda alert: _ORDER.index(alert.severity)))


def alerts_for(table: Table, target: str | None, today: date | None = None) -> tuple[Alert, ...]:
    """Return what a person should know before a model learns to predict ``target``.

    Parameters
    ----------
    table : Table
        Left as it is.
    target : str, optional
        The column to be predicted; one that is not there counts as none.
    today : date, optional
        Dates after it lie in the future.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": range(100, 140), "age": [30, 41] * 20, "left": [0, 0, 1, 1] * 10})
    >>> [(alert.check, alert.columns) for alert in alerts_for(Table.of(frame, name="made"), "left")]
    [('identifier', ('id',))]
    """
    frame = table.frame
    studied = {name: study(frame[name], name, kind) for name, kind in table.kinds.items()}
    evidence = Evidence(
        rows=len(frame),
        columns=tuple(one.facts for one in studied.values()),
        table=table,
        studied=studied,
        target=target if target in table.kinds else None,
        today=today,
    )
    return find_alerts(evidence, before_training=True)
