from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mlp_core.errors import CannotTrain, JobError, StorageError
from mlp_core.files import is_held, write_json
from mlp_core.jobs import Job, JobStore, Launcher, State
from mlp_core.jobs import status as files

TOY = (sys.executable, str(Path(__file__).with_name("toy_worker.py")))


def running(status):
    return status.state is State.RUNNING


def ended(status):
    return not status.active


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has buried yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_a_job_tells_its_progress_and_its_end(store, space, wait_until):
    job = store.submit(space, "count", {"steps": 40})
    status = wait_until(job, lambda s: s.share > 0)
    assert status.state is State.RUNNING
    assert status.models["toy"]["done"] >= 1
    assert status.message.render("fr").endswith(("row", "rows"))
    assert status.seconds_left == 1.0
    assert abs(status.started - time.time()) < 20
    status = wait_until(job, ended)
    assert (status.state, status.share, status.error, status.seconds_left) == (State.DONE, 1.0, None, None)
    assert status.message.render("fr") == "Terminé"
    assert json.loads((job.folder / "result.json").read_text())["done"] == 40


def test_a_second_click_is_refused_while_a_job_runs_and_not_after(store, space, wait_until):
    job = store.submit(space, "count", {"steps": 200})
    with pytest.raises(JobError) as refused:
        store.submit(space, "count", {"steps": 1})
    assert "déjà en cours" in refused.value.render("fr")
    job.cancel()
    again = store.submit(space, "count", {"steps": 1})
    assert wait_until(again, ended).state is State.DONE


def test_two_submits_at_once_start_one_job(plain, space):
    outcomes = []

    def click():
        try:
            outcomes.append(plain.submit(space, "count", {"steps": 100}))
        except JobError as error:
            outcomes.append(error)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(isinstance(outcome, Job) for outcome in outcomes) == [False, False, False, True]


def test_a_fresh_store_finds_the_job_and_can_cancel_it(store, space, tmp_path, wait_until):
    job = store.submit(space, "sleep", {})
    wait_until(job, lambda s: s.share > 0)
    other = JobStore(tmp_path / "jobs", launcher=Launcher(TOY)).latest(space)
    assert other is not None
    assert other.id == job.id
    status = other.status()
    assert status.state is State.RUNNING
    other.cancel()
    assert job.status().state is State.CANCELLED
    assert gone(status.pid)
    assert gone(status.models["child"])


def test_cancel_in_the_middle_of_a_fit_is_quick(store, space, wait_until):
    job = store.submit(space, "fit", {})
    wait_until(job, lambda s: s.share > 0)
    time.sleep(0.3)
    begun = time.monotonic()
    job.cancel()
    assert time.monotonic() - begun < 1.0
    status = job.status()
    assert (status.state, status.error) == (State.CANCELLED, None)


def test_cancel_before_the_worker_is_up_leaves_nothing_running(plain, space, wait_until):
    job = plain.submit(space, "count", {"steps": 500})
    job.cancel()
    assert job.status().state is State.CANCELLED
    assert not is_held(job.folder / files.ALIVE)
    assert not (job.folder / "result.json").exists()


def test_a_worker_born_after_its_cancel_does_nothing(plain, space, wait_until):
    job = plain.submit(space, "count", {"steps": 1})
    wait_until(job, ended)
    (job.folder / "result.json").unlink()
    (job.folder / files.CANCEL).touch()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run([*TOY, str(job.folder)], env=environment, timeout=20, check=False)
    assert done.returncode == 0
    assert not (job.folder / "result.json").exists()


def test_a_job_that_ends_while_it_is_looked_at_has_not_failed(plain, space, monkeypatch, wait_until):
    job = plain.submit(space, "count", {"steps": 1})
    wait_until(job, ended)
    last = files.read_status(job.folder)
    files.write_status(job.folder, replace(last, state=State.RUNNING))

    def ends_now(path):
        files.write_status(job.folder, last)
        return False

    monkeypatch.setattr("mlp_core.jobs.job.is_held", ends_now)
    assert job.look().state is State.DONE


