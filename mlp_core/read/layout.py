"""Where the table of a text stands and how it is cut: dialect, comments, titles, names, notes, other tables.

Everything is found in the first lines, and in the last ones of a long text, so that a large one costs no more
than a small one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from mlp_core.config import Settings
from mlp_core.errors import NotATable
from mlp_core.read.blocks import (
    blocks_of,
    comment_of,
    is_comment,
    largest,
    one_table,
    usual_width,
    without_titles,
)
from mlp_core.read.dialect import Found, dialect_of
from mlp_core.read.header import flattened, header_evidence, header_rows_of, names_of
from mlp_core.read.limits import check_size
from mlp_core.read.options import WHITESPACE, ReadOptions
from mlp_core.read.repairs import in_other_quotes, recut
from mlp_core.read.shapes import look
from mlp_core.read.tail import tail_end
from mlp_core.read.telling import decisions_of
from mlp_core.read.tokens import Cutter, Dialect, Record, lines, records
from mlp_core.table import Decision
from mlp_core.text import Text

_SAMPLE_BYTES: Final = 1 << 18
_HEAD_BYTES: Final = 1 << 16
_LONGEST_FIRST_LINE: Final = 1 << 22
_RECUT_AT_MOST: Final = 500
_LOOKED_AT: Final = 200


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a text is laid out.

    Attributes
    ----------
    start, end : int
        The bytes between which the rows of cells stand, without the names.
    line : int
        How many lines stand before ``start``.
    spare : int
        How many empty cells end every line besides those of the columns.
    irregular : bool
        Whether a row was seen that has to be mended.
    is_whole : bool
        Whether every row was seen.
    repeated : tuple of str
        A line of names that comes again among the rows, and is none.
    """

    dialect: Dialect
    has_header: bool
    header_rows: int
    names: tuple[str, ...]
    start: int
    end: int
    line: int
    spare: int = 0
    skipped: int = 0
    footer: int = 0
    block: int = 1
    blocks: int = 1
    irregular: bool = False
    is_whole: bool = False
    repeated: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.names)

    @classmethod
    def of(cls, data: bytes, options: ReadOptions, settings: Settings) -> Layout:
        """Return the layout of a UTF-8 text that is not blank.

        Raises
        ------
        NotATable
            It holds nothing but blanks.
        TooLarge
            It has more columns than ``settings`` allow; only some lines are looked at.
        """
        blank = _blank_lines(data)
        if not blank:
            return _Look(data, options, settings).layout()
        rest = replace(options, skipped=0) if options.skipped else options
        found = _Look(data[blank:], rest, settings).layout()
        lines_before = data.count(b"\n", 0, blank)
        return replace(
            found,
            start=found.start + blank,
            end=found.end + blank,
            line=found.line + lines_before,
            skipped=found.skipped + lines_before,
        )


