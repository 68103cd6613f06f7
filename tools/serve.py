"""Run the server on a free port, say where it is, and open a browser on it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
import time
import webbrowser
from pathlib import Path
from subprocess import Popen
from typing import Final

from tools.messages import Trouble, say
from tools.processes import WINDOWS, Stopped, shell_code, started, wait

DEFAULT_PORT: Final = 8501
THIS_MACHINE: Final = "127.0.0.1"
_PORTS_TRIED: Final = 100
_START_SECONDS: Final = 120.0


def command(
    python: Path | str, port: int, *, address: str = THIS_MACHINE, script: str = "app.py"
) -> list[str]:
    """Return the command that runs the server.

    The address is always given and the welcome never shown: Streamlit would else ask an outside
    service for the public address of this machine.
    """
    options = {"port": str(port), "address": address, "headless": "true"}
    flags = [part for name, value in options.items() for part in (f"--server.{name}", value)]
    return [str(python), "-m", "streamlit", "run", script, *flags, "--logger.hideWelcomeMessage", "true"]


def choose_port(given: int | None, address: str = THIS_MACHINE) -> int:
    """Return the port to use: the given one, or the first free one from the default on.

    Raises
    ------
    Trouble
        The given port is taken, or no port is free.
    """
    if given is not None:
        if not is_free(given, address):
            raise Trouble("port_taken", port=given)
        return given
    last = DEFAULT_PORT + _PORTS_TRIED - 1
    for port in range(DEFAULT_PORT, last + 1):
        if is_free(port, address):
            if port != DEFAULT_PORT:
                say("port_moved", port=DEFAULT_PORT, free=port)
            return port
    raise Trouble("no_port", low=DEFAULT_PORT, high=last)


def is_free(port: int, address: str = THIS_MACHINE) -> bool:
    """Whether a server may listen on a port, and nobody answers there under any name of this machine."""
    try:
        socket.create_connection(("localhost", port), timeout=0.5).close()
        return False
    except OSError:
        pass
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A port that was closed a minute ago is free; on Windows the same option would let two servers share.
        option = socket.SO_EXCLUSIVEADDRUSE if WINDOWS else socket.SO_REUSEADDR  # type: ignore[attr-defined]
        probe.setsockopt(socket.SOL_SOCKET, option, 1)
        try:
            probe.bind((address, port))
        except PermissionError as error:
            raise Trouble("system", error=error) from None
        except OSError:
            return False
    return True


def serve(python: Path, root: Path, port: int, *, address: str = THIS_MACHINE, browser: bool = True) -> int:
    """Run the server until it ends or somebody stops it, and return the exit code.

    Raises
    ------
    Trouble
        The server ends or stays silent before it is ready.
    """
    say("starting")
    try:
        line = command(python, port, address=address)
        with started(line, cwd=root, on_interrupt=signal.SIGTERM) as process:
            wait_until_ready(process, port, host=THIS_MACHINE if address == "0.0.0.0" else address)
            url = f"http://{_host(address)}:{port}"
            say("ready", url=url)
            if browser and can_open_a_browser():
                webbrowser.open(url)
            return wait(process)
    except Stopped:
        say("stopped")
        return 0


def wait_until_ready(
    process: Popen[str], port: int, *, host: str = THIS_MACHINE, seconds: float = _START_SECONDS
) -> None:
    """Wait until the server answers.

    Raises
    ------
    Trouble
        It ends first, or stays silent.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Trouble("server_died", code=shell_code(process.returncode))
        if answers(host, port):
            return
        time.sleep(0.05)
    raise Trouble("server_slow", seconds=round(seconds))


def can_open_a_browser() -> bool:
    """Whether a window can open: on a Linux without a screen a text browser would take the terminal."""
    if WINDOWS or sys.platform == "darwin":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def answers(host: str, port: int) -> bool:
    """Whether a server is ready there."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _host(address: str) -> str:
    if address in (THIS_MACHINE, "0.0.0.0", "localhost"):
        return "localhost"
    return f"[{address}]" if ":" in address else address
