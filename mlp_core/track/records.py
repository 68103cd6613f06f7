"""What a tracked run holds, and what every tracker can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


@dataclass(frozen=True, kw_only=True)
class TrackedModel:
    """A fitted pipeline, and what is needed to open it elsewhere.

    Attributes
    ----------
    pipeline : Pipeline
        Takes raw rows.
    inputs : tuple of str
        The columns it takes, in order.
    output : str
        What it answers: ``number`` or ``text``.
    trusted : tuple of str
        The types in it that a reader of the safe format must trust by name.
    requirements : tuple of str
        What must be installed to open it, as pip writes it.
    """

    pipeline: Pipeline
    inputs: tuple[str, ...]
    output: str
    trusted: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One finished training of one model, to be tracked.

    Attributes
    ----------
    name : str
        What people call the run.
    params : mapping of str to object
        Written as text.
    metrics : mapping of str to float
        Those that are not finite are left out.
    curves : mapping of str to sequence of float
        A value per step, from 0: fold scores, losses.
    figures : mapping of str to bytes
        PNG by name, without its ending.
    tags : mapping of str to str
        Where the numbers come from: data fingerprint, seed, versions.
    documents : mapping of str to object
        Plain JSON by name, without its ending: the plan, the recipe.
    model : TrackedModel or None
        What was learned.
    seconds : float
        What the fit took.
    """

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    figures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    tags: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, Any] = field(default_factory=dict, repr=False)
    model: TrackedModel | None = field(default=None, repr=False)
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class TrackedRun:
    """A run as a tracker gives it back.

    Attributes
    ----------
    run_id : str
        Its id for good.
    status : str
        ``finished``, or ``killed`` where its tracking was cut short.
    params : mapping of str to str
        As text.
    metrics : mapping of str to float
        Those of the record.
    curves : mapping of str to tuple of float
        A value per step.
    tags : mapping of str to str
        Those of the record.
    files : tuple of str
        Paths of what is kept with it, sorted; a model is one entry, ``model``.
    """

    run_id: str
    name: str
    status: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    curves: Mapping[str, tuple[float, ...]]
    tags: Mapping[str, str]
    files: tuple[str, ...]


class Tracker(Protocol):
    """Where runs are kept."""

    def log(self, record: RunRecord) -> str:
        """Keep one run and return its id."""

    def runs(self) -> list[TrackedRun]:
        """Return the runs, newest first."""


def finite(record: RunRecord) -> dict[str, float]:
    """Return the metrics of a record that are finite numbers."""
    return {name: float(value) for name, value in record.metrics.items() if _is_finite(value)}


def files_of(record: RunRecord) -> tuple[str, ...]:
    """Return the paths of what is kept with a run, sorted."""
    names = [f"figures/{name}.png" for name in record.figures]
    names += [f"{name}.json" for name in record.documents]
    return tuple(sorted([*names, *(["model"] if record.model else [])]))


def _is_finite(value: float) -> bool:
    return value == value and abs(value) != float("inf")
