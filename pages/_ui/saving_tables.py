"""What the pages of tables and charts offer to save: Upload, Explore, Visualize."""

from __future__ import annotations

import html
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlp_core.charts import CHARTS, draw_static
from mlp_core.clean import OPERATIONS, StepFacts
from mlp_core.errors import MLPError
from mlp_core.project import Project
from mlp_core.table import Table
from mlp_core.text import Text
from pages._ui import cache, overriding, saving, state
from pages._ui.i18n import t
from pages._ui.saving import Offer

if TYPE_CHECKING:
    from mlp_core.profile import Profile


def upload(project: Project, table: Table, facts: Profile) -> None:
    """Offer the table as it was read, what is known of it, and the page."""

    def page() -> bytes:
        from mlp_core.report import of_profile

        report = project.source.report if project.source is not None else None
        return saving.pdf(of_profile(table, facts, saving.now(), report=report, names=overriding.LABELS))

    known = t("{name} – profile", name=table.name)
    steps = {one.id: one.label for one in OPERATIONS}
    saving.offer(
        "upload",
        [
            Offer(
                kind="csv",
                label=Text("The table as it was read"),
                name=table.name,
                make=lambda: saving.table(table.frame, table.name),
            ),
            Offer(kind="pdf", label=Text("This page"), name=known, make=page),
            Offer(
                kind="html",
                label=Text("The profile of every column"),
                name=known,
                make=lambda: facts.to_html(state.language(), steps=steps).encode("utf-8", "replace"),
            ),
            Offer(
                kind="json",
                label=Text("The profile, for programs"),
                name=known,
                make=lambda: json.dumps(facts.to_json(), ensure_ascii=True, indent=1).encode(),
            ),
            whole(project),
        ],
    )


def explore(project: Project, source: Table, steps: Sequence[StepFacts], cleaned: Table) -> None:
    """Offer the table after the steps, and the steps in words."""

    def page() -> bytes:
        from mlp_core.report import of_recipe

        return saving.pdf(of_recipe(source, project.recipe, steps, cleaned, saving.now()))

    name = t("{name} after the steps", name=source.name)
    saving.offer(
        "explore",
        [
            Offer(
                kind="csv",
                label=Text("The table after these steps"),
                name=name,
                make=lambda: saving.table(cleaned.frame, name),
            ),
            Offer(
                kind="pdf",
                label=Text("This page"),
                name=t("{name} – cleaning steps", name=source.name),
                make=page,
            ),
            whole(project),
        ],
    )


def visualize(project: Project, table: Table, chart: str, values: Mapping[str, Any]) -> None:
    """Offer the chart as it is set, as a picture and with its settings."""
    language = state.language()

    def page() -> bytes:
        from mlp_core.report import of_chart

        return saving.pdf(of_chart(table, chart, values, language, saving.now(), project.recipe))

    name = _name(table, chart, dict(values))
    saving.offer(
        "visualize",
        [
            Offer(
                kind="png",
                label=Text("This chart"),
                name=name,
                make=lambda: draw_static(chart, table, language=language, theme="light", **values),
            ),
            Offer(kind="pdf", label=Text("This page"), name=name, make=page),
            whole(project),
        ],
    )


def whole(project: Project) -> Offer:
    """Return the offer of the whole project as one file."""

    def make() -> bytes:
        with tempfile.TemporaryDirectory(prefix="pythie-") as folder:
            path = Path(folder) / "project.pythie"
            project.save(path)
            saving.require_size(project.title, path.stat().st_size)
            return path.read_bytes()

    return Offer(kind="project", label=Text("The whole project"), name=project.title, make=make)


def _name(table: Table, chart: str, values: dict[str, Any]) -> str:
    """Return what a chart is called: the title that stands above it."""
    try:
        drawn = cache.figure(table, chart, state.language(), state.theme(), values)
        shown = re.sub(r"<[^>]*>", " ", str(drawn.layout.title.text or ""))
    except MLPError:
        shown = ""
    title = html.unescape(shown) or t(CHARTS.label(chart))
    return title if table.name in title else f"{table.name} – {title}"
