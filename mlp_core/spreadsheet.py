"""Cells that a spreadsheet shows and does not run."""

from __future__ import annotations

import re
from typing import Final

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NEGATIVE: Final = re.compile(r"-\d+([.,]\d+)?([eE][+-]?\d+)?")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-3.5"), guarded("-cmd")
    ("'=1+1", '-3.5', "'-cmd")
    """
    if cell.startswith(_DANGEROUS) and not _NEGATIVE.fullmatch(cell):
        return f"'{cell}"
    return cell
