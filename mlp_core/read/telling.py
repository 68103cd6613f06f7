"""What is told of the layout of a text: each decision, what speaks for it, and how sure it is."""

from __future__ import annotations

from mlp_core.read.dialect import Found
from mlp_core.read.options import ReadOptions
from mlp_core.table import Decision
from mlp_core.text import Text


def decisions_of(
    found: Found,
    options: ReadOptions,
    comment: str,
    comments: int,
    *,
    count: int,
    commented: bool,
    evidence: float,
    skipped: int,
    footer: int,
    block: int,
    blocks: int,
) -> tuple[Decision, ...]:
    """Return the decisions about a text, in the order in which people ask.

    Parameters
    ----------
    found : Found
        Its dialect.
    comment : str
        What comments begin with, and ``comments``, how many there are.
    count : int
        Lines that name the columns; ``commented`` where a comment does.
    evidence : float
        What speaks for the line of names, from -1 to 1.
    skipped, footer : int
        Lines before and after the table.
    block, blocks : int
        Which table was read, counted from 1, and of how many.
    """
    chosen = Text("Chosen.")
    return (
        *found.decisions,
        Decision(
            what="comment",
            value=comment or Text("none"),
            sure=1.0 if options.comment is not None else 0.85 if comment else 0.95,
            why=chosen
            if options.comment is not None
            else Text("{n:n} {n|line begins|lines begin} with it.", n=comments)
            if comment
            else None,
        ),
        Decision(
            what="skipped",
            value=Text("{n:n} {n|line|lines}", n=skipped),
            sure=1.0 if options.skipped is not None else 0.85 if skipped else 0.95,
            why=chosen if options.skipped is not None else None,
        ),
        Decision(
            what="header",
            value=Text("The first line names the columns")
            if count
            else Text("A comment names the columns")
            if commented
            else Text("No line names the columns"),
            sure=1.0
            if options.header is not None
            else 0.8
            if commented
            else round(0.5 + abs(evidence) / 2, 2),
            why=chosen if options.header is not None else None,
        ),
        Decision(
            what="header_rows",
            value=Text("{n:n} {n|line|lines}", n=count),
            sure=1.0 if options.header_rows is not None else 0.8 if count > 1 else 0.9,
            why=chosen if options.header_rows is not None else None,
        ),
        *_places(options, footer, block, blocks),
    )


def _places(options: ReadOptions, footer: int, block: int, blocks: int) -> tuple[Decision, ...]:
    chosen = Text("Chosen.")
    return (
        Decision(
            what="block",
            value=Text("table {n:n} of {total:n}", n=block, total=blocks),
            sure=1.0 if options.block is not None or blocks == 1 else 0.7,
            why=chosen if options.block is not None else None,
        ),
        Decision(
            what="footer",
            value=Text("{n:n} {n|line|lines}", n=footer),
            sure=1.0 if options.footer is not None else 0.8 if footer else 0.95,
            why=chosen if options.footer is not None else None,
        ),
    )
