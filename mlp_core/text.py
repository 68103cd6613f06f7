"""Sentences people read: a template and its values, rendered in a visitor's language at the edge.

English templates are their own key; other languages are JSON catalogues under ``locales/<language>/``,
one file per room of the core. A template may say how a value is written::

    Text("{rows:n} {rows|row|rows} of {name}", rows=1309, name="titanic")

``{x:n}`` is a number in the visitor's notation, ``{x:pct}`` a share (0-1) as a percentage, ``{x:list}``
names joined by commas, and ``{x|one|many}`` the word that agrees with the count ``x``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "fr")
LOCALES: Final = Path(__file__).parent / "locales"

_SLOT = re.compile(r"\{(\w+)(?::(\w+)|\|([^|{}]*)\|([^|{}]*))?\}")
_NARROW_NO_BREAK_SPACE = "\u202f"
_HIDDEN_BLANKS = re.compile(r"^ +| {2,}| +$")


class Text:
    """A sentence and its values, still without a language.

    Parameters
    ----------
    template : str
        The English sentence, with ``{slots}``.
    **values : object
        What fills the slots: strings, numbers, sequences of names, or further ``Text``.

    Examples
    --------
    >>> str(Text("{n:n} {n|row|rows}", n=1309))
    '1,309 rows'
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, Any]

    def __init__(self, template: str, /, **values: Any) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Text is immutable: {name}")

    def render(self, language: str = "en") -> str:
        """Return the sentence in ``language``; English where the catalogue has none."""
        template = catalogue(language).get(self.template, self.template)
        return _SLOT.sub(lambda slot: _fill(slot, self.values, language), template)

    def to_json(self) -> dict[str, Any]:
        """Return the sentence as plain JSON, to cross a process or a file."""
        return {"template": self.template, "values": {k: _plain(v) for k, v in self.values.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Text:
        """Return the sentence that :meth:`to_json` wrote."""
        values = {str(name): _revived(value) for name, value in data["values"].items()}
        return cls(str(data["template"]), **values)

    def __str__(self) -> str:
        return self.render()

    def __repr__(self) -> str:
        return f"Text({self.template!r}, {dict(self.values)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.template)

    def __reduce__(self) -> tuple[Any, ...]:
        return Text.from_json, (self.to_json(),)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Mapping[str, str]:
    """Return every translated template of one language (empty for English)."""
    merged: dict[str, str] = {}
    for path in sorted((LOCALES / language).glob("*.json")):
        merged.update(json.loads(path.read_text(encoding="utf-8")))
    return merged


def slots(template: str) -> frozenset[str]:
    """Return the names of the slots of a template."""
    return frozenset(match.group(1) for match in _SLOT.finditer(template))


def visible(words: str) -> str:
    """Return words whose blanks can be seen where they would not be: at either end, and several in a row.

    Examples
    --------
    >>> visible("New  York ")
    'New␣␣York␣'
    """
    return _HIDDEN_BLANKS.sub(lambda found: "␣" * len(found[0]), words)


def number(value: float | Decimal, language: str = "en", digits: int | None = None) -> str:
    """Write a number as a reader of ``language`` expects it.

    Parameters
    ----------
    value : float or Decimal
        Any real number; not-a-number is written as a dash. A ``Decimal`` keeps the decimals it has.
    digits : int, optional
        Decimals to keep; by default four significant digits, and none for whole numbers.
    """
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        digits = max(0, -exponent) if digits is None and isinstance(exponent, int) else digits
        value = float(value)
    if value != value:
        return "–"
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "-∞"
    if digits is not None:
        written = f"{value:,.{digits}f}"
    elif float(value).is_integer() and abs(value) < 1e15:
        written = f"{int(value):,}"
    elif 1e-4 <= abs(value) < 1e15:
        written = f"{value:,.{max(0, 4 - len(str(int(abs(value)))))}f}" if abs(value) >= 1 else f"{value:.4g}"
    else:
        written = f"{value:.3e}"
    if language != "fr":
        return written
    return written.translate(str.maketrans(",.", f"{_NARROW_NO_BREAK_SPACE},"))


def megabytes(count: int, *, down: bool = False) -> Decimal:
    """Return a number of bytes in MB (1,048,576 bytes), with one decimal where there is one to write.

    Parameters
    ----------
    down : bool, default False
        Round down, as for room that is left; what something takes is never less than it is said to take.

    Examples
    --------
    >>> megabytes(2 << 20), megabytes((2 << 20) + 1), megabytes((2 << 20) - 1, down=True)
    (Decimal('2'), Decimal('2.1'), Decimal('1.9'))
    """
    tenths = (floor if down else ceil)(10 * max(0, count) / (1 << 20))
    return Decimal(tenths) / 10


def percent(share: float, language: str = "en") -> str:
    """Write a share (0-1) as a percentage with at most one decimal."""
    if share != share:
        return "–"
    digits = 0 if share in (0, 1) or round(float(share) * 100, 1).is_integer() else 1
    written = number(share * 100, language, digits)
    return f"{written}{_NARROW_NO_BREAK_SPACE}%" if language == "fr" else f"{written}%"


def _fill(slot: re.Match[str], values: Mapping[str, Any], language: str) -> str:
    name, style, one, many = slot.groups()
    value = values.get(name, slot.group(0))
    counted = isinstance(value, (int, float, Decimal))
    if one is not None and counted:
        singular = abs(value) < 2 if language == "fr" else value == 1
        return str(one if singular else many)
    if isinstance(value, Text):
        return value.render(language)
    if style == "n" and counted:
        return number(value, language)
    if style == "pct" and counted:
        return percent(value, language)
    if style == "list" and isinstance(value, Iterable):
        return _listed(value, language)
    return str(value)


def _listed(values: Iterable[object], language: str, most: int = 6) -> str:
    names = [v.render(language) if isinstance(v, Text) else str(v) for v in values]
    shown = ", ".join(names[:most])
    return f"{shown}… (+{len(names) - most})" if len(names) > most else shown


def _revived(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Text.from_json(value)
    return [_revived(part) for part in value] if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return value.to_json()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(v) for v in value]
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
