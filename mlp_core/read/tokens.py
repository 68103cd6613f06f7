"""Rows of cells from text, one at a time, for looking at a file and for mending one that is not regular.

A quotation mark opens a quoted cell only if its partner stands before a separator or the end of a line;
any other is a character like the rest, so that a lone one never swallows the lines after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlp_core.read.options import WHITESPACE

Row = tuple[list[str], int]
"""The cells of a line and where in the text the next one starts."""


def rows(text: str, separator: str) -> Iterator[Row]:
    r"""Yield every row of ``text`` that is not blank.

    Parameters
    ----------
    separator : str
        One character, ``"whitespace"``, or empty where each line is one cell.

    Examples
    --------
    >>> [cells for cells, _ in rows('1;"a;b"\n2;5" nail\n', ";")]
    [['1', 'a;b'], ['2', '5" nail']]
    >>> [cells for cells, _ in rows('18.0   8\t"amc hornet"\n', "whitespace")]
    [['18.0', '8', 'amc hornet']]
    """
    return _spaced(text) if separator == WHITESPACE else _separated(text, separator)


def _separated(text: str, separator: str) -> Iterator[Row]:
    mark = re.escape(separator)
    stop = rf"[^{mark}\r\n]" if separator else r"[^\r\n]"
    between = rf"{mark}|" if separator else ""
    blank = "" if separator in " \t" and separator else "[ ]*+"
    token = re.compile(
        rf'(?:{blank}"((?:[^"]++|"")*+)"{blank}(?={between}[\r\n]|\Z)|({stop}*+))({between}\r\n|\r|\n|\Z)'
    )
    cells: list[str] = []
    end = len(text)
    for match in token.finditer(text):
        quoted, plain, boundary = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        if separator and boundary == separator:
            continue
        if match.start() == end and cells == [""]:
            return
        if separator == "" or len(cells) > 1 or cells[0].strip() or quoted is not None:
            yield cells, match.end()
        cells = []
        if boundary == "":
            return


_SPACED = re.compile(r'"((?:[^"]++|"")*+)"(?=[ \t]|\Z)|([^ \t]++)')


def _spaced(text: str) -> Iterator[Row]:
    for line in re.finditer(r"([^\r\n]*+)(?:\r\n|\r|\n|\Z)", text):
        content = line.group(1)
        if not content.strip(" \t"):
            continue
        if '"' not in content:
            yield re.split(r"[ \t]+", content.strip(" \t")), line.end()
            continue
        found = _SPACED.finditer(content)
        yield [m[2] if m[1] is None else m[1].replace('""', '"') for m in found], line.end()
