"""The tables of a project on the page: added, related, joined as a step, removed, and made the main one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from apptest import everything, words
from credit import Bank, bank
from streamlit.testing.v1 import AppTest

from mlp_core.project import Project

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def of_bank() -> Bank:
    return bank(60)


def page(path: str) -> None:
    from pathlib import Path

    from pages._ui import actions, shell, state, tables

    if state.project().source is None:
        actions.open_file("applications.csv", Path(path).read_bytes())
    said = state.said()
    if said is not None:
        shell.show(said)
    tables.draw(state.project())


@pytest.fixture
def opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_bank: Bank
) -> Iterator[Callable[..., AppTest]]:
    """Return a function that opens the page on a project of one table."""
    monkeypatch.setenv("MLP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MLP_FAST_JOBS", "0")
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    main = tmp_path / "main.csv"
    main.write_bytes(csv(of_bank.applications.frame))

    def open_app(language: str = "en-US") -> AppTest:
        app = AppTest.from_function(page, default_timeout=60, args=(str(main),))
        app.context["locale"] = language
        app.run()
        assert not app.exception
        return app

    yield open_app
    st.cache_resource.clear()


def project_of(tmp_path: Path) -> Project:
    (folder,) = (tmp_path / "data" / "workspaces").glob("[0-9a-f]*")
    return Project.load(folder)


def csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def add(app: AppTest, name: str, frame: pd.DataFrame) -> None:
    app.file_uploader(key="tables.file").upload(name, csv(frame), "text/csv").run()
    assert not app.exception, app.exception
    assert not words(app, "error")


def test_a_second_table_is_added_related_and_summed_up_per_key(
    opened: Callable[..., AppTest], of_bank: Bank, tmp_path: Path
) -> None:
    app = opened()
    add(app, "bureau.csv", of_bank.bureau.frame)
    (ref,) = project_of(tmp_path).others
    assert (ref.name, ref.rows) == ("bureau.csv", len(of_bank.bureau.frame))
    assert "One to many" in everything(app)
    app.button(key=f"tables.open.{ref.fingerprint}").click().run()
    said = everything(app)
    assert "60 rows before, 60 after" in said
    assert not words(app, "error")
    app.button(key=f"tables.form.{ref.fingerprint}.add").click().run()
    assert not app.exception
    project = project_of(tmp_path)
    joined = project.recipe.apply(project.table).frame
    assert len(joined) == 60
    counts = of_bank.bureau.frame["sk_id_curr"].value_counts()
    expected = of_bank.applications.frame["SK_ID_CURR"].map(counts).fillna(0)
    assert (joined["bureau_count"].to_numpy() == expected.to_numpy()).all()
    assert "Joined in step 1 of the recipe" in everything(app)


def test_one_row_per_key_is_looked_up_and_the_table_can_be_removed(
    opened: Callable[..., AppTest], of_bank: Bank, tmp_path: Path
) -> None:
    app = opened("fr-FR")
    add(app, "branches.csv", of_bank.branches.frame)
    (ref,) = project_of(tmp_path).others
    app.button(key=f"tables.open.{ref.fingerprint}").click().run()
    app.multiselect(key=f"tables.form.{ref.fingerprint}.columns").select("region").run()
    assert "60 lignes avant, 60 après" in everything(app).replace("\u202f", " ")
    app.button(key=f"tables.form.{ref.fingerprint}.add").click().run()
    project = project_of(tmp_path)
    assert list(project.recipe.apply(project.table).frame.columns)[-1] == "region"
    app.button(key=f"tables.remove.{ref.fingerprint}").click().run()
    assert not app.exception
    assert project_of(tmp_path).others == ()
    assert len(project_of(tmp_path).recipe) == 1


def test_another_table_becomes_the_main_one(
    opened: Callable[..., AppTest], of_bank: Bank, tmp_path: Path
) -> None:
    app = opened()
    add(app, "branches.csv", of_bank.branches.frame)
    (ref,) = project_of(tmp_path).others
    app.button(key=f"tables.main.{ref.fingerprint}").click().run()
    assert not app.exception
    project = project_of(tmp_path)
    assert project.source is not None
    assert [one.name for one in project.sources] == ["branches.csv", "applications.csv"]


def test_a_table_without_a_common_key_and_one_that_is_there_already_say_so(
    opened: Callable[..., AppTest], of_bank: Bank
) -> None:
    app = opened()
    add(app, "words.csv", pd.DataFrame({"word": [f"w{n}" for n in range(30)], "length": 2.5}))
    assert "No column of it has values in common" in everything(app)
    again = pd.DataFrame({"word": [f"w{n}" for n in range(30)], "length": 2.5})
    app.file_uploader(key="tables.file").upload("copy.csv", csv(again), "text/csv").run()
    assert any("holds exactly what words" in error for error in words(app, "error"))


def test_a_table_is_joined_by_way_of_another(
    opened: Callable[..., AppTest], of_bank: Bank, tmp_path: Path
) -> None:
    app = opened()
    add(app, "bureau.csv", of_bank.bureau.frame)
    add(app, "payments.csv", of_bank.payments.frame)
    ref = project_of(tmp_path).others[-1]
    assert "by way of bureau" in str(app.selectbox(key=f"tables.key.{ref.fingerprint}").options[0])
    app.button(key=f"tables.open.{ref.fingerprint}").click().run()
    app.button(key=f"tables.form.{ref.fingerprint}.add").click().run()
    assert not app.exception
    assert not words(app, "error")
    project = project_of(tmp_path)
    out = project.recipe.apply(project.table).frame
    assert len(out) == 60
    assert out["payments_count"].max() > 0
    assert len(project.files_needed()) == 2
