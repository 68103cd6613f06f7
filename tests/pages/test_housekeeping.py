"""What hangs on a deleted project or a guest who did not return goes too, and nothing of anybody else."""

from __future__ import annotations

import os
import time

from mlp_core.accounts import Owner
from mlp_core.config import Settings
from mlp_core.storage.artifacts import ArtifactStore
from pages._ui.services import Services, clear_away, open_services

DAYS = 86_400


def served(tmp_path) -> Services:
    return open_services(Settings(data_dir=tmp_path / "data", fast_jobs=False))


def keep(store: ArtifactStore, owner: Owner) -> None:
    store.put(owner, name="a table", kind="csv", page="upload", content=b"a\n1\n")


def test_a_guest_who_stays_away_leaves_nothing_and_an_account_loses_nothing(tmp_path):
    services = served(tmp_path)
    guest, member = Owner(id="a" * 32), Owner(id="b" * 32)
    services.library.claim(member.id)
    for owner in (guest, member):
        project = services.library.current(owner.id)
        services.workspaces.load(project)
        keep(services.artifacts, owner)
        long_ago = time.time() - 31 * DAYS
        os.utime(services.workspaces.folder(project), (long_ago, long_ago))

    clear_away(services)

    assert services.artifacts.list(guest) == []
    assert not services.library.knows(guest.id)
    assert len(services.artifacts.list(member)) == 1
    assert len(services.library.projects(member.id)) == 1


def test_a_guest_who_was_here_lately_keeps_all(tmp_path):
    services = served(tmp_path)
    guest = Owner(id="a" * 32)
    services.workspaces.load(services.library.current(guest.id))
    keep(services.artifacts, guest)

    clear_away(services)

    assert len(services.artifacts.list(guest)) == 1
    assert len(services.library.projects(guest.id)) == 1
