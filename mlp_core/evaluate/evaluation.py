"""What the evaluation charts draw, from a model's answers on held-out rows: plain JSON, bounded in size.

The documents are those that ``mlp_core.charts.evaluation`` describes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlp_core.evaluate.outcome import Outcome
from mlp_core.evaluate.ranking import area
from mlp_core.task import Task

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

MOST_POINTS: Final = 2_000
MOST_CURVE_POINTS: Final = 300
MOST_CURVES: Final = 7


def evaluation_of(outcome: Outcome, target: str = "") -> dict[str, dict[str, Any]]:
    """Return the document of every evaluation chart that suits the task, by the id of the chart.

    Parameters
    ----------
    outcome : Outcome
        Answers on held-out rows.
    target : str
        The name of the target, for the titles.
    """
    if outcome.task is Task.CLASSIFICATION:
        return {"confusion": _confusion(outcome), "roc": {"curves": _curves(outcome)}}
    if outcome.task is Task.REGRESSION:
        kept = _spread(len(outcome))
        observed, predicted = outcome.truth[kept].tolist(), outcome.predicted[kept].tolist()
        document = {"observed": observed, "predicted": predicted, "target": target}
        return {"predicted_observed": document, "residuals": document}
    return {"clusters": _clusters(outcome)}


def _confusion(outcome: Outcome) -> dict[str, Any]:
    assert outcome.classes is not None
    return {"labels": [str(name) for name in outcome.classes], "counts": outcome.confusion.tolist()}


def _curves(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the curve of the second of two classes, or the mean curve and each class against the rest."""
    assert outcome.classes is not None
    codes = range(1, 2) if len(outcome.classes) == 2 else range(len(outcome.classes))
    curves = [_curve(outcome, code) for code in codes if _both_sides(outcome.observed_codes == code)]
    if len(outcome.classes) == 2 or not curves:
        return curves
    return [_mean_curve(curves), *curves[:MOST_CURVES]]


def _curve(outcome: Outcome, code: int) -> dict[str, Any]:
    from sklearn.metrics import roc_curve

    assert outcome.classes is not None
    positive, scores = outcome.observed_codes == code, outcome.chances[:, code]
    false_share, true_share, _ = roc_curve(positive, scores)
    kept = _spread(len(false_share), MOST_CURVE_POINTS)
    return {
        "label": str(outcome.classes[code]),
        "fpr": false_share[kept].tolist(),
        "tpr": true_share[kept].tolist(),
        "auc": area(scores, positive),
    }


def _mean_curve(curves: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the mean height of the curves over the share of false alarms."""
    import numpy as np

    shares = np.linspace(0, 1, 101)
    heights = np.mean([np.interp(shares, curve["fpr"], curve["tpr"]) for curve in curves], axis=0)
    return {
        "label": "macro",
        "fpr": [0.0, *shares.tolist()],
        "tpr": [0.0, *heights.tolist()],
        "auc": float(np.mean([curve["auc"] for curve in curves])),
    }


def _both_sides(positive: Array) -> bool:
    return bool(positive.any()) and not bool(positive.all())


def _clusters(outcome: Outcome) -> dict[str, Any]:
    """Return the rows on their two main axes."""
    import numpy as np

    assert outcome.points is not None
    kept = _spread(len(outcome))
    centred = outcome.points - outcome.points.mean(axis=0)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    # A singular vector may come out with either sign: the largest part is made positive.
    axes = axes * np.sign(axes[np.arange(len(axes)), abs(axes).argmax(axis=1)])[:, None]
    places = np.zeros((len(kept), 2))
    places[:, : len(axes)] = centred[kept] @ axes.T
    total = float((sizes**2).sum()) or 1.0
    explained = [float(size**2) / total for size in sizes[:2]]
    return {
        "x": places[:, 0].tolist(),
        "y": places[:, 1].tolist(),
        "cluster": [int(group) for group in outcome.predicted[kept]],
        "explained": [*explained, 0.0][:2],
    }


def _spread(size: int, most: int = MOST_POINTS) -> Array:
    """Return at most ``most`` positions spread evenly over ``size``, both ends among them."""
    import numpy as np

    return np.linspace(0, size - 1, min(size, most)).round().astype(int)
