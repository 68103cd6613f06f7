"""Starting a worker process, and ending it with all it started.

Two ways: a new interpreter, everywhere; or a child of the zygote, a process that has the heavy imports
behind it, where forking is sound.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from mlp_core.jobs.status import LOG
from mlp_core.jobs.worker import PARENT

WORKER: Final = (sys.executable, "-m", "mlp_core.jobs.worker")

CAN_FORK: Final = sys.platform == "linux"
"""macOS has ``fork`` too, but its own libraries crash in a forked child."""

_ROOT: Final = Path(__file__).resolve().parents[2]
_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class Process(Protocol):
    """A started worker."""

    pid: int | None

    def wait(self) -> int | None:
        """Wait for its end and return the exit code, negative for a signal, ``None`` where unknown."""
        ...


class NewInterpreter:
    """A worker in an interpreter of its own.

    Parameters
    ----------
    command : sequence of str
        What to run; the job's folder is added.
    folder : Path
        The job's folder.
    """

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        with (folder / LOG).open("ab") as log:
            self._process = _popen([*command, str(folder)], stdout=log, stderr=subprocess.STDOUT)
        self.pid: int | None = self._process.pid

    def wait(self) -> int | None:
        """Wait for its end and return the exit code."""
        code = self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        return code


class Forked:
    """A worker that the zygote forks; it may not be born yet."""

    def __init__(self) -> None:
        self.pid: int | None = None
        self.code: int | None = None
        self._ended = threading.Event()

    def end(self, code: int | None) -> None:
        """Take note that it is over; without a code, that its fate is not known."""
        self.code = code
        self._ended.set()

    def wait(self) -> int | None:
        """Wait for its end and return the exit code."""
        self._ended.wait()
        return self.code


class Zygote:
    """The server's end of the process that forks one child per job.

    Parameters
    ----------
    command : sequence of str
        The worker's command; ``--zygote`` is added.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = _popen([*command, "--zygote"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._guard = threading.Lock()
        self._unborn: dict[str, Forked] = {}
        self._born: dict[int, Forked] = {}
        self.ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True, name="zygote").start()

    @property
    def pid(self) -> int:
        """The zygote's own process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still takes jobs."""
        return self._process.poll() is None

    def start(self, folder: Path) -> Forked | None:
        """Ask for a child that does the job of ``folder``; ``None`` when the zygote is gone."""
        child = Forked()
        with self._guard:
            self._unborn[str(folder)] = child
            try:
                assert self._process.stdin is not None
                self._process.stdin.write(json.dumps(str(folder)).encode() + b"\n")
                self._process.stdin.flush()
            except (OSError, ValueError):
                del self._unborn[str(folder)]
                return None
        return child

    def close(self) -> None:
        """End the zygote; its children then stop and keep what they have."""
        with self._guard, contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        try:
            self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with contextlib.suppress(ValueError):
                    self._take(json.loads(line))
        self._process.wait()
        with self._guard:
            orphans = [*self._unborn.values(), *self._born.values()]
            self._unborn.clear()
            self._born.clear()
        for child in orphans:
            child.end(None)

    def _take(self, news: dict[str, Any]) -> None:
        if "ready" in news:
            self.ready.set()
        elif "born" in news:
            with self._guard:
                child = self._unborn.pop(news["born"])
                child.pid = int(news["pid"])
                self._born[child.pid] = child
        elif "gone" in news:
            with self._guard:
                child = self._born.pop(int(news["gone"]))
            child.end(int(news["code"]))


class Launcher:
    """Starts workers, forked from a warmed-up process where the system can and that is wanted.

    Parameters
    ----------
    command : sequence of str
        How a worker is run.
    fast : bool
        Keep a process ready from which workers are forked: 0.1 s instead of seconds, for 120 MB.
    """

    def __init__(self, command: Sequence[str] = WORKER, *, fast: bool = True) -> None:
        self._command = tuple(command)
        self._fast = fast and CAN_FORK
        self._zygote: Zygote | None = None
        self._guard = threading.Lock()

    def start(self, folder: Path) -> Process:
        """Start the worker of a job's folder."""
        process = self._living_zygote().start(folder) if self._fast else None
        return process or self.start_plain(folder)

    def start_plain(self, folder: Path) -> Process:
        """Start the worker in an interpreter of its own."""
        return NewInterpreter(self._command, folder)

    def warm(self) -> None:
        """Start the process that forks workers, so that the first job finds it ready."""
        if self._fast:
            self._living_zygote()

    def close(self) -> None:
        """End the process that forks workers; jobs that run then stop and keep what they have."""
        with self._guard:
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None

    def _living_zygote(self) -> Zygote:
        with self._guard:
            if self._zygote is not None and not self._zygote.alive:
                self._zygote.close()
                self._zygote = None
            if self._zygote is None:
                self._zygote = Zygote(self._command)
            return self._zygote


def end_group(pid: int, *, force: bool) -> None:
    """End a worker and every process it started; nothing where they are gone."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/PID", str(pid), "/T", "/F"], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL if force else signal.SIGTERM)


def _popen(command: Sequence[str], **streams: Any) -> subprocess.Popen[bytes]:
    """Start a process in a session and a process group of its own, out of reach of a terminal's Ctrl+C."""
    # Numerical libraries that each take every core make small fits many times slower.
    given = {**os.environ, **dict.fromkeys(_ONE_THREAD, "1"), "MLFLOW_DISABLE_TELEMETRY": "true"}
    given[PARENT] = str(os.getpid())
    given["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    own_group: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return subprocess.Popen(command, stdin=subprocess.PIPE, env=given, **own_group, **streams)
