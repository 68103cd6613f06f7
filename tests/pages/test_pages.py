"""Every page from Home.py, as a first visitor finds it and with a table loaded."""

from collections.abc import Callable

import pytest
from apptest import PAGES, everything, words
from streamlit.testing.v1 import AppTest

Visit = Callable[..., AppTest]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("language", "word"), [("en-US", "Home"), ("fr-FR", "Accueil")])
def test_an_empty_page_says_what_to_do_in_the_browsers_language(
    visit: Visit, page: str, language: str, word: str
) -> None:
    app = visit(language=language).switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert not words(app, "error")
    links = [link.proto.label for link in app.get("page_link")]
    assert any(word in label for label in links)
    if page not in ("Start", "Upload"):
        assert ("There is no table yet." if word == "Home" else "Il n’y a pas encore de tableau.") in words(
            app, "subheader"
        )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("sample", ["cars", "penguins"])
def test_a_page_with_a_table_shows_it(visit: Visit, page: str, sample: str) -> None:
    app = visit(sample).switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert not words(app, "error")
    assert sample in everything(app)


def test_a_class_target_chosen_after_none_is_split_by_its_classes(visit: Visit) -> None:
    app = visit("iris").switch_page("pages/Train.py").run()
    (target,) = [box for box in app.selectbox if str(box.key).startswith("train.target")]
    target.select(None).run()
    (target,) = [box for box in app.selectbox if str(box.key).startswith("train.target")]
    target.select("species").run()
    (split,) = [box for box in app.selectbox if str(box.key).startswith("train.stratify")]
    assert split.value is True
