"""Reading in a process of its own: started, limited, ended, and its result taken over or its failure told."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from mlp_core import errors
from mlp_core.config import Settings
from mlp_core.errors import MLPError, TooLarge
from mlp_core.read.formats import Format, Loaded, Request
from mlp_core.read.formats.format import Choice, damaged, out_of_memory
from mlp_core.read.handover import ANSWER, CELLS, COLUMNS
from mlp_core.read.limits import SMALLER
from mlp_core.read.options import ReadOptions
from mlp_core.table import Misfit
from mlp_core.text import Text

_LOG: Final = logging.getLogger(__name__)
_CHILD: Final = "mlp_core.read.child"
_ROOT: Final = Path(__file__).resolve().parents[2]
_LEAST_MEMORY_MB: Final = 350
_MEMORY_TIMES: Final = 60
_SHARE_OF_SECONDS: Final = 0.8
_ONE_THREAD: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_INHERITED: Final = ("PATH", "SYSTEMROOT", "TZDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV")
_TOLD: Final = ("skipped", "header_rows")
_LAST_WORDS: Final = 1 << 14
_MEMORY_WORDS: Final = (
    b"memory allocation",
    b"bad_alloc",
    b"out of memory",
    b"MemoryError",
    b"cannot allocate",
)


def load(known: type[Format], source: bytes | Path, options: ReadOptions, settings: Settings) -> Loaded:
    """Read a file by the reader of its format, here where that is safe, else in a process of its own.

    Parameters
    ----------
    known : Format
        Its format.
    source : bytes or Path
        The content, or the file that holds it and nothing else.

    Raises
    ------
    ReadError
        The file cannot become a table, or its reader crashed or passed a limit.
    """
    with tempfile.TemporaryDirectory(prefix="pythie-read-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        path = source.resolve() if isinstance(source, Path) else folder / "file"
        if isinstance(source, bytes):
            path.write_bytes(source)
        size = path.stat().st_size
        request = Request(path=path, options=options, settings=settings)
        if size <= known.small:
            return known.load(request)
        return _taken_over(_answer(known, request, folder, size), folder, known)


def memory_mb(size: int, settings: Settings) -> int:
    """Return how many megabytes the reader of a file of ``size`` bytes may fill.

    A small file needs little, so that a bomb is stopped long before it fills what a large file may take.

    Examples
    --------
    >>> memory_mb(1000, Settings()), memory_mb(10 << 20, Settings()), memory_mb(1 << 30, Settings())
    (350, 950, 2000)
    """
    return min(settings.read_memory_mb, _LEAST_MEMORY_MB + _MEMORY_TIMES * (size >> 20))


def _answer(known: type[Format], request: Request, folder: Path, size: int) -> dict[str, Any]:
    settings = request.settings
    seconds = max(1, int(settings.read_seconds * _SHARE_OF_SECONDS))
    order = {
        "format": known.id,
        "path": str(request.path),
        "folder": str(folder),
        "options": request.options.to_json(),
        "settings": _limits(settings),
        "memory_mb": memory_mb(size, settings),
        "seconds": seconds,
    }
    words = folder / "stderr"
    with words.open("wb") as spoken:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=spoken,
            cwd=folder,
            env=_environment(folder),
            **_own_group(),
        )
        try:
            process.communicate(json.dumps(order).encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            raise _too_long(seconds) from None
        finally:
            _end(process)
    if process.returncode == 0:
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads((folder / ANSWER).read_bytes())
            if "error" in found:
                _LOG.debug("the reader of %s said: %s", known.id, _last_words(words))
            return found
    raise _crashed(process.returncode, words, known, seconds)


def _taken_over(answer: Mapping[str, Any], folder: Path, known: type[Format]) -> Loaded:
    """Return what the process left, checked: it has read a file that nobody vouches for."""
    if "error" in answer:
        raise errors.from_json(answer["error"])
    import pyarrow as pa

    try:
        table = _columns(folder / COLUMNS) if answer["typed"] else None
        why = answer["why"]
        loaded = Loaded(
            table=table,
            text=None if answer["typed"] else (folder / CELLS).read_bytes(),
            names=tuple(map(str, answer["names"])),
            settled=dict(answer["settled"]),
            told={name: int(value) for name, value in answer["told"].items() if name in _TOLD},
            loose=tuple(map(int, answer["loose"])),
            notes=tuple(Text.from_json(note) for note in answer["notes"]),
            misfits=tuple(Misfit.from_json(misfit) for misfit in answer["misfits"]),
            choice=Choice(
                part=str(answer["part"]),
                parts=tuple(map(str, answer["parts"])),
                sure=float(answer["sure"]),
                why=None if why is None else Text.from_json(why),
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException):
        raise damaged(known) from None
    if table is not None and len(loaded.names) != table.num_columns:
        raise damaged(known)
    return loaded


def _columns(path: Path) -> Any:
    """Return the columns, mapped where an open file can be deleted, so that they are in memory once."""
    import pyarrow as pa

    mapped = sys.platform != "win32"
    with pa.memory_map(str(path)) if mapped else pa.OSFile(str(path)) as file:
        table = pa.ipc.open_file(file).read_all()
    table.validate(full=True)
    return table


def _limits(settings: Settings) -> dict[str, int]:
    """Return the limits among the settings: numbers only, no place and no address."""
    return {
        one.name: getattr(settings, one.name)
        for one in fields(settings)
        if type(getattr(settings, one.name)) is int
    }


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment without anything secret; the home of the process is its own folder."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    home = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"), str(folder))
    python = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return {**kept, **home, **python, **dict.fromkeys(_ONE_THREAD, "1"), "ARROW_IO_THREADS": "2", "TZ": "UTC"}


def _own_group() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process with everything that it may have started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_words(words: Path) -> bytes:
    """Return what the process said last; it may quote the file, so it is for the log alone."""
    return words.read_bytes()[-_LAST_WORDS:]


def _too_long(seconds: int) -> TooLarge:
    return TooLarge(Text("Reading the file took longer than {n:n} seconds.", n=seconds), hint=SMALLER)


def _crashed(code: int, words: Path, known: type[Format], seconds: int) -> MLPError:
    """Return the sentence for a process that left no answer, by how it ended and its last words."""
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        return _too_long(seconds)
    said = _last_words(words)
    _LOG.debug("the reader of %s ended with %s and said: %s", known.id, code, said)
    killed = sys.platform != "win32" and code == -signal.SIGKILL
    if killed or any(word in said for word in _MEMORY_WORDS):
        return out_of_memory()
    return damaged(known)
