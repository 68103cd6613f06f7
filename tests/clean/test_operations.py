"""Operations that correct values: against pandas, NumPy and texts whose right form is known."""

import json

import numpy as np
import pandas as pd
import pytest

from mlp_core.clean import (
    ChangeKind,
    ClipOutliers,
    DropMissing,
    FillMissing,
    GroupRare,
    LogTransform,
    MarkMissing,
    MendEncoding,
    MergeCategories,
    Operation,
    Recipe,
    operation_from_json,
)
from mlp_core.errors import InvalidParameter, NotApplicable
from mlp_core.kinds import Kind, kind_of
from mlp_core.table import Table


def applied(operation: Operation, **columns: object) -> pd.DataFrame:
    return Recipe([operation]).apply(Table.of(pd.DataFrame(columns), name="made")).frame


def texts(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


# Change the kind


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("number", texts("1,5", "2", "1.234,5", None, "two"), [1.5, 2.0, 1234.5, None, None]),
        ("number", texts("1.5", "1,234.5", "(12)", "1e3", "."), [1.5, 1234.5, -12.0, 1000.0, None]),
        ("number", texts("€ 3", "1 200,50 €", "4"), [3.0, 1200.5, 4.0]),
        ("number", texts("12 %", "50 %", "8"), [12.0, 50.0, 8.0]),
        ("number", texts("12 kg", "3 kg", "30 lb"), [12.0, 3.0, None]),
        ("integer", texts("1", "2.5", "3"), [1, None, 3]),
        ("boolean", texts("Oui", "non", "perhaps", None), [True, False, None, None]),
        ("boolean", pd.Series([1, 0, 7]), [True, False, None]),
        ("category", pd.Series([1.0, 2.5, None]), ["1", "2.5", None]),
        ("text", pd.Series([True, False]), ["True", "False"]),
        ("datetime", texts("2024-02-29", "nothing"), [pd.Timestamp("2024-02-29"), None]),
        (
            "datetime",
            texts("25/12/2023", "01/02/2024"),
            [pd.Timestamp("2023-12-25"), pd.Timestamp("2024-02-01")],
        ),
        (
            "datetime",
            texts("12/25/2023", "01/02/2024"),
            [pd.Timestamp("2023-12-25"), pd.Timestamp("2024-01-02")],
        ),
        (
            "datetime",
            pd.Series([20240229, 20231225]),
            [pd.Timestamp("2024-02-29"), pd.Timestamp("2023-12-25")],
        ),
        ("duration", texts("01:30:00", "2 days", "x"), [pd.Timedelta("90min"), pd.Timedelta("2D"), None]),
        ("duration", pd.Series([1.5, None]), [pd.Timedelta("1.5s"), None]),
    ],
)
def test_cells_are_read_as_the_kind_and_the_others_become_missing(
    kind: str, given: pd.Series, expected: list[object]
) -> None:
    out = applied(ChangeKind(columns=("x",), kind=kind), x=given)["x"]

    assert [None if pd.isna(value) else value for value in out] == expected


@pytest.mark.parametrize("kind", ["number", "integer", "boolean", "datetime", "duration", "ordered"])
def test_the_dtype_says_the_kind_without_being_told(kind: str) -> None:
    given = {
        "number": texts("1,5", "2,25"),
        "boolean": texts("oui", "non", "oui"),
        "datetime": texts("2024-01-01", "2024-01-02"),
        "duration": texts("1:00:00", "2:00:00"),
    }.get(kind, texts("1", "2"))

    assert kind_of(applied(ChangeKind(columns=("x",), kind=kind), x=given)["x"]) == kind


def test_lost_cells_are_counted_and_named() -> None:
    table = Table.of(pd.DataFrame({"x": texts("1", "two", "3", "two", None)}), name="made")
    (fact,) = Recipe([ChangeKind(columns=("x",), kind="number")]).trace(table)

    assert (fact.missing_before, fact.missing_after) == (1, 3)
    assert str(fact.notes[0]) == "x: 2 cells could not be read as “Number” and are missing now: “two”."


def test_a_kind_that_no_cell_has_is_refused() -> None:
    with pytest.raises(NotApplicable, match="x: no value can be read as “Date/time”; it holds “red”"):
        applied(ChangeKind(columns=("x",), kind="datetime"), x=texts("red", "blue"))


