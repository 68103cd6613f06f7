"""A JSON document that knows whether it is whole, and keeps the version before it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mlp_core.errors import StorageError
from mlp_core.files import replace, storing, write_atomically
from mlp_core.text import Text


def previous_of(path: Path) -> Path:
    """Return where the version before the present one is kept."""
    return path.with_name(f"{path.stem}.previous{path.suffix}")


def write_document(
    path: Path,
    data: Mapping[str, Any],
    *,
    before: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any] | None:
    """Put ``data`` at ``path``; what stood there, if it is whole, becomes the version before it.

    Parameters
    ----------
    before : callable, optional
        Called with what stood there, if it is whole, while it still does.

    Returns
    -------
    dict or None
        The version before it, where it was whole.

    Raises
    ------
    StorageError
        The disk is full, or the folder cannot be written.
    """
    content = encoded(data)
    former = _intact(path)
    if former is not None:
        if before is not None:
            before(former)
        with storing():
            give_name(path, previous_of(path))
    write_atomically(path, content)
    return former


def read_document(path: Path) -> tuple[dict[str, Any], Text | None]:
    """Return the document and, where it is the version before the last, a note that says so.

    Raises
    ------
    StorageError
        Neither version can be read.
    """
    present = _intact(path)
    if present is not None:
        return present, None
    former = _intact(previous_of(path))
    if former is None:
        raise StorageError(
            Text("The saved project is damaged and cannot be read."),
            hint=Text("Start a new project, or open a copy that you saved as a .pythie file."),
        )
    return former, Text(
        "The last saved change was damaged, so this is the project as it was just before. Check it."
    )


def encoded(data: Mapping[str, Any]) -> bytes:
    """Return the document as bytes, with a checksum of its content."""
    return json.dumps({"checksum": _checksum(data), "content": data}).encode("ascii")


def decoded(content: bytes) -> dict[str, Any] | None:
    """Return the document in ``content``, or ``None`` where it is not whole."""
    try:
        document = json.loads(content)
        data = document["content"]
        whole = isinstance(data, dict) and document["checksum"] == _checksum(data)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return data if whole else None


def give_name(path: Path, kept: Path) -> None:
    """Give the file at ``path`` a second name, in place of what bore it; a later rename leaves it alone.

    Raises
    ------
    OSError
        The disk is full, or the folder cannot be written.
    """
    draft = kept.with_name(f".{kept.name}.{secrets.token_hex(4)}.tmp")
    try:
        os.link(path, draft)
    except OSError:
        shutil.copy2(path, draft)
    try:
        replace(draft, kept)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _checksum(data: Mapping[str, Any]) -> str:
    return hashlib.blake2b(json.dumps(data, sort_keys=True).encode("ascii"), digest_size=16).hexdigest()


def _intact(path: Path) -> dict[str, Any] | None:
    try:
        return decoded(path.read_bytes())
    except OSError:
        return None
