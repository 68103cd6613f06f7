"""Points of a held-out set: predictions against observations, residuals, and clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from mlp_core.charts import paper, points
from mlp_core.charts.evaluation import (
    EVALUATION_CHARTS,
    Document,
    EvaluationChart,
    finite,
    label_of,
    thinned,
)
from mlp_core.charts.look import Look
from mlp_core.charts.points import Group, PointsData
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

MAX_POINTS: Final = 2_000
MAX_CLUSTERS: Final = 16


class PointsChart(EvaluationChart[PointsData]):
    """A cloud of points."""

    def height(self, data: PointsData) -> int:
        """Return a height for a cloud of points."""
        return 560

    def draw(self, data: PointsData, look: Look) -> go.Figure:
        """Return the points."""
        return points.draw_points(data, look, self.height(data))

    def draw_static(self, figure: Figure, data: PointsData, look: Look) -> None:
        """Draw the points with seaborn."""
        points.draw_static_points(paper.dress(figure.add_subplot(), look, grid="both"), data, look)


@EVALUATION_CHARTS.add
@dataclass(frozen=True, kw_only=True)
class PredictedObserved(PointsChart):
    """Sets each prediction against what was observed; a perfect model puts all points on the line."""

    id: ClassVar[str] = "predicted_observed"
    label: ClassVar[Text] = Text("Predicted against observed")

    def shape(self, data: Document) -> PointsData:
        """Return the points and the line on which prediction and observation are equal.

        Raises
        ------
        NotApplicable
            There is no finite pair.
        """
        observed, predicted = finite(data, "observed", "predicted")
        low = float(min(observed.min(), predicted.min()))
        high = float(max(observed.max(), predicted.max()))
        kept = thinned(observed, MAX_POINTS)
        return PointsData(
            title=Text("Predicted against observed: {target}", target=label_of(data["target"])),
            notes=_thinned_note(len(kept), len(observed)),
            x_label=Text("Observed"),
            y_label=Text("Predicted"),
            groups=(Group.of(None, observed[kept], predicted[kept]),),
            line=(low, low, high, high),
            line_label=Text("Predicted = observed"),
            square=True,
        )


@EVALUATION_CHARTS.add
@dataclass(frozen=True, kw_only=True)
class Residuals(PointsChart):
    """Shows how far each prediction is off; a good model leaves no pattern."""

    id: ClassVar[str] = "residuals"
    label: ClassVar[Text] = Text("Residuals")

    def shape(self, data: Document) -> PointsData:
        """Return observed minus predicted, against predicted.

        Raises
        ------
        NotApplicable
            There is no finite pair.
        """
        observed, predicted = finite(data, "observed", "predicted")
        kept = thinned(observed, MAX_POINTS)
        return PointsData(
            title=Text("Residuals: {target}", target=label_of(data["target"])),
            notes=_thinned_note(len(kept), len(observed)),
            x_label=Text("Predicted"),
            y_label=Text("Observed − predicted"),
            groups=(Group.of(None, predicted[kept], (observed - predicted)[kept]),),
            line=(float(predicted.min()), 0.0, float(predicted.max()), 0.0),
            line_label=Text("No error"),
        )


@EVALUATION_CHARTS.add
@dataclass(frozen=True, kw_only=True)
class Clusters(PointsChart):
    """Shows the clusters on the two directions in which the rows differ most."""

    id: ClassVar[str] = "clusters"
    label: ClassVar[Text] = Text("Clusters")

    def shape(self, data: Document) -> PointsData:
        """Return the points by cluster.

        Raises
        ------
        NotApplicable
            There is no finite point.
        """
        x, y, cluster = finite(data, "x", "y", "cluster")
        first, second = (float(share) for share in data["explained"])
        kept = thinned(x, MAX_POINTS)
        x, y, cluster = x[kept], y[kept], cluster[kept]
        ids = sorted(set(cluster.tolist()))
        groups = [Group.of(str(int(id_)), x[cluster == id_], y[cluster == id_]) for id_ in ids[:MAX_CLUSTERS]]
        notes = [Text("These two directions hold {share:pct} of the variance.", share=first + second)]
        if len(ids) > MAX_CLUSTERS:
            notes.append(Text("{n:n} of {all:n} clusters shown.", n=MAX_CLUSTERS, all=len(ids)))
        return PointsData(
            title=Text("Clusters"),
            notes=(*notes, *_thinned_note(len(kept), len(data["x"]))),
            x_label=Text("First principal component ({share:pct})", share=first),
            y_label=Text("Second principal component ({share:pct})", share=second),
            colour_label=Text("Cluster"),
            groups=tuple(groups),
        )


def _thinned_note(shown: int, every: int) -> tuple[Text, ...]:
    return (Text("{n:n} of {all:n} points shown.", n=shown, all=every),) if shown < every else ()
