"""Small pictures made of marks that take their colours from the page: distributions and shares."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from pages._ui.i18n import n, pct, t

if TYPE_CHECKING:
    from mlp_core.profile import ColumnFacts

_LEAST_HEIGHT = 0.04
"""A bar that is not empty stays visible beside one a thousand times as high."""


def distribution(facts: ColumnFacts) -> str:
    """Return how the values of a column spread, as bars: a histogram, or its most frequent values."""
    if facts.histogram is not None:
        counts = facts.histogram.counts
        faint = [facts.histogram.open_below, *[False] * (len(counts) - 2), facts.histogram.open_above]
        return bars(counts, faint=faint[: len(counts)])
    if repeats(facts):
        counts = tuple(count for _, count in facts.top)
        rest = (facts.rest,) if facts.rest else ()
        return bars((*counts, *rest), faint=[*[False] * len(counts), *[True] * len(rest)], apart=True)
    return ""


def repeats(facts: ColumnFacts) -> bool:
    """Whether values come back so often that the most frequent ones say something."""
    return bool(facts.top) and facts.top[0][1] > 1 and facts.distinct <= facts.present / 2


def bars(counts: Sequence[int], *, faint: Sequence[bool] = (), apart: bool = False) -> str:
    """Return bars side by side; what a faint one holds is of another kind than the others."""
    highest = max(counts, default=0)
    if not highest:
        return ""
    marks = []
    for place, count in enumerate(counts):
        tall = max(count / highest, _LEAST_HEIGHT) if count else 0.0
        shade = ' class="faint"' if place < len(faint) and faint[place] else ""
        marks.append(f'<i{shade} style="height:{tall:.1%}"></i>')
    kind = "py-bars py-apart" if apart else "py-bars"
    return f'<div class="{kind}" aria-hidden="true">{"".join(marks)}</div>'


def gaps(share: float) -> str:
    """Return the share of missing values as a thin line, which is empty where nothing is missing."""
    shown = 0.0 if not share else max(share, 0.02)
    return f'<span class="py-gaps"><i style="width:{shown:.1%}"></i></span>'


def strength(value: float) -> str:
    """Return a strength from 0 to 1 as a thin line."""
    return f'<span class="py-gaps py-strength"><i style="width:{min(1.0, abs(value)):.1%}"></i></span>'


def frequent(facts: ColumnFacts) -> str:
    """Return the most frequent values, each with its bar, count and share."""
    highest = max([count for _, count in facts.top] + [facts.rest], default=0)
    lines = [_level(name(value), count, facts, highest) for value, count in facts.top]
    if facts.rest:
        others = facts.distinct - len(facts.top)
        words = t("{count:n} other {count|value|values}", count=others)
        lines.append(_level(words, facts.rest, facts, highest, faint=True))
    return f'<div class="py-levels">{"".join(lines)}</div>'


def _level(words: str, count: int, facts: ColumnFacts, highest: int, *, faint: bool = False) -> str:
    shade = ' class="faint"' if faint else ""
    return (
        f'<span title="{escape(words)}">{escape(words)}</span>'
        f'<span><i{shade} style="width:{count / highest:.1%}"></i></span>'
        f"<span>{n(count)} · {pct(count / max(1, facts.present))}</span>"
    )


def name(value: object) -> str:
    """Return a value of a column as people read it."""
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    return n(value) if isinstance(value, (int, float)) else str(value) or t("(empty text)")
