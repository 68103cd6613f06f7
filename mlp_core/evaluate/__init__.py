"""How good a model is: metrics with intervals, and what the evaluation charts draw."""

from mlp_core.evaluate.evaluation import evaluation_of
from mlp_core.evaluate.intervals import LEVEL, CVScore, Interval, over_folds
from mlp_core.evaluate.metric import METRICS, Metric
from mlp_core.evaluate.metrics import metrics_of
from mlp_core.evaluate.outcome import Outcome

__all__ = [
    "LEVEL",
    "METRICS",
    "CVScore",
    "Interval",
    "Metric",
    "Outcome",
    "evaluation_of",
    "metrics_of",
    "over_folds",
]
