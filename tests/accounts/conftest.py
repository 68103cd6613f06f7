"""Each provider of accounts, one after the other, for the tests that hold them to one contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts.providers import PROVIDERS, Place


@pytest.fixture(
    params=[
        pytest.param(name, marks=pytest.mark.firebase if name == "emulator" else ()) for name in PROVIDERS
    ]
)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Return one provider, empty, with the hands around it."""
    with PROVIDERS[request.param](tmp_path / "accounts") as opened:
        yield opened
