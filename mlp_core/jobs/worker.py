"""The process that does one job: ``python -m mlp_core.jobs.worker JOB_DIR``.

What may run is a closed table in code. A specification on disk names an entry of it and can name nothing
else, so that a file which somebody managed to place in a job's folder cannot choose what is imported.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from mlp_core.errors import JobError, MLPError, StorageError
from mlp_core.files import FileLock, read_json
from mlp_core.jobs import status as files
from mlp_core.jobs.status import JobStatus, State, write_status
from mlp_core.jobs.words import words_of
from mlp_core.text import Text

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"train": "mlp_core.train.job:run", "read": "mlp_core.intake:run"}
)
"""What a job may be: a name, and the function ``run(spec, folder, report, should_stop)`` behind it."""

GRACE_SECONDS: Final = 60.0
"""How long a worker whose server is gone may take to keep what it has."""

PARENT: Final = "MLP_JOB_PARENT"
"""Names the server's process, so that a worker born just after its death knows it too."""

_WATCH_SECONDS: Final = 0.5


class Reporter:
    """Writes the progress of a job; it is the ``report`` that a job's function calls.

    Parameters
    ----------
    folder : Path
        The job's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._status = JobStatus(
            state=State.RUNNING, message=Text("Preparing"), started=time.time(), pid=os.getpid()
        )
        self._write()

    def __call__(
        self,
        share: float,
        message: Text | None = None,
        models: Mapping[str, Any] | None = None,
        seconds_left: float | None = None,
    ) -> None:
        """Say how far the work is; what is not given stays as it was.

        Parameters
        ----------
        share : float
            Work done, 0-1.
        message : Text, optional
            What is being done.
        models : mapping, optional
            Progress of each model by its id, as plain JSON values.
        seconds_left : float, optional
            Estimated time to the end; ``None`` where it is not known.
        """
        self._status = replace(
            self._status,
            share=min(1.0, max(0.0, float(share))),
            message=message or self._status.message,
            models=self._status.models if models is None else dict(models),
            seconds_left=seconds_left,
            updated=time.time(),
        )
        # A full disk must not end a training that can still be kept in memory and saved later.
        with contextlib.suppress(StorageError):
            self._write()

    def end(self, state: State, message: Text, error: MLPError | None = None) -> None:
        """Write the last status."""
        share = self._status.share if state is State.FAILED else 1.0
        self._status = replace(
            self._status,
            state=state,
            message=message,
            error=error,
            share=share,
            seconds_left=None,
            updated=time.time(),
        )
        write_status(self._folder, self._status, durable=True)

    def _write(self) -> None:
        write_status(self._folder, self._status)


def main(
    folder: Path,
    kinds: Mapping[str, str] = KINDS,
    *,
    parent: int | None = None,
    grace_seconds: float = GRACE_SECONDS,
) -> int:
    """Do the job of ``folder`` and return an exit code.

    Parameters
    ----------
    folder : Path
        The job's folder, with its specification.
    kinds : mapping of str to str
        What may run, as ``"package.module:function"``.
    parent : int, optional
        The process that started this one, by its id; by default the present parent.
    grace_seconds : float
        How long this process may outlive its server.
    """
    alive = FileLock(folder / files.ALIVE)
    alive.acquire(timeout_seconds=5.0)
    if (folder / files.CANCEL).exists():
        return 0
    _step_back()
    faulthandler.enable()
    orphaned = threading.Event()
    watched = (orphaned, parent or os.getppid(), grace_seconds)
    threading.Thread(target=_watch, args=watched, daemon=True).start()

    def should_stop() -> bool:
        return orphaned.is_set() or (folder / files.STOP).exists()

    reporter = Reporter(folder)
    spec = read_json(folder / files.SPEC)
    words = words_of(spec["kind"])
    try:
        _function(kinds, spec["kind"])(spec["spec"], folder, reporter, should_stop)
    except MLPError as error:
        reporter.end(State.FAILED, error.message, error)
    except MemoryError:
        traceback.print_exc()
        reporter.end(State.FAILED, *_told(words.out_of_memory()))
    # The last line of defence of this process: the trace goes to its log, a sentence to the person.
    except Exception:
        traceback.print_exc()
        reporter.end(State.FAILED, *_told(words.bug(folder.name)))
    else:
        stopped = should_stop()
        told = Text("Stopped; what was finished is kept") if stopped else Text("Finished")
        reporter.end(State.STOPPED if stopped else State.DONE, told)
        return 0
    return 1


def _told(error: JobError) -> tuple[Text, JobError]:
    return error.message, error


def _function(kinds: Mapping[str, str], kind: str) -> Callable[..., Any]:
    module, _, name = kinds[kind].partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _step_back() -> None:
    """Let pages come first, and make this the process that ends when memory runs out."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _watch(orphaned: threading.Event, parent: int, grace_seconds: float) -> None:
    """Notice that the server is gone: then ask the job to stop and keep, and end it if it does not."""
    if sys.platform == "win32":
        # A parent's death changes nothing here, but it closes the pipe that it gave as standard input.
        sys.stdin.read()
    else:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
    orphaned.set()
    time.sleep(grace_seconds)
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def cli(arguments: list[str], kinds: Mapping[str, str] = KINDS) -> int:
    """Run as a command: a job's folder, or ``--zygote`` for the process that forks one child per job."""
    if arguments == ["--zygote"]:
        from mlp_core.jobs import zygote

        return zygote.main(kinds)
    parent = int(os.environ.get(PARENT, 0)) or None
    return main(Path(arguments[0]), kinds, parent=parent)


if __name__ == "__main__":
    raise SystemExit(cli(sys.argv[1:]))
