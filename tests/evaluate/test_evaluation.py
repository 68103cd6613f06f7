"""What is kept of an evaluation is plain, bounded, and what the charts can draw."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics import confusion_matrix, roc_auc_score, roc_curve

from mlp_core.charts import shape_evaluation
from mlp_core.evaluate import Outcome, evaluation_of
from mlp_core.task import Task


def classified(n_classes: int, n_rows: int = 900) -> Outcome:
    generator = np.random.default_rng(1)
    classes = np.array(["low", "mid", "top"])[:n_classes]
    codes = generator.integers(0, n_classes, n_rows)
    chances = generator.dirichlet(np.ones(n_classes), n_rows) + np.eye(n_classes)[codes]
    chances /= chances.sum(axis=1, keepdims=True)
    return Outcome(
        task=Task.CLASSIFICATION,
        observed=classes[codes],
        predicted=classes[chances.argmax(axis=1)],
        probabilities=chances,
        classes=classes,
    )


def numbers(n_rows: int = 5_000) -> Outcome:
    observed = np.linspace(0, 1, n_rows)
    return Outcome(task=Task.REGRESSION, observed=observed, predicted=observed**2)


def groups() -> Outcome:
    points = np.random.default_rng(2).normal(size=(200, 4)) * [5, 3, 1, 1]
    return Outcome(task=Task.CLUSTERING, predicted=np.arange(200) % 3, points=points)


@pytest.mark.parametrize("found", [classified(2), classified(3), numbers(), groups()])
def test_every_document_is_plain_json_that_a_chart_draws(found: Outcome) -> None:
    documents = evaluation_of(found, "price")
    again = json.loads(json.dumps(documents))
    assert again == documents
    for id_, document in again.items():
        assert shape_evaluation(id_, document)


def test_the_confusion_is_that_of_scikit_learn() -> None:
    found = classified(3)
    document = evaluation_of(found)["confusion"]
    assert document["counts"] == confusion_matrix(found.truth, found.predicted).tolist()
    assert document["labels"] == ["low", "mid", "top"]


def test_two_classes_have_one_curve_through_the_points_of_scikit_learn() -> None:
    found = classified(2)
    (curve,) = evaluation_of(found)["roc"]["curves"]
    false_share, true_share, _ = roc_curve(found.truth == "mid", found.chances[:, 1])
    places = set(zip(false_share.tolist(), true_share.tolist(), strict=True))
    assert set(zip(curve["fpr"], curve["tpr"], strict=True)) <= places
    assert curve["auc"] == pytest.approx(roc_auc_score(found.truth == "mid", found.chances[:, 1]))
    assert len(curve["fpr"]) <= 300


def test_three_classes_have_their_mean_curve_first() -> None:
    found = classified(3)
    curves = evaluation_of(found)["roc"]["curves"]
    assert [curve["label"] for curve in curves] == ["macro", "low", "mid", "top"]
    assert curves[0]["auc"] == pytest.approx(roc_auc_score(found.truth, found.chances, multi_class="ovr"))


def test_many_points_are_thinned_evenly() -> None:
    document = evaluation_of(numbers(), "price")["predicted_observed"]
    assert len(document["observed"]) == 2_000
    assert (document["observed"][0], document["observed"][-1]) == (0, 1)
    assert document["target"] == "price"


def test_groups_lie_on_their_main_axes() -> None:
    found = groups()
    document = evaluation_of(found)["clusters"]
    expected = PCA(2).fit(found.points)
    assert document["explained"] == pytest.approx(expected.explained_variance_ratio_.tolist())
    assert np.abs(document["x"]) == pytest.approx(np.abs(expected.transform(found.points)[:, 0]))


def test_a_single_dimension_still_has_two_axes() -> None:
    points = np.arange(6.0)[:, None]
    document = evaluation_of(Outcome(task=Task.CLUSTERING, predicted=np.zeros(6, int), points=points))[
        "clusters"
    ]
    assert document["explained"] == [1.0, 0.0]
    assert document["y"] == [0.0] * 6
