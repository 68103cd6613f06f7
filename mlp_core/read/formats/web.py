"""Web pages: one of the tables that a page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, ClassVar, Final

from mlp_core.config import Settings
from mlp_core.errors import NotATable
from mlp_core.read.cells import SETTLED, written
from mlp_core.read.encoding import is_wide, to_utf8
from mlp_core.read.formats.format import FORMATS, Format, Loaded, Request, check_growth, check_size, chosen
from mlp_core.read.options import ENCODINGS
from mlp_core.text import Text

_HEAD: Final = 1 << 16
_OPENS: Final = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|meta|title|style|script|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET: Final = re.compile(rb"<meta[^>]+charset=[\"'\s]*([\w-]+)", re.IGNORECASE)
_SILENT: Final = frozenset({"script", "style", "template", "noscript"})
_WIDEST_SPAN: Final = 1_000


@FORMATS.add
class Html(Format):
    """A web page; one of its tables is read."""

    id: ClassVar[str] = "html"
    label: ClassVar[Text] = Text("Web page (HTML)")
    small: ClassVar[int] = 1 << 16
    unsure: ClassVar[int] = 1

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content opens as a web page does."""
        head = data[:_HEAD]
        if is_wide(head):
            head = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
        return bool(_OPENS.match(head.removeprefix(b"\xef\xbb\xbf")))

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read the tables of the page; cells over several rows or columns are repeated in each."""
        data = request.path.read_bytes()
        reader = _Page(request.settings)
        reader.feed(_decoded(data, request.options.encoding))
        reader.close()
        tables = {name: table for name, table in reader.named() if table.rows}
        if not tables:
            raise NotATable(
                Text("The file is a web page without a table."),
                hint=Text("Download the data themselves rather than the page that shows them."),
            )
        sizes = {name: len(table.rows) * max(map(len, table.rows)) for name, table in tables.items()}
        largest = max(sizes, key=lambda name: sizes[name])
        why = Text("It has the most cells of {n:n} {n|table|tables}.", n=len(tables))
        choice = chosen(list(tables), request.options, largest, why)
        table = tables[choice.part]
        rows, header = table.grid(request.settings, len(data)), table.header()
        settled = {**SETTLED, "header": True, "header_rows": header} if header else SETTLED
        return Loaded(choice=choice, text=written(rows), settled=settled)


@dataclass
class _Cell:
    text: list[str] = field(default_factory=list)
    heads: bool = False
    across: int = 1
    down: int = 1

    def written(self) -> str:
        return " ".join("".join(self.text).split())


@dataclass
class _Table:
    name: str = ""
    rows: list[list[_Cell]] = field(default_factory=list)
    top: int = 0
    """Rows that stand in the part of the table that is marked as its head."""

    def header(self) -> int:
        """Return how many rows name the columns."""
        count = 0
        for row in self.rows[:-1]:
            if count >= self.top and not (row and all(cell.heads for cell in row)):
                break
            count += 1
        return count

    def grid(self, settings: Settings, size: int) -> list[list[str]]:
        """Return the cells with those that span several rows or columns in each of them."""
        waiting: dict[int, tuple[int, str]] = {}
        done: list[list[str]] = []
        cells = 0
        for row in self.rows:
            line: list[str] = []
            for cell in row:
                _take(waiting, line)
                text = cell.written()
                for _ in range(cell.across):
                    if cell.down > 1:
                        waiting[len(line)] = (cell.down - 1, text)
                    line.append(text)
            _take(waiting, line)
            cells += len(line)
            check_growth(cells, size, settings)
            done.append(line)
        width = max(map(len, done))
        check_size(len(done), width, settings)
        check_growth(len(done) * width, size, settings)
        return [line + [""] * (width - len(line)) for line in done]


def _take(waiting: dict[int, tuple[int, str]], line: list[str]) -> None:
    """Put the cells from rows above that reach into this place."""
    while len(line) in waiting:
        rest, text = waiting.pop(len(line))
        if rest > 1:
            waiting[len(line)] = (rest - 1, text)
        line.append(text)


class _Page(HTMLParser):
    """Collects the tables of a page; a table inside a table is one of its own."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cell: list[_Cell | None] = []
        self._caption: list[str] | None = None
        self._silent = 0
        self._head = False
        self._deepest = settings.max_nesting

    def named(self) -> list[tuple[str, _Table]]:
        """Return the tables with names of their own: caption, id, or number."""
        found: dict[str, _Table] = {}
        for number, table in enumerate(self.tables, start=1):
            name = " ".join(table.name.split())[:100]
            if not name or name in found:
                name = f"{name} ({number})" if name else f"table {number}"
            found[name] = table
        return list(found.items())

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table" and len(self._open) < self._deepest:
            self._open.append(_Table(name=dict(attrs).get("id") or ""))
            self.tables.append(self._open[-1])
            self._cell.append(None)
        elif self._open:
            self._inside(tag, dict(attrs))

    def _inside(self, tag: str, given: dict[str, str | None]) -> None:
        table = self._open[-1]
        if tag == "tr":
            table.rows.append([])
            table.top += self._head
            self._cell[-1] = None
        elif tag in ("td", "th"):
            if not table.rows:
                table.rows.append([])
            cell = _Cell(heads=tag == "th", across=_span(given, "colspan"), down=_span(given, "rowspan"))
            table.rows[-1].append(cell)
            self._cell[-1] = cell
        elif tag == "caption":
            self._caption = []
        elif tag in ("thead", "tbody", "tfoot"):
            self._head = tag == "thead"
        elif tag in ("br", "p", "div", "li"):
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif not self._open:
            return
        elif tag == "table":
            table = self._open.pop()
            self._cell.pop()
            table.rows = [row for row in table.rows if row]
            self._head = False
        elif tag in ("td", "th", "tr"):
            self._cell[-1] = None
        elif tag == "caption" and self._caption is not None:
            self._open[-1].name = "".join(self._caption)
            self._caption = None
        elif tag == "thead":
            self._head = False

    def handle_data(self, data: str) -> None:
        if self._silent or not self._open:
            return
        if self._caption is not None:
            self._caption.append(data)
        elif (cell := self._cell[-1]) is not None:
            cell.text.append(data)

    def close(self) -> None:
        super().close()
        for table in self.tables:
            table.rows = [row for row in table.rows if row]


def _span(given: dict[str, str | None], name: str) -> int:
    written = (given.get(name) or "1").strip()
    return min(max(1, int(written)), _WIDEST_SPAN) if written.isdecimal() and len(written) < 7 else 1


def _decoded(data: bytes, encoding: str | None) -> str:
    """Return the page as text, in the encoding that it names itself where that can be."""
    told: Any = _CHARSET.search(data[:_HEAD])
    name = told.group(1).decode().lower() if told else ""
    named = {"windows-1252": "cp1252", "latin1": "cp1252", "iso-8859-1": "cp1252", "utf8": "utf-8"}
    name = named.get(name, name)
    if encoding is None and name in ENCODINGS and not name.startswith("utf"):
        try:
            return data.decode(name)
        except UnicodeError:
            pass
    return to_utf8(data, encoding).data.decode("utf-8")
