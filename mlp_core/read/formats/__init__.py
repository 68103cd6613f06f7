"""What a file is, told by its content and never by its name.

A module of this folder that adds a class to ``FORMATS`` is found by itself.
"""

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from mlp_core.errors import NotATable
from mlp_core.read.formats.foreign import foreign
from mlp_core.read.formats.format import FORMATS, Format, Loaded, Request
from mlp_core.text import Text

for _module in sorted(found.name for found in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

DELIMITED = "delimited"
"""The id of the format that is tried last, because any text may be one."""

_HEAD: Final = 1 << 12
_CELL: Final = re.compile(rb"\s*<([A-Za-z][\w.-]*)\b[^<>]*>(?:[^<]*</\1\s*>)?[ \t]*[,;|\t]")
"""A tag with a separator right behind it stands in a cell of a table, at the beginning of no document."""

__all__ = ["DELIMITED", "FORMATS", "Format", "Loaded", "Request", "format_of"]


def format_of(data: bytes) -> type[Format]:
    """Return the format of a content.

    Raises
    ------
    NotATable
        The content is nothing that this version reads; the sentence says what it is.
    """
    if _CELL.match(data[:_HEAD]):
        return FORMATS[DELIMITED]
    for known in sorted(FORMATS, key=lambda known: known.unsure):
        if known.id != DELIMITED and known.matches(data):
            return known
    named = foreign(data)
    if named is None:
        return FORMATS[DELIMITED]
    what, hint = named
    raise NotATable(Text("The file is not a table: it is {what}.", what=what), hint=hint)
