"""The process that has the heavy imports behind it and forks one child per job, on Linux.

It runs in a single thread, which is what makes forking it sound (jemalloc, which comes with Arrow, keeps one
of its own and knows about forks), and holds about 120 MB that its children share. It reads folders from its
standard input, one JSON string a line, tells of births and deaths on its standard output, and ends when its
input does, that is with the server.
"""

from __future__ import annotations

import importlib
import json
import os
import selectors
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mlp_core.jobs import worker
from mlp_core.jobs.status import LOG

HEAVY: Final = (
    "pandas",
    "sklearn.compose",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sklearn.neighbors",
    "sklearn.neural_network",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "sklearn.tree",
)
"""What nearly every training imports; mlflow stays out, it would double the memory at rest."""

_REAP_SECONDS: Final = 0.1


def main(kinds: Mapping[str, str], heavy: tuple[str, ...] = HEAVY) -> int:
    """Fork a child for each folder that is read, until the input ends."""
    for name in heavy:
        importlib.import_module(name)
    # The answers keep a channel of their own, so that nothing a library prints is taken for one.
    answers = os.dup(1)
    os.dup2(2, 1)
    _say(answers, ready=os.getpid())
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    children: set[int] = set()
    waiting = b""
    while True:
        _reap(children, answers)
        if not selector.select(timeout=_REAP_SECONDS if children else None):
            continue
        got = os.read(0, 65_536)
        if not got:
            return 0
        *lines, waiting = (waiting + got).split(b"\n")
        for line in lines:
            children.add(_fork(json.loads(line), kinds, answers))


def _fork(folder: str, kinds: Mapping[str, str], answers: int) -> int:
    zygote = os.getpid()
    pid = os.fork()
    if pid:
        _say(answers, born=folder, pid=pid)
        return pid
    code = 1
    try:
        os.setsid()
        os.close(answers)
        _redirect(Path(folder) / LOG)
        code = worker.main(Path(folder), kinds, parent=zygote)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        # Never back into the zygote's loop, and none of its clean-up: this is another process.
        os._exit(code)


def _redirect(log: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.close(nothing)
    os.close(written)


def _reap(children: set[int], answers: int) -> None:
    for pid in list(children):
        found, code = os.waitpid(pid, os.WNOHANG)
        if found:
            children.discard(pid)
            _say(answers, gone=pid, code=os.waitstatus_to_exitcode(code))


def _say(answers: int, **news: Any) -> None:
    os.write(answers, json.dumps(news).encode() + b"\n")
