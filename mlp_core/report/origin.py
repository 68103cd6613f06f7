"""Where the numbers of a document come from: the data by its content, the steps, the seed, the versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlp_core.report.document import Words, numeral
from mlp_core.text import Text

if TYPE_CHECKING:
    from mlp_core.clean import Recipe
    from mlp_core.table import Table
    from mlp_core.train import Leaderboard

Pairs = tuple[tuple[Words, Words], ...]


def of_table(table: Table, recipe: Recipe | None = None) -> Pairs:
    """Return the data as they were read, with the steps that are on."""
    return (
        (Text("Data"), _data(table)),
        (Text("Fingerprint of the data"), table.fingerprint),
        *_steps(recipe),
    )


def of_board(board: Leaderboard) -> Pairs:
    """Return what a training was made from."""
    from mlp_core.clean import Recipe

    versions = ", ".join(f"{name} {version}" for name, version in board.versions.items())
    return (
        (Text("Data"), board.table),
        (Text("Fingerprint of the data"), board.fingerprint),
        *_steps(Recipe.from_json(board.recipe)),
        (
            Text("Rows"),
            Text(
                "{training:n} to train on, {test:n} set aside for the test",
                training=board.training_rows,
                test=board.test_rows,
            ),
        ),
        (Text("Seed"), numeral(board.plan.seed)),
        (Text("Versions"), versions),
    )


def _data(table: Table) -> Text:
    return Text(
        "{name}: {rows:n} {rows|row|rows} × {columns:n} {columns|column|columns}",
        name=table.name,
        rows=len(table.frame),
        columns=len(table.kinds),
    )


def _steps(recipe: Recipe | None) -> Pairs:
    operations = [] if recipe is None else recipe.operations()
    if not operations:
        return ((Text("Cleaning steps"), Text("None")),)
    return tuple(
        (Text("Cleaning step {number:n}", number=number), operation.describe())
        for number, operation in enumerate(operations, start=1)
    )
