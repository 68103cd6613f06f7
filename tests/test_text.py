"""Sentences are rendered in the visitor's language, cross processes, and never fail for want of a value."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

from mlp_core import errors
from mlp_core.errors import MLPError, NotATable
from mlp_core.text import LOCALES, Text, catalogue, number, percent, slots, visible

NARROW = "\u202f"


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (1309, "1,309", f"1{NARROW}309"),
        (0.5, "0.5", "0,5"),
        (1234.5678, "1,235", f"1{NARROW}235"),
        (12.3456, "12.35", "12,35"),
        (0.000012, "1.200e-05", "1,200e-05"),
        (-3, "-3", "-3"),
        (float("nan"), "–", "–"),
        (float("inf"), "∞", "∞"),
    ],
)
def test_numbers_follow_the_language(value: float, english: str, french: str) -> None:
    assert number(value) == english
    assert number(value, "fr") == french


def test_percentages_follow_the_language() -> None:
    assert percent(0.125) == "12.5%"
    assert percent(0.125, "fr") == f"12,5{NARROW}%"
    assert percent(1) == "100%"


@pytest.mark.parametrize(
    ("count", "english", "french"), [(0, "rows", "ligne"), (1, "row", "ligne"), (2, "rows", "lignes")]
)
def test_words_agree_with_their_count(count: int, english: str, french: str) -> None:
    assert Text("{n|row|rows}", n=count).render("en") == english
    assert Text("{n|ligne|lignes}", n=count).render("fr") == french


def test_long_lists_are_cut_and_counted() -> None:
    assert str(Text("{names:list}", names=["a", "b"])) == "a, b"
    assert str(Text("{names:list}", names=list("abcdefgh"))) == "a, b, c, d, e, f… (+2)"


def test_a_text_in_a_text_is_translated_too() -> None:
    text = Text("The file is not a table: it is {what}.", what=Text("a picture"))
    assert text.render("fr") == f"Le fichier n’est pas un tableau{NARROW}: c’est une image."


def test_a_value_that_looks_like_a_slot_is_left_as_it_is() -> None:
    assert str(Text("Column {name}", name="{name} {other:n}")) == "Column {name} {other:n}"


def test_a_sentence_without_a_translation_is_english() -> None:
    assert Text("No such sentence anywhere {n:n}.", n=1).render("fr") == "No such sentence anywhere 1."


def test_a_text_crosses_a_process_and_a_file() -> None:
    text = Text("{n:n} of {names:list} {what}", n=np.int64(3), names=("a", "b"), what=Text("Empty"))
    assert Text.from_json(json.loads(json.dumps(text.to_json()))) == text
    assert pickle.loads(pickle.dumps(text)) == text
    assert hash(Text.from_json(text.to_json())) == hash(text)


def test_a_text_cannot_be_altered() -> None:
    with pytest.raises(AttributeError):
        Text("a").template = "b"


def test_an_error_crosses_a_process_and_a_file() -> None:
    error = NotATable(Text("The file holds no values."), hint=Text("Fill the gaps, or drop the column."))
    for again in (
        errors.from_json(json.loads(json.dumps(error.to_json()))),
        pickle.loads(pickle.dumps(error)),
    ):
        assert type(again) is NotATable
        assert again.render("fr") == error.render("fr") != error.render("en")
    assert type(errors.from_json({**error.to_json(), "error": "Unheard"})) is MLPError


def test_the_tree_of_errors_is_the_one_drawn() -> None:
    drawn = set(errors.__doc__.replace("│", " ").replace("├──", " ").replace("└──", " ").split())
    known = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, MLPError)
    }
    assert known <= drawn


@pytest.mark.parametrize("path", sorted((LOCALES / "fr").glob("*.json")), ids=lambda path: path.stem)
def test_every_translation_keeps_its_slots_and_french_typography(path: object) -> None:
    for english, french in json.loads(path.read_text(encoding="utf-8")).items():  # type: ignore[attr-defined]
        assert slots(english) == slots(french), english
        assert not any(f" {mark}" in french for mark in ";!?»%"), french
        assert "'" not in french, french


def test_no_catalogue_contradicts_another() -> None:
    seen: dict[str, str] = {}
    for path in sorted((LOCALES / "fr").glob("*.json")):
        for english, french in json.loads(path.read_text(encoding="utf-8")).items():
            assert seen.setdefault(english, french) == french, (path.name, english)
    assert seen == catalogue("fr")


def test_a_list_of_sentences_survives_json_and_pickle() -> None:
    import pickle

    inner = Text("Fill missing values")
    outer = Text("Known are: {ids:list}.", ids=[inner, "x"])
    for again in (Text.from_json(json.loads(json.dumps(outer.to_json()))), pickle.loads(pickle.dumps(outer))):
        assert again.render("fr") == outer.render("fr")
        assert "Remplir les valeurs manquantes" in again.render("fr")


@pytest.mark.parametrize("template", ["{x:n}", "{x:pct}", "{x|one|many}", "{x:list}"])
@pytest.mark.parametrize("value", ["abc", None, 3, ["a"]])
def test_a_value_of_another_kind_than_its_slot_is_written_as_it_is(template: str, value: object) -> None:
    assert isinstance(Text(template, x=value).render("fr"), str)


@pytest.mark.parametrize(
    ("words", "seen"),
    [("New  York", "New␣␣York"), (" Lyon ", "␣Lyon␣"), ("New York", "New York"), ("", "")],
)
def test_blanks_that_tell_two_spellings_apart_can_be_seen(words: str, seen: str) -> None:
    assert visible(words) == seen
