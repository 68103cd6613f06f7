from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def quick_path(tmp_path):
    """Return an empty folder in memory where there is such a place, for hundreds of small changes."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as place:
        yield Path(place)


@pytest.fixture
def full_disk(monkeypatch):
    """Return a switch after which the disk has no room left."""

    def fill() -> None:
        def refuse(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", refuse)

    return fill
