"""Study one column by what its dtype holds, whatever its kind is called.

An identifier may be a number or a text, a constant anything at all; and a person may have said that numbers
are categories. So the dtype decides which facts there are, unless the kind says that values are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlp_core.kinds import Kind
from mlp_core.profile.coded import Coded, coded
from mlp_core.profile.facts import ColumnFacts
from mlp_core.profile.numbers import number_facts
from mlp_core.profile.times import date_facts
from mlp_core.profile.words import word_facts

if TYPE_CHECKING:
    import pandas as pd

_COUNTED = frozenset({Kind.CATEGORY, Kind.ORDERED, Kind.BOOLEAN, Kind.TEXT})


@dataclass(frozen=True, kw_only=True, eq=False)
class Studied:
    """A column, its facts, and its codes where it was counted rather than measured."""

    column: pd.Series
    facts: ColumnFacts
    codes: Coded | None = None

    @property
    def is_measured(self) -> bool:
        """Whether the column has numbers, durations or dates to reckon with."""
        return self.codes is None and self.facts.present > 0


def study(column: pd.Series, name: str, kind: Kind) -> Studied:
    """Return what is known of one column.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Left as it is.
    name : str
        What it is called.
    kind : Kind
        What it holds.
    """
    if kind is Kind.EMPTY:
        rows = len(column)
        return Studied(
            column=column, facts=ColumnFacts(name=name, kind=kind, rows=rows, missing=rows, distinct=0)
        )
    measured = column.dtype.kind if kind not in _COUNTED and not _is_categorical(column) else ""
    if measured == "M":
        return Studied(column=column, facts=date_facts(column, name, kind))
    if measured and measured in "iufm":
        return Studied(column=column, facts=number_facts(column, name, kind))
    codes = coded(column)
    return Studied(column=column, facts=word_facts(codes, name, kind), codes=codes)


def facts_of(column: pd.Series, name: str, kind: Kind) -> ColumnFacts:
    """Return the facts of one column; see :func:`study`."""
    return study(column, name, kind).facts


def _is_categorical(column: pd.Series) -> bool:
    import pandas as pd

    return isinstance(column.dtype, pd.CategoricalDtype)
