"""Predictions as a CSV file that a spreadsheet opens without running anything in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlp_core.predict.answers import PREDICTED, Predictions
from mlp_core.spreadsheet import guarded

if TYPE_CHECKING:
    import pandas as pd


def predictions_csv(frame: pd.DataFrame, predictions: Predictions, *, guard: bool = True) -> bytes:
    """Return the rows with their predictions, as UTF-8 with a mark that spreadsheets know it by.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        The rows that were predicted.
    predictions : Predictions
        Of these rows, in the same order.
    guard : bool, default True
        Put a mark before what a spreadsheet would take for a formula; without it, every cell and every name
        is written as it stands, for a program to read.
    """
    import pandas as pd

    added = {PREDICTED: predictions.values}
    if predictions.probabilities is not None:
        for name in predictions.probabilities.columns:
            added[f"probability {name}"] = predictions.probabilities[name]
    columns = {str(name): frame.iloc[:, position] for position, name in enumerate(frame.columns)}
    for name, column in added.items():
        columns[_free(name, set(columns))] = column
    written: dict[str, Any] = {}
    for name, column in columns.items():
        # A guarded name may be that of another column.
        shown = _free(guarded(name), set(written)) if guard else name
        written[shown] = (_guarded(column) if guard else column).to_numpy()
    # With both marks in the line end, a cell that holds either is put in quotes.
    return pd.DataFrame(written).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _guarded(column: pd.Series) -> pd.Series:
    from pandas.api import types

    if types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
        return column
    cells = column.astype(object)
    return cells.map(lambda cell: guarded(cell) if isinstance(cell, str) else cell)


def _free(name: str, taken: set[str]) -> str:
    """Return ``name``, with a number where the table already has such a column."""
    candidate, count = name, 2
    while candidate in taken:
        candidate, count = f"{name} ({count})", count + 1
    return candidate
