"""Sentences on pages: written in English, shown in the visitor's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from mlp_core import text
from mlp_core.text import Text
from pages._ui import state

# French sets blanks that do not break before its colons and inside its quotation marks; these stay.
_BLANKS: Final = re.compile(r"[^\S\u00a0\u202f]+")


def t(sentence: str | Text, /, **values: Any) -> str:
    """Return a sentence in the visitor's language, as it stands."""
    whole = sentence if isinstance(sentence, Text) else Text(sentence, **values)
    return whole.render(state.language())


def named(names: Mapping[Any, str | Text]) -> Callable[[Any], str]:
    """Return what gives each option of a widget its name, in the language of this run."""
    return {option: t(name) for option, name in names.items()}.__getitem__


def md(sentence: str | Text, /, **values: Any) -> str:
    """Return a sentence in the visitor's language, its names made harmless for Markdown."""
    return plain(t(sentence, **values))


def n(value: float | Decimal) -> str:
    """Return a number in the visitor's notation."""
    return text.number(value, state.language())


def pct(share: float) -> str:
    """Return a share (0-1) as a percentage in the visitor's notation."""
    return text.percent(share, state.language())


def plain(words: object) -> str:
    """Return what a person wrote so that Markdown, LaTeX and HTML in it are shown as text."""
    escaped = str(words).replace("\\", "\\\\")
    for mark in "`*_{}[]<>()#+-.!|~$:^=":
        escaped = escaped.replace(mark, "\\" + mark)
    return _BLANKS.sub(" ", escaped).strip()


def decimal(value: float, digits: int = 2) -> str:
    """Return a number with a fixed count of decimals, in the visitor's notation."""
    return text.number(value, state.language(), digits)


def brief(value: float | None) -> str:
    """Return a whole number as it is, another with four digits that count; nothing where there is none."""
    if value is None:
        return ""
    if float(value).is_integer() or not 1e-4 <= abs(value) < 1e15:
        return n(value)
    return n(Decimal(f"{value:.4g}") if abs(value) < 1e4 else round(value))


def day(moment: str) -> str:
    """Return a moment in ISO 8601, without a time that says nothing."""
    date, _, time = moment.partition("T")
    return date if time in ("", "00:00:00") else f"{date} {time[:5]}"


def span(seconds: float | None) -> str:
    """Return a duration in the unit that suits it."""
    if seconds is None:
        return ""
    length = abs(seconds)
    if length < 120:
        return t("{count:n} s", count=Decimal(f"{seconds:.3g}"))
    if length < 7_200:
        return t("{count:n} min", count=Decimal(f"{seconds / 60:.3g}"))
    if length < 172_800:
        return t("{count:n} h", count=Decimal(f"{seconds / 3_600:.3g}"))
    return t("{count:n} {count|day|days}", count=float(f"{seconds / 86_400:.3g}"))
