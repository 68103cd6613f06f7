"""What the buttons of several pages do to the visitor's project."""

from __future__ import annotations

import dataclasses
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from mlp_core.clean import Recipe
from mlp_core.errors import NotATable, ReadError, StorageError, TooLarge
from mlp_core.project import Project
from mlp_core.storage.source import table_path
from mlp_core.text import Text
from pages._ui import state, visitor
from pages._ui.services import services, tracking_uri

if TYPE_CHECKING:
    from mlp_core.read import ReadOptions
    from mlp_core.train import TrainingPlan

QUICK_SAMPLE: Final = "cars"
QUICK_MODELS: Final = ("linear", "knn", "forest", "mlp")

LARGE_BYTES: Final = 8 << 20
PACKED_BYTES: Final = 1 << 20
"""A larger file, or packed file, is read beside the page."""

PACKED: Final = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")
"""What packed files begin with."""


def open_file(name: str, content: bytes, options: ReadOptions | None = None) -> Project:
    """Read a file and make it the project's table; the project stays as it was where that fails."""
    from mlp_core.read import read_table

    require_room(len(content))
    table = read_table(content, options, name=name, settings=services().settings)
    _another_table()
    return state.change(
        lambda project: project.with_table(table, origin=name, content=content, options=options)
    )


def content_at(where: str) -> tuple[str, bytes]:
    """Return the name and content of what an address of the web or a path on this server names.

    Raises
    ------
    ReadError, TooLarge
        It may not be read, is not there, or passes the limit of this server.
    """
    from mlp_core.read.address import fetch, local

    settings, bare = services().settings, where.strip()
    if "://" in bare or not settings.allow_paths:
        name = PurePosixPath(urlsplit(bare).path).name or urlsplit(bare).netloc
        return name, fetch(bare, settings)
    path = local(bare, settings)
    try:
        if path.stat().st_size > settings.max_upload_mb << 20:
            raise TooLarge(
                Text(
                    "{name} passes the {limit:n} MB that this server takes.",
                    name=path.name,
                    limit=settings.max_upload_mb,
                ),
                hint=Text("Keep the rows and columns you need and load the file again."),
            )
        return path.name, path.read_bytes()
    except OSError as error:
        raise ReadError(
            Text("The file {name} cannot be opened.", name=path.name),
            hint=Text("Check that you may read it."),
        ) from error


def is_large(content: bytes) -> bool:
    """Whether reading a file takes more than a moment; what is packed may be many times as large."""
    return len(content) > (PACKED_BYTES if content.startswith(PACKED) else LARGE_BYTES)


def start_reading(name: str, content: bytes, options: ReadOptions | None = None) -> None:
    """Read a file in a process of its own, which makes it the project's table; a reading under way ends."""
    from mlp_core.read import ReadOptions
    from mlp_core.storage.source import keep_original

    require_room(len(content))
    folder = state.project().folder
    former = services().readings.latest(folder)
    if former is not None:
        former.cancel()
    original = keep_original(folder, content)
    given = (options or ReadOptions()).to_json()
    services().readings.submit(folder, "read", {"name": name, "original": original, "options": given})
    _another_table()


def open_sample(id_: str) -> Project:
    """Make a built-in sample the project's table, with its usual target."""
    from mlp_core.read import SAMPLES

    chosen = next(sample for sample in SAMPLES if sample.id == id_)
    table = chosen.load()
    _another_table()
    return state.change(
        lambda project: project.with_table(table, origin=f"sample:{id_}", content=chosen.content()).with_plan(
            {"target": chosen.target}
        )
    )


def require_room(more_bytes: int) -> None:
    """Do nothing where the visitor may keep so much more beside their projects and saved things.

    Raises
    ------
    QuotaExceeded
        There is no room for it.
    """
    owner = visitor.owner()
    saved_bytes = services().artifacts.usage(owner).bytes
    services().library.require_room(owner, more_bytes, besides_bytes=saved_bytes)


def _another_table() -> None:
    """Let the controls of the reader begin anew, and the process that trains get ready."""
    for turn in ("upload.opened", "upload.turn"):
        state.remember(turn, state.recall(turn, 0) + 1)
    services().jobs.warm()


def read_again(options: ReadOptions) -> Project:
    """Read the project's file once more, as the person says it is written."""
    from mlp_core.read import read_table

    project = state.project()
    content, source = project.original, project.source
    assert content is not None
    assert source is not None
    if is_large(content):
        start_reading(source.name, content, options)
        return project
    table = read_table(content, options, name=source.name, settings=services().settings)
    if not len(table.frame):
        raise NotATable(
            Text("Read like this, the file has no row; it stays as it was."),
            hint=Text("Choose something else, or give the choice back with “As found”."),
        )
    return state.change(
        lambda latest: latest.with_table(table, origin=source.origin, content=content, options=options)
    )


def set_recipe(recipe: Recipe, over: Recipe) -> None:
    """Replace the recipe that the page showed; refused where another tab has changed it since.

    Raises
    ------
    StorageError
        The recipe on the page is no longer the latest.
    """

    def replaced(latest: Project) -> Project:
        if latest.recipe.key != over.key:
            raise StorageError(
                Text("The steps were changed in another tab meanwhile."),
                hint=Text("They are shown here now as they stand; make your change again."),
            )
        return latest.with_recipe(recipe)

    state.change(replaced)


def quick_result() -> None:
    """Open a sample and train a few quick models on it: a result in under half a minute."""
    from mlp_core.train import TrainingPlan

    project = open_sample(QUICK_SAMPLE)
    target = str((project.plan or {})["target"])
    start_training(TrainingPlan(target=target, models=QUICK_MODELS))


def start_training(plan: TrainingPlan) -> None:
    """Check the plan against the table and start its job; a second click finds the first job running."""
    from pages._ui import cache

    settings, project = services().settings, state.project()
    assert project.source is not None
    plan.check(cache.table(project), project.recipe)
    data_dir = settings.data_dir.resolve()
    spec = {
        "table": str(table_path(project.folder, project.source.fingerprint)),
        "table_meta": {
            "name": project.source.name,
            "fingerprint": project.source.fingerprint,
            "report": project.source.report.to_json(),
        },
        "plan": dataclasses.replace(plan, workers=settings.workers).to_json(),
        "recipe": project.recipe.to_json(),
        "others": [file.to_json() for file in project.files_needed()],
        "tracking": {
            "uri": tracking_uri(settings),
            "artifact_root": "" if settings.tracking_uri else str(data_dir / "mlartifacts"),
            "experiment": project.folder.name,
        },
    }
    job = services().jobs.submit(project.folder, "train", spec)
    state.change(lambda latest: latest.with_plan(plan).with_job(job.id))
