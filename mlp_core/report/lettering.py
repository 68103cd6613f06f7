"""Letters on paper: which characters the fonts have, how wide words are, and where lines break.

The fonts are the DejaVu family that matplotlib carries in its package: the fonts that every PDF reader has
know neither € nor œ. A character that DejaVu lacks is shown by the sign for that, never by nothing.
"""

from __future__ import annotations

import unicodedata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fpdf import FPDF

FAMILY: Final = "DejaVu"
MM_PER_POINT: Final = 25.4 / 72
REPLACEMENT: Final = "\ufffd"
LONGEST: Final = 12_000
"""Characters of one text; what is beyond is cut before anything is measured."""

_FILES: Final = (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf"))
_BREAK_AFTER: Final = "-_/.,;:|"
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
# Marks that join or turn letters and show nothing themselves.
_UNSEEN: Final = frozenset({"Cf", "Mn", "Me"})
_HIDDEN: Final = frozenset({"Cc", "Zl", "Zp"})


def add_fonts(pdf: FPDF) -> None:
    """Give a PDF its two fonts; their files are found without importing matplotlib."""
    found = find_spec("matplotlib")
    assert found is not None
    assert found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    for style, file in _FILES:
        pdf.add_font(FAMILY, style, folder / file)


class Letters:
    """What the two fonts of a PDF know and measure.

    Parameters
    ----------
    pdf : FPDF
        With the fonts of :func:`add_fonts`.
    """

    def __init__(self, pdf: FPDF) -> None:
        self._widths = tuple(_widths(pdf.fonts[f"{FAMILY.lower()}{style}"]) for style, _ in _FILES)

    def plain(self, text: str, *, bold: bool = False) -> str:
        """Return a text as one line of characters that the font has."""
        known = self._widths[bold]
        composed = unicodedata.normalize("NFC", text[:LONGEST])
        signs = []
        for sign in composed:
            category = unicodedata.category(sign)
            if category in _HIDDEN:
                signs.append(" ")
            elif ord(sign) in known and category != "Cf":
                signs.append(sign)
            elif category not in _UNSEEN:
                signs.append(REPLACEMENT)
        return " ".join(part for part in "".join(signs).split(" ") if part)

    def width(self, text: str, points: float, *, bold: bool = False) -> float:
        """Return how wide a plain text is, in millimetres."""
        known = self._widths[bold]
        return sum(known[ord(sign)] for sign in text) * points * MM_PER_POINT

    def lines(
        self, text: str, points: float, width: float, *, bold: bool = False, most: int = 1_000
    ) -> list[str]:
        """Return a plain text in lines of at most ``width`` millimetres; past ``most`` lines it is cut."""
        found: list[str] = []
        line = ""
        for word in text.split(" "):
            joined = f"{line} {word}" if line else word
            if self._fitting(joined, points, width, bold) == len(joined):
                line = joined
                continue
            if line:
                found.append(line)
            *parts, line = self._parts(word, points, width, bold)
            found += parts
            if len(found) > most:
                break
        found.append(line)
        if len(found) > most:
            found = [*found[: most - 1], self._cut(found[most - 1], points, width, bold)]
        return [_as_seen(one) for one in found]

    def _parts(self, word: str, points: float, width: float, bold: bool) -> list[str]:
        """Return a word in parts that fit, broken after a mark where there is one."""
        parts = []
        while (fitting := self._fitting(word, points, width, bold)) < len(word):
            fits = max(1, fitting)
            marks = [at + 1 for at in range(fits // 2, fits) if word[at] in _BREAK_AFTER]
            end = marks[-1] if marks else fits
            if end >= len(word):
                break
            parts.append(word[:end])
            word = word[end:]
        return [*parts, word]

    def _cut(self, line: str, points: float, width: float, bold: bool) -> str:
        room = width - self.width("…", points, bold=bold)
        return line[: self._fitting(line, points, room, bold)].rstrip() + "…"

    def _fitting(self, text: str, points: float, width: float, bold: bool) -> int:
        """Return how many characters from the beginning fit."""
        known, left = self._widths[bold], width / (points * MM_PER_POINT)
        for count, sign in enumerate(text):
            left -= known[ord(sign)]
            if left < 0:
                return count
        return len(text)


def _widths(font: Any) -> dict[int, float]:
    """Return the width of each character that a font has, as a share of its size."""
    return {code: font.cw[code] / 1000 for code in font.cmap}


def _as_seen(line: str) -> str:
    """Return a line in the order in which its letters stand on paper, from the left."""
    if not any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in line):
        return line
    from fpdf.bidi import BidiParagraph

    return BidiParagraph(line).get_reordered_string()
