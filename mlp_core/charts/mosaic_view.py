"""A mosaic on each surface: its tiles, what is written in them, and where its names stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlp_core.charts import paper, screen
from mlp_core.charts.chart import ChartData
from mlp_core.charts.look import Label, Look
from mlp_core.charts.theme import Theme, at, blend
from mlp_core.charts.tiles import Tile
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

_STRONG: Final = 4.0
"""A Pearson residual of 2 is unusual and of 4 is strong, as in Friendly's mosaics."""

_LABEL_DISTANCE: Final = 0.04


@dataclass(frozen=True, kw_only=True)
class MosaicData(ChartData):
    """Tiles in a unit square.

    Attributes
    ----------
    columns : tuple of str
        In the order of the cuts.
    levels : tuple of tuple of str or Text
        Names per column.
    tiles : tuple of Tile
        One per combination that occurs.
    total : int
        Rows counted.
    by_residual : bool
        Whether colour stands for the residual, and not for the first category.
    """

    columns: tuple[str, ...]
    levels: tuple[tuple[Label, ...], ...]
    tiles: tuple[Tile, ...]
    total: int
    by_residual: bool


def draw_mosaic(data: MosaicData, look: Look, height: int) -> go.Figure:
    """Return the tiles as bars that begin and end where the layout says."""
    import plotly.graph_objects as go

    figure = screen.canvas(data, look, height)
    tiles = data.tiles
    colours = [_colour(data, tile, look.theme) for tile in tiles]
    figure.add_trace(
        go.Bar(
            x=[tile.x for tile in tiles],
            width=[tile.width for tile in tiles],
            offset=0,
            base=[tile.y for tile in tiles],
            y=[tile.height for tile in tiles],
            marker={"color": colours, "line": {"width": 0}},
            hovertext=[_hover(data, tile, look) for tile in tiles],
            hoverinfo="text",
            showlegend=False,
        )
    )
    annotations = [
        {
            "x": tile.x + tile.width / 2,
            "y": tile.y + tile.height / 2,
            "text": "<br>".join(look.screen(line) for line in lines),
            "showarrow": False,
            "font": {"size": 15, "color": look.theme.ink_on(colour)},
        }
        for tile, colour in zip(tiles, colours, strict=True)
        if (lines := _inside(data, tile, look))
    ]
    across, up = _places(data)
    bottom = screen.named_ticks([place for place, _ in across], [name for _, name in across], look)
    left = screen.named_ticks([place for place, _ in up], [name for _, name in up], look)
    figure.update_layout(
        annotations=annotations,
        xaxis={**screen.axis(data.columns[0], look, **bottom), "showgrid": False, "range": [0, 1]},
        yaxis={**screen.axis(data.columns[1], look, **left), "showgrid": False, "range": [0, 1]},
    )
    if data.by_residual:
        figure.add_trace(_residual_bar(look))
    return figure


def draw_static_mosaic(figure: Figure, data: MosaicData, look: Look) -> None:
    """Draw the tiles with matplotlib; seaborn has no mosaic."""
    from matplotlib.patches import Rectangle

    axes = paper.dress(figure.add_subplot(), look, grid="")
    for tile in data.tiles:
        colour = _colour(data, tile, look.theme)
        axes.add_patch(Rectangle((tile.x, tile.y), tile.width, tile.height, facecolor=colour, linewidth=0))
        lines = _inside(data, tile, look)
        axes.text(
            tile.x + tile.width / 2,
            tile.y + tile.height / 2,
            "\n".join(look.paper(line) for line in lines),
            ha="center",
            va="center",
            fontsize=paper.TEXT_POINTS,
            color=look.theme.ink_on(colour),
        )
    axes.set(xlim=(0, 1), ylim=(0, 1))
    across, up = _places(data)
    paper.named(axes, "x", [p for p, _ in across], look.paper_ticks(name for _, name in across))
    paper.named(axes, "y", [p for p, _ in up], look.paper_ticks(name for _, name in up))
    paper.titles(axes, look, data.columns[0], data.columns[1])
    if data.by_residual:
        _static_residual_bar(figure, axes, look)


