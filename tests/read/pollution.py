"""Faults of real files, written into clean tables, alone or several at once, and how well they are undone.

``python tests/read/pollution.py [seed] [rounds]`` prints how many cells each fault costs.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from read.clean_tables import Clean, clean_tables

from mlp_core.errors import MLPError
from mlp_core.read import ReadOptions, read_table
from mlp_core.table import Table

Cells = list[list[str]]


@dataclass
class Document:
    """A table on its way into a file: what is true, and how it is going to be written."""

    truth: Clean
    separator: str = ","
    quote: str = '"'
    escape: str = ""
    quoting: str = "minimal"
    line_end: str = "\n"
    ending: str = ""
    encoding: str = "utf-8"
    tops: list[str] = field(default_factory=list)
    heads: list[list[str]] | None = None
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    extra: list[tuple[bool, list[list[str]]]] = field(default_factory=list)
    between: dict[int, list[str]] = field(default_factory=dict)
    lines: dict[int, Callable[[list[str], Document], str]] = field(default_factory=dict)
    lost: int = 0
    line_ends: dict[int, str] = field(default_factory=dict)
    tail: str = ""
    lead: str = ""
    final: str | None = None
    widths: list[int] | None = None
    dice: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.width = len(self.truth.header)

    def cell(self, text: str) -> str:
        """Return a cell as it is written."""
        if self.quoting == "escaped":
            for mark in (self.escape, self.separator):
                text = text.replace(mark, self.escape + mark)
            return text
        marks = (self.separator.strip() or self.separator, self.quote, "\n", "\r")
        wanted = self.quoting == "all" or any(mark in text for mark in marks if mark)
        wanted |= self.quoting == "words" and any(letter.isalpha() for letter in text)
        if self.quoting == "none" or not self.quote or not wanted:
            return text
        if self.escape:
            text = text.replace(self.escape, self.escape * 2).replace(self.quote, self.escape + self.quote)
        else:
            text = text.replace(self.quote, self.quote * 2)
        return self.quote + text + self.quote

    def line(self, cells: list[str]) -> str:
        """Return a row as it is written."""
        if self.widths is not None:
            return "".join(cell.ljust(width) for cell, width in zip(cells, self.widths, strict=True)).rstrip()
        return self.separator.join(self.cell(cell) for cell in cells)

    def written(self) -> bytes:
        """Return the bytes of the file."""
        heads = [self.truth.header] if self.heads is None else self.heads
        lines = [*self.tops, *self.before]
        for position, cells in enumerate([*heads, *self.truth.rows], start=1 - len(heads)):
            write = self.lines.get(position)
            text = write(cells, self) if write else self.line(cells)
            lines += [*self.between.get(position, ()), self.lead + text + self.tail]
        for blank, table in self.extra:
            lines += [""] * blank + [self.line(cells) for cells in table]
        lines += self.after
        text = "".join(line + self.line_ends.get(number, self.line_end) for number, line in enumerate(lines))
        if self.final is not None:
            text = text.removesuffix(self.line_end) + self.final
        return text.encode(self.encoding)


Fault = Callable[[Document], bool]
FAULTS: dict[str, Fault] = {}


def fault(function: Fault) -> Fault:
    """Remember a fault by its name; it answers whether it could be written into the document."""
    FAULTS[function.__name__] = function
    return function


def _cells(document: Document) -> list[str]:
    return [cell for row in [document.truth.header, *document.truth.rows] for cell in row]


def _row(document: Document) -> int:
    return document.dice.randint(1, len(document.truth.rows))


def _separated(mark: str) -> Fault:
    def separated(document: Document) -> bool:
        if document.separator != "," or document.widths or document.width < 2:
            return False
        document.separator = mark
        return document.quoting not in ("none", "escaped") or not any(
            mark in cell for cell in _cells(document)
        )

    return separated


for _name, _mark in {
    "semicolon": ";",
    "tab": "\t",
    "bar": "|",
    "caret": "^",
    "tilde": "~",
    "colon": ":",
    "hash": "#",
    "comma blank": ", ",
    "semicolon blank": "; ",
    "spaced bar": " | ",
    "two bars": "||",
    "two colons": "::",
    "two tabs": "\t\t",
    "tilde bar": "~|~",
    "unit separator": "\x1f",
}.items():
    FAULTS[f"separator {_name}"] = _separated(_mark)


@fault
def separator_space(document: Document) -> bool:
    """Set the cells apart by one space and quote those that hold one; empty cells are quoted too."""
    if not _separated(" ")(document):
        return False
    document.quoting = "all" if any(cell == "" for cell in _cells(document)) else document.quoting
    return all("\n" not in cell for cell in _cells(document))


@fault
def fixed_width(document: Document) -> bool:
    """Align the columns with spaces."""
    cells = [document.truth.header, *document.truth.rows]
    if document.separator != "," or any("\n" in cell or "  " in cell for row in cells for cell in row):
        return False
    document.widths = [max(map(len, column)) + 2 for column in zip(*cells, strict=True)]
    return len(document.widths) > 1


def _encoded(codec: str) -> Fault:
    def encoded(document: Document) -> bool:
        text = "".join([*_cells(document), document.separator])
        try:
            text.encode(codec)
        except UnicodeEncodeError:
            return False
        document.encoding = codec
        return True

    return encoded


for _name in ("cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32", "mac_roman"):
    FAULTS[f"encoding {_name}"] = _encoded(_name)


@fault
def quote_single(document: Document) -> bool:
    """Quote with apostrophes."""
    document.quote = "'"
    return document.quoting != "none"


@fault
def quote_backtick(document: Document) -> bool:
    """Quote with backticks."""
    document.quote = "`"
    return document.quoting != "none"


@fault
def quote_all(document: Document) -> bool:
    """Quote every cell."""
    document.quoting = "all"
    return document.widths is None


@fault
def quote_words(document: Document) -> bool:
    """Quote the cells that hold letters."""
    document.quoting = "words"
    return document.widths is None


@fault
def quote_none(document: Document) -> bool:
    """Quote nothing, where that can be undone."""
    document.quoting = "none"
    return not any(document.separator in cell or "\n" in cell or '"' in cell for cell in _cells(document))


@fault
def escape_backslash(document: Document) -> bool:
    """Write a backslash before a quotation mark."""
    row, column = _row(document), document.dice.randrange(document.width)
    if not any(letter.isalpha() for letter in document.truth.rows[row - 1][column]):
        return False
    document.truth.rows[row - 1][column] += ' of 5" size, or 6" or so'
    document.escape = "\\"
    return document.widths is None


@fault
def escape_unquoted(document: Document) -> bool:
    """Write a backslash before each separator instead of quoting."""
    document.escape, document.quoting = "\\", "escaped"
    return document.width > 1 and not any("\n" in cell or '"' in cell for cell in _cells(document))


@fault
def line_end_windows(document: Document) -> bool:
    document.line_end = "\r\n"
    return True


@fault
def line_end_old_mac(document: Document) -> bool:
    document.line_end = "\r"
    return not any("\n" in cell for cell in _cells(document))


@fault
def line_end_mixed(document: Document) -> bool:
    document.line_end = "\r\n"
    document.line_ends = {number: document.dice.choice(["\n", "\r\n", "\r"]) for number in range(0, 400, 7)}
    return True


@fault
def line_end_in_one_row(document: Document) -> bool:
    document.line_end = "\r\n"
    document.line_ends = {_row(document): "\n"}
    return True


@fault
def final_newline_absent(document: Document) -> bool:
    document.final = ""
    return bool(document.truth.rows[-1][-1])


@fault
def final_newline_doubled(document: Document) -> bool:
    document.final = document.line_end * 2
    return True


@fault
def blank_rows_at_the_end(document: Document) -> bool:
    document.after += [document.separator * (document.width - 1)] * document.dice.randint(1, 4)
    return document.widths is None and len(document.separator.strip()) > 0


@fault
def blank_lines_within(document: Document) -> bool:
    for _ in range(3):
        document.between[_row(document)] = [""]
    return document.width > 1


TITLES = (
    "Report of the year 2020",
    "Source: national office of statistics",
    "Produced on 2021-03-04, all values provisional",
    "Confidential",
    "Generated by: export tool; version 3.2",
)


@fault
def preamble(document: Document) -> bool:
    document.before += document.dice.sample(TITLES, document.dice.randint(1, 4))
    return document.width > 2


@fault
def preamble_and_blank(document: Document) -> bool:
    document.before += [*document.dice.sample(TITLES, document.dice.randint(1, 4)), ""]
    return document.width > 1


@fault
def preamble_of_pairs(document: Document) -> bool:
    pairs = [["Station", "Oslo"], ["Latitude", "59.9"], ["Operator", "N. Hansen"], ["Unit", "mm"]]
    document.before += [document.separator.join(pair) for pair in pairs[: document.dice.randint(2, 4)]]
    document.before += [""] * document.dice.randint(0, 1)
    return document.width > 3 and document.widths is None


@fault
def preamble_delimited(document: Document) -> bool:
    rest = document.separator * (document.width - 1)
    document.before += [
        document.cell(title) + rest for title in document.dice.sample(TITLES, document.dice.randint(1, 3))
    ]
    document.before += [rest] * document.dice.randint(0, 1)
    return document.width > 2 and document.widths is None


@fault
def footnote(document: Document) -> bool:
    document.after += document.dice.sample(TITLES, document.dice.randint(1, 3))
    return document.width > 2


@fault
def footnote_after_blank(document: Document) -> bool:
    document.after += ["", *document.dice.sample(TITLES, document.dice.randint(1, 3))]
    return document.width > 1


@fault
def footnote_delimited(document: Document) -> bool:
    rest = document.separator * (document.width - 1)
    document.after += [
        document.cell(title) + rest for title in document.dice.sample(TITLES, document.dice.randint(1, 3))
    ]
    return document.width > 2 and document.widths is None


@fault
def comments_on_top(document: Document) -> bool:
    mark = document.dice.choice(["# ", "// ", "% ", "! ", "-- "])
    document.before += [mark + title for title in document.dice.sample(TITLES, document.dice.randint(1, 4))]
    return document.separator != "#"


@fault
def comments_within(document: Document) -> bool:
    mark = document.dice.choice(["# ", "// ", "% "])
    for _ in range(3):
        document.between[_row(document)] = [mark + document.dice.choice(TITLES)]
    return document.width > 2 and document.separator != "#"


@fault
def line_that_names_the_separator(document: Document) -> bool:
    document.tops = [f"sep={document.separator}"]
    return document.widths is None and len(document.separator) == 1 and document.width > 1


@fault
def separator_at_every_end(document: Document) -> bool:
    document.tail = document.separator
    return document.widths is None and document.width > 1


@fault
def leading_blanks(document: Document) -> bool:
    document.lead = "  "
    return document.separator not in (" ", "\t") and document.widths is None


def _second(kind: str, blank: bool) -> Fault:
    def second(document: Document) -> bool:
        truth = document.truth
        width, rows = len(truth.header), document.truth.rows
        if width < 3 or len(rows) < 8 or document.extra or document.widths:
            return False
        few = [list(row) for row in rows[: len(rows) // 3]]
        if kind == "fewer":
            few = [row[:-1] for row in few]
            header = truth.header[:-1]
        elif kind == "more":
            few = [[*row, str(number)] for number, row in enumerate(few)]
            header = [*truth.header, "rank"]
        elif kind == "other":
            header, few = ["part", "amount"], [["first", "3"], ["second", "5"], ["third", "8"]]
        else:
            header = truth.header
        document.extra = [(blank, [header, *few])]
        return True

    return second


for _kind in ("same", "fewer", "more", "other"):
    for _blank in (True, False):
        FAULTS[f"second table {_kind}{' after blank' if _blank else ''}"] = _second(_kind, _blank)


@fault
def header_absent(document: Document) -> bool:
    document.heads, document.truth.header = [], []
    return True


@fault
def header_doubled(document: Document) -> bool:
    document.heads = [document.truth.header] * document.dice.randint(2, 3)
    return document.width > 2


@fault
def header_of_two_lines(document: Document) -> bool:
    header = document.truth.header
    if (
        len(header) < 3
        or document.heads is not None
        or not any(_is_number(c) for c in document.truth.rows[0])
    ):
        return False
    groups = [
        "" if column % 3 else f"Group {'ABCDEFGHIJKLMNOP'[column // 3]}" for column in range(len(header))
    ]
    document.heads = [groups, header]
    document.truth.header = ["*"] * len(header)
    return document.widths is None


@fault
def header_shorter(document: Document) -> bool:
    header = document.truth.header
    if len(header) < 4 or document.heads is not None:
        return False
    document.heads, document.truth.header = [header[:-1]], [*header[:-1], "*"]
    return document.widths is None


@fault
def units_below_the_header(document: Document) -> bool:
    first = document.truth.rows[0]
    header = document.truth.header
    if sum(map(_is_number, first)) < 3 or document.heads is not None:
        return False
    units = [document.dice.choice(["(kg)", "cm", "m/s", "%"]) if _is_number(cell) else "" for cell in first]
    document.heads, document.truth.header = [header, units], ["*"] * len(header)
    return document.widths is None


@fault
def no_rows(document: Document) -> bool:
    document.truth.rows = []
    return document.width > 1 and not document.lines and not document.between and not document.extra


@fault
def one_row(document: Document) -> bool:
    document.truth.rows = document.truth.rows[:1]
    return not document.lines and not document.between and not document.extra


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _one_line(
    document: Document, write: Callable[[list[str], Document], str], *, header: bool = False
) -> bool:
    if document.widths is not None or document.width < 3:
        return False
    position = 0 if header else _row(document)
    if position in document.lines:
        return False
    document.lines[position] = write
    document.lost += 1
    return True


@fault
def row_with_one_separator_more(document: Document) -> bool:
    place = document.dice.randrange(1, max(2, document.width))

    def write(cells: list[str], document: Document) -> str:
        return document.line([*cells[:place], "", *cells[place:]])

    return _one_line(document, write)


@fault
def row_with_one_separator_less(document: Document) -> bool:
    place = document.dice.randrange(1, max(2, document.width))

    def write(cells: list[str], document: Document) -> str:
        written = [document.cell(cell) for cell in cells]
        written[place - 1 : place + 1] = [written[place - 1] + written[place]]
        return document.separator.join(written)

    return _one_line(document, write)


@fault
def row_cut_short(document: Document) -> bool:
    def write(cells: list[str], document: Document) -> str:
        return document.line(cells[:-2])

    row = _row(document)
    cells = document.truth.rows[row - 1]
    if document.widths is not None or len(cells) < 5 or row in document.lines or document.tail:
        return False
    document.truth.rows[row - 1] = [*cells[:-2], "", ""]
    document.lines[row] = write
    return any(cells[:-2])


@fault
def row_with_an_extra_quote(document: Document) -> bool:
    column = document.dice.randrange(document.width)

    def write(cells: list[str], document: Document) -> str:
        written = [document.cell(cell) for cell in cells]
        text = written[column]
        quoted = text.startswith(document.quote) and len(text) > 1
        written[column] = document.quote + text if not quoted else text[0] + document.quote + text[1:]
        return document.separator.join(written)

    return document.quote != "" and document.quoting not in ("none", "escaped") and _one_line(document, write)


@fault
def unescaped_quotes(document: Document) -> bool:
    row, column = _row(document), document.dice.randrange(document.width)
    if '"' in document.truth.rows[row - 1][column] or document.width < 2:
        return False
    document.truth.rows[row - 1][column] = 'the "old" house, sold'

    def write(cells: list[str], document: Document) -> str:
        written = [document.cell(cell) for cell in cells]
        written[column] = document.quote + cells[column] + document.quote
        return document.separator.join(written)

    if document.widths is not None or row in document.lines or document.quoting in ("none", "escaped"):
        return False
    document.lines[row] = write
    return document.quote == '"' and not document.escape


@fault
def inches(document: Document) -> bool:
    row, column = _row(document), document.dice.randrange(document.width)
    document.truth.rows[row - 1][column] = '5" nail'

    def write(cells: list[str], document: Document) -> str:
        written = [document.cell(cell) for cell in cells]
        written[column] = cells[column]
        return document.separator.join(written)

    if document.widths is not None or row in document.lines or document.separator == " ":
        return False
    document.lines[row] = write
    return document.quote == '"'


def _other_separator(header: bool) -> Fault:
    def other(document: Document) -> bool:
        mark = document.dice.choice([m for m in (";", "\t", "|", ",") if m != document.separator])

        def write(cells: list[str], document: Document) -> str:
            kept, document.separator = document.separator, mark
            line = document.line(cells)
            document.separator = kept
            return line

        if header and document.heads is not None:
            return False
        fits = document.quoting not in ("none", "escaped")
        return (
            fits
            and document.line_end != ""
            and not document.tail
            and _one_line(document, write, header=header)
        )

    return other


FAULTS["row with another separator"] = _other_separator(False)
FAULTS["header with another separator"] = _other_separator(True)


@fault
def row_with_another_quote(document: Document) -> bool:
    def write(cells: list[str], document: Document) -> str:
        kept, quoting = document.quote, document.quoting
        document.quote, document.quoting = "'", "all"
        line = document.line(cells)
        document.quote, document.quoting = kept, quoting
        return line

    return document.quote == '"' and not document.escape and _one_line(document, write)


@fault
def row_in_quotes_as_a_whole(document: Document) -> bool:
    def write(cells: list[str], document: Document) -> str:
        return '"' + document.line(cells).replace('"', '""') + '"'

    fits = document.quote == '"' and not document.escape and document.quoting not in ("none", "escaped")
    return fits and not document.tail and not document.lead and _one_line(document, write)


@fault
def decimal_comma_in_one_row(document: Document) -> bool:
    rows = document.truth.rows
    places = [
        (row, column)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if "." in cell and _is_number(cell)
    ]
    if not places or document.separator != "," or document.width < 3 or len(rows) < 8:
        return False
    row, column = document.dice.choice(places)
    rows[row][column] = rows[row][column].replace(".", ",")

    def write(cells: list[str], document: Document) -> str:
        written = [document.cell(cell) for cell in cells]
        written[column] = cells[column]
        return document.separator.join(written)

    if document.widths is not None or row + 1 in document.lines:
        return False
    document.lines[row + 1] = write
    return True


@fault
def comma_in_one_text(document: Document) -> bool:
    rows = document.truth.rows
    if document.separator != "," or document.width < 3 or len(rows) < 8:
        return False
    row = document.dice.randrange(len(rows))
    columns = [c for c, cell in enumerate(rows[row]) if cell.isalpha() and '"' not in cell]
    if (
        not columns
        or document.widths is not None
        or row + 1 in document.lines
        or document.quoting != "minimal"
    ):
        return False
    column = document.dice.choice(columns)
    rows[row][column] += ", and so on"

    def write(cells: list[str], document: Document) -> str:
        written = [document.cell(cell) for cell in cells]
        written[column] = cells[column]
        return document.separator.join(written)

    document.lines[row + 1] = write
    return True


@fault
def nothing(document: Document) -> bool:
    return True


def polluted(truth: Clean, names: tuple[str, ...], seed: int) -> Document | None:
    """Return a document with these faults, or nothing where one of them cannot be written into it."""
    dice = random.Random(f"{truth.name} {names} {seed}")
    copy = Clean(truth.name, list(truth.header), [list(row) for row in truth.rows])
    document = Document(truth=copy, dice=dice)
    # What a line is made of is decided before lines are written by it.
    early, late = (
        ("separator_space", "separator ", "quote", "escape", "fixed"),
        ("no_rows", "one_row", "header"),
    )
    order = sorted(names, key=lambda name: name.startswith(late) - name.startswith(early))
    for name in order:
        if not FAULTS[name](document):
            return None
    try:
        document.written()
    except UnicodeEncodeError:
        return None
    return document


@dataclass(frozen=True)
class Score:
    """Shares from 0 to 1 of what a reader found of a clean table."""

    header: float
    records: float
    cells: float


def score(truth: Clean, header: list[str], rows: Cells) -> Score:
    """Compare what was read with a clean table; ``*`` stands for a name that any reading may choose."""
    wanted = [tuple(cell.strip() for cell in row) for row in truth.rows]
    found = [tuple(cell.strip() for cell in row) for row in rows]
    names = sum(name in ("*", other) for name, other in zip(truth.header, header, strict=False))
    named = names / max(len(truth.header), len(header)) if truth.header else 1.0
    same = sum((Counter(wanted) & Counter(found)).values())
    if len(wanted) == len(found):
        hits = sum(
            cell == other
            for row, mate in zip(wanted, found, strict=True)
            for cell, other in zip(row, mate, strict=False)
        )
    else:
        left = Counter((column, cell) for row in wanted for column, cell in enumerate(row))
        right = Counter((column, cell) for row in found for column, cell in enumerate(row))
        hits = sum((left & right).values())
    total = max(sum(map(len, wanted)), sum(map(len, found)))
    records = same / max(len(wanted), len(found)) if wanted or found else 1.0
    return Score(named, records, hits / total if total else 1.0)


def read(data: bytes, options: ReadOptions | None = None) -> tuple[list[str], Cells, Table | None]:
    """Return header and cells as this project reads them; nothing where it refuses."""
    try:
        table = read_table(data, options, as_text=True)
    except MLPError:
        return [], [], None
    cells = table.frame.fillna("").astype(str).to_numpy().tolist()
    return [str(name) for name in table.frame.columns], cells, table


def run(
    seed: int, *, tables: int = 99, combined: int = 0, only: str = ""
) -> list[tuple[str, str, Score, Document]]:
    """Return what was found of clean tables under every fault, and of random combinations of faults.

    Parameters
    ----------
    tables : int
        How many tables each fault is written into, where it can be.
    combined : int
        How many tables get two to four faults at once.
    """
    clean = clean_tables(seed)
    dice = random.Random(seed)
    found = []
    for name in [name for name in FAULTS if only in name]:
        documents = (polluted(table, (name,), seed) for table in dice.sample(clean, len(clean)))
        found += [(name, (name,), one) for one in islice((one for one in documents if one), tables)]
    while combined:
        names = tuple(sorted(dice.sample(sorted(FAULTS), dice.randint(2, 4))))
        document = polluted(dice.choice(clean), names, seed)
        if document is not None:
            found.append(("combined", names, document))
            combined -= 1
    results = []
    for label, names, document in found:
        header, cells, _ = read(document.written())
        told = " + ".join((document.truth.name, *names))
        results.append((label, told, score(document.truth, header, cells), document))
    return results


def main() -> None:
    """Print a line per fault, the worst first, and the files that lose most."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    combined = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    only = sys.argv[3] if len(sys.argv) > 3 else ""
    results = run(seed, combined=combined, only=only)
    groups: dict[str, list[Score]] = {}
    for label, _, scored, _ in results:
        groups.setdefault(label, []).append(scored)
    mean = lambda scores, what: sum(getattr(s, what) for s in scores) / len(scores)  # noqa: E731
    for label, scores in sorted(groups.items(), key=lambda item: mean(item[1], "cells")):
        values = "  ".join(f"{mean(scores, what):7.2%}" for what in ("header", "records", "cells"))
        sys.stdout.write(f"{label:34} {len(scores):4}  {values}\n")
    everything = [s for _, _, s, _ in results]
    sys.stdout.write(
        f"all {len(everything)}: "
        + "  ".join(f"{what} {mean(everything, what):.2%}" for what in ("header", "records", "cells"))
        + "\n"
    )
    worst = sorted(results, key=lambda item: item[2].cells + item[2].header)[:60]
    for _, label, scored, _ in worst:
        if scored.cells + scored.header < 1.99:
            sys.stdout.write(f"{scored.header:.3f} {scored.records:.3f} {scored.cells:.3f}  {label}\n")


if __name__ == "__main__":
    main()
