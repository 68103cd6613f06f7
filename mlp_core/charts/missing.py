"""Where values are missing: one line per column, rows from left to right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.charts import paper, screen
from mlp_core.charts.chart import CHARTS, Chart, ChartData
from mlp_core.charts.columns import require, require_rows, shown_name
from mlp_core.charts.look import Look
from mlp_core.kinds import Kind
from mlp_core.params import columns_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

    from mlp_core.table import Table

MAX_BLOCKS: Final = 200
MAX_COLUMNS: Final = 60
_ROW_PIXELS: Final = 27
_MARKS: Final = (0, 0.5, 1)


@dataclass(frozen=True, kw_only=True)
class MissingData(ChartData):
    """Share of missing values per column and block of rows.

    Attributes
    ----------
    columns : tuple of str
        In table order.
    shares : tuple of float
        Missing share (0-1) of each column.
    edges : tuple of int
        Row numbers at which blocks begin, and the number of rows, of length ``n_blocks + 1``.
    blocks : tuple of tuple of float
        Missing share (0-1), of shape (n_columns, n_blocks).
    """

    columns: tuple[str, ...]
    shares: tuple[float, ...]
    edges: tuple[int, ...]
    blocks: tuple[tuple[float, ...], ...]


@CHARTS.add
@dataclass(frozen=True, kw_only=True)
class MissingMap(Chart[MissingData]):
    """Shows where values are missing, column by column, from the first row to the last."""

    id: ClassVar[str] = "missing"
    label: ClassVar[Text] = Text("Missing values")

    columns: tuple[str, ...] = columns_of(
        label=Text("Columns"), help=Text("All columns where none is chosen.")
    )

    def shape(self, table: Table) -> MissingData:
        """Return the share missing per column and block of rows.

        Raises
        ------
        NotApplicable
            The table has no rows, or a chosen column is not there.
        """
        import numpy as np

        require_rows(table)
        for name in self.columns:
            require(table, name, (*Kind, table.kinds.get(name, Kind.TEXT)), Text("Choose another column."))
        wanted = list(dict.fromkeys(self.columns)) or table.columns()
        rows = len(table.frame)
        counts = {name: int(table.frame[name].isna().sum()) for name in wanted}
        shown = _worst(wanted, counts)
        edges = np.unique(np.linspace(0, rows, min(rows, MAX_BLOCKS) + 1).round().astype(int))
        sizes = np.diff(edges)
        blocks = []
        for name in shown:
            missing = table.frame[name].isna().to_numpy(dtype=np.int64)
            blocks.append(tuple((np.add.reduceat(missing, edges[:-1]) / sizes).round(4).tolist()))
        return MissingData(
            title=Text("Missing values in {table}", table=shown_name(table.name)),
            notes=_notes(wanted, shown, counts, rows),
            columns=tuple(shown),
            shares=tuple(counts[name] / rows for name in shown),
            edges=tuple(edges.tolist()),
            blocks=tuple(blocks),
        )

    def height(self, data: MissingData) -> int:
        """Return a height at which every column's name is readable."""
        return 170 + _ROW_PIXELS * max(4, len(data.columns))

    def draw(self, data: MissingData, look: Look) -> go.Figure:
        """Return one heatmap line per column, so that a hover can say its whole name."""
        import plotly.graph_objects as go

        figure = screen.canvas(data, look, self.height(data))
        # Row r fills the place from r - 0.5 to r + 0.5, the first row being 1.
        edges = [edge + 0.5 for edge in data.edges]
        place = Text("Row {row}") if len(data.blocks[0]) == data.edges[-1] else Text("Around row {row}")
        row = look.say(place).replace("{row}", "%{x:,.0f}")
        for i, name in enumerate(data.columns):
            share = look.screen(Text("{share:pct} missing in all", share=data.shares[i]))
            here = look.say(Text("{share} missing here")).replace(
                "{share}", "%{z:.0f}" + look.percent_format().replace("%", "&#37;")
            )
            figure.add_trace(
                go.Heatmap(
                    x=edges,
                    y=[i - 0.42, i + 0.42],
                    z=[[round(100 * share, 2) for share in data.blocks[i]]],
                    coloraxis="coloraxis",
                    hovertemplate=f"<b>{look.screen(name)}</b><br>{row}<br>{here}<br>{share}<extra></extra>",
                )
            )
        bar = screen.colour_bar(
            Text("Missing"), look, {100 * v: look.share(v) for v in _MARKS}, len=170, lenmode="pixels"
        )
        figure.update_layout(
            coloraxis={
                "cmin": 0,
                "cmax": 100,
                "colorscale": screen.colour_scale(look.theme.alarm),
                "colorbar": bar,
            },
            xaxis=screen.axis(Text("Row"), look, showgrid=False, range=[0.5, data.edges[-1] + 0.5], nticks=8),
            yaxis={
                **screen.named_ticks(range(len(data.columns)), data.columns, look),
                "ticktext": _labels(data, look, look.ticks(data.columns)),
                "range": [len(data.columns) - 0.5, -0.5],
                "showgrid": False,
            },
        )
        return figure

    def draw_static(self, figure: Figure, data: MissingData, look: Look) -> None:
        """Draw the heatmap with seaborn."""
        import numpy as np
        import seaborn as sns
        from matplotlib.ticker import MaxNLocator

        axes = paper.dress(figure.add_subplot(), look, grid="")
        theme = look.theme
        sns.heatmap(
            np.array(data.blocks),
            ax=axes,
            vmin=0,
            vmax=1,
            cmap=paper.colour_map(theme.alarm),
            cbar_kws=dict(paper.BAR),
            xticklabels=False,
            yticklabels=False,
        )
        axes.hlines(
            range(1, len(data.columns)), 0, len(data.blocks[0]), colors=theme.background, linewidths=3
        )
        labels = _labels(data, look, look.paper_ticks(data.columns))
        paper.named(axes, "y", [i + 0.5 for i in range(len(data.columns))], labels)
        rows, blocks = data.edges[-1], len(data.blocks[0])
        marks = [m for m in MaxNLocator(7, integer=True).tick_values(1, rows) if 1 <= m <= rows]
        places = [(m - 0.5) / rows * blocks for m in marks]
        paper.named(axes, "x", places, [look.tick(m) for m in marks])
        paper.titles(axes, look, Text("Row"))
        paper.dress_bar(figure.axes[-1], look, Text("Missing"), {v: look.share(v) for v in _MARKS})


def _worst(names: list[str], counts: dict[str, int]) -> list[str]:
    """Return the columns to show, in table order; the ones with most missing where there are too many."""
    kept = set(sorted(names, key=lambda name: -counts[name])[:MAX_COLUMNS])
    return [name for name in names if name in kept]


def _notes(wanted: list[str], shown: list[str], counts: dict[str, int], rows: int) -> tuple[Text, ...]:
    total = sum(counts.values())
    notes = [
        Text(
            "{n:n} of {cells:n} values are missing ({share:pct}).",
            n=total,
            cells=rows * len(wanted),
            share=total / (rows * len(wanted)),
        )
        if total
        else Text("No value is missing.")
    ]
    if len(shown) < len(wanted):
        notes.append(
            Text(
                "{n:n} of {all:n} columns shown, those with the most missing.", n=len(shown), all=len(wanted)
            )
        )
    return tuple(notes)


def _labels(data: MissingData, look: Look, names: list[str]) -> list[Any]:
    """Return names with the share missing; a column without gaps goes without a number."""
    return [
        f"{name}  {look.share(share)}" if share else name
        for name, share in zip(names, data.shares, strict=True)
    ]
