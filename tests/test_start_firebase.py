"""``python start.py test --firebase``: what it needs, installs, starts and ends; scripts act for Node."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tools import chromium, firebase_emulators, launcher
from tools.environment import Environment
from tools.firebase_emulators import Emulators
from tools.messages import Trouble

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are scripts of POSIX systems")

HOSTS = '{"project": "demo-mlp", "auth": "h:1", "storage": "h:2", "database": "h:3"}'
READY = f"""echo '{HOSTS}' > "$2.part"; mv "$2.part" "$2"; exec sleep 60"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is searched before the system's own programs."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


@pytest.fixture
def emulators(tmp_path: Path) -> Emulators:
    (tmp_path / "firebase").mkdir()
    (tmp_path / "firebase/package.json").write_text('{"dependencies": {}}')
    return Emulators(tmp_path)


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def node(folder: Path, otherwise: str = "exit 0", version: str = "v22.1.0") -> None:
    program(folder / "node", f'if [ "$1" = --version ]; then echo {version}; exit 0; fi\n{otherwise}')


def test_without_node_a_sentence_says_so_before_anything_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(Environment, "ensure", lambda *_: pytest.fail("nothing was to be installed"))

    assert launcher.main(["test", "--firebase"]) == 1
    assert "need Node.js 20 or newer with npm" in capsys.readouterr().err


def test_a_node_that_is_too_old_is_told(programs: Path) -> None:
    node(programs, version="v18.20.4")
    program(programs / "npm", "exit 0")

    with pytest.raises(Trouble, match=r"20 or newer; this is v18\.20\.4"):
        firebase_emulators.require_node()


def test_packages_are_installed_once_until_they_change(programs: Path, emulators: Emulators) -> None:
    node(programs)
    program(programs / "npm", 'echo "$@" >> installed')
    log = emulators.folder / "installed"

    emulators.ensure()
    emulators.ensure()

    (once,) = log.read_text().splitlines()
    assert {"--no-package-lock", "--ignore-scripts"} <= set(once.split())
    (emulators.sources / "package.json").write_text('{"dependencies": {"one": "2.0.0"}}')
    assert not emulators.ready()
    emulators.ensure()
    assert len(log.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("npm error code ENOTFOUND", "firebase_no_registry"),
        ("npm error code ENOSPC", "disk_full"),
        ("npm error code EBADPLATFORM", "firebase_npm_failed"),
    ],
)
def test_an_installation_that_fails_is_told_and_done_again(
    said: str, name: str, programs: Path, emulators: Emulators
) -> None:
    node(programs)
    program(programs / "npm", f"echo '{said}'; exit 1")

    with pytest.raises(Trouble) as failure:
        emulators.ensure()

    assert failure.value.name == name
    assert not emulators.ready()


def test_the_emulators_are_named_to_the_tests_and_end_with_them(
    programs: Path, emulators: Emulators, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    node(programs, f"echo $$ > {pid_file}\n{READY}")

    def meet_trouble() -> None:
        with emulators.running() as variables:
            assert variables["FIREBASE_AUTH_EMULATOR_HOST"] == "h:1"
            assert variables["FIREBASE_STORAGE_EMULATOR_HOST"] == "h:2"
            assert variables["MLP_FIREBASE_DATABASE_URL"] == "http://h:3"
            os.kill(int(pid_file.read_text()), 0)
            raise KeyError("whatever happens meanwhile")

    with pytest.raises(KeyError):
        meet_trouble()

    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_emulators_that_end_before_they_are_ready_are_told(programs: Path, emulators: Emulators) -> None:
    node(programs, "exit 3")

    with pytest.raises(Trouble, match="exit code 3"), emulators.running():
        pytest.fail("they never were ready")


def test_emulators_that_stay_silent_are_ended(
    programs: Path, emulators: Emulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    node(programs, "exec sleep 60")
    monkeypatch.setattr(firebase_emulators, "_START_SECONDS", 0.3)
    begun = time.monotonic()

    with pytest.raises(Trouble, match="did not answer"), emulators.running():
        pytest.fail("they never were ready")

    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(("rules", "tests", "code"), [(0, 0, 0), (1, 0, 1), (0, 5, 5), (1, 2, 2)])
def test_the_exit_code_is_the_worst(
    rules: int,
    tests: int,
    code: int,
    programs: Path,
    tmp_path: Path,
    emulators: Emulators,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    node(programs, f"""case "$1" in *rules.test.js) exit {rules};; esac\n{READY}""")
    program(programs / "npm", "exit 0")
    program(programs / "python", f'echo "$FIREBASE_AUTH_EMULATOR_HOST $@" > {tmp_path}/asked; exit {tests}')
    monkeypatch.setattr(launcher, "ROOT", tmp_path)
    monkeypatch.setattr(Environment, "ensure", lambda *_: None)
    monkeypatch.setattr(Environment, "python", programs / "python")
    monkeypatch.setattr(chromium, "ensure", lambda *_: {})

    assert launcher.main(["test", "--firebase", "-k", "rules"]) == code
    assert (tmp_path / "asked").read_text().split() == [
        "h:1",
        "-m",
        "pytest",
        "-m",
        "firebase",
        "-k",
        "rules",
    ]
