from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mlp_core.errors import StorageError
from mlp_core.files import FileLock, is_held, read_json, write_atomically, write_json

ROOT = Path(__file__).resolve().parents[2]


def test_a_full_disk_leaves_the_former_file_whole_and_no_litter(tmp_path, full_disk):
    path = tmp_path / "deep" / "file.json"
    write_json(path, {"é": 1})
    full_disk()
    with pytest.raises(StorageError) as refused:
        write_json(path, {"é": 2})
    assert "plein" in refused.value.render("fr")
    assert read_json(path) == {"é": 1}
    assert [child.name for child in path.parent.iterdir()] == ["file.json"]


def test_a_writer_that_fails_leaves_nothing(tmp_path):
    def write(file):
        file.write(b"half")
        raise KeyError("stop")

    with pytest.raises(KeyError):
        write_atomically(tmp_path / "file", write)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        write_json(tmp_path / "file" / "below", {})


def test_a_lock_has_one_holder_among_threads(tmp_path):
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert not is_held(tmp_path / "lock")
    assert first.try_acquire()
    assert not second.try_acquire()
    assert is_held(tmp_path / "lock")
    with pytest.raises(StorageError):
        second.acquire(timeout_seconds=0.05)
    taken = threading.Thread(target=second.acquire)
    taken.start()
    first.release()
    taken.join(5)
    assert is_held(tmp_path / "lock")
    second.release()
    assert not is_held(tmp_path / "lock")


def test_a_lock_ends_with_the_process_that_held_it(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from mlp_core.files import FileLock\n"
        "FileLock(Path(sys.argv[1])).acquire() or print('held', flush=True)\n"
        "lock = FileLock(Path(sys.argv[2])); lock.acquire(); print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "other"), str(tmp_path / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        process.stdout.readline()
        process.stdout.readline()
        assert is_held(tmp_path / "lock")
        assert not FileLock(tmp_path / "lock").try_acquire()
        process.kill()
    assert not is_held(tmp_path / "lock")
