"""Names stay names on both surfaces, and numbers follow the reader's language."""

from __future__ import annotations

import io

import pytest
from matplotlib.figure import Figure

from mlp_core.charts.look import Look, shorten


@pytest.fixture
def english() -> Look:
    return Look.of("en", "light")


def test_markup_is_spelled_out_for_plotly(english: Look) -> None:
    assert english.screen("<b>a</b> & $x$ %{y}") == "&lt;b&gt;a&lt;/b&gt; &amp; &#36;x&#36; &#37;{y}"


@pytest.mark.parametrize("name", ["$x^2$", "cost $", r"\$a\$ $\frac", "a $ b $ c $", "{$}", "名前 🚗"])
def test_matplotlib_draws_dollars_as_dollars(english: Look, name: str) -> None:
    figure = Figure(figsize=(2, 1))
    drawn = figure.text(0.1, 0.5, english.paper(name))
    figure.savefig(io.BytesIO(), format="png")
    shown, mathematics = drawn._preprocess_math(drawn.get_text())
    assert not mathematics
    assert shown == name.replace("名前 🚗", "\ufffd\ufffd \ufffd")


def test_long_and_broken_names_become_one_short_line(english: Look) -> None:
    assert shorten("a\nb\tc\x00d", 20) == "a b c d"
    assert shorten("x" * 500, 10) == "x" * 9 + "…"
    assert len(english.ticks(["y" * 99])[0]) == 22
    assert shorten("\u202eabc", 9) == "abc"


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0.1 + 0.2, "0.3", "0,3"),
        (1984.0, "1984", "1984"),
        (25_000.0, "25,000", "25\u202f000"),
        (-1.5, "−1.5", "−1,5"),
        (1e99, "1e+99", "1e+99"),
    ],
)
def test_ticks_are_short_and_years_have_no_mark(value: float, english: str, french: str) -> None:
    assert Look.of("en", "light").tick(value) == english
    assert Look.of("fr", "light").tick(value) == french


def test_notes_wrap_without_parting_french_marks_from_their_word() -> None:
    from mlp_core.text import Text

    look = Look.of("fr", "dark")
    lines = look.lines([Text("Colour: Pearson residual; beyond ±2 a combination is unusual.")], 26)
    assert all(len(line) <= 26 for line in lines)
    assert not any(line.lstrip().startswith((":", ";", "%")) for line in lines)
