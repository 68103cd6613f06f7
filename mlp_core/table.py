"""A table: a frame, the kinds of its columns, its name and the fingerprint of its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mlp_core.kinds import Kind, kinds_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class ReadReport:
    """What was found in a file and decided about it.

    Attributes
    ----------
    encoding : str
        Python codec name; empty for a table that was not read from text.
    separator : str
        One character, or ``"whitespace"`` for runs of spaces and tabs; empty where there is none.
    decimal : str
        ``"."`` or ``","``.
    has_header : bool
        Whether the first line names the columns.
    missing : tuple of str
        Texts that were read as missing, besides the empty cell.
    notes : tuple of Text
        What a person should know: rows that did not fit, names that were changed.
    """

    encoding: str = ""
    separator: str = ""
    decimal: str = "."
    has_header: bool = True
    missing: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON."""
        return {
            "encoding": self.encoding,
            "separator": self.separator,
            "decimal": self.decimal,
            "has_header": self.has_header,
            "missing": list(self.missing),
            "notes": [note.to_json() for note in self.notes],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ReadReport:
        """Return the report that :meth:`to_json` wrote."""
        notes = tuple(Text.from_json(note) for note in data["notes"])
        return cls(**{**data, "missing": tuple(data["missing"]), "notes": notes})


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
    fingerprint : str
        Hash of names, dtypes and cells; equal content has an equal fingerprint.
    report : ReadReport
        How it was read.
    """

    frame: pd.DataFrame = field(repr=False)
    kinds: Mapping[str, Kind] = field(repr=False)
    name: str
    fingerprint: str
    report: ReadReport = field(default_factory=ReadReport, repr=False)

    @classmethod
    def of(cls, frame: pd.DataFrame, *, name: str, report: ReadReport | None = None) -> Table:
        """Return a table of ``frame``, with its kinds and fingerprint found.

        Parameters
        ----------
        frame : DataFrame of shape (n_rows, n_columns)
            Column names must be unique strings; the frame must not be altered afterwards.
        """
        return cls(
            frame=frame,
            kinds=kinds_of(frame),
            name=name,
            fingerprint=fingerprint_of(frame),
            report=report or ReadReport(),
        )

    def columns(self, *kinds: Kind) -> list[str]:
        """Return the names of the columns of these kinds (all where none is given), in order."""
        return [name for name, kind in self.kinds.items() if not kinds or kind in kinds]


def fingerprint_of(frame: pd.DataFrame) -> str:
    """Return a hash of the names, dtypes, cells and row order of a frame, as 32 hexadecimal digits.

    Row labels do not count: two frames that show the same cells have the same fingerprint.
    """
    import numpy as np
    import pandas as pd

    digest = hashlib.blake2b(digest_size=16)
    header = [[str(name), str(dtype)] for name, dtype in frame.dtypes.items()]
    digest.update(json.dumps([len(frame), header]).encode())
    for name in frame.columns:
        hashed = pd.util.hash_pandas_object(frame[name], index=False).to_numpy()
        digest.update(np.ascontiguousarray(hashed).data)
    return digest.hexdigest()
