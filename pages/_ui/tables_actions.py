"""What the buttons beside the project's tables do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mlp_core.project import Project
from mlp_core.read import ReadOptions, read_table
from mlp_core.storage.source import keep_original, original_of
from pages._ui import actions, state
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.storage.source import SourceRef

LARGE_BYTES: Final = 8 << 20
"""A larger file is read beside the page."""


def add_table(name: str, content: bytes, options: ReadOptions | None = None) -> Project:
    """Read a file and add it to the project's tables; a large one in a process of its own."""
    actions.require_room(len(content))
    if len(content) > LARGE_BYTES:
        project = state.project()
        former = services().readings.latest(project.folder)
        if former is not None:
            former.cancel()
        given = (options or ReadOptions()).to_json()
        spec = {"name": name, "original": keep_original(project.folder, content), "options": given}
        services().readings.submit(project.folder, "read", {**spec, "other": True})
        return project
    table = read_table(content, options, name=name, settings=services().settings)
    return state.change(
        lambda latest: latest.with_other(table, origin=name, content=content, options=options)
    )


def add_part(ref: SourceRef, part: str) -> Project:
    """Add another sheet, member or table of a file that the project already holds."""
    content = original_of(state.project().folder, ref)
    options = replace(ReadOptions.from_json(ref.options), part=part)
    table = read_table(content, options, name=part, settings=services().settings)
    return state.change(
        lambda latest: latest.with_other(table, origin=ref.origin, content=content, options=options)
    )


def remove_table(fingerprint: str) -> Project:
    """Take one of the other tables out of the project."""
    return state.change(lambda latest: latest.without_other(fingerprint))


def make_main(fingerprint: str) -> Project:
    """Work on one of the other tables from now on."""
    return state.change(lambda latest: latest.with_main(fingerprint))
