"""The interval over folds is the corrected one, not the one that takes folds for independent."""

import math

import pytest
from scipy import stats

from mlp_core.evaluate import CVScore, over_folds


def test_the_variance_over_folds_is_corrected_for_shared_training_rows() -> None:
    scores = [0.71, 0.74, 0.69, 0.77, 0.73]
    mean = sum(scores) / 5
    variance = sum((score - mean) ** 2 for score in scores) / 4
    expected = stats.t.ppf(0.975, 4) * math.sqrt((1 / 5 + 1 / 4) * variance)
    found = over_folds(scores, test_to_train=1 / 4)
    assert (found.mean, found.half_width) == pytest.approx((mean, expected))
    assert found.half_width > 1.4 * stats.t.ppf(0.975, 4) * math.sqrt(variance / 5)
    assert (found.low, found.high) == (found.mean - found.half_width, found.mean + found.half_width)


def test_a_fold_that_could_not_be_scored_does_not_count() -> None:
    found = over_folds([0.5, math.nan, 0.7], test_to_train=0.5)
    assert found.mean == pytest.approx(0.6)
    assert math.isnan(found.folds[1])


def test_one_fold_has_no_interval_and_none_has_no_score() -> None:
    assert math.isnan(over_folds([0.5, math.nan], 0.5).half_width)
    assert math.isnan(over_folds([math.nan], 0.5).mean)


def test_a_score_survives_json() -> None:
    score = over_folds([0.1, 0.2, 0.4], 0.5)
    assert CVScore.from_json(score.to_json()) == score
