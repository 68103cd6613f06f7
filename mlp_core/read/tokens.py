"""Records of cells from text, one at a time, for looking at a file and for mending one that is not regular.

A quotation mark opens a quoted cell only if its partner stands before a separator or the end of a line;
any other is a character like the rest, so that a lone one never swallows the lines after it. A quoted cell
whose inner quotation marks are not doubled ends at the first mark that stands before a separator.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from mlp_core.read.options import WHITESPACE

_FEW_COLUMNS: Final = 4
"""With fewer columns a line of prose may hold as many separators as a row does."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text is cut into cells.

    Attributes
    ----------
    separator : str
        One or more characters, ``"whitespace"``, or empty for a single column.
    quote, escape, comment : str
        The character around a cell, the one before a character that means itself, what a line that is no
        part of the table begins with; empty where there is none.
    padded : bool
        Whether blanks around every cell belong to the separator.
    gap : int
        How many blanks set columns apart at least, for ``"whitespace"``.
    cuts : tuple of int
        Where each column after the first begins, for columns of fixed width.
    decimal : str
        ``"."`` or ``","``.
    """

    separator: str
    quote: str = '"'
    escape: str = ""
    comment: str = ""
    padded: bool = False
    gap: int = 1
    cuts: tuple[int, ...] = ()
    decimal: str = "."


class Record(NamedTuple):
    """The cells of a line (none where it is blank), which were quoted, and where it stands in the text."""

    cells: list[str]
    quoted: list[bool] | None
    start: int
    end: int


def records(text: str, dialect: Dialect, width: int = 0, cutter: Cutter | None = None) -> Iterator[Record]:
    r"""Yield every line of ``text`` as a record; a quoted cell may hold several lines.

    Parameters
    ----------
    width : int
        Number of columns, where known: a quoted cell that holds whole rows is none.
    cutter : Cutter, optional
        What cuts the lines, where the caller wants to know whether that was irregular.

    Examples
    --------
    >>> [one.cells for one in records('1;"a;b"\n\n2;5" nail\n', Dialect(separator=";"))]
    [['1', 'a;b'], [], ['2', '5" nail']]
    >>> [one.cells for one in records('18.0   8\t"amc hornet"\n', Dialect(separator="whitespace"))]
    [['18.0', '8', 'amc hornet']]
    """
    cutter = cutter or Cutter(dialect, width)
    for start, stop, after in lines(text):
        if start < cutter.reached:
            continue
        cells, quoted, end = cutter.cut(text, start, stop)
        cutter.reached = max(end, after) if end <= stop else _after_break(text, end)
        yield Record(cells, quoted, start, cutter.reached)


def lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield where each line begins, where its content stops, and where the next one begins."""
    start, size = 0, len(text)
    returns = text.find("\r")
    while start < size:
        feed = text.find("\n", start)
        if 0 <= returns < start:
            returns = text.find("\r", start)
        if returns >= 0 and (feed < 0 or returns < feed):
            after = returns + 2 if feed == returns + 1 else returns + 1
            yield start, returns, after
        elif feed >= 0:
            after = feed + 1
            yield start, feed, after
        else:
            after = size
            yield start, size, size
        start = after


