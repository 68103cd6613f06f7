"""How far a training is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from mlp_core.text import Text
from mlp_core.train.model import MODELS


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One look at a training.

    Attributes
    ----------
    share : float
        Work done, 0-1.
    message : Text
        What is going on.
    model : str
        Id of the model that was last worked on.
    seconds_left : float or None
        Estimated; ``None`` where nothing is known yet.
    done : mapping of str to float
        Share of the work done for each model, 0-1.
    """

    share: float
    message: Text
    model: str = ""
    seconds_left: float | None = None
    done: Mapping[str, float] = field(default_factory=dict)


class Meter:
    """Turns finished fits into progress; a fit weighs what its model usually costs.

    Parameters
    ----------
    models : sequence of str
        Ids, each fitted ``parts`` times.
    parts : int
        Fits per model.
    share : float
        How far the fits reach, 0-1; what comes after fills the rest.
    """

    def __init__(self, models: tuple[str, ...], parts: int, share: float = 1.0) -> None:
        self._cost = {id_: MODELS[id_].cost for id_ in models}
        self._left = dict.fromkeys(models, parts)
        self._parts = parts
        self._reach = share
        self._started = time.monotonic()

    def finished(self, model: str) -> Progress:
        """Return the progress after one more fit of ``model``."""
        self._left[model] -= 1
        done = {id_: 1 - left / self._parts for id_, left in self._left.items()}
        total = sum(self._cost.values())
        share = sum(self._cost[id_] * part for id_, part in done.items()) / total
        elapsed = time.monotonic() - self._started
        return Progress(
            share=share * self._reach,
            message=Text(
                "{model}: {done:n} of {parts:n} fits",
                model=MODELS.label(model),
                done=self._parts - self._left[model],
                parts=self._parts,
            ),
            model=model,
            # The first few fits say too little about the rest.
            seconds_left=elapsed * (1 - share) / share if share > 0.02 else None,
            done=done,
        )
