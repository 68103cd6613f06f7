from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from mlp_core.jobs import Job, JobStatus, JobStore, Launcher

TOY = (sys.executable, str(Path(__file__).with_name("toy_worker.py")))


@pytest.fixture(params=["new interpreter", "forked"])
def store(tmp_path, request):
    if request.param == "forked" and sys.platform != "linux":
        pytest.skip("workers are forked on Linux only")
    made = JobStore(tmp_path / "jobs", max_running=2, launcher=Launcher(TOY, fast=request.param == "forked"))
    yield made
    for folder in (tmp_path / "spaces").glob("*/jobs/*"):
        Job(folder, made).cancel()
    made.close()


@pytest.fixture
def plain(tmp_path):
    made = JobStore(tmp_path / "jobs", max_running=1, launcher=Launcher(TOY, fast=False))
    yield made
    for folder in (tmp_path / "spaces").glob("*/jobs/*"):
        Job(folder, made).cancel()


@pytest.fixture
def space(tmp_path):
    return tmp_path / "spaces" / "one"


def until(job: Job, wanted, seconds: float = 20.0) -> JobStatus:
    """Wait until the status satisfies ``wanted``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status = job.status()
        if wanted(status):
            return status
        time.sleep(0.01)
    log = job.folder / "out.log"
    raise AssertionError(f"still {job.status()}; {log.read_text() if log.exists() else ''}")


@pytest.fixture
def wait_until():
    return until
