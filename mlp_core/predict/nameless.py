"""New rows from a file without names: they match by position, and only where the count leaves no doubt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlp_core.errors import SchemaMismatch
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd


def named_by_position(frame: pd.DataFrame, names: Sequence[str], target: str) -> pd.DataFrame:
    """Return the rows under the names of the training table's columns.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Rows whose columns no line of their file names.
    names : sequence of str
        The columns of the training table, in order.
    target : str
        The column that was learned to be predicted; new rows may lack it.

    Raises
    ------
    SchemaMismatch
        The rows have another number of columns than the training table, with or without its target.
    """
    without = [name for name in names if name != target]
    for known in (list(names), without):
        if frame.shape[1] == len(known):
            return frame.set_axis(known, axis=1)
    raise SchemaMismatch(
        Text(
            "The file names no column, and has {found:n} where the training table has {known:n}: "
            "they cannot be matched.",
            found=frame.shape[1],
            known=len(names),
        ),
        hint=Text("Put the names of the columns in the first line."),
    )
