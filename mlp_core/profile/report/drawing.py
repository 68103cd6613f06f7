"""Small pictures of one column: a histogram as inline SVG, or its most frequent values as bars."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from mlp_core.kinds import Kind
from mlp_core.profile.bins import Histogram
from mlp_core.profile.facts import ColumnFacts
from mlp_core.profile.report.markup import Writer, tag
from mlp_core.text import Text

WIDTH: Final = 440
HEIGHT: Final = 84
_GAP: Final = 2.0
_LEVELS: Final = 6
_MOST_MARKED: Final = 12


def picture(facts: ColumnFacts, write: Writer) -> str:
    """Return the picture of one column; nothing for a column without values."""
    if facts.histogram is not None and facts.distinct > 1:
        return histogram(facts.histogram, write)
    return levels(facts, write) if facts.top and facts.distinct < facts.present else ""


def histogram(bins: Histogram, write: Writer) -> str:
    """Return bars of equal width, pale where a bin gathers what lies far out, with the ends of the axis."""
    most, count = max(bins.counts), len(bins.counts)
    width = WIDTH / count
    bars = []
    for place, number in enumerate(bins.counts):
        far = (place == 0 and bins.open_below) or (place == count - 1 and bins.open_above)
        height = max(1.5, HEIGHT * number / most) if number else 0.0
        bars.append(
            tag(
                "rect",
                tag("title", write.say(_said(bins, place, write))),
                class_="far" if far else "bar",
                x=f"{place * width + _GAP / 2:.1f}",
                y=f"{HEIGHT - height:.1f}",
                width=f"{max(1.0, width - _GAP):.1f}",
                height=f"{height:.1f}",
                rx="1.5",
            )
        )
    base = tag("line", x1="0", x2=str(WIDTH), y1=str(HEIGHT), y2=str(HEIGHT), class_="base")
    each = _holds_one_each(bins) and count <= _MOST_MARKED
    marks = [_edge(edge, write) for edge in bins.edges[:-1]] if each else _ends(bins, write)
    axis = tag(
        "div", *(tag("span", write.name(mark)) for mark in marks), class_="axis each" if each else "axis"
    )
    return tag("svg", *bars, base, viewBox=f"0 0 {WIDTH} {HEIGHT + 1}", role="img") + axis


def _holds_one_each(bins: Histogram) -> bool:
    """Whether each bin holds one whole number."""
    return bins.whole and all(right - left == 1 for left, right in pairwise(bins.edges))  # type: ignore[operator]


def _said(bins: Histogram, place: int, write: Writer) -> Text:
    """Return what a bar stands for."""
    left, right = (_edge(bins.edges[place + step], write) for step in (0, 1))
    if _holds_one_each(bins):
        return Text("{value}: {n:n} {n|row|rows}", value=left, n=bins.counts[place])
    return Text("{left} to {right}: {n:n} {n|row|rows}", left=left, right=right, n=bins.counts[place])


def levels(facts: ColumnFacts, write: Writer) -> str:
    """Return the most frequent values as bars, and how many others there are."""
    shown = facts.levels[:_MOST_MARKED] if facts.kind is Kind.ORDERED else facts.top[:_LEVELS]
    rest = facts.present - sum(count for _, count in shown)
    most = max(count for _, count in shown)
    rows = [_level(write.name(_value(value, write), 60), count, most, facts, write) for value, count in shown]
    if rest:
        others = Text("{n:n} other {n|value|values}", n=facts.distinct - len(shown))
        label = tag("span", tag("small", write.say(others)))
        rows.append(label + tag("span") + tag("em", write.count(rest, facts.present)))
    return tag("div", *rows, class_="levels")


def _level(label: str, count: int, most: int, facts: ColumnFacts, write: Writer) -> str:
    bar = tag("i", style=f"width:{100 * count / most:.1f}%")
    return tag("span", label) + bar + tag("em", write.count(count, facts.present))


def _value(value: object, write: Writer) -> str:
    if isinstance(value, bool):
        return (Text("Yes") if value else Text("No")).render(write.language)
    if isinstance(value, float):
        return f"{value:g}" if write.language == "en" else f"{value:g}".replace(".", ",")
    return str(value) if str(value).strip() else f"“{value}”"


def _ends(bins: Histogram, write: Writer) -> list[str]:
    """Return what is written under the ends: the extremes, and where the open bins begin."""
    left, right = [bins.edges[0]], [bins.edges[-1]]
    if bins.open_below:
        left = [*left, bins.edges[1]]
    if bins.open_above:
        right = [bins.edges[-2], *right]
    return [" … ".join(_edge(edge, write) for edge in end) for end in (left, right)]


def _edge(edge: float | str, write: Writer) -> str:
    return edge.replace("T", " ") if isinstance(edge, str) else write.figure(float(edge))