@pytest.mark.parametrize(
    ("given", "order", "expected"),
    [
        (texts("low", "high", "medium"), (), ["low", "medium", "high"]),
        (texts("10", "9", "100"), (), ["9", "10", "100"]),
        (texts("b", "c", "a"), ("c", "b", "a"), ["c", "b", "a"]),
    ],
)
def test_ordered_categories_stand_in_their_order(
    given: pd.Series, order: tuple[str, ...], expected: list[str]
) -> None:
    out = applied(ChangeKind(columns=("x",), kind="ordered", order=order), x=given)["x"]

    assert list(out.cat.categories) == expected
    assert out.cat.ordered


def test_categories_of_new_rows_are_those_of_the_training_rows() -> None:
    step = Recipe([ChangeKind(columns=("x",), kind="ordered")]).transformer()
    step.fit(pd.DataFrame({"x": texts("9", "10")}))
    out = step.transform(pd.DataFrame({"x": texts("10", "11")}))["x"]

    assert list(out.cat.categories) == ["9", "10"]
    assert out.isna().tolist() == [False, True]


def test_new_rows_are_read_in_the_notation_of_the_training_rows() -> None:
    recipe = Recipe([ChangeKind(columns=("n",), kind="number"), ChangeKind(columns=("d",), kind="datetime")])
    step = recipe.transformer().fit(
        pd.DataFrame({"n": texts("1,5", "2,75"), "d": texts("25/12/2023", "13/01/2024")})
    )
    out = step.transform(pd.DataFrame({"n": texts("1.234,5"), "d": texts("02/03/2024")}))

    assert out["n"].item() == 1234.5
    assert out["d"].item() == pd.Timestamp("2024-03-02")


def test_what_a_person_decided_holds_through_later_steps() -> None:
    frame = pd.DataFrame({"a": range(40), "b": [f"b{n % 3}" for n in range(40)], "c": np.arange(40) / 7})
    recipe = Recipe(
        [
            ChangeKind(columns=("a",), kind="category"),
            ChangeKind(columns=("b",), kind="text"),
            ChangeKind(columns=("c",), kind="geographic"),
            MarkMissing(values=("b1", "3")),
            LogTransform(columns=("c",)),
        ]
    )
    kinds = recipe.apply(Table.of(frame, name="made")).kinds

    assert (kinds["a"], kinds["b"], kinds["c"]) == (Kind.CATEGORY, Kind.TEXT, Kind.NUMBER)
    assert recipe.decided() == {"a": Kind.CATEGORY, "b": Kind.TEXT}


def test_an_identifier_keeps_its_values() -> None:
    table = Table.of(pd.DataFrame({"x": [1.5, 2.5, 1.5]}), name="made")
    out = Recipe([ChangeKind(columns=("x",), kind="identifier")]).apply(table)

    assert out.kinds["x"] is Kind.IDENTIFIER
    assert out.frame["x"].tolist() == [1.5, 2.5, 1.5]


@pytest.mark.parametrize("kind", ["number", "datetime", "category", "ordered"])
def test_a_filled_cell_is_not_dropped_as_one_that_cannot_be_read(kind: str) -> None:
    good = "2024-01-01" if kind == "datetime" else "5"
    frame = pd.DataFrame({"x": texts(good, None, good, "?"), "y": [1, 2, 3, 4]})
    steps = [
        FillMissing(columns=("x",), how="value", value=good),
        ChangeKind(columns=("x",), kind=kind, order=(good,)),
        DropMissing(columns=("x",)),
    ]

    readable = kind == "category"
    assert Recipe(steps).surviving_rows(frame).tolist() == [True, True, True, readable]
    assert Recipe(steps).apply(Table.of(frame, name="made")).frame["x"].notna().all()


# Mark as missing


@pytest.mark.parametrize(
    ("given", "values", "left"),
    [
        (pd.Series([-999.0, 1.5]), ("-999",), [None, 1.5]),
        (pd.Series([-999, 1]), ("-999.0",), [None, 1]),
        (pd.Series([np.inf, -np.inf, 2.0]), ("inf", "-inf"), [None, None, 2.0]),
        (pd.Series([2**60, -1]), ("-1",), [2**60, None]),
        (texts("unknown", " Unknown", "known"), ("unknown",), [None, None, "known"]),
        (texts("-999", "-999.0", "a"), ("-999",), [None, None, "a"]),
        (texts("", "  ", "a"), ("",), [None, None, "a"]),
        (pd.Series([True, False]), ("false",), [True, None]),
        (
            pd.Series(pd.to_datetime(["1900-01-01", "2024-01-01"])),
            ("1900-01-01",),
            [None, pd.Timestamp("2024-01-01")],
        ),
        (pd.Series(pd.Categorical(["a", "?", "a"])), ("?",), ["a", None, "a"]),
        (pd.Series(["a", 3, None], dtype=object), ("3",), ["a", None, None]),
    ],
)
def test_values_become_missing_whatever_the_dtype(
    given: pd.Series, values: tuple[str, ...], left: list[object]
) -> None:
    step = MarkMissing(values=values)
    out = applied(step, x=given)["x"]

    assert [None if pd.isna(value) else value for value in out] == left
    assert applied(step, x=out)["x"].isna().tolist() == out.isna().tolist()


