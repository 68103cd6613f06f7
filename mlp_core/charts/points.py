"""Clouds of points, drawn for both surfaces: scatter plots, predictions, residuals, clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlp_core.charts import paper, screen
from mlp_core.charts.chart import ChartData
from mlp_core.charts.look import Label, Look
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.axes import Axes

    from mlp_core.charts.columns import Floats

_SYMBOLS: Final = ("circle", "diamond", "square", "triangle-up", "x", "star", "cross", "hexagon")
_MARKERS: Final = ("o", "D", "s", "^", "X", "*", "P", "h")
"""A shape besides a colour for each group: a projector may show two colours as one."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Points of one colour, or coloured each by its own value.

    Attributes
    ----------
    name : str or Text or None
        What the legend calls them.
    x, y, values : tuple of float
        Of equal length; ``values`` is empty where the colour is the group's.
    unknown : bool
        Whether these are the rows whose colour is missing.
    """

    name: Label | None
    x: tuple[float, ...]
    y: tuple[float, ...]
    values: tuple[float, ...] = ()
    unknown: bool = False

    @classmethod
    def of(
        cls, name: Label | None, x: Floats, y: Floats, values: Floats | None = None, *, unknown: bool = False
    ) -> Group:
        """Return the group of these arrays."""
        coloured = tuple(values.tolist()) if values is not None else ()
        return cls(name=name, x=tuple(x.tolist()), y=tuple(y.tolist()), values=coloured, unknown=unknown)


@dataclass(frozen=True, kw_only=True)
class PointsData(ChartData):
    """Points in groups, and a straight line.

    Attributes
    ----------
    numeric : bool
        Whether colour stands for a number.
    line : tuple of float or None
        ``(x, y, x, y)`` of both ends.
    line_label : Text or None
        What the line is.
    square : bool
        Whether both axes have one scale and range.
    """

    x_label: Label
    y_label: Label
    colour_label: Label | None = None
    groups: tuple[Group, ...]
    numeric: bool = False
    line: tuple[float, float, float, float] | None = None
    line_label: Text | None = None
    square: bool = False


def draw_points(data: PointsData, look: Look, height: int) -> go.Figure:
    """Return the points as a Plotly figure."""
    import plotly.graph_objects as go

    theme = look.theme
    figure = screen.canvas(data, look, height)
    for i, group in enumerate(data.groups):
        figure.add_trace(_cloud(group, i, data, look))
    if data.line is not None:
        x0, y0, x1, y1 = data.line
        figure.add_trace(
            go.Scatter(
                x=[x0, x1],
                y=[y0, y1],
                mode="lines",
                name=look.screen(data.line_label or ""),
                showlegend=data.line_label is not None,
                line={"color": theme.ink, "width": 2.5, "dash": "dash" if data.line_label else "solid"},
                hoverinfo="skip",
            )
        )
    grouped = len(data.groups) > 1 and not data.numeric
    figure.update_layout(
        xaxis=screen.axis(data.x_label, look, nticks=9),
        yaxis=screen.axis(data.y_label, look, nticks=8),
        showlegend=grouped or data.line_label is not None,
    )
    if grouped and data.colour_label is not None:
        figure.update_layout(legend_title_text=look.screen(data.colour_label, 24))
    elif data.line_label is not None:
        # Only the line needs a name, and there is room for it inside.
        figure.update_traces(showlegend=False, selector={"mode": "markers"})
        figure.update_layout(legend={"x": 0.01, "y": 0.99, "xanchor": "left", "yanchor": "top"})
    if data.square:
        low, high = _range(data)
        figure.update_xaxes(range=[low, high])
        figure.update_yaxes(range=[low, high])
    return figure


def draw_static_points(axes: Axes, data: PointsData, look: Look) -> None:
    """Draw the points with seaborn on ``axes``."""
    import seaborn as sns

    theme = look.theme
    count = sum(len(group.x) for group in data.groups)
    for i, group in enumerate(data.groups):
        style: dict[str, Any] = {
            "s": _size(count) ** 2 * 0.62,
            "alpha": 0.85 if data.numeric else _opacity(count),
            "edgecolor": theme.background,
            "linewidth": 0.4,
            "marker": _MARKERS[i % len(_MARKERS)] if len(data.groups) > 1 and not data.numeric else "o",
            "legend": False,
        }
        if group.values:
            low, high = min(group.values), max(group.values)
            style |= {
                "hue": list(group.values),
                "hue_norm": (low, high) if low < high else (low - 0.5, low + 0.5),
                "palette": paper.colour_map(_bright(theme.sequential)),
            }
        else:
            style["color"] = theme.muted if group.unknown else theme.colours(i + 1)[i]
        label = look.paper(group.name, 28) if group.name is not None else None
        sns.scatterplot(x=list(group.x), y=list(group.y), ax=axes, label=label, **style)
    if data.line is not None:
        x0, y0, x1, y1 = data.line
        dash = "--" if data.line_label else "-"
        label = look.paper(data.line_label) if data.line_label else "_line"
        axes.plot([x0, x1], [y0, y1], color=theme.ink, linewidth=1.8, linestyle=dash, label=label)
    paper.numbers(axes, look)
    paper.titles(axes, look, data.x_label, data.y_label)
    if data.square:
        low, high = _range(data)
        axes.set(xlim=(low, high), ylim=(low, high))
    _static_legend(axes, data, look)


def _static_legend(axes: Axes, data: PointsData, look: Look) -> None:
    coloured = next((group for group in data.groups if group.values), None)
    if coloured is not None and axes.figure is not None:
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import Normalize

        low, high = min(coloured.values), max(coloured.values)
        norm = Normalize(low, high) if low < high else Normalize(low - 0.5, low + 0.5)
        shade = ScalarMappable(norm, paper.colour_map(_bright(look.theme.sequential)))
        bar = axes.figure.colorbar(shade, ax=axes, **paper.BAR)
        paper.dress_bar(bar.ax, look, data.colour_label or "")
    elif len(data.groups) > 1:
        paper.legend(axes, look, data.colour_label, markerscale=1.6)
    elif data.line_label is not None:
        paper.legend(axes, look, loc="upper left", bbox_to_anchor=None)


def _cloud(group: Group, i: int, data: PointsData, look: Look) -> go.Scatter:
    """Return one group of points as Plotly takes it."""
    import plotly.graph_objects as go

    count = sum(len(each.x) for each in data.groups)
    hover = f"{look.screen(data.x_label)}: %{{x}}<br>{look.screen(data.y_label)}: %{{y}}"
    return go.Scatter(
        x=_array(group.x),
        y=_array(group.y),
        customdata=_array(group.values) if group.values else None,
        mode="markers",
        name="" if group.name is None else look.screen(group.name, 28),
        marker={
            "size": _size(count),
            "opacity": 0.85 if data.numeric else _opacity(count),
            "line": {"width": 0.6, "color": look.theme.background},
            **_colour(group, i, data, look),
        },
        hovertemplate=f"{hover}{_hover_colour(group, data, look)}<extra></extra>",
    )


def _colour(group: Group, i: int, data: PointsData, look: Look) -> dict[str, Any]:
    theme = look.theme
    if group.unknown:
        return {"color": theme.muted, "symbol": "circle-open"}
    if not group.values:
        symbol = _SYMBOLS[i % len(_SYMBOLS)] if len(data.groups) > 1 else "circle"
        return {"color": theme.colours(i + 1)[i], "symbol": symbol}
    return {
        "color": _array(group.values),
        "colorscale": screen.colour_scale(_bright(theme.sequential)),
        "colorbar": screen.colour_bar(data.colour_label or "", look),
    }


def _hover_colour(group: Group, data: PointsData, look: Look) -> str:
    if data.colour_label is None:
        return ""
    label = look.screen(data.colour_label)
    if group.values:
        return f"<br>{label}: %{{customdata}}"
    return f"<br>{label}: {look.screen(group.name or '')}"


def _bright(scale: tuple[str, ...]) -> tuple[str, ...]:
    """Without the palest end, which a small point cannot carry."""
    return scale[1:]


def _range(data: PointsData) -> tuple[float, float]:
    places = [v for group in data.groups for v in (*group.x, *group.y)]
    low, high = min(places), max(places)
    pad = (high - low) * 0.04 or max(abs(high) * 0.05, 0.5)
    return low - pad, high + pad


def _size(count: int) -> float:
    return 9 if count <= 300 else 7.5 if count <= 2000 else 6


def _opacity(count: int) -> float:
    return 0.85 if count <= 300 else 0.65 if count <= 2000 else 0.45


def _array(values: tuple[float, ...]) -> Any:
    """Return an array: Plotly packs it in binary, a third the size of its digits."""
    import numpy as np

    return np.array(values)
