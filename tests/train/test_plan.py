"""A plan survives JSON, refuses what no field allows, and gives each model its settings."""

import json
from typing import Any

import pytest

from mlp_core.errors import InvalidParameter
from mlp_core.train import TrainingPlan


def test_a_plan_survives_json() -> None:
    plan = TrainingPlan(
        target="mpg",
        features=("a", "b"),
        models=("forest",),
        settings={"forest": {"trees": 50}},
        stratify="cylinders",
        seed=42,
        metric="mae",
    )
    assert TrainingPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_lists_become_tuples_so_that_a_plan_from_a_form_equals_one_from_a_file() -> None:
    assert TrainingPlan(features=["a"], models=["tree"]) == TrainingPlan(features=("a",), models=("tree",))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"folds": 1},
        {"test_share": 0.9},
        {"seed": -1},
        {"scaling": "best"},
        {"task": "guessing"},
        {"metric": "luck"},
        {"models": ("oracle",)},
        {"settings": {"forest": {"trees": 1}}},
        {"settings": {"forest": {"leaves": 3}}},
        {"stratify": 3},
        {"surprise": True},
        {"settings": [1]},
        {"settings": None},
        {"settings": {"tree": 3}},
        {"settings": {"tree": {"depth": 10**400}}},
        {"models": [[]]},
        {"models": None},
        {"models": "tree"},
        {"seed": 10**400},
        {"test_share": 10**400},
        [1],
    ],
)
def test_what_no_field_allows_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidParameter) as told:
        TrainingPlan.from_json(wrong)
    assert told.value.render("fr") != told.value.render("en")


def test_a_model_gets_its_settings_and_keeps_its_other_defaults() -> None:
    model = TrainingPlan(settings={"forest": {"trees": 77}}).model("forest")
    assert (model.trees, model.leaf) == (77, 1)  # type: ignore[attr-defined]


def test_the_baseline_draws_among_as_many_groups_as_k_means() -> None:
    plan = TrainingPlan(settings={"kmeans": {"clusters": 5}})
    assert plan.model("dummy").clusters == 5  # type: ignore[attr-defined]
