"""Files that are whole or absent, and locks that a dead process cannot keep.

A file is written under another name, flushed to the disk and renamed, so that a reader, a crash or a power
cut meets either the former content or the new one. A lock is the operating system's own lock on an open
file: it ends with the process that holds it, so it never has to be judged stale, and holding it is also how
a process shows that it is alive.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final

from mlp_core.errors import StorageError
from mlp_core.text import Text

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_POLL_SECONDS: Final = 0.005
_PIECE_BYTES: Final = 1 << 25


Content = bytes | Callable[[BinaryIO], None]


def write_atomically(path: Path, content: Content, *, durable: bool = True) -> None:
    """Put ``content`` at ``path``, whole or not at all; folders are made where they are missing.

    Parameters
    ----------
    path : Path
        What stood there before is replaced.
    content : bytes or callable
        The bytes, or a function that writes them to the open file it is given.
    durable : bool, default True
        Wait until the disk has it. Not needed for what a power cut may take, such as progress.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with storing():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with draft.open("xb") as file:
                if callable(content):
                    content(file)
                else:
                    file.write(content)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            replace(draft, path)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def write_json(path: Path, data: Any, *, durable: bool = True) -> None:
    """Put ``data`` at ``path`` as JSON, whole or not at all.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    write_atomically(path, json.dumps(data, ensure_ascii=False).encode(), durable=durable)


def read_json(path: Path) -> Any:
    """Return the JSON at ``path``, or ``None`` where there is none or it cannot be understood."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def replace(source: Path, target: Path) -> None:
    """Rename ``source`` over ``target``.

    Windows refuses for a moment while another process reads the target, so it is tried again there.
    """
    for _ in range(50 if sys.platform == "win32" else 0):
        with contextlib.suppress(PermissionError):
            os.replace(source, target)
            return
        time.sleep(0.02)
    os.replace(source, target)


@contextlib.contextmanager
def storing() -> Iterator[None]:
    """Turn a failure of the disk inside the block into a sentence.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    try:
        yield
    except OSError as failure:
        if failure.errno in _FULL:
            raise disk_full() from failure
        raise StorageError(
            Text("This server cannot write to its data folder, so the last change was not saved."),
            hint=Text("Whoever runs the server should check the folder’s permissions (MLP_DATA_DIR)."),
        ) from failure


def disk_full() -> StorageError:
    """Return the error of a change for which the disk has no room."""
    return StorageError(
        Text("The disk of this server is full, so the last change was not saved."),
        hint=Text("What was saved before is whole. Free some space, then try again."),
    )


class FileLock:
    """A lock on ``path`` that one holder has at a time, among threads and processes alike.

    Parameters
    ----------
    path : Path
        A file of its own; it stays, empty, when the lock is let go.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free; say whether it was.

        Raises
        ------
        StorageError
            The file cannot be made.
        """
        with storing():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = self.path.open("ab")
        if _lock(file):
            self._file = file
            return True
        file.close()
        return False

    def acquire(self, timeout_seconds: float = 30.0) -> None:
        """Take the lock, waiting for it.

        Raises
        ------
        StorageError
            It stays taken, or its file cannot be made.
        """
        end = time.monotonic() + timeout_seconds
        while not self.try_acquire():
            if time.monotonic() > end:
                raise StorageError(
                    Text("This project is busy with another change."),
                    hint=Text("Wait a moment, then try again."),
                )
            time.sleep(_POLL_SECONDS)

    def release(self) -> None:
        """Let the lock go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> FileLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Whether some living process holds the lock on ``path``."""
    try:
        with path.open("rb+") as file:
            return not _lock(file, shared=True)
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO, *, shared: bool = False) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: BinaryIO, *, shared: bool = False) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def digest_of(content: bytes | memoryview) -> str:
    """Return the hash under which a blob is kept, as 32 hexadecimal digits."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def checksum_of(content: memoryview) -> str:
    """Return the checksum of a table's file, as 32 hexadecimal digits; two pieces of it at a time."""
    pieces = [content[start : start + _PIECE_BYTES] for start in range(0, len(content), _PIECE_BYTES)]
    with ThreadPoolExecutor(2) as pool:
        digests = pool.map(lambda piece: hashlib.sha256(piece).digest(), pieces)
        return hashlib.sha256(b"".join(digests)).hexdigest()[:32]
