"""A training followed on the page: its job, its verdict, and where the project stands because of it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from mlp_core.project import Project
from mlp_core.table import Table
from mlp_core.train import MODELS
from mlp_core.train import verdict as found
from pages._ui import shell, state, steps
from pages._ui.i18n import md, n, pct, t

if TYPE_CHECKING:
    from mlp_core.train import Leaderboard


def panel(project: Project) -> None:
    """Draw the training under way, every second, with its buttons; its end redraws the page."""
    job = state.job(project)
    if job is None:
        return
    active = job.status().active
    shell.repeating(_panel, 1.0 if active else None)(project, active)


def _panel(project: Project, was_active: bool) -> None:
    job = state.job(project)
    status = job.status()
    if was_active and not status.active:
        st.rerun()
    if not status.active:
        if status.error is not None:
            shell.show(status.error)
        return
    with st.container(border=True):
        left = (
            ""
            if status.seconds_left is None
            else t(" · about {seconds} left", seconds=_duration(status.seconds_left))
        )
        st.progress(min(1.0, status.share), text=md(status.message) + left)
        if status.models:
            with st.grid(4):
                for id_, share in status.models.items():
                    name = t(MODELS.label(id_)) if id_ in MODELS else id_
                    mark = ":green[:material/check:]" if share >= 1 else ":gray[:material/hourglass_empty:]"
                    st.caption(f"{mark} {name} {pct(round(share, 2))}")
        with st.container(horizontal=True):
            st.button(
                t("Stop and keep what is done"),
                key="train.stop",
                icon=":material/stop:",
                on_click=job.stop_and_keep,
            )
            st.button(t("Cancel"), key="train.cancel", icon=":material/close:", on_click=job.cancel)
        st.caption(t("You can leave this page or close the tab: the training goes on and is found again."))


def verdict(board: Leaderboard | None) -> None:
    """Draw in one sentence what the newest training found."""
    if board is not None:
        st.html(f'<p class="py-verdict">{escape(t(found.verdict(board)))}</p>')
        for note in board.notes:
            st.info(md(note), icon=":material/info:")
        warning = found.suspicion(board)
        if warning is not None:
            st.warning(md(warning), icon=":material/warning:")


def glance(project: Project, table: Table, board: Leaderboard | None) -> None:
    """Draw the project's few large numbers."""
    facts = [
        (t("Rows"), n(len(table.frame))),
        (t("Columns"), n(len(table.kinds))),
        (t("Cleaning steps"), n(len(project.recipe))),
        (t("Models tried"), n(len(board.rows)) if board else "0"),
    ]
    shell.facts(facts)


def small_print(board: Leaderboard) -> None:
    """Draw where the numbers come from, what was left out, and what happened on the way."""
    with st.expander(t("Where these numbers come from"), icon=":material/fact_check:"):
        for column, reason in board.left_out.items():
            st.markdown(f"- {md('Left out: {column}. {reason}', column=column, reason=reason)}")
        for row in board.rows:
            for warning in row.notes:
                st.markdown(f"- {md('{model}: {note}', model=row.label, note=warning)}")
        st.caption(
            md(
                "Data {fingerprint} · seed {seed} · {versions}",
                fingerprint=board.fingerprint[:12],
                seed=board.plan.seed,
                versions=", ".join(f"{name} {version}" for name, version in board.versions.items()),
            )
        )


def coming_step(project: Project, board: Leaderboard | None) -> steps.PageStep:
    """Return the step that makes most sense next."""
    if board is not None:
        return steps.step("predict")
    return steps.step("train" if len(project.recipe) or state.running(project) else "explore")


def promises() -> None:
    """Draw what a first visitor can count on."""
    with st.grid(3):
        for icon, title, words in (
            (
                "lock",
                t("Yours alone"),
                t("Your table stays on this server, in a workspace no other visitor sees."),
            ),
            (
                "balance",
                t("Honest"),
                t("Test rows are set aside first and opened once; every score stands beside a baseline."),
            ),
            (
                "history",
                t("Never lost"),
                t("Every change is saved at once. Reload, come back tomorrow: it is still there."),
            ),
        ):
            with st.container(border=True, height="stretch"):
                st.markdown(f":material/{icon}: **{title}**")
                st.write(words)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return t("{count:n} {count|second|seconds}", count=max(1, round(seconds)))
    return t("{count:n} {count|minute|minutes}", count=round(seconds / 60))
