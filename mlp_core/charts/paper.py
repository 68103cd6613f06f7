"""The house style of matplotlib figures, through ``Figure`` objects alone: nothing global is touched."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from mlp_core.charts.look import LONGEST_AXIS, Label, Look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlp_core.charts.chart import ChartData

TITLE_POINTS: Final = 14.0
TEXT_POINTS: Final = 10.0
AXIS_TITLE_POINTS: Final = 10.5
_LINE: Final = 1.42
_MARGIN_INCHES: Final = 0.22
_POINTS_PER_INCH: Final = 72
_STEPS: Final = (1, 2, 2.5, 5, 10)

BAR: Final[Mapping[str, Any]] = MappingProxyType(
    {"shrink": 0.6, "aspect": 22, "pad": 0.02, "anchor": (0.0, 1.0)}
)
"""Where a colour bar stands, and how slim it is."""


def sheet(data: ChartData, look: Look, width: int, height: int, dpi: int) -> Figure:
    """Return an empty figure of ``width`` × ``height`` pixels with title and notes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    wide, high = width / dpi, height / dpi
    figure = Figure(figsize=(wide, high), dpi=dpi, facecolor=look.theme.background)
    FigureCanvasAgg(figure)
    letters = max(24, int((wide - 2 * _MARGIN_INCHES) * _POINTS_PER_INCH / TEXT_POINTS / 0.56))
    title = look.lines((data.title,), max(16, int(letters * TEXT_POINTS / TITLE_POINTS * 0.95)))
    notes = look.lines(data.notes, letters)
    down = _MARGIN_INCHES
    for lines, points, colour, weight in (
        (title, TITLE_POINTS, look.theme.ink, "bold"),
        (notes, TEXT_POINTS, look.theme.muted, "normal"),
    ):
        for line in lines:
            figure.text(
                _MARGIN_INCHES / wide,
                1 - down / high,
                look.paper(line, len(line) + 1),
                fontsize=points,
                color=colour,
                fontweight=weight,
                va="top",
                family="DejaVu Sans",
            ).set_in_layout(False)
            down += points * _LINE / _POINTS_PER_INCH
        down += 0.05
    top = min(0.6, (down + 0.08) / high)
    edge_x, edge_y = 0.12 / wide, 0.12 / high
    figure.set_layout_engine("constrained", rect=(edge_x, edge_y, 1 - 2 * edge_x, 1 - top - edge_y))
    return figure


def png(figure: Figure) -> bytes:
    """Return the figure as the bytes of a PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor=figure.get_facecolor())
    return buffer.getvalue()


def dress(axes: Axes, look: Look, *, grid: str = "y") -> Axes:
    """Return the axes in house style; ``grid`` is ``"x"``, ``"y"``, ``"both"`` or empty."""
    theme = look.theme
    axes.set_facecolor("none")
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(colors=theme.muted, labelsize=TEXT_POINTS, length=0)
    for one in (axes.xaxis, axes.yaxis):
        one.label.set_color(theme.ink)
        one.label.set_fontsize(AXIS_TITLE_POINTS)
        one.labelpad = 8
    axes.set_axisbelow(True)
    if grid:
        axes.grid(True, axis=grid, color=theme.grid, linewidth=0.8)  # type: ignore[arg-type]
    return axes


def titles(axes: Axes, look: Look, x: Label | None = None, y: Label | None = None) -> None:
    """Name the two axes."""
    axes.set_xlabel(
        "" if x is None else look.paper(x, LONGEST_AXIS), fontsize=AXIS_TITLE_POINTS, color=look.theme.ink
    )
    axes.set_ylabel(
        "" if y is None else look.paper(y, LONGEST_AXIS), fontsize=AXIS_TITLE_POINTS, color=look.theme.ink
    )


def numbers(axes: Axes, look: Look, which: str = "both", *, most: int = 7, whole: bool = False) -> None:
    """Write at most ``most`` numbers on an axis: ``"x"``, ``"y"`` or ``"both"``."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for name, one in (("x", axes.xaxis), ("y", axes.yaxis)):
        if which in (name, "both"):
            one.set_major_locator(MaxNLocator(most, steps=_STEPS, integer=whole, min_n_ticks=2))
            one.set_major_formatter(FuncFormatter(lambda value, _: look.tick(float(value))))


def named(axes: Axes, which: str, positions: Sequence[float], labels: Sequence[str]) -> None:
    """Put names at positions of one axis; long or many names on the x axis are slanted."""
    if which == "y":
        axes.set_yticks(list(positions), labels=list(labels))
        return
    axes.set_xticks(list(positions), labels=list(labels))
    if _crowded(axes, positions, labels):
        for label in axes.get_xticklabels():
            label.set(rotation=40, ha="right", rotation_mode="anchor")


def _crowded(axes: Axes, positions: Sequence[float], labels: Sequence[str]) -> bool:
    """Whether two labels of the x axis would touch if they lay flat."""
    low, high = axes.get_xlim()
    room = axes.figure.get_figwidth() * 0.8 * _POINTS_PER_INCH / (TEXT_POINTS * 0.62)  # type: ignore[union-attr]
    return any(
        (right - left) / (high - low) * room < (len(one) + len(other)) / 2 + 1
        for (left, right), (one, other) in zip(pairwise(positions), pairwise(labels), strict=True)
    )


def legend(axes: Axes, look: Look, title: Label | None = None, **more: Any) -> None:
    """Put a quiet legend on the axes, beside the marks."""
    settings: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1), **more}
    shown = axes.legend(frameon=False, labelcolor=look.theme.ink, fontsize=TEXT_POINTS, **settings)
    if title is not None:
        from matplotlib.font_manager import FontProperties

        shown.set_title(look.paper(title, 24), prop=FontProperties(size=TEXT_POINTS))
        shown.get_title().set_color(look.theme.muted)
    shown._legend_box.align = "left"  # type: ignore[attr-defined]


def colour_map(scale: Sequence[str]) -> Any:
    """Return colours, evenly spread, as matplotlib takes them."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("pythie", list(scale))


def dress_bar(axes: Axes, look: Look, title: Label, ticks: Mapping[float, str] | None = None) -> None:
    """Put a colour bar in house style, with its title beside and its ticks as given."""
    axes.tick_params(colors=look.theme.muted, labelsize=TEXT_POINTS, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    if ticks is None:
        numbers(axes, look, "y", most=6)
    else:
        axes.set_yticks(list(ticks), labels=list(ticks.values()))
    axes.set_ylabel(look.paper(title, 28), fontsize=AXIS_TITLE_POINTS, color=look.theme.ink, labelpad=8)
