from __future__ import annotations

import errno
import os

import pytest


@pytest.fixture
def full_disk(monkeypatch):
    """Return a switch after which the disk has no room left."""

    def fill() -> None:
        def refuse(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", refuse)

    return fill
