"""Which columns go together: every pair by the measure that suits it, exact where that is cheap.

Work is rows times pairs. Up to a bound all rows are used; beyond it a seeded sample of them, and each
association says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds import Kind
from mlp_core.profile.measures import Side, relate
from mlp_core.profile.study import Studied
from mlp_core.profile.times import clock_times
from mlp_core.task import Task, task_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

MOST_COLUMNS: Final = 60
"""Columns that are paired with each other; a chosen target is paired with up to ``MOST_WITH_TARGET``."""

MOST_WITH_TARGET: Final = 1000

MOST_GROUPS: Final = 50
"""Levels of a category beyond the most frequent ones are taken together."""

MOST_WORK: Final = 8_000_000
"""Rows times pairs that are reckoned exactly: a tenth of a second, about."""

MOST_RANKED: Final = 2_000_000
"""Cells of a table whose ranks are kept from the study of its columns: 16 MB at most."""

LEAST_ROWS: Final = 2000
"""A sample is never smaller."""


@dataclass(frozen=True, kw_only=True)
class Association:
    """How strongly two columns go together.

    Attributes
    ----------
    left, right : str
        The columns, in the order of the table.
    measure : str
        Id of the measure, one of ``MEASURES``.
    value : float
        From -1 to 1 for Spearman's ρ, from 0 to 1 otherwise.
    low, high : float
        Its approximate 95 % interval.
    pairs : int
        Rows in which both have a value, among those used.
    estimated : bool
        Whether a sample of the rows was used.
    plain : float, optional
        The measure that most people know: Pearson's r, or V and η without correction.
    """

    left: str
    right: str
    measure: str
    value: float
    low: float
    high: float
    pairs: int
    estimated: bool
    plain: float | None = None

    @property
    def strength(self) -> float:
        """The value without its sign, from 0 to 1."""
        return abs(self.value)

    def other(self, name: str) -> str:
        """Return the column that stands beside ``name``."""
        return self.right if name == self.left else self.left


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """A column without associations, and why."""

    column: str
    why: Text


@dataclass(frozen=True, kw_only=True)
class Associations:
    """The associations of a table.

    Attributes
    ----------
    pairs : tuple of Association
        The strongest first.
    columns : tuple of str
        Columns that were compared, in the order of the table.
    skipped : tuple of Skipped
        The others, and why.
    grouped : tuple of str
        Categories whose rare levels were taken together.
    rows, of_rows : int
        Rows that were used, of those there are.
    """

    pairs: tuple[Association, ...] = ()
    columns: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    grouped: tuple[str, ...] = ()
    rows: int = 0
    of_rows: int = 0

    def __iter__(self) -> Iterator[Association]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    @property
    def estimated(self) -> bool:
        """Whether a sample of the rows was used."""
        return self.rows < self.of_rows

    def with_target(self, name: str) -> tuple[Association, ...]:
        """Return the associations of one column, the strongest first."""
        return tuple(pair for pair in self.pairs if name in (pair.left, pair.right))

    def between(self, one: str, other: str) -> Association | None:
        """Return the association of two columns, in either order; None where there is none."""
        wanted = {one, other}
        return next((pair for pair in self.pairs if {pair.left, pair.right} == wanted), None)

    def to_json(self) -> dict[str, Any]:
        """Return the associations as plain JSON."""
        return {
            "pairs": [asdict(pair) for pair in self.pairs],
            "columns": list(self.columns),
            "skipped": [{"column": one.column, "why": one.why.to_json()} for one in self.skipped],
            "grouped": list(self.grouped),
            "rows": self.rows,
            "of_rows": self.of_rows,
            "estimated": self.estimated,
        }


def associations_of(columns: Sequence[Studied], rows: int, *, target: str | None = None) -> Associations:
    """Return the association of every pair of columns.

    Parameters
    ----------
    columns : sequence of Studied
        In the order of the table.
    rows : int
        Number of rows.
    target : str, optional
        A column that is paired with all others, also where there are too many to pair each with each. Where
        it is to be classified its values are groups, even whole numbers.
    """
    skipped = {one.facts.name: why for one in columns if (why := _why_not(one)) is not None}
    usable = {one.facts.name: one for one in columns if one.facts.name not in skipped}
    wanted = _wanted(list(usable), target)
    names = {name for pair in wanted for name in pair}
    skipped |= {name: _TOO_MANY for name in usable if name not in names and len(usable) > 1}
    used = _sample(rows, len(wanted))
    sides = {name: _side(usable[name], used, is_target=name == target) for name in usable if name in names}
    found = [
        Association(left=left, right=right, estimated=used is not None, **vars(result))
        for left, right in wanted
        if (result := relate(sides[left], sides[right])) is not None
    ]
    return Associations(
        pairs=tuple(sorted(found, key=lambda pair: -pair.strength)),
        columns=tuple(sides),
        skipped=tuple(Skipped(column=name, why=why) for name, why in skipped.items()),
        grouped=tuple(name for name in sides if _is_grouped(usable[name])),
        rows=rows if used is None else len(used),
        of_rows=rows,
    )


_TOO_MANY: Final = Text("too many columns to compare each with each")
_COUNTED_ONLY: Final = frozenset({Kind.TEXT, Kind.IDENTIFIER})


def _why_not(one: Studied) -> Text | None:
    """Return why a column goes with no other; None where it may."""
    facts = one.facts
    if not facts.present:
        return Text("empty")
    if facts.distinct < 2 or facts.kind is Kind.CONSTANT:
        return Text("never varies")
    if facts.kind in _COUNTED_ONLY or (one.codes is not None and facts.distinct == facts.rows):
        return Text("names the rows, or free text")
    return None


def _wanted(names: list[str], target: str | None) -> list[tuple[str, str]]:
    """Return the pairs to look at, each in the order of the table."""
    pairs = list(combinations(names[:MOST_COLUMNS], 2))
    if target is not None and target in names:
        place, known = names.index(target), set(pairs)
        beside = [(other, target) for other in names[:place]] + [
            (target, other) for other in names[place + 1 :]
        ]
        pairs += [pair for pair in beside[:MOST_WITH_TARGET] if pair not in known]
    return pairs


def _sample(rows: int, pairs: int) -> Array | None:
    """Return the places of the rows to use; None where all are."""
    import numpy as np

    size = max(LEAST_ROWS, MOST_WORK // max(1, pairs))
    if rows <= size:
        return None
    # A fixed seed: the same table always has the same associations.
    return np.sort(np.random.default_rng(0).choice(rows, size, replace=False, shuffle=False))


def _side(one: Studied, used: Array | None, *, is_target: bool) -> Side:
    """Return a column as its associations need it, on the rows that are used."""
    if one.codes is not None:
        codes = one.codes.codes if used is None else one.codes.codes[used]
        levels = len(one.codes.counts)
        if _is_grouped(one):
            codes, levels = _with_rare_together(codes, one.codes.counts), MOST_GROUPS
        ranked = one.facts.kind is Kind.ORDERED
        complete = not one.facts.missing
        return Side(name=one.facts.name, codes=codes, levels=levels, ranked=ranked, complete=complete)
    return _measured(one, used, as_groups=is_target and task_of(one.column) is Task.CLASSIFICATION)


def _is_grouped(one: Studied) -> bool:
    return one.codes is not None and one.facts.distinct > MOST_GROUPS and one.facts.kind is not Kind.ORDERED


def _with_rare_together(codes: Array, counts: Array) -> Array:
    import numpy as np

    places = np.full(len(counts) + 1, MOST_GROUPS - 1)  # the last place serves the code -1
    places[np.argsort(-counts, kind="stable")[: MOST_GROUPS - 1]] = np.arange(MOST_GROUPS - 1)
    places[-1] = -1
    return np.asarray(places[codes])


def _measured(one: Studied, used: Array | None, *, as_groups: bool) -> Side:
    import numpy as np

    column = one.column if used is None else one.column.iloc[used]
    values = _floats(column)
    finite = np.isfinite(values)
    complete = bool(finite.all())
    present = values if complete else values[finite]
    if used is None and one.ranks is not None and not one.facts.infinite:
        ranks, levels = one.ranks, one.facts.distinct
    else:
        different, ranks = np.unique(present, return_inverse=True)
        levels = len(different)
    codes = ranks
    if not complete:
        codes = np.full(len(values), -1)
        codes[finite] = ranks
    if as_groups:
        return Side(name=one.facts.name, codes=codes, levels=levels, complete=complete)
    largest = float(np.abs(present).max()) if len(present) else 0.0
    scaled = values / largest if largest else values
    return Side(
        name=one.facts.name, codes=codes, levels=levels, values=scaled, ranked=True, complete=complete
    )


def _floats(column: pd.Series) -> Array:
    """Return numbers, or the ticks of dates and durations, as floats; NaN where missing."""
    import numpy as np

    if column.dtype.kind not in "mM":
        return column.to_numpy(dtype=float, na_value=np.nan)
    ticks = clock_times(column) if column.dtype.kind == "M" else column.to_numpy()
    values = ticks.view("i8").astype(float)
    values[np.isnat(ticks)] = np.nan
    return values
