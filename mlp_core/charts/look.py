"""How one reader sees a chart: language and theme, and names made safe for each surface.

Column names and values come from files and may hold anything. Plotly reads ``<b>`` and ``$x$`` as markup and
matplotlib reads ``$x$`` as mathematics; here a name is always shown as the text it is.
"""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mlp_core.charts.theme import Theme, theme_of
from mlp_core.text import Text
from mlp_core.text import number as _number
from mlp_core.text import percent as _percent

if TYPE_CHECKING:
    from collections.abc import Iterable

Label = str | Text
"""A name from the data, or a sentence of ours."""

LONGEST_TICK: Final = 22
LONGEST_AXIS: Final = 40
LONGEST_NAME: Final = 60
"""What a hover shows of a name, so that a figure stays small whatever the file holds."""

_MARKUP: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%": "&#37;"}
_NARROW_SPACE: Final = "\u202f"


@dataclass(frozen=True)
class Look:
    """The language and the colours in which a chart is drawn."""

    language: str
    theme: Theme

    @classmethod
    def of(cls, language: str, theme: str) -> Look:
        """Return the look with the theme of this name."""
        return cls(language, theme_of(theme))

    def say(self, label: Label) -> str:
        """Return a name or sentence as plain text in the reader's language."""
        return label.render(self.language) if isinstance(label, Text) else label

    def number(self, value: float) -> str:
        """Return a number in the reader's notation."""
        return _number(value, self.language)

    def decimal(self, value: float, digits: int = 2) -> str:
        """Return a number with a fixed count of decimals, with a true minus sign."""
        return _number(value, self.language, digits).replace("-", "−")

    def tick(self, value: float) -> str:
        """Return a number of an axis: no needless zeros, and years without a thousands mark."""
        # Ten digits hide the noise of binary fractions: 0.30000000000000004 is 0.3.
        plain = abs(value) < 10_000 or abs(value) >= 1e15
        written = f"{value:.10g}" if plain else _number(float(f"{value:.10g}"))
        french = written.translate(str.maketrans(",.", f"{_NARROW_SPACE},"))
        return (french if self.language == "fr" else written).replace("-", "−")

    def share(self, value: float) -> str:
        """Return a share (0-1) as a percentage."""
        return _percent(value, self.language)

    def percent_format(self) -> str:
        """Return what follows a number to make it a percentage in a d3 format."""
        return f"{_NARROW_SPACE}%" if self.language == "fr" else "%"

    def separators(self) -> str:
        """Return the decimal and the thousands mark, as ``layout.separators`` takes them."""
        return f",{_NARROW_SPACE}" if self.language == "fr" else ".,"

    def screen(self, label: Label, longest: int = LONGEST_NAME) -> str:
        """Return a label for Plotly, shortened and with every character standing for itself."""
        return "".join(_MARKUP.get(c, c) for c in shorten(self.say(label), longest))

    def paper(self, label: Label, longest: int = LONGEST_NAME) -> str:
        """Return a label for matplotlib, shortened and with every character standing for itself."""
        return _printable(shorten(self.say(label), longest)).replace("$", r"\$")

    def ticks(self, labels: Iterable[Label], longest: int = LONGEST_TICK) -> list[str]:
        """Return labels for a Plotly axis."""
        return [self.screen(label, longest) for label in labels]

    def paper_ticks(self, labels: Iterable[Label], longest: int = LONGEST_TICK) -> list[str]:
        """Return labels for a matplotlib axis."""
        return [self.paper(label, longest) for label in labels]

    def lines(self, sentences: Iterable[Text], width: int) -> list[str]:
        """Return sentences as running text in lines of at most ``width`` characters."""
        running = " ".join(" ".join(_plain(self.say(s)).split(" ")) for s in sentences)
        # French keeps ":" and "%" with the word before them by a space that must not break.
        kept = running.replace("\u202f", "\x00").replace("\u00a0", "\x01")
        wrapped = textwrap.wrap(kept, width, break_on_hyphens=False)[:4]
        return [line.replace("\x00", "\u202f").replace("\x01", "\u00a0") for line in wrapped]


def shorten(name: str, longest: int) -> str:
    """Return a name without line breaks, and of at most ``longest`` characters."""
    plain = _plain(name[: 4 * longest])
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def _plain(text: str) -> str:
    """Without control characters, direction marks and halves of surrogates, which break a line or a file."""
    hidden = {"Cc", "Cs", "Zl", "Zp"}
    marks = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    return "".join(" " if unicodedata.category(c) in hidden else c for c in text if c not in marks)


def _printable(text: str) -> str:
    """With a sign in place of each character that the printing font lacks."""
    known = _font_characters()
    return "".join(c if ord(c) in known else "\ufffd" for c in text)


@lru_cache(maxsize=1)
def _font_characters() -> frozenset[int]:
    """Return the characters of DejaVu Sans, which matplotlib carries in its own package."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
