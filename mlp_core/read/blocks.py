"""Where in a text the table stands: what comes before and after it, and which of several tables it is.

Lines that begin as comments do, titles and notes are no rows. Blank lines or a new line of names part one
table from the next; the largest is read unless another is chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from mlp_core.read.header import header_evidence, header_rows_of
from mlp_core.read.shapes import Column, look
from mlp_core.read.tokens import Record

COMMENTS: Final = ("#", "//", "%", "--", "!")
_LOOKED_AT: Final = 200
_SURELY: Final = 0.25
_PAGES: Final = 3
_FEWEST: Final = 3
"""So many rows of another width, at least, are another table where no blank line parts them."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One table among the records of a text: the positions of its rows, and how many cells they have."""

    rows: list[int] = field(default_factory=list)
    width: int = 1


def comment_of(text: str, table: Sequence[Record], separator: str) -> str:
    """Return what the lines begin with that are comments; empty where there are none."""
    full = [one for one in table if one.cells]
    width = usual_width(one.cells for one in full)
    for mark in COMMENTS:
        marked = [place for place, one in enumerate(full) if _starts(text, one, mark)]
        if not marked or len(marked) * 2 > len(full) or mark == separator:
            continue
        odd = sum(len(full[place].cells) != width for place in marked)
        prose = _is_prose(full[marked[0]], mark)
        if width > 1 and (odd * 5 >= len(marked) * 4 or (prose and odd * 2 >= len(marked))):
            return mark
        top = marked == list(range(len(marked)))
        if top and width == 1 and prose:
            return mark
    return ""


def _starts(text: str, record: Record, mark: str) -> bool:
    start = record.start
    while start < record.end and text[start] == " ":
        start += 1
    return text.startswith(mark, start)


def _is_prose(record: Record, mark: str) -> bool:
    return record.cells[0].lstrip().removeprefix(mark)[:1] in (" ", mark[0], "")


def is_comment(text: str, record: Record, mark: str) -> bool:
    """Whether a record begins with ``mark``."""
    return bool(mark) and bool(record.cells) and _starts(text, record, mark)


def usual_width(rows: Iterable[Sequence[str]]) -> int:
    """Return how many cells most rows have: those of one cell count only where there are no others."""
    widths = Counter(len(row) for row in rows if row)
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 1
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    return 1 if widths[1] > 4 * count else width


def blocks_of(table: Sequence[Record], wide: bool) -> list[Block]:
    """Return the tables among records, in order; at least one.

    Parameters
    ----------
    wide : bool
        Whether lines are cut into cells at all; a single column has no blocks.
    """
    full = [place for place, one in enumerate(table) if one.cells]
    if not wide:
        first, last = (full[0], full[-1]) if full else (0, -1)
        return [Block(rows=list(range(first, last + 1)), width=1)]
    groups = [part for group in _groups(table) for part in _parted(table, group)]
    found: list[Block] = []
    for group in groups:
        width = usual_width(table[place].cells for place in group)
        block = Block(rows=group, width=width)
        if found and _continues(table, found[-1], block):
            found[-1] = Block(rows=[*found[-1].rows, *group], width=found[-1].width)
        else:
            found.append(block)
    tables = [block for block in found if block.width > 1 and _is_table(table, block)]
    return tables or [Block(rows=full, width=usual_width(table[place].cells for place in full))]


def _groups(table: Sequence[Record]) -> list[list[int]]:
    """Return the positions of rows between blank ones."""
    groups: list[list[int]] = [[]]
    for place, one in enumerate(table):
        if any(cell.strip() for cell in one.cells):
            groups[-1].append(place)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _parted(table: Sequence[Record], group: list[int]) -> list[list[int]]:
    """Part rows that no blank line parts, where the width changes for good or the names come again."""
    width = usual_width(table[place].cells for place in group)
    head = next((place for place in group if len(table[place].cells) == width), group[0])
    names = _bare(table[head])
    parts: list[list[int]] = [[]]
    known, count = _names_known(table, group, head, width)
    for number, place in enumerate(group):
        row = _bare(table[place])
        if parts[-1] and place >= head + count and _begins(table, group, number, row, known, names):
            parts.append([])
            known.add(tuple(row))
        parts[-1].append(place)
    return [part for part in parts if part]


def _begins(
    table: Sequence[Record],
    group: list[int],
    number: int,
    row: list[str],
    known: set[tuple[str, ...]],
    names: list[str],
) -> bool:
    """Whether a row inside a group begins another table."""
    if len(row) < 2:
        return False
    before = _bare(table[group[number - 1]])
    if tuple(row) in known:
        # The same names directly below each other are names on several lines.
        return before != row and any(look(cell) in ("word", "text", "code") for cell in row)
    if len(row) == len(before) and len(row) == len(names):
        return False
    after = [_bare(table[place]) for place in group[number + 1 : number + 1 + 3 * _FEWEST]]
    alike = sum(len(other) == len(row) for other in after)
    if alike + 1 < _FEWEST or alike * 3 < len(after) * 2:
        return False
    shared = len(set(row) & set(names))
    if shared * 5 >= 4 * len(row):
        return True
    if not all(row) or any(look(cell) in ("number", "date", "time") for cell in row):
        return False
    return (
        shared * 2 >= len(row)
        or header_evidence([row, *(one for one in after if len(one) == len(row))]) > 0.6
    )


