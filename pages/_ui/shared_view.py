"""A project seen through a link: what it holds, what was done to it, what came out."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from mlp_core.errors import MLPError, NotFound
from mlp_core.kinds import LABELS
from mlp_core.library.shares import no_such_link
from mlp_core.project import Project
from mlp_core.storage.workspaces import DOCUMENT
from mlp_core.table import Table
from pages._ui import cache, moments, results, shell, state, steps, training
from pages._ui.i18n import md, n, plain, t
from pages._ui.links import QUERY
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.library import Share

_ROWS: Final = 100
_HEIGHT: Final = 420


def draw() -> None:
    """Draw the project that the link of this page leads to, or one sentence that it leads nowhere."""
    st.html(f'<p class="py-eyebrow">{escape(t("Shared with you"))}</p>')
    try:
        share = services().shares.find(_token())
        project = _project(share)
    except NotFound as error:
        st.title(plain(t(error.message)), anchor=False)
        if error.hint is not None:
            st.html(f'<p class="py-lead">{escape(t(error.hint))}</p>')
        return
    _heading(project, share)
    if project.source is None:
        st.markdown(t("There is no table in this project yet."))
        return
    source = cache.table(project)
    table = _cleaned(source, project)
    _facts(project, table)
    _results(project)
    _steps(project, source)
    _rows(table)


def _token() -> str:
    """Return the token of the address; kept by the tab, as some ways of coming back lose it."""
    token = st.query_params.get(QUERY) or state.recall("shared.link", "")
    state.remember("shared.link", token)
    return str(token)


def _project(share: Share) -> Project:
    """Return the project of a link as it stands; a folder that is gone is not made again."""
    workspaces = services().workspaces
    if not (workspaces.folder(share.project_id) / DOCUMENT).exists():
        raise no_such_link()
    return workspaces.load(share.project_id)


def _heading(project: Project, share: Share) -> None:
    st.title(plain(project.title) or t("Empty project"), anchor=False)
    st.html(f'<p class="py-lead">{escape(t(steps.step("shared").lead))}</p>')
    st.caption(t("The link works until {moment}.", moment=moments.clock(share.expires)))


def _cleaned(source: Table, project: Project) -> Table:
    """Return the table after the steps; as it was read where a step does not fit it."""
    try:
        return cache.cleaned(source, project.recipe)
    except MLPError as error:
        shell.show(error)
        return source


def _facts(project: Project, table: Table) -> None:
    shell.facts(
        [
            (t("Rows"), n(len(table.frame))),
            (t("Columns"), n(len(table.kinds))),
            (t("Cleaning steps"), n(len(project.recipe))),
        ]
    )
    counts = Counter(table.kinds.values())
    st.caption(" · ".join(f"{t(LABELS[kind])} × {n(count)}" for kind, count in counts.most_common()))


def _results(project: Project) -> None:
    board = cache.latest_board(project)
    if board is None:
        return
    st.subheader(t("Leaderboard"), anchor=False)
    training.verdict(board)
    results.leaderboard_figure(board, key="shared.figure")
    results.leaderboard(board, key="shared.board")
    training.small_print(board)


def _steps(project: Project, source: Table) -> None:
    st.subheader(t("What was done to the table"), anchor=False)
    if not project.recipe.operations():
        st.markdown(t("Nothing: it is as it was read."))
        return
    lines = [md(step.operation.describe()) for step in project.recipe.steps if step.enabled]
    st.markdown("\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1)))


def _rows(table: Table) -> None:
    st.subheader(t("Its first rows"), anchor=False)
    shown = table.frame.head(_ROWS)
    results.frame(shown, key="shared.rows", height=_HEIGHT)
    if len(table.frame) > _ROWS:
        st.caption(t("The first {shown:n} of {all:n} rows.", shown=_ROWS, all=len(table.frame)))
