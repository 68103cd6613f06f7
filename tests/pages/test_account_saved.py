"""Saved things on the account page: found, looked at, renamed, deleted, and the room they take."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from accountapp import account_page, keyed, press, show
from apptest import everything, words
from streamlit.testing.v1 import AppTest

from mlp_core.accounts import Owner
from mlp_core.storage.artifacts import Artifact
from pages._ui.services import services

Visit = Callable[..., AppTest]


def owner() -> Owner:
    """Return the only owner there is."""
    with services().library._database.reading() as connection:
        (found,) = {row["owner"] for row in connection.execute("SELECT owner FROM projects")}
    return Owner(id=str(found))


def keep(name: str, kind: str, content: bytes, page: str = "explore") -> Artifact:
    return services().artifacts.put(owner(), name=name, kind=kind, page=page, content=content)


def saved_page(visit: Visit, things: dict[str, tuple[str, bytes]], **how: str) -> AppTest:
    app = account_page(visit, **how)
    for name, (kind, content) in things.items():
        keep(name, kind, content)
    return show(app, "saved")


def look(app: AppTest, name: str) -> AppTest:
    (thing,) = [one for one in services().artifacts.list(owner()) if one.name == name]
    return press(app, f"saved.look.{thing.id}")


def names(app: AppTest) -> list[str]:
    """Return the names of the things that the page lists, as they stand in its HTML."""
    html = [str(found.proto.body) for found in app.get("html")]
    things = [body for body in html if body.startswith('<div class="py-item py-kind">')]
    return [body.split("<b>")[1].split("</b>")[0] for body in things]


def test_an_empty_list_says_how_to_fill_it(visit: Visit) -> None:
    app = saved_page(visit, {})
    assert "Nothing is saved yet." in words(app, "subheader")
    assert "of 1,000 MB" in everything(app)


def test_the_search_finds_names_whatever_their_accents_and_the_lists_narrow_it(visit: Visit) -> None:
    app = saved_page(
        visit, {"Âge et survie": ("png", png()), "Prix": ("csv", b"a\n1\n"), "agenda": ("json", b"{}")}
    )
    assert set(names(app)) == {"Âge et survie", "Prix", "agenda"}
    app.text_input(key="saved.search").input("age").run()
    assert set(names(app)) == {"Âge et survie", "agenda"}
    app.selectbox(key="saved.kind").select("png").run()
    assert names(app) == ["Âge et survie"]
    app.text_input(key="saved.search").input("nothing like it").run()
    assert "fits this search" in everything(app)


def test_the_order_is_chosen(visit: Visit) -> None:
    app = saved_page(visit, {"b": ("csv", b"x" * 10), "a": ("csv", b"x" * 1_000), "c": ("csv", b"x" * 100)})
    assert names(app) == ["c", "a", "b"]
    for order, expected in (("old", ["b", "a", "c"]), ("name", ["a", "b", "c"]), ("large", ["a", "c", "b"])):
        app.selectbox(key="saved.order").select(order).run()
        assert names(app) == expected


def test_a_table_shows_its_first_rows(visit: Visit) -> None:
    content = "nom;âge;nom\n" + "Ada;36;x\n" * 50
    app = look(saved_page(visit, {"t": ("csv", content.encode("utf-8-sig"))}), "t")
    shown = app.dataframe[0].value
    assert list(shown.columns) == ["nom", "âge", "nom*"]
    assert shown.shape == (20, 3)


def test_a_picture_a_document_and_data_are_shown(visit: Visit) -> None:
    app = saved_page(visit, {"p": ("png", png()), "d": ("pdf", pdf()), "j": ("json", b'{"rows": 1309}')})
    look(app, "p")
    assert len(app.image) == 1
    look(app, "d")
    assert len(app.image) == 1
    assert "The first of 2 pages." in words(app, "caption")
    look(app, "j")
    assert "1309" in str(app.json[0].value)


def test_a_model_is_named_and_never_opened(visit: Visit) -> None:
    app = saved_page(
        visit, {"m": ("joblib", b"cos\nsystem\n(S'touch /tmp/owned'\ntR."), "s": ("skops", b"x")}
    )
    assert "never opened here" in everything(look(app, "m"))
    assert "nothing is loaded here" in everything(look(app, "s"))


def test_a_page_is_shown_in_a_frame_that_runs_and_fetches_nothing(visit: Visit) -> None:
    page = "<p id='x'>Bonjour</p><script>parent.location='https://example.org'</script>"
    app = look(saved_page(visit, {"h": ("html", page.encode())}), "h")
    (frame,) = app.get("iframe")
    shown = frame.proto.srcdoc
    assert '<iframe sandbox="" srcdoc="&lt;p id=&#x27;x&#x27;&gt;Bonjour' in shown
    assert "default-src 'none'" in shown
    assert "<script" not in shown


def test_a_project_says_what_it_holds_and_opens(visit: Visit) -> None:
    from pages._ui.project_actions import file_of

    app = account_page(visit, sample="cars")
    (entry,) = services().library.projects(owner().id)
    keep("état du lundi", "project", file_of(services().library, owner().id, entry.id), page="start")
    look(show(app, "saved"), "état du lundi")
    assert "406 rows × 9 columns" in everything(app)
    (thing,) = services().artifacts.list(owner())
    press(app, f"saved.project.{thing.id}")
    assert not words(app, "error")
    assert len(services().library.projects(owner().id)) == 2


@pytest.mark.parametrize("kind", ["png", "pdf", "project"])
def test_a_damaged_thing_gets_a_sentence(visit: Visit, kind: str) -> None:
    app = look(saved_page(visit, {"x": (kind, b"nothing of the kind")}), "x")
    assert any("damaged" in error for error in words(app, "error"))


def test_a_thing_is_renamed_and_deleted_after_a_question(visit: Visit) -> None:
    app = saved_page(visit, {"t": ("csv", b"a\n1\n")})
    (thing,) = services().artifacts.list(owner())
    press(app, f"saved.rename.{thing.id}")
    keyed(app.text_input, f"saved.renaming.{thing.id}.name").input("Résultats <b>")
    press(app, f"saved.renaming.{thing.id}.go")
    assert names(app) == ["Résultats &lt;b&gt;"]
    press(app, f"saved.delete.{thing.id}")
    assert names(app)
    press(app, f"saved.deleting.{thing.id}.danger")
    assert services().artifacts.list(owner()) == []
    assert "Nothing is saved yet." in words(app, "subheader")


def test_the_clouds_copies_of_projects_are_not_shown(visit: Visit) -> None:
    app = account_page(visit)
    keep("copy", "project", b"x", page="project")
    assert "Nothing is saved yet." in words(show(app, "saved"), "subheader")


def test_a_long_list_is_drawn_in_parts(visit: Visit) -> None:
    app = saved_page(visit, {f"thing {number}": ("csv", b"x") for number in range(40)})
    assert len(names(app)) == 25
    app.button(key="saved.more").click().run()
    assert len(names(app)) == 40


def test_what_waits_for_the_cloud_is_marked() -> None:
    def page() -> None:
        import streamlit as st

        from mlp_core.storage.artifacts import Artifact
        from pages._ui import saved

        of = {"name": "t", "kind": "csv", "page": "train", "size": 1, "created": 0.0}
        st.html(saved._words(Artifact(id="0" * 32, sha256="0" * 64, pending=True, **of)))

    app = AppTest.from_function(page, default_timeout=60).run()
    assert "kept here, not yet in the cloud" in everything(app)


def png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#0F6E6E").save(out, "PNG")
    return out.getvalue()


def pdf() -> bytes:
    from fpdf import FPDF

    document = FPDF()
    document.add_page()
    document.add_page()
    return bytes(document.output())
