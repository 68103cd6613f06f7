"""Work beside the pages: at its time, once at a time for a key, and stopped when the server stops."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import TimeoutError
from pathlib import Path

import pytest
from storage.remotes import until

from mlp_core.storage.errands import Calls, Errands

ROOT = Path(__file__).resolve().parents[2]


def test_an_errand_is_run_once_for_many_who_ask_and_never_twice_at_once():
    running, most, runs = 0, 0, []

    def run(key):
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.01)
        runs.append(key)
        running -= 1

    errands = Errands(run, name="test")
    for _ in range(50):
        errands.ask("a")
    assert errands.settle("a", 5)
    assert (most, len(runs) <= 3) == (1, True)
    assert errands.stop()


def test_what_is_asked_while_it_runs_is_run_again():
    gate, runs = threading.Event(), []

    def run(key):
        runs.append(key)
        gate.wait(5)

    errands = Errands(run, name="test")
    errands.ask("a")
    assert until(lambda: runs)
    errands.ask("a")
    gate.set()
    assert until(lambda: len(runs) == 2)
    assert errands.stop()


def test_errands_of_others_do_not_wait_and_each_comes_at_its_time():
    times = {}
    errands = Errands(lambda key: times.__setitem__(key, time.monotonic()), name="test", threads=2)
    begun = time.monotonic()
    errands.ask("late", 0.2)
    errands.ask("soon", 0.05)
    errands.ask("late", 9.0)
    assert until(lambda: len(times) == 2)
    assert 0.04 < times["soon"] - begun < times["late"] - begun < 1.0
    assert errands.stop()


def test_an_errand_says_when_it_is_to_be_run_again():
    left = [0.01, 0.01, None]
    runs = []

    def run(key):
        runs.append(key)
        return left.pop(0)

    errands = Errands(run, name="test")
    errands.ask("a")
    assert until(lambda: len(runs) == 3)
    assert errands.stop()


def test_a_bug_ends_one_errand_and_no_thread(caplog):
    runs = []

    def run(key):
        runs.append(key)
        if key == "bad":
            raise KeyError("planted")

    errands = Errands(run, name="test", threads=1)
    errands.ask("bad")
    assert until(lambda: "KeyError" in caplog.text)
    errands.ask("good")
    assert until(lambda: runs == ["bad", "good"])
    assert "planted" not in caplog.text
    assert errands.stop()


def test_nothing_is_begun_after_the_stop():
    runs = []
    errands = Errands(lambda key: runs.append(key), name="test")
    errands.ask("a", 0.05)
    assert errands.stop()
    errands.ask("b")
    time.sleep(0.1)
    assert runs == []


def test_who_calls_can_stop_waiting_and_gets_what_comes_else():
    calls, gate = Calls(name="test", most=1), threading.Event()
    hanging = calls.submit(lambda: gate.wait(5))
    with pytest.raises(TimeoutError):
        hanging.result(0.05)
    behind = calls.submit(lambda: 3)
    with pytest.raises(TimeoutError):
        behind.result(0.05)
    gate.set()
    assert (hanging.result(5), behind.result(5)) == (True, 3)
    with pytest.raises(ZeroDivisionError):
        calls.submit(lambda: 1 / 0).result(5)


def test_a_server_stops_though_a_service_hangs():
    code = """if True:
        import time
        from mlp_core.storage.errands import Calls, Errands
        Calls(name="test").submit(lambda: time.sleep(60))
        Errands(lambda key: time.sleep(60), name="test").ask("a")
        time.sleep(0.1)
    """
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=30)
    assert time.monotonic() - begun < 20
