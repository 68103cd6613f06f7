"""Predictions as a CSV file that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mlp_core.predict.answers import PREDICTED, Predictions

if TYPE_CHECKING:
    import pandas as pd

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NEGATIVE: Final = re.compile(r"-\d+([.,]\d+)?([eE][+-]?\d+)?")


def predictions_csv(frame: pd.DataFrame, predictions: Predictions) -> bytes:
    """Return the rows with their predictions, as UTF-8 with a mark that spreadsheets know it by.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        The rows that were predicted.
    predictions : Predictions
        Of these rows, in the same order.
    """
    import pandas as pd

    added = {PREDICTED: predictions.values}
    if predictions.probabilities is not None:
        for name in predictions.probabilities.columns:
            added[f"probability {name}"] = predictions.probabilities[name]
    columns = {str(name): frame.iloc[:, position] for position, name in enumerate(frame.columns)}
    for name, column in added.items():
        columns[_free(name, set(columns))] = column
    guarded = {guard(name): _guarded(column).to_numpy() for name, column in columns.items()}
    # With both marks in the line end, a cell that holds either is put in quotes.
    return pd.DataFrame(guarded).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def guard(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> guard("=1+1"), guard("-3.5"), guard("-cmd")
    ("'=1+1", '-3.5', "'-cmd")
    """
    if cell.startswith(_DANGEROUS) and not _NEGATIVE.fullmatch(cell):
        return f"'{cell}"
    return cell


def _guarded(column: pd.Series) -> pd.Series:
    from pandas.api import types

    if types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
        return column
    cells = column.astype(object)
    return cells.map(lambda cell: guard(cell) if isinstance(cell, str) else cell)


def _free(name: str, taken: set[str]) -> str:
    """Return ``name``, with a number where the table already has such a column."""
    candidate, count = name, 2
    while candidate in taken:
        candidate, count = f"{name} ({count})", count + 1
    return candidate
