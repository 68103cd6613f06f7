"""A document becomes a PDF that any reader opens: its words, its pages, its title, whatever stands in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pypdfium2
import pytest

from mlp_core.charts import draw_static
from mlp_core.errors import InvalidParameter
from mlp_core.report import (
    Document,
    Facts,
    FigureBlock,
    Heading,
    Note,
    Paragraph,
    Points,
    TableBlock,
    numeral,
    to_pdf,
)
from mlp_core.table import Table
from mlp_core.text import Text

NAUGHTY = {
    "right to left": "שלום עולם, مرحبا بالعالم and back",
    "override": "\u202egpj.exe\u202c and \u2066isolated\u2069",
    "emoji": "👩‍👩‍👧‍👦 🚗 ❤️ 🇫🇷 e\u0301",
    "controls": "bell\x07 null\x00 tab\t line\nreturn\r del\x7f sep\u2028par\u2029",
    "surrogate": "half \ud83d of one",
    "chinese": "東京都 서울 ไทย हिन्दी",
    "long word": "x" * 10_000,
    "long text": "many words " * 1_000,
    "zalgo": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "markup": "<b>bold</b> $x^2$ **stars** {nb} {slot} \\",
    "alias": "{nb} of {nb}",
    "nothing": "",
    "blanks": " \u00a0\u202f\u2003 ",
    "private": "\ue000\uf8ff\U0010ffff\ufffe",
}


def document(made: datetime, *blocks: Any, **more: Any) -> Document:
    return Document(**{"title": "Cars", "made": made, "blocks": blocks, **more})


def everywhere(made: datetime, words: str) -> Document:
    """Return a document with the same words in every place where words can stand."""
    return document(
        made,
        Heading(words),
        Paragraph(words),
        Points((words, words)),
        Facts(((words, words), ("b", "1"))),
        TableBlock(
            columns=(words, "n", words),
            rows=((words, numeral(1), words), ("a", numeral(2), "b")),
            numbers=frozenset({1}),
        ),
        Note(words, serious=True),
        title=words,
        about=words,
        provenance=((words, words),),
    )


def table(rows: int, columns: int = 3) -> TableBlock:
    return TableBlock(
        columns=tuple(f"column {number}" for number in range(columns)),
        rows=tuple(tuple(f"r{row}c{at}" for at in range(columns)) for row in range(rows)),
    )


def test_every_character_that_french_needs_is_there(made: datetime, read: Callable[[bytes], Any]) -> None:
    words = "L’œuvre coûte 1\u202f234,5\u202f€ – soit ≥ 3 × « zéro » ; où ça ? ± ρ φ η → … Ÿ"
    shown = read(to_pdf(document(made, Paragraph(words), Heading(words)), "fr")).text
    for sign in set(words) - {"\u202f"}:
        assert sign in shown, repr(sign)
    assert "1 234,5 €" in shown


@pytest.mark.parametrize("language", ["en", "fr"])
def test_sentences_numbers_date_and_pages_are_in_the_language(
    made: datetime, read: Callable[[bytes], Any], language: str
) -> None:
    facts = Facts(((Text("Rows"), numeral(1309)),))
    found = read(to_pdf(document(made, facts, title=Text("{name}: what is in it", name="cars")), language))
    expected = {
        "en": ("cars: what is in it", "Rows", "1,309", "21 November 2026, 09:05", "Page 1 of 1"),
        "fr": ("cars : ce qu’il contient", "Lignes", "1 309", "21 novembre 2026, 09:05", "Page 1 sur 1"),
    }
    for words in expected[language]:
        assert words in found.text.replace("\u202f", " ")


@pytest.mark.parametrize(("language", "title"), [("en", "Cars"), ("fr", "Œuvres à 5 €")])
def test_the_file_names_its_title_and_its_language(made: datetime, language: str, title: str) -> None:
    content = to_pdf(document(made, Paragraph("x"), title=title), language)
    assert f"/Lang ({language})".encode() in content
    assert b"/DisplayDocTitle true" in content
    described = pypdfium2.PdfDocument(content).get_metadata_dict()
    assert described["Title"] == title
    assert described["CreationDate"] == "D:20261121090500Z"


def test_headings_are_the_contents_beside_the_pages(made: datetime, read: Callable[[bytes], Any]) -> None:
    blocks = [Heading("First"), Paragraph("a"), Heading("Inside", 2), Paragraph("b"), Heading("Second")]
    assert read(to_pdf(document(made, *blocks))).parts == ["First", "Inside", "Second"]


def test_a_heading_stands_above_its_figure_on_one_page(
    made: datetime, cars: Table, read: Callable[[bytes], Any]
) -> None:
    png = draw_static("histogram", cars, column="Horsepower")
    blocks = (Paragraph("word " * 650), Heading("The figure"), FigureBlock(png=png, alt="bars"))
    found = read(to_pdf(document(made, *blocks)))
    (page,) = [number for number, words in enumerate(found.pages) if "The figure" in words]
    assert found.ink[page] == max(found.ink[1:])


def test_a_table_goes_on_under_its_head(made: datetime, read: Callable[[bytes], Any]) -> None:
    found = read(to_pdf(document(made, table(120))))
    assert len(found.pages) == 4
    assert all("column 1" in page for page in found.pages)
    assert [f"r{row}c2" for row in range(120) if f"r{row}c2" not in found.text] == []


def test_a_wide_table_comes_in_parts_and_none_of_its_columns_is_lost(
    made: datetime, read: Callable[[bytes], Any]
) -> None:
    found = read(to_pdf(document(made, table(3, columns=40))))
    for at in range(40):
        assert f"r2c{at}" in found.text
    assert "Columns 2 to" not in found.text
    assert "of 40" in found.text


def test_numbers_end_below_each_other(made: datetime) -> None:
    rows = tuple((name, numeral(number)) for name, number in (("a", 7), ("b", 1234567), ("c", 89)))
    block = TableBlock(columns=("n", "v"), rows=rows, numbers=frozenset({1}))
    page = pypdfium2.PdfDocument(to_pdf(document(made, block)))[0].get_textpage()
    words = page.get_text_range()
    ends = [
        page.get_charbox(words.index(text) + len(text) - 1, loose=True)[2]
        for text in ("7\r", "1,234,567", "89")
        for text in [text.strip()]
    ]
    assert max(ends) - min(ends) < 0.5


def test_no_word_leaves_the_page(made: datetime) -> None:
    blocks = (Paragraph("w" * 900), Points(("p" * 900,)), table(2, 9), Note("n" * 900))
    pdf = pypdfium2.PdfDocument(to_pdf(document(made, *blocks, title="t" * 500, about="a" * 500)))
    for page in pdf:
        text = page.get_textpage()
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            assert 50 < left < right < 595 - 50
            assert 20 < bottom < top < 842 - 40


@pytest.mark.parametrize("words", NAUGHTY.values(), ids=list(NAUGHTY))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_text_is_too_naughty(
    made: datetime, read: Callable[[bytes], Any], words: str, language: str
) -> None:
    found = read(to_pdf(everywhere(made, words), language))
    assert all(share > 0.001 for share in found.ink)
    assert len(found.pages) < 40


def test_what_the_fonts_lack_is_shown_by_a_sign(made: datetime, read: Callable[[bytes], Any]) -> None:
    shown = read(to_pdf(document(made, Paragraph("before 東 after")))).text
    assert "before \ufffd after" in shown


def test_markup_and_the_alias_of_the_writer_stand_as_they_are(
    made: datetime, read: Callable[[bytes], Any]
) -> None:
    shown = read(to_pdf(document(made, Paragraph("**a** <b>b</b> {nb} --c-- [d](e)")))).text
    assert "**a** <b>b</b> {nb} --c-- [d](e)" in shown


def test_equal_documents_are_equal_files(made: datetime, cars: Table) -> None:
    png = draw_static("histogram", cars, column="Horsepower")
    one = document(made, Paragraph("x"), table(60), FigureBlock(png=png, alt="bars"))
    assert to_pdf(one, "fr") == to_pdf(one, "fr")
    assert to_pdf(one, "fr") != to_pdf(replace(one, title="Other"), "fr")


def test_a_picture_says_what_it_shows(made: datetime, cars: Table) -> None:
    png = draw_static("histogram", cars, column="Horsepower", theme="paper")
    content = to_pdf(document(made, FigureBlock(png=png, alt="Bars of power")))
    (picture,) = pypdfium2.PdfDocument(content)[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    left, _, right, _ = picture.get_bounds()
    assert 400 < right - left < 490
    assert "/Alt (þÿ".encode("latin-1") in content or b"/Alt (Bars of power)" in content


def test_an_empty_document_is_one_page(made: datetime, read: Callable[[bytes], Any]) -> None:
    found = read(to_pdf(document(made)))
    assert len(found.pages) == 1
    assert "Cars" in found.text


def test_a_table_is_bounded_and_even() -> None:
    with pytest.raises(ValueError, match="201 rows"):
        table(201)
    with pytest.raises(ValueError, match="61 columns"):
        table(1, 61)
    with pytest.raises(ValueError, match="length"):
        TableBlock(columns=("a", "b"), rows=(("1",),))


def test_another_language_is_refused(made: datetime) -> None:
    with pytest.raises(InvalidParameter):
        to_pdf(document(made), "tlh")


def test_nothing_of_it_is_imported_before_a_pdf_is_made() -> None:
    code = (
        "import sys, mlp_core.report\n"
        "print([n for n in ('fpdf', 'fontTools', 'PIL', 'matplotlib', 'pandas') if n in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
