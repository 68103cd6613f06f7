"""One identity: pages and charts have the same colours, and words can be read on them."""

import re
import tomllib
from pathlib import Path

import pytest

from mlp_core.charts.theme import THEMES, contrast
from pages._ui.shell import DARK_BUTTONS

ROOT = Path(__file__).parents[1]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_pages_and_charts_share_their_colours(name: str) -> None:
    page, chart = CONFIG[name], THEMES[name]
    assert (page["primaryColor"], page["backgroundColor"], page["textColor"]) == (
        chart.primary,
        chart.background,
        chart.ink,
    )
    assert page["secondaryBackgroundColor"] == chart.secondary


@pytest.mark.parametrize(("name", "word"), [("light", "#FFFFFF"), ("dark", None)])
def test_the_words_on_the_main_button_can_be_read(name: str, word: str | None) -> None:
    on_dark = re.search(r"#[0-9A-F]{6}", DARK_BUTTONS)
    assert on_dark is not None
    assert contrast(word or on_dark.group(), CONFIG[name]["primaryColor"]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_can_be_read_from_the_back_of_a_room(name: str) -> None:
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(CONFIG[name]["textColor"], CONFIG[name][ground]) >= 7
    assert contrast(CONFIG[name]["linkColor"], CONFIG[name]["backgroundColor"]) >= 4.5
