"""What bad input gets: one sentence in the visitor's language, what to do, and the project as it was."""

from collections.abc import Callable

import pytest
from apptest import bring, words
from streamlit.testing.v1 import AppTest

from mlp_core.text import catalogue

Visit = Callable[..., AppTest]

GOOD = b"alpha,beta\n1,2\n3,4\n5,6\n"
NO_TABLE = {
    "empty": b"",
    "blank": b"  \n \n",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj",
    "five thousand columns": (",".join(f"c{i}" for i in range(5000)) + "\n").encode() * 3,
    "truncated utf-16": "alpha,beta\n1,2\n3,4\n".encode("utf-16")[:-1],
    "pickle": b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.",
}


@pytest.mark.parametrize("language", ["en-US", "fr-FR"])
@pytest.mark.parametrize("case", NO_TABLE)
def test_a_file_that_is_no_table_gets_one_sentence(visit: Visit, case: str, language: str) -> None:
    app = bring(visit(language=language), GOOD, "good.csv")
    app = bring(app, NO_TABLE[case])
    assert not app.exception
    assert len(words(app, "error")) == 1
    (sentence,) = words(app, "error")
    french = {word for text in catalogue("fr").values() for word in text.split() if len(word) > 4}
    english = {word for text in catalogue("fr") for word in text.split() if len(word) > 4}
    mine, other = (french, english) if language == "fr-FR" else (english, french)
    spoken = set(sentence.replace("\\", "").replace("**", "").split())
    assert len(spoken & mine) > len(spoken & other)
    assert any("good.csv" in str(html.proto.body) for html in app.get("html")), "the project stays"


def test_one_column_is_read_and_said(visit: Visit) -> None:
    app = bring(visit(), b"alpha\n1\n2\n3\n")
    assert not app.exception
    assert not words(app, "error")
    assert any("column" in note for note in words(app, "info"))


HARD_TABLES = {
    "a target with one class": (b"x,y\n" + b"1,a\n2,a\n3,a\n" * 10, "y"),
    "a class of one row": (b"x,y\n" + b"1,a\n2,b\n3,a\n4,b\n" * 10 + b"5,c\n", "y"),
    "an all-missing target": (b"x,y\n" + b"1,\n2,\n3,\n" * 10, None),
    "a text column as the only feature": (
        b"x,y\n" + b"".join(b"sentence number %d,%s\n" % (i, b"ab"[i % 2 : i % 2 + 1]) for i in range(90)),
        "y",
    ),
    "infinite values": (b"x,y\n" + b"1,a\ninf,b\n3,a\n4,b\n" * 10, "y"),
}


@pytest.mark.parametrize("language", ["en-US", "fr-FR"])
@pytest.mark.parametrize("case", [name for name, (_, target) in HARD_TABLES.items() if target])
def test_a_table_that_cannot_be_learned_from_gets_one_sentence(
    visit: Visit, case: str, language: str
) -> None:
    content, target = HARD_TABLES[case]
    app = bring(visit(language=language), content, "hard.csv")
    assert not words(app, "error")
    app.switch_page("pages/Train.py").run()
    (choice,) = [box for box in app.selectbox if str(box.key).startswith("train.target")]
    choice.select(target).run()
    app.button(key="train.start").click().run()
    assert not app.exception
    assert len(words(app, "error")) == 1, words(app, "error")
    assert not [button for button in app.button if button.key == "train.cancel"], "no job was started"


def test_an_empty_column_cannot_be_chosen_as_a_target(visit: Visit) -> None:
    app = (
        bring(visit(), HARD_TABLES["an all-missing target"][0], "hard.csv")
        .switch_page("pages/Train.py")
        .run()
    )
    (choice,) = [box for box in app.selectbox if str(box.key).startswith("train.target")]
    assert choice.options == ["x"]


def test_duplicated_column_names_are_made_unique_and_said(visit: Visit) -> None:
    app = bring(visit(), b"a,a,b\n1,2,3\n4,5,6\n")
    assert not words(app, "error")
    assert words(app, "info")
    for page in ("Explore", "Visualize", "Train"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert not words(app, "error")


@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize(
    "name", ["<b>$x^2$</b> **[a](b)** :red[c]", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"]
)
def test_names_that_look_like_markup_are_shown_as_text(visit: Visit, name: str, quote: str) -> None:
    app = bring(
        visit(), f"{quote}{name}{quote},other\n1,2\n3,4\n5,6\n".encode(), "<script>alert(1)</script>.csv"
    )
    assert not words(app, "error")
    for page in ("Start", "Upload", "Explore", "Visualize", "Train"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        bodies = [str(html.proto.body) for html in app.get("html")]
        assert not any("<script>" in body for body in bodies)
