"""The recipe: what each step does, in which order rows and values are found, and what it may learn from."""

from contextlib import nullcontext

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.impute import SimpleImputer

from mlp_core.clean import (
    OPERATIONS,
    ChangeKind,
    ClipOutliers,
    DropColumns,
    DropDuplicates,
    DropMissing,
    FillMissing,
    GroupRare,
    JoinTable,
    LogTransform,
    MarkMissing,
    MendEncoding,
    MergeCategories,
    Operation,
    Recipe,
    Step,
    operation_from_json,
)
from mlp_core.errors import InvalidParameter, NotApplicable
from mlp_core.params import declared
from mlp_core.table import Table

CITIES = Table.of(pd.DataFrame({"city": ["Delphi", "Athens"], "people": [800.0, 643_000.0]}), name="cities")

EXAMPLES: list[Operation] = [
    DropMissing(),
    DropMissing(columns=("age",)),
    DropDuplicates(),
    DropDuplicates(columns=("city",)),
    DropColumns(columns=("city",)),
    FillMissing(columns=("age",), how="mean"),
    FillMissing(how="median"),
    FillMissing(how="most_frequent"),
    FillMissing(columns=("city",), how="value", value="nowhere"),
    *(
        ChangeKind(columns=("age",), kind=kind)
        for kind in ("number", "integer", "category", "text", "ordered")
    ),
    ChangeKind(columns=("city",), kind="ordered", order=("Athens", "Delphi")),
    ChangeKind(columns=("seen",), kind="datetime"),
    ChangeKind(columns=("age",), kind="duration", unit="D"),
    ChangeKind(columns=("ok",), kind="boolean"),
    ChangeKind(columns=("age", "city"), kind="identifier"),
    MarkMissing(values=("20", "athens", "2024-03-01", "true")),
    MarkMissing(columns=("age",), values=("inf", "-999")),
    MergeCategories(column="city", groups=(("Greece", ("Delphi", "Athens")),)),
    GroupRare(columns=("city",), share=0.5),
    GroupRare(),
    MendEncoding(),
    LogTransform(columns=("age",)),
    ClipOutliers(columns=("age",), tail=0.1),
    JoinTable(table=CITIES.fingerprint, name="cities", keys=("city",), other_keys=("city",), other=CITIES),
]


@pytest.fixture
def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age": [20.0, np.nan, 40.0, 20.0, np.nan, 70.0],
            "city": ["Delphi", "Athens", None, "Delphi", "Athens", "Delphi"],
            "seen": pd.to_datetime(["2024-01-01", None, "2024-03-01", "2024-01-01", None, "2024-05-01"]),
            "ok": pd.Series([True, None, False, True, None, True], dtype=object),
        }
    )


@pytest.fixture
def table(people: pd.DataFrame) -> Table:
    return Table.of(people, name="people")


@pytest.mark.parametrize("operation", EXAMPLES, ids=lambda o: f"{o.id}-{'-'.join(o.named_columns())}")
class TestEveryOperation:
    def test_survives_json(self, operation: Operation) -> None:
        assert operation_from_json(operation.to_json()) == operation

    def test_leaves_its_input_alone(self, operation: Operation, people: pd.DataFrame) -> None:
        before = people.copy(deep=True)
        Recipe([operation]).apply(Table.of(people, name="people"))
        pd.testing.assert_frame_equal(people, before)

    @pytest.mark.parametrize("rows", [0, 1])
    def test_handles_few_rows(self, operation: Operation, people: pd.DataFrame, rows: int) -> None:
        few = Recipe([operation]).apply(Table.of(people.head(rows), name="few"))
        assert len(few.frame) <= rows

    def test_handles_all_missing(self, operation: Operation, people: pd.DataFrame) -> None:
        empty = pd.DataFrame(None, index=range(3), columns=people.columns, dtype=object)
        refused = isinstance(operation, DropMissing)
        with pytest.raises(NotApplicable, match="would remove") if refused else nullcontext():
            out = Recipe([operation]).apply(Table.of(empty, name="empty"))
            assert out.frame.isna().all(axis=None) or operation.to_json()["params"].get("how") == "value"

    def test_transformer_returns_as_many_rows_as_it_is_given(
        self, operation: Operation, people: pd.DataFrame
    ) -> None:
        transformer = clone(Recipe([operation]).transformer()).fit(people)
        assert len(transformer.transform(people.iloc[[1, 4]])) == 2


