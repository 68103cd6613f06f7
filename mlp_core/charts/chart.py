"""A chart: shaped once from a table, then drawn for the screen (Plotly) or for paper (seaborn)."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from mlp_core import params
from mlp_core.charts.look import Look
from mlp_core.errors import InvalidParameter
from mlp_core.registry import Registry
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

    from mlp_core.table import Table


@dataclass(frozen=True, kw_only=True)
class ChartData:
    """What a chart shows: aggregated, bounded in size, and without a language.

    Attributes
    ----------
    title : Text
        What is shown.
    notes : tuple of Text
        What a reader must know besides: rows left out, columns not shown, values sampled.
    """

    title: Text
    notes: tuple[Text, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the data as plain JSON."""
        plain: dict[str, Any] = _plain(self)
        return plain


_PIXELS: Final = (200, 6000)

D = TypeVar("D", bound=ChartData)


class Drawing(ABC, Generic[D]):
    """What draws one kind of data on each surface."""

    def height(self, data: D) -> int:
        """Return how high the chart stands on a screen 900 pixels wide."""
        return 480

    @abstractmethod
    def draw(self, data: D, look: Look) -> go.Figure:
        """Return the interactive figure."""

    @abstractmethod
    def draw_static(self, figure: Figure, data: D, look: Look) -> None:
        """Draw into an empty matplotlib figure; title and notes are put there by the caller."""


class Chart(Drawing[D]):
    """A chart over a table; its fields are what a person may choose."""

    id: ClassVar[str]
    label: ClassVar[Text]

    @abstractmethod
    def shape(self, table: Table) -> D:
        """Return what the chart shows of ``table``.

        Raises
        ------
        NotApplicable
            A column does not fit the chart, or there is nothing to show.
        """

    @classmethod
    def suggest(cls, table: Table) -> dict[str, Any]:
        """Return parameters that fit ``table``, for a first look at it.

        Raises
        ------
        NotApplicable
            The table has no column for this chart.
        """
        return {}


CHARTS: Registry[Chart[Any]] = Registry("charts")


def chart_of(id_: str, values: Mapping[str, Any]) -> Chart[Any]:
    """Return the chart of this id with its parameters checked.

    Raises
    ------
    InvalidParameter
        The id is unknown, or a parameter is unknown or outside what it allows.
    """
    chart: Chart[Any] = params.build(CHARTS[id_], values)
    for name, rule in params.declared(chart).items():
        # A required column has an empty default, which only the chart as a whole can refuse.
        value = getattr(chart, name)
        empty = rule.shape is params.Shape.COLUMN and not value and not rule.optional
        if empty or (rule.shape is params.Shape.COLUMNS and len(value) < rule.least):
            params.check(name, rule, value)
    return chart


def suggest(id_: str, table: Table) -> dict[str, Any]:
    """Return parameters with which a chart of ``table`` can be drawn at once.

    Raises
    ------
    InvalidParameter
        The id is unknown.
    NotApplicable
        The table has no column for this chart.
    """
    return CHARTS[id_].suggest(table)


def shape_chart(id_: str, table: Table, **values: Any) -> ChartData:
    """Return what a chart shows of a table, without drawing it.

    Parameters
    ----------
    id_ : str
        One of ``CHARTS.ids()``.
    table : Table
        Left as it is.
    **values : object
        The parameters that the chart declares; defaults for the rest.

    Raises
    ------
    InvalidParameter
        The id is unknown, or a parameter is unknown or outside what it allows.
    NotApplicable
        A column does not fit the chart, or there is nothing to show.
    """
    shaped: ChartData = chart_of(id_, values).shape(table)
    return shaped


def draw(id_: str, table: Table, *, language: str = "en", theme: str = "light", **values: Any) -> go.Figure:
    """Return a chart of a table as a Plotly figure.

    Parameters
    ----------
    id_ : str
        One of ``CHARTS.ids()``.
    table : Table
        Left as it is.
    language : str, default="en"
        ``"en"`` or ``"fr"``.
    theme : str, default="light"
        ``"light"`` or ``"dark"``.
    **values : object
        The parameters that the chart declares; defaults for the rest.

    Raises
    ------
    InvalidParameter
        The id or theme is unknown, or a parameter is unknown or outside what it allows.
    NotApplicable
        A column does not fit the chart, or there is nothing to show.
    """
    chart = chart_of(id_, values)
    return chart.draw(chart.shape(table), Look.of(language, theme))


def draw_static(
    id_: str,
    table: Table,
    *,
    language: str = "en",
    theme: str = "light",
    width: int = 1400,
    height: int | None = None,
    dpi: int = 144,
    **values: Any,
) -> bytes:
    """Return a chart of a table as the bytes of a PNG, drawn by seaborn.

    Parameters
    ----------
    width, height : int
        Pixels, 200 to 6,000; by default as high as the chart needs.
    dpi : int, default=144
        Pixels per inch, 50 to 600: the larger, the larger the letters.
    id_, table, language, theme, **values
        As for :func:`draw`.

    Raises
    ------
    InvalidParameter, NotApplicable
        As for :func:`draw`.
    """
    chart = chart_of(id_, values)
    return rendered(chart, chart.shape(table), Look.of(language, theme), (width, height, dpi))


def rendered(drawing: Drawing[Any], data: ChartData, look: Look, size: tuple[int, int | None, int]) -> bytes:
    """Return shaped data as the bytes of a PNG of (width, height, dpi)."""
    from mlp_core.charts import paper

    width, height, dpi = size
    height = _fitting(drawing.height(data) * width / 900) if height is None else height
    _check_size(Text("Width of the picture"), width, *_PIXELS)
    _check_size(Text("Height of the picture"), height, *_PIXELS)
    _check_size(Text("Dots per inch"), dpi, 50, 600)
    figure = paper.sheet(data, look, width, height, dpi)
    drawing.draw_static(figure, data, look)
    return paper.png(figure)


def _fitting(height: float) -> int:
    return min(max(round(height), _PIXELS[0]), _PIXELS[1])


def _check_size(label: Text, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InvalidParameter(
            Text("{label} cannot be {value}.", label=label, value=str(value)),
            hint=Text("It lies between {low:n} and {high:n}.", low=low, high=high),
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return value.to_json()
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    # JSON has no word for not-a-number.
    return None if isinstance(value, float) and value != value else value
