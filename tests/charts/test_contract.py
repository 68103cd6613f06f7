"""Every chart, over every awkward table: a bounded chart on both surfaces, or a sentence."""

from __future__ import annotations

import contextlib
import itertools
import json
import re

import numpy as np
import pandas as pd
import pytest

from mlp_core import params
from mlp_core.charts import CHARTS, ChartData, draw, draw_static, shape_chart, suggest
from mlp_core.errors import InvalidParameter, MLPError, NotApplicable
from mlp_core.table import Table
from mlp_core.text import Text, catalogue

PNG = b"\x89PNG\r\n\x1a\n"


def attempts(id_: str, table: Table) -> list[dict]:
    """Return parameters a person might give: the suggested, the first columns, one per column."""
    names = table.columns()
    tries: list[dict] = []
    with contextlib.suppress(NotApplicable):
        tries.append(suggest(id_, table))
    if id_ == "histogram":
        tries += [{"column": name} for name in names[:6]]
    if id_ == "scatter":
        pairs = list(itertools.pairwise(names))[:4]
        tries += [{"x": x, "y": y, "colour": names[-1], "trend": True} for x, y in pairs]
    if id_ == "mosaic":
        tries += [{"columns": names[:k], "colour": "residual"} for k in (2, 3, 4) if len(names) >= k]
    if id_ == "correlation":
        tries += [{"method": "spearman"}, {"method": "kendall"}, {"columns": names[:2]}]
    return tries


def shaped(id_: str, table: Table, given: dict) -> ChartData | MLPError:
    try:
        return shape_chart(id_, table, **given)
    except MLPError as refusal:
        return refusal


@pytest.mark.parametrize("id_", CHARTS.ids())
def test_every_chart_draws_or_says_why_not(id_: str, hostile: Table) -> None:
    before = hostile.frame.copy(deep=True)
    for given in attempts(id_, hostile):
        data = shaped(id_, hostile, given)
        if isinstance(data, MLPError):
            assert isinstance(data, (NotApplicable, InvalidParameter))
            assert data.hint is not None
            assert data.render("fr") != data.render("en")
            continue
        assert len(json.dumps(data.to_json(), allow_nan=False)) < 1_000_000
        english = draw(id_, hostile, **given).to_json()
        assert len(english) < 1_000_000
        assert draw(id_, hostile, **given).to_json() == english
        assert draw(id_, hostile, language="fr", theme="dark", **given).to_json() != english
    pd.testing.assert_frame_equal(hostile.frame, before)


@pytest.mark.parametrize("id_", CHARTS.ids())
def test_every_chart_prints_or_says_why_not(id_: str, hostile: Table) -> None:
    drawable = [
        given for given in attempts(id_, hostile) if isinstance(shaped(id_, hostile, given), ChartData)
    ]
    for given, look in zip(drawable[:3], (("en", "light"), ("fr", "dark"), ("fr", "light")), strict=False):
        language, theme = look
        png = draw_static(id_, hostile, language=language, theme=theme, width=500, dpi=60, **given)
        assert png.startswith(PNG)


@pytest.mark.parametrize("id_", CHARTS.ids())
def test_a_typical_table_suits_every_chart_in_its_suggested_form(id_: str, typical: Table) -> None:
    given = suggest(id_, typical)
    assert params.declared(CHARTS[id_])
    assert json.loads(json.dumps(given)) == given
    assert draw(id_, typical, **given).data
    assert draw_static(id_, typical, **given) == draw_static(id_, typical, **given)


@pytest.mark.parametrize("id_", CHARTS.ids())
def test_every_chart_is_named_and_explained_in_both_languages(id_: str) -> None:
    french = catalogue("fr")
    sentences = [CHARTS.label(id_), CHARTS.help(id_)]
    for rule in params.declared(CHARTS[id_]).values():
        sentences += [rule.label, *([rule.help] if rule.help else []), *rule.choices.values()]
    assert all(sentence.template in french for sentence in sentences)


