"""The process that reads one file: ``python -m mlp_core.read.child``, with its order on standard input.

Readers of compiled code can crash, run away or fill the memory on a hostile file. Here they do so alone: the
limits are set before any of them is imported, and whatever happens becomes one sentence.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Mapping
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any, Final

from mlp_core.config import Settings
from mlp_core.errors import MLPError
from mlp_core.read.formats import FORMATS, Format, Loaded, Request
from mlp_core.read.formats.format import damaged, out_of_memory
from mlp_core.read.handover import ANSWER, CELLS, COLUMNS
from mlp_core.read.options import ReadOptions

_MORE_ADDRESSES_MB: Final = 1_500
"""Addresses that libraries reserve and never fill, on top of the memory that is allowed."""

_OPEN_FILES: Final = 64
_MEMORY_WORDS: Final = ("out of memory", "bad_alloc", "memory allocation", "failed to allocate", "malloc of")


class WithoutPandas(MetaPathFinder):
    """Says that there is no pandas: Arrow would look for its types, which costs more than the reading."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        """Refuse pandas and leave the rest to others."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def main() -> None:
    """Carry out the order and end at once, without the clean-up in which a library could still crash."""
    sys.meta_path.insert(0, WithoutPandas())
    order = json.loads(sys.stdin.read())
    confine(order["memory_mb"], order["seconds"])
    folder = Path(order["folder"])
    answer = carried_out(order, folder)
    (folder / ANSWER).write_text(json.dumps(answer), encoding="utf-8")
    os._exit(0)


def confine(memory_mb: int, seconds: int) -> None:
    """Limit this process, where the system can: memory, time of the processor, open files, size of files."""
    try:
        import resource
    except ImportError:
        return
    size = memory_mb << 20
    for kind, limit in (
        (resource.RLIMIT_DATA, size),
        (resource.RLIMIT_AS, size + (_MORE_ADDRESSES_MB << 20)),
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, 2 * size),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (limit, limit))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def carried_out(order: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Read the file of an order, leave its cells in the folder, and return what else is to be told."""
    known = FORMATS[order["format"]]
    request = Request(
        path=Path(order["path"]),
        options=ReadOptions.from_json(order["options"]),
        settings=Settings(**order["settings"]),
    )
    try:
        return left(known.load(request), folder)
    except MLPError as error:
        return {"error": error.to_json()}
    except MemoryError:
        return {"error": out_of_memory().to_json()}
    # A hostile file fails in whatever way its bytes lead to; a panic of Rust is not even an Exception.
    except BaseException as failure:
        traceback.print_exc()
        return {"error": told(failure, known).to_json()}


def left(loaded: Loaded, folder: Path) -> dict[str, Any]:
    """Leave the cells in the folder and return the rest as plain JSON."""
    if loaded.table is not None:
        import pyarrow as pa

        with (
            pa.OSFile(str(folder / COLUMNS), "wb") as target,
            pa.ipc.new_file(target, loaded.table.schema) as writer,
        ):
            writer.write_table(loaded.table)
    elif loaded.text is not None:
        (folder / CELLS).write_bytes(loaded.text)
    choice = loaded.choice
    return {
        "typed": loaded.table is not None,
        "names": list(loaded.names),
        "settled": dict(loaded.settled),
        "told": dict(loaded.told),
        "loose": list(loaded.loose),
        "notes": [note.to_json() for note in loaded.notes],
        "misfits": [misfit.to_json() for misfit in loaded.misfits],
        "part": choice.part,
        "parts": list(choice.parts),
        "sure": choice.sure,
        "why": choice.why.to_json() if choice.why is not None else None,
    }


def told(failure: BaseException, known: type[Format]) -> MLPError:
    """Return the sentence for whatever a reader raised."""
    if any(word in str(failure).lower() for word in _MEMORY_WORDS):
        return out_of_memory()
    return damaged(known)


if __name__ == "__main__":
    main()
