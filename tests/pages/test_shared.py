"""Links to a project, and the page behind them: it shows that project, and nothing else of its owner."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from accountapp import account_page, press, show, signed_up
from apptest import everything, words
from streamlit.testing.v1 import AppTest

from pages._ui.services import services

Visit = Callable[..., AppTest]

HOME = Path(__file__).parents[2] / "Home.py"


def link_of(app: AppTest) -> str:
    """Return the token of the only link that the page shows."""
    (block,) = app.code
    return str(block.value).partition("?link=")[2]


def with_link(visit: Visit, **how: str) -> tuple[AppTest, str]:
    app = show(signed_up(visit, **how), "links")
    press(app, "links.go")
    assert not words(app, "error")
    return app, link_of(app)


def behind(visit: Visit, token: str, language: str = "en-US") -> AppTest:
    """Open a link as somebody who was never here."""
    app = AppTest.from_file(str(HOME), default_timeout=60)
    app.context["locale"] = language
    app.query_params["link"] = token
    app.switch_page("pages/Shared.py").run()
    assert not app.exception
    return app


def test_who_has_the_link_sees_the_project_and_nothing_else_of_its_owner(visit: Visit) -> None:
    app, token = with_link(visit, sample="cars")
    show(app, "projects")
    press(app, "projects.new.open")
    seen = behind(visit, token)
    said = everything(seen)
    assert words(seen, "title") == ["cars"]
    assert seen.dataframe[0].value.shape == (100, 9)
    assert "The first 100 of 406 rows." in said
    assert "Number × " in said
    for secret in ("ada@example.org", "Ada", token, "Delete", "Rename", "Open"):
        assert secret not in said
    assert [button.label for button in seen.button] == []


def test_a_visit_by_link_makes_no_project(visit: Visit) -> None:
    _, token = with_link(visit, sample="cars")
    before = kept()
    behind(visit, token)
    assert kept() == before


def test_the_page_shows_the_project_as_it_now_stands(visit: Visit) -> None:
    app, token = with_link(visit, sample="cars")
    app.switch_page("pages/Explore.py").run()
    (box,) = [one for one in app.selectbox if one.key == "explore.step"]
    box.select("drop_columns").run()
    (columns,) = [one for one in app.multiselect if str(one.key).endswith(".columns")]
    columns.select("Displacement").run()
    app.button(key="explore.add").click().run()
    assert not words(app, "error")
    seen = behind(visit, token)
    assert seen.dataframe[0].value.shape == (100, 8)
    assert "Drop Displacement" in everything(seen)


def test_a_withdrawn_link_leads_nowhere_and_other_links_stay(visit: Visit) -> None:
    app, token = with_link(visit, sample="cars")
    press(app, "links.go")
    assert len(app.code) == 2
    share = services().shares.find(token)
    press(app, f"links.withdraw.{share.id}")
    gone = behind(visit, token)
    assert "leads nowhere" in words(gone, "title")[0]
    assert "cars" not in everything(gone)
    assert words(behind(visit, link_of(app)), "title") == ["cars"]


@pytest.mark.parametrize("token", ["", "x" * 32, "../../etc/passwd", "0" * 32, "é" * 5_000])
def test_what_is_no_link_gets_one_sentence(visit: Visit, token: str) -> None:
    visit("cars")
    seen = behind(visit, token, language="fr-FR")
    assert len(words(seen, "title")) == 1
    assert "ne mène nulle part" in words(seen, "title")[0]
    assert not words(seen, "error")


def test_a_deleted_project_takes_its_links_along(visit: Visit) -> None:
    app, token = with_link(visit, sample="cars")
    share = services().shares.find(token)
    show(app, "projects")
    press(app, f"projects.delete.{share.project_id}")
    press(app, f"projects.deleting.{share.project_id}.danger")
    assert "leads nowhere" in words(behind(visit, token), "title")[0]


def test_links_to_other_projects_are_listed_by_their_names(visit: Visit) -> None:
    app, token = with_link(visit, sample="cars")
    show(app, "projects")
    press(app, "projects.new.open")
    press(app, "projects.new.go")
    show(app, "links")
    assert "To your other projects" in words(app, "subheader")
    assert link_of(app) == token


def test_the_code_for_the_projector_holds_the_address(visit: Visit) -> None:
    app, token = with_link(visit, sample="cars")
    share = services().shares.find(token)
    press(app, f"links.code.{share.id}")
    html = unescape("\n".join(str(found.proto.body) for found in app.get("html")))
    assert "data:image/svg+xml;base64," in html
    press(app, f"links.code.{share.id}")
    html = "\n".join(str(found.proto.body) for found in app.get("html"))
    assert "data:image/svg" not in html


def test_a_guest_can_share_too_and_french_is_spoken(visit: Visit) -> None:
    app = show(account_page(visit, sample="cars", language="fr-FR"), "links")
    press(app, "links.go")
    assert "Lien en lecture seule" in everything(app)
    assert words(behind(visit, link_of(app), language="fr-FR"), "title") == ["cars"]


def kept() -> tuple[int, list[str]]:
    """Return how many projects and folders there are."""
    with services().library._database.reading() as connection:
        count = connection.execute("SELECT count(*) FROM projects").fetchone()[0]
    root = Path(services().settings.data_dir)
    return int(count), sorted(path.name for path in (root / "workspaces").glob("[0-9a-f]*"))
