"""Training as a job: what the worker calls, with everything it needs named in one JSON document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlp_core.errors import StorageError
from mlp_core.table import ReadReport, Table
from mlp_core.text import Text
from mlp_core.train.plan import TrainingPlan
from mlp_core.train.progress import Progress
from mlp_core.train.training import train

if TYPE_CHECKING:
    from mlp_core.read.sql import TableFile
    from mlp_core.track import Tracker


def run(
    spec: Mapping[str, Any],
    folder: Path,
    report: Callable[..., None],
    should_stop: Callable[[], bool],
) -> None:
    """Train as ``spec`` says and save the leaderboard.

    Parameters
    ----------
    spec : mapping
        ``table``, the path of an Arrow file; ``table_meta`` with ``name``, ``fingerprint`` and ``report``;
        ``plan`` and ``recipe`` as JSON; ``others``, the files of the tables that the recipe joins, as
        ``TableFile.to_json`` writes them; ``tracking`` with ``uri``, ``artifact_root`` and ``experiment``,
        or nothing. The board is saved in ``boards``, beside the folder of jobs, under the id of the job.
    folder : Path
        The folder of the job.
    report : callable
        Takes ``share``, ``message``, ``models`` and ``seconds_left``.
    should_stop : callable
        Says whether to stop and keep what is finished.

    Raises
    ------
    StorageError
        The table cannot be read, or the board cannot be saved.
    CannotTrain, NotApplicable, InvalidParameter
        As for :func:`mlp_core.train.train`.
    """
    from mlp_core.clean import Recipe

    def tell(progress: Progress) -> None:
        report(progress.share, progress.message, dict(progress.done), progress.seconds_left)

    report(0.0, Text("Reading the table"))
    board = train(
        open_table(Path(spec["table"]), spec["table_meta"]),
        TrainingPlan.from_json(spec["plan"]),
        recipe=Recipe.from_json(spec.get("recipe") or []).bound(_others(spec.get("others") or [])),
        tracker=_tracker(spec.get("tracking")),
        on_progress=tell,
        should_stop=should_stop,
    )
    board.save(folder.parents[1] / "boards" / folder.name)


def open_table(path: Path, meta: Mapping[str, Any]) -> Table:
    """Return the table in an Arrow file.

    Raises
    ------
    StorageError
        The file is absent or damaged.
    """
    import pyarrow as pa

    from mlp_core.kinds import kinds_of

    try:
        with pa.memory_map(str(path)) as source:
            frame = pa.ipc.open_file(source).read_all().to_pandas()
    except (OSError, pa.ArrowException) as error:
        raise StorageError(
            Text("The table of this training cannot be opened."), hint=Text("Upload the file again.")
        ) from error
    report = meta.get("report")
    return Table(
        frame=frame,
        kinds=kinds_of(frame),
        name=str(meta["name"]),
        known_fingerprint=str(meta["fingerprint"]),
        report=ReadReport.from_json(report) if report else ReadReport(),
    )


def _others(given: Iterable[Mapping[str, Any]]) -> dict[str, TableFile]:
    """Return the other tables by fingerprint; each stays in its file."""
    from mlp_core.read.sql import TableFile

    files = [TableFile.from_json(one) for one in given]
    return {file.fingerprint: file for file in files}


def _tracker(given: Mapping[str, Any] | None) -> Tracker | None:
    if not given or not given.get("uri"):
        return None
    from mlp_core.track import MlflowTracker

    root = given.get("artifact_root")
    return MlflowTracker(str(given["uri"]), Path(root) if root else None, str(given["experiment"]))
