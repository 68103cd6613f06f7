"""Documents of tables: what a file holds, what the cleaning steps make of it, and one chart of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from mlp_core.clean import Recipe, StepFacts
from mlp_core.kinds import LABELS
from mlp_core.profile.measures import MEASURES
from mlp_core.report import origin
from mlp_core.report.document import (
    MOST_ROWS,
    Block,
    Document,
    Facts,
    FigureBlock,
    Heading,
    Note,
    Paragraph,
    Points,
    TableBlock,
    Words,
    numeral,
)
from mlp_core.report.words import cell, change, first_rows, part, settings, two_decimals
from mlp_core.table import ReadReport, Table
from mlp_core.text import Text

if TYPE_CHECKING:
    from mlp_core.profile import Alert, ColumnFacts, Profile

_MOST_DECISIONS: Final = 30
_MOST_ALERTS: Final = 40
_MOST_PAIRS: Final = 12

_SEVERITIES: Final[Mapping[str, Text]] = {
    "serious": Text("Serious"),
    "warning": Text("To look at"),
    "info": Text("Good to know"),
}
_SURE: Final = ((0.9, Text("sure")), (0.6, Text("likely")), (0.0, Text("a guess")))


def of_profile(
    table: Table,
    profile: Profile,
    made: datetime,
    *,
    report: ReadReport | None = None,
    names: Mapping[str, Text] | None = None,
) -> Document:
    """Return what is known of a table: its size, how it was read, what matters, and its columns.

    Parameters
    ----------
    report : ReadReport, optional
        How the file was read.
    names : mapping of str to Text, optional
        What people call the decisions of the reader, by their permanent names; others are left out.
    """
    blocks: list[Block] = [_glance(profile)]
    if report is not None:
        blocks += _reading(report, names or {})
    if profile.alerts:
        blocks += [Heading(Text("What matters")), _alerts(profile.alerts)]
    blocks += [Heading(Text("Its columns")), _columns(profile.columns)]
    if len(profile.associations):
        blocks += [Heading(Text("What goes together")), _pairs(profile)]
    return Document(
        title=Text("{name}: what is in it", name=table.name),
        made=made,
        blocks=tuple(blocks),
        provenance=origin.of_table(table),
    )


def of_recipe(
    source: Table, recipe: Recipe, facts: Sequence[StepFacts], cleaned: Table, made: datetime
) -> Document:
    """Return the cleaning steps in words with what each did, and the first rows that come out."""
    before, after = source.frame, cleaned.frame
    missing = (int(before.isna().sum().sum()), int(after.isna().sum().sum()))
    pairs: tuple[tuple[Words, Words], ...] = (
        (Text("Rows"), change(len(before), len(after))),
        (Text("Columns"), change(before.shape[1], after.shape[1])),
        (Text("Missing values"), change(*missing)),
    )
    blocks: list[Block] = [Facts(pairs), Heading(Text("Cleaning steps"))]
    if len(recipe):
        blocks.append(steps_table(recipe, facts))
        blocks += [Note(note) for fact in facts for note in fact.notes]
        blocks += [Note(fact.problem.message, serious=True) for fact in facts if fact.problem is not None]
    else:
        blocks.append(Paragraph(Text("No cleaning step: the table is as it was read.")))
    blocks += [Heading(Text("The table after these steps")), first_rows(after)]
    return Document(
        title=Text("{name}: cleaning steps", name=source.name),
        made=made,
        blocks=tuple(blocks),
        provenance=origin.of_table(source, recipe),
    )


def of_chart(
    table: Table, chart: str, values: Mapping[str, Any], language: str, made: datetime, recipe: Recipe
) -> Document:
    """Return one chart of a table with its settings; the picture bears the reader's language.

    Raises
    ------
    InvalidParameter, NotApplicable
        As for :func:`mlp_core.charts.draw_static`.
    """
    from mlp_core.charts import CHARTS, draw_static, shape_chart
    from mlp_core.charts.chart import chart_of

    shaped = shape_chart(chart, table, **values)
    png = draw_static(chart, table, language=language, theme="paper", **values)
    return Document(
        title=shaped.title,
        made=made,
        about=table.name,
        blocks=(
            Paragraph(CHARTS.help(chart)),
            FigureBlock(png=png, alt=shaped.title),
            Heading(Text("Settings of the chart"), 2),
            Facts(((Text("Chart"), CHARTS.label(chart)), *settings(chart_of(chart, values)))),
        ),
        provenance=origin.of_table(table, recipe),
    )


def steps_table(recipe: Recipe, facts: Sequence[StepFacts]) -> TableBlock:
    """Return the steps in words, each with what it did to rows, missing values and columns."""
    rows: list[tuple[Words, ...]] = []
    for number, (step, fact) in enumerate(zip(recipe, facts, strict=True), start=1):
        words = step.operation.describe()
        if not step.enabled:
            off = Text("{step} (this step is off)", step=words)
            rows.append((numeral(number), off, "", "", ""))
            continue
        rows.append(
            (
                numeral(number),
                words,
                change(fact.rows_before, fact.rows_after),
                change(fact.missing_before, fact.missing_after),
                change(fact.columns_before, fact.columns_after),
            )
        )
    heads = (Text("No."), Text("Step"), Text("Rows"), Text("Missing values"), Text("Columns"))
    return TableBlock(columns=heads, rows=tuple(rows[:MOST_ROWS]), numbers=frozenset({2, 3, 4}))


def _glance(profile: Profile) -> Facts:
    cells = profile.rows * len(profile.columns)
    return Facts(
        (
            (Text("Rows"), numeral(profile.rows)),
            (Text("Columns"), numeral(len(profile.columns))),
            (Text("Missing values"), part(profile.missing_cells, cells)),
            (Text("Duplicate rows"), part(profile.duplicate_rows, profile.rows)),
        )
    )


def _reading(report: ReadReport, names: Mapping[str, Text]) -> list[Block]:
    listed = [decision for decision in report.decisions if decision.what in names]
    if not listed and not report.notes:
        return []
    blocks: list[Block] = [Heading(Text("How it was read"))]
    if report.notes:
        blocks.append(Points(tuple(report.notes)))
    if listed:
        rows = tuple(
            (
                names[one.what],
                Text("{value} ({names:list})", value=one.value, names=one.columns)
                if one.columns
                else one.value,
                next(words for least, words in _SURE if one.sure >= least),
            )
            for one in listed[:_MOST_DECISIONS]
        )
        heads = (Text("What"), Text("Found"), Text("How sure"))
        blocks.append(TableBlock(columns=heads, rows=rows, more=_cut(len(rows), len(listed))))
    return blocks


def _alerts(alerts: Sequence[Alert]) -> TableBlock:
    order = list(_SEVERITIES)
    ranked = sorted(alerts, key=lambda alert: order.index(alert.severity))[:_MOST_ALERTS]
    rows = tuple((_SEVERITIES[one.severity], one.message, one.hint) for one in ranked)
    heads = (Text("How serious"), Text("What was found"), Text("What to do"))
    return TableBlock(columns=heads, rows=rows, more=_cut(len(rows), len(alerts)))


def _columns(columns: Sequence[ColumnFacts]) -> TableBlock:
    rows = tuple(
        (
            one.name,
            LABELS[one.kind],
            part(one.missing, one.rows),
            numeral(one.distinct),
            _values(one),
        )
        for one in columns[:MOST_ROWS]
    )
    heads = (Text("Column"), Text("Kind"), Text("Missing"), Text("Different"), Text("Values"))
    return TableBlock(columns=heads, rows=rows, numbers=frozenset({2, 3}), more=_cut(len(rows), len(columns)))


def _values(column: ColumnFacts) -> Words:
    """Return what says most about the values: their range, else the most frequent, else the first."""
    if column.minimum is not None and column.maximum is not None:
        bounds = {"low": cell(column.minimum), "high": cell(column.maximum)}
        if column.median is None:
            return Text("{low} to {high}", **bounds)
        return Text("{low} to {high}, median {median}", median=cell(column.median), **bounds)
    if column.earliest and column.latest:
        return Text("{low} to {high}", low=column.earliest[:10], high=column.latest[:10])
    frequent = [f"{value} ({count})" for value, count in column.top[:3] if count > 1]
    return ", ".join(frequent or column.examples)


def _pairs(profile: Profile) -> TableBlock:
    pairs = profile.associations.pairs
    rows = tuple(
        (
            one.left,
            one.right,
            MEASURES[one.measure].label,
            Text(
                "{value:n} [{low:n}, {high:n}]",
                value=two_decimals(one.value),
                low=two_decimals(one.low),
                high=two_decimals(one.high),
            ),
        )
        for one in pairs[:_MOST_PAIRS]
    )
    heads = (Text("Column"), Text("Column"), Text("Measure"), Text("Value with its 95% interval"))
    return TableBlock(
        columns=heads, rows=rows, numbers=frozenset({3}), more=_cut(len(rows), len(pairs), closest=True)
    )


def _cut(shown: int, of: int, *, closest: bool = False) -> Text | None:
    if shown >= of:
        return None
    if closest:
        return Text("The {shown:n} closest of {all:n} pairs.", shown=shown, all=of)
    return Text("The first {shown:n} of {all:n}.", shown=shown, all=of)
