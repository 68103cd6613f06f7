"""What a person may decide about a text file; whatever is left open is found in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from types import MappingProxyType
from typing import Any, Final

from mlp_core.errors import InvalidParameter
from mlp_core.params import written
from mlp_core.text import Text

WHITESPACE: Final = "whitespace"
"""The separator of columns set apart by runs of spaces and tabs."""

SEPARATORS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        ",": Text("Comma (,)"),
        ";": Text("Semicolon (;)"),
        "\t": Text("Tab"),
        "|": Text("Bar (|)"),
        WHITESPACE: Text("Runs of spaces"),
    }
)
"""Separators a form may offer; any other single character is taken too."""

LONGEST_SEPARATOR: Final = 8
_MOST_LINES: Final = 1_000_000
_LONGEST_PART: Final = 1_000

QUOTES: Final = ("", '"', "'", "`")
"""Characters that may stand around a cell; the first is none."""

ESCAPES: Final = ("", "\\")
"""Characters that may stand before one that means itself; the first is none."""

THOUSANDS: Final = ("", ".", ",", "'", " ")
"""Marks between thousands; the first is none."""

# A closed list, because some of Python's codecs (punycode, zlib, unicode_escape) turn a small hostile file
# into minutes of work or into text that cannot be stored.
ENCODINGS: Final = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "cp1252",
    "iso-8859-1",
    "iso-8859-15",
    "mac_roman",
    "cp850",
    "cp437",
    "cp1250",
    "iso-8859-2",
    "cp1251",
    "koi8-r",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_jp",
    "euc_kr",
    "ascii",
)
"""Encodings a form may offer."""


_CLOSED: Final = (
    ("quote", Text("The quotation mark"), QUOTES),
    ("escape", Text("The escape character"), ESCAPES),
    ("decimal", Text("The decimal mark"), (".", ",")),
    ("thousands", Text("The mark between thousands"), THOUSANDS),
)
_SWITCHES: Final = (("header", Text("The line of names")), ("day_first", Text("The day before the month")))
_COUNTS: Final = (
    ("header_rows", Text("The number of lines of names"), 0),
    ("skipped", Text("The number of lines before the table"), 0),
    ("footer", Text("The number of lines after the table"), 0),
    ("block", Text("The number of the table"), 1),
)
_LISTS: Final = (
    ("missing", Text("The list of texts that mean missing")),
    ("names", Text("The list of column names")),
)
_WORDS: Final = (
    ("comment", Text("The beginning of a comment"), LONGEST_SEPARATOR),
    ("part", Text("The part of the file"), _LONGEST_PART),
)


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """Decisions about a text file; ``None`` means that it is found in the file.

    Attributes
    ----------
    encoding : str, optional
        One of ``ENCODINGS``.
    separator : str, optional
        Up to eight characters, or ``"whitespace"`` for runs of spaces and tabs.
    quote : str, optional
        The character around a cell that holds a separator; empty for none.
    escape : str, optional
        The character before one that means itself; empty for none.
    comment : str, optional
        What a line that is no part of the table begins with; empty for nothing.
    decimal : str, optional
        ``"."`` or ``","``.
    thousands : str, optional
        The mark between thousands: ``"."``, ``","``, ``"'"`` or ``" "`` (any blank); empty for none.
    day_first : bool, optional
        Whether a date such as 03/02/2023 begins with its day.
    header : bool, optional
        Whether the first line of the table names the columns.
    header_rows : int, optional
        How many lines name the columns together.
    skipped, footer : int, optional
        Lines before and after the table that are no part of it.
    block : int, optional
        Which of the tables in one text to read, counted from 1.
    part : str, optional
        The sheet, member or table to read from a file that holds several.
    missing : tuple of str, optional
        Texts to read as missing, instead of the usual ones; the empty cell always is.
    names : tuple of str, optional
        What the columns are called, in order, where no line of the file names them.
    """

    encoding: str | None = None
    separator: str | None = None
    quote: str | None = None
    escape: str | None = None
    comment: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    day_first: bool | None = None
    header: bool | None = None
    header_rows: int | None = None
    skipped: int | None = None
    footer: int | None = None
    block: int | None = None
    part: str | None = None
    missing: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None and self.encoding not in ENCODINGS:
            raise InvalidParameter(
                Text("{value} is not an encoding that can be chosen.", value=written(self.encoding)),
                hint=Text("Choose one of: {choices:list}.", choices=ENCODINGS),
            )
        if self.separator is not None and not _is_separator(self.separator):
            raise InvalidParameter(
                Text(
                    "A separator has one to {most:n} characters and no line break; {value} cannot be one.",
                    most=LONGEST_SEPARATOR,
                    value=written(self.separator),
                ),
                hint=Text("Choose one of: {choices:list}.", choices=list(SEPARATORS.values())),
            )
        for name, label, choices in _CLOSED:
            given = getattr(self, name)
            if given is not None and (not isinstance(given, str) or given not in choices):
                raise _refused(label, given)
        for name, label in _SWITCHES:
            if not isinstance(getattr(self, name), (bool, type(None))):
                raise InvalidParameter(Text("{label} is either on or off.", label=label))
        for name, label, least in _COUNTS:
            given = getattr(self, name)
            if given is not None and (type(given) is not int or not least <= given <= _MOST_LINES):
                raise _refused(label, given)
        for name, label, longest in _WORDS:
            given = getattr(self, name)
            if given is not None and (not isinstance(given, str) or len(given) > longest):
                raise _refused(label, given)
        for name, label in _LISTS:
            # A lone word would be taken for a list of its letters.
            object.__setattr__(self, name, _texts(label, getattr(self, name)))

    def to_json(self) -> dict[str, Any]:
        """Return the decisions as plain JSON."""
        data = asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ReadOptions:
        """Return the options that :meth:`to_json` wrote.

        Raises
        ------
        InvalidParameter
            A value is not one that its field allows.
        """
        if not isinstance(data, Mapping):
            raise _refused(Text("Options"), data)
        return cls(**{one.name: data.get(one.name) for one in fields(cls)})


def _is_separator(given: object) -> bool:
    if given == WHITESPACE:
        return True
    return isinstance(given, str) and 1 <= len(given) <= LONGEST_SEPARATOR and not set(given) & set('"\r\n\0')


def _texts(label: Text, given: Any) -> tuple[str, ...] | None:
    if given is None:
        return None
    if not isinstance(given, (list, tuple)) or not all(isinstance(text, str) for text in given):
        raise _refused(label, given)
    return tuple(given)


def _refused(label: Text, given: object) -> InvalidParameter:
    return InvalidParameter(Text("{label} cannot be {value}.", label=label, value=written(given)))
