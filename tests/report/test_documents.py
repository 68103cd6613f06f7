"""What stands in the document of each page: the facts that the page shows, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from mlp_core.clean import Recipe
from mlp_core.predict import predict
from mlp_core.profile import profile
from mlp_core.report import (
    board_frame,
    of_answer,
    of_board,
    of_chart,
    of_profile,
    of_project,
    of_recipe,
    of_row,
    scores_frame,
    to_pdf,
)
from mlp_core.table import Table
from mlp_core.text import Text, number
from mlp_core.train import Leaderboard
from mlp_core.train.verdict import verdict

languages = pytest.mark.parametrize("language", ["en", "fr"])


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def words(document: Any, language: str, read: Callable[[bytes], Any]) -> str:
    return plain(read(to_pdf(document, language)).text)


@languages
def test_a_profile_tells_size_gaps_and_every_column(
    cars: Table, made: datetime, read: Callable[[bytes], Any], language: str
) -> None:
    facts = profile(cars, today=date(2026, 1, 1))
    shown = words(of_profile(cars, facts, made), language, read)
    assert plain(number(len(cars.frame), language)) in shown
    assert str(facts.missing_cells) in shown
    for name in cars.kinds:
        assert name in shown
    assert cars.fingerprint in shown
    assert {"en": "Duplicate rows", "fr": "Lignes en double"}[language] in shown


@languages
def test_the_steps_are_told_in_words_with_what_each_did(
    cars: Table, recipe: Recipe, made: datetime, read: Callable[[bytes], Any], language: str
) -> None:
    cleaned = recipe.apply(cars)
    shown = words(of_recipe(cars, recipe, recipe.trace(cars), cleaned, made), language, read)
    for step in recipe:
        assert plain(step.operation.describe().render(language)) in shown
    before = int(cars.frame.isna().sum().sum())
    after = int(cleaned.frame.isna().sum().sum())
    assert f"{before} → {after}" in shown
    assert {"en": "this step is off", "fr": "étape désactivée"}[language] in shown
    assert str(cars.frame["Name"][0]) in shown


@languages
def test_a_chart_comes_with_its_settings_and_the_steps_before_it(
    cars: Table, recipe: Recipe, made: datetime, read: Callable[[bytes], Any], language: str
) -> None:
    document = of_chart(cars, "histogram", {"column": "Horsepower", "bins": 17}, language, made, recipe)
    content = to_pdf(document, language)
    shown = plain(read(content).text)
    assert "Horsepower" in shown
    assert "17" in shown
    assert b"/Subtype /Image" in content
    assert plain(recipe.operations()[0].describe().render(language)) in shown


@languages
def test_a_training_tells_its_finding_and_every_model_with_its_interval(
    board: Leaderboard, made: datetime, read: Callable[[bytes], Any], language: str
) -> None:
    shown = words(of_board(board, language, made), language, read)
    assert plain(verdict(board).render(language)) in shown
    assert len(board.rows) == 3
    for row in board.rows:
        assert plain(row.label.render(language)) in shown
        assert plain(number(round(row.cv[board.metric].mean, 2), language))[:3] in shown
    assert board.fingerprint in shown
    assert "scikit-learn" in shown
    assert shown.count("±") >= 3


@languages
def test_a_model_tells_every_measure_and_what_it_means(
    board: Leaderboard, made: datetime, read: Callable[[bytes], Any], language: str
) -> None:
    document = of_row(board.best, board, language, made)
    assert sum(type(block).__name__ == "FigureBlock" for block in document.blocks) >= 2
    shown = words(document, language, read)
    from mlp_core.evaluate import METRICS

    for metric in board.best.cv:
        assert plain(METRICS[metric].label.render(language)) in shown
    assert board.best.run_id in shown


@languages
def test_an_answer_stands_with_its_case(
    cars: Table, board: Leaderboard, made: datetime, read: Callable[[bytes], Any], language: str
) -> None:
    case = cars.frame.drop(columns="Origin").iloc[0].to_dict()
    answers = predict(board.best.pipeline, pd.DataFrame([case]))
    case["Year"] = "1976-01-01T00:00:00"
    shown = words(of_answer(board.best, board, case, answers, made), language, read)
    assert "1976-01-01" in shown
    assert "T00:00:00" not in shown
    assert str(answers.values.iloc[0]) in shown
    assert str(case["Name"]) in shown
    assert answers.probabilities is not None
    for name in answers.probabilities.columns:
        assert name in shown


@languages
@pytest.mark.parametrize("trained", [False, True])
def test_a_project_is_told_before_and_after_its_first_training(
    cars: Table,
    recipe: Recipe,
    board: Leaderboard,
    made: datetime,
    read: Callable[[bytes], Any],
    language: str,
    trained: bool,
) -> None:
    given = board if trained else None
    document = of_project(cars, recipe, recipe.trace(cars), given, language, made, title="My work")
    shown = words(document, language, read)
    assert "My work" in shown
    assert str(len(cars.frame)) in shown
    assert (plain(verdict(board).render(language)) in shown) is trained


def test_an_empty_and_a_wide_table_have_a_document_too(
    made: datetime, messy: pd.DataFrame, read: Callable[[bytes], Any]
) -> None:
    wide = pd.DataFrame({f"c{number}": [1.0, None] for number in range(300)})
    for frame in (messy, messy.head(0), messy.head(1), wide):
        table = Table.of(frame, name="<b>naughty</b> =1+1")
        facts = profile(table)
        assert read(to_pdf(of_profile(table, facts, made))).pages
        recipe = Recipe()
        assert read(to_pdf(of_recipe(table, recipe, [], table, made))).pages


def test_numbers_for_a_spreadsheet_are_whole(board: Leaderboard) -> None:
    frame = board_frame(board)
    assert list(frame["Model"]) == [str(row.label) for row in board.rows]
    assert list(frame.iloc[:, 1]) == [row.cv[board.metric].mean for row in board.rows]
    scores = scores_frame(board.best, "fr")
    assert list(scores[Text("Cross-validated").render("fr")]) == [
        found.mean for found in board.best.cv.values()
    ]
    assert list(scores["Sur les lignes de test (de)"]) == [
        board.best.test[metric].low for metric in board.best.cv
    ]
