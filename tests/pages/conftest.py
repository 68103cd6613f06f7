"""A visitor of the app without a browser: every page from Home.py, in a data folder of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from apptest import words
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Return a function that opens the app as a new visitor, in a language and with a sample loaded."""
    monkeypatch.setenv("MLP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MLP_FAST_JOBS", "0")
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()

    def open_app(sample: str | None = None, language: str = "en-US") -> AppTest:
        app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
        app.context["locale"] = language
        app.run()
        if sample is not None:
            app.switch_page("pages/Upload.py").run()
            app.button(key=f"upload.sample.{sample}").click().run()
            assert not words(app, "error")
        return app

    yield open_app
    st.cache_resource.clear()