def test_every_operation_is_in_the_examples() -> None:
    assert {operation.id for operation in EXAMPLES} == set(OPERATIONS.ids())
    assert all(declared(cls) for cls in OPERATIONS)


def test_drop_missing_agrees_with_pandas(table: Table) -> None:
    assert len(Recipe([DropMissing()]).apply(table).frame) == len(table.frame.dropna())
    by_age = Recipe([DropMissing(columns=("age",))]).apply(table).frame
    pd.testing.assert_frame_equal(by_age, table.frame.dropna(subset=["age"]).reset_index(drop=True))


def test_drop_duplicates_keeps_the_first(table: Table) -> None:
    out = Recipe([DropDuplicates()]).apply(table).frame
    pd.testing.assert_frame_equal(out, table.frame.drop_duplicates(keep="first").reset_index(drop=True))


@pytest.mark.parametrize(("how", "strategy"), [("mean", "mean"), ("median", "median")])
def test_fill_agrees_with_scikit_learn(people: pd.DataFrame, how: str, strategy: str) -> None:
    training, new = people.iloc[:4], people.iloc[4:]
    ours = Recipe([FillMissing(columns=("age",), how=how)]).transformer().fit(training).transform(new)
    theirs = SimpleImputer(strategy=strategy).fit(training[["age"]]).transform(new[["age"]])
    np.testing.assert_array_equal(ours["age"].to_numpy(), theirs.ravel())


def test_fill_most_frequent_agrees_with_scikit_learn(people: pd.DataFrame) -> None:
    ours = Recipe([FillMissing(columns=("city",), how="most_frequent")]).transformer().fit_transform(people)
    theirs = SimpleImputer(strategy="most_frequent", missing_values=None).fit_transform(
        people[["city"]].astype(object).where(people[["city"]].notna(), None)
    )
    assert list(ours["city"]) == list(theirs.ravel())


def test_filling_a_number_column_with_a_value_keeps_it_a_number(table: Table) -> None:
    out = Recipe([FillMissing(columns=("age",), how="value", value="1,5")]).apply(table).frame
    assert out["age"].dtype == float
    assert out["age"][1] == 1.5


def test_fill_learns_from_the_rows_it_is_fitted_on_only(people: pd.DataFrame) -> None:
    transformer = Recipe([FillMissing(columns=("age",), how="mean")]).transformer().fit(people.iloc[:4])
    extreme = people.assign(age=people["age"].fillna(1e9)).iloc[4:]
    transformer.transform(extreme)
    assert transformer.transform(people.iloc[[1]])["age"].item() == pytest.approx((20 + 40 + 20) / 3)


def test_which_rows_survive_does_not_depend_on_a_learned_value() -> None:
    frame = pd.DataFrame({"x": [1.0, 3.0, 2.0, np.nan], "y": [0, 0, 0, 0]})
    recipe = Recipe([FillMissing(columns=("x",), how="mean"), DropDuplicates()])
    assert recipe.surviving_rows(frame).all(), "the mean of x is 2: the filled row must not vanish for it"


def test_rows_filled_before_are_not_dropped_as_missing(table: Table) -> None:
    fill_first = Recipe([FillMissing(columns=("age",), how="median"), DropMissing(columns=("age",))])
    drop_first = Recipe([DropMissing(columns=("age",)), FillMissing(columns=("age",), how="median")])
    assert len(fill_first.apply(table).frame) == 6
    assert len(drop_first.apply(table).frame) == 4


def test_filling_twice_and_dropping_after_still_works(table: Table) -> None:
    fill = FillMissing(columns=("age",), how="mean")
    assert len(Recipe([fill, fill, DropMissing(columns=("age",))]).apply(table).frame) == 6


def test_a_step_that_would_empty_the_table_is_refused() -> None:
    table = Table.of(pd.DataFrame({"a": [1.0, np.nan], "b": [np.nan, 1.0]}), name="t")
    with pytest.raises(NotApplicable, match="every one of the 2 rows"):
        Recipe([DropMissing()]).apply(table)


