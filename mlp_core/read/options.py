"""What a person may decide about a text file; whatever is left open is found in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """Decisions about a text file; ``None`` means that it is found in the file.

    Attributes
    ----------
    encoding : str, optional
        One of ``ENCODINGS``.
    separator : str, optional
        One character, or ``"whitespace"`` for runs of spaces and tabs.
    decimal : str, optional
        ``"."`` or ``","``.
    header : bool, optional
        Whether the first line names the columns.
    missing : tuple of str, optional
        Texts to read as missing, instead of the usual ones; the empty cell always is.
    names : tuple of str, optional
        What the columns are called, in order, where no line of the file names them.
    """

    encoding: str | None = None
    separator: str | None = None
    decimal: str | None = None
    header: bool | None = None
    missing: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None and self.encoding not in ENCODINGS:
            raise InvalidParameter(
                Text("{value} is not an encoding that can be chosen.", value=written(self.encoding)),
                hint=Text("Choose one of: {choices:list}.", choices=ENCODINGS),
            )
        separator = self.separator
        if (
            separator is not None
            and separator != WHITESPACE
            and (not isinstance(separator, str) or len(separator) != 1 or separator in '"\r\n\0')
        ):
            raise InvalidParameter(
                Text(
                    "A separator is one character, not {value}.",
                    value=written(separator) if not isinstance(separator, str) else repr(separator),
                ),
                hint=Text("Choose one of: {choices:list}.", choices=list(SEPARATORS.values())),
            )
        if self.decimal not in (None, ".", ","):
            raise InvalidParameter(
                Text("The decimal mark is a point or a comma, not {value}.", value=written(self.decimal))
            )
        if not isinstance(self.header, (bool, type(None))):
            raise InvalidParameter(Text("{label} is either on or off.", label=Text("The line of names")))

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
        known = {key: data.get(key) for key in ("encoding", "separator", "decimal", "header")}
        return cls(
            **known,
            missing=_texts(Text("The list of texts that mean missing"), data.get("missing")),
            names=_texts(Text("The list of column names"), data.get("names")),
        )


def _texts(label: Text, given: Any) -> tuple[str, ...] | None:
    if given is None:
        return None
    if not isinstance(given, (list, tuple)) or not all(isinstance(text, str) for text in given):
        raise _refused(label, given)
    return tuple(given)


def _refused(label: Text, given: object) -> InvalidParameter:
    return InvalidParameter(Text("{label} cannot be {value}.", label=label, value=written(given)))
