"""Runs deleted for good: their numbers, their files, and the experiment that held them.

MLflow itself only hides what is deleted. A person who deletes a project means all of it, so this goes the way
of its ``gc`` command, in a process of its own: ``python -m mlp_core.track.forget ADDRESS`` with the names of
the experiments on its standard input.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from mlp_core.track.sqlite_store import database_file

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

_SECONDS: Final = 600


def experiment_names(uri: str) -> list[str]:
    """Return the names of all experiments of an embedded store; none for a server, or before the first."""
    database = database_file(uri)
    if database is None or not database.exists():
        return []
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
            return [str(name) for (name,) in connection.execute("SELECT name FROM experiments")]
    except sqlite3.DatabaseError:
        return []


def forget_apart(uri: str, experiments: Collection[str]) -> bool:
    """Delete experiments in a process of its own, and wait for it; say whether all went well."""
    command = [sys.executable, "-m", "mlp_core.track.forget", uri]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        command, input=json.dumps(sorted(experiments)), text=True, cwd=root, timeout=_SECONDS, check=False
    )
    return done.returncode == 0


def forget(uri: str, experiments: Collection[str]) -> None:
    """Delete experiments of an embedded store with all their runs and files; unknown names are passed over.

    Parameters
    ----------
    uri : str
        ``sqlite:///…``
    experiments : collection of str
        Their names.
    """
    from mlp_core.track.mlflow_tracker import import_mlflow

    client = import_mlflow().MlflowClient(tracking_uri=uri)
    # MLflow has no public way to delete for good but its command line, which does it through this.
    store = client._tracking_client.store
    for name in experiments:
        found = client.get_experiment_by_name(name)
        if found is None:
            continue
        for run in _all_runs(client, found.experiment_id):
            folder = _folder_of(str(run.info.artifact_uri))
            if folder is not None:
                shutil.rmtree(folder.parent, ignore_errors=True)
            if run.info.lifecycle_stage != "deleted":
                client.delete_run(run.info.run_id)
            store._hard_delete_run(run.info.run_id)
        if found.lifecycle_stage != "deleted":
            client.delete_experiment(found.experiment_id)
        store._hard_delete_experiment(found.experiment_id)
    _compact(uri)


def _all_runs(client: MlflowClient, experiment_id: str) -> list[Run]:
    from mlflow.entities import ViewType

    runs: list[Run] = []
    token: str | None = None
    while True:
        page = client.search_runs([experiment_id], run_view_type=ViewType.ALL, page_token=token)
        runs += page
        token = page.token
        if not token:
            return runs


def _compact(uri: str) -> None:
    """Write the database anew, so that nothing deleted stays readable in its free pages."""
    database = database_file(uri)
    if database is not None:
        with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
            connection.execute("VACUUM")


def _folder_of(artifact_uri: str) -> Path | None:
    """Return the folder of a run's files where they lie on this machine."""
    parts = urlsplit(artifact_uri)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


if __name__ == "__main__":
    forget(sys.argv[1], json.loads(sys.stdin.read()))
