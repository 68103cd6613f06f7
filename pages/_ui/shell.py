"""The shared frame: navigation, how each page opens, empty pages, and errors as sentences."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from html import escape
from pathlib import Path
from typing import Any, Final

import streamlit as st

from mlp_core.charts.theme import theme_of
from mlp_core.clean import Recipe
from mlp_core.errors import MLPError, SignedOut
from mlp_core.project import Project
from mlp_core.table import Table
from pages._ui import cache, state, steps, uploader, visitor
from pages._ui.i18n import md, plain, t

ASSETS: Final = Path(__file__).parents[2] / "assets"
LANGUAGE_NAMES: Final = {"fr": "Français", "en": "English"}

# On the dark theme's bright primary colour white words would have a contrast of 2.4 only.
DARK_BUTTONS: Final = (
    """<style>button[kind^="primary"], button[kind^="primary"] p { color: #12161F; }</style>"""
)

_RELOAD: Final = st.components.v2.component(
    "pythie_reload",
    html="<button></button>",
    css="""
button {
  font: inherit; padding: 0.45rem 1rem; border-radius: 0.6rem; cursor: pointer;
  color: var(--st-background-color); background: var(--st-primary-color); border: none;
}
""",
    js="""
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  button.textContent = data.label
  button.onclick = () => window.location.reload()
}
""",
)

log = logging.getLogger("pythie")


def ended_session() -> MLPError | None:
    """Let the visitor in; return why not, where their session has ended or the server cannot work."""
    try:
        visitor.current()
    except MLPError as error:
        return error
    visitor.remember()
    return None


def say_goodbye(error: MLPError) -> None:
    """Draw why this tab can do nothing more, and the way back."""
    st.html(ASSETS / "style.css")
    st.logo(str(ASSETS / f"logo-{state.theme()}.svg"), icon_image=str(ASSETS / "mark.svg"), size="large")
    st.space("large")
    ended = isinstance(error, SignedOut)
    st.subheader(
        t("This session has ended") if ended else t("The server cannot open your work"), anchor=False
    )
    st.write(md(error.message))
    if error.hint is not None:
        st.write(md(error.hint))
    _RELOAD(data={"label": t("Reload the page")}, key="shell.reload")


def frame(page: st.Page) -> None:
    """Draw what every page shares: the style, the mark, the navigation and the language."""
    st.html(ASSETS / "style.css")
    st.html(_palette(state.theme()))
    if state.theme() == "dark":
        st.html(DARK_BUTTONS)
    uploader.localize(state.settings().max_upload_mb)
    st.logo(
        str(ASSETS / f"logo-{state.theme()}.svg"),
        icon_image=str(ASSETS / "mark.svg"),
        size="large",
        link=None,
    )
    with st.sidebar:
        st.page_link("pages/Start.py", label=t("Home"), icon=":material/home:", width="stretch")
        # Who comes by a link sees the project it leads to, and no empty one of their own.
        if page.url_path != "shared":
            project = state.project()
            state.tell_cloud(project)
            _navigation(project)
        st.space("medium")
        st.segmented_control(
            t("Language"),
            list(LANGUAGE_NAMES),
            default=state.language(),
            required=True,
            format_func=LANGUAGE_NAMES.__getitem__,
            key="frame.language",
            on_change=_switch_language,
        )


def _navigation(project: Project) -> None:
    for step in steps.STEPS:
        st.page_link(
            step.path, label=t(step.title) + _standing(step.id, project), icon=step.icon, width="stretch"
        )
    st.space("small")
    account = visitor.account()
    here = steps.step("account")
    st.page_link(
        here.path, label=plain(account.name) if account else t(here.title), icon=here.icon, width="stretch"
    )
    # Where guests are not allowed, nothing is kept for who has not signed in.
    if account is None and state.settings().guests:
        st.caption(
            t(
                "You are a guest. Your work stays in a workspace of your own on this server, "
                "found again by this browser."
            )
        )


def opening(id_: str) -> Project:
    """Draw how a page opens: what this step is, where the project stands, what comes next."""
    step, project = steps.step(id_), state.project()
    position = [item.id for item in steps.STEPS].index(id_) + 1
    of = t("Step {position:n} of {count:n}", position=position, count=len(steps.STEPS))
    following = steps.following(id_)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="py-eyebrow">{escape(of)}</p>', width="content")
        st.space("stretch")
        state.keep_slot("saving")
        if following is not None and project.source is not None:
            st.page_link(
                following.path,
                label=t("Next: {step}", step=following.title),
                icon=":material/arrow_forward:",
                icon_position="right",
            )
    st.title(t(step.title), anchor=False)
    st.html(f'<p class="py-lead">{escape(t(step.lead))}</p>')
    if project.source is not None:
        st.html(_where(project))
    for kept in (state.said(), project.note and MLPError(project.note)):
        if kept:
            show(kept)
    return project


def require_table(project: Project) -> Table:
    """Return the project's cleaned table, or say what to do and stop the page."""
    table = require_source(project)
    if not recipe_works(table, project.recipe):
        st.stop()
    return cache.cleaned(table, project.recipe)


def recipe_works(source: Table, recipe: Recipe) -> bool:
    """Whether every step fits the table; where one does not, say so and show the way to it."""
    try:
        cache.cleaned(source, recipe)
    except MLPError as error:
        show(error)
        st.page_link(
            steps.step("explore").path,
            label=t("Mend the steps in Explore"),
            icon=":material/cleaning_services:",
        )
        return False
    return True


