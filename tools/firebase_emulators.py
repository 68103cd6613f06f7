"""Run what needs Firebase's emulators: the check of the rules, and the tests marked ``firebase``.

The emulators are firebase-tools' own Auth and Storage servers. They are Node.js packages, installed once into
``.firebase`` beside the app, about 330 MB; they listen on this machine only, and for this run only.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Final

from tools.environment import locked
from tools.messages import Trouble, say
from tools.processes import run, shell_code, started

OLDEST_NODE: Final = 20
_START_SECONDS: Final = 180.0
_TAIL: Final = 12
_NO_NETWORK: Final = ("ENOTFOUND", "ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "E404", "ETARGET")


@dataclass(frozen=True)
class Emulators:
    """The emulators beside the app in ``root``; their sources are its folder ``firebase``."""

    root: Path

    @property
    def sources(self) -> Path:
        """The rules, their check, and the program that starts the emulators."""
        return self.root / "firebase"

    @property
    def folder(self) -> Path:
        """Where the packages of Node.js are installed, outside git."""
        return self.root / ".firebase"

    @property
    def variables(self) -> Mapping[str, str]:
        """What lets Node.js find the packages from the folder of the sources."""
        return {"NODE_PATH": str(self.folder / "node_modules")}

    def ready(self) -> bool:
        """Whether the packages are installed as they are wanted now."""
        try:
            installed = (self.folder / "installed.json").read_bytes()
        except OSError:
            return False
        return installed == (self.sources / "package.json").read_bytes()

    def ensure(self) -> None:
        """Install the packages unless they are there; one start at a time does it.

        Raises
        ------
        Trouble
            There is no Node.js, or the packages cannot be fetched.
        """
        npm = require_node()
        self.folder.mkdir(exist_ok=True)
        with locked(self.folder / "lock", on_wait=lambda: say("firebase_waiting")):
            if not self.ready():
                self._install(npm)

    def _install(self, npm: str) -> None:
        say("firebase_installing", folder=self.folder)
        stamp = self.folder / "installed.json"
        stamp.unlink(missing_ok=True)
        shutil.copyfile(self.sources / "package.json", self.folder / "package.json")
        tail: deque[str] = deque(maxlen=200)
        # No lock file: it would name this machine's registry. No scripts: they would compile and download.
        options = ("--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
        if run([npm, "install", *options], cwd=self.folder, on_line=tail.append):
            raise _install_trouble(list(tail))
        shutil.copyfile(self.folder / "package.json", stamp)

    def check_rules(self) -> int:
        """Ask the rules who may do what, without any server; 0 means that every answer is as expected."""
        return run(["node", self.sources / "rules.test.js"], cwd=self.root, environment=self.variables)

    @contextmanager
    def running(self) -> Iterator[Mapping[str, str]]:
        """Start the emulators on free ports and yield the variables that name them; on leaving, end them.

        Raises
        ------
        Trouble
            They end, or stay silent, before they are ready.
        """
        with tempfile.TemporaryDirectory(prefix="pythie-firebase-") as folder:
            ready = Path(folder) / "ready.json"
            line: list[str | Path] = ["node", self.sources / "emulators.js", ready]
            with started(line, cwd=self.root, environment=self.variables) as process:
                hosts = _hosts(process, ready)
                say("firebase_ready", **hosts)
                yield {
                    **self.variables,
                    "FIREBASE_AUTH_EMULATOR_HOST": hosts["auth"],
                    "FIREBASE_STORAGE_EMULATOR_HOST": hosts["storage"],
                    "MLP_FIREBASE_DATABASE_URL": f"http://{hosts['database']}",
                }


def test(python: Path, root: Path, further: Sequence[str], environment: Mapping[str, str]) -> int:
    """Check the rules and run the tests marked ``firebase`` beside the emulators; return the worst exit code.

    Parameters
    ----------
    python : Path
        The Python that has what the tests need.
    further : sequence of str
        What pytest is told besides; it comes last and wins.
    environment : Mapping
        Variables for the tests.

    Raises
    ------
    Trouble
        The emulators cannot be installed or started.
    """
    emulators = Emulators(root)
    emulators.ensure()
    rules = emulators.check_rules()
    if rules:
        say("checks_failed", names="firebase/rules.test.js")
    with emulators.running() as found:
        command: list[str | Path] = [python, "-m", "pytest", "-m", "firebase", *further]
        tests = run(command, cwd=root, environment={**environment, **found})
    return max(rules, tests)


def require_node() -> str:
    """Return where npm is.

    Raises
    ------
    Trouble
        Node.js or npm is missing or too old.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Trouble("firebase_no_node", oldest=OLDEST_NODE)
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60)
        answer = said.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        answer = ""
    version = re.match(r"v(\d+)\.", answer)
    if version is None or int(version[1]) < OLDEST_NODE:
        raise Trouble("firebase_old_node", oldest=OLDEST_NODE, found=answer or os.fspath(node))
    return npm


def _hosts(process: Popen[str], ready: Path) -> Mapping[str, str]:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if ready.exists():
            hosts: dict[str, str] = json.loads(ready.read_text(encoding="utf-8"))
            return hosts
        if process.poll() is not None:
            raise Trouble("firebase_died", code=shell_code(process.returncode))
        time.sleep(0.1)
    raise Trouble("firebase_slow", seconds=round(_START_SECONDS))


def _install_trouble(lines: list[str]) -> Trouble:
    output = "\n".join(lines)
    if "ENOSPC" in output:
        return Trouble("disk_full")
    name = "firebase_no_registry" if any(sign in output for sign in _NO_NETWORK) else "firebase_npm_failed"
    told = [line for line in lines if line.startswith("npm error")] or lines
    return Trouble(name, output="\n".join(f"  {line}" for line in told[-_TAIL:]))
