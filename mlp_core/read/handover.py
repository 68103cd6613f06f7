"""The names of the files in which one process leaves for another what it has read."""

from __future__ import annotations

from typing import Final

ANSWER: Final = "answer.json"
COLUMNS: Final = "columns.arrow"
CELLS: Final = "cells.csv"
