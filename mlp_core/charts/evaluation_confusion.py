"""Which classes are taken for which: the confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.charts import paper, screen
from mlp_core.charts.chart import ChartData
from mlp_core.charts.evaluation import (
    EVALUATION_CHARTS,
    Document,
    EvaluationChart,
    label_of,
    nothing_to_draw,
)
from mlp_core.charts.look import Label, Look
from mlp_core.charts.theme import at
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

MAX_CLASSES: Final = 24
MAX_ANNOTATED: Final = 12
_MARKS: Final = (0, 0.25, 0.5, 0.75, 1)


@dataclass(frozen=True, kw_only=True)
class ConfusionData(ChartData):
    """Counts of rows, observed class by predicted class, of shape (n_classes, n_classes)."""

    labels: tuple[Label, ...]
    counts: tuple[tuple[int, ...], ...]

    def shares(self) -> list[list[float]]:
        """Return each count as a share (0-1) of its row; 0 in a row without any."""
        return [[n / (sum(row) or 1) for n in row] for row in self.counts]


@EVALUATION_CHARTS.add
@dataclass(frozen=True, kw_only=True)
class Confusion(EvaluationChart[ConfusionData]):
    """Shows which classes the model takes for which."""

    id: ClassVar[str] = "confusion"
    label: ClassVar[Text] = Text("Confusion matrix")

    def shape(self, data: Document) -> ConfusionData:
        """Return the counts; past 24 classes the rare ones are taken together.

        Raises
        ------
        NotApplicable
            There is no class, or the matrix is not square.
        """
        import numpy as np

        labels: list[Label] = [label_of(label) for label in data["labels"]]
        counts = np.array(data["counts"], dtype=np.int64)
        if not labels or counts.shape != (len(labels), len(labels)) or counts.sum() <= 0:
            raise nothing_to_draw()
        total, right = int(counts.sum()), int(np.trace(counts))
        if len(labels) > MAX_CLASSES:
            often = np.sort(np.argsort(-counts.sum(axis=1), kind="stable")[: MAX_CLASSES - 1])
            place = np.full(len(labels), MAX_CLASSES - 1)
            place[often] = np.arange(len(often))
            small = np.zeros((MAX_CLASSES, MAX_CLASSES), dtype=np.int64)
            np.add.at(small, (place[:, None], place[None, :]), counts)
            rest = len(labels) - len(often)
            labels = [*(labels[i] for i in often), Text("{n:n} other classes", n=rest)]
            counts = small
        return ConfusionData(
            title=Text("Confusion matrix"),
            notes=(
                Text(
                    "{right:n} of {n:n} rows in their own class ({share:pct}).",
                    right=right,
                    n=total,
                    share=right / total,
                ),
            ),
            labels=tuple(labels),
            counts=tuple(tuple(row) for row in counts.tolist()),
        )

    def height(self, data: ConfusionData) -> int:
        """Return a height at which counts are readable."""
        count = len(data.labels)
        return 180 + max(300, (52 if count <= MAX_ANNOTATED else 28) * count)

    def draw(self, data: ConfusionData, look: Look) -> go.Figure:
        """Return the matrix, coloured by the share of each observed class."""
        import plotly.graph_objects as go

        figure = screen.canvas(data, look, self.height(data))
        shares = data.shares()
        count = len(data.labels)
        names = [look.screen(label, 40) for label in data.labels]
        rows = [[look.screen(Text("{n:n} {n|row|rows}", n=n)) for n in row] for row in data.counts]
        observed, predicted = look.say(Text("Observed")), look.say(Text("Predicted"))
        hover = [
            [
                f"{observed}: <b>{names[i]}</b><br>{predicted}: <b>{names[j]}</b><br>"
                f"{rows[i][j]} · {look.screen(look.share(shares[i][j]))}"
                for j in range(count)
            ]
            for i in range(count)
        ]
        bar = screen.colour_bar(Text("Share of row"), look, {100 * v: look.share(v) for v in _MARKS})
        figure.add_trace(
            go.Heatmap(
                z=[[round(100 * share, 2) for share in row] for row in shares],
                x=list(range(count)),
                y=list(range(count)),
                zmin=0,
                zmax=100,
                xgap=3,
                ygap=3,
                colorscale=screen.colour_scale(look.theme.sequential),
                colorbar=bar,
                hovertext=hover,
                hoverinfo="text",
            )
        )
        if count <= MAX_ANNOTATED:
            figure.update_layout(annotations=_annotations(data, look))
        ticks = screen.named_ticks(range(count), data.labels, look)
        figure.update_layout(
            xaxis=screen.axis(Text("Predicted"), look, **ticks, showgrid=False),
            yaxis=screen.axis(Text("Observed"), look, **ticks, showgrid=False, range=[count - 0.5, -0.5]),
        )
        return figure

    def draw_static(self, figure: Figure, data: ConfusionData, look: Look) -> None:
        """Draw the matrix with seaborn."""
        import numpy as np
        import seaborn as sns

        axes = paper.dress(figure.add_subplot(), look, grid="")
        shares = data.shares()
        sns.heatmap(
            np.array(shares),
            ax=axes,
            vmin=0,
            vmax=1,
            cmap=paper.colour_map(look.theme.sequential),
            linewidths=1.6,
            linecolor=look.theme.background,
            cbar_kws=dict(paper.BAR),
            xticklabels=False,
            yticklabels=False,
        )
        count = len(data.labels)
        if count <= MAX_ANNOTATED:
            for i, row in enumerate(data.counts):
                for j, n in enumerate(row):
                    axes.text(
                        j + 0.5,
                        i + 0.5,
                        _cell(n, shares[i][j], count, look, "\n"),
                        ha="center",
                        va="center",
                        fontsize=11 if count <= 6 else 9,
                        color=look.theme.ink_on(at(look.theme.sequential, shares[i][j])),
                    )
        labels = look.paper_ticks(data.labels)
        paper.named(axes, "x", [i + 0.5 for i in range(count)], labels)
        paper.named(axes, "y", [i + 0.5 for i in range(count)], labels)
        paper.titles(axes, look, Text("Predicted"), Text("Observed"))
        paper.dress_bar(figure.axes[-1], look, Text("Share of row"), {v: look.share(v) for v in _MARKS})


def _cell(count: int, share: float, classes: int, look: Look, line: str) -> str:
    """Return what a cell says: rows, and where there is room their share of the observed class."""
    return f"{look.number(count)}{line}{look.share(share)}" if classes <= 6 else look.number(count)


def _annotations(data: ConfusionData, look: Look) -> list[dict[str, Any]]:
    shares = data.shares()
    return [
        {
            "x": j,
            "y": i,
            "text": _cell(n, shares[i][j], len(data.labels), look, "<br>"),
            "showarrow": False,
            "font": {
                "size": 18 if len(data.labels) <= 6 else 15,
                "color": look.theme.ink_on(at(look.theme.sequential, shares[i][j])),
            },
        }
        for i, row in enumerate(data.counts)
        for j, n in enumerate(row)
    ]