def test_other_columns_are_left_alone() -> None:
    out = applied(MarkMissing(columns=("a",), values=("-1",)), a=[-1, 2], b=[-1, 2])

    assert (out["a"].isna().sum(), out["b"].isna().sum()) == (1, 0)


def test_rows_whose_marked_value_is_missing_can_be_dropped() -> None:
    recipe = Recipe([MarkMissing(columns=("a",), values=("-1",)), DropMissing(columns=("a",))])

    assert recipe.surviving_rows(pd.DataFrame({"a": [-1, 2, 3]})).tolist() == [False, True, True]


def test_no_value_at_all_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="at least 1"):
        operation_from_json({"id": "mark_missing", "params": {"values": []}})
    with pytest.raises(InvalidParameter, match="no value is given"):
        applied(MarkMissing(), a=[1])


# Merge and group categories


def test_spellings_get_one_name_and_the_step_survives_json() -> None:
    step = MergeCategories(column="x", groups=(("Paris", ("paris", "PARIS ")), ("Lyon", ("lyon",))))
    out = applied(step, x=texts("paris", "PARIS ", "Lyon", None, "Nice"))["x"]

    assert out.dropna().tolist() == ["Paris", "Paris", "Lyon", "Nice"]
    assert step.to_json()["params"]["groups"] == {"Paris": ["paris", "PARIS "], "Lyon": ["lyon"]}
    assert operation_from_json(json.loads(json.dumps(step.to_json()))) == step


def test_merged_categories_keep_their_order() -> None:
    dtype = pd.CategoricalDtype(["low", "mid", "medium", "high"], ordered=True)
    given = pd.Series(["mid", "high", "low"], dtype=dtype)
    out = applied(MergeCategories(column="x", groups=(("medium", ("mid",)),)), x=given)["x"]

    assert list(out.cat.categories) == ["low", "medium", "high"]
    assert out.tolist() == ["medium", "high", "low"]


def test_a_spelling_of_two_names_and_a_column_of_numbers_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="would have two names"):
        applied(MergeCategories(column="x", groups=(("A", ("a",)), ("B", ("a",)))), x=texts("a", "b"))
    with pytest.raises(NotApplicable, match="holds Number"):
        applied(MergeCategories(column="x", groups=(("A", ("1.5",)),)), x=[1.5, 2.5])


@pytest.mark.parametrize("groups", [[["a", "b"]], "a=b", {"a": "b"}, [1], {"a": 3}])
def test_groups_of_the_wrong_shape_are_refused(groups: object) -> None:
    with pytest.raises(InvalidParameter):
        operation_from_json({"id": "merge_categories", "params": {"column": "x", "groups": groups}})


def test_rare_categories_are_those_of_the_training_rows() -> None:
    training = pd.DataFrame({"x": texts(*["a"] * 10, *["b"] * 9, "c", None)})
    step = Recipe([GroupRare(share=0.1)]).transformer().fit(training)

    assert step.transform(training)["x"].value_counts().to_dict() == {"a": 10, "b": 9, "other": 1}
    new = step.transform(pd.DataFrame({"x": texts("c", "c", "d", "a", None)}))["x"]
    assert [None if pd.isna(value) else value for value in new] == ["other", "other", "other", "a", None]


def test_which_rows_survive_does_not_depend_on_what_is_rare() -> None:
    frame = pd.DataFrame({"x": texts(*["a"] * 8, "b", "c")})
    recipe = Recipe([GroupRare(columns=("x",), share=0.2), DropMissing(columns=("x",))])

    assert recipe.surviving_rows(frame).all()


def test_grouping_an_order_is_refused() -> None:
    given = pd.Series(pd.Categorical(["a", "b"], ordered=True))
    with pytest.raises(NotApplicable, match="no categories without an order"):
        applied(GroupRare(columns=("x",)), x=given)


# Mend letters