class _Look:
    """A look at a text, from its dialect to its names."""

    def __init__(self, data: bytes, options: ReadOptions, settings: Settings) -> None:
        self.data, self.options, self.settings = data, options, settings
        self.text = _sample(data)
        self.is_whole = len(data) <= _SAMPLE_BYTES
        self.found: Found = dialect_of(self.text, options)
        self.dialect = self.found.dialect
        self.cutter = Cutter(self.dialect)
        self.table = self._table()
        comment = comment_of(self.text, self.table, self.dialect.separator)
        comment = comment if options.comment is None else options.comment
        self.dialect = replace(self.dialect, comment=comment)
        self.rows = [one for one in self.table if not is_comment(self.text, one, comment)]
        self.comments = len(self.table) - len(self.rows)

    def _table(self) -> list[Record]:
        first, last = self._given_bounds()
        text = self.text[: last or None]
        table = [one for one in records(text, self.dialect, cutter=self.cutter) if one.start >= first]
        if (
            not any(cell.strip() for one in table for cell in one.cells)
            and len(self.text) >= len(self.data) // 4
        ):
            raise NotATable(
                Text("The file holds no values."),
                hint=Text("Check that the file was saved, and load it again."),
            )
        width = usual_width(one.cells for one in table)
        if self.cutter.spanned:
            self.cutter = Cutter(self.dialect, width)
            table = [one for one in records(text, self.dialect, width, self.cutter) if one.start >= first]
        tries = 0
        for place, one in enumerate(table):
            odd = one.cells and (len(one.cells) != width or in_other_quotes(one.cells, self.dialect.quote))
            if odd and tries < _RECUT_AT_MOST:
                tries += 1
                found = recut(text[one.start : one.end].rstrip("\r\n"), self.dialect, width, bare=False)
                if found is not None:
                    table[place] = one._replace(cells=found.cells)
        return table

    def _given_bounds(self) -> tuple[int, int]:
        """Return where the table begins and ends (0: the end of the text) as far as a person decided."""
        spans = list(lines(self.text)) if self.options.skipped or self.options.footer else []
        skipped = 1 if self.options.skipped is None and self.found.named else self.options.skipped or 0
        first = last = 0
        if skipped:
            spans = spans or list(lines(self.text))
            first = spans[min(skipped, len(spans) - 1)][0]
        if self.options.footer and self.is_whole:
            last = spans[max(0, len(spans) - self.options.footer)][0]
        return first, last

    def layout(self) -> Layout:
        """Return what the look found."""
        wide = self.dialect.separator != ""
        blocks = blocks_of(self.rows, wide)
        joined = one_table(self.rows, blocks) if self.options.block is None else None
        repeats = len(blocks) - 1 if joined is not None else 0
        blocks = blocks if joined is None else [joined]
        chosen = largest(self.rows, blocks)
        if self.options.block is not None:
            chosen = min(self.options.block, len(blocks)) - 1
        block = blocks[chosen]
        above, body, _ = ([], block.rows, []) if not wide else without_titles(self.rows, block)
        if self.options.skipped is not None and chosen == 0:
            body = [*above, *body]
        if self.options.footer is not None and chosen == len(blocks) - 1:
            body = [*body, *(place for place in block.rows if place > body[-1])]
        cells = [self.rows[place].cells for place in body]
        count, evidence = self._header(cells, block.width)
        width, spare, first = self._columns(cells, count, block.width, body)
        check_size(0, width, self.settings)
        commented = [] if count or first or not body else self._names_in_comment(body[0], width)
        names, notes = names_of(commented or first, width)
        start = self.rows[body[count]].start if count < len(body) else self.rows[body[-1]].end
        end, footer = self._end(body, width, spare, start)
        skipped = _line(self.text, self.rows[body[0]].start) if body else 0
        if width == 1:
            notes += (Text("Only one column was found. If there are more, choose the separator."),)
        return Layout(
            dialect=self.dialect,
            has_header=count > 0 or bool(commented),
            header_rows=count,
            names=names,
            start=len(self.text[:start].encode()),
            end=end,
            line=_line(self.text, start),
            spare=spare,
            skipped=skipped,
            footer=footer,
            block=chosen + 1,
            blocks=len(blocks),
            is_whole=self.is_whole,
            irregular=bool(repeats) or self._is_irregular(body[count:], width + spare, start),
            repeated=tuple(cell.strip() for cell in cells[0]) if repeats and count == 1 else (),
            decisions=decisions_of(
                self.found,
                self.options,
                self.dialect.comment,
                self.comments,
                count=count,
                commented=bool(commented),
                evidence=evidence,
                skipped=skipped,
                footer=footer,
                block=chosen + 1,
                blocks=len(blocks),
            ),
            notes=(*notes, *_block_notes(chosen + 1, len(blocks)), *_repeat_notes(repeats)),
        )

    def _header(self, cells: Sequence[Sequence[str]], width: int) -> tuple[int, float]:
        """Return how many rows name the columns, and what speaks for it."""
        if self.options.header_rows is not None:
            return min(self.options.header_rows, len(cells)), 1.0
        if self.options.header is False or not cells:
            return 0, -1.0
        fitting = [row for row in cells[1:_LOOKED_AT] if len(row) == width]
        evidence = header_evidence([cells[0], *fitting])
        if self.options.header is None and evidence <= 0:
            second = header_rows_of(cells[:_LOOKED_AT])
            below = [row for row in cells[second:_LOOKED_AT] if len(row) == width]
            if (
                second == 1
                or not any(map(str.strip, cells[0]))
                or header_evidence([cells[second - 1], *below]) <= 0
            ):
                return 0, evidence
            return second, 0.6
        return header_rows_of(cells[:_LOOKED_AT]), 1.0 if self.options.header else evidence

    def _ends_quoted(self, place: int) -> bool:
        """Whether a row ends with an empty cell in quotation marks, which is meant as a cell."""
        one, quote = self.rows[place], self.dialect.quote
        return bool(quote) and self.text[one.start : one.end].rstrip("\r\n").endswith(quote * 2)

    def _columns(
        self, cells: Sequence[Sequence[str]], count: int, usual: int, places: Sequence[int]
    ) -> tuple[int, int, list[str]]:
        """Return the number of columns, of empty cells after them, and the names as they stand."""
        body = [row for row in cells[count:] if row]
        if not count:
            bare = not any(self._ends_quoted(place) for place in places[:_LOOKED_AT])
            ends_empty = all(_ends_empty(row, usual) for row in body)
            spare = 1 if usual > 2 and len(body) > 1 and ends_empty and bare else 0
            return usual - spare, spare, list(self.options.names or ())
        names = flattened(cells[:count])
        if not body:
            return len(names), 0, names
        ends_empty = all(_ends_empty(row, usual) for row in body)
        nameless = all(_ends_empty(row, usual) for row in cells[:count])
        if ends_empty and usual > 1 and (len(names) == usual - 1 or nameless):
            return usual - 1, 1, names[: usual - 1]
        if len(names) > usual and not all(names):
            kept = [name for name in names if name]
            names = kept if len(kept) == usual else names
        if (
            len(names) == usual - 1
            and usual > 2
            and _numbers_rows([row for row in body if len(row) == usual])
        ):
            names = ["", *names]
        return max(len(names), usual), 0, names

    def _names_in_comment(self, place: int, width: int) -> list[str]:
        """Return the names in the comment right above the first row, as numpy writes them; else none."""
        above = [one for one in self.table if one.start < self.rows[place].start]
        mark = self.dialect.comment
        if self.options.header is False or not above or not is_comment(self.text, above[-1], mark):
            return []
        line = self.text[above[-1].start : above[-1].end].strip().removeprefix(mark).strip()
        cells, _, _ = Cutter(self.dialect).cut(line, 0, len(line))
        named = len(cells) == width > 1 and all(look(cell) in ("word", "text", "code") for cell in cells)
        return [cell.strip() for cell in cells] if named else []

    def _end(self, body: Sequence[int], width: int, spare: int, start: int) -> tuple[int, int]:
        """Return the byte at which the rows end, and how many lines come after."""
        text, last = self.text, self.rows[body[-1]].end if body else start
        last = max(last, start)
        if self.is_whole:
            rest = text[last:]
            footer = sum(1 for first, stop, _ in lines(rest) if rest[first:stop].strip(" \t,;|"))
            if not footer:
                return len(self.data), 0
            return len(text[:last].encode()), footer
        if any(place > body[-1] for place in range(len(self.rows)) if self.rows[place].cells):
            return len(text[:last].encode()), 0
        return tail_end(self.data, self.dialect, width + spare, self.options.footer)

    def _is_irregular(self, body: Sequence[int], width: int, start: int) -> bool:
        if self.dialect.separator == WHITESPACE or len(self.dialect.separator) != 1 or self.dialect.padded:
            return width > 1
        if self.cutter.loose or self.comments or self.dialect.escape:
            return True
        for place in body:
            one = self.rows[place]
            if len(one.cells) != width or in_other_quotes(one.cells, self.dialect.quote):
                return True
        return False


