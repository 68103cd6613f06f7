"""Run a program and end it with us: whatever ends the launcher ends what it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

WINDOWS: Final = sys.platform == "win32"
GRACE_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.1


class Stopped(BaseException):
    """Somebody asked the launcher to end: Ctrl-C, SIGTERM, or a closed terminal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the signals that ask for an end into :class:`Stopped`; one that is ignored stays ignored."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped(number)

    before = {}
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def started(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    stdout: int | None = None,
    on_interrupt: int = signal.SIGINT,
) -> Iterator[subprocess.Popen[str]]:
    """Start a program; on leaving, see it and its process group ended.

    It gets a session of its own, so that Ctrl-C reaches only the launcher, which then ends it in order.

    Parameters
    ----------
    on_interrupt : int
        The signal that Ctrl-C becomes for the program.
    """
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout is not None else None,
        text=True,
        errors="replace",
        start_new_session=not WINDOWS,
    )
    try:
        yield process
    except Stopped as stopped:
        end(process, on_interrupt if stopped.number == signal.SIGINT else signal.SIGTERM)
        raise
    finally:
        end(process)
        if process.stdout is not None:
            process.stdout.close()


def end(
    process: subprocess.Popen[str], number: int = signal.SIGTERM, *, grace_seconds: float = GRACE_SECONDS
) -> None:
    """End a program, politely first; a second Ctrl-C meanwhile ends it at once."""
    try:
        if process.poll() is None and not WINDOWS:
            process.send_signal(number)
        # On Windows Ctrl-C has reached it already: it shares our console, and no signal is polite.
        process.wait(grace_seconds)
    except (subprocess.TimeoutExpired, Stopped):
        kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """End a program and its process group without asking."""
    if WINDOWS:
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> int:
    """Run a program to its end and return its exit code as a shell would give it.

    Parameters
    ----------
    on_line : callable, optional
        Takes each line that the program writes, which then is not shown.
    """
    pipe = subprocess.PIPE if on_line else None
    with started(command, cwd=cwd, environment=environment, stdout=pipe) as process:
        if on_line and process.stdout is not None:
            for line in process.stdout:
                on_line(line.rstrip())
        return wait(process)


def wait(process: subprocess.Popen[str]) -> int:
    """Wait until a program ends and return its exit code as a shell would give it.

    It looks now and then instead of blocking: a signal that comes just before a blocking wait is heard only
    after it, and on Windows such a wait does not hear Ctrl-C at all.
    """
    while process.poll() is None:
        time.sleep(_LOOK_SECONDS)
    return shell_code(process.returncode)


def shell_code(code: int) -> int:
    """Return the exit code that a shell shows: 128 and the signal for a program that a signal ended."""
    return 128 - code if code < 0 else code
