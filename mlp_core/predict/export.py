"""Predictions as a CSV file that a spreadsheet opens without running anything in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlp_core.predict.answers import PREDICTED, Predictions
from mlp_core.spreadsheet import frame_csv, free_name

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
        columns[free_name(name, set(columns))] = column
    written = pd.DataFrame({name: column.to_numpy() for name, column in columns.items()})
    return frame_csv(written, guard=guard)
