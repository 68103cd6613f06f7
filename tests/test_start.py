"""The launcher: what it accepts, what it installs and when, what it says when something is missing."""

from __future__ import annotations

import ast
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from tools import chromium, environment, launcher, messages, serve
from tools.environment import Environment
from tools.messages import Trouble
from tools.processes import end

ROOT = Path(__file__).resolve().parents[1]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and scripts of POSIX systems")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def listener() -> Iterator[int]:
    """Return a port on which something listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


# An old Python


def run_as(version: str, **variables: str) -> subprocess.CompletedProcess[str]:
    code = f"import runpy, sys; sys.version_info = {version}; runpy.run_path('start.py', run_name='__main__')"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("L")}
    command = [sys.executable, "-X", "utf8", "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env={**kept, **variables}, capture_output=True, encoding="utf-8", check=False
    )


def test_an_old_python_gets_a_sentence_and_a_failing_exit_code() -> None:
    answer = run_as("(3, 9, 1)")

    assert answer.returncode == 1
    assert "needs Python 3.11 or newer; this is Python 3.9" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_old_python_speaks_the_language_of_the_machine() -> None:
    assert "demande Python 3.11 ou plus récent" in run_as("(3, 10, 14)", LANG="fr_FR.UTF-8").stderr


def test_any_python_can_read_the_first_file() -> None:
    tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"))

    newer = [
        n for n in ast.walk(tree) if isinstance(n, (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match))
    ]
    annotated = [n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.returns is not None]

    assert newer == []
    assert annotated == []


# Options


def test_without_a_command_the_app_starts_on_the_default_port_with_a_browser() -> None:
    chosen, further = launcher.parse([])

    assert (chosen.command, chosen.port, chosen.no_browser, further) == (None, None, False, [])


def test_options_of_the_app_are_read() -> None:
    chosen, _ = launcher.parse(["--port", "9000", "--no-browser", "--address", "0.0.0.0"])

    assert (chosen.port, chosen.no_browser, chosen.address) == (9000, True, "0.0.0.0")


@pytest.mark.parametrize("given", ["0", "65536", "-1", "http", "8501.0", "٣"])
def test_a_port_that_is_none_is_refused_with_a_sentence(
    given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        launcher.parse([f"--port={given}"])

    assert "between 1 and 65535" in capsys.readouterr().err


def test_a_mistyped_option_is_refused() -> None:
    with pytest.raises(SystemExit, match="2"):
        launcher.parse(["--no-browsr"])


def test_tests_take_a_named_slow_option_and_hand_the_rest_on() -> None:
    chosen, further = launcher.parse(["test", "--slow", "-k", "recipe", "tests/clean"])

    assert chosen.slow
    assert further == ["-k", "recipe", "tests/clean"]


def test_the_measuring_commands_hand_everything_on() -> None:
    chosen, further = launcher.parse(["screenshots", "--out", "pictures", "--help"])

    assert chosen.command == "screenshots"
    assert further == ["--out", "pictures", "--help"]


@pytest.mark.parametrize(("lint", "tests", "code"), [(0, 0, 0), (1, 0, 1), (0, 5, 5), (1, 2, 2)])
def test_the_exit_code_tells_whether_a_check_or_a_test_failed(
    lint: int, tests: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Environment, "ensure", lambda *_: None)
    monkeypatch.setattr(chromium, "ensure", lambda *_: {})
    monkeypatch.setattr(launcher, "run", lambda command, **_: tests if "pytest" in command else lint)

    assert launcher.main(["test"]) == code


def test_what_a_person_gives_to_pytest_comes_last_and_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(Environment, "ensure", lambda *_: None)
    monkeypatch.setattr(chromium, "ensure", lambda *_: {})
    monkeypatch.setattr(launcher, "run", lambda command, **_: asked.append(command[2:]) or 0)

    launcher.main(["test", "--slow", "-n", "0", "-k", "recipe"])

    assert asked[-1][0] == "pytest"
    assert asked[-1][-5:] == ["--slow", "-n", "0", "-k", "recipe"]


# Ports


def test_the_next_free_port_is_taken_and_said(
    listener: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "DEFAULT_PORT", listener)

    port = serve.choose_port(None)

    assert port > listener
    assert str(listener) in capsys.readouterr().out


def test_a_given_port_that_is_taken_is_refused(listener: int) -> None:
    with pytest.raises(Trouble, match=f"Port {listener} is taken"):
        serve.choose_port(listener)


def test_a_program_that_listens_on_all_addresses_takes_the_port_too() -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        assert not serve.is_free(taken.getsockname()[1])


# The environment


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two packages, so that an installation needs no network."""
    folder = tmp_path_factory.mktemp("index")
    wheel_in(folder, "tiny", "1.0")
    wheel_in(folder, "strict", "1.0", "Requires-Dist: tiny<2\n")
    return folder


def wheel_in(folder: Path, name: str, version: str, needs: str = "") -> None:
    about = f"{name}-{version}.dist-info"
    described = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", f"VERSION = {version!r}\n")
        wheel.writestr(f"{about}/METADATA", described)
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