@pytest.mark.parametrize(
    ("id_", "given", "found"),
    [
        ("histogram", {"column": "when"}, "Date/time"),
        ("histogram", {"column": "notes"}, "Free text"),
        ("histogram", {"column": "empty"}, "no value at all"),
        ("histogram", {"column": "absent"}, "no column “absent”"),
        ("scatter", {"x": "classe", "y": "cylinders"}, "Category"),
        ("scatter", {"x": "cylinders", "y": "weight (kg)", "colour": "notes"}, "Free text"),
        ("mosaic", {"columns": ["classe", "weight (kg)"]}, "Number"),
        ("mosaic", {"columns": ["classe", "classe"]}, "each column once"),
        ("correlation", {"columns": ["classe", "cylinders"]}, "Category"),
        ("correlation", {"columns": ["constant", "cylinders"]}, "that vary"),
        ("missing", {"columns": ["absent"]}, "no column “absent”"),
    ],
)
def test_a_wrong_column_is_named_with_what_it_holds(
    id_: str, given: dict, found: str, messy: pd.DataFrame
) -> None:
    with pytest.raises(NotApplicable) as caught:
        draw(id_, Table.of(messy, name="messy"), **given)
    assert found in caught.value.message.render()
    assert caught.value.hint is not None
    for name in ("when", "notes"):
        if given.get("column") == name:
            assert name in caught.value.message.render("fr")


@pytest.mark.parametrize(
    ("id_", "given"),
    [
        ("unknown", {}),
        ("scatter", {}),
        ("scatter", {"x": "height"}),
        ("mosaic", {}),
        ("mosaic", {"columns": ["colour"]}),
        ("histogram", {"bins": 0}),
        ("histogram", {"bins": 10_000}),
        ("histogram", {"colour": "red"}),
        ("correlation", {"method": "cosine"}),
    ],
)
def test_a_wrong_setting_is_refused(id_: str, given: dict, typical: Table) -> None:
    with pytest.raises(InvalidParameter):
        draw(id_, typical, **given)


@pytest.mark.parametrize("size", [{"width": 10}, {"height": 100_000}, {"dpi": 9}])
def test_a_picture_has_a_sane_size(size: dict, typical: Table) -> None:
    with pytest.raises(InvalidParameter):
        draw_static("missing", typical, **size)


def test_a_theme_that_is_not_there_is_refused(typical: Table) -> None:
    with pytest.raises(InvalidParameter):
        draw("missing", typical, theme="sepia")


def texts(value: object) -> list[str]:
    """Return every string of a figure."""
    if isinstance(value, dict):
        return [text for child in value.values() for text in texts(child)]
    if isinstance(value, (list, tuple)):
        return [text for child in value for text in texts(child)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("id_", CHARTS.ids())
@pytest.mark.parametrize("hostile", ["naughty names", "naughty values"], indirect=True)
def test_no_name_or_value_becomes_markup_or_mathematics_on_screen(id_: str, hostile: Table) -> None:
    figure = json.loads(draw(id_, hostile, **suggest(id_, hostile)).to_json())
    for text in texts(figure):
        tags = set(re.findall(r"<[^>]*>", text)) - {"<br>", "<b>", "</b>", "<extra>", "</extra>"}
        assert not {tag for tag in tags if "span" not in tag}, text
        assert "$" not in text
        assert "<b>bold" not in text
        assert set(re.findall(r"%\{([^}:]*)", text)) <= {"x", "y", "z", "customdata"}
    assert np.isfinite(figure["layout"]["height"])


def test_a_literal_name_stays_one_in_hover_templates() -> None:
    frame = pd.DataFrame({"%{x} of $a$": [1.5, 2.5, 3.5], "b": [1.0, 2.0, 4.5]})
    figure = draw("scatter", Table.of(frame, name="t"), x="%{x} of $a$", y="b")
    assert figure.data[0].hovertemplate.startswith("&#37;{x} of &#36;a&#36;: %{x}")


def test_a_title_says_the_name_of_the_table_in_both_languages(typical: Table) -> None:
    data = shape_chart("missing", typical)
    assert data.title == Text("Missing values in {table}", table="typical")
    assert "typical" in data.title.render("fr")
    assert data.title.render("fr") != data.title.render("en")


def test_numbers_on_screen_follow_the_language(typical: Table) -> None:
    assert draw("missing", typical).layout.separators == ".,"
    assert draw("missing", typical, language="fr").layout.separators == ",\u202f"
