"""The front door: a path or the bytes of a file become a table or a sentence that says why not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from mlp_core.config import Settings
from mlp_core.errors import DamagedFile, MLPError, NotATable, ReadError, TooLarge
from mlp_core.read import apart, finish
from mlp_core.read.formats import DELIMITED, format_of
from mlp_core.read.formats.format import out_of_memory
from mlp_core.read.large import read_large
from mlp_core.read.options import ReadOptions
from mlp_core.read.unpack import Content, unpack
from mlp_core.table import Table
from mlp_core.text import Text

_LOG: Final = logging.getLogger(__name__)
_HEAD_BYTES: Final = 1 << 16


def read_table(
    source: str | Path | bytes,
    options: ReadOptions | None = None,
    *,
    name: str | None = None,
    settings: Settings | None = None,
    as_text: bool = False,
    on_progress: Callable[[float], None] | None = None,
) -> Table:
    r"""Read a table from a file.

    Parameters
    ----------
    source : str, Path or bytes
        Path of the file, or its content.
    options : ReadOptions, optional
        Decisions already taken; the rest is found in the file and told in the table's report.
    name : str, optional
        What people call the table; by default the name of the file without its ending.
    settings : Settings, optional
        The limits of this server.
    as_text : bool
        Return every cell as the text it was, with the same rows and columns.
    on_progress : callable, optional
        Takes the share of a large text that is done, 0-1.

    Raises
    ------
    NotATable
        The content is something else: empty, a PDF, a picture, an archive …
    DamagedFile
        The content is cut off, or not text in its encoding.
    TooLarge
        It passes a limit of ``settings``.
    ReadError
        There is no such file, or it cannot be opened.

    Examples
    --------
    >>> table = read_table(b"age;city\n31;Lyon\n?;Nice\n")
    >>> table.report.separator, table.report.missing
    (';', ('?',))
    >>> table.frame["age"].tolist()
    [31.0, nan]
    """
    settings = settings or Settings()
    if name is None:
        name = "table" if isinstance(source, bytes) else Path(source).stem
    try:
        if not isinstance(source, bytes) and not as_text:
            large = _large(Path(source), name, options or ReadOptions(), settings, on_progress)
            if large is not None:
                return large
        data = source if isinstance(source, bytes) else _content(Path(source), settings)
        _check_bytes(len(data), settings)
        content = unpack(data, options or ReadOptions(), settings)
        return _read(content, source if content.data is data else None, settings, name, as_text)
    except (MLPError, KeyboardInterrupt):
        raise
    except MemoryError:
        raise out_of_memory() from None
    # The promise of this door: a hostile file can lead anywhere, and a person gets a sentence all the same.
    except Exception:
        _LOG.exception("a file was not understood")
        raise DamagedFile(
            Text("The file could not be understood."),
            hint=Text("Choose its format or its separator, or export it anew as CSV."),
        ) from None


def _large(
    path: Path,
    name: str,
    options: ReadOptions,
    settings: Settings,
    on_progress: Callable[[float], None] | None,
) -> Table | None:
    """Return the table of a large text by way of the disk; ``None`` for anything else."""
    try:
        if path.stat().st_size <= settings.large_mb << 20:
            return None
        with path.open("rb") as file:
            is_text = format_of(file.read(_HEAD_BYTES)).id == DELIMITED
    except (OSError, ValueError, NotATable):
        return None
    _check_bytes(path.stat().st_size, settings)
    if not is_text:
        return None
    table = read_large(path, name, options, settings, on_progress or (lambda share: None))
    return table and replace(table, report=replace(table.report, format=DELIMITED))


def _read(
    content: Content, source: str | Path | bytes | None, settings: Settings, name: str, as_text: bool
) -> Table:
    known = format_of(content.data)
    if known.id == DELIMITED:
        table = finish.delimited(content, settings, name, as_text)
    else:
        given = Path(source) if isinstance(source, (str, Path)) else content.data
        loaded = apart.load(known, given, content.options, settings)
        table = finish.finished(loaded, known, content.options, settings, name=name, as_text=as_text)
    return replace(table, report=finish.within(table.report, content))


def _content(path: Path, settings: Settings) -> bytes:
    try:
        if not path.is_file():
            raise ReadError(
                Text("There is no file {name}.", name=path.name), hint=Text("Check its name and place.")
            )
        _check_bytes(path.stat().st_size, settings)
        return path.read_bytes()
    except (OSError, ValueError):
        raise ReadError(
            Text("The file {name} cannot be opened.", name=path.name),
            hint=Text("Check that you may read it."),
        ) from None


def _check_bytes(size: int, settings: Settings) -> None:
    if size > settings.max_upload_mb << 20:
        raise TooLarge(
            Text(
                "The file has {found:n} MB; this server takes {limit:n} MB at most.",
                found=-(-size >> 20),
                limit=settings.max_upload_mb,
            ),
            hint=Text("Keep the rows and columns you need and load the file again."),
        )