@pytest.fixture
def offline(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))


def place(folder: Path) -> Environment:
    (folder / "requirements.txt").write_text("tiny==1.0\n")
    (folder / "requirements-dev.txt").write_text("-r requirements.txt\n")
    return Environment(folder)


def forbid(*_: Any, **__: Any) -> int:
    raise AssertionError("nothing was to be run")


@pytest.mark.usefixtures("offline")
def test_what_is_installed_once_is_not_installed_again_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = place(tmp_path)
    made.ensure("requirements-dev.txt")

    assert made.ready("requirements.txt"), "the development packages include those of the app"
    subprocess.run([made.python, "-c", "import tiny"], check=True)
    with monkeypatch.context() as patch:
        patch.setattr(environment, "run", forbid)
        made.ensure("requirements.txt")

    (tmp_path / "requirements.txt").write_text("tiny==1.0  # changed\n")
    assert not made.ready("requirements.txt")
    assert not made.ready("requirements-dev.txt")

    (tmp_path / "requirements.txt").write_text("nothing-of-this-name==1.0\n")
    with pytest.raises(Trouble, match=r"nothing-of-this-name") as failure:
        made.ensure("requirements.txt")
    assert failure.value.name == "no_registry"

    (tmp_path / "requirements.txt").write_text("tiny==1.0\n")
    assert not made.ready("requirements.txt"), "an installation that failed leaves no stamp of an earlier one"
    made.stamp.write_text("half a st")
    assert not made.ready("requirements.txt"), "a damaged stamp counts for nothing"


@pytest.mark.usefixtures("offline")
def test_what_another_package_pins_too_low_is_lifted_and_stays_lifted(tmp_path: Path, index: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    wheel_in(more, "tiny", "2.0")
    made = place(tmp_path)
    (tmp_path / "requirements.txt").write_text("strict==1.0\n")
    overrides = tmp_path / environment.OVERRIDES
    overrides.write_text(f"--find-links {more}\ntiny==2.0\n")
    version = [str(made.python), "-c", "import tiny; print(tiny.VERSION)"]

    for requirements in ("requirements.txt", "requirements-dev.txt"):
        made.ensure(requirements)
        assert subprocess.run(version, capture_output=True, text=True, check=True).stdout.strip() == "2.0"

    overrides.write_text(f"--find-links {more}\ntiny==1.0\n")
    assert not made.ready("requirements.txt"), "an override that changed is installed anew"
    overrides.write_text("nothing-of-this-name==1.0\n")
    with pytest.raises(Trouble, match="nothing-of-this-name"):
        made.ensure("requirements.txt")


def test_uv_and_the_launcher_lift_the_same_packages() -> None:
    lines = (ROOT / environment.OVERRIDES).read_text(encoding="utf-8").splitlines()
    lifted = [line.split("#")[0].strip() for line in lines if not line.startswith("#")]
    with (ROOT / "pyproject.toml").open("rb") as file:
        configured = tomllib.load(file)["tool"]["uv"]["override-dependencies"]

    assert lifted == configured
    assert all("==" in one for one in lifted)


@pytest.mark.usefixtures("offline")
def test_two_starts_at_once_install_once(tmp_path: Path) -> None:
    place(tmp_path)
    code = f"""if True:
        import sys; sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from tools.environment import Environment
        Environment(Path({str(tmp_path)!r})).ensure("requirements.txt")"""
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert "".join(said).count("Installing") == 1
    assert Environment(tmp_path).ready("requirements.txt")


@pytest.mark.usefixtures("offline")
def test_an_environment_that_was_cut_off_while_it_was_made_is_made_again(tmp_path: Path) -> None:
    made = place(tmp_path)
    made.python.parent.mkdir(parents=True)
    (made.folder / "pyvenv.cfg").write_text("")

    made.ensure("requirements.txt")

    assert made.ready("requirements.txt")


def test_a_python_without_venv_names_the_package_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name
    )

    with pytest.raises(Trouble, match="apt install python3-venv"):
        place(tmp_path).ensure("requirements.txt")


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(command: list[str], *, on_line: Any, **_: Any) -> int:
        on_line("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device")
        return 1

    made = place(tmp_path)
    monkeypatch.setattr(Environment, "_usable", lambda _: True)
    monkeypatch.setattr(environment, "run", full)

    with pytest.raises(Trouble, match="disk is full"):
        made.ensure("requirements.txt")


def test_another_python_version_counts_as_another_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(tmp_path)
    before = environment.fingerprint(tmp_path, "requirements.txt")
    monkeypatch.setattr(environment, "_version", lambda: "3.99")

    assert environment.fingerprint(tmp_path, "requirements.txt") != before


# The server

