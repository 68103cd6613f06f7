"""How columns of numbers move together, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.charts import paper, screen
from mlp_core.charts.chart import CHARTS, Chart, ChartData
from mlp_core.charts.columns import HINTS, NUMBERS, fitting, floats, require, require_rows, shown_name
from mlp_core.charts.look import Look
from mlp_core.charts.theme import at
from mlp_core.errors import NotApplicable
from mlp_core.params import choice, columns_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

    from mlp_core.table import Table

MAX_COLUMNS: Final = 40
MAX_ANNOTATED: Final = 14
LEAST_PAIRS: Final = 3
"""Two rows always lie on a line, so they say nothing."""

_TINY: Final = 1e-100

_METHODS: Final = {
    "pearson": Text("Pearson: straight lines"),
    "spearman": Text("Spearman: ranks"),
    "kendall": Text("Kendall: agreeing pairs"),
}
_ROWS_TIMES_PAIRS: Final = {"pearson": 300_000_000, "spearman": 6_000_000, "kendall": 2_000_000}
"""Work that stays near a second: ranks must be found again for each pair where values are missing."""


@dataclass(frozen=True, kw_only=True)
class CorrelationData(ChartData):
    """A symmetric matrix of coefficients.

    Attributes
    ----------
    columns : tuple of str
        In table order.
    matrix : tuple of tuple of float
        Of shape (n_columns, n_columns), -1 to 1; NaN where a pair has too few rows or does not vary.
    """

    columns: tuple[str, ...]
    matrix: tuple[tuple[float, ...], ...]


@CHARTS.add
@dataclass(frozen=True, kw_only=True)
class Correlation(Chart[CorrelationData]):
    """Shows how columns of numbers move together, from -1 (opposite) to 1 (together)."""

    id: ClassVar[str] = "correlation"
    label: ClassVar[Text] = Text("Correlation matrix")

    columns: tuple[str, ...] = columns_of(
        *NUMBERS, label=Text("Columns"), help=Text("All columns of numbers where none is chosen.")
    )
    method: str = choice("pearson", choices=_METHODS, label=Text("Method"))

    def shape(self, table: Table) -> CorrelationData:
        """Return the coefficients, each from the rows that have both values.

        Raises
        ------
        NotApplicable
            A column is not there or holds no numbers, or fewer than two columns vary.
        """
        import pandas as pd

        require_rows(table)
        for name in self.columns:
            require(table, name, NUMBERS, HINTS["numbers"])
        wanted = list(dict.fromkeys(self.columns)) or fitting(table, *NUMBERS)
        values: dict[str, Any] = {}
        flat: list[str] = []
        examined = 0
        for name in wanted:
            if len(values) == MAX_COLUMNS:
                break
            examined += 1
            numbers = floats(table.frame[name])
            if _varies(numbers):
                values[name] = numbers
            else:
                flat.append(shown_name(name))
        if len(values) < 2:
            raise NotApplicable(
                Text("A correlation needs two columns of numbers that vary; found {n:n}.", n=len(values)),
                hint=Text("Choose other columns, or another chart."),
            )
        notes = []
        if flat:
            notes.append(Text("Left out because they do not vary: {names:list}.", names=flat))
        if examined < len(wanted):
            notes.append(Text("The first {n:n} of {all:n} columns.", n=len(values), all=len(wanted)))
        # Copy-free: the arrays are this function's own, or views that are only read.
        sampled = _sampled(pd.DataFrame(values, copy=False), self.method, notes)
        matrix = correlations(sampled, self.method)
        return CorrelationData(
            title=Text(
                "{method} correlations in {table}",
                method=self.method.capitalize(),
                table=shown_name(table.name),
            ),
            notes=tuple(notes),
            columns=tuple(values),
            matrix=tuple(tuple(row) for row in matrix.to_numpy().tolist()),
        )

    def height(self, data: CorrelationData) -> int:
        """Return a height at which cells are about square and numbers readable."""
        return 190 + (44 if len(data.columns) <= MAX_ANNOTATED else 24) * max(6, len(data.columns))

    def draw(self, data: CorrelationData, look: Look) -> go.Figure:
        """Return the matrix as a heatmap; with numbers in its cells where they have room."""
        import plotly.graph_objects as go

        figure = screen.canvas(data, look, self.height(data))
        count = len(data.columns)
        names = [look.screen(name, 40) for name in data.columns]
        hover = [
            [f"{names[i]} · {names[j]}<br><b>{_written(data.matrix[i][j], look)}</b>" for j in range(count)]
            for i in range(count)
        ]
        figure.add_trace(
            go.Heatmap(
                x=list(range(count)),
                y=list(range(count)),
                z=[[None if v != v else round(v, 4) for v in row] for row in data.matrix],
                zmin=-1,
                zmax=1,
                xgap=2,
                ygap=2,
                colorscale=screen.colour_scale(look.theme.diverging),
                colorbar=screen.colour_bar(Text("Coefficient"), look, _marks(look)),
                hovertext=hover,
                hoverinfo="text",
            )
        )
        if count <= MAX_ANNOTATED:
            figure.update_layout(annotations=[*_annotations(data, look)])
        ticks = screen.named_ticks(range(count), data.columns, look)
        longest = max(len(shown) for shown in ticks["ticktext"])
        slant = -40 if longest * count > 90 else 0
        figure.update_layout(
            xaxis={**ticks, "showgrid": False, "tickangle": slant},
            yaxis={**ticks, "showgrid": False, "range": [count - 0.5, -0.5]},
        )
        return figure

    def draw_static(self, figure: Figure, data: CorrelationData, look: Look) -> None:
        """Draw the heatmap with seaborn."""
        import numpy as np
        import seaborn as sns

        axes = paper.dress(figure.add_subplot(), look, grid="")
        theme = look.theme
        sns.heatmap(
            np.array(data.matrix),
            ax=axes,
            vmin=-1,
            vmax=1,
            cmap=paper.colour_map(theme.diverging),
            linewidths=1.2,
            linecolor=theme.background,
            cbar_kws=dict(paper.BAR),
            xticklabels=False,
            yticklabels=False,
        )
        count = len(data.columns)
        if count <= MAX_ANNOTATED:
            for i, row in enumerate(data.matrix):
                for j, value in enumerate(row):
                    axes.text(
                        j + 0.5,
                        i + 0.5,
                        _written(value, look),
                        ha="center",
                        va="center",
                        fontsize=paper.TEXT_POINTS,
                        color=_ink(value, look),
                    )
        labels = look.paper_ticks(data.columns)
        paper.named(axes, "y", [i + 0.5 for i in range(count)], labels)
        paper.named(axes, "x", [i + 0.5 for i in range(count)], labels)
        paper.dress_bar(figure.axes[-1], look, Text("Coefficient"), _marks(look))


def correlations(frame: pd.DataFrame, method: str) -> pd.DataFrame:
    """Return the coefficients of the columns of a frame of floats, pair by pair.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Floats; NaN is missing, and a pair uses the rows that have both.
    method : str
        ``"pearson"``, ``"spearman"`` or ``"kendall"`` (tau-b).

    Returns
    -------
    DataFrame of shape (n_columns, n_columns)
        NaN where a pair has fewer than three rows or does not vary.
    """
    import numpy as np
    import pandas as pd

    largest = frame.abs().max()
    if bool((largest < _TINY).any()):
        # Squares of such numbers are zero; a coefficient does not depend on the unit.
        frame = frame / largest
    if method == "kendall" or frame.isna().to_numpy().any():
        return frame.corr(method=method, min_periods=LEAST_PAIRS)  # type: ignore[arg-type]
    if len(frame) < LEAST_PAIRS:
        return pd.DataFrame(np.nan, index=frame.columns, columns=frame.columns)
    # Without gaps ranks are found once per column, not once per pair.
    complete = frame.rank() if method == "spearman" else frame
    matrix = np.corrcoef(complete.to_numpy(), rowvar=False)
    return pd.DataFrame(matrix, index=frame.columns, columns=frame.columns)


def _marks(look: Look) -> dict[float, str]:
    return {value: look.tick(value) for value in (-1, -0.5, 0, 0.5, 1)}


def _varies(numbers: Any) -> bool:
    import numpy as np

    finite = numbers[~np.isnan(numbers)]
    return bool(len(finite)) and bool(finite.min() < finite.max())


def _sampled(frame: pd.DataFrame, method: str, notes: list[Text]) -> pd.DataFrame:
    pairs = len(frame.columns) * (len(frame.columns) - 1) // 2
    most = max(1000, _ROWS_TIMES_PAIRS[method] // pairs)
    if len(frame) <= most:
        return frame
    notes.append(Text("Computed on {n:n} of {all:n} rows, drawn at random.", n=most, all=len(frame)))
    # A fixed seed: the same table always gives the same coefficients.
    return frame.sample(most, random_state=0)


def _written(value: float, look: Look) -> str:
    written = look.decimal(value)
    return written if written.strip("−0.,") else look.decimal(0.0)


def _ink(value: float, look: Look) -> str:
    return (
        look.theme.ink_on(at(look.theme.diverging, (value + 1) / 2)) if value == value else look.theme.muted
    )


def _annotations(data: CorrelationData, look: Look) -> list[dict[str, Any]]:
    return [
        {
            "x": j,
            "y": i,
            "text": _written(value, look),
            "showarrow": False,
            "font": {"size": 15, "color": _ink(value, look)},
        }
        for i, row in enumerate(data.matrix)
        for j, value in enumerate(row)
    ]
