"""XML: the records of a document, or the sheet of an Excel workbook of 2003."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final
from xml.etree.ElementTree import Element, TreeBuilder

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, NotATable, TooLarge
from mlp_core.read.cells import SETTLED, written
from mlp_core.read.encoding import is_wide
from mlp_core.read.formats.format import AGAIN, FORMATS, Format, Loaded, Request, check_growth, chosen
from mlp_core.read.limits import check_size
from mlp_core.text import Text

_HEAD: Final = 1 << 12
_OPENS: Final = re.compile(rb"\s*<(\?xml\b|!--|!DOCTYPE\s|[A-Za-z_][\w:.-]*(\s+[\w:.-]+\s*=\s*[\"']|\s*/?>))")
_TEXT_BEHIND: Final = re.compile(rb"\s*<([A-Za-z][\w.-]*)\b[^<>]*>[^<]*</\1\s*>[ \t]*[^<\s]")
_CHUNK: Final = 1 << 20
_FAR_LARGER: Final = 20
_MOST_PARTS: Final = 50
_SHEETS: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_WIDEST: Final = 16_384
_RECORDS: Final = {**SETTLED, "header": True, "header_rows": 1, "skipped": 0, "footer": 0, "block": 1}
_SEPARATOR: Final = "}"


@FORMATS.add
class Xml(Format):
    """An XML document; the element that repeats gives the rows."""

    id: ClassVar[str] = "xml"
    label: ClassVar[Text] = Text("XML")
    small: ClassVar[int] = 1 << 16
    unsure: ClassVar[int] = 2

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content opens as XML does."""
        head = data[:_HEAD]
        if is_wide(head):
            head = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
        head = head.removeprefix(b"\xef\xbb\xbf")
        if not _OPENS.match(head) or _TEXT_BEHIND.match(head):
            return False
        return b"</" in data or b"/>" in data or head.lstrip()[:2] == b"<?"

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read the records; entities are refused, and nothing outside the file is opened."""
        data = request.path.read_bytes()
        root = tree(data, request.settings)
        if root.tag == f"{_SHEETS}{_SEPARATOR}Workbook":
            return _sheet(root, request)
        if _local(root.tag) == "document" and "opendocument" in root.tag:
            raise NotATable(
                Text("The file is an office document in one XML file."),
                hint=Text("Save it as .ods or .xlsx, and load that file."),
            )
        groups = dict(_groups(root))
        if not groups:
            raise NotATable(
                Text("The file is an XML document in which nothing repeats as the rows of a table do."),
                hint=Text("Export the records as CSV, and load that file."),
            )
        best = _best(groups)
        why = Text("It is the element that repeats as rows do.")
        choice = chosen(list(groups)[:_MOST_PARTS], request.options, best, why)
        rows = records(groups[choice.part], len(data), request.settings)
        return Loaded(choice=choice, text=written(rows), settled=_RECORDS)


def tree(data: bytes, settings: Settings) -> Element:
    """Return the root of a document that declares no entities.

    Raises
    ------
    DamagedFile
        It is cut off or malformed, or it declares entities.
    TooLarge
        It is nested more deeply than is allowed.
    """
    from xml.parsers import expat

    parser, builder = expat.ParserCreate(namespace_separator=_SEPARATOR), TreeBuilder()
    depth = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > settings.max_nesting:
            raise TooLarge(
                Text("The file is nested more deeply than this server reads."),
                hint=Text("Export the records alone, without what surrounds them."),
            )
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_: Any) -> None:
        raise DamagedFile(
            Text("The XML file declares entities, which can make a small file endless."),
            hint=Text("Export it without a document type, or as CSV."),
        )

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    try:
        for place in range(0, len(data), _CHUNK):
            parser.Parse(data[place : place + _CHUNK], False)
        parser.Parse(b"", True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError):
        raise DamagedFile(
            Text(
                "The XML of the file is malformed or cut off at line {line:n}.",
                line=parser.ErrorLineNumber,
            ),
            hint=AGAIN,
        ) from None


def records(elements: list[Element], size: int, settings: Settings) -> list[list[str]]:
    """Return elements as rows of text under a row of names: attributes, then children, one level deep."""
    places: dict[tuple[str, str], int] = {}
    rows: list[dict[int, str]] = []
    for element in elements:
        row: dict[int, str] = {}
        for key, text in _fields(element):
            place = places.setdefault(key, len(places))
            row[place] = f"{row[place]}; {text}" if row.get(place) else text
        rows.append(row)
        if len(places) > settings.max_columns:
            check_size(len(rows), len(places), settings)
    check_size(len(rows), len(places), settings)
    check_growth(len(rows) * len(places), size, settings)
    width = range(len(places))
    return [[name for _, name in places], *([row.get(place, "") for place in width] for row in rows)]


def _fields(element: Element) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what a record holds: where it stands and what it is called, and its text."""
    for name, value in element.attrib.items():
        yield ("@", _local(name)), value
    own = (element.text or "").strip()
    if own and len(element):
        yield ("#", "text"), own
    elif not len(element) and (own or not element.attrib):
        yield ("#", _local(element.tag)), own
    for child in element:
        name = _local(child.tag)
        if len(child):
            for inner in child:
                held = (
                    json.dumps(_plain(inner), ensure_ascii=False)
                    if len(inner)
                    else (inner.text or "").strip()
                )
                yield ("", f"{name}.{_local(inner.tag)}"), held
        elif not _is_nil(child):
            yield ("", name), (child.text or "").strip()
        for attribute, value in child.attrib.items():
            if _local(attribute) != "nil":
                yield ("", f"{name}.{_local(attribute)}"), value


