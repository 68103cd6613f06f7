"""A look at a saved thing, without running anything of it: rows, picture, first page, words."""

from __future__ import annotations

import csv
import io
import itertools
import json
import zipfile
import zlib
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from mlp_core.errors import DamagedFile
from mlp_core.storage.documents import decoded
from mlp_core.storage.workspaces import DOCUMENT
from mlp_core.text import Text
from pages._ui import results, state
from pages._ui.i18n import plain, t
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.accounts import Owner
    from mlp_core.storage.artifacts import Artifact

_ROWS: Final = 20
_COLUMNS: Final = 100
_BEGINNING_BYTES: Final = 1 << 18
_BEGINNING_CHARACTERS: Final = 20_000
_DOCUMENT_BYTES: Final = 8 << 20
_PAGE_PIXELS: Final = 900
_SHEET_PIXELS: Final = 520
_PAGE_HEIGHT: Final = 520


def draw(owner: Owner, thing: Artifact) -> None:
    """Draw a look at a thing.

    Raises
    ------
    NotFound, StorageError, ServiceUnavailable, DamagedFile
        It cannot be had, or is not what its kind says.
    """
    if thing.kind in _MODELS:
        st.markdown(t(_MODELS[thing.kind]))
        return
    content = _content(owner, thing)
    if thing.kind == "csv":
        _table(content, thing)
    elif thing.kind == "png":
        _picture(content, thing)
    elif thing.kind == "pdf":
        _first_page(content, thing)
    elif thing.kind == "html":
        st.iframe(caged(content), height=_PAGE_HEIGHT, alt=thing.name)
    elif thing.kind == "json":
        _data(content)
    else:
        _project(content)


_MODELS: Final = {
    "skops": Text(
        "A trained pipeline, cleaning steps included. Its content can be inspected before it is loaded; "
        "nothing is loaded here."
    ),
    "joblib": Text(
        "A trained pipeline for Python scripts. Such a file runs what it holds, so it is never opened here; "
        "open it only where you trust who made it."
    ),
}


def caged(content: bytes) -> str:
    """Return a page that shows another one in a frame where no script runs and nothing is fetched."""
    words = content.decode("utf-8", "replace")
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-src 'self'"
    return (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        "<style>html,body{margin:0;height:100%}iframe{border:0;width:100%;height:100%;background:#fff}</style>"
        f'<iframe sandbox="" srcdoc="{escape(words, quote=True)}"></iframe>'
    )


def _content(owner: Owner, thing: Artifact) -> bytes:
    """Return the bytes, kept by this tab while the same thing is looked at."""
    known, content = state.recall("saved.content", ("", b""))
    if known != thing.id:
        with st.spinner(t("Fetching it…")):
            content = services().artifacts.get(owner, thing.id)
        state.remember("saved.content", (thing.id, content))
    return bytes(content)


def _table(content: bytes, thing: Artifact) -> None:
    import pandas as pd

    words = content[:_BEGINNING_BYTES].decode("utf-8-sig", "replace")
    first = words.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        lines = list(itertools.islice(csv.reader(io.StringIO(words), delimiter=separator), _ROWS + 1))
    except csv.Error:
        raise _damaged() from None
    names = list(_distinct(lines[0][:_COLUMNS])) if lines else []
    rows = [dict(zip(names, line, strict=False)) for line in lines[1:]]
    results.frame(pd.DataFrame(rows, columns=names), key=f"saved.table.{thing.id}")
    st.caption(t("The file as it begins: {rows:n} {rows|row|rows}.", rows=len(rows)))


def _distinct(names: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        while name in seen:
            name += "*"
        seen.add(name)
        yield name


def _picture(content: bytes, thing: Artifact) -> None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise _damaged()
    st.image(content, width=_PAGE_PIXELS, alt=thing.name)


def _first_page(content: bytes, thing: Artifact) -> None:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        with PdfDocument(content) as document:
            pages, page = len(document), document[0]
            wide, high = (max(1.0, side) for side in page.get_size())
            picture = page.render(scale=min(_PAGE_PIXELS / wide, 2 * _PAGE_PIXELS / high)).to_pil()
    except (PdfiumError, IndexError):
        raise _damaged() from None
    with st.container(key="py-first-page"):
        st.image(picture, width=_SHEET_PIXELS, alt=thing.name)
    if pages > 1:
        st.caption(t("The first of {pages:n} {pages|page|pages}.", pages=pages))


def _data(content: bytes) -> None:
    words = content[:_BEGINNING_BYTES].decode("utf-8", "replace")
    try:
        data = json.loads(words)
    except (ValueError, RecursionError):
        st.code(words[:_BEGINNING_CHARACTERS], language=None, height=420)
        return
    st.json(data, expanded=2)


def _project(content: bytes) -> None:
    """Draw what a project's document says; its tables and models stay packed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if packed.getinfo(DOCUMENT).file_size > _DOCUMENT_BYTES:
                raise _damaged()
            data: Any = decoded(packed.read(DOCUMENT))
            trainings = sum(name.endswith("/board.json") for name in packed.namelist())
        lines = [_source(one) for one in [data["source"], *data.get("others", [])] if one is not None]
        steps = len(data["history"]["present"])
    except (zipfile.BadZipFile, zlib.error, OSError, LookupError, TypeError, ValueError, RuntimeError):
        raise _damaged() from None
    lines += [
        t("{count:n} cleaning {count|step|steps}", count=steps),
        t("{count:n} {count|training|trainings}", count=trainings),
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))


def _source(data: Any) -> str:
    rows, columns = int(data["rows"]), int(data["columns"])
    size = t("{rows:n} {rows|row|rows} × {columns:n} {columns|column|columns}", rows=rows, columns=columns)
    return f"**{plain(data['name'])}** · {size}"


def _damaged() -> DamagedFile:
    return DamagedFile(
        Text("This file is damaged, so it cannot be shown."), hint=Text("It can still be downloaded.")
    )
