"""Pythie's colours and type: light, dark and paper, shared by charts, pages and exports.

Every categorical colour keeps a contrast of 3:1 with its background and stays apart from the others for
colour-blind readers. That is why the gold of a chart on paper is deeper than the gold of the identity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from mlp_core.errors import InvalidParameter
from mlp_core.text import Text

FONT_FAMILY: Final = "Source Sans, system-ui, sans-serif"
"""The font that Streamlit ships, then whatever the machine has."""

TITLE_PIXELS: Final = 21
TEXT_PIXELS: Final = 15
AXIS_TITLE_PIXELS: Final = 16


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One set of colours, as ``#RRGGBB``.

    Attributes
    ----------
    background, secondary : str
        The page, and the panels on it.
    ink, muted, grid : str
        Text, quiet text, and the lines behind a chart.
    primary, accent, gold : str
        The identity.
    categorical : tuple of str
        Eight colours for groups, in the order of their use.
    sequential : tuple of str
        Little to much.
    alarm : tuple of str
        Nothing to everything, for what one would rather not find: missing values, errors.
    diverging : tuple of str
        Negative, zero, positive.
    """

    name: str
    background: str
    secondary: str
    ink: str
    muted: str
    grid: str
    primary: str
    accent: str
    gold: str
    categorical: tuple[str, ...]
    sequential: tuple[str, ...]
    alarm: tuple[str, ...]
    diverging: tuple[str, ...]

    def colours(self, count: int) -> list[str]:
        """Return ``count`` colours for groups; past eight they come back paler."""
        size = len(self.categorical)
        return [
            blend(self.categorical[i % size], self.background, min(0.75, 0.45 * (i // size)))
            for i in range(count)
        ]

    def ink_on(self, colour: str) -> str:
        """Return the colour of text that reads best on ``colour``."""
        return max((self.ink, self.background), key=lambda ink: contrast(ink, colour))


LIGHT: Final = Theme(
    name="light",
    background="#FBFAF7",
    secondary="#F1EEE7",
    ink="#1D2433",
    muted="#596173",
    grid="#E3DFD5",
    primary="#0F6E6E",
    accent="#C4572E",
    gold="#C99A2E",
    categorical=("#0F6E6E", "#C4572E", "#B5870A", "#34408C", "#9A4F96", "#6E7F8E", "#5B2A1F", "#4C8FCB"),
    sequential=("#E4EEEA", "#A9D0CA", "#63A9A4", "#2A8080", "#0F6E6E", "#0A4A4C"),
    alarm=("#F1EEE7", "#EBCDB9", "#DE9A78", "#C4572E", "#8E3717"),
    diverging=("#9A3A17", "#C4572E", "#E7B297", "#F1EEE7", "#9CC9C4", "#2A8080", "#0A5556"),
)

DARK: Final = Theme(
    name="dark",
    background="#12161F",
    secondary="#1B212D",
    ink="#ECE9E1",
    muted="#A9B0BD",
    grid="#2C3443",
    primary="#4FB8B0",
    accent="#E88A5F",
    gold="#E3BC5C",
    categorical=("#4FB8B0", "#E88A5F", "#E3BC5C", "#8A7FE0", "#F6EFD9", "#8FC7F2", "#C0447A", "#4A7592"),
    sequential=("#1F2C38", "#215057", "#2F7C7B", "#4FB8B0", "#8FD9CF", "#D6F5EC"),
    alarm=("#1F2633", "#5A3A34", "#9C5A42", "#E88A5F", "#FFD0B2"),
    diverging=("#FFB38F", "#E88A5F", "#7E4F40", "#232A37", "#2C6466", "#4FB8B0", "#A5EBDF"),
)

PAPER: Final = replace(LIGHT, name="paper", background="#FFFFFF")
"""For documents: on a white sheet a tinted chart would stand in a box."""

THEMES: Final[Mapping[str, Theme]] = MappingProxyType({"light": LIGHT, "dark": DARK, "paper": PAPER})


def theme_of(name: str) -> Theme:
    """Return the theme of this name.

    Raises
    ------
    InvalidParameter
        There is none.
    """
    if name not in THEMES:
        raise InvalidParameter(Text("There is no theme named {name}.", name=str(name)))
    return THEMES[name]


def luminance(colour: str) -> float:
    """Return the relative luminance (0-1) of a colour, as WCAG 2 defines it."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def blend(colour: str, other: str, share: float) -> str:
    """Return ``colour`` with ``share`` (0-1) of ``other`` mixed in."""
    mixed = (a + (b - a) * share for a, b in zip(_channels(colour), _channels(other), strict=True))
    return "#" + "".join(f"{round(channel):02X}" for channel in mixed)


def at(scale: Sequence[str], share: float) -> str:
    """Return the colour at ``share`` (0-1) of a scale."""
    place = min(max(share, 0.0), 1.0) * (len(scale) - 1)
    left = min(int(place), len(scale) - 2)
    return blend(scale[left], scale[left + 1], place - left)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
