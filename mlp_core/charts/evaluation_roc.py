"""Cases found against false alarms: ROC curves and the area under each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from mlp_core.charts import paper, screen
from mlp_core.charts.chart import ChartData
from mlp_core.charts.evaluation import (
    EVALUATION_CHARTS,
    Document,
    EvaluationChart,
    finite,
    label_of,
    nothing_to_draw,
    thinned,
)
from mlp_core.charts.look import Label, Look
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

MAX_CURVES: Final = 8
MAX_CURVE_POINTS: Final = 400

_FALSE: Final = Text("False alarms (false positive rate)")
_TRUE: Final = Text("Cases found (true positive rate)")


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One ROC curve and the area under it."""

    label: Label
    fpr: tuple[float, ...]
    tpr: tuple[float, ...]
    auc: float
    mean: bool = False


@dataclass(frozen=True, kw_only=True)
class RocData(ChartData):
    """ROC curves of at most 400 points each; the area is that of the whole curve."""

    curves: tuple[Curve, ...]


@EVALUATION_CHARTS.add
@dataclass(frozen=True, kw_only=True)
class Roc(EvaluationChart[RocData]):
    """Shows how many true cases are found for how many false alarms, at every threshold."""

    id: ClassVar[str] = "roc"
    label: ClassVar[Text] = Text("ROC curve")

    def shape(self, data: Document) -> RocData:
        """Return the curves, the mean first; the first eight where there are more.

        Raises
        ------
        NotApplicable
            There is no curve.
        """
        documents = list(data["curves"])
        # The sort is stable: the mean comes first and classes keep their order.
        documents.sort(key=lambda curve: curve["label"] != "macro")
        if not documents:
            raise nothing_to_draw()
        notes = [Text("The dashed line is chance; the nearer to the top left corner, the better.")]
        if len(documents) > MAX_CURVES:
            notes.append(Text("{n:n} of {all:n} curves shown.", n=MAX_CURVES, all=len(documents)))
        curves = [_curve(document) for document in documents[:MAX_CURVES]]
        return RocData(title=Text("ROC curve"), notes=tuple(notes), curves=tuple(curves))

    def height(self, data: RocData) -> int:
        """Return a height at which the field is about square."""
        return 560

    def draw(self, data: RocData, look: Look) -> go.Figure:
        """Return the curves over the line of chance."""
        import plotly.graph_objects as go

        theme = look.theme
        figure = screen.canvas(data, look, self.height(data))
        figure.add_trace(
            go.Scatter(
                x=[0, 1],
                y=[0, 1],
                mode="lines",
                line={"color": theme.muted, "dash": "dash", "width": 1.5},
                hoverinfo="skip",
                showlegend=False,
            )
        )
        false, true = look.screen(_FALSE), look.screen(_TRUE)
        for curve, colour in zip(data.curves, _colours(data, look), strict=True):
            figure.add_trace(
                go.Scatter(
                    x=list(curve.fpr),
                    y=list(curve.tpr),
                    mode="lines",
                    name=look.screen(_legend(curve, look)),
                    line={
                        "color": colour,
                        "width": 4 if curve.mean else 3,
                        "dash": "dot" if curve.mean else "solid",
                    },
                    hovertemplate=f"{false}: %{{x:.3f}}<br>{true}: %{{y:.3f}}<extra></extra>",
                )
            )
        figure.update_layout(
            xaxis=screen.axis(_FALSE, look, range=[-0.01, 1.01]),
            yaxis=screen.axis(_TRUE, look, range=[-0.01, 1.03]),
            showlegend=True,
            legend={"x": 0.98, "y": 0.04, "xanchor": "right", "yanchor": "bottom"},
        )
        return figure

    def draw_static(self, figure: Figure, data: RocData, look: Look) -> None:
        """Draw the curves with seaborn."""
        import seaborn as sns

        axes = paper.dress(figure.add_subplot(), look, grid="both")
        axes.plot([0, 1], [0, 1], color=look.theme.muted, linestyle="--", linewidth=1.2)
        for curve, colour in zip(data.curves, _colours(data, look), strict=True):
            sns.lineplot(
                x=list(curve.fpr),
                y=list(curve.tpr),
                ax=axes,
                color=colour,
                linewidth=2.8 if curve.mean else 2.2,
                linestyle=":" if curve.mean else "-",
                label=look.paper(_legend(curve, look)),
                estimator=None,
                sort=False,
                legend=False,
            )
        axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.03))
        paper.numbers(axes, look)
        paper.titles(axes, look, _FALSE, _TRUE)
        paper.legend(axes, look, loc="lower right", bbox_to_anchor=None)


def _curve(document: Document) -> Curve:
    mean = document["label"] == "macro"
    fpr, tpr = finite(document, "fpr", "tpr")
    kept = thinned(fpr, MAX_CURVE_POINTS)
    return Curve(
        label=Text("Mean of all classes") if mean else label_of(document["label"]),
        fpr=tuple(fpr[kept].round(5).tolist()),
        tpr=tuple(tpr[kept].round(5).tolist()),
        auc=float(document["auc"]),
        mean=mean,
    )


def _legend(curve: Curve, look: Look) -> Text:
    # The English name of the area is the one French textbooks use too.
    return Text("{curve} (AUC {auc})", curve=curve.label, auc=look.decimal(curve.auc, 3))


def _colours(data: RocData, look: Look) -> list[str]:
    palette = iter(look.theme.colours(len(data.curves)))
    return [look.theme.ink if curve.mean else next(palette) for curve in data.curves]
