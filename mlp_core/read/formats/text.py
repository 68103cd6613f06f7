"""Text: lines of cells, which has no mark of its own and so is tried last."""

from __future__ import annotations

import sys
from typing import ClassVar

from mlp_core.read.formats.foreign import foreign
from mlp_core.read.formats.format import FORMATS, Format
from mlp_core.text import Text


@FORMATS.add
class Delimited(Format):
    """Lines of cells set apart by a character or by blanks."""

    id: ClassVar[str] = "delimited"
    unsure: ClassVar[int] = 3
    small: ClassVar[int] = sys.maxsize
    label: ClassVar[Text] = Text("Delimited text (CSV, TSV …)")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content is text and nothing that people never mean as a table."""
        return foreign(data) is None
