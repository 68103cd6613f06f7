"""Find a Chromium for the browser tests: one on the machine, else Debian's package, else Playwright's own."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.messages import Trouble, say
from tools.processes import WINDOWS, run

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC: Final = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_WINDOWS: Final = ("Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe")


def find() -> Path | None:
    """Return the Chromium of this machine, the one that ``CHROMIUM`` names first.

    Raises
    ------
    Trouble
        ``CHROMIUM`` names something that does not start.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if not starts(Path(named)):
            raise Trouble("no_such_browser", path=named)
        return Path(named)
    return next((path for path in _places() if starts(path)), None)


def starts(path: Path) -> bool:
    """Whether a program is there and starts; Ubuntu's chromium is only a pointer to another installer."""
    if not path.is_file():
        return False
    if WINDOWS:
        return True  # Chrome opens a window there instead of naming its version.
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def ensure(python: Path, root: Path) -> dict[str, str]:
    """See that there is a Chromium, and return the environment variables that lead the tests to it.

    Raises
    ------
    Trouble
        There is none and none can be installed.
    """
    path = find()
    if path is None and _debian_root():
        say("installing_chromium", way="apt")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "update", "-q"], cwd=root, environment=quiet)
        packages = ["install", "-y", "-q", "--no-install-recommends", "chromium"]
        run(["apt-get", *packages], cwd=root, environment=quiet)
        path = find()
    if path is not None:
        return {"CHROMIUM": str(path)}
    say("installing_chromium", way="Playwright")
    extra = ["--with-deps"] if _is_root() and shutil.which("apt-get") else []
    if run([python, "-m", "playwright", "install", *extra, "chromium"], cwd=root):
        raise Trouble("no_chromium")
    return {}


def _places() -> Iterator[Path]:
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    if sys.platform == "darwin":
        yield from map(Path, _MAC)
    if WINDOWS:
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            base = os.environ.get(variable)
            if base:
                yield from (Path(base) / place for place in _WINDOWS)


def _debian_root() -> bool:
    if not _is_root() or not shutil.which("apt-get"):
        return False
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def _is_root() -> bool:
    return not WINDOWS and os.geteuid() == 0