def test_stop_and_keep_ends_early_with_a_result(store, space, wait_until):
    job = store.submit(space, "count", {"steps": 5000})
    wait_until(job, lambda s: s.share > 0)
    job.stop_and_keep()
    assert job.status().stopping or not job.status().active
    status = wait_until(job, ended)
    assert status.state is State.STOPPED
    assert 0 < json.loads((job.folder / "result.json").read_text())["done"] < 5000


def test_a_worker_killed_is_a_failure_that_can_be_tried_again(store, space, wait_until):
    job = store.submit(space, "die", {})
    status = wait_until(job, ended)
    assert status.state is State.FAILED
    assert isinstance(status.error, JobError)
    assert "manque de mémoire" in status.error.render("fr")
    assert wait_until(store.submit(space, "count", {"steps": 1}), ended).state is State.DONE


def test_a_worker_killed_from_outside_is_noticed_by_a_store_that_did_not_start_it(
    plain, space, tmp_path, wait_until
):
    job = plain.submit(space, "sleep", {})
    pid = wait_until(job, lambda s: s.share > 0).pid
    os.killpg(pid, signal.SIGKILL)
    status = wait_until(JobStore(tmp_path / "jobs", launcher=Launcher(TOY)).latest(space), ended)
    assert status.state is State.FAILED
    assert status.error is not None


def test_a_mistake_keeps_its_type_and_sentence(store, space, wait_until):
    status = wait_until(store.submit(space, "mistake", {}), ended)
    assert status.state is State.FAILED
    assert isinstance(status.error, CannotTrain)
    assert status.error.render() == "Column âge is empty. Choose another."


def test_a_bug_gets_a_sentence_without_its_trace_which_goes_to_the_log(store, space, wait_until):
    job = store.submit(space, "bug", {})
    status = wait_until(job, ended)
    assert isinstance(status.error, JobError)
    assert "secret-path" not in status.error.render()
    assert job.id in status.error.render()
    assert "secret-path" in (job.folder / files.LOG).read_text()


@pytest.mark.parametrize("kind", ["os:system", "toy_worker:count", "", None])
def test_a_specification_cannot_name_what_is_not_in_the_table(plain, space, wait_until, kind):
    job = plain.submit(space, kind, {"steps": 1})
    assert wait_until(job, ended).state is State.FAILED
    assert not (job.folder / "result.json").exists()


def test_the_shipped_table_holds_what_a_server_does_and_no_more():
    from mlp_core.jobs.worker import KINDS

    assert dict(KINDS) == {"train": "mlp_core.train.job:run", "read": "mlp_core.intake:run"}


def test_a_full_server_queues_and_starts_the_next_by_itself(plain, tmp_path, wait_until):
    spaces = [tmp_path / "spaces" / name for name in ("one", "two", "three")]
    jobs = [plain.submit(space, "count", {"steps": 20}) for space in spaces]
    wait_until(jobs[0], running)
    assert [job.status().state for job in jobs[1:]] == [State.WAITING, State.WAITING]
    assert "1" in jobs[2].status().message.render("fr")
    jobs[1].cancel()
    assert jobs[1].status().state is State.CANCELLED
    deadline = time.monotonic() + 20
    while not (jobs[2].folder / "result.json").exists() and time.monotonic() < deadline:
        time.sleep(0.02)  # nobody asks for its status: it must start without being looked at
    assert (jobs[2].folder / "result.json").exists()
    assert wait_until(jobs[2], ended).state is State.DONE
    assert not (jobs[1].folder / "result.json").exists()


def test_a_waiting_job_survives_its_server(plain, tmp_path, wait_until):
    first = plain.submit(tmp_path / "spaces" / "one", "sleep", {})
    second = plain.submit(tmp_path / "spaces" / "two", "count", {"steps": 1})
    wait_until(first, lambda s: s.share > 0)
    reborn = JobStore(tmp_path / "jobs", max_running=1, launcher=Launcher(TOY, fast=False))
    found = reborn.latest(tmp_path / "spaces" / "two")
    assert found.status().state is State.WAITING
    first.cancel()
    assert wait_until(reborn.find(tmp_path / "spaces" / "two", second.id), ended).state is State.DONE


