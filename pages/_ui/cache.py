"""What is computed once and shown many times, keyed by the content it was computed from.

Frames are shared, never copied and never altered. A key is a fingerprint or the path of an immutable folder,
both reached only through a visitor's own project.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from mlp_core.clean import Recipe, StepFacts
from mlp_core.project import Project
from mlp_core.table import Table

if TYPE_CHECKING:
    from mlp_core.profile import Profile
    from mlp_core.train import Leaderboard


def table(project: Project) -> Table:
    """Return the project's table as it was read."""
    assert project.source is not None
    return _table(project.source.fingerprint, project)


def cleaned(source: Table, recipe: Recipe) -> Table:
    """Return the table with the recipe applied."""
    return _cleaned(source.fingerprint, recipe.key, source, recipe) if recipe.operations() else source


def trace(source: Table, recipe: Recipe) -> list[StepFacts]:
    """Return what each step of the recipe does."""
    return _trace(source.fingerprint, recipe.key, source, recipe)


def profile(of: Table) -> Profile:
    """Return the facts of a table, per column."""
    return _profile(of.fingerprint, of)


def figure(of: Table, chart: str, language: str, theme: str, values: dict[str, Any]) -> Any:
    """Return a chart of a table as a Plotly figure."""
    return _figure(of.fingerprint, chart, language, theme, tuple(sorted(values.items())), of)


def board(folder: Path) -> Leaderboard:
    """Return the leaderboard kept in a folder; its models are opened when first asked."""
    return _board(str(folder))


def latest_board(project: Project) -> Leaderboard | None:
    """Return the newest leaderboard of the project; None before the first training."""
    ids = project.board_ids()
    return board(project.board_folder(ids[0])) if ids else None


@st.cache_resource(max_entries=4, ttl="1h", show_spinner=False)
def _table(fingerprint: str, _project: Project) -> Table:
    found = _project.table
    assert found is not None
    return found


@st.cache_resource(max_entries=4, ttl="1h", show_spinner=False)
def _cleaned(fingerprint: str, recipe_key: str, _source: Table, _recipe: Recipe) -> Table:
    return _recipe.apply(_source)


@st.cache_resource(max_entries=32, ttl="1h", show_spinner=False)
def _trace(fingerprint: str, recipe_key: str, _source: Table, _recipe: Recipe) -> list[StepFacts]:
    return _recipe.trace(_source)


@st.cache_resource(max_entries=32, ttl="1h", show_spinner=False)
def _profile(fingerprint: str, _table: Table) -> Profile:
    from mlp_core.profile import profile as compute

    return compute(_table)


@st.cache_resource(max_entries=64, ttl="1h", show_spinner=False)
def _figure(
    fingerprint: str,
    chart: str,
    language: str,
    theme: str,
    values: tuple[tuple[str, Any], ...],
    _table: Table,
) -> Any:
    from mlp_core.charts import draw

    return draw(chart, _table, language=language, theme=theme, **dict(values))


@st.cache_resource(max_entries=12, ttl="1h", show_spinner=False)
def _board(folder: str) -> Leaderboard:
    from mlp_core.train import Leaderboard

    return Leaderboard.load(Path(folder))
