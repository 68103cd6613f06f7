"""The tracker that forgets with its process: for tests, and where nothing is to be written."""

from __future__ import annotations

import uuid

from mlp_core.track.records import RunRecord, TrackedRun, files_of, finite


class MemoryTracker:
    """Runs in a list of this object."""

    def __init__(self) -> None:
        self.records: dict[str, RunRecord] = {}

    def log(self, record: RunRecord) -> str:
        """Keep one run and return its id."""
        run_id = uuid.uuid4().hex
        self.records[run_id] = record
        return run_id

    def runs(self) -> list[TrackedRun]:
        """Return the runs, newest first."""
        return [
            TrackedRun(
                run_id=run_id,
                name=record.name,
                status="finished",
                params={name: str(value) for name, value in record.params.items()},
                metrics=finite(record),
                curves={name: tuple(steps) for name, steps in record.curves.items() if steps},
                tags={name: str(value) for name, value in record.tags.items()},
                files=files_of(record),
            )
            for run_id, record in reversed(self.records.items())
        ]
