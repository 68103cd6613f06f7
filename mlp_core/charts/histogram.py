"""How often each value or range of values occurs, for one column or for all of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.charts import paper, screen
from mlp_core.charts.bars import MAX_LEVELS, Panel, count_levels, count_numbers
from mlp_core.charts.chart import CHARTS, Chart, ChartData
from mlp_core.charts.columns import (
    GROUPS,
    HINTS,
    NUMBERS,
    drawn_kind,
    fitting,
    left_out,
    require,
    require_rows,
    shown_name,
)
from mlp_core.charts.look import Look
from mlp_core.errors import NotApplicable
from mlp_core.kinds import NUMERIC, Kind
from mlp_core.params import column_of, number
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlp_core.table import Table

MAX_PANELS: Final = 12
_FEW_LEVELS: Final = 7
_ACROSS: Final = 3
_PANEL_PIXELS: Final = 235


@dataclass(frozen=True, kw_only=True)
class HistogramData(ChartData):
    """Counts per bar, one panel per column."""

    panels: tuple[Panel, ...]


@CHARTS.add
@dataclass(frozen=True, kw_only=True)
class Histogram(Chart[HistogramData]):
    """Counts how often each value or range of values occurs, in one column or in all of them."""

    id: ClassVar[str] = "histogram"
    label: ClassVar[Text] = Text("Histogram")

    column: str = column_of(
        *NUMBERS, *GROUPS, label=Text("Column"), optional=True, help=Text("All columns where none is chosen.")
    )
    bins: int = number(
        30,
        low=2,
        high=200,
        label=Text("Bars"),
        help=Text("The most bars that a column of numbers is cut into."),
    )

    def shape(self, table: Table) -> HistogramData:
        """Return the bars of one column, or of the first columns that have any.

        Raises
        ------
        NotApplicable
            The table has no rows, the column is not there, or it holds neither numbers nor groups.
        """
        require_rows(table)
        if self.column:
            require(table, self.column, (*NUMBERS, *GROUPS), HINTS["either"])
            panel = self._panel(table, self.column, MAX_LEVELS)
            if panel is None:
                raise NotApplicable(
                    Text("Column “{name}” holds no finite number.", name=shown_name(self.column)),
                    hint=HINTS["numbers"],
                )
            return HistogramData(
                title=Text("Histogram of {column}", column=shown_name(self.column)),
                notes=tuple(left_out(table, [self.column])),
                panels=(panel,),
            )
        return self._all(table)

    def _all(self, table: Table) -> HistogramData:
        names = fitting(table, *NUMBERS, *GROUPS)
        panels: list[Panel] = []
        for name in names:
            panel = self._panel(table, name, _FEW_LEVELS) if len(panels) < MAX_PANELS else None
            panels += [panel] if panel is not None else []
        if not panels:
            raise NotApplicable(
                Text("No column of “{table}” holds numbers or groups.", table=shown_name(table.name)),
                hint=Text("Free text and dates have no histogram; choose another chart."),
            )
        notes = left_out(table, [panel.column for panel in panels])
        if len(panels) < len(table.kinds):
            notes.insert(
                0,
                Text(
                    "{n:n} of {all:n} columns shown; free text, dates and empty columns have no histogram.",
                    n=len(panels),
                    all=len(table.kinds),
                )
                if len(names) <= MAX_PANELS
                else Text(
                    "{n:n} of {all:n} columns shown; choose one to see another.",
                    n=len(panels),
                    all=len(table.kinds),
                ),
            )
        title = Text("Histograms of {table}", table=shown_name(table.name))
        return HistogramData(title=title, notes=tuple(notes), panels=tuple(panels))

    def _panel(self, table: Table, name: str, most: int) -> Panel | None:
        kind, column = drawn_kind(table, name), table.frame[name]
        if kind in NUMERIC:
            return count_numbers(name, column, self.bins, whole=kind is Kind.INTEGER)
        return count_levels(name, column, kind, most)

    def height(self, data: HistogramData) -> int:
        """Return a height that grows with the rows of panels, or with the bars of one column of groups."""
        if len(data.panels) == 1:
            names = data.panels[0].names
            return 480 if not names else max(300, 150 + 32 * len(names))
        return 90 + _PANEL_PIXELS * -(-len(data.panels) // _ACROSS)

    def draw(self, data: HistogramData, look: Look) -> go.Figure:
        """Return bars: upright for numbers, lying for groups, whose names are long."""
        from plotly.subplots import make_subplots

        figure = screen.canvas(data, look, self.height(data))
        across = min(_ACROSS, len(data.panels))
        down = -(-len(data.panels) // across)
        if len(data.panels) > 1:
            headings = [look.screen(panel.column, 26) for panel in data.panels]
            grid = make_subplots(
                down,
                across,
                figure=figure,
                subplot_titles=headings,
                horizontal_spacing=0.13,
                vertical_spacing=min(0.3, 72 / (_PANEL_PIXELS * down)),
            )
            grid.update_annotations(font={"size": 16, "color": look.theme.ink}, yshift=4)
            # The headings of the first row stand above it, where the notes end.
            figure.update_layout(margin_t=figure.layout.margin.t + 26)
        for i, panel in enumerate(data.panels):
            where = {} if len(data.panels) == 1 else {"row": i // across + 1, "col": i % across + 1}
            _draw_panel(figure, panel, look, where, alone=len(data.panels) == 1)
        figure.update_layout(showlegend=False)
        return figure

    def draw_static(self, figure: Figure, data: HistogramData, look: Look) -> None:
        """Draw the bars with seaborn."""
        across = min(_ACROSS, len(data.panels))
        down = -(-len(data.panels) // across)
        alone = len(data.panels) == 1
        for i, panel in enumerate(data.panels):
            axes = figure.add_subplot(down, across, i + 1)
            _draw_static_panel(axes, panel, look, alone=alone)
        if not alone and (engine := figure.get_layout_engine()) is not None:
            engine.set(wspace=0.06, hspace=0.08)  # type: ignore[call-arg]


def _draw_panel(figure: go.Figure, panel: Panel, look: Look, where: dict[str, int], *, alone: bool) -> None:
    total = sum(panel.counts)
    said = [
        look.screen(Text("{n:n} {n|row|rows}", n=n)) + " · " + look.screen(look.share(n / total))
        for n in panel.counts
    ]
    if panel.names:
        _draw_groups(figure, panel, look, where, said, alone=alone)
    else:
        _draw_numbers(figure, panel, look, where, said, alone=alone)


def _draw_groups(
    figure: go.Figure, panel: Panel, look: Look, where: dict[str, int], said: list[str], *, alone: bool
) -> None:
    """Add lying bars, one per group."""
    import plotly.graph_objects as go

    places = list(range(len(panel.counts)))
    figure.add_trace(
        go.Bar(
            x=list(panel.counts),
            y=places,
            orientation="h",
            hovertext=[
                f"<b>{look.screen(name)}</b><br>{n}" for name, n in zip(panel.names, said, strict=True)
            ],
            hoverinfo="text",
            marker={"color": look.theme.accent, "cornerradius": 3},
        ),
        **where,
    )
    figure.update_yaxes(
        tickvals=places,
        ticktext=look.ticks(panel.names, 22 if alone else 13),
        range=[len(places) - 0.4, -0.6],
        showgrid=False,
        **where,
    )
    rows = screen.axis(Text("Rows") if alone else None, look, nticks=6 if alone else 4)
    figure.update_xaxes(**rows, rangemode="tozero", **where)


def _draw_numbers(
    figure: go.Figure, panel: Panel, look: Look, where: dict[str, int], said: list[str], *, alone: bool
) -> None:
    """Add upright bars, each as wide as its range of numbers."""
    import plotly.graph_objects as go

    theme = look.theme
    figure.add_trace(
        go.Bar(
            x=panel.lefts(),
            width=panel.widths(),
            offset=0,
            y=list(panel.counts),
            hovertext=[f"<b>{look.screen(_range(panel, i, look))}</b><br>{n}" for i, n in enumerate(said)],
            hoverinfo="text",
            marker={"color": theme.primary, "line": {"color": theme.background, "width": 1}},
        ),
        **where,
    )
    name = screen.axis(shown_name(panel.column) if alone else None, look, nticks=10 if alone else 5)
    figure.update_xaxes(**name, showgrid=False, range=[panel.edges[0], panel.edges[-1]], **where)
    if each := panel.each(20 if alone else 8):
        figure.update_xaxes(tickvals=each, ticktext=[str(value) for value in each], **where)
    rows = screen.axis(Text("Rows") if alone else None, look, nticks=6 if alone else 4)
    figure.update_yaxes(**rows, range=[0, 1.06 * max(panel.counts)], **where)


def _draw_static_panel(axes: Axes, panel: Panel, look: Look, *, alone: bool) -> None:
    import seaborn as sns

    theme = look.theme
    paper.dress(axes, look, grid="x" if panel.names else "y")
    if panel.names:
        places = list(range(len(panel.counts)))
        sns.barplot(
            x=list(panel.counts),
            y=places,
            orient="h",
            ax=axes,
            color=theme.accent,
            saturation=1,
            width=0.86,
            errorbar=None,
        )
        paper.named(axes, "y", places, look.paper_ticks(panel.names, 22 if alone else 14))
        paper.numbers(axes, look, "x", most=7 if alone else 4, whole=True)
        paper.titles(axes, look, Text("Rows") if alone else None)
    else:
        edges = list(panel.edges)
        sns.histplot(
            x=[low + (high - low) / 2 for low, high in pairwise(edges)],
            weights=list(panel.counts),
            bins=edges,
            ax=axes,
            color=theme.primary,
            alpha=1,
            edgecolor=theme.background,
            linewidth=0.8,
        )
        paper.numbers(axes, look, "y", most=6 if alone else 4, whole=True)
        paper.numbers(axes, look, "x", most=9 if alone else 4, whole=panel.whole)
        if each := panel.each(20 if alone else 8):
            paper.named(axes, "x", each, [str(value) for value in each])
        paper.titles(axes, look, panel.column if alone else None, Text("Rows") if alone else None)
    if not alone:
        heading: dict[str, Any] = {"fontsize": 10.5, "color": theme.ink, "fontweight": "bold"}
        axes.set_title(look.paper(panel.column, 28), loc="left", pad=7, **heading)


def _range(panel: Panel, i: int, look: Look) -> Text | str:
    """Return the range of a bar as people say it: one value, or from … to …."""
    low, high = panel.edges[i], panel.edges[i + 1]
    if panel.whole:
        first, last = int(low + 0.5), int(high - 0.5)
        # Bare digits: a whole number may be a year.
        return str(first) if first == last else Text("{low} to {high}", low=str(first), high=str(last))
    return Text("{low} to {high}", low=look.number(low), high=look.number(high))