def _plain(element: Element) -> Any:
    if not len(element):
        return (element.text or "").strip()
    return [{_local(child.tag): _plain(child)} for child in element]


def _is_nil(element: Element) -> bool:
    return any(_local(name) == "nil" and value in ("true", "1") for name, value in element.attrib.items())


def _groups(root: Element) -> Iterator[tuple[str, list[Element]]]:
    """Yield the elements of one path that stand beside others of their name, the uppermost paths first."""
    level: dict[str, list[Element]] = {_local(root.tag): [root]}
    single: tuple[str, list[Element]] | None = None
    met = False
    while level:
        below: dict[str, list[Element]] = {}
        for path, elements in level.items():
            for element in elements:
                for child in element:
                    below.setdefault(f"{path}/{_local(child.tag)}", []).append(child)
        for path, elements in below.items():
            parents = len(level[path.rpartition("/")[0]])
            if len(elements) > max(1, parents):
                met = True
                yield path, elements
            elif single is None and any(len(element) or element.attrib for element in elements):
                single = path, elements
        level = below
    if not met and single is not None:
        yield single


def _best(groups: dict[str, list[Element]]) -> str:
    """Return the path of the records: the uppermost, unless one below it holds far more."""
    scores = {path: len(elements) * _leaves(elements) for path, elements in groups.items()}
    first = min(path.count("/") for path in groups)
    upper = {path: score for path, score in scores.items() if path.count("/") == first}
    best = max(upper, key=lambda path: upper[path])
    most = max(scores, key=lambda path: scores[path])
    return most if scores[most] > _FAR_LARGER * max(1, scores[best]) else best


def _leaves(elements: list[Element]) -> int:
    """Return how many different fields the first elements hold."""
    first = elements[:20]
    names = {_local(child.tag) for element in first for child in element if not len(child)}
    return len(names | {f"@{name}" for element in first for name in element.attrib}) or 1


def _local(tag: str) -> str:
    return tag.rpartition(_SEPARATOR)[2]


def _sheet(root: Element, request: Request) -> Loaded:
    """Return a sheet of a workbook in the XML of Excel 2003."""
    sheets: dict[str, list[list[str]]] = {}
    for number, element in enumerate(root.iter(f"{_SHEETS}{_SEPARATOR}Worksheet"), start=1):
        name = element.get(f"{_SHEETS}{_SEPARATOR}Name") or f"sheet {number}"
        sheets[name] = _rows(element, request.settings)
    kept = [name for name, rows in sheets.items() if rows]
    if not kept:
        raise NotATable(
            Text("The file is {what} without a table in it.", what=Text("a workbook")),
            hint=Text("Check that the data were saved in it, and load it again."),
        )
    choice = chosen(list(sheets), request.options, kept[0], Text("It is the first sheet that holds a table."))
    return Loaded(choice=choice, text=written(sheets[choice.part]), settled=SETTLED)


def _rows(sheet: Element, settings: Settings) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in sheet.iter(f"{_SHEETS}{_SEPARATOR}Row"):
        line: list[str] = []
        for cell in row.iter(f"{_SHEETS}{_SEPARATOR}Cell"):
            place = cell.get(f"{_SHEETS}{_SEPARATOR}Index", "")
            if place.isdecimal() and len(line) < int(place[:6]) <= _WIDEST:
                line += [""] * (int(place[:6]) - 1 - len(line))
            line.append(_value(cell))
        rows.append(line)
        check_size(len(rows), len(line), settings)
    width = max((len(line) for line in rows), default=0)
    check_size(len(rows), width, settings)
    return [line + [""] * (width - len(line)) for line in rows] if width else []


def _value(cell: Element) -> str:
    data = cell.find(f"{_SHEETS}{_SEPARATOR}Data")
    if data is None:
        return ""
    kind, text = data.get(f"{_SHEETS}{_SEPARATOR}Type"), "".join(data.itertext())
    if kind == "Error":
        return ""
    if kind == "Boolean":
        return "true" if text.strip() == "1" else "false"
    return text.removesuffix(".000").replace("T00:00:00", "") if kind == "DateTime" else text
