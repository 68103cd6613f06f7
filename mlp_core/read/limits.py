"""The limits of a server on the size of a table, each with its sentence."""

from __future__ import annotations

from typing import Final

from mlp_core.config import Settings
from mlp_core.errors import TooLarge
from mlp_core.text import Text

SMALLER: Final = Text("Keep the rows and columns you need and load the file again.")


def check_size(rows: int, columns: int, settings: Settings) -> None:
    """Refuse a table that passes a limit, before it is read where its size is written in the file.

    Raises
    ------
    TooLarge
        It has too many rows, columns or cells.
    """
    if columns > settings.max_columns:
        raise TooLarge(
            Text(
                "The table has {found:n} columns; this server takes {limit:n} at most.",
                found=columns,
                limit=settings.max_columns,
            ),
            hint=Text("Keep the columns you need and load the file again."),
        )
    if rows > settings.max_rows:
        raise TooLarge(
            Text(
                "The table has {found:n} rows; this server takes {limit:n} at most.",
                found=rows,
                limit=settings.max_rows,
            ),
            hint=SMALLER,
        )
    if rows * columns > settings.max_cells:
        raise TooLarge(
            Text(
                "The table has {found:n} cells; this server takes {limit:n} at most.",
                found=rows * columns,
                limit=settings.max_cells,
            ),
            hint=SMALLER,
        )
