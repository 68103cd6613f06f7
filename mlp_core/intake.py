"""A file that was brought becomes the table of its project, in a process of its own.

The file already stands in the workspace. The worker reads it and changes the saved project itself, under the
lock that all share, so that the table is there even if nobody waits for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from mlp_core.config import Settings
from mlp_core.project import Project
from mlp_core.read import ReadOptions, read_table
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.source import original_path
from mlp_core.text import Text

_READ_FROM: Final = 0.02
_READ_TO: Final = 0.85


def run(
    spec: Mapping[str, Any],
    folder: Path,
    report: Callable[..., None],
    should_stop: Callable[[], bool],
) -> None:
    """Read the file that ``spec`` names and make it the table of the workspace's project.

    Parameters
    ----------
    spec : mapping
        ``name`` of the file, ``original``, the hash under which it is kept, ``options`` as JSON, and
        ``other``, true where the table is to be one of the others and not the main one.
    folder : Path
        The folder of the job, two levels below its workspace.
    report : callable
        Takes ``share`` and ``message``.
    should_stop : callable
        Says whether to end without a change.

    Raises
    ------
    ReadError
        The file cannot become a table.
    StorageError
        The table cannot be kept.
    """
    import pyarrow as pa

    # Workers are told to use one thread, which is right for small models and wrong for a large file.
    pa.set_cpu_count(os.cpu_count() or 1)
    workspace = folder.parents[1]
    name, original = str(spec["name"]), str(spec["original"])
    options = ReadOptions.from_json(spec["options"])
    reading = Text("Reading {name}", name=name)
    report(_READ_FROM, reading)
    table = read_table(
        original_path(workspace, original),
        options,
        name=name,
        settings=Settings.from_environment(),
        on_progress=lambda share: report(_READ_FROM + (_READ_TO - _READ_FROM) * share, reading),
    )
    if should_stop():
        return
    report(_READ_TO, Text("Keeping the table: {rows:n} {rows|row|rows}", rows=len(table.frame)))
    WorkspaceStore(workspace.parent, Project).update(
        workspace.name,
        lambda project: (project.with_other if spec.get("other") else project.with_table)(
            table, origin=name, kept=original, options=options
        ),
    )