@pytest.mark.parametrize("codec", ["cp1252", "latin-1", "cp1250", "mac_roman"])
def test_letters_read_in_a_wrong_encoding_are_mended(codec: str) -> None:
    right = ["café crème", "Besançon – Nîmes", "naïve façade", "L’été à Zürich"]
    wrong = [text.encode().decode(codec, errors="strict") for text in right]
    out = applied(MendEncoding(), x=texts(*wrong), y=range(4))["x"]

    assert out.tolist() == right


def test_sound_letters_stay_as_they_are() -> None:
    sound = ["café", "Ångström", "São Paulo", "ÀÉÎ", "naïve", "Ã", "β-carotène", "日本語", "10 £", "a\u00a0b"]

    assert applied(MendEncoding(columns=("x",)), x=texts(*sound))["x"].tolist() == sound


# What holds for all of them


REPEATABLE: list[Operation] = [
    *(ChangeKind(columns=("n",), kind=kind) for kind in ("number", "integer", "category", "ordered")),
    ChangeKind(columns=("d",), kind="datetime"),
    ChangeKind(columns=("b",), kind="boolean"),
    MarkMissing(values=("3", "b")),
    MergeCategories(column="t", groups=(("a", ("A", "ä")),)),
    GroupRare(columns=("t",), share=0.4),
    MendEncoding(),
]


@pytest.mark.parametrize("step", REPEATABLE, ids=lambda step: f"{step.id} {getattr(step, 'kind', '')}")
def test_a_step_applied_twice_is_the_step_applied_once(step: Operation) -> None:
    frame = pd.DataFrame(
        {
            "n": texts("1,5", "3", None, "x", "3"),
            "d": texts("25/12/2023", "13/01/2024", "no", None, "25/12/2023"),
            "b": texts("oui", "non", None, "oui", "oui"),
            "t": texts("a", "A", "ä", "b", "Ã©tÃ©"),
        },
        index=[7, 7, 8, 9, 9],  # rows of a sample drawn with replacement
    )
    once = step.apply(frame, step.learn(frame))
    pd.testing.assert_frame_equal(step.apply(once, step.learn(once)), once)
    assert once.index.equals(frame.index)


def test_a_step_on_the_target_alone_is_no_step_on_the_features() -> None:
    step = MergeCategories(column="answer", groups=(("yes", ("Yes",)),))
    features = pd.DataFrame({"x": texts("a", "b")})

    assert step.restricted_to(["x"]) is None
    assert Recipe([step]).transformer().fit_transform(features).equals(features)
    assert (
        Recipe([step]).target(pd.Series(["Yes", "yes"], name="answer", dtype="str")).tolist() == ["yes"] * 2
    )


def test_what_is_computed_of_features_is_not_of_the_target() -> None:
    target = pd.Series([1.0, 100.0, -999.0], name="y")
    recipe = Recipe(
        [LogTransform(columns=("y",)), ClipOutliers(columns=("y",)), MarkMissing(values=("-999",))]
    )

    assert recipe.target(target).tolist()[:2] == [1.0, 100.0]
    assert recipe.target(target).isna().tolist() == [False, False, True]


# Numbers that lie far apart


def test_the_logarithm_is_that_of_numpy_with_the_sign_kept() -> None:
    given = pd.Series([0.0, 1.5, -1.5, np.nan, 1e300])
    out = applied(LogTransform(columns=("x",)), x=given)["x"].to_numpy()

    np.testing.assert_array_equal(out, np.sign(given) * np.log1p(np.abs(given)))
    assert applied(LogTransform(columns=("x",)), x=[0, 3])["x"].tolist() == [0.0, np.log(4)]


def test_bounds_are_the_quantiles_of_the_training_rows() -> None:
    training = pd.DataFrame({"x": np.arange(101.0)})
    step = Recipe([ClipOutliers(columns=("x",), tail=0.05)]).transformer().fit(training)
    out = step.transform(pd.DataFrame({"x": [-1000.0, 50.0, 1000.0, np.nan]}))["x"]

    low, high = training["x"].quantile([0.05, 0.95])
    assert out.tolist()[:3] == [low, 50.0, high]
    assert np.isnan(out.iloc[3])


@pytest.mark.parametrize("step", [LogTransform(columns=("x",)), ClipOutliers(columns=("x",))])
def test_words_have_no_logarithm_and_no_bounds(step: Operation) -> None:
    with pytest.raises(NotApplicable, match="Column x holds Category, no numbers"):
        applied(step, x=texts("a", "b", "a", "b"))