def _colour(data: MosaicData, tile: Tile, theme: Theme) -> str:
    if data.by_residual:
        return at(theme.diverging, 0.5 + tile.residual / (2 * _STRONG))
    # The first category gives the hue, the second its strength, so that neighbours differ.
    hue = theme.colours(len(data.levels[0]))[tile.levels[0]]
    steps = max(1, len(data.levels[1]) - 1)
    return blend(hue, theme.background, 0.6 * tile.levels[1] / steps)


def _names(data: MosaicData, tile: Tile) -> list[Label]:
    return [names[level] for names, level in zip(data.levels, tile.levels, strict=True)]


def _hover(data: MosaicData, tile: Tile, look: Look) -> str:
    lines = [
        f"{look.screen(column)}: <b>{look.screen(name)}</b>"
        for column, name in zip(data.columns, _names(data, tile), strict=True)
    ]
    rows = Text("{n:n} {n|row|rows}", n=tile.count)
    residual = Text("Residual {value}", value=look.decimal(tile.residual, 1))
    lines.append(f"{look.screen(rows)} · {look.screen(look.share(tile.count / data.total))}")
    return "<br>".join([*lines, look.screen(residual)])


def _inside(data: MosaicData, tile: Tile, look: Look) -> list[str]:
    """Return what is written in a tile: the categories the axes do not name, and its share of all rows."""
    lines = [look.say(name) for name in _names(data, tile)[2:]]
    lines.append(look.share(tile.count / data.total))
    room = (
        tile.width >= 0.0135 * max(len(line) for line in lines) + 0.012,
        tile.height >= 0.052 * len(lines),
    )
    return lines if all(room) else []


def _places(data: MosaicData) -> tuple[list[tuple[float, Label]], list[tuple[float, Label]]]:
    """Return where the names of the first two categories stand; the second beside the first column."""
    across: dict[int, list[float]] = {}
    up: dict[int, list[float]] = {}
    first = data.tiles[0].levels[0]
    for tile in data.tiles:
        across.setdefault(tile.levels[0], []).extend((tile.x, tile.x + tile.width))
        if tile.levels[0] == first:
            up.setdefault(tile.levels[1], []).extend((tile.y, tile.y + tile.height))
    return _spread(across, data.levels[0]), _spread(up, data.levels[1])


def _spread(spans: dict[int, list[float]], names: tuple[Label, ...]) -> list[tuple[float, Label]]:
    """Return the middle of each span with its name, without those that would stand on another."""
    placed: list[tuple[float, Label]] = []
    for level, ends in sorted(spans.items()):
        middle = (min(ends) + max(ends)) / 2
        if not placed or middle - placed[-1][0] >= _LABEL_DISTANCE:
            placed.append((middle, names[level]))
    return placed


def _residual_bar(look: Look) -> go.Scatter:
    """Return an invisible point that carries the colour bar, which bars with colours of their own lack."""
    import plotly.graph_objects as go

    return go.Scatter(
        x=[None],
        y=[None],
        mode="markers",
        showlegend=False,
        hoverinfo="skip",
        marker={
            "color": [0],
            "cmin": -_STRONG,
            "cmax": _STRONG,
            "colorscale": screen.colour_scale(look.theme.diverging),
            "colorbar": screen.colour_bar(Text("Residual"), look, _marks(look)),
            "showscale": True,
        },
    )


def _static_residual_bar(figure: Figure, axes: Any, look: Look) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    scale = ScalarMappable(Normalize(-_STRONG, _STRONG), paper.colour_map(look.theme.diverging))
    bar = figure.colorbar(scale, ax=axes, **paper.BAR)
    paper.dress_bar(bar.ax, look, Text("Residual"), _marks(look))


def _marks(look: Look) -> dict[float, str]:
    return {value: look.tick(value) for value in (-4, -2, 0, 2, 4)}
