"""Charts of how well a model does, from plain numbers that a run has stored.

The documents are JSON and fixed, since runs are kept for years::

    confusion           {"labels": [str], "counts": [[int]]}             rows observed, columns predicted
    roc                 {"curves": [{"label", "fpr", "tpr", "auc"}]}     a curve labelled "macro" is the mean
    predicted_observed  {"observed": [float], "predicted": [float], "target": str}
    residuals           the same
    clusters            {"x": [float], "y": [float], "cluster": [int], "explained": [float, float]}
    leaderboard         {"metric": label, "greater_is_better": bool, "rows": [row]}, each row
                        {"label", "value": float, "low": float, "high": float, "baseline": bool}

A label is a string, a ``Text`` or a ``Text`` as JSON.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from mlp_core.charts.chart import ChartData, D, Drawing, rendered
from mlp_core.charts.look import LONGEST_NAME, Label, Look, shorten
from mlp_core.errors import NotApplicable
from mlp_core.registry import Registry
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from mlp_core.charts.columns import Floats

Document = Mapping[str, Any]


class EvaluationChart(Drawing[D]):
    """A chart over the numbers that a run has stored."""

    id: ClassVar[str]
    label: ClassVar[Text]

    @abstractmethod
    def shape(self, data: Document) -> D:
        """Return what the chart shows of a document.

        Raises
        ------
        NotApplicable
            The document holds nothing to draw.
        """


EVALUATION_CHARTS: Registry[EvaluationChart[Any]] = Registry("evaluation charts")


def shape_evaluation(id_: str, data: Document) -> ChartData:
    """Return what an evaluation chart shows, without drawing it.

    Parameters
    ----------
    id_ : str
        One of ``EVALUATION_CHARTS.ids()``.
    data : mapping
        The document of this chart, as the module says.

    Raises
    ------
    InvalidParameter
        The id is unknown.
    NotApplicable
        The document holds nothing to draw.
    """
    shaped: ChartData = _shaped(EVALUATION_CHARTS[id_](), data)
    return shaped


def draw_evaluation(id_: str, data: Document, *, language: str = "en", theme: str = "light") -> go.Figure:
    """Return an evaluation chart as a Plotly figure.

    Parameters
    ----------
    id_, data
        As for :func:`shape_evaluation`.
    language : str, default="en"
        ``"en"`` or ``"fr"``.
    theme : str, default="light"
        ``"light"`` or ``"dark"``.

    Raises
    ------
    InvalidParameter, NotApplicable
        As for :func:`shape_evaluation`.
    """
    chart = EVALUATION_CHARTS[id_]()
    return chart.draw(_shaped(chart, data), Look.of(language, theme))


def draw_evaluation_static(
    id_: str,
    data: Document,
    *,
    language: str = "en",
    theme: str = "light",
    width: int = 1400,
    height: int | None = None,
    dpi: int = 144,
) -> bytes:
    """Return an evaluation chart as the bytes of a PNG.

    Parameters
    ----------
    id_, data, language, theme
        As for :func:`draw_evaluation`.
    width, height, dpi : int
        As for :func:`mlp_core.charts.draw_static`.

    Raises
    ------
    InvalidParameter, NotApplicable
        As for :func:`shape_evaluation`.
    """
    chart = EVALUATION_CHARTS[id_]()
    return rendered(chart, _shaped(chart, data), Look.of(language, theme), (width, height, dpi))


def label_of(value: object) -> Label:
    """Return a label that a document holds, in a form that can be drawn."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Mapping):
        return Text.from_json(value)
    return shorten(str(value), LONGEST_NAME)


def finite(data: Document, *names: str) -> list[Floats]:
    """Return lists of equal length as arrays, without the places where one is not a finite number.

    Raises
    ------
    NotApplicable
        No place is left.
    """
    import numpy as np

    arrays = [np.array([np.nan if v is None else v for v in data[name]], dtype=float) for name in names]
    usable = np.logical_and.reduce([np.isfinite(array) for array in arrays])
    if not usable.any():
        raise nothing_to_draw()
    return [array[usable] for array in arrays]


def thinned(values: Sequence[Any] | Floats, most: int) -> list[int]:
    """Return at most ``most`` positions, evenly spread, with the first and the last."""
    import numpy as np

    if len(values) <= most:
        return list(range(len(values)))
    return [int(i) for i in np.linspace(0, len(values) - 1, most).round()]


def nothing_to_draw() -> NotApplicable:
    """Return the refusal of a document without numbers."""
    return NotApplicable(
        Text("This result holds nothing that this chart can draw."), hint=Text("Train the model again.")
    )


def _shaped(chart: EvaluationChart[Any], data: Document) -> Any:
    try:
        return chart.shape(data)
    except (KeyError, TypeError, IndexError, ValueError, AttributeError) as error:
        # A document of an older version, or one that was altered by hand.
        raise nothing_to_draw() from error
