"""How a job stands, and the files in its folder that say so.

The server writes the specification, the first status and the two flags; from its start on only the worker
writes the status. So no file has two writers at once, and a new server process finds all there is to know.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from mlp_core.errors import MLPError
from mlp_core.errors import from_json as error_from_json
from mlp_core.files import read_json, write_json
from mlp_core.text import Text

SPEC: Final = "spec.json"
STATUS: Final = "status.json"
EXIT: Final = "exit.json"
"""The exit code, written by the server that saw the worker end."""
ALIVE: Final = "alive.lock"
"""Held by the worker as long as it lives; the kernel lets it go, however the worker ends."""
CANCEL: Final = "cancel"
STOP: Final = "stop"
LOG: Final = "out.log"


class State(StrEnum):
    """Where a job is in its life."""

    WAITING = "waiting"
    STARTING = "starting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    FAILED = "failed"


ACTIVE: Final = frozenset({State.WAITING, State.STARTING, State.RUNNING})


@dataclass(frozen=True, kw_only=True)
class JobStatus:
    """One look at a job.

    Attributes
    ----------
    state : State
        ``stopped`` is an end with a result: the person asked for the best so far.
    share : float
        Work done, 0-1.
    message : Text
        What is going on, or how it ended.
    models : mapping
        Progress of each model by its id, as the training reports it.
    seconds_left : float or None
        Estimated; ``None`` where nothing is known yet.
    error : MLPError or None
        Why it failed.
    started : float or None
        Seconds since the epoch at which the worker began.
    updated : float
        Seconds since the epoch of this status.
    pid : int or None
        The worker's process, which also leads its process group.
    stopping : bool
        The person asked to stop and keep, and the worker has not ended yet.
    """

    state: State
    share: float = 0.0
    message: Text = field(default_factory=lambda: Text(""))
    models: Mapping[str, Any] = field(default_factory=dict)
    seconds_left: float | None = None
    error: MLPError | None = None
    started: float | None = None
    updated: float = field(default_factory=time.time)
    pid: int | None = None
    stopping: bool = False

    @property
    def active(self) -> bool:
        """Whether the job has not ended."""
        return self.state in ACTIVE

    def to_json(self) -> dict[str, Any]:
        """Return the status as plain JSON."""
        return {
            "state": self.state.value,
            "share": self.share,
            "message": self.message.to_json(),
            "models": dict(self.models),
            "seconds_left": self.seconds_left,
            "error": self.error.to_json() if self.error is not None else None,
            "started": self.started,
            "updated": self.updated,
            "pid": self.pid,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> JobStatus:
        """Return the status that :meth:`to_json` wrote."""
        error = error_from_json(data["error"]) if data["error"] else None
        given = {**data, "state": State(data["state"]), "message": Text.from_json(data["message"])}
        return cls(**{**given, "error": error})


def read_status(folder: Path) -> JobStatus | None:
    """Return the status written in a job's folder, or ``None`` where there is none that can be read."""
    data = read_json(folder / STATUS)
    try:
        return JobStatus.from_json(data) if data is not None else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def write_status(folder: Path, status: JobStatus, *, durable: bool = False) -> None:
    """Write the status into a job's folder, whole or not at all.

    Raises
    ------
    StorageError
        The folder cannot be written.
    """
    write_json(folder / STATUS, status.to_json(), durable=durable)