def test_mean_of_words_names_the_column(table: Table) -> None:
    with pytest.raises(NotApplicable, match="Column city holds Category"):
        Recipe([FillMissing(columns=("city",), how="mean")]).apply(table)


def test_a_dropped_column_is_missed_by_a_later_step(table: Table) -> None:
    with pytest.raises(NotApplicable, match="the table has no column age"):
        Recipe([DropColumns(columns=("age",)), FillMissing(columns=("age",))]).apply(table)


def test_drop_columns_needs_one() -> None:
    with pytest.raises(InvalidParameter, match="at least 1"):
        operation_from_json({"id": "drop_columns", "params": {"columns": []}})


def test_trace_tells_rows_and_missing_before_and_after(table: Table) -> None:
    recipe = Recipe([FillMissing(columns=("age",), how="mean"), DropMissing(columns=("city",))])
    fill, drop = recipe.trace(table)
    assert (fill.missing_before, fill.missing_after) == (7, 5)
    assert (drop.rows_before, drop.rows_after) == (6, 5)
    assert drop.missing_after == 4


def test_trace_shows_the_step_that_does_not_fit(table: Table) -> None:
    facts = Recipe([FillMissing(columns=("city",), how="mean"), DropMissing()]).trace(table)
    assert isinstance(facts[0].problem, NotApplicable)
    assert facts[1].problem is None


def test_a_step_that_is_off_changes_nothing(table: Table) -> None:
    recipe = Recipe([Step(DropMissing(), enabled=False)])
    assert recipe.apply(table) is table
    assert recipe.trace(table)[0].rows_after == 6


def test_steps_can_be_replaced_switched_moved_and_removed() -> None:
    a, b, c = DropMissing(), DropDuplicates(), FillMissing()
    recipe = Recipe([a, b, c])
    assert [s.operation for s in recipe.moved(0, 2)] == [b, c, a]
    assert [s.operation for s in recipe.moved(2, -5)] == [c, a, b]
    assert [s.operation for s in recipe.removed(1)] == [a, c]
    assert not recipe.switched(1).steps[1].enabled
    assert recipe.switched(1).replaced(1, c).steps[1] == Step(c, enabled=False)
    assert Recipe.from_json(recipe.switched(0).to_json()) == recipe.switched(0)


def test_steps_on_columns_that_are_no_features_are_skipped_in_the_pipeline(people: pd.DataFrame) -> None:
    recipe = Recipe([DropColumns(columns=("city",)), FillMissing(columns=("age", "target"), how="mean")])
    features = people[["age", "seen"]]
    out = recipe.transformer().fit_transform(features)
    assert list(out.columns) == ["age", "seen"]
    assert out["age"].notna().all()


@pytest.mark.parametrize(("column", "value"), [("flag", "perhaps"), ("seen", "yesterday"), ("age", "old")])
def test_a_value_of_another_kind_is_refused_with_the_column_and_the_value(
    people: pd.DataFrame, column: str, value: str
) -> None:
    people = people.assign(flag=people["ok"].astype("boolean"))
    with pytest.raises(NotApplicable, match=f"Column {column} holds .* “{value}”"):
        Recipe([FillMissing(columns=(column,), how="value", value=value)]).apply(
            Table.of(people, name="people")
        )


def test_a_yes_no_and_a_date_can_be_filled_with_a_value(people: pd.DataFrame) -> None:
    people = people.assign(flag=people["ok"].astype("boolean"))
    steps = [
        FillMissing(columns=("flag",), how="value", value="oui"),
        FillMissing(columns=("seen",), how="value", value="2020-02-29"),
    ]
    out = Recipe(steps).apply(Table.of(people, name="people")).frame
    assert list(out["flag"]) == [True, True, False, True, True, True]
    assert out["seen"][1] == pd.Timestamp("2020-02-29")


def test_every_step_is_checked_before_rows_are_found(people: pd.DataFrame) -> None:
    for steps in (
        [DropColumns(columns=("age",)), FillMissing(columns=("age",), how="mean")],
        [FillMissing(columns=("city",), how="mean")],
        [DropColumns(columns=("nowhere",))],
    ):
        with pytest.raises(NotApplicable):
            Recipe(steps).surviving_rows(people)
