"""The map of all pairs of columns: how closely each goes together with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlp_core.charts.chart import ChartData
from mlp_core.charts.look import Look
from mlp_core.profile.measures import MEASURES
from mlp_core.text import Text

if TYPE_CHECKING:
    from mlp_core.profile import Association, Profile


def drawn(facts: Profile, names: Sequence[str], language: str, theme: str) -> Any:
    """Return the map of all pairs of some columns as a Plotly figure."""
    import plotly.graph_objects as go

    from mlp_core.charts import screen

    look = Look.of(language, theme)
    kept = [name for name in facts.associations.columns if name in set(names)]
    known = {frozenset((pair.left, pair.right)): pair for pair in facts.associations}
    cells = [[known.get(frozenset((one, other))) for other in kept] for one in kept]
    data = ChartData(title=Text("How closely columns go together"), notes=())
    figure = screen.canvas(data, look, 150 + 30 * max(8, len(kept)))
    figure.add_trace(
        go.Heatmap(
            x=list(range(len(kept))),
            y=list(range(len(kept))),
            z=[[pair.strength if pair else None for pair in row] for row in cells],
            zmin=0,
            zmax=1,
            xgap=2,
            ygap=2,
            colorscale=screen.colour_scale(look.theme.sequential),
            colorbar=screen.colour_bar(
                Text("Strength"), look, {mark: look.tick(mark) for mark in (0, 0.5, 1)}
            ),
            hovertext=[[_hover(pair, look) for pair in row] for row in cells],
            hoverinfo="text",
        )
    )
    ticks = screen.named_ticks(range(len(kept)), kept, look)
    figure.update_layout(
        xaxis={**ticks, "showgrid": False, "tickangle": -40},
        yaxis={**ticks, "showgrid": False, "range": [len(kept) - 0.5, -0.5]},
    )
    return figure


def _hover(pair: Association | None, look: Look) -> str:
    if pair is None:
        return "–"
    names = f"{look.screen(pair.left)} · {look.screen(pair.right)}"
    return f"{names}<br>{look.say(MEASURES[pair.measure].label)} <b>{look.decimal(pair.value)}</b>"
