"""Training on joined tables: the same numbers as a plain merge, and models that need nothing else at hand."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from credit import Bank, bank
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mlp_core.clean import DropColumns, FillMissing, JoinTable, Recipe
from mlp_core.errors import CannotTrain, NotApplicable, SchemaMismatch, StorageError
from mlp_core.jobs import JobStore
from mlp_core.predict import form_fields, predict
from mlp_core.project import Project
from mlp_core.read.sql import TableFile
from mlp_core.storage.source import table_path
from mlp_core.table import Table
from mlp_core.train import Leaderboard, TrainingPlan, safe, train

PLAN = TrainingPlan(target="default", models=("logistic",), folds=3)


@pytest.fixture(scope="module")
def of_bank() -> Bank:
    return bank()


def sums(bureau: Table) -> JoinTable:
    return JoinTable(
        table=bureau.fingerprint,
        name=bureau.name,
        keys=("SK_ID_CURR",),
        other_keys=("sk_id_curr",),
        columns=("debt", "days_overdue", "active"),
        how="aggregate",
        numbers=("mean", "max"),
        categories=("share",),
    )


def branch(branches: Table) -> JoinTable:
    return JoinTable(table=branches.fingerprint, name=branches.name, keys=("branch",), other_keys=("code",))


@pytest.fixture(scope="module")
def recipe(of_bank: Bank) -> Recipe:
    tables = {table.fingerprint: table for table in (of_bank.bureau, of_bank.branches)}
    return Recipe([sums(of_bank.bureau), branch(of_bank.branches)]).bound(tables)


@pytest.fixture(scope="module")
def board(of_bank: Bank, recipe: Recipe) -> Leaderboard:
    return train(of_bank.applications, PLAN, recipe=recipe)


def merged(of_bank: Bank) -> pd.DataFrame:
    """Return the joined frame as a person makes it with pandas."""
    bureau = of_bank.bureau.frame
    per_key = bureau.groupby("sk_id_curr").agg(
        bureau_count=("debt", "size"),
        bureau_debt_mean=("debt", "mean"),
        bureau_debt_max=("debt", "max"),
        bureau_days_overdue_mean=("days_overdue", "mean"),
        bureau_days_overdue_max=("days_overdue", "max"),
    )
    shares = pd.crosstab(bureau["sk_id_curr"], bureau["active"], normalize="index")
    shares = shares.rename(columns=lambda name: f"bureau_active_share_{name}")
    frame = of_bank.applications.frame.merge(
        per_key.join(shares), left_on="SK_ID_CURR", right_index=True, how="left"
    )
    frame["bureau_count"] = frame["bureau_count"].fillna(0)
    return frame.merge(of_bank.branches.frame, left_on="branch", right_on="code", how="left")


def test_predictions_on_raw_rows_equal_those_of_a_plain_merge(of_bank: Bank, board: Leaderboard) -> None:
    row = board.row("logistic")
    frame = merged(of_bank)
    numbers = ["amount", *(name for name in frame if str(name).startswith("bureau_")), "staff"]
    words = ["purpose", "branch", "region"]
    theirs = Pipeline(
        [
            (
                "prepare",
                ColumnTransformer(
                    [
                        ("n", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
                        (
                            "c",
                            make_pipeline(
                                SimpleImputer(strategy="constant", fill_value="(missing)"),
                                OneHotEncoder(handle_unknown="ignore", sparse_output=False),
                            ),
                            words,
                        ),
                    ]
                ),
            ),
            ("model", LogisticRegression(max_iter=5000, tol=1e-10)),
        ]
    )
    held_out = row.holdout["row"].to_numpy() - 1
    training = np.setdiff1d(np.arange(len(frame)), held_out)
    theirs.fit(frame.iloc[training], frame["default"].iloc[training])
    ours = predict(row.pipeline, of_bank.applications.frame.drop(columns="default"))
    chances = theirs.predict_proba(frame)[:, 1]
    np.testing.assert_allclose(ours.probabilities["yes"], chances, atol=0.02)
    assert (ours.values.to_numpy() == theirs.predict(frame)).mean() > 0.99
    # Without the other table there is next to nothing to learn.
    alone = train(of_bank.applications, PLAN)
    assert row.test["roc_auc"].value > alone.row("logistic").test["roc_auc"].value + 0.1


def test_what_the_pipeline_is_given_is_the_merge_to_the_last_bit(of_bank: Bank, board: Leaderboard) -> None:
    pipeline = board.row("logistic").pipeline
    raw = of_bank.applications.frame
    joined = pipeline.named_steps["recipe"].transform(pipeline.named_steps["schema"].transform(raw))
    expected = merged(of_bank)
    for name in (column for column in expected if str(column).startswith("bureau_") or column == "staff"):
        np.testing.assert_allclose(joined[name].to_numpy(float), expected[name].to_numpy(float), rtol=1e-15)
    assert joined["region"].fillna("").tolist() == expected["region"].fillna("").tolist()


def test_a_saved_model_answers_alike_with_no_other_table_at_hand(
    of_bank: Bank, board: Leaderboard, tmp_path: Path
) -> None:
    pipeline = board.row("logistic").pipeline
    safe.dump(pipeline, tmp_path / "model.skops")
    again = safe.load(tmp_path / "model.skops")
    rows = of_bank.applications.frame.drop(columns="default").sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(predict(again, rows).probabilities, predict(pipeline, rows).probabilities)
    unknown = rows.head(1).assign(SK_ID_CURR=1, branch="999")
    answers = predict(again, unknown)
    assert answers.values.notna().all()
    assert [str(problem) for problem in answers.problems][-2:] == [
        "1 of 1 row finds nothing in bureau.csv.",
        "1 of 1 row finds nothing in branches.csv.",
    ]
    with pytest.raises(SchemaMismatch, match="SK_ID_CURR"):
        predict(again, rows.drop(columns="SK_ID_CURR"))


def test_the_form_asks_for_the_key_and_the_key_is_not_learned_from(board: Leaderboard) -> None:
    fields = [field.name for field in form_fields(board.row("logistic").pipeline)]
    assert set(fields) == {"SK_ID_CURR", "amount", "purpose", "branch"}
    assert "SK_ID_CURR" in board.left_out


SPOILED = {
    "codes lead out": lambda one: one["columns"][-2]["values"].fill(99),
    "codes lead back": lambda one: one["columns"][-2]["values"].fill(-5),
    "a shorter column": lambda one: one["columns"][0].update(values=one["columns"][0]["values"][:3]),
    "a column of objects": lambda one: one["columns"][0].update(
        values=np.array([None] * len(one["codes"]), dtype=object)
    ),
    "two dimensions": lambda one: one.update(codes=one["codes"].reshape(1, -1)),
    "no key": lambda one: one.update(keys=[]),
    "keys of decimals": lambda one: one.update(keys=[np.arange(3.0)]),
    "words that are no words": lambda one: one["columns"][-2].update(words="[1, 2"),
    "a name that is none": lambda one: one["columns"][0].update(name=["x"]),
    "no columns": lambda one: one.update(columns="nonsense"),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_lookup_in_a_model_file_is_refused(board: Leaderboard, tmp_path: Path, spoil: Any) -> None:
    pipeline = copy.copy(board.row("logistic").pipeline)
    recipe = copy.copy(pipeline.named_steps["recipe"])
    recipe.learned_ = copy.deepcopy(recipe.learned_)
    pipeline.steps = [(name, recipe if name == "recipe" else step) for name, step in pipeline.steps]
    safe.dump(pipeline, tmp_path / "model.skops")
    assert safe.load(tmp_path / "model.skops")
    spoil(recipe.learned_[1]["learned"])
    safe.dump(pipeline, tmp_path / "model.skops")
    with pytest.raises(StorageError):
        safe.load(tmp_path / "model.skops")


def test_steps_after_a_join_work_on_what_it_brought(of_bank: Bank, recipe: Recipe) -> None:
    filled = recipe.added(FillMissing(columns=("bureau_debt_mean",), how="value", value="0"))
    pipeline = train(of_bank.applications, PLAN, recipe=filled).row("logistic").pipeline
    raw = pipeline.named_steps["schema"].transform(of_bank.applications.frame)
    joined = pipeline.named_steps["recipe"].transform(raw)
    assert joined["bureau_debt_mean"].notna().all()
    assert joined["bureau_debt_max"].isna().any()


def test_joined_columns_can_be_chosen_as_features_and_a_joined_target_is_refused(
    of_bank: Bank, recipe: Recipe
) -> None:
    plan = TrainingPlan(
        target="default", features=("amount", "bureau_days_overdue_mean"), models=("logistic",), folds=2
    )
    pipeline = train(of_bank.applications, plan, recipe=recipe).row("logistic").pipeline
    assert list(pipeline.named_steps["schema"].kinds) == ["SK_ID_CURR", "amount", "branch"]
    assert pipeline.named_steps["prepare"].get_feature_names_out().tolist() == [
        "numbers__amount",
        "numbers__bureau_days_overdue_mean",
    ]
    with pytest.raises(CannotTrain, match="comes from another table"):
        train(of_bank.applications, TrainingPlan(target="region", models=("logistic",)), recipe=recipe)
    with pytest.raises(CannotTrain, match="no column nowhere"):
        train(of_bank.applications, TrainingPlan(target="default", features=("nowhere",)), recipe=recipe)


def test_a_recipe_without_its_table_says_which(of_bank: Bank) -> None:
    with pytest.raises(NotApplicable, match=r"bureau\.csv is not in this project"):
        train(of_bank.applications, PLAN, recipe=Recipe([sums(of_bank.bureau)]))


def test_long_keys_keep_every_digit() -> None:
    base = 2**60
    left = pd.DataFrame({"id": [base + n for n in range(40)], "y": [n % 2 for n in range(40)], "x": 1.5})
    left["x"] = np.arange(40) % 7 + 0.5
    right = pd.DataFrame({"id": [base + n for n in range(40)], "bonus": [float(n % 2) for n in range(40)]})
    other = Table.of(right, name="bonus")
    step = JoinTable(table=other.fingerprint, name="bonus", keys=("id",), other_keys=("id",), other=other)
    plan = TrainingPlan(target="y", task="classification", models=("tree",), folds=2)
    board = train(Table.of(left, name="left"), plan, recipe=Recipe([step]))
    assert list(predict(board.row("tree").pipeline, left.drop(columns="y")).values) == list(left["y"])


def test_a_training_in_another_process_joins_too(of_bank: Bank, recipe: Recipe, tmp_path: Path) -> None:
    project = Project.create(tmp_path / "ws").with_table(of_bank.applications, origin="a.csv")
    project = project.with_other(of_bank.bureau, origin="b.csv").with_other(of_bank.branches, origin="c.csv")
    project = project.with_recipe(Recipe.from_json(recipe.to_json()))
    assert project.source is not None
    spec: Mapping[str, Any] = {
        "table": str(table_path(project.folder, project.source.fingerprint)),
        "table_meta": {"name": project.source.name, "fingerprint": project.source.fingerprint},
        "plan": PLAN.to_json(),
        "recipe": project.recipe.to_json(),
        "others": [file.to_json() for file in project.files_needed()],
        "tracking": None,
    }
    jobs = JobStore(tmp_path / "jobs")
    try:
        job = jobs.submit(project.folder, "train", json.loads(json.dumps(spec)))
        until = time.monotonic() + 60
        while job.status().active and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        jobs.close()
    assert job.status().error is None, (job.folder / "out.log").read_text()
    found = Leaderboard.load(project.board_folder(job.id)).row("logistic")
    here = train(of_bank.applications, PLAN, recipe=recipe).row("logistic")
    assert found.test == here.test
    rows = of_bank.applications.frame
    pd.testing.assert_frame_equal(
        predict(found.pipeline, rows).probabilities, predict(here.pipeline, rows).probabilities
    )


def test_a_table_in_its_file_gives_the_same_board(of_bank: Bank, recipe: Recipe, tmp_path: Path) -> None:
    from mlp_core.storage.blobs import write_arrow

    files = {}
    for table in (of_bank.bureau, of_bank.branches):
        path = tmp_path / f"{table.fingerprint}.arrow"
        files[table.fingerprint] = TableFile(
            path=path,
            name=table.name,
            fingerprint=table.fingerprint,
            kinds=table.kinds,
            checksum=write_arrow(path, table.frame),
        )
    on_disk = recipe.bound(files)
    pd.testing.assert_frame_equal(
        on_disk.apply(of_bank.applications).frame, recipe.apply(of_bank.applications).frame
    )
    bureau = files[of_bank.bureau.fingerprint]
    content = bytearray(bureau.path.read_bytes())
    content[len(content) // 2] ^= 1
    spoiled = tmp_path / "spoiled.arrow"
    spoiled.write_bytes(content)
    broken = TableFile(**{**vars(bureau), "path": spoiled})
    with pytest.raises(StorageError, match=r"bureau\.csv is damaged"):
        recipe.bound({**files, broken.fingerprint: broken}).apply(of_bank.applications)


def test_the_key_may_be_dropped_once_it_has_found_its_rows(of_bank: Bank, recipe: Recipe) -> None:
    dropped = recipe.added(DropColumns(columns=("SK_ID_CURR", "branch")))
    pipeline = train(of_bank.applications, PLAN, recipe=dropped).row("logistic").pipeline
    answers = predict(pipeline, of_bank.applications.frame.drop(columns="default"))
    assert answers.probabilities["yes"].nunique() > 50
    assert "region" in "".join(pipeline.named_steps["prepare"].get_feature_names_out())