def _blank_lines(data: bytes) -> int:
    """Return how many bytes of blank lines a text begins with, where they fill all that is looked at."""
    if data[:_HEAD_BYTES].strip():
        return 0
    first = len(data) - len(data.lstrip())
    return data.rfind(b"\n", 0, first) + 1


def _sample(data: bytes) -> str:
    """Return the first whole lines of a text; at least one, unless it is endless."""
    if len(data) <= _SAMPLE_BYTES:
        return data.decode("utf-8")
    end = max(data.rfind(b"\n", 0, _HEAD_BYTES), data.rfind(b"\r", 0, _HEAD_BYTES)) + 1
    if end == 0:
        end = data.find(b"\n", _HEAD_BYTES, _LONGEST_FIRST_LINE) + 1
    return data[: end or _LONGEST_FIRST_LINE].decode("utf-8", errors="ignore")


def _line(text: str, position: int) -> int:
    """Return how many lines end before a place in a text."""
    feeds, returns = text.count("\n", 0, position), text.count("\r", 0, position)
    return feeds + returns - (text.count("\r\n", 0, position) if returns else 0)


def _ends_empty(row: Sequence[str], width: int) -> bool:
    """Whether a line ends with a separator that has no name over it."""
    return len(row) != width or not row[-1].strip()


def _numbers_rows(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first column names or counts the rows, as R writes it, without a name of its own."""
    first = [row[0].strip() for row in rows]
    if not first or len(set(first)) != len(first):
        return False
    counts = [str(number) for number in range(1, len(first) + 1)]
    return first == counts or not any(cell.replace(".", "").isdigit() for cell in first)


def _repeat_notes(repeats: int) -> tuple[Text, ...]:
    if not repeats:
        return ()
    return (
        Text(
            "The line of names stands {n:n} more {n|time|times} among the first rows; "
            "it is no row of the table.",
            n=repeats,
        ),
    )


def _block_notes(block: int, blocks: int) -> tuple[Text, ...]:
    if blocks < 2:
        return ()
    return (Text("The file holds {total:n} tables; number {n:n} was read.", total=blocks, n=block),)
