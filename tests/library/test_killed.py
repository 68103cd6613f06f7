"""A server that is killed at any moment loses at most its last action, and the next start mends the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor SIGKILL")


@pytest.mark.parametrize("trials", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_at_most_the_last_action_is_missing_and_nothing_is_left_lying(tmp_path, trials):
    script = Path(__file__).with_name("killing.py")
    command = [sys.executable, str(script), str(tmp_path), str(trials), "7"]
    path = os.pathsep.join([str(script.parents[2]), str(script.parents[1])])
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path}
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(f"{trials} killed")