def test_a_damaged_status_is_a_failure_and_not_an_exception(plain, space, wait_until):
    job = plain.submit(space, "count", {"steps": 1})
    wait_until(job, ended)
    deadline = time.monotonic() + 20
    while not (job.folder / files.EXIT).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    for content in (b"", b"{", b"[1]", b'{"state": "done"}', b'{"state": "gone"}', b"\xff\xfe"):
        (job.folder / files.STATUS).write_bytes(content)
        status = job.status()
        assert status.state is State.FAILED
        assert status.error is not None


def test_ids_that_are_not_ids_find_nothing(plain, space):
    (space / "jobs").mkdir(parents=True)
    assert plain.find(space, "../jobs") is None
    assert plain.find(space, "0" * 20) is None
    assert plain.latest(space) is None


def test_an_unwritable_folder_is_a_sentence(plain, tmp_path):
    (tmp_path / "spaces").mkdir()
    (tmp_path / "spaces" / "file").write_text("not a folder")
    with pytest.raises(StorageError):
        plain.submit(tmp_path / "spaces" / "file", "count", {"steps": 1})


SERVER = """
import sys, time
from pathlib import Path
from mlp_core.jobs import JobStore, Launcher
launcher = Launcher({command!r}, fast={fast})
store = JobStore(Path({root!r}), launcher=launcher)
job = store.submit(Path({space!r}), "count", {{"steps": 5000}})
while not job.status().share: time.sleep(0.02)
print(launcher._zygote.pid if {fast} else 0, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(
    "fast", [False, pytest.param(True, marks=pytest.mark.skipif("sys.platform != 'linux'"))]
)
def test_a_worker_whose_server_is_killed_stops_keeps_and_is_found_again(tmp_path, wait_until, fast):
    space = tmp_path / "spaces" / "one"
    code = SERVER.format(root=str(tmp_path / "jobs"), fast=fast, command=TOY, space=str(space))
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root) as server:
        helper = int(server.stdout.readline())
        server.kill()
    reborn = JobStore(tmp_path / "jobs", launcher=Launcher(TOY))
    status = wait_until(reborn.latest(space), ended)
    assert status.state is State.STOPPED
    assert json.loads((reborn.latest(space).folder / "result.json").read_text())["done"] > 0
    deadline = time.monotonic() + 5
    while not (gone(status.pid) and gone(helper)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gone(status.pid)
    assert gone(helper)


def test_old_jobs_are_forgotten(plain, space, wait_until):
    for number in range(30):
        write_json(space / "jobs" / f"{number:020x}" / files.SPEC, {})
    job = plain.submit(space, "count", {"steps": 1})
    assert plain.latest(space).id == job.id
    assert len(list((space / "jobs").iterdir())) == 20
    wait_until(job, ended)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_a_warm_server_starts_work_at_once_and_its_helper_ends_with_it(tmp_path, wait_until):
    store = JobStore(tmp_path / "jobs", launcher=Launcher(TOY))
    space = tmp_path / "spaces" / "one"
    assert store._launcher._zygote is None, "nothing may start before it is asked for"
    store.warm()
    assert store._launcher._zygote.ready.wait(20)
    begun = time.monotonic()
    job = store.submit(space, "count", {"steps": 1, "seconds": 0})
    wait_until(job, ended)
    assert time.monotonic() - begun < 1.0
    assert json.loads((job.folder / "result.json").read_text())["parent"] == store._launcher._zygote.pid
    helper = store._launcher._zygote.pid
    store.close()
    assert gone(helper)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_a_helper_that_dies_is_replaced(tmp_path, wait_until):
    store = JobStore(tmp_path / "jobs", launcher=Launcher(TOY))
    store.warm()
    assert store._launcher._zygote.ready.wait(20)
    os.kill(store._launcher._zygote.pid, signal.SIGKILL)
    status = wait_until(store.submit(tmp_path / "spaces" / "one", "count", {"steps": 2}), ended)
    assert status.state is State.DONE
    store.close()
