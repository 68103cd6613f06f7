"""Where a text is irregular, found by counting its marks with numpy, so that only those lines are mended.

A line is regular where it has as many separators outside quotation marks as every other. What lies between an
opening quotation mark and its partner on a later line is looked at as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mlp_core.read.tokens import Dialect

_PIECE_BYTES: Final = 1 << 20
_FEED, _RETURN = 10, 13

Span = tuple[int, int, int]
"""Where irregular lines begin and end, in bytes, and how many lines stand before them."""


def quotes_are_regular(data: bytes, start: int, end: int, dialect: Dialect) -> bool:
    """Whether every quotation mark opens a cell, closes one, or is doubled, as in RFC 4180."""
    import numpy as np

    quote = dialect.quote.encode()
    if not quote or data.find(quote, start, end) < 0:
        return True
    if dialect.escape and data.find(dialect.escape.encode(), start, end) >= 0:
        return False
    codes = np.frombuffer(data, np.uint8, end - start, start)
    edges = np.zeros(256, bool)
    edges[[_FEED, _RETURN, quote[0], *dialect.separator.encode()[:1]]] = True
    opened = 0
    for piece in range(0, len(codes), _PIECE_BYTES):
        marks = np.flatnonzero(codes[piece : piece + _PIECE_BYTES] == quote[0]) + piece
        first, second = marks[opened::2], marks[1 - opened :: 2]
        before = codes[first[first > 0] - 1]
        after = codes[second[second < len(codes) - 1] + 1]
        if not edges[before].all() or not edges[after].all():
            return False
        opened = (opened + len(marks)) % 2
    return opened == 0


def irregular_spans(data: bytes, start: int, end: int, dialect: Dialect, width: int) -> list[Span]:
    """Return the lines of a text that have not ``width`` cells, or whose quotation marks span lines.

    Parameters
    ----------
    data : bytes
        UTF-8; its separator is one byte.
    """
    import numpy as np

    codes = np.frombuffer(data, np.uint8, end - start, start)
    spans: list[Span] = []
    counted = 0
    open_from: tuple[int, int] | None = None
    for first, last in _pieces(data, start, end):
        ends = _line_ends(codes[first:last])
        odd, wrong = _faults(codes[first:last], ends, dialect, width, open_from is not None)
        begins = np.concatenate(([0], ends[:-1]))
        for line in np.flatnonzero(odd | wrong):
            place = first + int(begins[line])
            stop = first + int(ends[line])
            if odd[line]:
                if open_from is None:
                    open_from = (place, counted + int(line))
                else:
                    spans.append((start + open_from[0], start + stop, open_from[1]))
                    open_from = None
            elif open_from is None:
                spans.append((start + place, start + stop, counted + int(line)))
        counted += len(ends)
    if open_from is not None:
        spans.append((start + open_from[0], end, open_from[1]))
    return _joined(spans)


def _pieces(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where pieces of whole lines begin and end, counted from ``start``."""
    first = start
    while first < end:
        last = min(end, first + _PIECE_BYTES)
        if last < end:
            found = data.rfind(b"\n", first, last)
            if found < 0:
                found = data.find(b"\n", last, end)
            last = found + 1 if found >= 0 else end
        yield first - start, last - start
        first = last


def _line_ends(codes: Any) -> Any:
    """Return where each line ends, its break included."""
    import numpy as np

    is_end = codes == _FEED
    is_return = codes == _RETURN
    if is_return.any():
        returns = np.flatnonzero(is_return)
        lone = returns[
            (returns + 1 >= len(codes)) | (codes[np.minimum(returns + 1, len(codes) - 1)] != _FEED)
        ]
        is_end[lone] = True
    ends = np.flatnonzero(is_end) + 1
    return ends if len(ends) and ends[-1] == len(codes) else np.append(ends, len(codes))


def _faults(codes: Any, ends: Any, dialect: Dialect, width: int, is_open: bool) -> tuple[Any, Any]:
    """Return which lines have an odd number of quotation marks, and which have too many or too few cells.

    Parameters
    ----------
    is_open : bool
        Whether the first line begins inside a quoted cell.
    """
    import numpy as np

    begins = np.concatenate(([0], ends[:-1]))
    is_separator = codes == dialect.separator.encode()[0]
    odd = np.zeros(len(ends), bool)
    suspicious = np.zeros(len(ends), bool)
    is_quote = codes == dialect.quote.encode()[0] if dialect.quote else None
    if is_quote is not None and is_quote.any():
        quotes = np.flatnonzero(is_quote)
        before = np.searchsorted(quotes, begins)
        odd = (np.searchsorted(quotes, ends) - before) % 2 == 1
        suspicious[_stray(codes, quotes, before, ends, dialect)] = True
        is_separator &= (np.cumsum(is_quote, dtype=np.uint8) & 1) == is_open
    found = np.diff(np.searchsorted(np.flatnonzero(is_separator), ends), prepend=0)
    lengths = ends - begins
    blank = (lengths <= 2) & (codes[begins] <= _RETURN) & (codes[begins] >= _FEED)
    wrong = ((found != width - 1) & ~blank) | suspicious
    if dialect.comment:
        wrong |= codes[begins] == dialect.comment.encode()[0]
    return odd, wrong & ~odd


def _stray(codes: Any, quotes: Any, before: Any, ends: Any, dialect: Dialect) -> Any:
    """Return the lines with a quotation mark that neither opens nor closes a cell and is not doubled."""
    import numpy as np

    edges = np.zeros(256, bool)
    edges[[_FEED, _RETURN, dialect.quote.encode()[0], dialect.separator.encode()[0]]] = True
    # A mark at either end of the piece has a line's end beside it.
    padded = np.concatenate(([_FEED], codes, [_FEED])).astype(np.uint8, copy=False)
    inner = ~(edges[padded[quotes]] & edges[padded[quotes + 2]])
    doubtful = quotes[inner]
    line = np.searchsorted(ends, doubtful, side="right")
    opens = (np.flatnonzero(inner) - before[line]) % 2 == 0
    return line[~np.where(opens, edges[padded[doubtful]], edges[padded[doubtful + 2]])]


def _joined(spans: list[Span]) -> list[Span]:
    """Return spans in order, those that touch made one."""
    joined: list[Span] = []
    for begin, end, line in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]), joined[-1][2])
        else:
            joined.append((begin, end, line))
    return joined
