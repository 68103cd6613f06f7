"""The sentence that sums a training up: the leader, its interval, the baseline, and no more than that."""

import pytest

from mlp_core.evaluate import CVScore
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train import Leaderboard, Row, TrainingPlan
from mlp_core.train.verdict import suspicion, verdict


def score(mean: float, half_width: float) -> CVScore:
    return CVScore(mean=mean, half_width=half_width, folds=(mean, mean))


def board(metric: str, task: Task, **means: tuple[float, float]) -> Leaderboard:
    rows = tuple(Row(model=model, cv={metric: score(*given)}) for model, given in means.items())
    return Leaderboard(rows=rows, task=task, metric=metric, plan=TrainingPlan(target="y"))


def test_a_clear_leader_stands_beside_the_baseline() -> None:
    found = board("rmse", Task.REGRESSION, forest=(2.667, 0.91), dummy=(7.65, 1.8))
    assert str(verdict(found)) == "Random forest leads: RMSE 2.67 ± 0.91, where the baseline has 7.65."
    assert "2,67 ± 0,91" in verdict(found).render("fr")


def test_a_leader_within_reach_of_the_baseline_is_not_called_better() -> None:
    found = board("roc_auc", Task.CLASSIFICATION, tree=(0.53, 0.06), dummy=(0.5, 0.0))
    assert "not clearly" in str(verdict(found))


def test_a_baseline_in_front_is_said_plainly() -> None:
    found = board("roc_auc", Task.CLASSIFICATION, dummy=(0.5, 0.0), tree=(0.48, 0.06))
    assert str(verdict(found)).startswith("No model beats the baseline")


def test_a_training_in_which_every_model_failed_has_no_leader() -> None:
    rows = (Row(model="tree", failure=Text("It could not be fitted.")),)
    failed = Leaderboard(rows=rows, task=Task.REGRESSION, metric="rmse", plan=TrainingPlan(target="y"))
    assert str(verdict(failed)) == "No model of this training could be fitted."
    assert suspicion(failed) is None


@pytest.mark.parametrize(
    ("metric", "task", "mean", "suspicious"),
    [
        ("roc_auc", Task.CLASSIFICATION, 0.993, True),
        ("roc_auc", Task.CLASSIFICATION, 0.86, False),
        ("rmse", Task.REGRESSION, 2.73, False),
        ("r2", Task.REGRESSION, 0.999, True),
    ],
)
def test_a_score_close_to_perfect_is_suspected(
    metric: str, task: Task, mean: float, suspicious: bool
) -> None:
    found = suspicion(board(metric, task, forest=(mean, 0.01), dummy=(0.5, 0.0)))
    assert (found is not None) is suspicious
