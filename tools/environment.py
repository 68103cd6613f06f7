"""The environment beside the app: made once, installed once, and redone when it is not whole.

A stamp in the environment holds a hash of each requirements file that was installed to its end. It is
removed before an installation and written after it, so an aborted one leaves none and is done again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from tools.messages import Trouble, say
from tools.processes import WINDOWS, run

OVERRIDES: Final = "requirements-overrides.txt"
"""Packages that another one pins too low: lifted after each installation, whatever that one says."""

_TAIL: Final = 12
_NETWORK_SIGNS: Final = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "name resolution",
    "getaddrinfo failed",
    "No matching distribution found",
)


@dataclass(frozen=True)
class Environment:
    """The environment in ``.venv`` under ``root``, the folder of the app."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where the environment is."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The Python of the environment."""
        return self.folder / ("Scripts/python.exe" if WINDOWS else "bin/python")

    @property
    def stamp(self) -> Path:
        """The file that says what was installed to its end."""
        return self.folder / "installed.json"

    def ready(self, requirements: str) -> bool:
        """Whether a requirements file is installed as it stands now, for this Python."""
        try:
            known = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        wanted = fingerprint(self.root, requirements)
        return isinstance(known, dict) and known.get(requirements) == wanted and self.python.exists()

    def ensure(self, requirements: str) -> None:
        """Make and fill the environment, unless it is ready; one start at a time does it.

        Raises
        ------
        Trouble
            The environment cannot be made, or the packages cannot be fetched or installed.
        """
        if self.ready(requirements):
            return
        with locked(self.root / ".venv.lock", on_wait=lambda: say("waiting")):
            if self.ready(requirements):
                return
            if not self._usable():
                self._make()
            self._install(requirements)

    def _usable(self) -> bool:
        """Whether the environment runs, has pip, and is of the version of this Python."""
        code = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
        try:
            answer = subprocess.run([self.python, "-c", code], capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return answer.returncode == 0 and answer.stdout.strip() == _version()

    def _make(self) -> None:
        if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
            raise Trouble("no_venv")
        say("creating", folder=self.folder)
        lines: list[str] = []
        command = [sys.executable, "-m", "venv", "--clear", str(self.folder)]
        if run(command, cwd=self.root, on_line=lines.append) == 0:
            return
        output = "\n".join(lines)
        if "ensurepip is not available" in output:
            raise Trouble("no_venv")
        raise Trouble("venv_failed", folder=self.folder, output=output)

    def _install(self, requirements: str) -> None:
        say("installing", requirements=requirements)
        self.stamp.unlink(missing_ok=True)
        tail: deque[str] = deque(maxlen=200)
        progress = _Progress()

        def on_line(line: str) -> None:
            tail.append(line)
            progress.show(line)

        pip = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        steps = [["-r", requirements]]
        if (self.root / OVERRIDES).is_file():
            steps.append(["--no-deps", "-r", OVERRIDES])
        for step in steps:
            command = [*pip, "--progress-bar", "off", *step]
            # A person's setting to install for the user only would make pip refuse inside an environment.
            code = run(command, cwd=self.root, environment={"PIP_USER": "0"}, on_line=on_line)
            if code:
                break
        progress.clear()
        if code:
            raise _install_trouble(list(tail))
        installed = {name: fingerprint(self.root, name) for name in _files(self.root, requirements)}
        partial = self.stamp.with_suffix(".partial")
        partial.write_text(json.dumps(installed), encoding="utf-8")
        os.replace(partial, self.stamp)


def fingerprint(root: Path, requirements: str) -> str:
    """Return a hash of a requirements file, of those it includes, the overrides and this Python's version."""
    digest = hashlib.sha256(f"{sys.implementation.name} {_version()} {platform.machine()}".encode())
    overrides = [OVERRIDES] if (root / OVERRIDES).is_file() else []
    for name in [*_files(root, requirements), *overrides]:
        digest.update(f"\n{name}\n".encode() + (root / name).read_bytes())
    return digest.hexdigest()


@contextmanager
def locked(path: Path, *, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock that the system takes back when its holder dies, however it dies."""
    with path.open("a+") as handle:
        if not _try_lock(handle):
            on_wait()
            while not _try_lock(handle):
                time.sleep(0.2)
        try:
            yield
        finally:
            _unlock(handle)


class _Progress:
    """One line that names the package at hand, on a terminal only."""

    def __init__(self) -> None:
        self.visible = sys.stdout.isatty()
        self.count = 0

    def show(self, line: str) -> None:
        if self.visible and line.startswith(("Collecting", "Downloading", "Installing")):
            self.count += line.startswith("Collecting")
            print(f"\r  {self.count:>3}  {line[:70]:<70}", end="", flush=True)

    def clear(self) -> None:
        if self.visible:
            print("\r" + " " * 78 + "\r", end="", flush=True)


def _install_trouble(lines: list[str]) -> Trouble:
    output = "\n".join(lines)
    if "No space left on device" in output or "not enough space on the disk" in output:
        return Trouble("disk_full")
    name = "no_registry" if any(sign in output for sign in _NETWORK_SIGNS) else "pip_failed"
    told = [line for line in lines if line.startswith("ERROR")] or lines
    return Trouble(name, output="\n".join(f"  {line}" for line in told[-_TAIL:]))


def _files(root: Path, requirements: str) -> list[str]:
    names = [requirements]
    for line in (root / requirements).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            names += _files(root, line[3:].strip())
    return names


def _version() -> str:
    return "{}.{}".format(*sys.version_info[:2])


if WINDOWS:
    import msvcrt

    def _try_lock(handle: IO[str]) -> bool:
        handle.seek(0)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

    def _unlock(handle: IO[str]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]

else:
    import fcntl

    def _try_lock(handle: IO[str]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: IO[str]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
