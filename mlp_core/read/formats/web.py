"""Web pages: one of the tables that a page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from mlp_core.config import Settings
from mlp_core.errors import NotATable
from mlp_core.read.cells import SETTLED, written
from mlp_core.read.encoding import is_wide, to_utf8
from mlp_core.read.formats.format import FORMATS, Format, Loaded, Request, check_growth, chosen
from mlp_core.read.limits import check_size
from mlp_core.read.options import ENCODINGS
from mlp_core.text import Text

_HEAD: Final = 1 << 16
_OPENS: Final = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|meta|title|style|script|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET: Final = re.compile(rb"<meta[^>]+charset=[\"'\s]*([\w-]+)", re.IGNORECASE)
_SILENT: Final = frozenset({"script", "style", "template", "noscript"})
_AROUND: Final = frozenset({"thead", "tbody", "tfoot", "form"})
_BREAKS: Final = frozenset({"br", "p", "div", "li"})
_LONGEST_NAME: Final = 100
_WIDEST_SPAN: Final = 1_000


@FORMATS.add
class Html(Format):
    """A web page; one of its tables is read."""

    id: ClassVar[str] = "html"
    label: ClassVar[Text] = Text("Web page (HTML)")
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
        tables = tables_of(_decoded(data, request.options.encoding))
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


@dataclass(frozen=True)
class _Cell:
    text: str
    heads: bool
    across: int
    down: int


@dataclass
class _Table:
    rows: list[list[_Cell]] = field(default_factory=list)
    top: int = 0
    """Rows that stand in the part of the table that is marked as its head."""

    def header(self) -> int:
        """Return how many rows name the columns."""
        count = 0
        for row in self.rows[:-1]:
            if count >= self.top and not all(cell.heads for cell in row):
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
                for _ in range(cell.across):
                    if cell.down > 1:
                        waiting[len(line)] = (cell.down - 1, cell.text)
                    line.append(cell.text)
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


def tables_of(text: str) -> dict[str, _Table]:
    """Return the tables of a page that hold rows, each under a name of its own: caption, id, or number."""
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    found: dict[str, _Table] = {}
    for number, element in enumerate(() if root is None else root.iter("table"), start=1):
        table = _table(element)
        caption = element.find("caption")
        name = (_text(caption) if caption is not None else element.get("id", ""))[:_LONGEST_NAME]
        if not name or name in found:
            name = f"{name} ({number})" if name else f"table {number}"
        if table.rows:
            found[name] = table
    return found


def _table(element: Any) -> _Table:
    """Return the rows of a table; a table inside one of its cells is a table of its own."""
    table = _Table()
    waiting = list(reversed(element))
    while waiting:
        part = waiting.pop()
        if part.tag == "tr":
            cells = [_cell(cell) for cell in part.iterchildren("td", "th")]
            if cells:
                table.rows.append(cells)
                table.top += part.getparent().tag == "thead"
        elif part.tag in _AROUND:
            waiting.extend(reversed(part))
    return table


def _cell(cell: Any) -> _Cell:
    across, down = cell.get("colspan"), cell.get("rowspan")
    return _Cell(_text(cell), cell.tag == "th", _span(across), _span(down))


def _text(element: Any) -> str:
    """Return what a reader of the page sees in an element, with single blanks."""
    if not len(element):
        return " ".join((element.text or "").split())
    pieces = [element.text or ""]
    for part in element.iterdescendants():
        if part.tag in _BREAKS:
            pieces.append(" ")
        if part.tag not in _SILENT and part.text:
            pieces.append(part.text)
        if part.tail:
            pieces.append(part.tail)
    return " ".join("".join(pieces).split())


def _span(written: str | None) -> int:
    if written is None:
        return 1
    written = written.strip()
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
