"""Study one column by what its dtype holds, whatever its kind is called.

An identifier may be a number or a text, a constant anything at all; and a person may have said that numbers
are categories. So the dtype decides which facts there are, unless the kind says that values are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mlp_core.kinds import Kind
from mlp_core.profile.coded import Coded, coded
from mlp_core.profile.facts import ColumnFacts
from mlp_core.profile.numbers import number_facts, present_numbers
from mlp_core.profile.ordering import ordered
from mlp_core.profile.times import date_facts, present_times
from mlp_core.profile.words import word_facts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_COUNTED = frozenset({Kind.CATEGORY, Kind.ORDERED, Kind.BOOLEAN, Kind.TEXT})


@dataclass(frozen=True, kw_only=True, eq=False)
class Studied:
    """A column and its facts.

    Attributes
    ----------
    codes : Coded, optional
        Its different values, where it was counted rather than measured.
    ranks : ndarray of int, optional, shape (n_present,)
        Dense ranks of the values that are not missing, where it was measured and ranks were asked for.
    """

    column: pd.Series
    facts: ColumnFacts
    codes: Coded | None = None
    ranks: np.ndarray[Any, Any] | None = None


def study(column: pd.Series, name: str, kind: Kind, *, ranked: bool = False) -> Studied:
    """Return what is known of one column.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Left as it is.
    name : str
        What it is called.
    kind : Kind
        What it holds.
    ranked : bool, default False
        Keep the ranks of numbers and dates.
    """
    if kind is Kind.EMPTY:
        rows = len(column)
        return Studied(
            column=column, facts=ColumnFacts(name=name, kind=kind, rows=rows, missing=rows, distinct=0)
        )
    measured = column.dtype.kind if kind not in _COUNTED and not _is_categorical(column) else ""
    if measured == "M":
        times = ordered(present_times(column), ranked=ranked)
        return Studied(column=column, facts=date_facts(column, times.values, name, kind), ranks=times.ranks)
    if measured and measured in "iufm":
        found = ordered(present_numbers(column), ranked=ranked)
        return Studied(column=column, facts=number_facts(column, found.values, name, kind), ranks=found.ranks)
    codes = coded(column)
    return Studied(column=column, facts=word_facts(codes, name, kind), codes=codes)


def facts_of(column: pd.Series, name: str, kind: Kind) -> ColumnFacts:
    """Return the facts of one column; see :func:`study`."""
    return study(column, name, kind).facts


def _is_categorical(column: pd.Series) -> bool:
    import pandas as pd

    return isinstance(column.dtype, pd.CategoricalDtype)
