"""A large file, read beside the page: its first rows at once, the progress of the rest, and its end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.errors import MLPError
from mlp_core.project import Project
from pages._ui import actions, cache, results, shell, state
from pages._ui.i18n import md, t

if TYPE_CHECKING:
    from mlp_core.jobs import Job, JobStatus

_LOOK_SECONDS: Final = 0.5
_NEWS_SECONDS: Final = 600.0
"""Whoever comes back later has long gone on without the file that failed."""


def bring(name: str, content: bytes) -> None:
    """Read a file at once where that takes a moment, else beside the page."""
    if actions.is_large(content):
        actions.start_reading(name, content)
    else:
        actions.open_file(name, content)
        close(state.reading(state.project()))


def close(job: Job | None) -> None:
    """Let the end of a reading be seen no more in this tab."""
    if job is not None:
        state.remember("upload.reading.closed", job.id)


def panel(project: Project) -> bool:
    """Draw the reading under way, or why the last one failed; return whether one is under way."""
    job = state.reading(project)
    if job is None or state.recall("upload.reading.closed") == job.id:
        return False
    status = job.status()
    if status.active:
        with st.container(border=True, key="upload.reading.job"):
            shell.repeating(_progress, _LOOK_SECONDS)(job)
            _first_rows(project, job)
        return True
    if status.error is not None and time.time() - status.updated < _NEWS_SECONDS:
        shell.show(status.error)
        st.button(
            t("Close"), key="upload.reading.close", icon=":material/close:", on_click=close, args=(job,)
        )
    return False


def _progress(job: Job) -> None:
    status = job.status()
    if not status.active:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(1.0, status.share), text=md(status.message) + _since(status))
        st.button(
            t("Cancel"), key="upload.reading.cancel", icon=":material/close:", on_click=_cancel, args=(job,)
        )


def _cancel(job: Job) -> None:
    try:
        job.cancel()
        close(job)
    except MLPError as error:
        state.say_later(error)


def _since(status: JobStatus) -> str:
    if status.started is None:
        return ""
    return t(" · {count:n} s", count=max(0, round(time.time() - status.started)))


def _first_rows(project: Project, job: Job) -> None:
    first = cache.first_look(project, job.spec)
    if first is None:
        st.caption(t("Of this format no row can be shown before all of it is read."))
        return
    st.caption(
        t(
            "The first {rows:n} rows. The whole table follows; you can leave this page meanwhile.",
            rows=len(first.frame),
        )
    )
    results.frame(first.frame, key="upload.reading.first", height=360)