def cleaned_or_stop(source: Table, recipe: Recipe) -> Table:
    """Return the table with the recipe applied; stop the page where a step, shown above, does not fit."""
    try:
        return cache.cleaned(source, recipe)
    except MLPError:
        st.stop()


def require_source(project: Project) -> Table:
    """Return the project's table as it was read, or say what to do and stop the page."""
    if project.source is None:
        nothing_yet(
            t("There is no table yet."),
            t("Bring a file of your own, or open a built-in sample: it takes one click."),
            steps.step("upload"),
        )
        st.stop()
    try:
        return cache.table(project)
    except MLPError as error:
        show(error)
        st.stop()


def nothing_yet(title: str, sentence: str, to: steps.PageStep) -> None:
    """Draw an empty page: what is missing, what to do, and the way there."""
    with st.container(border=True):
        st.subheader(title, anchor=False)
        st.write(sentence)
        st.page_link(to.path, label=t("Go to {step}", step=to.title), icon=to.icon)


def show(error: MLPError) -> None:
    """Draw a failure that a person can mend: what was found, and what to do."""
    words = md(error.message)
    if error.hint is not None:
        words = f"**{words}** {md(error.hint)}"
    st.error(words, icon=":material/error:")


def repeating(draw: Callable[..., None], seconds: float | None) -> Callable[..., None]:
    """Return ``draw`` as a part of the page that is drawn again by itself, as long as the session holds."""

    @wraps(draw)
    def drawn(*given: Any) -> None:
        try:
            visitor.current()
        except SignedOut:
            st.rerun()
        draw(*given)

    return st.fragment(drawn, run_every=seconds)


@contextmanager
def showing_errors() -> Iterator[None]:
    """Show an ``MLPError`` raised inside as a sentence; anything else is a bug and goes on."""
    try:
        yield
    except MLPError as error:
        show(error)


def run(page: st.Page) -> None:
    """Run a page; a bug draws a sentence, never a traceback, and is logged whole."""
    try:
        if _is_open(page):
            page.run()
    except MLPError as error:
        show(error)
    except Exception:
        log.exception("page %s failed", page.url_path)
        st.error(
            t("Something went wrong on this page. Your work is kept; reload the page to go on."),
            icon=":material/error:",
        )


def _is_open(page: st.Page) -> bool:
    """Whether the visitor may see a page; where guests may not, say so and show the way."""
    if state.settings().guests or page.url_path in ("account", "shared") or visitor.account() is not None:
        return True
    nothing_yet(
        t("This server asks you to sign in."),
        t("Its pages are open to people with an account."),
        steps.step("account"),
    )
    return False


def facts(pairs: list[tuple[str, str]]) -> None:
    """Draw a few large facts side by side; they wrap where the window is narrow."""
    cells = "".join(f"<div><dt>{escape(a)}</dt><dd>{escape(b)}</dd></div>" for a, b in pairs)
    st.html(f'<dl class="py-facts">{cells}</dl>')


def _palette(name: str) -> str:
    """Return the theme's colours as CSS variables, so that marks on a page and charts share them."""
    theme = theme_of(name)
    colours = {
        "primary": theme.primary,
        "accent": theme.accent,
        "gold": theme.gold,
        "serious": theme.diverging[0],
        "muted": theme.muted,
        "grid": theme.grid,
        "panel": theme.secondary,
    }
    return (
        "<style>:root {"
        + " ".join(f"--py-{name}: {colour};" for name, colour in colours.items())
        + "}</style>"
    )


def _standing(id_: str, project: Project) -> str:
    """Return a small mark beside a page's name: what the project already holds there."""
    if id_ == "upload" and state.is_reading(project):
        return " :orange[:material/hourglass_top:]"
    if id_ == "upload" and project.source is not None:
        return " :green[:material/check:]"
    if id_ == "explore" and len(project.recipe):
        return f" :gray-badge[{len(project.recipe)}]"
    if id_ == "train" and state.running(project):
        return " :orange[:material/hourglass_top:]"
    if id_ == "train" and project.board_ids():
        return " :green[:material/check:]"
    return ""


def _where(project: Project) -> str:
    assert project.source is not None
    source = project.source
    parts = [
        f"<b>{escape(source.name)}</b>",
        escape(
            t(
                "{rows:n} {rows|row|rows} × {columns:n} {columns|column|columns}",
                rows=source.rows,
                columns=source.columns,
            )
        ),
        escape(t("{count:n} cleaning {count|step|steps}", count=len(project.recipe))),
        escape(_models(project)),
    ]
    return '<p class="py-where">' + "".join(f"<span>{part}</span>" for part in parts) + "</p>"


def _models(project: Project) -> str:
    if state.running(project):
        return t("training now")
    board = cache.latest_board(project)
    if board is None:
        return t("no model yet")
    leading = next((row for row in board.rows if row.failure is None), None)
    if leading is None:
        return t("no model yet")
    return t("best model: {model} for {target}", model=leading.label, target=board.plan.target or t("groups"))


def _switch_language() -> None:
    chosen = state.widget("frame.language")
    if chosen is not None:
        visitor.prefer(chosen)
