"""Associations are what scipy and statsmodels reckon, for every pair of kinds, and say how sure they are."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.formula.api import ols

from mlp_core.errors import NotApplicable
from mlp_core.kinds import Kind
from mlp_core.profile import MEASURES, Associations, profile
from mlp_core.table import Table

DICE = np.random.default_rng(11)


def related(
    frame: pd.DataFrame, target: str | None = None, kinds: dict[str, Kind] | None = None
) -> Associations:
    return profile(Table.of(frame, name="made", decided=kinds), target=target).associations


@pytest.fixture(scope="module")
def mixed() -> pd.DataFrame:
    """Return 1,500 rows in which everything leans on one hidden number, with gaps and ties."""
    hidden = DICE.normal(size=1500)
    frame = pd.DataFrame(
        {
            "level": hidden + DICE.normal(0, 0.5, 1500),
            "skewed": np.exp(2 * hidden + DICE.normal(0, 1, 1500)),
            "count": DICE.poisson(np.exp(hidden / 2)),
            "falls": -hidden + DICE.normal(0, 2, 1500),
            "town": np.array(["a", "b", "c", "d"])[np.digitize(hidden + DICE.normal(0, 1, 1500), [-1, 0, 1])],
            "trade": DICE.choice(["x", "y", "z"], 1500),
            "member": (hidden + DICE.normal(0, 1, 1500)) > 0,
            "day": np.datetime64("2020-01-01") + (100 * hidden + 1000).astype(int),
            "size": pd.Categorical.from_codes(
                np.digitize(hidden + DICE.normal(0, 1, 1500), [-1, 1]),
                ["small", "medium", "large"],
                ordered=True,
            ),
        }
    )
    frame.loc[DICE.random(1500) < 0.2, "level"] = np.nan
    frame.loc[DICE.random(1500) < 0.1, "skewed"] = np.nan
    frame.loc[DICE.random(1500) < 0.1, "town"] = None
    return frame


@pytest.fixture(scope="module")
def found(mixed: pd.DataFrame) -> Associations:
    return related(mixed, kinds={"size": Kind.ORDERED})


def both(frame: pd.DataFrame, left: str, right: str) -> pd.DataFrame:
    return frame[[left, right]].dropna()


@pytest.mark.parametrize(
    ("left", "right"),
    [("level", "skewed"), ("level", "count"), ("count", "falls"), ("skewed", "falls"), ("falls", "day")],
)
def test_two_numbers_have_the_coefficients_of_scipy(
    mixed: pd.DataFrame, found: Associations, left: str, right: str
) -> None:
    pair, rows = found.between(left, right), both(mixed, left, right)
    assert pair is not None

    one, other = (rows[name].astype("int64") if name == "day" else rows[name] for name in (left, right))
    assert pair.measure == "spearman"
    assert pair.pairs == len(rows)
    assert pair.value == pytest.approx(stats.spearmanr(one, other).statistic, abs=1e-12)
    assert pair.plain == pytest.approx(stats.pearsonr(one, other).statistic, abs=1e-9)
    assert pair.low < pair.value < pair.high


def test_an_ordered_category_goes_by_its_order(mixed: pd.DataFrame, found: Associations) -> None:
    rows = both(mixed, "size", "level")
    pair = found.between("size", "level")
    assert pair is not None

    assert pair.value == pytest.approx(stats.spearmanr(rows["size"].cat.codes, rows["level"]).statistic)
    assert (pair.measure, pair.plain) == ("spearman", None)


@pytest.mark.parametrize("group", ["town", "trade", "member"])
@pytest.mark.parametrize("number", ["level", "count", "skewed"])
def test_a_group_explains_what_a_linear_model_says(
    mixed: pd.DataFrame, found: Associations, group: str, number: str
) -> None:
    pair = found.between(group, number)
    assert pair is not None

    fitted = ols(f"{number} ~ C({group})", both(mixed, group, number)).fit()
    assert pair.measure == "correlation_ratio"
    assert pair.value**2 == pytest.approx(max(0.0, fitted.rsquared_adj), abs=1e-9)
    assert pair.plain**2 == pytest.approx(fitted.rsquared, abs=1e-9)


@pytest.mark.parametrize(("left", "right"), [("town", "member"), ("town", "trade"), ("trade", "member")])
def test_two_groups_have_the_v_of_scipy_with_the_correction_of_bergsma(
    mixed: pd.DataFrame, found: Associations, left: str, right: str
) -> None:
    pair, rows = found.between(left, right), both(mixed, left, right)
    assert pair is not None

    table = pd.crosstab(rows[left], rows[right])
    n, (r, k) = len(rows), table.shape
    square = stats.chi2_contingency(table, correction=False).statistic / n
    fair = max(0.0, square - (r - 1) * (k - 1) / (n - 1))
    least = min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1
    assert pair.measure == "cramers_v"
    assert pair.plain == pytest.approx(stats.contingency.association(table, method="cramer"))
    assert pair.value == pytest.approx((fair / least) ** 0.5)


def test_the_strongest_comes_first_and_the_target_can_be_asked_for(found: Associations) -> None:
    strengths = [pair.strength for pair in found]

    assert strengths == sorted(strengths, reverse=True)
    aimed = found.with_target("town")
    assert [pair.other("town") for pair in aimed][-1] == "trade"
    assert len(aimed) == len(found.columns) - 1
    json.dumps(found.to_json(), allow_nan=False)


def test_a_target_of_several_classes_in_whole_numbers_is_groups() -> None:
    classes = DICE.integers(0, 3, 900)
    frame = pd.DataFrame({"class": classes, "u_shaped": (classes - 1.0) ** 2 + DICE.normal(0, 0.1, 900)})

    plainly, aimed = related(frame).pairs[0], related(frame, target="class").pairs[0]
    assert (plainly.measure, aimed.measure) == ("spearman", "correlation_ratio")
    assert plainly.strength < 0.1
    assert aimed.strength > 0.95


def test_a_target_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotApplicable, match="no column named z"):
        related(pd.DataFrame({"a": [1, 2]}), target="z")


def test_unrelated_columns_stand_near_nothing_whatever_the_number_of_groups() -> None:
    frame = pd.DataFrame(
        {
            "many": DICE.choice([f"g{n}" for n in range(40)], 1000),
            "others": DICE.choice([f"h{n}" for n in range(30)], 1000),
            "number": DICE.normal(size=1000),
        }
    )

    for pair in related(frame):
        assert pair.strength < 0.12
        assert pair.low == 0
        assert pair.plain > pair.value


@pytest.mark.parametrize("strength", [0.0, 0.3, 0.8])
def test_the_intervals_cover(strength: float) -> None:
    """Of 120 samples each, the share whose interval holds what a sample of 200,000 rows has."""

    def drawn(rows: int, seed: int) -> pd.DataFrame:
        dice = np.random.default_rng(seed)
        hidden = dice.normal(size=rows)
        other = strength * hidden + (1 - strength**2) ** 0.5 * dice.normal(size=rows)
        return pd.DataFrame(
            {
                "x": hidden,
                "y": other,
                "g": np.array(["a", "b", "c"])[np.digitize(hidden, [-0.5, 0.5])],
                "h": np.array(["d", "e", "f"])[np.digitize(other, [-0.5, 0.8])],
            }
        )

    pairs = [("x", "y"), ("g", "y"), ("g", "h")]
    truth = {pair: related(drawn(200_000, 1)).between(*pair).value for pair in pairs}
    held = dict.fromkeys(pairs, 0)
    for seed in range(120):
        sample = related(drawn(300, seed + 2))
        for pair in pairs:
            one = sample.between(*pair)
            held[pair] += one.low <= truth[pair] <= one.high
    assert min(held.values()) >= 0.88 * 120, held


def test_a_sample_of_the_rows_says_so_and_is_always_the_same() -> None:
    rows = 40_000
    hidden = DICE.normal(size=rows)
    frame = pd.DataFrame({f"x{n}": hidden + DICE.normal(0, n + 1, rows) for n in range(25)})
    once, again = related(frame), related(frame)

    assert once.estimated
    assert once.rows < once.of_rows == rows
    assert all(pair.estimated and pair.pairs == once.rows for pair in once)
    assert once == again
    exact = stats.spearmanr(frame["x0"], frame["x1"]).statistic
    assert once.between("x0", "x1").value == pytest.approx(exact, abs=0.02)


def test_columns_that_go_with_none_are_named_with_the_reason() -> None:
    frame = pd.DataFrame(
        {
            "gone": [np.nan] * 40,
            "same": ["x"] * 40,
            "name": [f"person {n}" for n in range(40)],
            "x": DICE.normal(size=40),
            "y": DICE.normal(size=40),
        }
    )
    found = related(frame)

    assert {one.column: str(one.why) for one in found.skipped} == {
        "gone": "empty",
        "same": "never varies",
        "name": "names the rows, or free text",
    }
    assert found.columns == ("x", "y")


def test_rare_levels_are_taken_together() -> None:
    codes = DICE.zipf(1.3, 4000) % 300
    frame = pd.DataFrame(
        {"code": [f"c{n}" for n in codes], "value": (codes == 1) + DICE.normal(0, 0.1, 4000)}
    )
    found = related(frame, kinds={"code": Kind.CATEGORY})

    assert found.grouped == ("code",)
    assert found.pairs[0].strength > 0.9


def test_with_very_many_columns_the_target_still_meets_all() -> None:
    frame = pd.DataFrame(DICE.normal(size=(50, 200)), columns=[f"x{n}" for n in range(200)])
    frame["y"] = frame["x150"] * 2
    found = related(frame, target="y")

    assert found.with_target("y")[0].other("y") == "x150"
    assert len(found.with_target("y")) == 200
    assert not related(frame).with_target("y")


@pytest.mark.parametrize(
    "values",
    [
        [np.inf, 1.0, 2.0, -np.inf, 4.0, 5.0, 6.0, np.nan],
        [1e308, -1e308, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
        [5e-324, 0, 1e-300, 0, 0, 0, 1e-310, 0],
        [1, 1, 1, 1, 1, 1, 1, 2],
    ],
)
def test_awkward_numbers_do_not_break_a_measure(values: list[float]) -> None:
    frame = pd.DataFrame({"x": values, "y": range(8), "g": list("aabbaabb")})

    for pair in related(frame):
        assert -1 <= pair.low <= pair.value <= pair.high <= 1


@pytest.mark.parametrize("rows", [0, 1, 4])
def test_few_rows_have_no_associations(rows: int) -> None:
    frame = pd.DataFrame({"x": np.arange(rows) / 2, "y": np.arange(rows) * 1.5})

    assert len(related(frame)) == 0


def test_each_measure_is_named_and_explained() -> None:
    assert set(MEASURES) == {"spearman", "correlation_ratio", "cramers_v"}
    for measure in MEASURES.values():
        assert measure.label.render("fr")
        assert measure.help.render("fr") != measure.help.render("en")
