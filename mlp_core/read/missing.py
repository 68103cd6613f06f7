"""The texts that stand for a value that is not there."""

from __future__ import annotations

from typing import Final

EVERYWHERE: Final = frozenset(
    {"", "NA", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "?", "#N/A", "<NA>"}
)
"""Read as missing in every column: hardly ever a value of their own."""

IN_NUMBERS: Final = frozenset(
    {"None", "none", "-", "--", ".", "na", "N.A.", "n.a.", "Null", "#NA", "#VALUE!", "#DIV/0!"}
)
"""Read as missing only between numbers or dates: in a column of words ``None`` or ``-`` can be a value."""
