"""JSON: records, columns, lines, and tables wrapped in something else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, NotATable, TooLarge
from mlp_core.read.encoding import is_wide, to_utf8
from mlp_core.read.formats.format import AGAIN, FORMATS, Choice, Format, Loaded, Request, check_growth, chosen
from mlp_core.read.limits import check_size
from mlp_core.read.values import column_of
from mlp_core.table import Misfit
from mlp_core.text import Text

_HEAD: Final = 1 << 16
_OPENS: Final = re.compile(r'\s*(\{\s*["}]|\[\s*(["\[{\]\d-]|true\b|false\b|null\b|NaN\b|-?Infinity\b))')
_LINE_OF_TEXT: Final = re.compile(r"[^\n]{0,400}[\]}]\s*[,;\t|]\s*[^\s\[{\"\d-]")
_DEEPEST_WRAPPER: Final = 2


@FORMATS.add
class Json(Format):
    """Records, columns or lines of JSON; nested objects become columns of their own, one level deep."""

    id: ClassVar[str] = "json"
    label: ClassVar[Text] = Text("JSON")
    small: ClassVar[int] = 1 << 18
    unsure: ClassVar[int] = 1

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether the content opens as JSON does, and is no line of text that happens to begin so."""
        head = data[:_HEAD]
        if is_wide(head) or head[:1] in b"\xef\xfe\xff":
            try:
                head = to_utf8(head[: len(head) // 4 * 4]).data
            except DamagedFile:
                return False
        text = head.decode("utf-8", errors="replace")
        return bool(_OPENS.match(text)) and not _LINE_OF_TEXT.match(text)

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read the document and find the records in it."""
        raw = request.path.read_bytes()
        decoded = to_utf8(raw, request.options.encoding)
        documents, misfits = parsed(decoded.data.decode("utf-8"))
        try:
            records, choice = found(documents, request)
            columns = flattened(records, request.settings)
            arrays = columns.arrays(request.settings, len(raw))
        except RecursionError:
            raise _too_deep() from None
        import pyarrow as pa

        names = tuple(columns.values)
        table = pa.Table.from_arrays(arrays, names=[str(position) for position in range(len(names))])
        every = tuple(range(len(names)))
        return Loaded(
            table=table,
            names=names,
            choice=choice,
            loose=every,
            notes=(*decoded.notes, *_broken(misfits)),
            misfits=tuple(misfits),
        )


def parsed(text: str) -> tuple[list[Any], list[Misfit]]:
    """Return the documents of a text, and the lines among JSON lines that are none.

    One document may be the whole text, or one stand on each line. Of the latter, a broken line is told and
    left out where most lines are whole.

    Raises
    ------
    DamagedFile
        The text breaks off or is malformed; the sentence names the line.
    TooLarge
        It is nested too deeply.
    """
    documents: list[Any] = []
    misfits: list[Misfit] = []
    decoder, place, before = json.JSONDecoder(strict=False), 0, 0
    while (place := _skipped(text, place)) < len(text):
        try:
            document, place = decoder.raw_decode(text, place)
        except RecursionError:
            raise _too_deep() from None
        except json.JSONDecodeError as error:
            end = text.find("\n", place) + 1 or len(text)
            if "\n" in text[before:place] and len(documents) > _LINES and 10 * len(misfits) < len(documents):
                line = text[place:end].rstrip()
                shown = line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
                left_out = Text("It is no whole JSON and was left out.")
                misfits.append(Misfit(line=text.count("\n", 0, place) + 1, content=shown, done=left_out))
                before = place = end
                continue
            raise DamagedFile(
                Text(
                    "The JSON of the file is malformed or cut off at line {line:n}, character {place:n}.",
                    line=error.lineno,
                    place=error.colno,
                ),
                hint=AGAIN,
            ) from None
        except ValueError:
            # Python refuses to convert endless digits; such numbers are kept as they are written.
            decoder = json.JSONDecoder(strict=False, parse_int=_whole)
            continue
        documents.append(document)
        before = place
    return documents, misfits


def _broken(misfits: Sequence[Misfit]) -> tuple[Text, ...]:
    if not misfits:
        return ()
    first = misfits[0].line
    return (
        Text(
            "{n:n} {n|line is|lines are} no whole JSON (first on line {line:n}) and {n|was|were} left out.",
            n=len(misfits),
            line=first,
        ),
    )


def _skipped(text: str, place: int) -> int:
    return _BLANKS.match(text, place).end()  # type: ignore[union-attr]


_LINES: Final = 1
"""With more documents than this, each stands on a line of its own."""

_SHOWN: Final = 200
_BLANKS: Final = re.compile(r"[\s\x1e]*")


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < 100 else digits


def _too_deep() -> TooLarge:
    return TooLarge(
        Text("The file is nested more deeply than this server reads."),
        hint=Text("Export the records alone, without what surrounds them."),
    )


def found(documents: Sequence[Any], request: Request) -> tuple[list[Any], Choice]:
    """Return the records of the documents, and where in them they stand."""
    if len(documents) != 1:
        return list(documents), Choice()
    (document,) = documents
    if isinstance(document, list):
        return document, Choice()
    if not isinstance(document, dict):
        raise NotATable(
            Text("The file is a JSON document that holds one value and no table."),
            hint=Text("Export the records as JSON or CSV, and load that file."),
        )
    if isinstance(document.get("columns"), list) and isinstance(document.get("data"), list):
        return _split(document["columns"], document["data"]), Choice()
    lists = dict(_wrapped(document, ""))
    if lists:
        largest = max(lists, key=lambda path: (-path.count("."), len(lists[path])))
        why = Text("It has the most records of {n:n} {n|list|lists}.", n=len(lists))
        choice = chosen(list(lists), request.options, largest, why)
        return lists[choice.part], choice
    return _by_columns(document), Choice()


def _wrapped(document: Mapping[str, Any], path: str) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of objects in an object, with the path that leads to each."""
    for key, value in document.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value[:100]):
            yield path + key, value
        elif isinstance(value, dict) and path.count(".") + 1 < _DEEPEST_WRAPPER:
            yield from _wrapped(value, f"{path}{key}.")


def _split(names: list[Any], rows: list[Any]) -> list[Any]:
    """Return the records of a table whose names and rows stand apart, as pandas and BigQuery write them."""
    if not all(isinstance(row, list) for row in rows):
        return rows
    labels = [name if isinstance(name, str) else json.dumps(name) for name in names]
    return [dict(zip(labels, row, strict=False)) for row in rows] or [dict.fromkeys(labels)][:0]


def _by_columns(document: Mapping[str, Any]) -> list[Any]:
    """Return the records of an object of columns, of an object of records, or of one record."""
    values = list(document.values())
    if values and all(isinstance(value, list) for value in values):
        lengths = {len(value) for value in values}
        if len(lengths) == 1:
            return [dict(zip(document, row, strict=True)) for row in zip(*values, strict=True)]
        return [document]
    if not values or not all(isinstance(value, dict) for value in values) or len(values) < 2:
        single = values[0] if len(values) == 1 else None
        if isinstance(single, dict) and _counts(single):
            return [{next(iter(document)): value} for value in single.values()]
        return [document]
    inner = dict.fromkeys(key for value in values for key in value)
    if _counts(inner) or (_uniform(values) and len(inner) > len(values)):
        return [{name: column.get(key) for name, column in document.items()} for key in inner]
    return [{"key": key, **value} for key, value in document.items()]


def _counts(keys: Mapping[str, Any]) -> bool:
    """Whether keys are row numbers."""
    return bool(keys) and all(key.isdecimal() for key in keys)


def _uniform(values: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each of several objects holds values of one kind, as the cells of a column are."""
    return all(len({type(item) for item in value.values()} - {type(None)}) <= 1 for value in values)


@dataclass
class Columns:
    """Values by the name of their column; a column may begin late and end early."""

    values: dict[str, list[Any]] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    rows: int = 0

    def put(self, name: str, value: Any) -> None:
        """Put a value into the present row."""
        column = self.values.get(name)
        if column is None:
            column = self.values[name] = []
            self.starts[name] = self.rows
        gap = self.rows - self.starts[name] - len(column)
        if gap > 0:
            column.extend([None] * gap)
        if gap >= 0:
            column.append(value)
        else:
            column[-1] = value

    def arrays(self, settings: Settings, size: int) -> list[Any]:
        """Return the columns as Arrow arrays of one length."""
        import pyarrow as pa

        check_size(self.rows, len(self.values), settings)
        check_growth(self.rows * len(self.values), size, settings)
        done = []
        for name, values in self.values.items():
            core = column_of(values)
            before = self.starts[name]
            after = self.rows - before - len(values)
            parts = [pa.nulls(before, core.type), core, pa.nulls(after, core.type)]
            done.append(pa.concat_arrays([part for part in parts if len(part)] or [core]))
        return done


def flattened(records: Sequence[Any], settings: Settings) -> Columns:
    """Return records as columns; an object in a record gives columns of its own, deeper ones stay JSON.

    Raises
    ------
    NotATable
        There are no records, or nothing is in them.
    TooLarge
        There are too many, or they are nested too deeply.
    """
    columns = Columns()
    names = _names(records)
    for record in records[1:] if names else records:
        if isinstance(record, dict):
            for key, value in record.items():
                _put(columns, str(key), value, settings)
        elif isinstance(record, list):
            for position, value in enumerate(record):
                named = names[position] if position < len(names) else f"column_{position + 1}"
                columns.put(named, _kept(value, settings))
        else:
            columns.put("value", record)
        if len(columns.values) > settings.max_columns:
            check_size(columns.rows, len(columns.values), settings)
        columns.rows += 1
    if not columns.values:
        raise NotATable(
            Text("The file is a JSON document without records."),
            hint=Text("Export the records as JSON or CSV, and load that file."),
        )
    return columns


def _put(columns: Columns, key: str, value: Any, settings: Settings) -> None:
    if isinstance(value, dict) and value:
        for inner, part in value.items():
            columns.put(f"{key}.{inner}", _kept(part, settings))
    else:
        columns.put(key, _kept(value, settings))


def _kept(value: Any, settings: Settings) -> Any:
    """Return a value once it is known not to be nested too deeply."""
    level, depth = [value], 0
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        if depth > settings.max_nesting:
            raise _too_deep()
        level = [item for held in level for item in (held.values() if isinstance(held, dict) else held)]
    return value


def _names(records: Sequence[Any]) -> list[str]:
    """Return the first of several lists where it names the columns: all text, unlike a list below it."""
    if len(records) < 2 or not all(isinstance(record, list) for record in records[:100]):
        return []
    first = records[0]
    named = bool(first) and all(isinstance(name, str) and name for name in first)
    other = any(not isinstance(value, str) for record in records[1:100] for value in record)
    return first if named and other and len(set(first)) == len(first) else []
