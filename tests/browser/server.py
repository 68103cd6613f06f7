"""A server of the app on a free port with a data folder of its own, ended with everything it started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import psutil

from tools import processes, serve

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = serve.THIS_MACHINE


class Server:
    """A running server.

    Parameters
    ----------
    data : Path
        Where it keeps what visitors make, and its log.
    script : str
        ``app.py`` as the launcher runs it, or ``Home.py`` as Community Cloud does.
    folder : Path
        Where the script stands.
    variables : dict, optional
        Further environment variables.
    """

    def __init__(
        self,
        data: Path,
        *,
        script: str = "app.py",
        folder: Path = ROOT,
        variables: dict[str, str] | None = None,
        flags: tuple[str, ...] = (),
    ) -> None:
        self.data, self.folder = data, folder
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.log = data / "server.log"
        self._command = [*serve.command(sys.executable, self.port, script=script), *flags]
        self._environment = {**os.environ, "MLP_DATA_DIR": str(data), **(variables or {})}
        self._process: subprocess.Popen[str] | None = None
        self.started_at = 0.0

    def start(self, *, wait: bool = True) -> Server:
        """Start, or start again on the same port and data."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.started_at = time.perf_counter()
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=sys.platform != "win32",
            )
        if wait:
            try:
                serve.wait_until_ready(self._process, self.port)
            except Exception as error:
                error.add_note(self.log.read_text(errors="replace")[-3000:])
                self.stop()
                raise
        return self

    @property
    def process(self) -> psutil.Process:
        """The process of the server itself."""
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def family(self) -> list[psutil.Process]:
        """Return the server and every process it started, workers in sessions of their own included."""
        try:
            return [self.process, *self.process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def stop(self) -> None:
        """End it as Ctrl-C does, and see that nothing of it stays."""
        self._end(processes.end)

    def kill(self) -> None:
        """End it as a power cut does; its workers are left to notice."""
        self._end(processes.kill)

    def _end(self, how: object) -> None:
        if self._process is None:
            return
        children = self.family()[1:]
        assert callable(how)
        how(self._process)
        _, alive = psutil.wait_procs(children, timeout=10)
        for process in alive:
            process.kill()
        self._process = None


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
