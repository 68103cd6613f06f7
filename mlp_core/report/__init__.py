"""Documents: what a page shows, kept as blocks that a writer turns into a file."""

from mlp_core.report.document import (
    Block,
    Document,
    Facts,
    FigureBlock,
    Heading,
    Note,
    Paragraph,
    Points,
    TableBlock,
    Words,
    numeral,
)
from mlp_core.report.frames import board_frame, scores_frame
from mlp_core.report.of_models import of_answer, of_board, of_project, of_row, scores_of
from mlp_core.report.of_tables import of_chart, of_profile, of_recipe
from mlp_core.report.pdf import to_pdf

__all__ = [
    "Block",
    "Document",
    "Facts",
    "FigureBlock",
    "Heading",
    "Note",
    "Paragraph",
    "Points",
    "TableBlock",
    "Words",
    "board_frame",
    "numeral",
    "of_answer",
    "of_board",
    "of_chart",
    "of_profile",
    "of_project",
    "of_recipe",
    "of_row",
    "scores_frame",
    "scores_of",
    "to_pdf",
]
