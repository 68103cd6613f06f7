"""Two to four categories at once: each combination a tile whose area is its count of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.charts import paper, screen
from mlp_core.charts.chart import CHARTS, Chart, ChartData
from mlp_core.charts.columns import (
    GROUPS,
    HINTS,
    few_values,
    group_columns,
    levels_of,
    require,
    require_rows,
    shown_name,
)
from mlp_core.charts.look import Label, Look
from mlp_core.charts.theme import Theme, at, blend
from mlp_core.charts.tiles import Tile, tiles_of
from mlp_core.errors import NotApplicable
from mlp_core.kinds import Kind
from mlp_core.params import choice, columns_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

    from mlp_core.table import Table

MAX_LEVELS: Final = {2: 12, 3: 7, 4: 5}
"""Levels by name per category, the rest being one more: few enough for tiles one can see."""

MOST_DIFFERENT: Final = 12
"""Whole numbers with more different values than this are measurements, not groups."""

_GAP: Final = 0.016
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


@CHARTS.add
@dataclass(frozen=True, kw_only=True)
class Mosaic(Chart[MosaicData]):
    """Shows how categories combine: the area of each tile is its number of rows."""

    id: ClassVar[str] = "mosaic"
    label: ClassVar[Text] = Text("Mosaic")

    columns: tuple[str, ...] = columns_of(
        *GROUPS,
        Kind.INTEGER,
        label=Text("Categories"),
        least=2,
        help=Text("Two to four, in the order of the cuts."),
    )
    colour: str = choice(
        "first",
        choices={"first": Text("First category"), "residual": Text("Distance from independence")},
        label=Text("Colour"),
        help=Text(
            "Distance from independence shows which combinations are more or less frequent than by chance."
        ),
    )

    @classmethod
    def suggest(cls, table: Table) -> dict[str, Any]:
        """Return the first two columns that make few groups.

        Raises
        ------
        NotApplicable
            There are fewer than two.
        """
        names = group_columns(table, MOST_DIFFERENT)
        # A column with one value cuts nothing, one with many only makes slivers: both come last.
        names.sort(key=lambda name: not 2 <= table.frame[name].nunique() <= MOST_DIFFERENT)
        if len(names) < 2:
            raise NotApplicable(
                Text("A mosaic needs two columns of groups; this table has {n:n}.", n=len(names)),
                hint=Text("Choose another chart."),
            )
        return {"columns": names[:2]}

    def shape(self, table: Table) -> MosaicData:
        """Return one tile per combination that occurs.

        Raises
        ------
        NotApplicable
            There are not two to four different columns, one does not fit, or no row has a value in all.
        """
        import numpy as np

        require_rows(table)
        self._check(table)
        most = MAX_LEVELS[len(self.columns)]
        levels = [levels_of(table.frame[name], table.kinds[name], most) for name in self.columns]
        codes = np.stack([level.codes for level in levels])
        complete = np.all(codes >= 0, axis=0)
        total = int(complete.sum())
        if not total:
            raise NotApplicable(
                Text(
                    "No row has a value in each of {names:list}.", names=[shown_name(c) for c in self.columns]
                ),
                hint=Text("Fill the missing values, or choose other columns."),
            )
        shape = tuple(len(level.names) for level in levels)
        flat = np.ravel_multi_index(tuple(codes[:, complete]), shape)
        counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
        inner = [shown_name(name) for name in self.columns[2:]]
        notes = [Text("In the tiles: {names:list}, and the share of all rows.", names=inner)] if inner else []
        if total < len(complete):
            notes.append(Text("{n:n} {n|row|rows} with a missing value left out.", n=len(complete) - total))
        if self.colour == "residual":
            notes.append(Text("Colour: Pearson residual; beyond ±2 a combination is unusual."))
        return MosaicData(
            title=Text("Mosaic of {names:list}", names=[shown_name(name) for name in self.columns]),
            notes=tuple(notes),
            columns=self.columns,
            levels=tuple(level.names for level in levels),
            tiles=tuple(tiles_of(counts, _GAP)),
            total=total,
            by_residual=self.colour == "residual",
        )

    def _check(self, table: Table) -> None:
        if not 2 <= len(set(self.columns)) == len(self.columns) <= max(MAX_LEVELS):
            raise NotApplicable(
                Text("A mosaic takes two to four different columns, not {n:n}.", n=len(self.columns))
                if len(set(self.columns)) == len(self.columns)
                else Text("A mosaic takes each column once."),
                hint=Text("Choose two to four categories."),
            )
        for name in self.columns:
            require(table, name, (*GROUPS, Kind.INTEGER), HINTS["groups"])
            if table.kinds[name] is Kind.INTEGER and not few_values(table.frame[name], MOST_DIFFERENT):
                raise NotApplicable(
                    Text(
                        "Column “{name}” holds {n:n} different whole numbers, too many for groups.",
                        name=shown_name(name),
                        n=int(table.frame[name].nunique()),
                    ),
                    hint=HINTS["groups"],
                )

    def height(self, data: MosaicData) -> int:
        """Return a height for a square of tiles."""
        return 600

    def draw(self, data: MosaicData, look: Look) -> go.Figure:
        """Return the tiles as bars that begin and end where the layout says."""
        import plotly.graph_objects as go

        figure = screen.canvas(data, look, self.height(data))
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

    def draw_static(self, figure: Figure, data: MosaicData, look: Look) -> None:
        """Draw the tiles with matplotlib; seaborn has no mosaic."""
        from matplotlib.patches import Rectangle

        axes = paper.dress(figure.add_subplot(), look, grid="")
        for tile in data.tiles:
            colour = _colour(data, tile, look.theme)
            axes.add_patch(
                Rectangle((tile.x, tile.y), tile.width, tile.height, facecolor=colour, linewidth=0)
            )
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
