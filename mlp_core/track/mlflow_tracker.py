"""Runs in MLflow: an embedded SQLite database and a folder, or any MLflow server.

Everything goes through one client and explicit ids, as MLflow's own notion of the current experiment and
address belongs to the whole process and would mix up visitors.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from mlp_core.track.records import RunRecord, TrackedModel, TrackedRun, finite
from mlp_core.track.sqlite_store import database_file, ensure_database

if TYPE_CHECKING:
    from mlflow.models import ModelSignature
    from mlflow.tracking import MlflowClient

ENVIRONMENT: Final[Mapping[str, str]] = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "GIT_PYTHON_REFRESH": "quiet",
    # A server that is down must not hold a finished training for minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
}
"""Set before MLflow is imported, where the person who runs the server has not set it."""

CURVE: Final = "curve."
"""Begins the name of a metric that has a value per step."""

_FORMAT: Final = "skops"
_LONGEST: Final = 500
_MOST_RUNS: Final = 1_000
_TYPES: Final = {"number": "double", "text": "string"}


class MlflowTracker:
    """Runs in one experiment of one MLflow store.

    Parameters
    ----------
    uri : str
        ``sqlite:///…`` or the address of a server.
    artifact_root : Path or None
        Where the files of an embedded store go; a server decides for itself.
    experiment : str
        The name of the experiment; it is made if it is not there.
    templates : Path, optional
        Where an empty database is kept as a template; by default beside the database.
    """

    def __init__(
        self, uri: str, artifact_root: Path | None, experiment: str, *, templates: Path | None = None
    ) -> None:
        self.uri = uri
        self.artifact_root = artifact_root
        self.experiment = experiment
        self.templates = templates

    def log(self, record: RunRecord) -> str:
        """Keep one run and return its id.

        A run is marked as killed from its first moment until all of it is there, so that a process that is
        ended half-way leaves no run that seems to be running.
        """
        with tempfile.TemporaryDirectory(prefix="pythie-run-") as folder:
            self._write_files(record, Path(folder))
            ended = int(time.time() * 1000)
            started = ended - int(record.seconds * 1000)
            run = self._client.create_run(
                self._experiment_id,
                start_time=started,
                run_name=record.name,
                tags={name: str(value)[:_LONGEST] for name, value in record.tags.items()},
            )
            run_id = str(run.info.run_id)
            self._client.set_terminated(run_id, "KILLED", ended)
            self._write_numbers(run_id, record, ended)
            self._client.log_artifacts(run_id, folder)
            self._client.set_terminated(run_id, "FINISHED", ended)
        return run_id

    def runs(self) -> list[TrackedRun]:
        """Return the runs, newest first, at most a thousand."""
        found = self._client.search_runs(
            [self._experiment_id], max_results=_MOST_RUNS, order_by=["attributes.start_time DESC"]
        )
        return [self._tracked(run) for run in found]

    def artifact_folder(self, run_id: str) -> str:
        """Return the address of the files of a run; its model stands below it as ``model``."""
        return str(self._client.get_run(run_id).info.artifact_uri)

    def _write_numbers(self, run_id: str, record: RunRecord, ended: int) -> None:
        from mlflow.entities import Metric, Param

        metrics = [Metric(name, value, ended, 0) for name, value in finite(record).items()]
        for name, steps in record.curves.items():
            metrics += [
                Metric(f"{CURVE}{name}", value, ended, step)
                for step, value in enumerate(steps)
                if value == value
            ]
        params = [Param(name, str(value)[:_LONGEST]) for name, value in record.params.items()]
        # The limits of one batch are the API's: 1,000 entries, of which 100 parameters.
        self._client.log_batch(run_id, metrics=metrics[:900], params=params[:100])
        for start in range(900, len(metrics), 900):
            self._client.log_batch(run_id, metrics=metrics[start : start + 900])

    def _write_files(self, record: RunRecord, folder: Path) -> None:
        for name, document in record.documents.items():
            text = json.dumps(document, ensure_ascii=False, indent=1)
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
        if record.figures:
            (folder / "figures").mkdir()
        for name, image in record.figures.items():
            (folder / "figures" / f"{name}.png").write_bytes(image)
        if record.model is not None:
            _save_model(record.model, folder / "model")

    def _tracked(self, run: Any) -> TrackedRun:
        data = run.data
        curves = {
            name[len(CURVE) :]: self._curve(run.info.run_id, name)
            for name in data.metrics
            if name.startswith(CURVE)
        }
        return TrackedRun(
            run_id=run.info.run_id,
            name=run.info.run_name,
            status=str(run.info.status).lower(),
            params=dict(data.params),
            metrics={name: value for name, value in data.metrics.items() if not name.startswith(CURVE)},
            curves=curves,
            tags={name: value for name, value in data.tags.items() if not name.startswith("mlflow.")},
            files=self._files(run.info.run_id),
        )

    def _curve(self, run_id: str, name: str) -> tuple[float, ...]:
        history = self._client.get_metric_history(run_id, name)
        return tuple(metric.value for metric in sorted(history, key=lambda metric: metric.step))

    def _files(self, run_id: str) -> tuple[str, ...]:
        names = []
        for entry in self._client.list_artifacts(run_id):
            if entry.path == "figures":
                names += [inner.path for inner in self._client.list_artifacts(run_id, entry.path)]
            else:
                names.append(entry.path)
        return tuple(sorted(names))

    @cached_property
    def _client(self) -> MlflowClient:
        mlflow = import_mlflow()
        database = database_file(self.uri)
        if database is not None:
            ensure_database(database, self.templates or database.parent)
        client: MlflowClient = mlflow.MlflowClient(tracking_uri=self.uri)
        return client

    @cached_property
    def _experiment_id(self) -> str:
        from mlflow.exceptions import MlflowException

        found = self._client.get_experiment_by_name(self.experiment)
        if found is not None:
            return str(found.experiment_id)
        root = None if self.artifact_root is None else self.artifact_root.resolve().as_uri()
        try:
            return str(self._client.create_experiment(self.experiment, artifact_location=root))
        except MlflowException:
            # Another process has just made it.
            found = self._client.get_experiment_by_name(self.experiment)
            if found is None:
                raise
            return str(found.experiment_id)


def import_mlflow() -> ModuleType:
    """Return MLflow, imported so that no request leaves the machine by itself."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    import mlflow

    for chatty in ("alembic", "mlflow.store.db.utils"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return mlflow


def _save_model(model: TrackedModel, folder: Path) -> None:
    """Write the model as ``mlflow.sklearn`` and ``mlflow.pyfunc`` open it, in the safe format."""
    import mlflow.sklearn

    mlflow.sklearn.save_model(
        model.pipeline,
        folder,
        serialization_format=_FORMAT,
        skops_trusted_types=list(model.trusted),
        # Both would be found by running the model in another process, for many seconds.
        pip_requirements=list(model.requirements),
        signature=_signature(model),
    )


def _signature(model: TrackedModel) -> ModelSignature:
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema, TensorSpec
    from mlflow.types.schema import AnyType

    # Nothing is required and nothing is typed: MLflow would refuse a whole number where a number is asked
    # for, and a gap where a whole number is; the pipeline reads either, and text besides.
    anything = AnyType()  # type: ignore[no-untyped-call]
    inputs: list[ColSpec | TensorSpec] = [ColSpec(anything, name, required=False) for name in model.inputs]
    return ModelSignature(inputs=Schema(inputs), outputs=Schema([ColSpec(_TYPES[model.output])]))
