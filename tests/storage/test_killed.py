"""A server that is killed while it saves: everything opens, at most the last action is missing, no litter."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from storage.saver import ACTS

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="it kills forked processes, as Linux has them"
)


class Zygote:
    """The process that forks those which save and those which look; see ``saver.py``."""

    def __init__(self):
        command = [sys.executable, "-W", "error", str(ROOT / "tests" / "storage" / "saver.py")]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def order(self, do, folder, seed=0, **more):
        """Start a child and return its process id."""
        order = {"do": do, "folder": str(folder), "seed": seed, **more}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self.said = []
        return self.until("born")

    def until(self, word):
        """Read what is said until ``word`` is, and return what is said of it."""
        while True:
            line = self.process.stdout.readline()
            assert line, "the zygote ended"
            words = json.loads(line)
            if word in words:
                return words[word]
            self.said.append(words)

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@pytest.fixture
def zygote():
    running = Zygote()
    yield running
    running.close()


@pytest.fixture
def folder(quick_path):
    # A kill takes nothing that was written, wherever that was.
    return quick_path / "data"


def look(zygote, folder):
    zygote.order("look", folder)
    assert zygote.until("dead") == 0, "what was left cannot be opened; see the traceback"
    (seen,) = [words for words in zygote.said if "project" in words]
    return seen


def killed(zygote, folder, chance):
    """Let a child save and kill it at a random moment; return what it said."""
    pid = zygote.order("save", folder, seed=chance.randrange(2**32))
    if chance.random() < 0.9:
        for _ in range(chance.randrange(1, 16)):
            zygote.said.append({"will": zygote.until("will")})
        time.sleep(chance.uniform(0, 0.0015))
    else:
        # It is perhaps still mending what the one before it left.
        time.sleep(chance.uniform(0, 0.03))
    os.kill(pid, signal.SIGKILL)
    assert zygote.until("dead") == -signal.SIGKILL
    return zygote.said


def state_of(seen):
    return {(kind, id_): is_ for kind in ("project", "artifact") for id_, is_ in seen[kind].items()}


def after(state, said):
    """Return what is after all that was acknowledged, and the one action that was not."""
    state, will = dict(state), None
    for words in said:
        if "will" in words:
            will = words["will"]
        elif "done" in words:
            kind, id_, is_ = words["done"]
            state.pop((kind, id_), None)
            if is_ is not None:
                state[kind, id_] = is_
            will = None
    return state, will


def fits(is_, promised):
    """Whether something is what was announced; ``None`` stands for what could not be known before."""
    return all(said is None or one == said for one, said in zip(is_, promised, strict=True))


def is_without_or_with(found, state, will):
    """Whether what is found is what was acknowledged, with or without the last action, and no other."""
    if found == state:
        return True
    if will is None:
        return False
    kind, id_, promised = will
    if id_ is None:
        new = [key for key in found if key not in state]
        if len(new) != 1 or new[0][0] != kind:
            return False
        is_ = found[new[0]]
        # A project is made first and named then.
        named = fits(is_, promised) or (kind == "project" and is_ == ["", 0, None, 0])
        return named and {key: found[key] for key in found if key != new[0]} == state
    rest = {key: is_ for key, is_ in state.items() if key != (kind, id_)}
    if promised is None:
        return found == rest
    is_ = found.get((kind, id_))
    return is_ is not None and fits(is_, promised) and found == {**rest, (kind, id_): is_}


def checked(zygote, folder, state, said):
    """Look at what is left, hold it against what was said, and return it with the number of remnants."""
    expected, will = after(state, said)
    seen = look(zygote, folder)
    found = state_of(seen)
    assert is_without_or_with(found, expected, will), f"in {will}\n{expected}\n{found}"
    assert seen["orphans"] == [], f"in {will}"
    return found, seen["swept"]


@pytest.mark.parametrize("kills", [15, pytest.param(100, marks=pytest.mark.slow)])
def test_killed_at_any_moment_it_loses_at_most_the_last_action(zygote, folder, kills):
    chance = random.Random(kills)
    zygote.order("prepare", folder)
    assert zygote.until("dead") == 0
    state = state_of(look(zygote, folder))
    acknowledged = unfinished = swept = 0
    for _ in range(kills):
        said = killed(zygote, folder, chance)
        _, will = after(state, said)
        state, remnants = checked(zygote, folder, state, said)
        acknowledged += sum("done" in words for words in said)
        unfinished += will is not None
        swept += remnants
    print(f"{kills} kills: {acknowledged} actions acknowledged, {unfinished} cut, {swept} remnants swept")  # noqa: T201
    assert acknowledged > 5 * kills, "it saved too slowly for the kills to mean anything"
    assert unfinished


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_killed_before_any_step_of_an_action_it_loses_no_other(zygote, folder, act):
    zygote.order("prepare", folder)
    assert zygote.until("dead") == 0
    state = state_of(look(zygote, folder))
    for step in itertools.count(1):
        zygote.order("save_one", folder, seed=step, act=act, step=step)
        end = zygote.until("dead")
        state, _ = checked(zygote, folder, state, zygote.said)
        if end == 0:
            break
        assert end == -signal.SIGKILL
    assert step > 1
