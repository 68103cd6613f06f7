"""Joining another table: pandas' own answers, and never a row more or less."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from credit import Bank, bank

from mlp_core.clean import DropMissing, JoinTable, Recipe, join_of, operation_from_json
from mlp_core.clean.lookup import MOST_CELLS, looked_up, make_lookup
from mlp_core.clean.operation import operation_from_state
from mlp_core.errors import InvalidParameter, NotApplicable
from mlp_core.kinds import Kind
from mlp_core.read.linked import reached
from mlp_core.read.relate import relate
from mlp_core.table import Table


@pytest.fixture(scope="module")
def of_bank() -> Bank:
    return bank()


def joining(other: Table, keys: object = "id", other_keys: object = "id", **fields: object) -> JoinTable:
    def several(names: object) -> tuple[str, ...]:
        return (names,) if isinstance(names, str) else tuple(names)

    return JoinTable(
        table=other.fingerprint,
        name=other.name,
        keys=several(keys),
        other_keys=several(other_keys),
        other=other,
        **fields,
    )


def joined(left: Table, step: JoinTable) -> pd.DataFrame:
    out = Recipe([step]).apply(left).frame
    assert len(out) == len(left.frame)
    pd.testing.assert_frame_equal(out[list(left.frame)], left.frame)
    return out


def same(ours: pd.Series, theirs: pd.Series) -> None:
    """Compare values and gaps, whatever the dtype that holds them."""
    assert ours.isna().tolist() == theirs.isna().tolist()
    if pd.api.types.is_numeric_dtype(theirs.dtype) and not pd.api.types.is_bool_dtype(theirs.dtype):
        np.testing.assert_allclose(ours.dropna().to_numpy(float), theirs.dropna().to_numpy(float), rtol=1e-12)
    else:
        assert ours.dropna().tolist() == theirs.dropna().tolist()


def of_every_kind(rows: int, seed: int) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "number": generator.normal(size=rows),
            "whole": generator.integers(-(2**62), 2**62, rows),
            "gappy": pd.array(generator.integers(0, 9, rows), dtype="Int64"),
            "word": pd.Series(generator.choice(["a", "é", "", "🙂", "it's"], rows), dtype="str"),
            "yes": generator.random(rows) < 0.5,
            "perhaps": pd.array(generator.random(rows) < 0.5, dtype="boolean"),
            "when": pd.Timestamp("1960-01-01") + pd.to_timedelta(generator.integers(0, 10**6, rows), "min"),
            "long": pd.to_timedelta(generator.integers(0, 10**6, rows), "s"),
        }
    )
    for name in ("number", "gappy", "word", "perhaps", "when", "long"):
        frame.loc[generator.random(rows) < 0.15, name] = None
    return frame


KEYS = {
    "whole numbers": lambda n: np.arange(n) * 7 - 30,
    "decimals that are whole": lambda n: np.arange(n) * 1.0,
    "decimals": lambda n: np.arange(n) / 4,
    "words": lambda n: pd.Series([f"clé {k:03d}" for k in range(n)], dtype="str"),
    "codes with leading zeros": lambda n: pd.Series([f"{k:05d}" for k in range(n)], dtype="str"),
    "dates": lambda n: pd.date_range("1999-12-30", periods=n, freq="D"),
    "huge numbers": lambda n: np.arange(n) + 2**55,
}


@pytest.mark.parametrize("kind", KEYS)
def test_a_lookup_brings_what_a_merge_brings(kind: str) -> None:
    generator = np.random.default_rng(1)
    right = (
        of_every_kind(60, 2).assign(id=KEYS[kind](60)).sample(frac=1, random_state=3).reset_index(drop=True)
    )
    left = pd.DataFrame({"id": pd.Series(KEYS[kind](80))}).sample(120, replace=True, random_state=4)
    left = left.assign(x=generator.normal(size=120)).reset_index(drop=True)
    other = Table.of(right, name="right")
    out = joined(Table.of(left, name="left"), joining(other))
    expected = left.merge(right, on="id", how="left")
    assert list(out) == list(expected)
    for name in right.columns.drop("id"):
        if name == "whole":
            found = out["whole"].notna()
            assert (out["whole"][found] == expected["whole"][found]).all()
        else:
            same(out[name], expected[name])


def test_several_columns_are_one_key(of_bank: Bank) -> None:
    payments = of_bank.payments.frame
    left = payments[["SK_ID_BUREAU", "MONTHS_BALANCE"]].sample(200, random_state=1, replace=True)
    left = left.assign(MONTHS_BALANCE=left["MONTHS_BALANCE"].where(np.arange(200) % 9 > 0, -50))
    left = left.astype({"SK_ID_BUREAU": float}).reset_index(drop=True)
    left.loc[7, "SK_ID_BUREAU"] = None
    on = ["SK_ID_BUREAU", "MONTHS_BALANCE"]
    out = joined(Table.of(left, name="l"), joining(of_bank.payments, on, on))
    same(out["paid"], left.merge(payments, on=on, how="left")["paid"])
    assert out["paid"].isna().sum() == 1 + len(range(0, 200, 9)) - (7 % 9 == 0)


def test_summaries_are_those_of_groupby(of_bank: Bank) -> None:
    bureau = of_bank.bureau
    step = joining(
        bureau,
        "SK_ID_CURR",
        "sk_id_curr",
        how="aggregate",
        numbers=("mean", "min", "max", "sum", "last"),
        categories=("share", "distinct", "mode", "last"),
    )
    out = joined(of_bank.applications, step)
    groups = bureau.frame.groupby("sk_id_curr")
    expected = groups.agg(
        debt_mean=("debt", "mean"),
        debt_min=("debt", "min"),
        debt_max=("debt", "max"),
        debt_sum=("debt", lambda cells: cells.sum(min_count=1)),
        debt_last=("debt", "last"),
        days_overdue_sum=("days_overdue", "sum"),
        opened_min=("opened", "min"),
        opened_max=("opened", "max"),
        active_distinct=("active", "nunique"),
        active_mode=("active", lambda cells: cells.mode().iloc[0]),
        active_last=("active", "last"),
        active_share_Sold=("active", lambda cells: (cells == "Sold").mean()),
    )
    ids = of_bank.applications.frame["SK_ID_CURR"]
    for name in expected:
        same(out[f"bureau_{name}"], ids.map(expected[name]))
    assert (out["bureau_count"] == ids.map(groups.size()).fillna(0)).all()
    shares = [name for name in out if name.startswith("bureau_active_share_")]
    assert out[shares].sum(axis=1, min_count=1).dropna().round(12).eq(1).all()
    assert not any("SK_ID_BUREAU" in name for name in out), "what numbers its rows says nothing of a key"


def test_the_last_row_is_that_of_the_highest_and_of_equals_the_later(of_bank: Bank) -> None:
    bureau = of_bank.bureau.frame.assign(day=lambda f: f["opened"].dt.year)
    other = Table.of(bureau, name="bureau")
    step = joining(
        other,
        "SK_ID_CURR",
        "sk_id_curr",
        how="aggregate",
        columns=("debt", "active"),
        numbers=("last",),
        categories=("last",),
        by="day",
    )
    out = joined(of_bank.applications, step)
    ordered = bureau.sort_values("day", kind="stable").groupby("sk_id_curr").last()
    ids = of_bank.applications.frame["SK_ID_CURR"]
    same(out["bureau_debt_last"], ids.map(ordered["debt"]))
    same(out["bureau_active_last"], ids.map(ordered["active"]))


def test_the_column_that_orders_may_be_brought_too_and_the_key_as_well(of_bank: Bank) -> None:
    fields = {"how": "aggregate", "numbers": ("last",), "categories": ("last",), "by": "opened"}
    every = joined(of_bank.applications, joining(of_bank.bureau, "SK_ID_CURR", "sk_id_curr", **fields))
    one = joining(of_bank.bureau, "SK_ID_CURR", "sk_id_curr", columns=("debt", "sk_id_curr"), **fields)
    out = joined(of_bank.applications, one)
    same(out["bureau_debt_last"], every["bureau_debt_last"])
    known = out["bureau_sk_id_curr_last"].dropna()
    assert (known == out.loc[known.index, "SK_ID_CURR"]).all()


def test_yes_and_no_are_a_key_with_and_without_gaps() -> None:
    left = pd.DataFrame({"id": pd.array([True, None, False, True], dtype="boolean")})
    right = Table.of(pd.DataFrame({"id": [True, True, False], "v": [1.0, 2.0, 5.0]}), name="r")
    out = joined(Table.of(left, name="l"), joining(right, how="aggregate"))
    assert out["r_count"].tolist() == [2, 0, 1, 2]


def test_durations_are_no_key() -> None:
    other = Table.of(pd.DataFrame({"id": pd.to_timedelta(range(4), unit="h"), "v": 1.5}), name="r")
    for how in ("lookup", "aggregate"):
        with pytest.raises(NotApplicable, match="no key"):
            Recipe([joining(other, how=how)]).apply(other)


def test_kinds_decide_what_is_asked() -> None:
    frame = of_every_kind(300, 5).assign(
        id=np.arange(300) % 20, text=[f"note {n} of many words" for n in range(300)]
    )
    other = Table.of(frame, name="r", decided={"gappy": Kind.CATEGORY})
    left = Table.of(pd.DataFrame({"id": range(25)}), name="l")
    out = joined(left, joining(other, how="aggregate"))
    assert {"r_count", "r_number_mean", "r_yes_share", "r_when_min", "r_when_max", "r_long_max"} <= set(out)
    assert "r_gappy_mean" not in out
    assert "r_gappy_share_3" in out
    assert "r_text_distinct" in out
    groups = frame.groupby("id")
    same(out["r_yes_share"], out["id"].map(groups["yes"].mean()))
    same(out["r_perhaps_share"], out["id"].map(groups["perhaps"].mean()).astype(float))
    same(out["r_when_max"], out["id"].map(groups["when"].max()))
    same(out["r_long_max"], out["id"].map(groups["long"].max()))
    assert out["r_count"].tolist()[-5:] == [0] * 5


@pytest.mark.parametrize("seed", range(12))
def test_no_row_is_ever_made_or_lost(seed: int) -> None:
    generator = np.random.default_rng(seed)
    rows, others = int(generator.integers(0, 60)), int(generator.integers(0, 60))
    width = int(generator.integers(1, 4))
    names = [f"k{n}" for n in range(width)]

    def keys(count: int) -> pd.DataFrame:
        frame = pd.DataFrame(
            {name: generator.integers(0, 4, count).astype(float) for name in names}, columns=names
        )
        return frame.mask(generator.random(frame.shape) < 0.2)

    left = keys(rows).assign(x=1).sample(frac=1, random_state=seed)
    right = keys(others).assign(y=generator.normal(size=others))
    step = joining(Table.of(right, name="r"), names, names, how="aggregate", numbers=("sum",))
    out = step.apply(left, step.learn(left))
    assert out.index.equals(left.index)
    known = right.dropna(subset=names)
    sums = (
        known.groupby(names)["y"].agg(["sum", "size"]).reset_index()
        if others
        else known.assign(sum=0.0, size=0)
    )
    expected = left.merge(sums, on=names, how="left") if len(sums) else left.assign(sum=np.nan, size=np.nan)
    # A merge takes a gap for a key; here it belongs to nothing.
    gap = left[names].isna().any(axis=1).to_numpy()
    np.testing.assert_allclose(
        out["r_y_sum"].to_numpy(float), np.where(gap, np.nan, expected["sum"].to_numpy(float)), atol=1e-12
    )
    assert (out["r_count"].to_numpy() == np.where(gap, 0, expected["size"].fillna(0))).all()


def test_looking_up_several_rows_is_refused_with_the_rows_a_merge_would_make(of_bank: Bank) -> None:
    step = joining(of_bank.bureau, "SK_ID_CURR", "sk_id_curr")
    merged = of_bank.applications.frame.merge(
        of_bank.bureau.frame, left_on="SK_ID_CURR", right_on="sk_id_curr", how="left"
    )
    with pytest.raises(NotApplicable, match=f"would make {len(merged)} rows out of 300") as refused:
        Recipe([step]).apply(of_bank.applications)
    assert "per key" in refused.value.render("en")
    assert refused.value.render("fr") != refused.value.render("en")


def test_a_relation_proposes_the_step_that_fits_it(of_bank: Bank) -> None:
    many = join_of(
        relate(of_bank.applications, of_bank.bureau)[0], of_bank.bureau, of_bank.applications.kinds
    )
    one = join_of(
        relate(of_bank.applications, of_bank.branches)[0], of_bank.branches, of_bank.applications.kinds
    )
    assert (many.how, one.how) == ("aggregate", "lookup")
    out = Recipe([many, one]).apply(of_bank.applications).frame
    assert tuple(out.columns[len(of_bank.applications.kinds) :]) == (*many.new_columns(), *one.new_columns())
    assert out.columns.is_unique


def test_names_that_clash_begin_with_the_other_table() -> None:
    left = Table.of(pd.DataFrame({"id": range(12), "city": list("abcdefghijkl")}), name="people.csv")
    right = Table.of(
        pd.DataFrame({"id": range(12), "city": list("mnopqrstuvwx"), "z": 1.5}), name="homes.csv"
    )
    relation = relate(left, right)[0]
    with pytest.raises(NotApplicable, match="already has a column city"):
        Recipe([joining(right)]).apply(left)
    step = join_of(relation, right, left.kinds)
    assert list(Recipe([step]).apply(left).frame) == ["id", "city", "homes_city", "homes_z"]
    again = join_of(relation, right, [*left.kinds, *step.new_columns()])
    out = Recipe([step, again]).apply(left).frame
    assert out.columns.is_unique
    assert out.shape == (12, 6)


def test_values_that_shorten_to_one_name_keep_apart() -> None:
    words = ["x" * 50 + "1", "x" * 50 + "2"] * 10
    right = Table.of(pd.DataFrame({"id": np.arange(20) % 5, "word": words}), name="r")
    left = Table.of(pd.DataFrame({"id": range(5)}), name="l")
    out = joined(left, joining(right, how="aggregate", categories=("share",)))
    assert out.columns.is_unique
    assert out.shape == (5, 4)


def test_what_the_step_says_and_keeps(of_bank: Bank) -> None:
    step = joining(of_bank.bureau, "SK_ID_CURR", "sk_id_curr", how="aggregate", columns=("debt",))
    again = operation_from_json(step.to_json())
    assert again == step
    assert again.other is None
    with pytest.raises(NotApplicable, match="not in this project"):
        again.learn(of_bank.applications.frame)
    carried = operation_from_state(step.state())
    frame = of_bank.applications.frame
    pd.testing.assert_frame_equal(
        carried.apply(frame, carried.learn(frame)), step.apply(frame, step.learn(frame))
    )
    assert str(step.describe()) == "Sum up bureau.csv per SK_ID_CURR"
    assert step.restricted_to(["x"]) is None


def test_a_step_that_cannot_be_meant_is_refused(of_bank: Bank) -> None:
    with pytest.raises(InvalidParameter, match="2 columns in one table and 1"):
        JoinTable(table="", name="t", keys=("a", "b"), other_keys=("a",))
    with pytest.raises(InvalidParameter, match="cannot be median"):
        joining(of_bank.bureau, "SK_ID_CURR", "sk_id_curr", how="aggregate", numbers=("median",))
    for fields in ({"columns": ("nowhere",)}, {"by": "nowhere", "how": "aggregate"}):
        with pytest.raises(NotApplicable, match="no column nowhere"):
            Recipe([joining(of_bank.bureau, "SK_ID_CURR", "sk_id_curr", **fields)]).apply(
                of_bank.applications
            )
    with pytest.raises(NotApplicable, match="the table has no column nowhere"):
        Recipe([joining(of_bank.branches, "nowhere", "code")]).apply(of_bank.applications)


def test_a_key_of_long_texts_and_too_many_values_are_refused() -> None:
    long = Table.of(pd.DataFrame({"id": ["x" * 5000, "y"], "v": [1.0, 2.0]}), name="r")
    left = Table.of(pd.DataFrame({"id": ["y", "z"]}), name="l")
    with pytest.raises(NotApplicable, match="long texts"):
        Recipe([joining(long)]).apply(left)
    rows = 200_000
    wide = pd.DataFrame({"id": np.arange(rows), **{f"v{n}": 1.5 for n in range(MOST_CELLS // rows + 1)}})
    with pytest.raises(NotApplicable, match="more than a model can carry"):
        Recipe([joining(Table.of(wide, name="r"))]).apply(Table.of(pd.DataFrame({"id": [1]}), name="l"))


def test_rows_that_found_nothing_can_be_dropped_by_a_later_step(of_bank: Bank) -> None:
    step = joining(of_bank.bureau, "SK_ID_CURR", "sk_id_curr", how="aggregate")
    recipe = Recipe([step, DropMissing(columns=("bureau_days_overdue_mean",))])
    found = of_bank.applications.frame["SK_ID_CURR"].isin(of_bank.bureau.frame["sk_id_curr"])
    assert len(recipe.apply(of_bank.applications).frame) == found.sum()
    assert (recipe.surviving_rows(of_bank.applications.frame) == found).all()


def test_the_same_bits_every_time(of_bank: Bank) -> None:
    frame = pd.concat([of_bank.bureau.frame] * 200, ignore_index=True)
    frame["debt"] *= np.random.default_rng(0).lognormal(size=len(frame))
    step = joining(Table.of(frame, name="r"), "SK_ID_CURR", "sk_id_curr", how="aggregate", columns=("debt",))
    first, *others = [step.bound({step.table: step.other}).learn(None) for _ in range(3)]
    for other in others:
        for a, b in zip(first["columns"], other["columns"], strict=True):
            assert a["values"].tobytes() == b["values"].tobytes()


def test_a_lookup_of_nothing_finds_nothing() -> None:
    import pyarrow as pa

    empty = make_lookup(
        [pd.Series([], dtype="int64", name="id")], {"v": (pa.chunked_array([[]], pa.float64()), None)}
    )
    assert looked_up(empty, [pd.Series([1, 2])])["v"].isna().all()
    some = make_lookup([pd.Series([1, 2], name="id")], {"v": (pa.chunked_array([[0.5, 1.5]]), None)})
    assert looked_up(some, [pd.Series([], dtype=object)])["v"].empty
    assert (
        looked_up(some, [pd.Series([2, None, "1", True, 1.5, float("inf")], dtype=object)])["v"].tolist()[0]
        == 1.5
    )


def by_way(of_bank: Bank) -> tuple[JoinTable, pd.DataFrame]:
    """Return the step that sums payments up per applicant, and what pandas makes of them."""
    ((relation, linked),) = reached(of_bank.applications, of_bank.payments, [of_bank.bureau])
    assert (relation.left_columns, relation.right_columns) == (("SK_ID_CURR",), ("sk_id_curr",))
    bridge = of_bank.bureau.frame[["SK_ID_BUREAU", "sk_id_curr"]]
    merged = of_bank.payments.frame.merge(bridge, on="SK_ID_BUREAU", how="left")
    known = merged["sk_id_curr"].isin(of_bank.applications.frame["SK_ID_CURR"])
    assert relation.orphans_right == (~known).sum()
    return join_of(relation, linked, of_bank.applications.kinds), merged


def test_a_table_without_the_key_is_reached_by_way_of_another(of_bank: Bank) -> None:
    step, merged = by_way(of_bank)
    step = replace(step, numbers=("mean", "last", "max"))
    out = joined(of_bank.applications, step)
    expected = merged.groupby("sk_id_curr")["paid"].agg(["mean", "last", "max", "size"])
    ids = of_bank.applications.frame["SK_ID_CURR"]
    for way in ("mean", "last", "max"):
        same(out[f"payments_paid_{way}"], ids.map(expected[way]))
    assert (out["payments_count"] == ids.map(expected["size"]).fillna(0)).all()
    assert not any("BUREAU" in name for name in out), "the link is no value"
    assert "by way of bureau.csv" in str(step.describe())
    again = operation_from_json(step.to_json())
    assert again == step
    assert set(again.needs()) == {of_bank.payments.fingerprint, of_bank.bureau.fingerprint}
    with pytest.raises(NotApplicable, match=r"bureau\.csv is not in this project"):
        again.bound({of_bank.payments.fingerprint: of_bank.payments}).learn(None)
    tables = {table.fingerprint: table for table in (of_bank.payments, of_bank.bureau)}
    pd.testing.assert_frame_equal(joined(of_bank.applications, again.bound(tables)), out)


def test_a_table_in_between_with_several_rows_per_link_is_refused(of_bank: Bank) -> None:
    step, _ = by_way(of_bank)
    twice = Table.of(pd.concat([of_bank.bureau.frame] * 2, ignore_index=True), name="twice")
    with pytest.raises(NotApplicable, match="twice has several rows for one SK_ID_BUREAU"):
        Recipe([replace(step, between=twice, through_name="twice")]).apply(of_bank.applications)
    assert reached(of_bank.applications, of_bank.payments, [twice, of_bank.branches]) == ()


@pytest.mark.slow
def test_a_million_rows_are_summed_up_in_a_few_seconds() -> None:
    generator = np.random.default_rng(0)
    rows = 1_000_000
    right = Table.of(
        pd.DataFrame(
            {
                "id": generator.integers(0, 100_000, rows),
                "kind": generator.choice(["a", "b", "c"], rows),
                **{f"x{n}": generator.normal(size=rows) for n in range(10)},
            }
        ),
        name="r",
    )
    left = Table.of(pd.DataFrame({"id": np.arange(100_000)}), name="l")
    started = time.process_time()
    joined(left, joining(right, how="aggregate"))
    assert time.process_time() - started < 10