# A program started in the background by a script ignores Ctrl-C, and so would what it starts.
RUNNER = f"""if True:
    import signal, sys; sys.path.insert(0, {str(ROOT)!r})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from pathlib import Path
    from tools import serve
    from tools.messages import Trouble
    from tools.processes import stoppable
    with stoppable():
        try:
            sys.exit(serve.serve(Path(sys.executable), Path(sys.argv[1]), int(sys.argv[2]), browser=False))
        except Trouble as trouble:
            sys.exit(str(trouble))"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_launcher_ends_the_server_and_counts_as_a_clean_end(
    number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "Home.py").write_text("import streamlit as st\nst.title('Tiny')\n")
    (tmp_path / "app.py").write_text("import streamlit as st\napp = st.App('Home.py')\n")
    port = free_port()
    command = [sys.executable, "-c", RUNNER, tmp_path, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launched:
        try:
            assert launched.stdout is not None
            lines: list[str] = []
            while not any("http://localhost" in line for line in lines):
                lines.append(launched.stdout.readline())
                assert lines[-1], f"the launcher ended before the server was ready: {lines}"
            assert f"http://localhost:{port}" in "".join(lines)

            launched.send_signal(number)

            assert launched.wait(timeout=20) == 0
        finally:
            end(launched)
    assert serve.is_free(port)


def test_a_server_that_dies_before_it_is_ready_is_told(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", RUNNER, tmp_path, str(free_port())], capture_output=True, text=True, timeout=60
    )

    assert answer.returncode == 1
    assert "ended before it was ready" in answer.stderr


def test_no_text_browser_takes_the_terminal_on_a_machine_without_a_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert not serve.can_open_a_browser()

    monkeypatch.setenv("DISPLAY", ":0")
    assert serve.can_open_a_browser()


# Chromium


def program(path: Path, exit_code: int) -> Path:
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    path.chmod(0o755)
    return path


@POSIX
def test_the_chromium_that_the_person_names_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = program(tmp_path / "mine", 0)
    monkeypatch.setenv("CHROMIUM", str(named))

    assert chromium.find() == named


@POSIX
def test_a_wrongly_named_chromium_is_told_and_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "absent"))

    with pytest.raises(Trouble, match="absent"):
        chromium.find()


@POSIX
def test_a_chromium_that_does_not_start_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    program(tmp_path / "chromium", 1)
    good = program(tmp_path / "google-chrome", 0)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert chromium.find() == good


@POSIX
def test_without_any_chromium_playwright_brings_its_own_or_a_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    asked: list[list[Any]] = []
    monkeypatch.setattr(chromium, "run", lambda command, **_: asked.append(command) or 0)

    assert chromium.ensure(Path("python"), tmp_path) == {}
    assert asked[0][1:4] == ["-m", "playwright", "install"]

    monkeypatch.setattr(chromium, "run", lambda *_, **__: 1)
    with pytest.raises(Trouble, match="Install Chromium or Chrome"):
        chromium.ensure(Path("python"), tmp_path)


@POSIX
def test_root_on_debian_gets_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "_debian_root", lambda: True)
    asked: list[list[Any]] = []

    def install(command: list[Any], **_: Any) -> int:
        asked.append(command[:2])
        if "install" in command:
            program(tmp_path / "chromium", 0)
        return 0

    monkeypatch.setattr(chromium, "run", install)

    assert chromium.ensure(Path("python"), tmp_path) == {"CHROMIUM": str(tmp_path / "chromium")}
    assert asked == [["apt-get", "update"], ["apt-get", "install"]]


# What it says


@pytest.mark.parametrize("name", messages.SENTENCES)
def test_every_sentence_is_in_both_languages_with_the_same_values(name: str) -> None:
    english, french = messages.SENTENCES[name]

    def values(text: str) -> set[str | None]:
        return {slot for _, slot, _, _ in Formatter().parse(text)} - {None}

    assert values(english) == values(french)
    assert not re.search(r"[^\s\u00a0\u202f:/] ?[:;?!](\s|$)", french), "a no-break space goes before : ; ? !"
    assert "'" not in french


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "fr_FR", "LANG": "C"}, "fr"),
    ],
)
def test_the_language_follows_the_locale(variables: dict[str, str], expected: str) -> None:
    assert messages.language(variables) == expected


# The whole way


@pytest.mark.slow
def test_a_fresh_clone_starts_and_starts_again_without_an_installation(tmp_path: Path) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    clone = tmp_path / "a clone"
    subprocess.run([git, "clone", "-q", ROOT, clone], check=True)

    first, _ = start_and_stop(clone)
    second, seconds = start_and_stop(clone)

    assert "Installing" in first
    assert "Installing" not in second
    assert seconds < 30


def start_and_stop(clone: Path) -> tuple[str, float]:
    """Return what a start says until it is ready, and the seconds until then."""
    began, port = time.monotonic(), free_port()
    command = [sys.executable, "start.py", "--no-browser", "--port", str(port)]
    said = ""
    with subprocess.Popen(command, cwd=clone, stdout=subprocess.PIPE, text=True) as launched:
        assert launched.stdout is not None
        for line in launched.stdout:
            said += line
            if "http://localhost" in line:
                break
        seconds = time.monotonic() - began
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/")
        status = connection.getresponse().status
        connection.close()
        launched.terminate()
        launched.wait(timeout=30)
    assert status == 200
    assert launched.returncode == 0
    return said, seconds
