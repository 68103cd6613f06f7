"""What the evaluation charts draw, from a model's answers on held-out rows: plain JSON, bounded in size."""

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
MOST_CURVES: Final = 10


def evaluation_of(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """Return the data of every evaluation chart that suits the task, by the id of the chart.

    ==================  ===========================================================================
    id                  data
    ==================  ===========================================================================
    confusion           ``labels``; ``matrix``: rows counted, observed down, predicted across
    roc                 ``curves``: each ``label``, ``auc``, ``fpr``, ``tpr``
    predicted_observed  ``observed``, ``predicted``
    residuals           ``predicted``, ``residual`` (observed minus predicted)
    clusters            ``x``, ``y``, ``cluster``, ``shares`` (variance kept by each axis, 0-1)
    ==================  ===========================================================================
    """
    if outcome.task is Task.CLASSIFICATION:
        return {"confusion": _confusion(outcome), "roc": {"curves": _curves(outcome)}}
    if outcome.task is Task.REGRESSION:
        kept = _spread(len(outcome))
        observed, predicted = outcome.truth[kept], outcome.predicted[kept]
        return {
            "predicted_observed": {"observed": observed.tolist(), "predicted": predicted.tolist()},
            "residuals": {"predicted": predicted.tolist(), "residual": (observed - predicted).tolist()},
        }
    return {"clusters": _clusters(outcome)}


def _confusion(outcome: Outcome) -> dict[str, Any]:
    assert outcome.classes is not None
    return {"labels": [str(name) for name in outcome.classes], "matrix": outcome.confusion.tolist()}


def _curves(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the curve of the second of two classes, or of each class against the rest."""
    from sklearn.metrics import roc_curve

    assert outcome.classes is not None
    codes = range(1, 2) if len(outcome.classes) == 2 else range(min(len(outcome.classes), MOST_CURVES))
    curves = []
    for code in codes:
        positive, scores = outcome.observed_codes == code, outcome.chances[:, code]
        if not positive.any() or positive.all():
            continue
        false_share, true_share, _ = roc_curve(positive, scores)
        kept = _spread(len(false_share), MOST_CURVE_POINTS)
        curves.append(
            {
                "label": str(outcome.classes[code]),
                "auc": area(scores, positive),
                "fpr": false_share[kept].tolist(),
                "tpr": true_share[kept].tolist(),
            }
        )
    return curves


def _clusters(outcome: Outcome) -> dict[str, Any]:
    """Return the rows on their two main axes."""
    import numpy as np

    assert outcome.points is not None
    kept = _spread(len(outcome))
    centred = outcome.points - outcome.points.mean(axis=0)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    # A singular vector may come out with either sign: the largest part is made positive.
    axes = axes[:2] * np.sign(axes[:2][np.arange(len(axes[:2])), abs(axes[:2]).argmax(axis=1)])[:, None]
    places = np.zeros((len(kept), 2))
    places[:, : len(axes)] = centred[kept] @ axes.T
    total = float((sizes**2).sum()) or 1.0
    return {
        "x": places[:, 0].tolist(),
        "y": places[:, 1].tolist(),
        "cluster": [int(group) for group in outcome.predicted[kept]],
        "shares": [float(size**2) / total for size in sizes[:2]],
    }


def _spread(size: int, most: int = MOST_POINTS) -> Array:
    """Return at most ``most`` positions spread evenly over ``size``, both ends among them."""
    import numpy as np

    return np.linspace(0, size - 1, min(size, most)).round().astype(int)
