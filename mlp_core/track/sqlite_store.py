"""An MLflow database on disk, made whole or not at all, even where several processes want it at once.

MLflow creates its tables in some fifty migrations, which cost seconds and crash when two processes meet.
They are run once, on a draft, and the result is kept as a template.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Final

from mlp_core.files import FileLock, replace

_WAIT_SECONDS: Final = 120.0


def ensure_database(path: Path, templates: Path) -> None:
    """Make the database at ``path`` if it is not there.

    Parameters
    ----------
    path : Path
        The SQLite file.
    templates : Path
        The folder in which an empty database of this version of MLflow is kept.

    Raises
    ------
    StorageError
        The folder cannot be written, or another process holds the lock for minutes.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    lock.acquire(timeout_seconds=_WAIT_SECONDS)
    try:
        if not path.exists():
            draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
            try:
                shutil.copyfile(_template(templates), draft)
                replace(draft, path)
            finally:
                draft.unlink(missing_ok=True)
    finally:
        lock.release()


def database_file(uri: str) -> Path | None:
    """Return the file behind a SQLite address; ``None`` for any other address."""
    prefix = "sqlite:///"
    if not uri.startswith(prefix):
        return None
    return Path(uri[len(prefix) :])


def _template(folder: Path) -> Path:
    """Return an empty database of this version of MLflow, made if it is not there."""
    import mlflow

    template = folder / f".mlflow-{mlflow.__version__}.template"
    if template.exists():
        return template
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{template.name}.{secrets.token_hex(4)}.tmp"
    try:
        _migrate(draft)
        os.replace(draft, template)
    finally:
        draft.unlink(missing_ok=True)
    return template


def _migrate(path: Path) -> None:
    """Create the tables of MLflow in a fresh file."""
    # MLflow offers no public way to do this without keeping an engine open on the file for good.
    from mlflow.store.db.utils import _initialize_tables, create_sqlalchemy_engine

    engine = create_sqlalchemy_engine(f"sqlite:///{path.as_posix()}")  # type: ignore[no-untyped-call]
    try:
        _initialize_tables(engine)  # type: ignore[no-untyped-call]
    finally:
        engine.dispose()
