"""Write HTML in one language: every text that comes from a table is escaped here and nowhere else."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mlp_core.text import Text, number, percent

LONGEST: Final = 120
"""Characters of a name or value that are shown."""

LONGEST_SENTENCE: Final = 1500

_LONG_WORD: Final = re.compile(rf"\S{{{LONGEST + 1},}}")

# Control characters, halves of pairs, and marks that turn the direction of all that follows.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True)
class Writer:
    """Writes sentences, names and numbers as HTML in ``language``.

    Examples
    --------
    >>> Writer("en").name("<b>")
    '<bdi>&lt;b&gt;</bdi>'
    """

    language: str

    def say(self, sentence: Text) -> str:
        """Return a sentence, its longest words and itself shortened."""
        written = _LONG_WORD.sub(lambda word: f"{word[0][: LONGEST - 1]}…", sentence.render(self.language))
        return escaped(written if len(written) <= LONGEST_SENTENCE else f"{written[:LONGEST_SENTENCE]}…")

    def name(self, value: object, longest: int = LONGEST) -> str:
        """Return the name of a column or a value of a cell, shortened, apart from the text around it."""
        written = str(value)
        shown = written if len(written) <= longest else f"{written[: longest - 1]}…"
        return f"<bdi>{escaped(shown)}</bdi>"

    def number(self, value: float, digits: int | None = None) -> str:
        """Return a number in the notation of the language."""
        return escaped(number(value, self.language, digits))

    def figure(self, value: float) -> str:
        """Return a number as plain text, with four significant digits and no zeros at its end."""
        if value.is_integer() or not 1e-4 <= abs(value) < 1e6:
            return number(value, self.language)
        short = f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}"
        return number(float(short), self.language, len(short.partition(".")[2]))

    def percent(self, share: float) -> str:
        """Return a share (0-1) as a percentage."""
        if 0 < share < 0.0005:
            return f"&lt;{self._narrow}{escaped(percent(0.001, self.language))}"
        return escaped(percent(share, self.language))

    def count(self, count: int, of: int) -> str:
        """Return a count and its share of the whole."""
        return f"{self.number(count)} <small>({self.percent(count / of if of else 0.0)})</small>"

    @property
    def _narrow(self) -> str:
        return "\u202f" if self.language == "fr" else ""


def escaped(text: str) -> str:
    """Return a text that HTML shows as it stands, without what no document may hold."""
    return html.escape(_UNSAFE.sub("\ufffd", text), quote=True)


def tag(name: str, *content: str, **attributes: str | None) -> str:
    """Return an element; the content must be HTML already, attribute values need not be.

    Examples
    --------
    >>> tag("p", "one", class_="lead")
    '<p class="lead">one</p>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(content)}</{name}>"


def section(title: str, *content: str, lead: str = "") -> str:
    """Return a part of the page under a heading."""
    return tag("section", tag("h2", title), tag("p", lead, class_="lead") if lead else "", *content)


def listed(rows: Iterable[tuple[str, str]]) -> str:
    """Return labels and values as a list of facts."""
    return tag("dl", *(tag("dt", label) + tag("dd", value) for label, value in rows))


def ruled(heads: Iterable[str], rows: Iterable[Iterable[str]], *, kind: str = "plain") -> str:
    """Return a table; the first cell of each row is its heading."""
    body = [
        tag("tr", *(tag("td" if place else "th", cell) for place, cell in enumerate(row))) for row in rows
    ]
    head = tag("thead", tag("tr", *(tag("th", one) for one in heads)))
    return tag("div", tag("table", head, tag("tbody", *body), class_=kind), class_="scroll")
