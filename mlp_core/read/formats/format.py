"""What every format says of itself, and what passes between it and the front door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, InvalidParameter, NotATable, TooLarge
from mlp_core.read.directory import FLOOR_BYTES
from mlp_core.read.limits import SMALLER
from mlp_core.read.options import ReadOptions
from mlp_core.registry import Registry
from mlp_core.table import Misfit
from mlp_core.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

_CELL_BYTES: Final = 8

EXPORT: Final = Text("Open it in the program that made it, export the table as CSV, and load that file.")
AGAIN: Final = Text("Copy or download it again; if it stays so, export it anew from where it came.")


@dataclass(frozen=True, kw_only=True)
class Request:
    """A file on disk that is to be read, what was decided about it, and the limits."""

    path: Path
    options: ReadOptions
    settings: Settings


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which of the sheets, members or tables of a file was read.

    Attributes
    ----------
    part, parts : str, tuple of str
        The chosen one, and all that can be chosen.
    sure : float
        How sure the choice is, 0-1.
    why : Text, optional
        What speaks for it.
    """

    part: str = ""
    parts: tuple[str, ...] = ()
    sure: float = 1.0
    why: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What a reader hands back: typed columns, or cells of text that are still to be understood.

    Attributes
    ----------
    table : Arrow table, optional
        Columns of the plain types that :func:`mlp_core.read.typed.plain` leaves, in their order.
    names : tuple of str
        What the columns are called in the file, where ``table`` is given; they need not be unique.
    text : bytes, optional
        The cells as :func:`mlp_core.read.cells.written` writes them, where ``table`` is not given.
    settled : mapping
        Fields of ``ReadOptions`` that the file itself decides for ``text``.
    told : mapping
        Fields of the report that only the reader knows.
    misfits : tuple of Misfit
        Records that could not be read, all of them.
    loose : tuple of int
        Columns of ``table`` whose texts may be numbers or dates, because the format has no types for them.
    """

    choice: Choice = field(default_factory=Choice)
    table: pa.Table | None = None
    names: tuple[str, ...] = ()
    text: bytes | None = None
    settled: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    loose: tuple[int, ...] = ()
    notes: tuple[Text, ...] = ()
    misfits: tuple[Misfit, ...] = ()


class Format:
    """A kind of file that becomes a table.

    Attributes
    ----------
    id : str
        Permanent name.
    label : Text
        What people call it.
    small : int
        Contents of at most so many bytes are read in this process; the rest in one of its own. Zero for
        readers of compiled code, which can crash.
    unsure : int
        How late it is tried: 0 where the content begins with a mark of its own.
    """

    id: ClassVar[str]
    label: ClassVar[Text]
    small: ClassVar[int] = 0
    unsure: ClassVar[int] = 0

    @classmethod
    def matches(cls, data: bytes) -> bool:
        """Whether a content is of this kind; its name never counts."""
        raise NotImplementedError

    @classmethod
    def load(cls, request: Request) -> Loaded:
        """Read a file.

        Raises
        ------
        ReadError
            It cannot become a table; the sentence says why.
        Exception
            Whatever a library raises on a damaged file; :mod:`mlp_core.read.child` turns it into a sentence.
        """
        raise NotImplementedError


FORMATS: Final[Registry[Format]] = Registry("formats")


def chosen(parts: Sequence[str], options: ReadOptions, default: str, why: Text | None = None) -> Choice:
    """Return the part that a person asked for, else the default one.

    Raises
    ------
    InvalidParameter
        The file has no part of that name.
    """
    held = tuple(parts)
    if options.part is not None:
        if options.part not in held:
            raise InvalidParameter(
                Text("The file has no part named {part}.", part=options.part),
                hint=Text("It holds: {parts:list}.", parts=held),
            )
        return Choice(part=options.part, parts=held, why=Text("It was chosen."))
    return Choice(part=default, parts=held, sure=1.0 if len(held) == 1 else 0.7, why=why)


def check_growth(cells: int, size: int, settings: Settings) -> None:
    """Refuse a table of far more cells than a file of ``size`` bytes can mean.

    Raises
    ------
    TooLarge
        It has; nearly all of its cells would be empty or repeated.
    """
    if cells * _CELL_BYTES > max(FLOOR_BYTES, settings.max_expansion * size):
        raise TooLarge(
            Text("The table would have {cells:n} cells, far more than the file holds values.", cells=cells),
            hint=SMALLER,
        )


def damaged(known: type[Format]) -> DamagedFile:
    """Return the error of a file that a reader could not get through."""
    return DamagedFile(
        Text("The file begins as {what} does, but it is damaged or cut off.", what=known.label), hint=AGAIN
    )


def out_of_memory() -> TooLarge:
    """Return the error of a file that needs more memory than it may take."""
    return TooLarge(Text("Reading the file needs more memory than this server allows."), hint=SMALLER)


def empty(what: Text) -> NotATable:
    """Return the error of a file of the right kind in which there is no table."""
    return NotATable(
        Text("The file is {what} without a table in it.", what=what),
        hint=Text("Check that the data were saved in it, and load it again."),
    )
