"""What a leaderboard says in one sentence: the leader, its interval, and the baseline it is held against."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mlp_core.evaluate import METRICS
from mlp_core.evaluate.reporting import rounded
from mlp_core.task import Task
from mlp_core.text import Text
from mlp_core.train.leaderboard import Leaderboard

NEAR_PERFECT: Final[Mapping[str, float]] = MappingProxyType({"roc_auc": 0.98, "accuracy": 0.99, "r2": 0.99})
"""Cross-validated scores from which on a leak is likelier than a discovery."""


def verdict(board: Leaderboard) -> Text:
    """Return the finding of a training in plain words, never without its interval and the baseline."""
    metric = METRICS[board.metric]
    scored = [row for row in board.rows if row.failure is None and board.metric in row.cv]
    if not scored:
        return Text("No model of this training could be fitted.")
    best, baseline = scored[0], board.baseline
    found = best.cv[board.metric]
    value, spread = rounded(found.mean, found.half_width, found.half_width)
    words: dict[str, Any] = {"metric": metric.label, "value": value, "spread": spread}
    if baseline is None or baseline.failure is not None or board.metric not in baseline.cv:
        return Text("{model} leads: {metric} {value:n} ± {spread:n}.", model=best.label, **words)
    if best.model == baseline.model:
        return Text(
            "No model beats the baseline, which looks at no feature: {metric} {value:n} ± {spread:n}. "
            "These columns tell little about the target.",
            **words,
        )
    base = baseline.cv[board.metric].mean
    clear = found.low > base if metric.greater_is_better else found.high < base
    words = {**words, "model": best.label, "base": rounded(found.mean, found.half_width, base)[1]}
    if clear:
        return Text(
            "{model} leads: {metric} {value:n} ± {spread:n}, where the baseline has {base:n}.",
            **words,
        )
    return Text(
        "{model} leads, but not clearly: {metric} {value:n} ± {spread:n}, and the baseline’s {base:n} "
        "lies within that interval.",
        **words,
    )


def suspicion(board: Leaderboard) -> Text | None:
    """Return a warning where the leader is so near to perfect that a column may give the target away."""
    if board.task is Task.CLUSTERING or not board.rows or board.rows[0].failure is not None:
        return None
    for id_, found in board.rows[0].cv.items():
        if found.mean >= NEAR_PERFECT.get(id_, math.inf):
            return Text(
                "{metric} {value:n} is close to perfect. Make sure that no feature is only known once the "
                "target is, or repeats it.",
                metric=METRICS[id_].label,
                value=rounded(found.mean, found.half_width)[0],
            )
    return None
