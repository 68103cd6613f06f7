"""Where the rows of a long text end, found in its last lines."""

from __future__ import annotations

from typing import Final

from mlp_core.read.blocks import Block, without_titles
from mlp_core.read.repairs import recut
from mlp_core.read.tokens import Dialect, lines, records

_TAIL_BYTES: Final = 1 << 14
_RECUT_AT_THE_END: Final = 20


def tail_end(data: bytes, dialect: Dialect, width: int, footer: int | None) -> tuple[int, int]:
    """Return where the rows of a long text end, and how many lines come after, from its last lines."""
    begin = data.find(b"\n", len(data) - _TAIL_BYTES) + 1
    text = data[begin:].decode("utf-8", errors="ignore") if begin else ""
    if footer is not None:
        spans = list(lines(text))
        if not footer or not spans:
            return len(data), 0
        first = spans[max(0, len(spans) - footer)][0]
        return begin + len(text[:first].encode()), footer
    table = [one for one in records(text, dialect, width) if one.cells]
    for place, one in list(enumerate(table))[-_RECUT_AT_THE_END:]:
        if len(one.cells) != width:
            found = recut(text[one.start : one.end].rstrip("\r\n"), dialect, width, bare=False)
            table[place] = one if found is None else one._replace(cells=found.cells)
    if width < 2 or len(table) < 2:
        return len(data), 0
    _, kept, notes = without_titles(table, Block(rows=list(range(len(table))), width=width))
    if not notes or not kept:
        return len(data), 0
    return begin + len(text[: table[kept[-1]].end].encode()), len(notes)
