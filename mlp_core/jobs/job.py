"""One job, as its folder tells it: how it stands, cancel, stop and keep."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlp_core.errors import JobError
from mlp_core.files import is_held, read_json, storing
from mlp_core.jobs import status as files
from mlp_core.jobs.launch import end_group
from mlp_core.jobs.status import JobStatus, State, read_status
from mlp_core.jobs.words import JobWords, words_of
from mlp_core.text import Text

if TYPE_CHECKING:
    from mlp_core.jobs.store import JobStore

ID: Final = re.compile(r"[0-9a-f]{20}")

_START_SECONDS: Final = 60.0
"""A worker started by another process may be silent this long before it counts as lost."""

_POLITE_SECONDS: Final = 2.0
_GIVE_UP_SECONDS: Final = 6.0
_KILLED: Final = -9


class Job:
    """A job of a workspace.

    Parameters
    ----------
    folder : Path
        Where its files are.
    store : JobStore
        Who starts it when its turn has come.
    """

    def __init__(self, folder: Path, store: JobStore) -> None:
        self.folder = folder
        self._store = store

    @property
    def id(self) -> str:
        """Its permanent id; ids sort by time."""
        return self.folder.name

    @property
    def spec(self) -> dict[str, Any]:
        """What was asked for, as it was submitted."""
        data = read_json(self.folder / files.SPEC)
        return dict(data["spec"]) if isinstance(data, dict) else {}

    @property
    def words(self) -> JobWords:
        """What people read of a job of its kind."""
        data = read_json(self.folder / files.SPEC)
        return words_of(str(data.get("kind")) if isinstance(data, dict) else "")

    def status(self) -> JobStatus:
        """Return how the job stands, and start it if it waits and there is room."""
        status = self.look()
        if status.state is State.WAITING:
            self._store.advance()
            status = self.look()
        if status.state is not State.WAITING:
            return status
        ahead = self._store.ahead_of(self)
        if not ahead:
            return replace(status, message=Text("Waiting for a free place on this server"))
        told = Text(
            "Waiting for a free place on this server, after {ahead:n} {ahead|other|others}",
            ahead=ahead,
        )
        return replace(status, message=told)

    def look(self) -> JobStatus:
        """Return how the job stands, and change nothing."""
        status = read_status(self.folder) or JobStatus(state=State.STARTING, updated=0.0)
        cancelled = (self.folder / files.CANCEL).exists()
        if not status.active or (status.state is State.WAITING and not cancelled):
            return status
        if status.state is not State.WAITING and self._alive(status):
            return replace(status, stopping=(self.folder / files.STOP).exists())
        # It may have ended in good order between the two looks.
        last = read_status(self.folder)
        if last is not None and not last.active:
            return last
        if cancelled:
            return replace(status, state=State.CANCELLED, message=Text("Cancelled"), seconds_left=None)
        error = self._lost()
        return replace(status, state=State.FAILED, message=error.message, error=error, seconds_left=None)

    def cancel(self) -> None:
        """End the job now and keep nothing; returns when its processes are gone.

        Raises
        ------
        StorageError
            The wish cannot be written into the job's folder.
        """
        if not self.look().active:
            return
        self._flag(files.CANCEL)
        begun = time.monotonic()
        while time.monotonic() - begun < _GIVE_UP_SECONDS:
            status = self.look()
            if not status.active:
                break
            pid = self._pid(status)
            if pid is not None:
                end_group(pid, force=time.monotonic() - begun > _POLITE_SECONDS)
            time.sleep(0.01)
        self._store.advance()

    def stop_and_keep(self) -> None:
        """Ask the job to end soon with what it has; a job that still waits has nothing and is cancelled.

        Raises
        ------
        StorageError
            The wish cannot be written into the job's folder.
        """
        if self.look().state is State.WAITING:
            self.cancel()
        else:
            self._flag(files.STOP)

    def _alive(self, status: JobStatus) -> bool:
        if is_held(self.folder / files.ALIVE):
            return True
        if status.state is not State.STARTING or (self.folder / files.EXIT).exists():
            return False
        return self._store.process_of(self) is not None or time.time() - status.updated < _START_SECONDS

    def _pid(self, status: JobStatus) -> int | None:
        # A number on disk may have been given to another process since; the lock says that it was not.
        if status.pid is not None and is_held(self.folder / files.ALIVE):
            return status.pid
        process = self._store.process_of(self)
        return process.pid if process is not None else None

    def _lost(self) -> JobError:
        end = time.monotonic() + 1.0
        while self._store.process_of(self) is not None and time.monotonic() < end:
            if (self.folder / files.EXIT).exists():
                break
            time.sleep(0.01)
        data = read_json(self.folder / files.EXIT)
        code = data.get("code") if isinstance(data, dict) else None
        if code == _KILLED:
            return self.words.out_of_memory()
        return self.words.ended_suddenly()

    def _flag(self, name: str) -> None:
        with storing():
            (self.folder / name).touch()
