"""Two to four categories at once: each combination a tile whose area is its count of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlp_core.charts.chart import CHARTS, Chart
from mlp_core.charts.columns import (
    GROUPS,
    HINTS,
    drawn_kind,
    few_values,
    group_columns,
    levels_of,
    require,
    require_rows,
    shown_name,
)
from mlp_core.charts.look import Look
from mlp_core.charts.mosaic_view import MosaicData, draw_mosaic, draw_static_mosaic
from mlp_core.charts.tiles import tiles_of
from mlp_core.errors import NotApplicable
from mlp_core.kinds import Kind
from mlp_core.params import choice, columns_of
from mlp_core.text import Text

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from matplotlib.figure import Figure

    from mlp_core.table import Table

MAX_LEVELS: Final = {2: 12, 3: 7, 4: 5}
"""Levels by name per category, the rest being one more: few enough for tiles one can see."""

MOST_DIFFERENT: Final = 12
"""Whole numbers with more different values than this are measurements, not groups."""

_GAP: Final = 0.016


@CHARTS.add
@dataclass(frozen=True, kw_only=True)
class Mosaic(Chart[MosaicData]):
    """Shows how categories combine: the area of each tile is its number of rows."""

    id: ClassVar[str] = "mosaic"
    label: ClassVar[Text] = Text("Mosaic")

    columns: tuple[str, ...] = columns_of(
        *GROUPS,
        Kind.INTEGER,
        label=Text("Categories"),
        least=2,
        help=Text("Two to four, in the order of the cuts."),
    )
    colour: str = choice(
        "first",
        choices={"first": Text("First category"), "residual": Text("Distance from independence")},
        label=Text("Colour"),
        help=Text(
            "Distance from independence shows which combinations are more or less frequent than by chance."
        ),
    )

    @classmethod
    def suggest(cls, table: Table) -> dict[str, Any]:
        """Return the first two columns that make few groups.

        Raises
        ------
        NotApplicable
            There are fewer than two.
        """
        names = group_columns(table, MOST_DIFFERENT)
        # A column with one value cuts nothing, one with many only makes slivers: both come last.
        names.sort(key=lambda name: not 2 <= table.frame[name].nunique() <= MOST_DIFFERENT)
        if len(names) < 2:
            raise NotApplicable(
                Text("A mosaic needs two columns of groups; this table has {n:n}.", n=len(names)),
                hint=Text("Choose another chart."),
            )
        return {"columns": names[:2]}

    def shape(self, table: Table) -> MosaicData:
        """Return one tile per combination that occurs.

        Raises
        ------
        NotApplicable
            There are not two to four different columns, one does not fit, or no row has a value in all.
        """
        import numpy as np

        require_rows(table)
        self._check(table)
        most = MAX_LEVELS[len(self.columns)]
        levels = [levels_of(table.frame[name], drawn_kind(table, name), most) for name in self.columns]
        codes = np.stack([level.codes for level in levels])
        complete = np.all(codes >= 0, axis=0)
        total = int(complete.sum())
        if not total:
            raise NotApplicable(
                Text(
                    "No row has a value in each of {names:list}.", names=[shown_name(c) for c in self.columns]
                ),
                hint=Text("Fill the missing values, or choose other columns."),
            )
        shape = tuple(len(level.names) for level in levels)
        flat = np.ravel_multi_index(tuple(codes[:, complete]), shape)
        counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
        inner = [shown_name(name) for name in self.columns[2:]]
        notes = [Text("In the tiles: {names:list}, and the share of all rows.", names=inner)] if inner else []
        if total < len(complete):
            notes.append(Text("{n:n} {n|row|rows} with a missing value left out.", n=len(complete) - total))
        if self.colour == "residual":
            notes.append(Text("Colour: Pearson residual; beyond ±2 a combination is unusual."))
        return MosaicData(
            title=Text("Mosaic of {names:list}", names=[shown_name(name) for name in self.columns]),
            notes=tuple(notes),
            columns=self.columns,
            levels=tuple(level.names for level in levels),
            tiles=tuple(tiles_of(counts, _GAP)),
            total=total,
            by_residual=self.colour == "residual",
        )

    def _check(self, table: Table) -> None:
        if not 2 <= len(set(self.columns)) == len(self.columns) <= max(MAX_LEVELS):
            raise NotApplicable(
                Text("A mosaic takes two to four different columns, not {n:n}.", n=len(self.columns))
                if len(set(self.columns)) == len(self.columns)
                else Text("A mosaic takes each column once."),
                hint=Text("Choose two to four categories."),
            )
        for name in self.columns:
            require(table, name, (*GROUPS, Kind.INTEGER), HINTS["groups"])
            if drawn_kind(table, name) is Kind.INTEGER and not few_values(table.frame[name], MOST_DIFFERENT):
                raise NotApplicable(
                    Text(
                        "Column “{name}” holds {n:n} different whole numbers, too many for groups.",
                        name=shown_name(name),
                        n=int(table.frame[name].nunique()),
                    ),
                    hint=HINTS["groups"],
                )

    def height(self, data: MosaicData) -> int:
        """Return a height for a square of tiles."""
        return 600

    def draw(self, data: MosaicData, look: Look) -> go.Figure:
        """Return the tiles as bars that begin and end where the layout says."""
        return draw_mosaic(data, look, self.height(data))

    def draw_static(self, figure: Figure, data: MosaicData, look: Look) -> None:
        """Draw the tiles with matplotlib; seaborn has no mosaic."""
        draw_static_mosaic(figure, data, look)
