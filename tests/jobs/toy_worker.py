"""A worker whose closed table holds toys: jobs that count, hang, fail and die as a test wants."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

from mlp_core.errors import CannotTrain
from mlp_core.jobs import worker
from mlp_core.text import Text


def count(spec, folder, report, should_stop):
    """Count to ``spec["steps"]``, and keep the count when asked to stop."""
    done = 0
    for step in range(spec["steps"]):
        if should_stop():
            break
        time.sleep(spec.get("seconds", 0.02))
        done = step + 1
        report(
            done / spec["steps"],
            Text("{done:n} {done|row|rows}", done=done),
            models={"toy": {"done": done}},
            seconds_left=1.0,
        )
    (folder / "result.json").write_text(json.dumps({"done": done, "parent": os.getppid()}))


def sleep(spec, folder, report, should_stop):
    """Sleep, deaf to any wish, with a child of its own."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    report(0.5, Text("child"), models={"child": child.pid})
    time.sleep(60)


def fit(spec, folder, report, should_stop):
    """Fit a forest that takes far longer than a test."""
    import numpy as np
    from sklearn.ensemble import RandomForestRegressor

    generator = np.random.default_rng(0)
    features = generator.normal(size=(20_000, 20))
    report(0.1, Text("fitting"))
    RandomForestRegressor(n_estimators=500).fit(features, features[:, 0])


def mistake(spec, folder, report, should_stop):
    """Fail as a person's choice may make it fail."""
    raise CannotTrain(Text("Column {name} is empty.", name="âge"), hint=Text("Choose another."))


def bug(spec, folder, report, should_stop):
    """Fail as a programmer's slip makes it fail."""
    raise ValueError("secret-path")


def die(spec, folder, report, should_stop):
    """End as the kernel ends a process when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


KINDS = {name: f"toy_worker:{name}" for name in ("count", "sleep", "fit", "mistake", "bug", "die")}

if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments == ["--zygote"]:
        from mlp_core.jobs import zygote

        raise SystemExit(zygote.main(KINDS, heavy=("sklearn.ensemble",)))
    raise SystemExit(worker.cli(arguments, KINDS))
