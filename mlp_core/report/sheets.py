"""The sheets of paper of one PDF: marks put on them from the top, and a new sheet where one is full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mlp_core.charts.theme import LIGHT
from mlp_core.report.document import Words, said
from mlp_core.report.lettering import MM_PER_POINT, Letters

WIDTH: Final = 210.0
HEIGHT: Final = 297.0
SIDE: Final = 20.0
TOP: Final = 20.0
BOTTOM: Final = 24.0
INNER: Final = WIDTH - 2 * SIDE
"""Millimetres of A4 and of its margins."""

LEADING: Final = 1.42
"""A line's height, times the size of its letters."""

INK: Final = LIGHT.ink
MUTED: Final = LIGHT.muted
GRID: Final = LIGHT.grid
PRIMARY: Final = LIGHT.primary
ACCENT: Final = LIGHT.accent
PANEL: Final = LIGHT.background


@dataclass(frozen=True)
class Line:
    """Letters on a base line."""

    x: float
    y: float
    text: str
    points: float
    colour: str = INK
    bold: bool = False


@dataclass(frozen=True)
class Box:
    """A filled rectangle; also a rule, where it is thin."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Picture:
    """A PNG in a rectangle."""

    x: float
    y: float
    width: float
    height: float
    png: bytes
    alt: str


@dataclass(frozen=True)
class Anchor:
    """Where a part begins, for the table of contents beside the pages."""

    y: float
    name: str
    level: int


Mark = Line | Box | Picture | Anchor


class Sheets:
    """Sheets filled from the top.

    Parameters
    ----------
    letters : Letters
        What measures text.
    language : str
        The reader's.

    Attributes
    ----------
    pages : list of list of Mark
        What stands on each sheet, in millimetres from its upper left corner.
    y : float
        Where the next mark begins.
    """

    def __init__(self, letters: Letters, language: str) -> None:
        self.letters = letters
        self.language = language
        self.pages: list[list[Mark]] = [[]]
        self.y = TOP

    @property
    def room(self) -> float:
        """Millimetres left on this sheet."""
        return HEIGHT - BOTTOM - self.y

    @property
    def is_fresh(self) -> bool:
        """Whether nothing stands on this sheet yet."""
        return self.y <= TOP

    def put(self, mark: Mark) -> None:
        """Put a mark on the present sheet."""
        self.pages[-1].append(mark)

    def turn(self) -> None:
        """Begin another sheet."""
        self.pages.append([])
        self.y = TOP

    def need(self, height: float) -> bool:
        """Begin another sheet where ``height`` does not fit on this one; return whether that was so."""
        if height <= self.room or self.is_fresh:
            return False
        self.turn()
        return True

    def skip(self, height: float) -> None:
        """Leave a blank; at the top of a sheet there is none."""
        if not self.is_fresh:
            self.y += height

    def plain(self, words: Words, *, bold: bool = False) -> str:
        """Return words in the reader's language, as the fonts can show them."""
        return self.letters.plain(said(words, self.language), bold=bold)

    def lines(
        self, words: Words, points: float, width: float, *, bold: bool = False, most: int = 1_000
    ) -> list[str]:
        """Return words broken into lines."""
        plain = self.plain(words, bold=bold)
        return self.letters.lines(plain, points, width, bold=bold, most=most)

    def write(
        self,
        lines: Sequence[str],
        points: float,
        *,
        x: float = SIDE,
        colour: str = INK,
        bold: bool = False,
        together: int = 2,
    ) -> None:
        """Write lines one below the other, over as many sheets as it takes.

        Parameters
        ----------
        together : int
            So many lines are not parted at the foot of a sheet.
        """
        step = line_height(points)
        for number, line in enumerate(lines):
            self.need(step * min(together, len(lines) - number) if number == 0 else step)
            self.put(Line(x, self.y + base_line(points), line, points, colour, bold))
            self.y += step


def line_height(points: float) -> float:
    """Return the millimetres from one base line to the next."""
    return points * MM_PER_POINT * LEADING


def base_line(points: float) -> float:
    """Return the millimetres from the top of a line to its base line."""
    return points * MM_PER_POINT * (LEADING - 0.34)
