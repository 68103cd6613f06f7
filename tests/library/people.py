"""Who owns projects in these tests, when it is, and a small table to work on."""

from __future__ import annotations

from mlp_core.project import Project
from mlp_core.read import read_table

ANNE, BEN, GUEST = "a" * 32, "b" * 32, "c" * 32


class Clock:
    """A clock that stands until it is told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def with_cars(project: Project, *, name: str = "cars", rows: int = 3) -> Project:
    """Return the project on a small table that was read from a file."""
    content = b"weight,price\n" + b"".join(b"%d,%d\n" % (n, 2 * n) for n in range(rows))
    return project.with_table(read_table(content, name=name), origin=f"{name}.csv", content=content)