@dataclass
class Cutter:
    """Cuts one line after the other by a dialect.

    Attributes
    ----------
    flags : bool
        Whether it is told which cells were quoted, which takes longer.
    spanned, loose : bool
        Whether a cell held several lines, or a quotation mark was irregular.
    """

    dialect: Dialect
    width: int = 0
    reached: int = 0
    flags: bool = False
    spanned: bool = False
    loose: bool = False
    _open: tuple[int, int] = (0, 0)
    _strict: re.Pattern[str] | None = None
    _closer: re.Pattern[str] = field(init=False)
    _plain: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        quote, escape, mark = (
            re.escape(part) for part in (self.dialect.quote, self.dialect.escape, self.dialect.separator)
        )
        blank = {" ": "", "\t": "[ ]*+"}.get(self.dialect.separator[:1], "[ \t]*+")
        boundary = rf"(?={mark}|[\r\n]|\Z)" if mark else r"(?=[\r\n]|\Z)"
        if quote:
            inner = rf"[^{quote}{escape}]++|{quote}{quote}" + (rf"|{escape}." if escape else "")
            self._strict = re.compile(rf"{blank}{quote}((?:{inner})*+){quote}{blank}{boundary}", re.DOTALL)
            self._closer = re.compile(rf"{quote}{blank}(?={mark}|\Z)" if mark else rf"{quote}{blank}\Z")
        if escape:
            until = rf"(?!{mark})" if mark else ""
            self._plain = re.compile(rf"(?:{escape}.|{until}[^\r\n])*+")

    def cut(self, text: str, start: int, stop: int) -> tuple[list[str], list[bool] | None, int]:
        """Return the cells of the line from ``start`` to ``stop``, which were quoted, and where they end."""
        dialect = self.dialect
        if dialect.separator == WHITESPACE:
            return self._spaced(text[start:stop]), None, stop
        has_quote = dialect.quote and text.find(dialect.quote, start, stop) >= 0
        if has_quote and not self.flags and len(dialect.separator) == 1 and not dialect.escape:
            plain = self._simple(text[start:stop])
            if plain is not None:
                return plain, None, stop
        if has_quote or (dialect.escape and text.find(dialect.escape, start, stop) >= 0):
            return self._quoted(text, start, stop)
        line = text[start:stop]
        if not line.strip(" ") or (not line.strip() and dialect.separator.strip()):
            return [], None, stop
        if not dialect.separator:
            return [line], None, stop
        cells = line.split(dialect.separator)
        return ([cell.strip() for cell in cells] if dialect.padded else cells), None, stop

    def _simple(self, line: str) -> list[str] | None:
        """Return the cells of a line whose quotation marks all stand around cells; else nothing."""
        mark, quote = self.dialect.separator, self.dialect.quote
        try:
            cells = next(csv.reader([line], delimiter=mark, quotechar=quote, strict=True))
        except (csv.Error, StopIteration):
            return None
        if quote in "".join(cells):
            return None
        return [cell.strip() for cell in cells] if self.dialect.padded else cells

    def _quoted(self, text: str, start: int, stop: int) -> tuple[list[str], list[bool] | None, int]:
        separator, first_stop = self.dialect.separator, stop
        cells: list[str] = []
        quoted: list[bool] = []
        position = start
        while True:
            match = self._strict.match(text, position) if self._strict is not None else None
            if match is not None and match.end() > stop:
                if self._swallows(text, start, first_stop, match):
                    match = None
                else:
                    stop = _break(text, match.end())
                    self.spanned = True
            if match is not None:
                edges = text[position] + text[match.end() - 1]
                self.loose = self.loose or edges != self.dialect.quote * 2
                cell, position, whole = self._unescaped(match[1]), match.end(), True
            else:
                cell, position, whole = self._loose(text, position, stop)
            cells.append(cell)
            quoted.append(whole)
            if not separator or position >= stop or not text.startswith(separator, position):
                return cells, quoted, position
            position += len(separator)

    def _loose(self, text: str, position: int, stop: int) -> tuple[str, int, bool]:
        """Return a cell that is not quoted, or quoted without its inner marks doubled."""
        separator, quote = self.dialect.separator, self.dialect.quote
        begin = position
        while quote and begin < stop and text[begin] == " " and separator[:1] != " ":
            begin += 1
        if (
            quote
            and begin < stop
            and text.startswith(quote, begin)
            and not self._open[0] <= begin < self._open[1]
        ):
            closer = self._closer.search(text, begin + 1, stop)
            self.loose = True
            if closer is not None:
                return self._unescaped(text[begin + 1 : closer.start()]), closer.end(), True
            # No later mark of this line closes either; to look again would take ages on an endless line.
            self._open = (begin, stop)
        if self._plain is not None:
            match = self._plain.match(text, position, stop)
            end = match.end() if match is not None else stop
            cell = self._unescaped(text[position:end], doubled=False)
        else:
            end = text.find(separator, position, stop) if separator else stop
            end = stop if end < 0 else end
            cell = text[position:end]
        self.loose = self.loose or (quote != "" and quote in cell)
        return (cell.strip() if self.dialect.padded else cell), end, False

    def _unescaped(self, cell: str, *, doubled: bool = True) -> str:
        quote, escape = self.dialect.quote, self.dialect.escape
        if escape and escape in cell:
            marks = "".join(re.escape(mark) for mark in (quote, escape, self.dialect.separator[:1]) if mark)
            cell = re.sub(rf"{re.escape(escape)}([{marks}])", r"\1", cell)
        elif doubled and quote:
            cell = cell.replace(quote * 2, quote)
        return cell

    def _swallows(self, text: str, start: int, stop: int, match: re.Match[str]) -> bool:
        """Whether a quoted cell over several lines holds whole rows, as one left open by mistake does."""
        if self.width < 2:
            return False
        mark = self.dialect.separator
        wanted = self.width - 1
        end = _break(text, match.end())
        inner = re.split(r"\r\n|\r|\n", text[stop : min(end, stop + (1 << 16))])[1:]
        whole = [line for line in inner[:-1] if line.strip()]
        if whole:
            fits = sum(line.count(mark) == wanted for line in whole)
            return fits == len(whole) and (self.width >= _FEW_COLUMNS or len(whole) > 1)
        edges = (text[start:stop], inner[-1] if inner else "")
        return self.width >= _FEW_COLUMNS and all(line.count(mark) == wanted for line in edges)

    def _spaced(self, line: str) -> list[str]:
        if not line.strip(" \t"):
            return []
        if self.dialect.cuts:
            edges = (0, *self.dialect.cuts, len(line) + 1)
            return [line[left:right].strip() for left, right in pairwise(edges)]
        quote = self.dialect.quote
        if self.dialect.gap > 1:
            return _WIDE_GAP.split(line.strip(" \t"))
        if not quote or quote not in line:
            return _GAP.split(line.strip(" \t"))
        found = _spaced_by(quote).finditer(line)
        return [m[2] if m[1] is None else m[1].replace(quote * 2, quote) for m in found]


_GAP: Final = re.compile(r"[ \t]+")
_WIDE_GAP: Final = re.compile(r"[ ]{2,}|[ ]*\t[ \t]*")


def _spaced_by(quote: str) -> re.Pattern[str]:
    return re.compile(rf"{quote}((?:[^{quote}]++|{quote}{quote})*+){quote}(?=[ \t]|\Z)|([^ \t]++)")


def _break(text: str, position: int) -> int:
    """Return where the content of the line that holds ``position`` stops."""
    match = _TO_BREAK.match(text, position)
    return match.end() if match is not None else len(text)


def _after_break(text: str, position: int) -> int:
    if text.startswith("\r\n", position):
        return position + 2
    return min(len(text), position + 1)


_TO_BREAK: Final = re.compile(r"[^\r\n]*+")
