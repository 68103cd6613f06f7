"""Servers, each with a disk of its own, in front of one service."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from storage.remotes import Provider, Service, visitor

from mlp_core.accounts.account import Owner
from mlp_core.cloud import Cloud, Pace
from mlp_core.config import Settings
from mlp_core.library import Library
from mlp_core.project import Project
from mlp_core.read import read_table
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.artifacts.proofs import Proofs

CSV = b"size,rooms,grade\n" + b"".join(
    f"{20 + n % 17},{n % 5},{'big' if n % 17 > 8 else 'small'}\n".encode() for n in range(80)
)
QUICK = Pace(
    quiet_seconds=0.03,
    apart_seconds=0.1,
    arrival_seconds=1.0,
    look_seconds=0.3,
    again_seconds=0.0,
    first_seconds=0.03,
    most_seconds=0.1,
    verify_seconds=0.05,
)


@dataclass
class Server:
    """One server process on one disk."""

    settings: Settings
    proofs: Proofs
    workspaces: WorkspaceStore[Project]
    library: Library
    cloud: Cloud

    def project(self, id_: str) -> Project:
        return self.workspaces.load(id_)

    def new(self, owner: Owner, name: str = "", content: bytes = CSV) -> str:
        """Make a project with a table, as a person does, and tell the cloud."""
        id_ = self.library.create(owner.id, name)
        table = read_table(content, name="houses")
        self.change(owner, id_, lambda one: one.with_table(table, origin="houses.csv", content=content))
        return id_

    def change(self, owner: Owner, id_: str, how) -> None:
        self.workspaces.update(id_, how)
        self.cloud.changed(owner, id_)

    def titles(self, owner: Owner) -> list[str]:
        return [entry.title for entry in self.library.projects(owner.id)]


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def serve(tmp_path, service, provider):
    """Return a function that starts a server on the disk of a name."""
    running: list[Server] = []

    def start(disk: str = "one", *, pace: Pace = QUICK, **given) -> Server:
        settings = Settings(data_dir=Path(tmp_path) / disk)
        proofs = Proofs(provider, again_seconds=0.02)
        workspaces = WorkspaceStore(settings.data_dir / "workspaces", Project)
        library = Library(settings.data_dir, workspaces, settings)
        cloud = Cloud(proofs, service, library, workspaces, settings, pace=pace, **given)
        running.append(Server(settings, proofs, workspaces, library, cloud))
        return running[-1]

    yield start
    service.gate.set()
    service.seconds = 0.0
    assert all(server.cloud.close() for server in running)


@pytest.fixture
def ada():
    return visitor("Ada")
