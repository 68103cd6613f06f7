"""Projects, their versions and their files on the account page."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from accountapp import account_page, keyed, press, show, signed_up
from apptest import bring, everything, words
from streamlit.testing.v1 import AppTest

from mlp_core.library import Entry
from pages._ui.services import services

Visit = Callable[..., AppTest]

NAUGHTY = (
    *("../../etc/passwd", "CON", "<script>alert(1)</script>", "$\\alpha$ **x** [a](b)", "محمد 🙂"),
    "x" * 400,
)


def entries() -> list[Entry]:
    """Return the projects of the only owner that has any."""
    library = services().library
    with library._database.reading() as connection:
        (owner,) = {row["owner"] for row in connection.execute("SELECT owner FROM projects")}
    return library.projects(owner)


def named(name: str) -> Entry:
    (found,) = [entry for entry in entries() if entry.title == name]
    return found


def projects_page(visit: Visit, **how: str) -> AppTest:
    return show(account_page(visit, **how), "projects")


def new_project(app: AppTest, name: str) -> AppTest:
    press(app, "projects.new.open")
    keyed(app.text_input, "projects.new.name").input(name)
    return press(app, "projects.new.go")


def test_a_new_project_is_open_and_empty_and_the_former_one_is_found_again(visit: Visit) -> None:
    app = new_project(projects_page(visit, sample="cars"), "Second")
    assert "Second" in everything(app)
    assert [entry.title for entry in entries()].count("cars") == 1
    app.switch_page("pages/Train.py").run()
    assert "There is no table yet." in words(app, "subheader")
    app.switch_page("pages/Account.py").run()
    press(app, f"projects.open.{named('cars').id}")
    assert "cars is open" in " ".join(words(app, "success")).replace("\\", "")
    app.switch_page("pages/Train.py").run()
    assert "<b>cars</b>" in everything(app)


def test_what_acted_has_another_key_so_that_a_second_click_finds_no_button(visit: Visit) -> None:
    app = projects_page(visit)
    for _ in range(2):
        press(app, "projects.new.open")
        before = keyed(app.button, "projects.new.go").key
        press(app, "projects.new.go")
        press(app, "projects.new.open")
        assert keyed(app.button, "projects.new.go").key != before
        press(app, "projects.new.leave")
    assert len(entries()) == 3


def test_a_project_is_renamed_duplicated_and_deleted_after_a_question(visit: Visit) -> None:
    app = projects_page(visit, sample="cars")
    first = named("cars")
    press(app, f"projects.rename.{first.id}")
    keyed(app.text_input, f"projects.renaming.{first.id}.name").input("Voitures")
    press(app, f"projects.renaming.{first.id}.go")
    assert named("Voitures").id == first.id

    press(app, f"projects.duplicate.{first.id}")
    copy = named("Copy of Voitures")
    assert (copy.rows, copy.columns) == (406, 9)

    press(app, f"projects.delete.{first.id}")
    assert "cannot be undone" in everything(app)
    press(app, f"projects.keep.{first.id}")
    assert len(entries()) == 2
    press(app, f"projects.delete.{first.id}")
    press(app, f"projects.deleting.{first.id}.danger")
    assert [entry.id for entry in entries()] == [copy.id]


def test_the_open_project_can_be_deleted_and_an_empty_one_is_there_instead(visit: Visit) -> None:
    app = projects_page(visit, sample="cars")
    gone = named("cars")
    press(app, f"projects.delete.{gone.id}")
    press(app, f"projects.deleting.{gone.id}.danger")
    (left,) = entries()
    assert left.id != gone.id
    assert not left.tables
    app.switch_page("pages/Upload.py").run()
    assert not app.exception
    assert not words(app, "error")


def test_a_version_is_restored_and_the_restoring_can_be_taken_back(visit: Visit) -> None:
    app = visit("cars")
    bring(app, b"a,b\n1,2\n3,4\n5,6\n", "small.csv")
    app.switch_page("pages/Account.py").run()
    show(app, "projects")
    (entry,) = entries()
    assert entry.rows == 3
    versions = services().library.versions(_owner(), entry.id)
    cars = next(one for one in versions if "cars" in str(one.what))
    press(app, f"versions.restore.{cars.revision}")
    assert named("cars").rows == 406
    again = services().library.versions(_owner(), entry.id)
    small = next(one for one in again if "small" in str(one.what))
    press(app, f"versions.restore.{small.revision}")
    assert entries()[0].rows == 3


def test_a_project_leaves_as_a_file_and_comes_back_from_it(visit: Visit, tmp_path: object) -> None:
    from pages._ui.project_actions import file_of

    app = projects_page(visit, sample="cars")
    content = file_of(services().library, _owner(), named("cars").id)
    press(app, "projects.file.open")
    uploader = keyed(app.file_uploader, "projects.file")
    uploader.upload("cars.pythie", content, "application/zip").run()
    assert not app.exception
    assert not words(app, "error")
    assert [(entry.rows, entry.columns) for entry in entries()] == [(406, 9), (406, 9)]


def test_a_file_that_is_no_project_is_refused_with_a_sentence(visit: Visit) -> None:
    app = projects_page(visit)
    press(app, "projects.file.open")
    keyed(app.file_uploader, "projects.file").upload("x.pythie", b"no archive", "application/zip").run()
    assert not app.exception
    assert len(words(app, "error")) == 1
    assert len(entries()) == 1


def test_more_projects_than_are_allowed_are_refused_with_a_sentence(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLP_MAX_PROJECTS", "1")
    app = new_project(projects_page(visit), "Second")
    assert len(words(app, "error")) == 1
    assert len(entries()) == 1


def test_naughty_names_are_shown_as_they_are(visit: Visit) -> None:
    app = projects_page(visit)
    for name in NAUGHTY:
        new_project(app, name)
        assert not app.exception
        kept = entries()[0].name
        assert name.startswith(kept)
        html = "\n".join(str(found.proto.body) for found in app.get("html"))
        assert kept in unescape(html)
        assert "<script>" not in html


def test_an_account_finds_its_projects_and_a_new_guest_does_not(visit: Visit) -> None:
    app = show(signed_up(visit, sample="cars"), "projects")
    assert "cars" in everything(app)
    show(app, "account")
    press(app, "account.out")
    assert "cars" not in everything(show(app, "projects"))


def _owner() -> str:
    library = services().library
    with library._database.reading() as connection:
        (owner,) = {row["owner"] for row in connection.execute("SELECT owner FROM projects")}
    return str(owner)


def test_a_second_press_while_the_first_is_at_work_does_nothing() -> None:
    def page() -> None:
        import streamlit as st

        from pages._ui import acting, state

        acting.begin()
        deeds = st.session_state.setdefault("deeds", [])
        late = st.checkbox("late", key="late")
        if st.button("go", key=acting.key("go")):
            if late:
                # Meanwhile another run of this tab has done it.
                state.remember("acting.turn", -1)
            with acting.whole():
                deeds.append(acting.key("go"))
                acting.done()

    app = AppTest.from_function(page, default_timeout=60).run()
    press(app, "go")
    press(app, "go")
    first, second = app.session_state["deeds"]
    assert first != second
    app.checkbox(key="late").check()
    press(app, "go")
    assert len(app.session_state["deeds"]) == 2
