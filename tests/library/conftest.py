from __future__ import annotations

import pytest
from library.people import Clock

from mlp_core.config import Settings
from mlp_core.library import Library
from mlp_core.project import Project
from mlp_core.storage import WorkspaceStore


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path)


@pytest.fixture
def workspaces(tmp_path):
    return WorkspaceStore(tmp_path / "workspaces", Project)


@pytest.fixture
def library(tmp_path, workspaces, settings, clock):
    return Library(tmp_path, workspaces, settings, clock=clock)
