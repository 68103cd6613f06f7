"""A table: a frame, the kinds of its columns, its name and the fingerprint of its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mlp_core.fingerprint import fingerprint_of
from mlp_core.kinds import Kind, kinds_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One thing that was decided about a file, and how sure it is.

    Attributes
    ----------
    what : str
        Permanent name; where a field of ``ReadOptions`` overrides the decision, the name of that field.
    value : Text or str
        What was decided, as people read it.
    sure : float
        From 0 (a guess) to 1 (the file says so itself).
    why : Text, optional
        What in the file speaks for it.
    columns : tuple of str
        The columns it concerns; empty where it concerns the whole file.
    """

    what: str
    value: Text | str
    sure: float = 1.0
    why: Text | None = None
    columns: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the decision as plain JSON."""
        return {
            "what": self.what,
            "value": self.value.to_json() if isinstance(self.value, Text) else self.value,
            "sure": self.sure,
            "why": self.why.to_json() if self.why is not None else None,
            "columns": list(self.columns),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Decision:
        """Return the decision that :meth:`to_json` wrote."""
        value, why = data["value"], data["why"]
        return cls(
            what=str(data["what"]),
            value=Text.from_json(value) if isinstance(value, Mapping) else str(value),
            sure=min(1.0, max(0.0, float(data["sure"]))),
            why=Text.from_json(why) if why is not None else None,
            columns=tuple(str(name) for name in data["columns"]),
        )


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """A row that did not fit, as it stands in the file, and what was done with it.

    Attributes
    ----------
    line : int
        Where it begins in the file, counted from 1.
    content : str
        Its text, cut to a length that can be shown.
    done : Text
        What became of it.
    """

    line: int
    content: str
    done: Text

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain JSON."""
        return {"line": self.line, "content": self.content, "done": self.done.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Misfit:
        """Return the row that :meth:`to_json` wrote."""
        return cls(line=int(data["line"]), content=str(data["content"]), done=Text.from_json(data["done"]))


@dataclass(frozen=True, kw_only=True)
class ReadReport:
    """What was found in a file and decided about it.

    Attributes
    ----------
    format : str
        Id of the format; empty for a table that was not read from a file.
    part, parts : str, tuple of str
        The sheet, member or table that was read, and all that the file holds.
    encoding : str
        Python codec name; empty for a table that was not read from text.
    separator : str
        One or more characters, or ``"whitespace"`` for runs of spaces and tabs; empty where there is none.
    quote, escape : str
        The character around a cell and the one before a character that means itself; empty where there is
        none. Inside a quoted cell a doubled quote always stands for one.
    decimal : str
        ``"."`` or ``","``.
    has_header : bool
        Whether a line names the columns.
    header_rows : int
        How many lines do.
    skipped, footer : int
        Lines before and after the table that are no part of it.
    block, blocks : int
        Which of the tables in one text was read, counted from 1, and how many there are.
    missing : tuple of str
        Texts that were read as missing, besides the empty cell.
    decisions : tuple of Decision
        What was decided, each with how sure it is, in the order in which people ask.
    misfits : tuple of Misfit
        The first rows that did not fit.
    misfit_count : int
        How many rows did not fit.
    notes : tuple of Text
        What a person should know: rows that did not fit, names that were changed.
    """

    format: str = ""
    part: str = ""
    parts: tuple[str, ...] = ()
    encoding: str = ""
    separator: str = ""
    quote: str = '"'
    escape: str = ""
    decimal: str = "."
    has_header: bool = True
    header_rows: int = 1
    skipped: int = 0
    footer: int = 0
    block: int = 1
    blocks: int = 1
    missing: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    misfit_count: int = 0
    notes: tuple[Text, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("decisions", "misfits", "notes"):
            plain[name] = [item.to_json() for item in plain[name]]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ReadReport:
        """Return the report that :meth:`to_json` wrote; what an older version did not write is as usual.

        Raises
        ------
        TypeError, ValueError
            A value is not of the type that its field holds.
        """
        lists: dict[str, Callable[[Any], Any]] = {
            "parts": str,
            "missing": str,
            "decisions": Decision.from_json,
            "misfits": Misfit.from_json,
            "notes": Text.from_json,
        }
        unknown = set(data) - {one.name for one in fields(cls)}
        if unknown:
            raise TypeError(f"a report has no {sorted(unknown)}")
        given: dict[str, Any] = {}
        for one in fields(cls):
            if one.name not in data:
                continue
            value, convert = data[one.name], lists.get(one.name)
            if convert is not None and isinstance(value, (list, tuple)):
                given[one.name] = tuple(convert(item) for item in value)
            elif convert is None and type(value) is type(one.default):
                given[one.name] = value
            else:
                raise TypeError(f"{one.name} cannot be {type(value).__name__}")
        return cls(**given)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A frame that is never altered in place, and what is known of it.

    Attributes
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Column names are unique, non-empty strings.
    kinds : mapping of str to Kind
        One per column.
    name : str
        What people call it.
    report : ReadReport
        How it was read.
    decided : mapping of str to Kind
        Kinds that a person has chosen where the cells alone say otherwise.
    known_fingerprint : str
        The fingerprint, where it was computed before; empty where it is to be found when first asked.
    """

    frame: pd.DataFrame = field(repr=False)
    kinds: Mapping[str, Kind] = field(repr=False)
    name: str
    report: ReadReport = field(default_factory=ReadReport, repr=False)
    decided: Mapping[str, Kind] = field(default_factory=dict, repr=False)
    known_fingerprint: str = field(default="", repr=False)

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        *,
        name: str,
        report: ReadReport | None = None,
        decided: Mapping[str, Kind] | None = None,
    ) -> Table:
        """Return a table of ``frame``, with its kinds found.

        Parameters
        ----------
        frame : DataFrame of shape (n_rows, n_columns)
            Column names must be unique strings; the frame must not be altered afterwards.
        decided : mapping of str to Kind, optional
            Kinds that a person has chosen; columns that are not there do not count.
        """
        kinds = dict(kinds_of(frame))
        changed = {key: kind for key, kind in (decided or {}).items() if kinds.get(key, kind) is not kind}
        return cls(
            frame=frame,
            kinds=MappingProxyType(kinds | changed),
            name=name,
            report=report or ReadReport(),
            decided=MappingProxyType(changed),
        )

    @cached_property
    def fingerprint(self) -> str:
        """Hash of names, dtypes, cells and decided kinds; equal content has an equal fingerprint."""
        if self.known_fingerprint:
            return self.known_fingerprint
        found = fingerprint_of(self.frame)
        if not self.decided:
            return found
        decided = json.dumps([found, sorted((name, kind.value) for name, kind in self.decided.items())])
        return hashlib.sha256(decided.encode()).hexdigest()[: len(found)]

    def columns(self, *kinds: Kind) -> list[str]:
        """Return the names of the columns of these kinds (all where none is given), in order."""
        return [name for name, kind in self.kinds.items() if not kinds or kind in kinds]
