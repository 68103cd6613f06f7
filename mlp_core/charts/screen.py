"""The house style of Plotly figures: type, margins, grid, hover and separators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlp_core.charts import theme as colours
from mlp_core.charts.look import LONGEST_AXIS, Label, Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

    from mlp_core.charts.chart import ChartData

_LINE_PIXELS: Final = 21
_NOTE_CHARACTERS: Final = 92
_TITLE_CHARACTERS: Final = 64
_BREATH: Final = "<br><span style='font-size:6px'> </span>"


def canvas(data: ChartData, look: Look, height: int) -> go.Figure:
    """Return an empty figure with title, notes and house style."""
    import plotly.graph_objects as go

    title = look.lines((data.title,), _TITLE_CHARACTERS)
    notes = look.lines(data.notes, _NOTE_CHARACTERS)
    top = 36 + 28 * len(title) + _LINE_PIXELS * len(notes)
    figure = go.Figure()
    figure.update_layout(
        template=_template(look),
        height=height + top - 64,
        margin={"t": top, "l": 24, "r": 24, "b": 24},
        separators=look.separators(),
        title={
            "text": "<br>".join(look.screen(line, _TITLE_CHARACTERS) for line in title),
            "subtitle": {"text": "<br>".join(look.screen(line, _NOTE_CHARACTERS) for line in notes)},
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            # Plotly lifts a title by part of its height for each further line.
            "pad": {"t": 14 + 14 * (len(title) - 1), "l": 4},
        },
    )
    return figure


def axis(title: Label | None, look: Look, **more: Any) -> dict[str, Any]:
    """Return the settings of an axis with its title."""
    return {**({"title": {"text": look.screen(title, LONGEST_AXIS)}} if title is not None else {}), **more}


def named_ticks(positions: Sequence[float], labels: Sequence[Label], look: Look) -> dict[str, Any]:
    """Return the settings of an axis whose positions carry names."""
    return {"tickmode": "array", "tickvals": list(positions), "ticktext": look.ticks(labels)}


def colour_scale(scale: Sequence[str]) -> list[list[Any]]:
    """Return colours, evenly spread, as Plotly takes them."""
    return [[i / (len(scale) - 1), colour] for i, colour in enumerate(scale)]


def colour_bar(
    title: Label, look: Look, ticks: Mapping[float, str] | None = None, **more: Any
) -> dict[str, Any]:
    """Return the settings of a slim colour bar with its title above and its ticks as given."""
    named = {} if ticks is None else {"tickvals": list(ticks), "ticktext": list(ticks.values())}
    return {
        # A small empty line, or the topmost tick stands on the title.
        "title": {
            "text": look.screen(title, 24) + _BREATH,
            "font": {"size": colours.TEXT_PIXELS},
            "side": "top",
        },
        "thickness": 14,
        "outlinewidth": 0,
        "ticks": "",
        "tickfont": {"size": colours.TEXT_PIXELS, "color": look.theme.muted},
        "len": 0.7,
        "y": 1,
        "yanchor": "top",
        **named,
        **more,
    }


def _template(look: Look) -> go.layout.Template:
    """Return the style as a template; given whole, so that no default of Plotly's travels with a figure."""
    import plotly.graph_objects as go

    theme = look.theme
    text = {"family": colours.FONT_FAMILY, "size": colours.TEXT_PIXELS, "color": theme.ink}
    quiet = {"size": colours.TEXT_PIXELS, "color": theme.muted}
    line = {
        "automargin": True,
        "gridcolor": theme.grid,
        "linecolor": theme.grid,
        "zeroline": False,
        "ticks": "",
        "tickfont": quiet,
        "title": {"font": {"size": colours.AXIS_TITLE_PIXELS, "color": theme.ink}, "standoff": 14},
    }
    return go.layout.Template(
        layout={
            "font": text,
            "title": {
                "x": 0,
                "xref": "container",
                "xanchor": "left",
                "font": {"size": colours.TITLE_PIXELS, "weight": 600},
                "subtitle": {"font": quiet},
            },
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(theme.categorical),
            "xaxis": line,
            "yaxis": {**line, "ticklabelstandoff": 6},
            "hoverlabel": {
                "bgcolor": theme.secondary,
                "bordercolor": theme.grid,
                "font": text,
                "align": "left",
            },
            "legend": {
                "font": {"size": colours.TEXT_PIXELS},
                "title": {"font": {"size": colours.TEXT_PIXELS, "color": theme.muted}},
                "bgcolor": "rgba(0,0,0,0)",
                "itemwidth": 40,
                "itemsizing": "constant",
            },
            "bargap": 0.06,
        }
    )
