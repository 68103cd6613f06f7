"""A document as PDF: A4, its fonts inside, the same bytes for the same document."""

from __future__ import annotations

import io
from datetime import UTC
from typing import TYPE_CHECKING

from mlp_core.errors import InvalidParameter
from mlp_core.report.document import Document
from mlp_core.report.lettering import FAMILY, Letters, add_fonts
from mlp_core.report.placing import foot, place
from mlp_core.report.sheets import Anchor, Box, Line, Mark, Picture, Sheets
from mlp_core.text import LANGUAGES, Text

if TYPE_CHECKING:
    from fpdf import FPDF


def to_pdf(document: Document, language: str = "en") -> bytes:
    """Return a document as the bytes of a PDF.

    Parameters
    ----------
    document : Document
        Whatever stands in it; what the fonts do not have is shown by a sign.
    language : str, default="en"
        ``"en"`` or ``"fr"``: of the sentences, the numbers and the file itself.

    Raises
    ------
    InvalidParameter
        There is no such language.

    Examples
    --------
    >>> from datetime import datetime
    >>> to_pdf(Document(title="Cars", made=datetime(2026, 3, 1), blocks=()))[:5]
    b'%PDF-'
    """
    if language not in LANGUAGES:
        raise InvalidParameter(
            Text("A document has no language {language}.", language=language),
            hint=Text("Known are: {ids:list}.", ids=list(LANGUAGES)),
        )
    from fpdf import FPDF

    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    add_fonts(pdf)
    sheets = Sheets(Letters(pdf), language)
    place(document, sheets)
    foot(document, sheets)
    _describe(pdf, document, sheets, language)
    for page in sheets.pages:
        pdf.add_page()
        for mark in page:
            _draw(pdf, mark)
    return bytes(pdf.output())


def _describe(pdf: FPDF, document: Document, sheets: Sheets, language: str) -> None:
    from fpdf import ViewerPreferences

    made = document.made if document.made.tzinfo else document.made.replace(tzinfo=UTC)
    pdf.set_creation_date(made.replace(microsecond=0))
    pdf.set_title(sheets.plain(document.title)[:300])
    pdf.set_lang(language)
    pdf.set_creator("Pythie")
    pdf.set_producer("Pythie")
    if document.about:
        pdf.set_subject(sheets.plain(document.about)[:300])
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)


def _draw(pdf: FPDF, mark: Mark) -> None:
    match mark:
        case Line():
            if mark.text:
                pdf.set_font(FAMILY, "B" if mark.bold else "", mark.points)
                pdf.set_text_color(mark.colour)
                pdf.text(mark.x, mark.y, mark.text)
        case Box():
            pdf.set_fill_color(mark.colour)
            pdf.rect(mark.x, mark.y, mark.width, mark.height, style="F")
        case Picture():
            picture = io.BytesIO(mark.png)
            pdf.image(picture, mark.x, mark.y, mark.width, mark.height, alt_text=mark.alt)
        case Anchor():
            pdf.set_y(mark.y)
            pdf.start_section(mark.name or "–", mark.level)