def _names_known(
    table: Sequence[Record], group: list[int], head: int, width: int
) -> tuple[set[tuple[str, ...]], int]:
    """Return the rows at the top of a group that surely name its columns, and how many rows these may be."""
    rows = [_bare(table[place]) for place in group if place >= head and len(table[place].cells) == width]
    count = header_rows_of(rows[:_LOOKED_AT])
    below = rows[count : rows.index(rows[count - 1], count) if rows[count - 1] in rows[count:] else None]
    sure = header_evidence([rows[count - 1], *below[:_LOOKED_AT]]) > _SURELY
    return ({tuple(row) for row in rows[:count]} if sure else set()), count


def _continues(table: Sequence[Record], block: Block, following: Block) -> bool:
    """Whether rows after a blank line belong to the table before it."""
    if block.width != following.width or block.width < 2 or not _is_table(table, block):
        return False
    first = _bare(table[following.rows[0]])
    if len(first) != block.width:
        return False
    names = next(_bare(table[place]) for place in block.rows if len(table[place].cells) == block.width)
    if first == names:
        return False
    rest = [_bare(table[place]) for place in [*following.rows[1:], *block.rows[1:]][:100]]
    typed = [
        column
        for column in range(block.width)
        if Column([row[column] for row in rest if len(row) == block.width]).share("number", "date", "time")
        > 0.8
    ]
    named = all(first[column] and look(first[column]) in ("word", "text") for column in typed)
    return not (typed and named and len(following.rows) > 1)


def _is_table(table: Sequence[Record], block: Block) -> bool:
    """Whether rows are a table rather than a title or metadata: more than a line of two cells."""
    if all(_filled(table[place]) < 2 for place in block.rows):
        # In a workbook the cells beside a title are there, and empty.
        return False
    whole = sum(len(table[place].cells) == block.width for place in block.rows)
    return whole > 1 or block.width > 2


def _bare(record: Record) -> list[str]:
    return [cell.strip() for cell in record.cells]


def one_table(table: Sequence[Record], blocks: Sequence[Block]) -> Block | None:
    """Return blocks as one table where the same line of names stands over each, as on pages put together.

    Two alike may well be two tables; three or more are one that was printed or exported in parts.
    """
    if len(blocks) < _PAGES:
        return None
    names = _bare(table[blocks[0].rows[0]])
    if len({block.width for block in blocks}) > 1 or not all(
        _bare(table[block.rows[0]]) == names for block in blocks
    ):
        return None
    rest = [place for block in blocks[1:] for place in block.rows[1:]]
    return Block(rows=[*blocks[0].rows, *rest], width=blocks[0].width)


def largest(table: Sequence[Record], blocks: Sequence[Block]) -> int:
    """Return the place of the block with most cells that are not empty."""
    sizes = [
        sum(
            sum(map(bool, table[place].cells))
            for place in block.rows
            if len(table[place].cells) == block.width
        )
        for block in blocks
    ]
    return sizes.index(max(sizes))


def without_titles(table: Sequence[Record], block: Block) -> tuple[list[int], list[int], list[int]]:
    """Return the lines above a table, its rows and the lines below it, among the rows of a block."""
    rows, width = block.rows, block.width
    if width < 2:
        return [], rows, []
    filled = sorted(_filled(table[place]) for place in rows if len(table[place].cells) == width)
    usual = filled[3 * len(filled) // 4] if filled else width
    first = 0
    while first < len(rows) - 1 and _is_title(table, rows, first, width, usual):
        first += 1
    body = rows[first:]
    last = len(body)
    column = Column([table[place].cells[0] for place in body[1:] if len(table[place].cells) == width][:200])
    whole = sum(all(table[place].cells) for place in body)
    while last > 1 and _is_note(table[body[last - 1]], width, usual, column, whole):
        last -= 1
    thin = sum(_filled(table[place]) == 1 for place in body[:last])
    last = len(body) if thin * 5 > last else last
    return rows[:first], body[:last], body[last:]


def _words(record: Record) -> int:
    return sum(len(cell.split()) for cell in record.cells)


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)


def _is_title(table: Sequence[Record], rows: list[int], place: int, width: int, usual: int) -> bool:
    """Whether a row at the top is a title: fewer cells than a row, or all but the first empty."""
    row = table[rows[place]]
    size, filled = len(row.cells), _filled(row)
    if size == width and filled > 1 and not (width > 4 and filled == 2 and all(row.cells[:2]) and usual > 4):
        return False
    if size == 1:
        return True
    if size != width:
        names = all(cell.strip() for cell in row.cells) and all(
            look(c) not in ("number", "date") for c in row.cells
        )
        following = table[rows[place + 1]]
        if names and width / 2 < size < width + 3 and len(following.cells) == width:
            below = [table[p].cells for p in rows[place + 1 : place + 60] if len(table[p].cells) == width]
            # One name fewer is how R writes a table with row names; prose is a title all the same.
            return header_evidence(below) > 0 and (size != width - 1 or _words(row) > 2 * size)
        return size < width or filled < width
    return usual > 1 and 2 * filled <= max(2, usual)


def _is_note(record: Record, width: int, usual: int, column: Column, whole: int) -> bool:
    """Whether a row at the bottom is a note: one cell of prose where rows have several."""
    if not record.cells[0].strip() or usual < 2:
        return False
    if _filled(record) != 1:
        short = len(record.cells) != width and _filled(record) * 2 <= max(usual, 4)
        return short and _words(record) > 3 and column.cost(record.cells[0]) > 3
    seen = look(record.cells[0])
    if len(record.cells) == 1:
        return seen in ("text", "word", "link") or column.cost(record.cells[0]) > 3
    strange = (
        column.cost(record.cells[0]) > 2 or width > 3 or (whole > 4 and not column.values[record.cells[0]])
    )
    return seen in ("text", "word", "link") and strange
