"""One column in full: every fact that applies, and its distribution at a size that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.kinds import Kind
from mlp_core.text import Text
from pages._ui import sparks
from pages._ui.i18n import brief, day, n, pct, span, t

if TYPE_CHECKING:
    from mlp_core.profile import ColumnFacts

_SIDE: Final = 360
"""Pixels that one of two sides needs; where there are fewer, they stand one below the other."""

_FEW: Final = 30
"""So many different numbers are listed; with more, their histogram says all."""

_STEPS: Final = {
    "second": Text("{count:n} {count|second|seconds}"),
    "minute": Text("{count:n} {count|minute|minutes}"),
    "hour": Text("{count:n} {count|hour|hours}"),
    "day": Text("{count:n} {count|day|days}"),
    "month": Text("{count:n} {count|month|months}"),
    "year": Text("{count:n} {count|year|years}"),
}


def draw(column: ColumnFacts) -> None:
    """Draw the facts of one column beside its distribution."""
    sides = st.grid(2, min_column_width=_SIDE, gap="large")
    pairs = [*_cells(column), *_numbers(column), *_dates(column), *_words(column)]
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    sides.html(f'<dl class="py-detail">{cells}</dl>')
    with sides.cell():
        _picture(column)
    if column.estimated:
        st.caption(t("From a sample of the rows: {names:list}.", names=column.estimated))


def _picture(column: ColumnFacts) -> None:
    found = column.histogram
    if found is not None:
        ends = [_end(column, found.edges[0]), _end(column, found.edges[-1])]
        st.html(
            f'<div class="py-large">{sparks.distribution(column)}'
            f"<p><span>{escape(ends[0])}</span><span>{escape(ends[1])}</span></p></div>"
        )
        if found.open_below or found.open_above:
            st.caption(t("The pale bar gathers what lies far outside."))
    if sparks.repeats(column) and (found is None or column.distinct <= _FEW):
        st.html(sparks.frequent(column))
    elif found is None and column.examples:
        st.caption(t("For instance:"))
        st.html("".join(f'<p class="py-example">{escape(one[:200])}</p>' for one in column.examples))


def _end(column: ColumnFacts, edge: float | str) -> str:
    if isinstance(edge, str):
        return day(edge)
    return span(edge) if column.kind is Kind.DURATION else brief(edge)


def _cells(column: ColumnFacts) -> Iterator[tuple[str, str]]:
    yield t("Values"), n(column.present)
    yield t("Missing"), _part(column.missing, column.rows)
    yield t("Different values"), n(column.distinct)


def _numbers(column: ColumnFacts) -> Iterator[tuple[str, str]]:
    written = span if column.kind is Kind.DURATION else brief
    if column.minimum is None:
        return
    yield t("Mean ± standard deviation"), f"{written(column.mean)} ± {written(column.std)}"
    yield t("Lowest"), written(column.minimum)
    for share, value in column.quantiles:
        yield (t("Median") if share == 0.5 else t("{share:pct} lie below", share=share)), written(value)
    yield t("Highest"), written(column.maximum)
    if column.skew is not None:
        yield t("Skew"), brief(column.skew)
    if column.kurtosis is not None:
        yield t("Kurtosis (0 for a normal law)"), brief(column.kurtosis)
    if column.fences is not None:
        label = t("Outside {low} to {high}", low=written(column.fences[0]), high=written(column.fences[1]))
        yield label, _part(column.outliers, column.present)
    yield t("Zeros"), _part(column.zeros, column.present)
    if column.negatives:
        yield t("Negative values"), _part(column.negatives, column.present)
    if column.infinite:
        yield t("Infinite values"), _part(column.infinite, column.present)


def _dates(column: ColumnFacts) -> Iterator[tuple[str, str]]:
    if column.earliest and column.latest:
        yield t("Earliest"), day(column.earliest)
        yield t("Latest"), day(column.latest)
    if column.step is not None:
        each = t(_STEPS[column.step.unit].template, count=column.step.count)
        yield t("Usual distance"), f"{each} ({pct(column.step.share)})"


def _words(column: ColumnFacts) -> Iterator[tuple[str, str]]:
    if column.shortest is None:
        return
    yield t("Characters"), t("{low:n} to {high:n}", low=column.shortest, high=column.longest)
    if column.mean_words is not None:
        yield t("Words, on average"), brief(column.mean_words)
    if column.words:
        yield t("Frequent words"), ", ".join(f"{word} ({n(count)})" for word, count in column.words[:6])


def _part(count: int, whole: int) -> str:
    return n(count) if not count else f"{n(count)} ({pct(count / max(1, whole))})"
