"""The projects of every owner: several each, and each reached by its owner alone.

Whether a project exists, and whose it is, is decided by its row in the database. A row is written before its
folder is made and deleted before its folder is removed; a project that comes whole appears by one rename
inside the transaction that writes its row. So a server that is killed at any moment leaves at most files that
belong to no row, which :meth:`Library.sweep` removes at the next start.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlp_core.config import Settings
from mlp_core.database import Database
from mlp_core.errors import StorageError
from mlp_core.jobs import JobStore
from mlp_core.library import rows
from mlp_core.library.copies import copy_into
from mlp_core.library.entries import Entry, bytes_of, entry_of
from mlp_core.library.house import House
from mlp_core.library.room import require_bytes, require_place
from mlp_core.library.schema import DATABASE, SCHEMA, is_id, no_such_project
from mlp_core.library.wording import described
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.versions import Version
from mlp_core.text import Text

if TYPE_CHECKING:
    from mlp_core.accounts import Owner


class Library:
    """The projects of a server.

    Every method may raise ``StorageError`` where the disk is full or the records cannot be read or written.

    Parameters
    ----------
    root : Path
        The data folder; the rows are in its ``pythie.db``.
    workspaces : WorkspaceStore
        The folders.
    settings : Settings
        How much room an owner has, and how many projects.
    jobs : sequence of JobStore
        Who ends the work on a project that is deleted.
    clock : callable
        Seconds since the epoch.
    """

    def __init__(
        self,
        root: Path,
        workspaces: WorkspaceStore[Project],
        settings: Settings,
        *,
        jobs: Sequence[JobStore] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._workspaces = workspaces
        self._settings = settings
        self._clock = clock
        self._database = Database(root / DATABASE, SCHEMA)
        self._house = House(root, self._database, workspaces, tuple(jobs), clock)

    def projects(self, owner_id: str) -> list[Entry]:
        """Return the projects of an owner, the one changed last first."""
        with self._database.reading() as connection:
            found = rows.of_owner(connection, owner_id)
        entries = [entry_of(self._workspaces, row["id"], row["created"], row["opened"]) for row in found]
        return sorted(entries, key=lambda entry: (entry.changed, entry.opened), reverse=True)

    def current(self, owner_id: str) -> str:
        """Return the id of the project that an owner opened last; an empty one is made where there is none.

        A workspace that bears the owner's own id is theirs: earlier versions had one for each visitor.

        Raises
        ------
        NotFound
            It is no id of an owner.
        """
        _require_owner(owner_id)
        with self._database.reading() as connection:
            found = rows.opened_last(connection, owner_id)
        if found is not None:
            return found
        with self._database.writing() as connection:
            found = rows.opened_last(connection, owner_id)
            if found is not None:
                return found
            former = self._workspaces.folder(owner_id).is_dir() and not rows.is_known(connection, owner_id)
            id_ = owner_id if former else self._workspaces.new_id()
            rows.add(connection, id_, owner_id, self._clock())
        return id_

    def owns(self, owner_id: str, project_id: str) -> bool:
        """Whether there is such a project and it is this owner's."""
        if not is_id(owner_id) or not is_id(project_id):
            return False
        with self._database.reading() as connection:
            return rows.is_of(connection, owner_id, project_id)

    def open(self, owner_id: str, project_id: str) -> None:
        """Make a project the one that its owner opened last.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        """
        with self._database.writing() as connection:
            rows.require(connection, owner_id, project_id)
            rows.note_opening(connection, owner_id, project_id, self._clock())

    def create(self, owner_id: str, name: str = "") -> str:
        """Make a new, empty project, open it and return its id.

        Raises
        ------
        NotFound
            It is no id of an owner.
        QuotaExceeded
            The owner has as many projects as are allowed.
        """
        _require_owner(owner_id)
        id_ = self._workspaces.new_id()
        with self._database.writing() as connection:
            require_place(self._settings, len(rows.of_owner(connection, owner_id)))
            rows.add(connection, id_, owner_id, self._clock())
        if name.strip():
            self._workspaces.update(id_, lambda project: project.with_name(name))
        return id_

    def rename(self, owner_id: str, project_id: str, name: str) -> None:
        """Give a project another name.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        """
        self._check(owner_id, project_id)
        self._workspaces.update(project_id, lambda project: project.with_name(name))

    def duplicate(self, owner_id: str, project_id: str, name: str = "") -> str:
        """Make an independent copy of a project, open it and return its id; its versions stay behind.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        QuotaExceeded
            It would take more room, or be one project more, than the owner has.
        """
        self._check(owner_id, project_id)
        project = self._workspaces.load(project_id)
        return self._placed(owner_id, lambda draft: copy_into(project, draft, name=name))

    def bring(self, owner_id: str, path: Path, *, project_id: str | None = None, opened: bool = True) -> str:
        """Make a project of a ``.pythie`` file, which may come from anybody, open it and return its id.

        Parameters
        ----------
        project_id : str, optional
            The id it had when this owner had it before; by default a new one.
        opened : bool, default True
            Whether it takes the place of the project that the owner opened last.

        Raises
        ------
        StorageError
            The file is no project, is damaged, or was saved by a newer version; or there is a project of
            that id.
        TooLarge
            Its table passes a limit of this server.
        QuotaExceeded
            It would take more room, or be one project more, than the owner has.
        """
        _require_owner(owner_id)
        if project_id is not None and not is_id(project_id):
            raise no_such_project()
        self._require_bytes(owner_id, path.stat().st_size if path.is_file() else 0)
        return self._placed(
            owner_id, lambda draft: Project.open(path, draft, settings=self._settings), project_id, opened
        )

    def export(self, owner_id: str, project_id: str, path: Path) -> None:
        """Write a project into one ``.pythie`` file.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        """
        self._check(owner_id, project_id)
        self._workspaces.load(project_id).save(path)

    def versions(self, owner_id: str, project_id: str) -> list[Version]:
        """Return the states that a project was in before the present one, newest first; at most 20.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        """
        self._check(owner_id, project_id)
        return described(self._workspaces.load(project_id))

    def restore(self, owner_id: str, project_id: str, revision: int) -> None:
        """Make a project as one of its versions was; what it is now becomes a version in turn.

        Raises
        ------
        NotFound
            There is no such project or version, or it is somebody else's.
        """
        self._check(owner_id, project_id)
        self._workspaces.update(project_id, lambda project: project.restored(revision))

    def delete(self, owner_id: str, project_id: str) -> None:
        """Delete a project with its versions, trainings and links; its jobs are ended.

        Raises
        ------
        NotFound
            There is no such project, or it is somebody else's.
        """
        self._check(owner_id, project_id)
        self._house.delete(owner_id, [project_id])

    def delete_all(self, owner_id: str) -> None:
        """Delete every project of an owner, and that the owner had an account."""
        with self._database.reading() as connection:
            ids = [str(row["id"]) for row in rows.of_owner(connection, owner_id)]
        self._house.delete(owner_id, ids)
        with self._database.writing() as connection:
            connection.execute("DELETE FROM claimed WHERE owner = ?", (owner_id,))

    def claim(self, owner_id: str) -> None:
        """Note that an owner is an account, whose projects are never deleted for want of visits.

        Raises
        ------
        NotFound
            It is no id of an owner.
        """
        _require_owner(owner_id)
        with self._database.writing() as connection:
            rows.claim(connection, owner_id)

    def move(self, from_owner_id: str, to_owner_id: str) -> None:
        """Give a guest's projects to an account, all at once; one that was never used is dropped instead.

        The project that the guest had open is then the account's open one, if it has a table.

        Raises
        ------
        NotFound
            One of them is no id of an owner.
        """
        _require_owner(from_owner_id)
        _require_owner(to_owner_id)
        dropped: list[str] = []
        with self._database.writing() as connection:
            rows.claim(connection, to_owner_id)
            guests = rows.opened_last(connection, from_owner_id)
            if guests is None or from_owner_id == to_owner_id:
                return
            opened = rows.opened_last(connection, to_owner_id)
            for row in rows.of_owner(connection, from_owner_id):
                if self._is_untouched(row["id"]):
                    rows.forget(connection, row["id"])
                    dropped.append(row["id"])
            change = "UPDATE projects SET owner = ? WHERE owner = ?"
            connection.execute(change, (to_owner_id, from_owner_id))
            if guests not in dropped and (opened is None or self._is_worked_on(guests)):
                opened = guests
            if opened is not None:
                rows.note_opening(connection, to_owner_id, opened, self._clock())
        for id_ in dropped:
            self._house.remove(id_)

    def usage_bytes(self, owner_id: str) -> int:
        """Return how much room the projects of an owner take."""
        with self._database.reading() as connection:
            ids = [str(row["id"]) for row in rows.of_owner(connection, owner_id)]
        return sum(bytes_of(self._workspaces.folder(id_)) for id_ in ids)

    def require_room(self, owner: Owner, more_bytes: int, *, besides_bytes: int = 0) -> None:
        """Do nothing where an owner may keep so much more.

        Parameters
        ----------
        more_bytes : int
            What is to be kept.
        besides_bytes : int
            What the owner keeps elsewhere and counts too, such as saved things.

        Raises
        ------
        QuotaExceeded
            There is no room for it.
        """
        used = self.usage_bytes(owner.id) + besides_bytes
        require_bytes(self._settings, guest=owner.is_guest, used_bytes=used, more_bytes=more_bytes)

    def knows(self, owner_id: str) -> bool:
        """Whether an owner is an account, or a guest whose projects are still there."""
        with self._database.reading() as connection:
            return rows.is_claimed(connection, owner_id) or rows.has_projects(connection, owner_id)

    def sweep(self) -> int:
        """Remove what a killed server left half done, and return how much that was; nothing is lost by it.

        To be called once at start, and by every process that serves the folder: the first call also says that
        this process is there. Where another one is, nothing is removed.
        """
        return self._house.sweep()

    def purge(self, days: float) -> list[str]:
        """Delete ended links, and guests' projects that nobody used for ``days``; return the ids of these."""
        return self._house.purge(days)

    def _placed(
        self,
        owner_id: str,
        make: Callable[[Path], object],
        project_id: str | None = None,
        opened: bool = True,
    ) -> str:
        """Make a whole project in a hidden folder, then give it its place and its row in one go."""
        id_ = project_id or self._workspaces.new_id()
        draft = self._workspaces.draft()
        placed = kept = False
        try:
            make(draft)
            with self._database.writing() as connection:
                # In one's turn: of two at once, the second counts what the first has placed.
                self._require_bytes(owner_id, bytes_of(draft))
                require_place(self._settings, len(rows.of_owner(connection, owner_id)))
                # A folder without a row waits for a visitor of an earlier version.
                if rows.is_known(connection, id_) or self._workspaces.folder(id_).exists():
                    raise _here_already()
                rows.add(connection, id_, owner_id, self._clock(), opened=opened)
                self._workspaces.place(draft, id_)
                placed = True
            kept = True
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            if placed and not kept:
                self._workspaces.discard(id_)
        return id_

    def _require_bytes(self, owner_id: str, more_bytes: int) -> None:
        with self._database.reading() as connection:
            guest = not rows.is_claimed(connection, owner_id)
        used = self.usage_bytes(owner_id)
        require_bytes(self._settings, guest=guest, used_bytes=used, more_bytes=more_bytes)

    def _check(self, owner_id: str, project_id: str) -> None:
        if not self.owns(owner_id, project_id):
            raise no_such_project()

    def _is_untouched(self, id_: str) -> bool:
        folder = self._workspaces.folder(id_)
        if not folder.is_dir():
            return True
        if any(folder.glob("source/*")) or any(folder.glob("boards/*/board.json")):
            return False
        try:
            project = self._workspaces.load(id_)
        except StorageError:
            return False
        return not project.name and project.source is None

    def _is_worked_on(self, id_: str) -> bool:
        try:
            folder = self._workspaces.folder(id_)
            return folder.is_dir() and self._workspaces.load(id_).source is not None
        except StorageError:
            return False


def _require_owner(owner_id: str) -> None:
    if not is_id(owner_id):
        raise no_such_project()


def _here_already() -> StorageError:
    return StorageError(
        Text("This project is here already."), hint=Text("Choose it from the list of your projects.")
    )
