"""What the checks of a table look at: its facts, and values that are fetched once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from mlp_core.profile.associations import Associations
from mlp_core.profile.coded import Coded, coded
from mlp_core.profile.facts import ColumnFacts
from mlp_core.profile.study import Studied

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlp_core.table import Table

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

SAMPLE_ROWS: Final = 10_000
"""Rows that are looked at where all of them would take too long."""

MOST_WORDS: Final = 20_000
"""Different texts of a column that are all looked at; of more, those of a sample of the rows."""

_SEED: Final = 0

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Words:
    """The different texts of a column and how often each stands there, most frequent first.

    Attributes
    ----------
    counts : mapping of str to int
        Rows that hold each text.
    total : int
        Rows that were looked at and hold any.
    exact : bool
        Whether those are all rows.
    """

    counts: Mapping[str, int]
    total: int
    exact: bool


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a check may look at.

    Attributes
    ----------
    rows, duplicate_rows : int
        Of the table.
    columns : tuple of ColumnFacts
        Facts of every column, in order.
    table : Table, optional
        The table itself; without it only the facts are judged.
    studied : mapping of str to Studied
        The columns with the codes of their values, as far as they were found already.
    associations : Associations, optional
        How columns go together, where that was found already.
    target : str, optional
        The column to be predicted, once a person has chosen it.
    today : date, optional
        Dates after it lie in the future.
    """

    rows: int
    columns: tuple[ColumnFacts, ...]
    duplicate_rows: int = 0
    table: Table | None = None
    studied: Mapping[str, Studied] = field(default_factory=dict)
    associations: Associations | None = None
    target: str | None = None
    today: date | None = None
    _found: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def features(self) -> tuple[ColumnFacts, ...]:
        """Every column but the target."""
        return tuple(facts for facts in self.columns if facts.name != self.target)

    @cached_property
    def by_name(self) -> Mapping[str, ColumnFacts]:
        """The facts of each column."""
        return {facts.name: facts for facts in self.columns}

    def series(self, name: str) -> pd.Series:
        """Return a column as it stands in the table."""
        assert self.table is not None
        return self.table.frame[name]

    def once(self, key: Any, compute: Callable[[], T]) -> T:
        """Return what ``compute`` returns, computed for the first of the checks that ask."""
        if key not in self._found:
            self._found[key] = compute()
        found: T = self._found[key]
        return found

    def texts(self) -> list[ColumnFacts]:
        """Return the columns whose cells are texts."""
        if self.table is None:
            return []
        return [facts for facts in self.columns if facts.present and is_text(self.series(facts.name))]

    def numbers(self, *, without_target: bool = False) -> list[ColumnFacts]:
        """Return the columns of finite numbers that vary."""
        if self.table is None:
            return []
        columns = self.features if without_target else self.columns
        return [facts for facts in columns if facts.minimum is not None and facts.distinct > 1]

    def values(self, name: str) -> Array:
        """Return a column of numbers as floats of shape (n_rows,), NaN where it is missing."""
        return self.once(("values", name), lambda: floats(self.series(name)))

    def words(self, name: str) -> Words:
        """Return the different texts of a column, of a sample of the rows where there are very many."""
        return self.once(("words", name), lambda: self._words(name))

    def positions(self, most: int = SAMPLE_ROWS) -> Array:
        """Return the positions of at most ``most`` rows, drawn with a fixed seed, in their order."""
        return self.once(("positions", most), lambda: sample_positions(self.rows, most))

    def codes(self, name: str) -> Coded:
        """Return the different values of a column and where they stand."""
        studied = self.studied.get(name)
        if studied is not None and studied.codes is not None:
            return studied.codes
        return self.once(("codes", name), lambda: coded(self.series(name)))

    def sampled_codes(self, name: str) -> Array:
        """Return which of its different values a column has, in a sample of the rows; -1 where missing."""
        return self.once(("sampled", name), lambda: self._sampled_codes(name))

    def _sampled_codes(self, name: str) -> Array:
        studied = self.studied.get(name)
        if studied is not None and studied.codes is not None:
            return studied.codes.codes[self.positions()]
        return coded(self.series(name).iloc[self.positions()]).codes

    def _words(self, name: str) -> Words:
        exact = self.by_name[name].distinct <= MOST_WORDS
        found = self.codes(name) if exact else coded(self.series(name).iloc[self.positions()])
        counts: dict[str, int] = {}
        for place in (-found.counts).argsort(kind="stable").tolist():
            text = str(found.value(place))
            counts[text] = counts.get(text, 0) + int(found.counts[place])
        return Words(counts=counts, total=int(found.counts.sum()), exact=exact)


def is_text(column: pd.Series) -> bool:
    """Whether the cells of a column are texts, or things that are shown as texts."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return not pd.api.types.is_numeric_dtype(column.dtype.categories.dtype)
    return column.dtype == "str" or column.dtype == object


def floats(column: pd.Series) -> Array:
    """Return numbers as floats of shape (n_rows,), NaN where one is missing."""
    import numpy as np

    return column.to_numpy(dtype=float, na_value=np.nan)


def sample_positions(rows: int, most: int) -> Array:
    """Return at most ``most`` positions out of ``rows``, in order, always the same."""
    import numpy as np

    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(_SEED).choice(rows, most, replace=False))
