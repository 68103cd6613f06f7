"""What is computed once and shown many times, keyed by the content it was computed from.

Frames are shared, never copied and never altered. A key is a fingerprint or the path of an immutable folder,
both reached only through a visitor's own project.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from mlp_core.clean import Recipe, StepFacts
from mlp_core.project import Project
from mlp_core.storage.source import SourceRef, kept_table, original_path
from mlp_core.table import ReadReport, Table
from pages._ui.services import services

if TYPE_CHECKING:
    from mlp_core.profile import Alert, Profile
    from mlp_core.profile.compare import Comparison
    from mlp_core.train import Leaderboard


def table(project: Project) -> Table:
    """Return the project's table as it was read."""
    source = project.source
    assert source is not None
    return _named(_table(source.fingerprint, project), source.name, source.report)


def other(project: Project, ref: SourceRef) -> Table:
    """Return one of the other tables of the project."""
    return _named(_other(ref.fingerprint, project, ref), ref.name, ref.report)


def cleaned(source: Table, recipe: Recipe) -> Table:
    """Return the table with the recipe applied."""
    if not recipe.operations():
        return source
    found = _cleaned(source.fingerprint, recipe.key, source, recipe)
    return _named(found, source.name, source.report)


def trace(source: Table, recipe: Recipe) -> list[StepFacts]:
    """Return what each step of the recipe does."""
    return _trace(source.fingerprint, recipe.key, source, recipe)


def first_look(project: Project, spec: Mapping[str, Any]) -> Table | None:
    """Return the first rows of the file that a reading works on; None where its format tells none."""
    path = original_path(project.folder, str(spec["original"]))
    return _first_look(str(path), str(spec["name"]), json.dumps(spec["options"], sort_keys=True))


def profile(of: Table, target: str | None = None) -> Profile:
    """Return the facts of a table, per column and per pair; a target is paired as what it is to be."""
    return _profile(of.fingerprint, of.name, target, of)


def figure(of: Table, chart: str, language: str, theme: str, values: dict[str, Any]) -> Any:
    """Return a chart of a table as a Plotly figure."""
    return _figure(of.fingerprint, of.name, chart, language, theme, tuple(sorted(values.items())), of)


def alerts(of: Table, target: str | None) -> tuple[Alert, ...]:
    """Return what to know before a model learns to predict a column of a table."""
    return _alerts(of.fingerprint, target, of)


def values_of(of: Table, column: str, most: int) -> dict[str, int]:
    """Return the different values of a column as texts with their counts, the most frequent first."""
    return _values_of(of.fingerprint, column, most, of)


def pair_map(of: Table, columns: tuple[str, ...], language: str, theme: str) -> Any:
    """Return the map of all pairs of some columns of a table as a Plotly figure."""
    return _pair_map(of.fingerprint, columns, language, theme, of)


def comparison(before: Table, after: Table) -> Comparison:
    """Return how one table differs from another."""
    return _comparison(before.fingerprint, before.name, after.fingerprint, after.name, before, after)


def read(name: str, content: bytes) -> Table:
    """Return the table of a file that is only looked at, and not the project's."""
    return _read(name, hashlib.blake2b(content, digest_size=16).hexdigest(), content)


def board(folder: Path) -> Leaderboard:
    """Return the leaderboard kept in a folder; its models are opened when first asked."""
    return _board(str(folder))


def latest_board(project: Project) -> Leaderboard | None:
    """Return the newest leaderboard of the project; None before the first training."""
    ids = project.board_ids()
    return board(project.board_folder(ids[0])) if ids else None


def _named(found: Table, name: str, report: ReadReport) -> Table:
    """Return a table that visitors share by its content, under the name that this one gave it."""
    return replace(found, name=name, report=report, known_fingerprint=found.fingerprint)


@st.cache_resource(max_entries=4, ttl="1h", show_spinner=False)
def _table(fingerprint: str, _project: Project) -> Table:
    found = _project.table
    assert found is not None
    return found


@st.cache_resource(max_entries=2, ttl="1h", show_spinner=False)
def _other(fingerprint: str, _project: Project, _ref: SourceRef) -> Table:
    return kept_table(_project.folder, _ref)


@st.cache_resource(max_entries=4, ttl="10m", show_spinner=False)
def _first_look(path: str, name: str, options: str) -> Table | None:
    from mlp_core.read import ReadOptions, first_look

    given = ReadOptions.from_json(json.loads(options))
    return first_look(path, given, name=name, settings=services().settings)


@st.cache_resource(max_entries=4, ttl="1h", show_spinner=False)
def _cleaned(fingerprint: str, recipe_key: str, _source: Table, _recipe: Recipe) -> Table:
    return _recipe.apply(_source)


@st.cache_resource(max_entries=32, ttl="1h", show_spinner=False)
def _trace(fingerprint: str, recipe_key: str, _source: Table, _recipe: Recipe) -> list[StepFacts]:
    return _recipe.trace(_source)


@st.cache_resource(max_entries=32, ttl="1h", show_spinner=False)
def _profile(fingerprint: str, name: str, target: str | None, _table: Table) -> Profile:
    from mlp_core.profile import profile as compute

    return compute(_table, target, date.today())


@st.cache_resource(max_entries=64, ttl="1h", show_spinner=False)
def _figure(
    fingerprint: str,
    name: str,
    chart: str,
    language: str,
    theme: str,
    values: tuple[tuple[str, Any], ...],
    _table: Table,
) -> Any:
    from mlp_core.charts import draw

    return draw(chart, _table, language=language, theme=theme, **dict(values))


@st.cache_resource(max_entries=32, ttl="1h", show_spinner=False)
def _alerts(fingerprint: str, target: str | None, _table: Table) -> tuple[Alert, ...]:
    from mlp_core.profile import alerts_for

    return alerts_for(_table, target, date.today())


@st.cache_resource(max_entries=16, ttl="1h", show_spinner=False)
def _values_of(fingerprint: str, column: str, most: int, _table: Table) -> dict[str, int]:
    counts = _table.frame[column].value_counts().head(most)
    return {str(value): int(count) for value, count in counts.items() if count}


@st.cache_resource(max_entries=16, ttl="1h", show_spinner=False)
def _pair_map(fingerprint: str, columns: tuple[str, ...], language: str, theme: str, _table: Table) -> Any:
    from pages._ui import pair_map as drawing

    return drawing.drawn(profile(_table), columns, language, theme)


@st.cache_resource(max_entries=8, ttl="1h", show_spinner=False)
def _comparison(
    before: str, before_name: str, after: str, after_name: str, _before: Table, _after: Table
) -> Comparison:
    from mlp_core.profile.compare import compare

    return compare(_before, _after)


@st.cache_resource(max_entries=2, ttl="10m", show_spinner=False)
def _read(name: str, digest: str, _content: bytes) -> Table:
    from mlp_core.read import read_table

    return read_table(_content, name=name, settings=services().settings)


@st.cache_resource(max_entries=12, ttl="1h", show_spinner=False)
def _board(folder: str) -> Leaderboard:
    from mlp_core.train import Leaderboard

    return Leaderboard.load(Path(folder))
