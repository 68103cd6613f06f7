"""One project to the service and back, in the thread that asks; nobody waits for it on a page.

A copy is never changed: a new state is sent under a new id, and the copy before it is deleted once the new
one is there. A copy that another server made meanwhile is not lost by that: it is first brought in as a
project of its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from mlp_core.accounts.account import Owner
from mlp_core.cloud.copies import Copy, copies_of, is_worth_keeping, meta_of, stamp_of
from mlp_core.cloud.ledger import Ledger, Line
from mlp_core.config import Settings
from mlp_core.errors import NotFound, QuotaExceeded, StorageError
from mlp_core.files import storing
from mlp_core.library import Library
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.artifacts.artifact import LARGEST_BYTES, ArtifactStore, as_name
from mlp_core.storage.artifacts.outbox import PROJECT_PAGE
from mlp_core.storage.workspaces import DOCUMENT
from mlp_core.text import Text

_FOLDERS: Final = ("tables", "source", "boards")


class Transfer:
    """What takes projects to the service and brings them back.

    Parameters
    ----------
    remote : ArtifactStore
        The service.
    library : Library
        Whose projects are whose.
    workspaces : WorkspaceStore
        Their folders.
    ledger : Ledger
        What is there already.
    settings : Settings
        The limits of this server.
    largest_bytes : int
        Of a project as one file.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(
        self,
        remote: ArtifactStore,
        library: Library,
        workspaces: WorkspaceStore[Project],
        ledger: Ledger,
        settings: Settings,
        *,
        largest_bytes: int = LARGEST_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._remote = remote
        self._library = library
        self._workspaces = workspaces
        self._ledger = ledger
        self._settings = settings
        self._largest_bytes = largest_bytes
        self._clock = clock

    def copies(self, owner: Owner) -> dict[str, list[Copy]]:
        """Return the copies that the service has, by project, the newest of each first."""
        return copies_of(self._remote.list(owner), now=self._clock())

    def is_saved(self, owner_id: str, project_id: str) -> bool:
        """Whether the service has a project as it is now, or there is nothing in it that could be sent."""
        project = self._readable(project_id)
        if project is None:
            return True
        known = self._ledger.line(owner_id, project_id)
        return known.stamp == stamp_of(project) or not (known.artifact or is_worth_keeping(project))

    def save(self, owner: Owner, project_id: str) -> str | None:
        """Send a project as it is now, unless the service has it so; then delete the copies before it.

        Returns
        -------
        str or None
            The id of a project that was made of what another server had done to this one.

        Raises
        ------
        QuotaExceeded
            It is too large to be sent, or there is no room for it.
        ServiceUnavailable, SignedOut, NotVerified, StorageError
            It could not be sent.
        """
        if not self._library.owns(owner.id, project_id):
            return None
        copies = self.copies(owner).get(project_id, [])
        before = self._ledger.line(owner.id, project_id)
        self.recognise(owner.id, project_id, copies)
        if not self.is_saved(owner.id, project_id):
            self._send(owner, project_id)
            if not self._library.owns(owner.id, project_id):
                # It was deleted while it was on its way.
                self.forget(owner, project_id)
                return None
        known = self._ledger.line(owner.id, project_id)
        apart = None
        for copy in copies if known.artifact else ():
            if copy.artifact.id == known.artifact:
                continue
            if apart is None and _is_foreign(copy, before, known):
                apart = self._bring_apart(owner, copy)
            self._delete(owner, copy)
        return apart

    def recognise(self, owner_id: str, project_id: str, copies: Sequence[Copy]) -> None:
        """Note a copy that had arrived although its answer was lost, or that is the project as it is now."""
        known = self._ledger.line(owner_id, project_id)
        if any(copy.artifact.id == known.artifact for copy in copies):
            copies = [copy for copy in copies if copy.artifact.id == known.coming]
        project = self._readable(project_id)
        present = stamp_of(project) if project is not None else ""
        for copy in copies:
            if copy.artifact.id == known.coming or copy.stamp == present:
                self._ledger.note(owner_id, project_id, copy.artifact.id, copy.stamp)
                return

    def forget(self, owner: Owner, project_id: str) -> None:
        """Delete every copy of a project."""
        for copy in self.copies(owner).get(project_id, []):
            self._delete(owner, copy)
        self._ledger.gone(owner.id, project_id)

    def bring(self, owner: Owner, copies: Sequence[Copy], *, opened: bool) -> str:
        """Make the newest copy that is whole a project of this server; return its id.

        Parameters
        ----------
        opened : bool
            Whether it is then the one that its owner works on.

        Raises
        ------
        StorageError, TooLarge
            No copy is whole, there is no room for it, or its id is somebody else's here.
        ServiceUnavailable, SignedOut
            The service does not give it.
        """
        newest, *former = copies
        try:
            with self._downloaded(owner, newest) as path:
                id_ = self._library.bring(owner.id, path, project_id=newest.project, opened=opened)
        except QuotaExceeded:
            raise
        except StorageError:
            if not former:
                raise
            return self.bring(owner, former, opened=opened)
        self._date(id_, newest.changed)
        stamp = stamp_of(self._workspaces.load(id_))
        self._ledger.note(owner.id, id_, newest.artifact.id, stamp)
        return id_

    def refresh(self, owner: Owner, copy: Copy) -> None:
        """Take in what another server did to a project that is unchanged here; what it was is a version then.

        Raises
        ------
        StorageError
            The copy is not whole.
        ServiceUnavailable, SignedOut
            The service does not give it.
        """
        draft = self._workspaces.draft()
        try:
            with self._downloaded(owner, copy) as path:
                brought = Project.open(path, draft, settings=self._settings)
                trainings = brought.board_ids()

            def change(present: Project) -> Project:
                # A change that was made here while the copy was on its way is not written over.
                if not self.is_saved(owner.id, copy.project):
                    return present
                _merge(draft, present.folder)
                return replace(brought, folder=present.folder, note=None)

            taken = self._workspaces.update(copy.project, change)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        if taken == replace(brought, folder=taken.folder, note=None):
            self._date(copy.project, copy.changed)
            # Trainings that only this server has make it another state, which is sent in its turn.
            stamp = stamp_of(taken) if taken.board_ids() == trainings else copy.stamp
            self._ledger.note(owner.id, copy.project, copy.artifact.id, stamp)

    def _send(self, owner: Owner, project_id: str) -> None:
        project = self._workspaces.load(project_id)
        # Before the file is made: what changes meanwhile is then another state, and sent in its turn.
        stamp, changed = stamp_of(project), self._changed(project_id)
        with tempfile.TemporaryDirectory(prefix="pythie-") as place:
            path = Path(place) / "project.pythie"
            project.save(path)
            size = path.stat().st_size
            if size > self._largest_bytes:
                raise _too_large(project, size, self._largest_bytes)
            with storing():
                content = path.read_bytes()
        kept = self._remote.put(
            owner,
            name=project.title,
            kind="project",
            page=PROJECT_PAGE,
            content=content,
            meta=meta_of(project_id, project, stamp, changed),
            artifact_id=self._ledger.send(owner.id, project_id, stamp),
        )
        self._ledger.note(owner.id, project_id, kept.id, stamp)

    def _bring_apart(self, owner: Owner, copy: Copy) -> str:
        with self._downloaded(owner, copy) as path:
            return self._library.bring(owner.id, path, opened=False)

    def _delete(self, owner: Owner, copy: Copy) -> None:
        with contextlib.suppress(NotFound):
            self._remote.delete(owner, copy.artifact.id)

    @contextlib.contextmanager
    def _downloaded(self, owner: Owner, copy: Copy) -> Iterator[Path]:
        content = self._remote.get(owner, copy.artifact.id)
        with tempfile.TemporaryDirectory(prefix="pythie-") as place:
            path = Path(place) / "project.pythie"
            with storing():
                path.write_bytes(content)
            del content
            yield path

    def _readable(self, project_id: str) -> Project | None:
        """Return a project; ``None`` where nothing was ever in it, or what is cannot be read."""
        if not self._workspaces.folder(project_id).is_dir():
            return None
        try:
            return self._workspaces.load(project_id)
        except StorageError:
            return None

    def _changed(self, project_id: str) -> float:
        try:
            return (self._workspaces.folder(project_id) / DOCUMENT).stat().st_mtime
        except OSError:
            return self._clock()

    def _date(self, project_id: str, changed: float) -> None:
        """Let a project that came back be as old as it is."""
        with contextlib.suppress(OSError):
            os.utime(self._workspaces.folder(project_id) / DOCUMENT, (changed, changed))


def _is_foreign(copy: Copy, before: Line, known: Line) -> bool:
    """Whether a copy is what another server made of a project, and not what ours replaces.

    Where nothing was known of the project, its copies can only be told by their revisions.
    """
    if copy.artifact.id in before.own | known.own or copy.stamp == known.stamp:
        return False
    return bool(before.artifact) or copy.revision >= int(known.stamp.split("-")[0])


def _merge(draft: Path, folder: Path) -> None:
    """Give a project's folder the files that a copy of it has more; a training's list comes last."""
    found = [path for name in _FOLDERS for path in (draft / name).rglob("*") if path.is_file()]
    with storing():
        for path in sorted(found, key=lambda path: path.name == "board.json"):
            target = folder / path.relative_to(draft)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                os.replace(path, target)


def _too_large(project: Project, size: int, most: int) -> QuotaExceeded:
    return QuotaExceeded(
        Text(
            "{name} takes {size:n} MB as a file and your account keeps files of up to {most:n} MB, so this"
            " project is kept on this server only.",
            name=as_name(project.title),
            size=round(size / (1 << 20), 1),
            most=round(most / (1 << 20), 1),
        ),
        hint=Text("Export it to have a copy of your own, or work on a part of its table."),
    )
