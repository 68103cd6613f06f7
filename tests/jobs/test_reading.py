"""A file read by a job becomes the table of its workspace's project."""

from __future__ import annotations

import secrets

import pandas as pd
import pytest

from mlp_core.errors import NotATable
from mlp_core.jobs import JobStore, Launcher, State
from mlp_core.project import Project
from mlp_core.read import ReadOptions
from mlp_core.storage import WorkspaceStore
from mlp_core.storage.source import keep_original

CSV = b"name;age\nAda;36\nBlaise;39\n"


@pytest.fixture
def workspaces(tmp_path):
    return WorkspaceStore(tmp_path / "spaces", Project)


@pytest.fixture
def readings(tmp_path):
    store = JobStore(tmp_path / "readings", place="readings", launcher=Launcher(fast=False))
    yield store
    store.close()


def read(workspaces, readings, wait_until, content, options=None):
    workspace = secrets.token_hex(16)
    folder = workspaces.load(workspace).folder
    original = keep_original(folder, content)
    spec = {"name": "people", "original": original, "options": (options or ReadOptions()).to_json()}
    status = wait_until(readings.submit(folder, "read", spec), lambda s: not s.active, 60)
    return status, workspaces.load(workspace)


def test_the_table_is_there_though_nobody_waited(workspaces, readings, wait_until):
    status, project = read(workspaces, readings, wait_until, CSV)

    assert (status.state, status.error) == (State.DONE, None)
    expected = pd.DataFrame({"name": ["Ada", "Blaise"], "age": [36, 39]})
    pd.testing.assert_frame_equal(project.table.frame, expected)
    assert (project.original, project.source.origin, project.title) == (CSV, "people", "people")


def test_what_the_person_decided_holds(workspaces, readings, wait_until):
    _, project = read(workspaces, readings, wait_until, CSV, ReadOptions(header=False))

    assert project.source.rows == 3
    assert ReadOptions.from_json(project.source.options).header is False


def test_a_file_that_is_no_table_ends_with_its_sentence_and_changes_nothing(workspaces, readings, wait_until):
    status, project = read(workspaces, readings, wait_until, b"%PDF-1.7 and so on")

    assert status.state is State.FAILED
    assert isinstance(status.error, NotATable)
    assert project.source is None
