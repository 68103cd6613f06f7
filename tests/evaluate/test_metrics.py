"""Every metric agrees with scikit-learn; every interval with resampling done the plain way."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as reference

from mlp_core.evaluate import METRICS, Interval, Outcome, metrics_of, over_folds, ranking
from mlp_core.registry import help_of
from mlp_core.task import Task


def classified(n_rows: int = 400, n_classes: int = 2, seed: int = 0) -> Outcome:
    generator = np.random.default_rng(seed)
    classes = np.array(["a", "b", "c", "d"][:n_classes])
    codes = generator.choice(
        n_classes, n_rows, p=np.array([6, 3, 2, 1][:n_classes]) / sum([6, 3, 2, 1][:n_classes])
    )
    scores = generator.normal(size=(n_rows, n_classes)) + 1.2 * np.eye(n_classes)[codes]
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return Outcome(
        task=Task.CLASSIFICATION,
        observed=classes[codes],
        predicted=classes[chances.argmax(axis=1)],
        probabilities=chances,
        classes=classes,
    )


def regressed(n_rows: int = 300, seed: int = 0) -> Outcome:
    generator = np.random.default_rng(seed)
    observed = generator.gamma(3, 10, n_rows)
    return Outcome(
        task=Task.REGRESSION, observed=observed, predicted=observed + generator.normal(2, 6, n_rows)
    )


def clustered(n_rows: int = 150) -> Outcome:
    generator = np.random.default_rng(0)
    groups = generator.integers(0, 3, n_rows)
    points = generator.normal(size=(n_rows, 2)) + 4 * groups[:, None]
    return Outcome(task=Task.CLUSTERING, predicted=groups, points=points)


def outcome_of(task: Task) -> Outcome:
    return {Task.CLASSIFICATION: classified, Task.REGRESSION: regressed, Task.CLUSTERING: clustered}[task]()


@pytest.mark.parametrize("n_classes", [2, 3, 4])
def test_classification_metrics_are_those_of_scikit_learn(n_classes: int) -> None:
    found = classified(n_classes=n_classes)
    scores = {metric.id: metric.score(found) for metric in metrics_of(Task.CLASSIFICATION)}
    chances = found.chances[:, 1] if n_classes == 2 else found.chances
    expected = {
        "roc_auc": reference.roc_auc_score(found.truth, chances, multi_class="ovr"),
        "accuracy": reference.accuracy_score(found.truth, found.predicted),
        "balanced_accuracy": reference.balanced_accuracy_score(found.truth, found.predicted),
        "f1": reference.f1_score(found.truth, found.predicted, average="macro"),
        "log_loss": reference.log_loss(found.truth, found.chances),
    }
    assert scores == pytest.approx(expected, abs=1e-12)


def test_regression_metrics_are_those_of_scikit_learn() -> None:
    found = regressed()
    scores = {metric.id: metric.score(found) for metric in metrics_of(Task.REGRESSION)}
    expected = {
        "rmse": reference.root_mean_squared_error(found.truth, found.predicted),
        "mae": reference.mean_absolute_error(found.truth, found.predicted),
        "r2": reference.r2_score(found.truth, found.predicted),
    }
    assert scores == pytest.approx(expected, abs=1e-12)


def test_the_silhouette_is_that_of_scikit_learn_and_zero_where_there_is_one_group() -> None:
    found = clustered()
    expected = reference.silhouette_score(found.points, found.predicted)
    assert METRICS["silhouette"]().score(found) == pytest.approx(expected, abs=1e-12)
    alone = Outcome(task=Task.CLUSTERING, predicted=np.zeros(len(found), dtype=int), points=found.points)
    assert METRICS["silhouette"]().score(alone) == 0


def test_ties_in_probability_count_one_half() -> None:
    observed = np.array([False, False, True, True])
    chances = np.array([0.2, 0.5, 0.5, 0.9])
    found = Outcome(
        task=Task.CLASSIFICATION,
        observed=observed,
        predicted=chances > 0.5,
        probabilities=np.stack([1 - chances, chances], axis=1),
        classes=np.array([False, True]),
    )
    assert METRICS["roc_auc"]().score(found) == 3.5 / 4


def naive(found: Outcome, score: object, times: int = 600) -> np.ndarray:
    """Draw rows with replacement and score each draw, as a textbook does."""
    generator = np.random.default_rng(5)
    values = []
    for _ in range(times):
        drawn = generator.integers(0, len(found), len(found))
        part = Outcome(
            task=found.task,
            observed=found.truth[drawn],
            predicted=found.predicted[drawn],
            probabilities=None if found.probabilities is None else found.probabilities[drawn],
            classes=found.classes,
        )
        values.append(score(part))  # type: ignore[operator]
    return np.array(values)


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("id_", ["roc_auc", "accuracy", "balanced_accuracy", "f1", "log_loss"])
def test_classification_intervals_are_as_wide_as_a_plain_bootstrap_says(id_: str, n_classes: int) -> None:
    found = classified(n_classes=n_classes)
    assert_like(METRICS[id_]().interval(found), naive(found, METRICS[id_]().score))


@pytest.mark.parametrize("id_", ["rmse", "mae", "r2"])
@pytest.mark.parametrize("n_rows", [300, 2_500])
def test_regression_intervals_are_as_wide_as_a_plain_bootstrap_says(id_: str, n_rows: int) -> None:
    found = regressed(n_rows)
    assert_like(METRICS[id_]().interval(found), naive(found, METRICS[id_]().score))


def assert_like(found: Interval, replicates: np.ndarray) -> None:
    low, high = np.quantile(replicates, [0.025, 0.975])
    width = high - low
    assert found.low == pytest.approx(low, abs=0.15 * width)
    assert found.high == pytest.approx(high, abs=0.15 * width)


def test_the_variance_of_an_area_follows_from_all_pairs() -> None:
    found = classified(60)
    positive = found.observed_codes == 1
    scores = found.chances[:, 1]
    wins = (scores[positive][:, None] > scores[~positive]) + 0.5 * (
        scores[positive][:, None] == scores[~positive]
    )
    variance = (
        wins.mean(axis=1).var(ddof=1) / positive.sum() + wins.mean(axis=0).var(ddof=1) / (~positive).sum()
    )
    assert ranking.delong_variance(scores, positive) == pytest.approx(variance)


@pytest.mark.parametrize("id_", METRICS.ids())
def test_every_metric_is_explained_scores_and_brackets_its_score(id_: str) -> None:
    metric = METRICS[id_]()
    found = outcome_of(metric.task)
    interval = metric.interval(found)
    assert interval.low <= interval.value <= interval.high
    assert interval.value == pytest.approx(metric.score(found), abs=1e-12)
    assert interval == metric.interval(found)
    assert help_of(METRICS[id_]).render("fr") != help_of(METRICS[id_]).render("en")


@pytest.mark.parametrize("id_", METRICS.ids())
def test_a_perfect_model_reaches_the_best_value_of_a_metric(id_: str) -> None:
    metric = METRICS[id_]()
    if metric.task is Task.CLUSTERING:
        points = np.repeat([[0.0, 0.0], [9.0, 9.0]], 10, axis=0)
        perfect = Outcome(task=metric.task, predicted=np.repeat([0, 1], 10), points=points)
    elif metric.task is Task.REGRESSION:
        perfect = Outcome(task=metric.task, observed=np.arange(9.0), predicted=np.arange(9.0))
    else:
        codes = np.arange(12) % 3
        perfect = Outcome(
            task=metric.task,
            observed=codes,
            predicted=codes,
            probabilities=np.eye(3)[codes],
            classes=np.arange(3),
        )
    assert metric.score(perfect) == pytest.approx(metric.best)


def test_the_score_of_a_regression_is_never_named_accuracy() -> None:
    assert METRICS["r2"].label.render("en") == METRICS["r2"].label.render("fr") == "R²"
    assert all("ccuracy" not in str(metric.label) for metric in metrics_of(Task.REGRESSION))


def perfect(n_classes: int, per_class: int) -> Outcome:
    codes = np.arange(n_classes * per_class) % n_classes
    return Outcome(
        task=Task.CLASSIFICATION,
        observed=codes,
        predicted=codes,
        probabilities=np.eye(n_classes)[codes],
        classes=np.arange(n_classes),
    )


@pytest.mark.parametrize("id_", ["roc_auc", "accuracy", "balanced_accuracy", "f1"])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_a_perfect_score_on_few_rows_is_no_certainty(id_: str, n_classes: int) -> None:
    few = METRICS[id_]().interval(perfect(n_classes, 4))
    many = METRICS[id_]().interval(perfect(n_classes, 100))
    assert few.value == few.high == many.value == many.high == 1
    assert 0.4 < few.low < 0.95 < many.low < 1


@pytest.mark.parametrize(("hits", "total"), [(8, 8), (0, 5), (13, 20), (390, 400)])
def test_the_interval_of_accuracy_is_that_of_scipy(hits: int, total: int) -> None:
    observed = np.zeros(total, dtype=int)
    found = Outcome(
        task=Task.CLASSIFICATION,
        observed=observed,
        predicted=(np.arange(total) >= hits).astype(int),
        classes=np.array([0, 1]),
    )
    expected = stats.binomtest(hits, total).proportion_ci(method="wilson")
    interval = METRICS["accuracy"]().interval(found)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(("rows", "positives", "shift"), [(40, 20, 3.0), (40, 10, 2.5), (120, 60, 3.0)])
def test_the_interval_of_an_area_covers_the_true_one_in_small_samples(
    rows: int, positives: int, shift: float
) -> None:
    generator = np.random.default_rng(1)
    observed = np.arange(rows) < positives
    true = stats.norm.cdf(shift / 2**0.5)
    covered = []
    for _ in range(300):
        chances = 1 / (1 + np.exp(-generator.normal(size=rows) - shift * observed))
        found = Outcome(
            task=Task.CLASSIFICATION,
            observed=observed,
            predicted=chances > 0.5,
            probabilities=np.stack([1 - chances, chances], axis=1),
            classes=np.array([False, True]),
        )
        interval = METRICS["roc_auc"]().interval(found)
        covered.append(interval.low <= true <= interval.high)
    assert np.mean(covered) >= 0.9


@pytest.mark.parametrize("id_", ["balanced_accuracy", "f1"])
def test_the_interval_of_nine_hundred_classes_takes_seconds(id_: str) -> None:
    generator = np.random.default_rng(0)
    observed = generator.integers(0, 900, 50_000)
    found = Outcome(
        task=Task.CLASSIFICATION,
        observed=observed,
        predicted=np.where(generator.random(50_000) < 0.4, observed, generator.integers(0, 900, 50_000)),
        classes=np.arange(900),
    )
    began = time.perf_counter()
    interval = METRICS[id_]().interval(found)
    assert time.perf_counter() - began < 30
    assert interval.low < interval.value < interval.high < interval.low + 0.02


def test_the_interval_over_folds_stays_within_what_the_metric_can_be() -> None:
    for id_, scores, ends in (("roc_auc", [0.9, 1.0, 1.0], (None, 1)), ("rmse", [0.1, 2.0, 4.0], (0, None))):
        found = over_folds(scores, 0.5, METRICS[id_].bounds)
        assert found.mean + found.half_width > 1
        assert ends[0] in (None, found.low)
        assert ends[1] in (None, found.high)
