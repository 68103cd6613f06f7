"""Models side by side: their scores, the uncertainty of each, and the baseline they must beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

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
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

MAX_MODELS: Final = 30
_ROW_PIXELS: Final = 46


@dataclass(frozen=True, kw_only=True)
class Score:
    """One model's score; ``low`` and ``high`` are its value where no interval is known."""

    label: Label
    value: float
    low: float
    high: float
    baseline: bool


@dataclass(frozen=True, kw_only=True)
class LeaderboardData(ChartData):
    """Scores, best first."""

    metric: Label
    scores: tuple[Score, ...]

    def baseline(self) -> float | None:
        """Return the score to beat, if one is known."""
        return next((score.value for score in self.scores if score.baseline), None)


@EVALUATION_CHARTS.add
@dataclass(frozen=True, kw_only=True)
class LeaderboardChart(EvaluationChart[LeaderboardData]):
    """Compares the models' scores with their intervals and with the baseline."""

    id: ClassVar[str] = "leaderboard"
    label: ClassVar[Text] = Text("Scores with intervals")

    def shape(self, data: Document) -> LeaderboardData:
        """Return the scores, best first; the best thirty and the baseline where there are more.

        Raises
        ------
        NotApplicable
            There is no finite score.
        """
        scores = [score for row in data["rows"] if (score := _score(row)) is not None]
        if not scores:
            raise nothing_to_draw()
        better = bool(data["greater_is_better"])
        scores.sort(key=lambda score: -score.value if better else score.value)
        shown = scores[:MAX_MODELS]
        shown += [score for score in scores[MAX_MODELS:] if score.baseline][:1]
        notes = [Text("Greater is better.") if better else Text("Smaller is better.")]
        if any(score.baseline for score in shown):
            notes.append(Text("The dashed line is the baseline."))
        if len(shown) < len(scores):
            notes.append(Text("{n:n} of {all:n} models shown.", n=len(shown), all=len(scores)))
        metric = label_of(data["metric"])
        return LeaderboardData(
            title=Text("{metric} per model", metric=metric),
            notes=tuple(notes),
            metric=metric,
            scores=tuple(shown),
        )

    def height(self, data: LeaderboardData) -> int:
        """Return a height that gives each model its line."""
        return 190 + _ROW_PIXELS * max(3, len(data.scores))

    def draw(self, data: LeaderboardData, look: Look) -> go.Figure:
        """Return a point and an interval per model."""
        import plotly.graph_objects as go

        theme = look.theme
        figure = screen.canvas(data, look, self.height(data))
        for i, score in enumerate(data.scores):
            colour = theme.muted if score.baseline else theme.primary
            written = look.screen(_written(score, look))
            figure.add_trace(
                go.Scatter(
                    x=[score.low, score.high],
                    y=[i, i],
                    mode="lines",
                    line={"color": colour, "width": 7},
                    opacity=0.35,
                    hoverinfo="skip",
                )
            )
            figure.add_trace(
                go.Scatter(
                    x=[score.value],
                    y=[i],
                    mode="markers",
                    marker={"size": 15, "color": colour, "line": {"color": theme.background, "width": 2}},
                    hovertext=f"<b>{look.screen(score.label)}</b><br>{look.screen(data.metric)}: {written}",
                    hoverinfo="text",
                )
            )
        line = data.baseline()
        if line is not None:
            figure.add_vline(x=line, line={"color": theme.accent, "dash": "dash", "width": 2}, layer="below")
        ticks = screen.named_ticks(range(len(data.scores)), [score.label for score in data.scores], look)
        ticks["ticktext"] = look.ticks([score.label for score in data.scores], 34)
        figure.update_layout(
            showlegend=False,
            xaxis=screen.axis(data.metric, look, nticks=7),
            yaxis={**ticks, "range": [len(data.scores) - 0.5, -0.5], "showgrid": False},
        )
        figure.update_yaxes(tickfont={"color": theme.ink})
        return figure

    def draw_static(self, figure: Figure, data: LeaderboardData, look: Look) -> None:
        """Draw points with seaborn over their intervals."""
        import seaborn as sns

        theme = look.theme
        axes = paper.dress(figure.add_subplot(), look, grid="x")
        places = list(range(len(data.scores)))
        colours = [theme.muted if score.baseline else theme.primary for score in data.scores]
        axes.hlines(
            places,
            [score.low for score in data.scores],
            [score.high for score in data.scores],
            colors=colours,
            linewidths=5,
            alpha=0.35,
            capstyle="round",
        )
        sns.scatterplot(
            x=[score.value for score in data.scores],
            y=places,
            ax=axes,
            s=95,
            c=colours,
            edgecolor=theme.background,
            linewidth=1.2,
            legend=False,
            zorder=3,
        )
        line = data.baseline()
        if line is not None:
            axes.axvline(line, color=theme.accent, linestyle="--", linewidth=1.5, zorder=0)
        paper.named(axes, "y", places, look.paper_ticks([score.label for score in data.scores], 34))
        axes.set_ylim(len(places) - 0.5, -0.5)
        paper.numbers(axes, look, "x")
        paper.titles(axes, look, data.metric)
        axes.tick_params(axis="y", labelcolor=theme.ink)


def _score(row: Document) -> Score | None:
    """Return a row's score; None for a model that has none, as one that failed."""
    import math

    value, low, high = (
        math.nan if row.get(name) is None else float(row[name]) for name in ("value", "low", "high")
    )
    if not math.isfinite(value):
        return None
    return Score(
        label=label_of(row["label"]),
        value=value,
        low=low if math.isfinite(low) else value,
        high=high if math.isfinite(high) else value,
        baseline=bool(row.get("baseline", False)),
    )


def _written(score: Score, look: Look) -> str:
    value = look.number(score.value)
    if score.low == score.high:
        return value
    return f"{value} [{look.number(score.low)} – {look.number(score.high)}]"
