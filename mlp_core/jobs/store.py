"""Jobs of all workspaces of a server: one at a time each, a few at a time in all, the others in a queue.

Nothing here is the only copy of anything: the queue is a folder of small files, a job is a folder, and
whether a worker lives is asked of the kernel. Two stores on one folder, in one process or in two, agree.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mlp_core.errors import StorageError
from mlp_core.files import FileLock, is_held, read_json, storing, write_json
from mlp_core.jobs import status as files
from mlp_core.jobs.job import ID, Job
from mlp_core.jobs.launch import Launcher, Process
from mlp_core.jobs.status import JobStatus, State, write_status
from mlp_core.text import Text

_KEPT_FOLDERS: Final = 20


class JobStore:
    """Starts jobs and finds them again.

    Parameters
    ----------
    root : Path
        A folder for the queue; the jobs themselves live in their workspaces.
    max_running : int, default 2
        Jobs that run at once; more wait for their turn.
    place : str, default "jobs"
        The folder of a workspace in which its jobs live.
    launcher : Launcher, optional
        What starts the workers; several stores may share one.
    """

    def __init__(
        self,
        root: Path,
        max_running: int = 2,
        *,
        place: str = "jobs",
        launcher: Launcher | None = None,
    ) -> None:
        self._queue = root / "queue"
        self._lock_path = root / "queue.lock"
        self._max_running = max(1, max_running)
        self._place = place
        self._launcher = launcher or Launcher()
        self._processes: dict[str, Process] = {}

    def submit(self, workspace_dir: Path, kind: str, spec: Mapping[str, Any]) -> Job:
        """Start a job, or put it in the queue when the server is full.

        Parameters
        ----------
        workspace_dir : Path
            The job lives in its ``jobs`` folder.
        kind : str
            An entry of the worker's table of kinds.
        spec : mapping
            Plain JSON that the job's function understands.

        Raises
        ------
        JobError
            A job of this workspace has not ended.
        StorageError
            The folder cannot be written.
        """
        workspace = workspace_dir.resolve()
        with FileLock(self._lock_path):
            latest = self.latest(workspace)
            if latest is not None and latest.look().active:
                raise latest.words.already_running()
            folder = workspace / self._place / _new_id()
            created = time.time()
            with storing():
                folder.mkdir(parents=True, mode=0o700)
            try:
                write_json(folder / files.SPEC, {"kind": kind, "spec": dict(spec), "created": created})
                write_status(folder, JobStatus(state=State.WAITING, updated=created))
                write_json(self._queue / f"{folder.name}.json", {"folder": str(folder)})
            except StorageError:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            self._advance()
        _forget_old(workspace / self._place)
        return Job(folder, self)

    def latest(self, workspace_dir: Path) -> Job | None:
        """Return the newest job of a workspace."""
        jobs = _folders(workspace_dir / self._place)
        return Job(jobs[-1], self) if jobs else None

    def find(self, workspace_dir: Path, job_id: str) -> Job | None:
        """Return a job of a workspace by its id."""
        folder = workspace_dir / self._place / job_id
        return Job(folder, self) if ID.fullmatch(job_id) and folder.is_dir() else None

    def advance(self) -> None:
        """Start jobs that wait, as far as there are free places."""
        with FileLock(self._lock_path):
            self._advance()

    def ahead_of(self, job: Job) -> int:
        """Return how many jobs wait in front of this one."""
        names = [name for name in sorted(_names(self._queue)) if name < job.id]
        waiting = [self._entry(name) for name in names]
        return sum(1 for other in waiting if other is not None and other.look().state is State.WAITING)

    def process_of(self, job: Job) -> Process | None:
        """Return the process of a job that this store started and has not seen end."""
        return self._processes.get(job.id)

    def warm(self) -> None:
        """Make the first job start at once."""
        self._launcher.warm()

    def close(self) -> None:
        """Let go of the process that forks workers; jobs that run then stop and keep what they have."""
        self._launcher.close()

    def _advance(self) -> None:
        entries = [(name, self._entry(name)) for name in sorted(_names(self._queue))]
        looks = {name: job.look().state if job is not None else None for name, job in entries}
        running = sum(1 for state in looks.values() if state in (State.STARTING, State.RUNNING))
        for name, job in entries:
            if job is None or looks[name] not in files.ACTIVE:
                with contextlib.suppress(OSError):
                    (self._queue / f"{name}.json").unlink(missing_ok=True)
            elif looks[name] is State.WAITING and running < self._max_running:
                running += 1
                self._start(job)

    def _start(self, job: Job) -> None:
        write_status(job.folder, JobStatus(state=State.STARTING, message=Text("Starting")))
        self._follow(job, self._launcher.start(job.folder))

    def _follow(self, job: Job, process: Process) -> None:
        self._processes[job.id] = process
        threading.Thread(target=self._see_out, args=(job, process), daemon=True, name=job.id).start()

    def _see_out(self, job: Job, process: Process) -> None:
        """Wait for the end of a worker, note how it ended, and give its place to the next."""
        code = process.wait()
        if code is None and not is_held(job.folder / files.ALIVE) and job.look().state is State.STARTING:
            # The zygote ended before it forked this one.
            self._follow(job, self._launcher.start_plain(job.folder))
            return
        with contextlib.suppress(StorageError):
            if code is not None and job.folder.is_dir():
                write_json(job.folder / files.EXIT, {"code": code})
            self._processes.pop(job.id, None)
            self.advance()

    def _entry(self, name: str) -> Job | None:
        data = read_json(self._queue / f"{name}.json")
        folder = Path(data["folder"]) if isinstance(data, dict) and "folder" in data else None
        return Job(folder, self) if folder is not None and folder.is_dir() else None


def _new_id() -> str:
    """Return an id that sorts by time: names of folders are then their order."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(4)}"


def _folders(jobs: Path) -> list[Path]:
    try:
        return sorted(folder for folder in jobs.iterdir() if ID.fullmatch(folder.name))
    except OSError:
        return []


def _names(queue: Path) -> list[str]:
    try:
        return [file.stem for file in queue.iterdir() if file.suffix == ".json" and ID.fullmatch(file.stem)]
    except OSError:
        return []


def _forget_old(jobs: Path) -> None:
    for folder in _folders(jobs)[:-_KEPT_FOLDERS]:
        shutil.rmtree(folder, ignore_errors=True)
