"""Workbooks: Excel of every age (.xlsx, .xlsm, .xlsb, .xls) and OpenDocument (.ods)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final

from mlp_core.errors import NotATable
from mlp_core.read.cells import SETTLED, grid, written
from mlp_core.read.directory import check_growth, first_bytes, member_names
from mlp_core.read.formats.foreign import LEGACY_OFFICE, password
from mlp_core.read.formats.format import EXPORT, FORMATS, Choice, Format, Loaded, Request, chosen, empty
from mlp_core.read.header import flattened
from mlp_core.read.limits import check_size
from mlp_core.text import Text

_LOOKING_SECONDS: Final = 4.0
_TINY_CELLS: Final = 200
_TIMES_LARGER: Final = 20
_TOP_ROWS: Final = 20
_MOST_MERGES: Final = 10_000
_PARTS: Final = ("xl/", "content.xml")

_NAMED: Final = MappingProxyType({"skipped": 0, "header": True, "header_rows": 1})

Rows = list[list[Any]]
Area = tuple[int, int, int, int]


@FORMATS.add
class Workbook(Format):
    """A workbook; one of its sheets is read."""

    id: ClassVar[str] = "workbook"
    label: ClassVar[Text] = Text("Excel or LibreOffice workbook")

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content is an archive or an old Office file that holds sheets."""
        if data.startswith(LEGACY_OFFICE):
            return any(
                name.encode("utf-16-le") in data for name in ("Workbook", "Book\0", "EncryptedPackage")
            )
        if not data.startswith(b"PK\x03\x04"):
            return False
        names = member_names(data)
        if any(name.replace("\\", "/").lower().startswith("xl/") for name in names):
            return True
        return "content.xml" in names and b"opendocument.spreadsheet" in first_bytes(data, "mimetype")

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read one sheet; merged cells are filled where they name columns or group rows."""
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError

        _check(request)
        try:
            with CalamineWorkbook.from_path(str(request.path)) as book:
                choice, sheet = _sheet(book, request)
                check_size(sheet.height, sheet.width, request.settings)
                merged, rows = _merged(sheet), sheet.to_python()
        except PasswordError:
            raise password(Text("The workbook")) from None
        except CalamineError as error:
            if "password" in str(error).lower() or "encrypt" in str(error).lower():
                raise password(Text("The workbook")) from None
            raise
        cells = grid(filled(rows, merged))
        open_ = all(getattr(request.options, name) is None for name in ("header", "header_rows", "skipped"))
        above, names = header_of(rows, merged) if open_ else (0, 0)
        if not names:
            return Loaded(choice=choice, text=written(cells), settled=SETTLED)
        named = [flattened(cells[above : above + names]), *cells[above + names :]]
        told = {"skipped": above, "header_rows": names}
        return Loaded(choice=choice, text=written(named), settled={**SETTLED, **_NAMED}, told=told)


def header_of(rows: Rows, merged: Sequence[Area]) -> tuple[int, int]:
    """Return how many rows stand above the names and how many hold them, if merged cells tell.

    Examples
    --------
    >>> header_of([["t", "Q1", ""], ["", "in", "out"], ["Lyon", 1, 2]], [(0, 1, 0, 2), (0, 0, 1, 0)])
    (0, 2)
    """
    width = len(rows[0]) if rows else 0
    groups = {top for top, left, bottom, right in merged if left < right < left + width - 1 and top == bottom}
    first = min(groups, default=_TOP_ROWS)
    last = first
    while last in groups:
        last += 1
    if first >= _TOP_ROWS or last >= len(rows) or any(_filled(row) * 2 > width for row in rows[:first]):
        return 0, 0
    named = all(isinstance(cell, str) for row in rows[first : last + 1] for cell in row)
    return (first, last - first + 1) if named else (0, 0)


def _filled(row: Sequence[Any]) -> int:
    return sum(1 for cell in row if cell != "")


def filled(rows: Rows, merged: Sequence[Area]) -> Rows:
    """Return rows with the value of merged cells in each of them.

    A title over the whole width stays where it is. A value over several columns is repeated only near the
    top, where it names them; one over several rows is repeated everywhere.

    Parameters
    ----------
    rows : list of rows
        Of one length.
    merged : sequence of (top, left, bottom, right)
        Counted from 0, both ends included.
    """
    width = len(rows[0]) if rows else 0
    done = [list(row) for row in rows]
    for top, left, bottom, right in merged[:_MOST_MERGES]:
        bottom, right = min(bottom, len(done) - 1), min(right, width - 1)
        if top > bottom or left > right or top < 0 or left < 0:
            continue
        if right - left + 1 == width and width > 1:
            continue
        last = right if top < _TOP_ROWS else left
        for row in done[top : bottom + 1]:
            row[left : last + 1] = [rows[top][left]] * (last - left + 1)
    return done


def _check(request: Request) -> None:
    """Refuse protected workbooks, and those that would grow past the limits, before they are opened."""
    data = request.path.read_bytes()
    if data.startswith(LEGACY_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise password(Text("The workbook"))
        return
    check_growth(data, request.settings, only=_PARTS)


def _sheet(book: Any, request: Request) -> tuple[Choice, Any]:
    """Return the chosen sheet; by default the first that holds a table."""
    kinds = [(sheet.name, str(sheet.typ), str(sheet.visible)) for sheet in book.sheets_metadata]
    names = [name for name, kind, _ in kinds if kind.endswith("WorkSheet")]
    if not names:
        raise empty(Text("a workbook"))
    if request.options.part is not None:
        choice = chosen(names, request.options, "")
        return choice, book.get_sheet_by_name(choice.part)
    shown = [name for name, kind, seen in kinds if name in names and seen.endswith(".Visible")]
    sheets: dict[str, Any] = {}
    end = time.monotonic() + _LOOKING_SECONDS
    for name in shown or names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height and sheet.width:
            sheets[name] = sheet
        if time.monotonic() > end and sheets:
            break
    if not sheets:
        raise empty(Text("a workbook"))
    best, why = _first_table(sheets)
    return chosen(names, request.options, best, why if len(names) > 1 else None), sheets[best]


def _first_table(sheets: dict[str, Any]) -> tuple[str, Text]:
    """Return the first sheet with a table: a cover sheet is small, and small beside the others."""
    cells = {name: sheet.height * sheet.width for name, sheet in sheets.items()}
    largest = max(cells.values())
    for name, count in cells.items():
        if count * _TIMES_LARGER >= largest or count > _TINY_CELLS:
            return name, Text("It is the first sheet that holds a table.")
    raise NotATable(Text("The workbook has no sheet with a table."), hint=EXPORT)


def _merged(sheet: Any) -> list[Area]:
    ranges, start = sheet.merged_cell_ranges or [], sheet.start or (0, 0)
    return [
        (top - start[0], left - start[1], bottom - start[0], right - start[1])
        for (top, left), (bottom, right) in ranges
    ]
