"""Documents of a training: the leaderboard, one model's scores, one answer, and the project at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from mlp_core.errors import MLPError
from mlp_core.evaluate import METRICS
from mlp_core.evaluate.reporting import rounded
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
from mlp_core.report.of_tables import steps_table
from mlp_core.report.words import cell, interval, seconds, spread
from mlp_core.task import LABELS as TASKS
from mlp_core.text import Text
from mlp_core.train import MODELS
from mlp_core.train.verdict import suspicion, verdict

if TYPE_CHECKING:
    from mlp_core.clean import Recipe, StepFacts
    from mlp_core.predict import Predictions
    from mlp_core.table import Table
    from mlp_core.train import Leaderboard, Row

_MOST_NOTES: Final = 40
_MOST_CHANCES: Final = 20


def scores_of(board: Leaderboard) -> dict[str, Any] | None:
    """Return what the leaderboard's figure draws, as ``draw_evaluation("leaderboard", …)`` takes it.

    ``None`` where no model has a score.
    """
    metric = METRICS[board.metric]
    rows = [row for row in board.rows if row.failure is None and board.metric in row.cv]
    if not rows:
        return None
    return {
        "metric": metric.label,
        "greater_is_better": metric.greater_is_better,
        "rows": [
            {
                "label": row.label,
                "value": row.cv[board.metric].mean,
                "low": row.cv[board.metric].low,
                "high": row.cv[board.metric].high,
                "baseline": MODELS[row.model].baseline,
            }
            for row in rows
        ],
    }


def of_board(board: Leaderboard, language: str, made: datetime) -> Document:
    """Return a training: its plan, its finding, every model with its intervals, and the figure."""
    blocks: list[Block] = [Paragraph(verdict(board), "lead"), *_warnings(board), _plan(board)]
    blocks += [Heading(Text("Leaderboard")), leaderboard(board)]
    blocks.append(
        Paragraph(
            Text(
                "Cross-validated: the mean over the folds ± half of its 95% interval. On the test rows: "
                "the score with its 95% interval, in brackets."
            ),
            "quiet",
        )
    )
    blocks += _figure("leaderboard", scores_of(board), Text("Scores with intervals"), language)
    asides = [
        *(
            Text("Left out: {column}. {reason}", column=column, reason=reason)
            for column, reason in board.left_out.items()
        ),
        *(
            Text("{model}: {note}", model=row.label, note=note)
            for row in board.rows
            for note in (*row.notes, *([] if row.failure is None else [row.failure]))
        ),
    ]
    if asides:
        blocks += [Heading(Text("What happened on the way"), 2), Points(tuple(asides[:_MOST_NOTES]))]
    return Document(
        title=Text("{name}: models compared", name=board.table),
        made=made,
        blocks=tuple(blocks),
        provenance=origin.of_board(board),
    )


def leaderboard(board: Leaderboard) -> TableBlock:
    """Return every model with its scores, the one that ranks first."""
    others = dict.fromkeys(metric for row in board.rows for metric in row.cv if metric != board.metric)
    ranks = METRICS[board.metric].label
    rows: list[tuple[Words, ...]] = []
    for row in board.rows[:MOST_ROWS]:
        found, test = row.cv.get(board.metric), row.test.get(board.metric)
        if row.failure is not None or found is None:
            rows.append((row.label, Text("failed"), *([""] * (len(others) + 2))))
            continue
        rest = (spread(row.cv[metric]) if metric in row.cv else "" for metric in others)
        told: Words = "" if test is None else interval(test)
        rows.append((row.label, spread(found), told, *rest, seconds(row.seconds)))
    heads: tuple[Words, ...] = (
        Text("Model"),
        Text("{metric}, cross-validated", metric=ranks),
        Text("{metric}, test rows", metric=ranks),
        *(Text("{metric}, cross-validated", metric=METRICS[metric].label) for metric in others),
        Text("Fit time"),
    )
    return TableBlock(columns=heads, rows=tuple(rows), numbers=frozenset(range(1, len(heads))))


def of_row(row: Row, board: Leaderboard, language: str, made: datetime) -> Document:
    """Return how good one model is: its scores with their intervals and the charts of the held-out rows."""
    blocks: list[Block] = [
        Facts(
            (
                (Text("Model"), row.label),
                (Text("Target"), board.plan.target or Text("groups")),
                (Text("Task"), TASKS[board.task]),
            )
        ),
        Heading(Text("How good it is")),
        scores(row),
    ]
    meant = tuple(
        Text("{label}: {help}", label=METRICS[metric].label, help=METRICS.help(metric)) for metric in row.cv
    )
    blocks.append(Points(meant))
    from mlp_core.charts import EVALUATION_CHARTS

    for chart in EVALUATION_CHARTS.ids():
        blocks += _figure(chart, row.evaluation.get(chart), EVALUATION_CHARTS.label(chart), language)
    return Document(
        title=Text("{model}: how good it is", model=row.label),
        made=made,
        about=board.table,
        blocks=tuple(blocks),
        provenance=(*_run(row), *origin.of_board(board)),
    )


def scores(row: Row) -> TableBlock:
    """Return every measure of a model: cross-validated, on test rows and on training rows."""
    rows: list[tuple[Words, ...]] = []
    for metric, found in row.cv.items():
        test, training = row.test.get(metric), row.training.get(metric)
        rows.append(
            (
                METRICS[metric].label,
                spread(found),
                "" if test is None else interval(test),
                "" if training is None else numeral(rounded(training, found.half_width)[0]),
            )
        )
    heads = (
        Text("Measure"),
        Text("Cross-validated"),
        Text("On the test rows (95% interval)"),
        Text("On the training rows"),
    )
    return TableBlock(columns=heads, rows=tuple(rows), numbers=frozenset({1, 2, 3}))


def _as_day(given: Any) -> Any:
    """Return a moment in ISO 8601 without a time that says nothing."""
    return given.removesuffix("T00:00:00") if isinstance(given, str) else given


def of_answer(
    row: Row, board: Leaderboard, values: Mapping[str, Any], answers: Predictions, made: datetime
) -> Document:
    """Return what a model says of one case, with the case itself."""
    value = answers.values.iloc[0]
    said: Words = numeral(float(f"{value:.4g}")) if isinstance(value, float) else str(value)
    target: Words = board.plan.target or Text("groups")
    pairs: tuple[tuple[Words, Words], ...] = (
        (Text("Prediction of {target}", target=target), said),
        (Text("Model"), row.label),
    )
    blocks: list[Block] = [Facts(pairs), *(Note(problem) for problem in answers.problems)]
    if answers.probabilities is not None:
        chances = answers.probabilities.iloc[0].sort_values(ascending=False).head(_MOST_CHANCES)
        blocks += [
            Heading(Text("Probabilities, as the model sees them")),
            TableBlock(
                columns=(target, Text("Probability")),
                rows=tuple(
                    (str(name), Text("{share:pct}", share=float(share))) for name, share in chances.items()
                ),
                numbers=frozenset({1}),
            ),
        ]
    listed = list(values.items())[:MOST_ROWS]
    blocks += [
        Heading(Text("The case")),
        TableBlock(
            columns=(Text("Column"), Text("Value")),
            rows=tuple((name, cell(_as_day(given))) for name, given in listed),
        ),
    ]
    return Document(
        title=Text("{model}: one case", model=row.label),
        made=made,
        about=board.table,
        blocks=tuple(blocks),
        provenance=(*_run(row), *origin.of_board(board)),
    )


def of_project(
    table: Table,
    recipe: Recipe,
    facts: Sequence[StepFacts],
    board: Leaderboard | None,
    language: str,
    made: datetime,
    *,
    title: str = "",
) -> Document:
    """Return a project at a glance: its data, its steps, and what its newest training found."""
    pairs: tuple[tuple[Words, Words], ...] = (
        (Text("Rows"), numeral(len(table.frame))),
        (Text("Columns"), numeral(len(table.kinds))),
        (Text("Cleaning steps"), numeral(len(recipe))),
        (Text("Models tried"), numeral(len(board.rows) if board is not None else 0)),
    )
    blocks: list[Block] = []
    if board is not None:
        blocks += [Paragraph(verdict(board), "lead"), *_warnings(board)]
    blocks.append(Facts(pairs))
    if len(recipe):
        blocks += [Heading(Text("Cleaning steps")), steps_table(recipe, facts)]
    if board is not None:
        blocks += [Heading(Text("Leaderboard")), leaderboard(board)]
        blocks += _figure("leaderboard", scores_of(board), Text("Scores with intervals"), language)
    return Document(
        title=Text("{name}: the project at a glance", name=title or table.name),
        made=made,
        about="" if title in ("", table.name) else table.name,
        blocks=tuple(blocks),
        provenance=origin.of_table(table, recipe) if board is None else origin.of_board(board),
    )


def _plan(board: Leaderboard) -> Facts:
    plan = board.plan
    return Facts(
        (
            (Text("Target"), plan.target or Text("groups")),
            (Text("Task"), TASKS[board.task]),
            (Text("Folds of the cross-validation"), numeral(plan.folds)),
            (Text("Share of test rows"), Text("{share:pct}", share=plan.test_share)),
        )
    )


def _warnings(board: Leaderboard) -> list[Block]:
    warning = suspicion(board)
    found: list[Block] = [Note(note) for note in board.notes]
    return found if warning is None else [*found, Note(warning, serious=True)]


def _figure(chart: str, data: Mapping[str, Any] | None, alt: Text, language: str) -> list[Block]:
    from mlp_core.charts import draw_evaluation_static

    if data is None:
        return []
    try:
        png = draw_evaluation_static(chart, data, language=language, theme="paper")
    except MLPError:
        # Held-out rows of one class have no ROC curve to draw.
        return []
    return [FigureBlock(png=png, alt=alt)]


def _run(row: Row) -> origin.Pairs:
    given = ", ".join(f"{name} = {value}" for name, value in row.settings.items())
    return ((Text("Run"), row.run_id), (Text("Settings of the model"), given or Text("None")))
