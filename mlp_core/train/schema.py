"""The first step of every pipeline: raw rows are brought to the columns and kinds of the training rows.

Its state is plain lists and dictionaries, so a safe model format can hold it.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from sklearn.base import BaseEstimator, TransformerMixin

from mlp_core.errors import SchemaMismatch
from mlp_core.kinds import LABELS, NUMERIC, Kind, order_of
from mlp_core.text import Text
from mlp_core.train.conform import conformed

if TYPE_CHECKING:
    from typing import Self

    import numpy as np
    import pandas as pd


MOST_OFFERED: Final = 200
"""Keys of another table among which a form lets people choose; of more, one is typed."""


class Schema(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Columns by name and in order, each as its kind; what does not fit becomes missing.

    Parameters
    ----------
    kinds : dict of str to str
        The kind of each column that the model needs, in order.
    """

    def __init__(self, kinds: dict[str, str]) -> None:
        self.kinds = kinds

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Remember what each column of ``X``, of shape (n_rows, n_columns), holds."""
        self.feature_names_in_ = list(self.kinds)
        self.n_features_in_ = len(self.kinds)
        frame = self.transform(X)
        self.facts_ = {name: facts_of(frame[name], Kind(kind)) for name, kind in self.kinds.items()}
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the conformed frame, of shape (n_rows, n_columns).

        Raises
        ------
        SchemaMismatch
            A column is missing.
        """
        return self.conform(X)[0]

    def conform(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Text, ...]]:
        """Return the conformed frame, and a sentence for each thing that did not fit.

        Raises
        ------
        SchemaMismatch
            A column is missing, or stands there twice.
        """
        import pandas as pd

        frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
        _refuse_missing(list(self.kinds), list(frame.columns))
        _refuse_repeated(list(self.kinds), frame)
        problems = []
        extra = [name for name in frame.columns if name not in self.kinds]
        if extra:
            problems.append(
                Text(
                    "{count:n} {count|column|columns} the model does not use {count|was|were} ignored: "
                    "{names:list}.",
                    count=len(extra),
                    names=extra,
                )
            )
        columns = {}
        for name, kind in self.kinds.items():
            columns[name], lost = conformed(frame[name], Kind(kind))
            problems.extend(self._problems(name, Kind(kind), columns[name], lost))
        return pd.DataFrame(columns, index=frame.index), tuple(problems)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray[Any, Any]:
        """Return the names of the columns that come out."""
        import numpy as np

        return np.asarray(list(self.kinds), dtype=object)

    def _problems(self, name: str, kind: Kind, column: pd.Series, lost: int) -> list[Text]:
        found = []
        if lost:
            found.append(
                Text(
                    "Column {name}: {count:n} {count|cell|cells} could not be read as {kind} and "
                    "{count|counts|count} as missing.",
                    name=name,
                    count=lost,
                    kind=LABELS[kind],
                )
            )
        if kind in (Kind.CATEGORY, Kind.ORDERED) and hasattr(self, "facts_"):
            known = set(self.facts_[name]["choices"])
            strange = column[column.notna() & ~column.isin(known)]
            if len(strange):
                found.append(
                    Text(
                        "Column {name}: {count:n} {count|cell holds a category|cells hold categories} "
                        "unseen in training: {categories:list}.",
                        name=name,
                        count=len(strange),
                        categories=sorted(strange.unique()),
                    )
                )
        return found


def facts_of(column: pd.Series, kind: Kind) -> dict[str, Any]:
    """Return what a form needs to ask for a column: a usual value, and the range or the choices."""
    known = column.dropna()
    facts: dict[str, Any] = {"default": None, "low": None, "high": None, "choices": []}
    if known.empty:
        return facts
    if kind in NUMERIC:
        usual = float(known.median())
        facts.update(
            default=float(round(usual)) if kind is Kind.INTEGER else usual,
            low=float(known.min()),
            high=float(known.max()),
        )
    elif kind is Kind.DATETIME:
        middle = known.sort_values().iloc[len(known) // 2]
        facts.update(default=middle.isoformat(), low=known.min().isoformat(), high=known.max().isoformat())
    elif kind is Kind.BOOLEAN:
        facts.update(default=bool(known.mode().iloc[0]))
    elif kind is Kind.DURATION:
        middle = known.sort_values().iloc[len(known) // 2]
        facts.update(default=str(middle), low=str(known.min()), high=str(known.max()))
    else:
        counts = known.value_counts()
        choices = sorted(str(name) for name in counts.index)
        order = order_of(choices, marks=True) if kind is Kind.ORDERED else None
        offered = [] if kind is Kind.IDENTIFIER and len(choices) > MOST_OFFERED else order or choices
        facts.update(default=str(known.mode().iloc[0]), choices=list(offered))
    return facts


def _refuse_missing(needed: list[str], given: list[str]) -> None:
    absent = [name for name in needed if name not in given]
    if not absent:
        return
    spare = [name for name in given if name not in needed]
    by_folded = {_folded(name): name for name in spare}
    likely = {}
    for name in absent:
        close = difflib.get_close_matches(_folded(name), list(by_folded), n=1, cutoff=0.6)
        if close:
            likely[name] = by_folded[close[0]]
    hint = Text("Add the missing {count|column|columns} and try again.", count=len(absent))
    if likely:
        pairs = [Text("{given} → {needed}", given=given, needed=name) for name, given in likely.items()]
        hint = Text("Perhaps a column was renamed; rename it back: {pairs:list}.", pairs=pairs)
    raise SchemaMismatch(
        Text(
            "The model needs {count:n} {count|column that is|columns that are} not in these rows: "
            "{names:list}.",
            count=len(absent),
            names=absent,
        ),
        hint=hint,
    )


def _refuse_repeated(needed: list[str], frame: pd.DataFrame) -> None:
    repeated = sorted(set(frame.columns[frame.columns.duplicated()]) & set(needed))
    if repeated:
        raise SchemaMismatch(
            Text(
                "{count|The column|The columns} {names:list} {count|stands|stand} more than once in these "
                "rows.",
                count=len(repeated),
                names=repeated,
            ),
            hint=Text("Keep one of each and try again."),
        )


def _folded(name: str) -> str:
    return "".join(mark for mark in name.casefold() if mark.isalnum()) or name
