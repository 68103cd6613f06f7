"""The table a project works on: what is known of it, and the files that hold it and the original."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from mlp_core.config import Settings
from mlp_core.errors import MLPError, StorageError
from mlp_core.files import digest_of, write_atomically
from mlp_core.kinds import Kind
from mlp_core.storage import blobs
from mlp_core.table import ReadReport, Table
from mlp_core.text import LANGUAGES

if TYPE_CHECKING:
    from mlp_core.read import ReadOptions

SAMPLE: Final = "sample:"
"""An origin that begins so names a built-in sample, and not a file."""

_HASH: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class SourceRef:
    """What a project's document says of its table.

    Attributes
    ----------
    name : str
        What people call it.
    fingerprint : str
        Hash of its content; it also names the file.
    rows, columns : int
        Its size.
    origin : str
        Name of the file it was read from, or ``"sample:"`` and the id of a sample.
    options : mapping
        What the person decided about the file, as plain JSON.
    original : str
        Hash of the file's bytes, which are kept so that these decisions can change; empty without a file.
    checksum : str
        Hash of the Arrow file.
    kinds : mapping of str to Kind
        The kind of each column, in order.
    report : ReadReport
        How it was read.
    """

    name: str
    fingerprint: str
    rows: int
    columns: int
    origin: str
    options: Mapping[str, Any] = field(default_factory=dict)
    original: str = ""
    checksum: str = ""
    kinds: Mapping[str, Kind] = field(default_factory=dict, repr=False)
    report: ReadReport = field(default_factory=ReadReport, repr=False)

    def same_file_as(self, other: SourceRef) -> bool:
        """Whether both were read from one file or sample, perhaps in different ways."""
        if self.original or other.original:
            return self.original == other.original
        return self.origin == other.origin

    def to_json(self) -> dict[str, Any]:
        """Return the reference as plain JSON."""
        return {
            "name": self.name,
            "fingerprint": self.fingerprint,
            "rows": self.rows,
            "columns": self.columns,
            "origin": self.origin,
            "options": dict(self.options),
            "original": self.original,
            "checksum": self.checksum,
            "kinds": [[name, kind.value] for name, kind in self.kinds.items()],
            "report": self.report.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SourceRef:
        """Return the reference that :meth:`to_json` wrote."""
        for key in ("fingerprint", "original", "checksum"):
            # They become names of files, so nothing but a hash may stand here.
            if data[key] != "" and not _HASH.fullmatch(data[key]):
                raise ValueError(f"{key} is not a hash")
        for key in ("name", "origin"):
            if not isinstance(data[key], str):
                raise TypeError(f"{key} is not a string")
        kinds = {str(name): Kind(kind) for name, kind in data["kinds"]}
        report = ReadReport.from_json(data["report"])
        for note in report.notes:
            # A sentence whose values do not suit it fails only when it is read.
            for language in LANGUAGES:
                note.render(language)
        for key in ("rows", "columns"):
            if type(data[key]) is not int or not 0 <= data[key] < 2**63:
                raise ValueError(f"{key} is not a count")
        options = MappingProxyType(dict(data["options"]))
        return cls(**{**data, "kinds": MappingProxyType(kinds), "report": report, "options": options})


def keep_table(
    folder: Path,
    table: Table,
    *,
    origin: str,
    content: bytes | None = None,
    kept: str = "",
    options: ReadOptions | None = None,
    before: SourceRef | None = None,
) -> SourceRef:
    """Write a table and the file it was read from into a project's folder.

    Parameters
    ----------
    kept : str
        The hash of the file where :func:`keep_original` has written it already.
    before : SourceRef, optional
        The project's present table; where it has the same content, its file is taken as it is.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    path = table_path(folder, table.fingerprint)
    if before is not None and before.fingerprint == table.fingerprint and path.exists():
        checksum = before.checksum
    else:
        checksum = blobs.write_arrow(path, table.frame)
    return SourceRef(
        name=table.name,
        fingerprint=table.fingerprint,
        rows=len(table.frame),
        columns=len(table.kinds),
        origin=origin,
        options=MappingProxyType(options.to_json() if options is not None else {}),
        original=kept if content is None else keep_original(folder, content),
        checksum=checksum,
        kinds=table.kinds,
        report=table.report,
    )


def keep_original(folder: Path, content: bytes) -> str:
    """Write the bytes of a file into a project's folder and return their hash, which names them.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    digest = digest_of(content)
    if not original_path(folder, digest).exists():
        write_atomically(original_path(folder, digest), content)
    return digest


def kept_table(folder: Path, source: SourceRef) -> Table:
    """Return the table of a project; where its file is damaged, read anew from the original.

    Raises
    ------
    StorageError
        Its file is damaged, and so is the original, or there is none.
    """
    try:
        frame = blobs.read_arrow(table_path(folder, source.fingerprint), source.checksum)
    except StorageError:
        return _read_anew(folder, source)
    return Table(
        frame=frame,
        kinds=source.kinds,
        name=source.name,
        known_fingerprint=source.fingerprint,
        report=source.report,
    )


def original_of(folder: Path, source: SourceRef) -> bytes:
    """Return the bytes of the file that the table was read from.

    Raises
    ------
    StorageError
        They are damaged, or were never kept.
    """
    try:
        content = original_path(folder, source.original).read_bytes() if source.original else b""
    except OSError:
        content = b""
    if digest_of(content) != source.original:
        raise blobs.damaged()
    return content


def adopt_parquet(folder: Path, source: SourceRef, settings: Settings) -> SourceRef:
    """Turn the Parquet file that came with a project into the form in which tables are kept.

    Raises
    ------
    StorageError, TooLarge
        The file is damaged, is not what the project says, or passes a limit of this server.
    """
    path = parquet_path(folder, source.fingerprint)
    frame = blobs.read_parquet(path, settings)
    path.unlink(missing_ok=True)
    table = Table.of(frame, name=source.name, report=source.report)
    checksum = blobs.write_arrow(table_path(folder, table.fingerprint), frame)
    return replace(
        source,
        fingerprint=table.fingerprint,
        rows=len(frame),
        columns=len(table.kinds),
        kinds=table.kinds,
        checksum=checksum,
    )


def table_path(folder: Path, fingerprint: str) -> Path:
    """Return where a table is kept in a project's folder."""
    return folder / "tables" / f"{fingerprint}.arrow"


def parquet_path(folder: Path, fingerprint: str) -> Path:
    """Return where a table stands in a project's file."""
    return folder / "tables" / f"{fingerprint}.parquet"


def original_path(folder: Path, digest: str) -> Path:
    """Return where the bytes of a file are kept."""
    return folder / "source" / digest


def _read_anew(folder: Path, source: SourceRef) -> Table:
    from mlp_core.read import ReadOptions, read_table, sample

    try:
        if source.origin.startswith(SAMPLE):
            table = sample(source.origin.removeprefix(SAMPLE))
        else:
            content = original_of(folder, source)
            table = read_table(content, ReadOptions.from_json(source.options), name=source.name)
    except MLPError as failure:
        raise blobs.damaged() from failure
    if table.fingerprint != source.fingerprint:
        raise blobs.damaged()
    return table
