"""The commands of ``start.py``: run the app, the tests, the benchmark, the screenshots; give a reset code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools import chromium, firebase_emulators, serve
from tools.environment import Environment
from tools.messages import Trouble, say, sentence, show
from tools.processes import Stopped, run, stoppable

ROOT: Final = Path(__file__).resolve().parents[1]
APP: Final = "requirements.txt"
DEVELOPMENT: Final = "requirements-dev.txt"

# Each check of the code, before the tests: fast first.
CHECKS: Final = (
    ("ruff check", ("ruff", "check", "-q")),
    ("ruff format --check", ("ruff", "format", "--check", "-q")),
    ("mypy", ("mypy",)),
)

# Two at a time, each file whole: the browser tests mostly wait. A person's own -n comes later and wins.
SIDE_BY_SIDE: Final = ("-n", "2", "--dist", "loadfile")


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    chosen, further = parse(arguments)
    environment = Environment(ROOT)
    try:
        with stoppable():
            if chosen.command is None:
                return start(environment, chosen)
            if chosen.command == "test" and chosen.firebase:
                return test_firebase(environment, [*(["--slow"] if chosen.slow else []), *further])
            if chosen.command == "test":
                return test(environment, [*(["--slow"] if chosen.slow else []), *further])
            if chosen.command == "reset-code":
                return reset_code(environment, chosen.email)
            return measure(environment, f"tools.{chosen.command}", further)
    except Stopped as stopped:
        say("stopped")
        return 128 + stopped.number
    except Trouble as trouble:
        show(str(trouble), sys.stderr)
        return 1
    except OSError as error:
        show(sentence("system", error=error), sys.stderr)
        return 1


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return the options, and the arguments that a command hands on."""
    parser = argparse.ArgumentParser(prog="start.py", description=sentence("help_about"), allow_abbrev=False)
    parser.add_argument("--port", type=_port, help=sentence("help_port"))
    parser.add_argument("--address", default=serve.THIS_MACHINE, help=sentence("help_address"))
    parser.add_argument("--no-browser", action="store_true", help=sentence("help_no_browser"))
    commands = parser.add_subparsers(dest="command", metavar="{test,bench,screenshots,reset-code}")
    tests = commands.add_parser("test", help=sentence("help_test"), allow_abbrev=False)
    tests.add_argument("--slow", action="store_true", help=sentence("help_slow"))
    tests.add_argument("--firebase", action="store_true", help=sentence("help_firebase"))
    for name in ("bench", "screenshots"):
        # Their own --help answers, so this one steps aside.
        commands.add_parser(name, help=sentence(f"help_{name}"), add_help=False, allow_abbrev=False)
    reset = commands.add_parser("reset-code", help=sentence("help_reset"), allow_abbrev=False)
    reset.add_argument("email", metavar="EMAIL", help=sentence("help_email"))
    chosen, further = parser.parse_known_args(list(arguments))
    if further and chosen.command in (None, "reset-code"):
        parser.error(f"unrecognized arguments: {' '.join(further)}")
    return chosen, further


def start(environment: Environment, chosen: argparse.Namespace) -> int:
    """Install what the app needs and run it."""
    port = serve.choose_port(chosen.port, chosen.address)
    environment.ensure(APP)
    browser = not chosen.no_browser
    return serve.serve(environment.python, ROOT, port, address=chosen.address, browser=browser)


def test(environment: Environment, further: Sequence[str]) -> int:
    """Check the code and run the tests; every check runs, and any that fails makes the exit code."""
    environment.ensure(DEVELOPMENT)
    found = chromium.ensure(environment.python, ROOT)
    failed = []
    for name, module in CHECKS:
        if run([environment.python, "-m", *module], cwd=ROOT):
            failed.append(name)
            say("checks_failed", names=name)
    line = [environment.python, "-m", "pytest", *SIDE_BY_SIDE, *further]
    code = run(line, cwd=ROOT, environment=found)
    if failed:
        say("checks_failed", names=", ".join(failed))
    return code or (1 if failed else 0)


def test_firebase(environment: Environment, further: Sequence[str]) -> int:
    """Check the rules of Firebase and run the tests that need its emulators."""
    # What is missing is said before anything is installed.
    firebase_emulators.require_node()
    environment.ensure(DEVELOPMENT)
    return firebase_emulators.test(
        environment.python, ROOT, further, chromium.ensure(environment.python, ROOT)
    )


def reset_code(environment: Environment, email: str) -> int:
    """Print a code with which the owner of an account sets a new password."""
    environment.ensure(APP)
    return run([environment.python, "-m", "tools.reset_code", email], cwd=ROOT)


def measure(environment: Environment, module: str, further: Sequence[str]) -> int:
    """Run one of the programs that drive the app in a browser."""
    environment.ensure(DEVELOPMENT)
    # They act through the same helpers as the browser tests.
    variables = {**chromium.ensure(environment.python, ROOT), "PYTHONPATH": str(ROOT / "tests")}
    return run([environment.python, "-m", module, *further], cwd=ROOT, environment=variables)


def _port(given: str) -> int:
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 65535:
        raise argparse.ArgumentTypeError(sentence("not_a_port", given=given))
    return int(given)
