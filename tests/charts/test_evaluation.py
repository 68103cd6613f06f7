"""Evaluation charts: the numbers of a run, drawn for both surfaces, from documents that may be old or odd."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, roc_auc_score, roc_curve

from mlp_core.charts import EVALUATION_CHARTS, draw_evaluation, draw_evaluation_static, shape_evaluation
from mlp_core.errors import InvalidParameter, NotApplicable
from mlp_core.text import LANGUAGES, Text, catalogue

GENERATOR = np.random.default_rng(0)
TRUTH = GENERATOR.integers(0, 2, 800)
SCORE = TRUTH + GENERATOR.normal(size=800)
FPR, TPR, _ = roc_curve(TRUTH, SCORE, drop_intermediate=False)
NUMBERS = {"observed": [1.0, 2.0, 3.5], "predicted": [1.5, 2.0, 3.0], "target": "$mpg$ <b>"}


def roc(label: object = "yes") -> dict:
    return {
        "label": label,
        "fpr": FPR.tolist(),
        "tpr": TPR.tolist(),
        "auc": float(roc_auc_score(TRUTH, SCORE)),
    }


def board(*rows: tuple) -> dict:
    keys = ("label", "value", "low", "high", "baseline")
    return {
        "metric": "RMSE",
        "greater_is_better": False,
        "rows": [dict(zip(keys, row, strict=True)) for row in rows],
    }


DOCUMENTS = {
    "confusion": {"labels": ["a <b>", "$b$", "c"], "counts": [[5, 1, 0], [2, 7, 1], [0, 0, 0]]},
    "roc": {"curves": [roc("a"), roc("macro")]},
    "predicted_observed": NUMBERS,
    "residuals": NUMBERS,
    "clusters": {"x": [0, 1, 2.5], "y": [1, 0, 2], "cluster": [0, 1, 1], "explained": [0.6, 0.25]},
    "leaderboard": board(("forest", 2.7, 2.5, 2.9, False), ("dummy", 7.8, None, None, True)),
}


def test_every_evaluation_chart_has_a_document_here() -> None:
    assert set(DOCUMENTS) == set(EVALUATION_CHARTS.ids())


@pytest.mark.parametrize("id_", DOCUMENTS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_document_is_drawn_on_both_surfaces(id_: str, language: str, theme: str) -> None:
    document = json.loads(json.dumps(DOCUMENTS[id_]))
    figure = draw_evaluation(id_, document, language=language, theme=theme).to_json()
    assert "$" not in figure
    assert '<b>"' not in figure
    again = draw_evaluation(id_, document, language=language, theme=theme).to_json()
    assert figure == again
    png = draw_evaluation_static(id_, document, language=language, theme=theme, width=500, dpi=60)
    assert png.startswith(b"\x89PNG")
    assert document == DOCUMENTS[id_]
    json.dumps(shape_evaluation(id_, document).to_json(), allow_nan=False)


@pytest.mark.parametrize("id_", DOCUMENTS)
def test_every_evaluation_chart_is_named_and_explained_in_french(id_: str) -> None:
    assert EVALUATION_CHARTS.label(id_).template in catalogue("fr")
    assert EVALUATION_CHARTS.help(id_).template in catalogue("fr")


@pytest.mark.parametrize("id_", DOCUMENTS)
def test_a_document_without_numbers_is_refused_with_a_sentence(id_: str) -> None:
    emptied = {key: [] if isinstance(value, list) else value for key, value in DOCUMENTS[id_].items()}
    damaged = {key: "?" if isinstance(value, list) else value for key, value in DOCUMENTS[id_].items()}
    for document in ({}, emptied, damaged):
        with pytest.raises(NotApplicable):
            draw_evaluation(id_, document)


def test_an_unknown_chart_is_refused() -> None:
    with pytest.raises(InvalidParameter):
        draw_evaluation("lift", {})


def test_the_matrix_shows_counts_and_shares_of_the_observed_class() -> None:
    observed = GENERATOR.integers(0, 3, 200)
    predicted = np.where(GENERATOR.random(200) < 0.7, observed, GENERATOR.integers(0, 3, 200))
    counts = confusion_matrix(observed, predicted)
    data = shape_evaluation("confusion", {"labels": list("abc"), "counts": counts.tolist()})
    assert np.array(data.counts).tolist() == counts.tolist()
    assert np.array(data.shares()) == pytest.approx(confusion_matrix(observed, predicted, normalize="true"))
    assert str((observed == predicted).sum()) in str(data.notes[0])


def test_rare_classes_are_taken_together_without_losing_a_row() -> None:
    counts = GENERATOR.integers(0, 9, (60, 60))
    data = shape_evaluation("confusion", {"labels": [f"k{i}" for i in range(60)], "counts": counts.tolist()})
    assert len(data.labels) == 24
    assert str(data.labels[-1]) == "37 other classes"
    assert np.sum(data.counts) == counts.sum()


def test_a_long_roc_curve_keeps_its_ends_its_shape_and_its_area() -> None:
    (curve,) = shape_evaluation("roc", {"curves": [roc()]}).curves
    assert len(curve.fpr) == 400
    assert (curve.fpr[0], curve.tpr[0], curve.fpr[-1], curve.tpr[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(curve.tpr, curve.fpr) == pytest.approx(roc_auc_score(TRUTH, SCORE), abs=0.005)
    assert curve.auc == roc_auc_score(TRUTH, SCORE)


def test_the_mean_of_classes_comes_first_and_is_said_in_the_readers_language() -> None:
    figure = draw_evaluation("roc", {"curves": [roc("a"), roc("macro")]}, language="fr")
    assert figure.data[1].name.startswith("Moyenne des classes (AUC 0,")
    assert figure.data[2].name.startswith("a (AUC")


def test_residuals_are_observed_minus_predicted() -> None:
    (group,) = shape_evaluation("residuals", NUMBERS).groups
    assert group.x == (1.5, 2.0, 3.0)
    assert group.y == (-0.5, 0.0, 0.5)


def test_the_identity_line_spans_both_axes() -> None:
    data = shape_evaluation("predicted_observed", NUMBERS)
    assert data.line == (1.0, 1.0, 3.5, 3.5)
    figure = draw_evaluation("predicted_observed", NUMBERS)
    assert figure.layout.xaxis.range == figure.layout.yaxis.range


def test_predictions_that_are_not_finite_are_left_out() -> None:
    document = {"observed": [1.0, 2.0, None, 4.0], "predicted": [1.0, float("nan"), 3.0, 4.0], "target": "t"}
    assert shape_evaluation("predicted_observed", document).groups[0].x == (1.0, 4.0)


def test_models_stand_best_first_with_the_baseline() -> None:
    rows = [(f"m{i}", float(i), i - 0.5, i + 0.5, False) for i in range(40)]
    document = board(("failed", None, None, None, False), *rows[::-1], ("dummy", 99.0, 98.0, 100.0, True))
    data = shape_evaluation("leaderboard", document)
    assert [score.label for score in data.scores[:2]] == ["m0", "m1"]
    assert data.scores[-1].label == "dummy"
    assert len(data.scores) == 31
    assert data.baseline() == 99.0
    other = shape_evaluation("leaderboard", {**document, "greater_is_better": True})
    assert other.scores[0].label == "dummy"


def test_labels_may_be_sentences_in_json() -> None:
    document = board((Text("No error").to_json(), 1.0, 0.5, 1.5, False))
    document["metric"] = Text("Residual").to_json()
    figure = draw_evaluation("leaderboard", document, language="fr")
    assert figure.layout.yaxis.ticktext == ("Erreur nulle",)
    assert figure.layout.xaxis.title.text == "Résidu"
