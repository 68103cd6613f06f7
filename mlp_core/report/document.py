"""A document: a title and blocks in order, without a language and without a look.

One document has several writers. What stands in it is a ``Text``, a sentence that each writer renders in the
reader's language, or a plain string where it is a name from the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from mlp_core.text import Text

Words = Text | str
"""A sentence of ours, or a name from the data."""

MOST_ROWS: Final = 200
MOST_COLUMNS: Final = 60
"""What one table of a document may hold; who builds it says in ``more`` what was left out."""


@dataclass(frozen=True)
class Heading:
    """What the blocks after it are about; ``level`` is 1, or 2 inside a part."""

    words: Words
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text; ``style`` is ``"plain"``, ``"lead"`` (the finding itself) or ``"quiet"``."""

    words: Words
    style: str = "plain"


@dataclass(frozen=True)
class Points:
    """Short sentences one below the other, each with a mark before it."""

    items: tuple[Words, ...]


@dataclass(frozen=True)
class Facts:
    """A few things worth a glance, each with its name: ``(name, value)``."""

    pairs: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True, kw_only=True)
class TableBlock:
    """A table, every cell as people read it.

    Attributes
    ----------
    columns : tuple of Text or str
        The names in its head, at most ``MOST_COLUMNS``.
    rows : tuple of tuple of Text or str
        At most ``MOST_ROWS``, each as long as ``columns``.
    numbers : frozenset of int
        Positions of the columns that hold numbers; they are set to the right.
    numbered : bool
        Whether the first column only counts the rows.
    more : Text, optional
        What was left out.

    Raises
    ------
    ValueError
        It is larger than a document holds, or a row is of another length than the head.
    """

    columns: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    numbers: frozenset[int] = frozenset()
    numbered: bool = False
    more: Text | None = None

    def __post_init__(self) -> None:
        """Refuse a table that is too large or ragged."""
        if len(self.rows) > MOST_ROWS or len(self.columns) > MOST_COLUMNS:
            raise ValueError(f"a table of {len(self.rows)} rows and {len(self.columns)} columns")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row is of another length than the head")


@dataclass(frozen=True, kw_only=True)
class FigureBlock:
    """A picture as the bytes of a PNG, and what it shows in words for who cannot see it."""

    png: bytes
    alt: Words


@dataclass(frozen=True)
class Note:
    """What a reader must not miss; ``serious`` where it may change what the numbers mean."""

    words: Words
    serious: bool = False


Block = Heading | Paragraph | Points | Facts | TableBlock | FigureBlock | Note


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a writer turns into a file.

    Attributes
    ----------
    title : Text or str
        What it is.
    made : datetime
        When it was made, in the reader's time zone.
    blocks : tuple of Block
        In reading order.
    about : Text or str
        The project it belongs to; empty where there is none.
    provenance : tuple of (Text or str, Text or str)
        Where its numbers come from: data, steps, seed, versions; each with its name.
    """

    title: Words
    made: datetime
    blocks: tuple[Block, ...]
    about: Words = ""
    provenance: tuple[tuple[Words, Words], ...] = ()


def said(words: Words, language: str) -> str:
    """Return words as a reader of ``language`` reads them."""
    return words.render(language) if isinstance(words, Text) else words


def numeral(value: float | Decimal) -> Text:
    """Return a number that each reader sees in their own notation.

    Examples
    --------
    >>> numeral(1309).render("en"), numeral(Decimal("2.50")).render("fr")
    ('1,309', '2,50')
    """
    return Text("{value:n}", value=value)


def date_in_words(moment: datetime) -> Text:
    """Return the day and time of a moment.

    Examples
    --------
    >>> str(date_in_words(datetime(2026, 11, 1, 9, 5)))
    '1 November 2026, 09:05'
    """
    # French says the first day of a month with an ordinal, and the others with a cardinal.
    day: Words = Text("1") if moment.day == 1 else str(moment.day)
    return Text(
        "{day} {month} {year}, {time}",
        day=day,
        month=_MONTHS[moment.month - 1],
        year=str(moment.year),
        time=f"{moment:%H:%M}",
    )


_MONTHS: Final = (
    *(Text("January"), Text("February"), Text("March"), Text("April"), Text("May"), Text("June")),
    *(Text("July"), Text("August"), Text("September"), Text("October"), Text("November"), Text("December")),
)
