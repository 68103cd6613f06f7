"""What the buttons beside the projects do: in the library, in the cloud and in this tab."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pages._ui import actions, state, visitor
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.library import Library

_NOT_IN_A_FILE_NAME: Final = re.compile(r"[^\w .-]+")


def enter(project_id: str) -> None:
    """Work on a project from now on, and stay among the projects."""
    visitor.open_project(project_id)
    changed(project_id)
    state.remember("account.view", "projects")


def changed(project_id: str) -> None:
    """Have the cloud keep a project as it now is, where there is one."""
    owner, cloud = visitor.owner(), services().cloud
    if cloud is not None and not owner.is_guest:
        cloud.changed(owner, project_id)


def delete(project_id: str) -> None:
    """Delete a project, here and in the cloud; where it was the open one, go on with another.

    Raises
    ------
    NotFound
        There is no such project, or it is somebody else's.
    """
    known, cloud, library = visitor.check(), services().cloud, services().library
    owner = known.owner
    library.delete(owner.id, project_id)
    services().deleted.set()
    if cloud is not None and not owner.is_guest:
        cloud.forget(owner, project_id)
    if known.project_id == project_id:
        enter(library.current(owner.id))


def bring(content: bytes) -> str:
    """Take the bytes of a ``.pythie`` file in as a project of the visitor; return its id.

    Raises
    ------
    StorageError
        It is no project, or there is no room for it.
    """
    actions.require_room(len(content))
    with tempfile.TemporaryDirectory(prefix="pythie-") as folder:
        path = Path(folder) / "brought.pythie"
        path.write_bytes(content)
        return services().library.bring(visitor.check().owner.id, path)


def file_stem(name: str) -> str:
    """Return a name for a downloaded file that every system takes.

    Examples
    --------
    >>> file_stem("../Titanic: the end?")
    'Titanic the end'
    """
    words = " ".join(_NOT_IN_A_FILE_NAME.sub(" ", name).split())
    return words[:80].strip(" .-") or "pythie"


def file_of(library: Library, owner_id: str, project_id: str) -> bytes:
    """Return a project as the bytes of its file; called when it is downloaded, outside any run."""
    with tempfile.TemporaryDirectory(prefix="pythie-") as folder:
        path = Path(folder) / "project.pythie"
        library.export(owner_id, project_id, path)
        return path.read_bytes()
