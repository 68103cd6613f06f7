"""Two columns of numbers against each other, a point per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.charts import paper, points
from mlp_core.charts.chart import CHARTS, Chart
from mlp_core.charts.columns import (
    GROUPS,
    HINTS,
    NUMBERS,
    drawn_kind,
    few_values,
    fitting,
    floats,
    levels_of,
    require,
    require_finite,
    require_rows,
    shown_name,
)
from mlp_core.charts.look import Look
from mlp_core.charts.points import Group, PointsData
from mlp_core.errors import NotApplicable
from mlp_core.kinds import NUMERIC
from mlp_core.params import column_of, switch
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

    from mlp_core.charts.columns import Floats
    from mlp_core.table import Table

MAX_POINTS: Final = 5_000
MAX_GROUPS: Final = 7
FEW_VALUES: Final = 12


@CHARTS.add
@dataclass(frozen=True, kw_only=True)
class Scatter(Chart[PointsData]):
    """Sets two columns of numbers against each other, with a third as colour if you like."""

    id: ClassVar[str] = "scatter"
    label: ClassVar[Text] = Text("Scatter plot")

    x: str = column_of(*NUMBERS, label=Text("Across"))
    y: str = column_of(*NUMBERS, label=Text("Up"))
    colour: str = column_of(*NUMBERS, *GROUPS, label=Text("Colour"), optional=True)
    trend: bool = switch(
        False, label=Text("Trend line"), help=Text("The straight line with the least squared distances.")
    )

    @classmethod
    def suggest(cls, table: Table) -> dict[str, Any]:
        """Return the first two columns of numbers, those with many different values before the others.

        Raises
        ------
        NotApplicable
            There are fewer than two.
        """
        names = fitting(table, *NUMBERS)
        if len(names) < 2:
            raise NotApplicable(
                Text("A scatter plot needs two columns of numbers; this table has {n:n}.", n=len(names)),
                hint=Text("Choose another chart."),
            )

        def repeats(name: str) -> bool:
            return few_values(table.frame[name], FEW_VALUES)

        names.sort(key=repeats)
        return {"x": names[0], "y": names[1]}

    def shape(self, table: Table) -> PointsData:
        """Return at most 5,000 points, and the line through all of them.

        Raises
        ------
        NotApplicable
            A column is not there or does not fit, or no row has a value in both.
        """
        import numpy as np

        require_rows(table)
        for name in (self.x, self.y):
            require(table, name, NUMBERS, HINTS["numbers"])
        if self.colour:
            require(table, self.colour, (*NUMBERS, *GROUPS), HINTS["either"])
        x, y = floats(table.frame[self.x]), floats(table.frame[self.y])
        require_finite(self.x, x)
        require_finite(self.y, y)
        drawable = np.flatnonzero(~np.isnan(x) & ~np.isnan(y))
        if not len(drawable):
            raise NotApplicable(
                Text("No row has both “{x}” and “{y}”.", x=shown_name(self.x), y=shown_name(self.y)),
                hint=Text("Fill the missing values, or choose another pair of columns."),
            )
        notes = []
        if len(drawable) < len(x):
            notes.append(Text("{n:n} {n|row|rows} without both values left out.", n=len(x) - len(drawable)))
        kept = drawable
        if len(drawable) > MAX_POINTS:
            # A fixed seed: the same table always shows the same points.
            kept = np.sort(np.random.default_rng(0).choice(drawable, MAX_POINTS, replace=False))
            notes.insert(0, Text("{n:n} of {all:n} rows drawn at random.", n=MAX_POINTS, all=len(drawable)))
        line = _line(x[drawable], y[drawable], notes) if self.trend else None
        groups, numeric = self._groups(table, kept, x, y)
        return PointsData(
            title=Text("{y} against {x}", x=shown_name(self.x), y=shown_name(self.y)),
            notes=tuple(notes),
            x_label=shown_name(self.x),
            y_label=shown_name(self.y),
            colour_label=shown_name(self.colour) if self.colour else None,
            groups=groups,
            numeric=numeric,
            line=line,
        )

    def _groups(self, table: Table, kept: Any, x: Floats, y: Floats) -> tuple[tuple[Group, ...], bool]:
        """Return the points by colour, and whether the colour is a number."""
        import numpy as np

        if not self.colour:
            return (Group.of(None, x[kept], y[kept]),), False
        column, kind = table.frame[self.colour], drawn_kind(table, self.colour)
        groups = []
        numeric = kind in NUMERIC and column.nunique() > MAX_GROUPS
        if numeric:
            values = floats(column)[kept]
            codes = np.where(np.isnan(values), -1, 0)
            here = kept[codes == 0]
            groups += [Group.of(self.colour, x[here], y[here], values[codes == 0])] if len(here) else []
        else:
            levels = levels_of(column, kind, MAX_GROUPS)
            codes = levels.codes[kept]
            for i, name in enumerate(levels.names):
                groups.append(Group.of(name, x[kept[codes == i]], y[kept[codes == i]]))
        if (codes == -1).any():
            groups.append(
                Group.of(Text("No value"), x[kept[codes == -1]], y[kept[codes == -1]], unknown=True)
            )
        return tuple(groups), numeric

    def height(self, data: PointsData) -> int:
        """Return a height for a cloud of points."""
        return 540

    def draw(self, data: PointsData, look: Look) -> go.Figure:
        """Return the points, coloured, with the line above them."""
        return points.draw_points(data, look, self.height(data))

    def draw_static(self, figure: Figure, data: PointsData, look: Look) -> None:
        """Draw the points with seaborn."""
        points.draw_static_points(paper.dress(figure.add_subplot(), look, grid="both"), data, look)


def _line(x: Floats, y: Floats, notes: list[Text]) -> tuple[float, float, float, float] | None:
    """Return both ends (x, y, x, y) of the least-squares line through all points; None without one."""
    import numpy as np

    across, up = x - x.mean(), y - y.mean()
    spread = float(across @ across)
    # Nothing but rounding is left of a constant column once its mean is gone.
    if len(x) < 2 or np.ptp(x) == 0 or spread == 0:
        notes.append(Text("No trend line: all values across are equal."))
        return None
    slope = float(across @ up) / spread
    ends = (float(x.min()), float(x.max()))
    heights = [float(y.mean()) + slope * (end - float(x.mean())) for end in ends]
    rest = up - slope * across
    total = float(up @ up)
    if total > 0:
        explained = 1 - float(rest @ rest) / total
        notes.append(Text("Trend line: slope {slope:n}, R² = {r2:n}.", slope=slope, r2=round(explained, 4)))
    else:
        notes.append(Text("Trend line: slope {slope:n}.", slope=0))
    return ends[0], heights[0], ends[1], heights[1]
