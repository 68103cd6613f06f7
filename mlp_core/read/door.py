"""The front door: a path or the bytes of a file become a table or a sentence that says why not."""

from __future__ import annotations

from pathlib import Path

from mlp_core.config import Settings
from mlp_core.errors import ReadError, TooLarge
from mlp_core.read.formats import format_of
from mlp_core.read.options import ReadOptions
from mlp_core.table import Table
from mlp_core.text import Text


def read_table(
    source: str | Path | bytes,
    options: ReadOptions | None = None,
    *,
    name: str | None = None,
    settings: Settings | None = None,
    as_text: bool = False,
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
    data = source if isinstance(source, bytes) else _content(Path(source), settings)
    _check_bytes(len(data), settings)
    if name is None:
        name = "table" if isinstance(source, bytes) else Path(source).stem
    return format_of(data).read(data, name, options or ReadOptions(), settings, as_text)


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
