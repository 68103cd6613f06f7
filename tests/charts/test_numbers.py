"""What charts show is true, by pandas, NumPy, SciPy and statsmodels."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from mlp_core.charts import draw, shape_chart, suggest
from mlp_core.charts.tiles import tiles_of
from mlp_core.errors import NotApplicable
from mlp_core.table import Table
from mlp_core.text import Text


def table(**columns: object) -> Table:
    return Table.of(pd.DataFrame(columns), name="t")


# Missing values


def test_missing_shares_are_those_of_pandas(messy: pd.DataFrame) -> None:
    data = shape_chart("missing", Table.of(messy, name="m"))
    assert dict(zip(data.columns, data.shares, strict=True)) == pytest.approx(dict(messy.isna().mean()))
    shown = np.array(data.blocks)
    assert shown.shape == (len(messy.columns), len(messy))
    assert (shown == messy.isna().to_numpy().T).all()


def test_blocks_of_many_rows_hold_every_missing_value_once() -> None:
    gaps = np.random.default_rng(0).random(12_345) < 0.3
    data = shape_chart("missing", table(a=np.where(gaps, np.nan, 1.5)))
    assert len(data.blocks[0]) == 200
    assert np.dot(data.blocks[0], np.diff(data.edges)) == pytest.approx(gaps.sum(), abs=1)


def test_with_too_many_columns_the_worst_are_kept_in_table_order() -> None:
    frame = pd.DataFrame(np.ones((10, 90)), columns=[f"c{i:02}" for i in range(90)])
    frame.loc[3, ["c89", "c40", "c05"]] = np.nan
    data = shape_chart("missing", Table.of(frame, name="t"))
    assert [name for name in data.columns if name in {"c05", "c40", "c89"}] == ["c05", "c40", "c89"]
    assert len(data.columns) == 60
    assert any("60 of 90" in str(note) for note in data.notes)


# Histograms


def test_bars_are_those_of_numpy() -> None:
    values = np.random.default_rng(0).normal(size=5000)
    (panel,) = shape_chart("histogram", table(a=values), column="a", bins=17).panels
    counts, edges = np.histogram(values, bins=17)
    assert panel.counts == tuple(counts)
    assert panel.edges == pytest.approx(tuple(edges))


def test_missing_and_infinite_values_are_left_out_and_said() -> None:
    data = shape_chart("histogram", table(a=[1.5, 2.5, np.nan, np.nan, np.inf]), column="a")
    assert sum(data.panels[0].counts) == 2
    assert [str(note) for note in data.notes] == [
        "2 missing values left out.",
        "1 value left out as infinite or beyond drawing.",
    ]


@pytest.mark.parametrize("bins", [2, 3, 7, 30, 200])
def test_whole_numbers_are_never_cut_and_share_bars_evenly(bins: int) -> None:
    values = np.random.default_rng(1).integers(-20, 100, 3000)
    (panel,) = shape_chart("histogram", table(a=values), column="a", bins=bins).panels
    assert len(panel.counts) <= bins
    widths = np.diff(panel.edges)
    assert (widths == widths[0]).all()
    assert widths[0] == int(widths[0])
    assert panel.counts == tuple(np.histogram(values, bins=panel.edges)[0])
    assert sum(panel.counts) == 3000


def test_few_whole_numbers_have_a_bar_each() -> None:
    (panel,) = shape_chart("histogram", table(cylinders=[4, 4, 8, 6, 4, 8]), column="cylinders").panels
    assert panel.counts == (3, 0, 1, 0, 2)
    assert panel.each(20) == [4, 5, 6, 7, 8]


def test_groups_are_counted_as_pandas_counts_them_and_the_rest_together() -> None:
    letters = pd.Series(list("abcdefghijklmnopqrstuvwxyz")).repeat(range(30, 4, -1)).reset_index(drop=True)
    (panel,) = shape_chart("histogram", table(letter=letters), column="letter").panels
    counts = letters.value_counts()
    assert panel.counts[:20] == tuple(counts.iloc[:20])
    assert panel.names[:3] == ("a", "b", "c")
    assert panel.names[20] == Text("{n:n} other {n|value|values}", n=6)
    assert panel.counts[20] == counts.iloc[20:].sum()


def test_ordered_categories_keep_their_order_and_yes_no_is_said_in_words() -> None:
    sizes = pd.Categorical(["M", "S", "L", "L", "L"] * 4, ["S", "M", "L"], ordered=True)
    frame = table(size=sizes, sold=[True, False, False, True, True] * 4)
    assert shape_chart("histogram", frame, column="size").panels[0].names == ("S", "M", "L")
    sold = shape_chart("histogram", frame, column="sold").panels[0]
    assert [name.render("fr") for name in sold.names] == ["Non", "Oui"]
    assert sold.counts == (8, 12)


def test_all_columns_are_bounded_and_what_is_not_shown_is_said() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(20, 40)), columns=[f"c{i}" for i in range(40)])
    data = shape_chart("histogram", Table.of(frame, name="t"))
    assert [panel.column for panel in data.panels] == [f"c{i}" for i in range(12)]
    assert "12 of 40 columns" in str(data.notes[0])


# Mosaic


def mosaic_frame(levels: tuple[int, ...], rows: int = 900) -> pd.DataFrame:
    generator = np.random.default_rng(5)
    return pd.DataFrame(
        {f"v{i}": generator.choice(list("abcdef")[:n], rows, p=_uneven(n)) for i, n in enumerate(levels)}
    )


def _uneven(n: int) -> np.ndarray:
    weights = np.arange(1, n + 1, dtype=float)
    return weights / weights.sum()


@pytest.mark.parametrize("levels", [(2, 3), (3, 2, 4), (2, 3, 2, 3)])
def test_tiles_are_those_of_statsmodels(levels: tuple[int, ...]) -> None:
    from matplotlib.figure import Figure
    from statsmodels.graphics.mosaicplot import mosaic

    frame = mosaic_frame(levels)
    names = list(frame.columns)
    counts = pd.crosstab([frame[n] for n in names[:-1]], frame[names[-1]])
    array = counts.to_numpy().reshape(levels)
    axes = Figure().add_subplot()
    keys = np.ndindex(*levels)
    cells = {tuple(str(i) for i in key): int(array[key]) for key in keys}
    _, rectangles = mosaic(cells, gap=0, ax=axes)
    ours = {
        tuple(str(i) for i in tile.levels): (tile.x, tile.y, tile.width, tile.height)
        for tile in tiles_of(array)
    }
    assert ours.keys() == {key for key, count in cells.items() if count}
    for key, rectangle in ours.items():
        assert rectangle == pytest.approx(rectangles[key], abs=1e-9)


@pytest.mark.parametrize("levels", [(2, 3), (3, 2, 4), (2, 3, 2, 3)])
def test_areas_are_in_proportion_to_counts_and_tiles_never_overlap(levels: tuple[int, ...]) -> None:
    frame = mosaic_frame(levels)
    data = shape_chart("mosaic", Table.of(frame, name="t"), columns=list(frame.columns))
    areas = np.array([tile.width * tile.height for tile in data.tiles])
    counts = np.array([tile.count for tile in data.tiles])
    assert areas / areas.sum() == pytest.approx(counts / len(frame), rel=1e-9)
    assert counts.sum() == len(frame)
    for i, a in enumerate(data.tiles):
        for b in data.tiles[:i]:
            apart_x = a.x >= b.x + b.width - 1e-12 or b.x >= a.x + a.width - 1e-12
            apart_y = a.y >= b.y + b.height - 1e-12 or b.y >= a.y + a.height - 1e-12
            assert apart_x or apart_y


@pytest.mark.parametrize("levels", [(2, 3), (3, 2, 4)])
def test_residuals_are_those_of_scipy(levels: tuple[int, ...]) -> None:
    from scipy.stats.contingency import expected_freq

    counts = np.random.default_rng(0).integers(1, 60, levels)
    expected = expected_freq(counts)
    for tile in tiles_of(counts):
        here = tile.levels
        assert tile.residual == pytest.approx((counts[here] - expected[here]) / np.sqrt(expected[here]))


def test_many_levels_become_twelve_and_the_others() -> None:
    frame = table(a=[f"v{i % 40}" for i in range(4000)], b=["x", "y"] * 2000)
    data = shape_chart("mosaic", frame, columns=["a", "b"])
    assert len(data.levels[0]) == 13
    assert data.levels[0][-1] == Text("{n:n} other {n|value|values}", n=28)


def test_whole_numbers_with_many_values_are_no_groups() -> None:
    frame = table(a=list(range(100)), b=["x", "y"] * 50)
    with pytest.raises(NotApplicable, match="100 different whole numbers"):
        shape_chart("mosaic", frame, columns=["b", "a"])


def test_rows_with_a_gap_are_left_out_and_said(messy: pd.DataFrame) -> None:
    data = shape_chart("mosaic", Table.of(messy, name="m"), columns=["classe", "insured"])
    complete = messy[["classe", "insured"]].dropna()
    assert data.total == len(complete)
    assert f"{len(messy) - len(complete)} rows" in str(data.notes[0])


# Scatter


def test_the_trend_line_is_that_of_numpy_over_all_rows() -> None:
    generator = np.random.default_rng(0)
    x = generator.normal(1e6, 2, 20_000)
    y = 3 * x + generator.normal(size=20_000)
    data = shape_chart("scatter", table(x=x, y=y), x="x", y="y", trend=True)
    slope, start = np.polyfit(x - x.mean(), y, 1)
    x0, y0, x1, y1 = data.line
    assert (x0, x1) == (x.min(), x.max())
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope)
    assert y0 == pytest.approx(start + slope * (x0 - x.mean()))
    explained = np.corrcoef(x, y)[0, 1] ** 2
    assert next(n for n in data.notes if "r2" in n.values).values["r2"] == pytest.approx(explained, abs=1e-4)


def test_many_points_are_a_fixed_sample_and_said() -> None:
    values = np.random.default_rng(0).normal(size=(9000, 2))
    frame = table(x=values[:, 0], y=values[:, 1])
    one, two = (shape_chart("scatter", frame, x="x", y="y") for _ in range(2))
    assert one == two
    (group,) = one.groups
    assert len(group.x) == 5000
    known = set(map(tuple, values.tolist()))
    assert all(point in known for point in zip(group.x, group.y, strict=True))
    assert "5,000 of 9,000" in str(one.notes[0])


def test_points_are_coloured_by_group_and_the_rest_together() -> None:
    groups = [f"g{i % 12}" for i in range(240)]
    groups[5] = None
    data = shape_chart(
        "scatter", table(x=np.arange(240) / 7, y=np.arange(240) / 3, g=groups), x="x", y="y", colour="g"
    )
    assert len(data.groups) == 9
    assert str(data.groups[7].name) == "5 other values"
    assert data.groups[8].unknown
    assert sum(len(group.x) for group in data.groups) == 240


def test_a_number_colours_by_scale(typical: Table) -> None:
    data = shape_chart("scatter", typical, x="weight", y="weight", colour="height")
    coloured, unknown = data.groups
    assert data.numeric
    height = typical.frame["height"]
    assert sorted(coloured.values) == sorted(height.dropna())
    assert len(unknown.x) == height.isna().sum()


def test_a_vertical_cloud_has_no_trend_line() -> None:
    data = shape_chart("scatter", table(x=[0.1] * 9, y=np.arange(9.0)), x="x", y="y", trend=True)
    assert data.line is None
    assert "No trend line" in str(data.notes[-1])


# Correlations


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_coefficients_are_those_of_pandas_pair_by_pair(method: str, gaps: float) -> None:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(400, 5)) + generator.normal(size=(400, 1))
    values[:, 1] = values[:, 1].round()
    values[generator.random(values.shape) < gaps] = np.nan
    frame = pd.DataFrame(values, columns=list("abcde"))
    data = shape_chart("correlation", Table.of(frame, name="t"), method=method)
    assert np.array(data.matrix) == pytest.approx(frame.corr(method=method).to_numpy(), abs=1e-12)


def test_infinite_values_count_as_missing_in_a_correlation() -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(50, 2)), columns=["a", "b"])
    holed = frame.copy()
    holed.loc[3, "a"] = np.inf
    data = shape_chart("correlation", Table.of(holed, name="t"))
    assert data.matrix[0][1] == pytest.approx(frame.drop(index=3).corr().loc["a", "b"])


def test_two_common_rows_are_no_correlation() -> None:
    data = shape_chart("correlation", table(a=[1.5, 2.0, np.nan, 4.0], b=[np.nan, 3.5, 3.0, 1.0]))
    assert np.isnan(data.matrix[0][1])
    assert data.to_json()["matrix"][0][1] is None


def test_columns_that_do_not_vary_are_left_out_and_named() -> None:
    data = shape_chart("correlation", table(a=[1.5, 2, 3], flat=[0.1] * 3, b=[3.5, 2, 1]))
    assert data.columns == ("a", "b")
    assert "flat" in str(data.notes[0])


@pytest.mark.parametrize(("columns", "numbers"), [(14, 196), (15, 0)])
def test_numbers_are_written_where_cells_have_room(columns: int, numbers: int) -> None:
    values = np.random.default_rng(0).normal(size=(30, columns))
    frame = pd.DataFrame(values, columns=[f"c{i}" for i in range(columns)])
    assert len(draw("correlation", Table.of(frame, name="t")).layout.annotations) == numbers


# Size


@pytest.mark.slow
def test_a_million_rows_take_about_a_second_and_a_small_figure() -> None:
    generator = np.random.default_rng(0)
    rows = 1_000_000
    columns: dict[str, object] = {f"n{i}": generator.normal(size=rows) for i in range(14)}
    columns |= {f"i{i}": generator.integers(0, 9, rows) for i in range(3)}
    columns |= {f"c{i}": pd.Series(generator.choice(["a", "b", "c"], rows)) for i in range(3)}
    large = table(**columns)
    for id_, given in (
        ("missing", {}),
        ("histogram", {}),
        ("mosaic", {"columns": ["c0", "c1", "i0"]}),
        ("scatter", {"x": "n0", "y": "n1", "colour": "c0", "trend": True}),
        ("correlation", {}),
        ("correlation", {"method": "spearman"}),
        ("correlation", {"method": "kendall"}),
    ):
        began = time.process_time()
        shape_chart(id_, large, **given)
        assert time.process_time() - began < 3, (id_, given)
        assert len(draw(id_, large, **{**suggest(id_, large), **given}).to_json()) < 1_000_000
