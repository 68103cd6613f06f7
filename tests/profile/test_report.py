"""The downloads stand alone, show hostile names as they are and run nothing, in both languages."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from mlp_core.charts.theme import DARK, LIGHT
from mlp_core.errors import InvalidParameter
from mlp_core.kinds import Kind
from mlp_core.profile import Profile, profile
from mlp_core.profile.report import style
from mlp_core.table import Table
from mlp_core.text import Text

NAUGHTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><svg onload=alert(1)>",
    '=HYPERLINK("http://x";"y")',
    "${7*7}{{7*7}}{name}",
    "\u202eevil\u202c",
    "nul\x00 bell\x07",
    "田中さんにあげて下さい",
    "a" * 5000,
    "&amp; & &lt;",
    " ",
)


class Page(HTMLParser):
    """The tags, attributes and visible words of a page; a tag left open is an error."""

    EMPTY = frozenset({"meta", "line"})

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta",):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)


def hostile() -> Profile:
    dice = np.random.default_rng(1)
    columns: dict[str, object] = {}
    for place, name in enumerate(NAUGHTY):
        values = dice.normal(size=60) if place % 2 else dice.choice(np.array(NAUGHTY, dtype=object), 60)
        columns[name] = values
    frame = pd.DataFrame(columns).astype(dict.fromkeys(NAUGHTY[::2], object))
    return profile(Table.of(frame, name="<b>bold</b>"), target=NAUGHTY[0])


@pytest.fixture(scope="module")
def mixed() -> Profile:
    """Return the profile of a table with everything that the report shows."""
    dice = np.random.default_rng(2)
    rows = 400
    hidden = dice.normal(size=rows)
    frame = pd.DataFrame(
        {
            "level": hidden,
            "other": hidden + dice.normal(0, 0.3, rows),
            "far": np.append(dice.normal(0, 1, rows - 1), 1e5),
            "count": dice.poisson(2, rows),
            "town": dice.choice(["Paris", "Lyon", "Lille"], rows),
            "member": dice.random(rows) < 0.4,
            "day": pd.date_range("2024-01-01", periods=rows),
            "wait": pd.to_timedelta(dice.integers(0, 900, rows), unit="s"),
            "note": [f"note number {n}" for n in range(rows)],
            "gone": [np.nan] * rows,
        }
    )
    frame.loc[: rows // 4, ["level", "other"]] = np.nan
    return profile(Table.of(frame, name="sales", decided={"town": Kind.CATEGORY}), target="town")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_page_stands_alone(mixed: Profile, language: str, theme: str) -> None:
    source = mixed.to_html(language, theme)
    page = Page(source)

    assert source.startswith("<!doctype html>")
    assert f'<html lang="{language}"' in source
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(page.tags)
    assert not {name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href")}
    assert not re.search(r"https?:|url\(|@import", source)
    assert len(source) < 200_000


def test_the_page_says_what_is_known(mixed: Profile) -> None:
    words = Page(mixed.to_html("en")).text

    for expected in (
        "Profile of sales",
        "400",
        "What to look at first",
        "Paris",
        "1 day",
        "Missing in the same",
    ):
        assert expected in words
    for facts in mixed.columns:
        assert facts.name in words
    assert Page(mixed.to_html("en")).tags.count("article") == len(mixed.columns)


def test_no_english_is_left_in_the_french_page(mixed: Profile) -> None:
    english, french = (Page(mixed.to_html(language)) for language in ("en", "fr"))

    assert len(english.words) == len(french.words)
    same = {
        word
        for word, other in zip(english.words, french.words, strict=True)
        if word == other and re.search(r"[a-z]{4}", word)
    }
    known = {
        "Pythie",
        "Quartiles",
        "note",
        "number",
        "sales",
        "Paris",
        "Lille",
        "Lyon",
        *(f.name for f in mixed.columns),
    }
    assert not {word for word in same if not any(name in word for name in known)}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_naughty_names_and_values_are_shown_and_do_nothing(language: str) -> None:
    source = hostile().to_html(language)
    page = Page(source)

    assert not {"script", "img"} & set(page.tags)
    assert "onerror" not in dict(page.attributes)
    assert "<script>alert(1)</script>" in page.text
    assert "田中さんにあげて下さい" in page.text
    assert "{{7*7}}" in page.text
    assert not re.search("[\x00\x07\u202e]", source)
    assert "a" * 200 not in source
    source.encode("utf-8")


def test_a_proposed_step_is_named_where_its_name_is_known(mixed: Profile) -> None:
    fixes = {str(alert.fix["id"]) for alert in mixed.alerts if alert.fix is not None}
    named = {step: Text("Drop columns") for step in fixes}

    assert fixes
    assert "Proposed step: Drop columns" in Page(mixed.to_html("en", steps=named)).text
    assert "Proposed step" not in mixed.to_html("en")


def test_a_table_of_very_many_columns_stays_a_page() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 900))).add_prefix("x")
    source = profile(Table.of(frame, name="wide")).to_html()

    assert Page(source).tags.count("article") == 200
    assert "The first 200 of 900 columns" in source
    assert len(source) < 2_000_000


@pytest.mark.parametrize("rows", [0, 1])
def test_nearly_nothing_makes_a_page_too(messy: pd.DataFrame, rows: int) -> None:
    found = profile(Table.of(messy.head(rows), name=""))

    Page(found.to_html("fr"))
    assert len(found.to_csv().splitlines()) == 1 + len(messy.columns)


def test_a_language_that_is_not_there_is_refused(mixed: Profile) -> None:
    with pytest.raises(InvalidParameter, match="no language de"):
        mixed.to_html("de")


def test_the_report_wears_the_colours_of_the_charts() -> None:
    for look, theme in ((style.LIGHT, LIGHT), (style.DARK, DARK)):
        known = dict(re.findall(r"--(\w+):(#\w{6})", look))
        assert (known["page"], known["panel"], known["ink"], known["muted"]) == (
            theme.background,
            theme.secondary,
            theme.ink,
            theme.muted,
        )
        assert (known["primary"], known["accent"], known["gold"], known["line"]) == (
            theme.primary,
            theme.accent,
            theme.gold,
            theme.grid,
        )


def test_the_csv_has_one_line_a_column_and_runs_nothing(mixed: Profile) -> None:
    lines = list(csv.DictReader(io.StringIO(mixed.to_csv().decode("utf-8-sig"))))

    assert [line["name"] for line in lines] == [facts.name for facts in mixed.columns]
    by_name = {line["name"]: line for line in lines}
    assert float(by_name["count"]["mean"]) == mixed["count"].mean
    assert by_name["day"]["step"] == "1 day"
    assert by_name["town"]["kind"] == "category"


def test_csv_cells_cannot_start_a_formula() -> None:
    found = hostile()
    guarded = list(csv.reader(io.StringIO(found.to_csv().decode("utf-8-sig"), newline="")))
    plain = list(csv.reader(io.StringIO(found.to_csv(guard=False).decode("utf-8-sig"), newline="")))

    cells = [cell for line in guarded for cell in line]
    risky = [cell for cell in cells if cell[:1] in ("=", "+", "@") or re.match(r"-(?![\d.])", cell)]
    assert not risky
    assert plain[4][0] == NAUGHTY[3]
    assert guarded[4][0] == "'" + NAUGHTY[3]
