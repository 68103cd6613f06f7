"""What a slow store was last known to list, so that a page need not wait for it.

A list is asked for again once it is some seconds old. Who asks waits a moment and then takes the one before.
What is saved or deleted while a list is on its way is applied to it when it comes.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from mlp_core.accounts.account import Owner
from mlp_core.errors import MLPError, ServiceUnavailable
from mlp_core.storage.artifacts.artifact import Artifact
from mlp_core.storage.errands import Calls
from mlp_core.text import Text

_REMEMBERED: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long who asks waits, and what is asked again when.

    Attributes
    ----------
    fresh_seconds : float
        A list younger than this is not asked for again.
    known_seconds : float
        Wait for a newer list where an older one is known.
    unknown_seconds : float
        Wait for the first list.
    again_seconds : float
        After a failure, the store is not asked for this long.
    """

    fresh_seconds: float = 10.0
    known_seconds: float = 1.0
    unknown_seconds: float = 6.0
    again_seconds: float = 5.0


@dataclass
class _Known:
    artifacts: Sequence[Artifact] | None = None
    taken: float = 0.0
    failure: MLPError | None = None
    failed: float = 0.0
    asked: float = 0.0
    question: Future[None] | None = None
    since: dict[str, Artifact | None] = field(default_factory=dict)


class Lists:
    """The last known list of each owner.

    Parameters
    ----------
    ask : callable
        Returns the list of an owner; may take its time and raise any ``MLPError``.
    calls : Calls
        What runs it.
    waits : Waits
        Who waits how long.
    """

    def __init__(
        self, ask: Callable[[Owner], Sequence[Artifact]], calls: Calls, waits: Waits | None = None
    ) -> None:
        self._ask = ask
        self._calls = calls
        self._waits = waits or Waits()
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def get(self, owner: Owner, *, most_seconds: float | None = None) -> list[Artifact]:
        """Return the list of an owner, or the last known one where the store does not answer in time."""
        self.ask(owner)
        with self._lock:
            known = self._of(owner.id)
            question, asked = known.question, known.asked
            limit = self._waits.unknown_seconds if known.artifacts is None else self._waits.known_seconds
        if question is not None:
            limit = limit if most_seconds is None else min(limit, most_seconds)
            wait([question], max(0.0, asked + limit - time.monotonic()))
        return self.last(owner.id)

    def ask(self, owner: Owner) -> None:
        """Ask for the list of an owner behind the page, if it is time to."""
        with self._lock:
            known = self._of(owner.id)
            now = time.monotonic()
            if known.question is None and not self._is_settled(known, now):
                known.asked = now
                # Where no list is known yet, what was saved here is all that there is to show.
                known.since = known.since if known.artifacts is None else {}
                known.question = self._calls.submit(partial(self._refresh, owner, known))

    def last(self, owner_id: str) -> list[Artifact]:
        """Return the last known list, empty where none is known; nothing is asked."""
        with self._lock:
            known = self._of(owner_id)
            if known.artifacts is not None:
                return list(known.artifacts)
            return [artifact for artifact in reversed(known.since.values()) if artifact is not None]

    def failure(self, owner_id: str) -> MLPError | None:
        """Return why the list may not be the present one; ``None`` where it is."""
        with self._lock:
            known = self._of(owner_id)
            late = known.question is not None and not known.question.done()
            if late and time.monotonic() - known.asked >= self._waits.known_seconds:
                return known.failure or silent()
            return known.failure

    def added(self, owner_id: str, artifact: Artifact) -> None:
        """Take note of a thing that is in the store now, or bears another name."""
        self._note(owner_id, artifact.id, artifact)

    def dropped(self, owner_id: str, artifact_id: str) -> None:
        """Take note of a thing that is no longer in the store."""
        self._note(owner_id, artifact_id, None)

    def forget(self, owner_id: str) -> None:
        """Forget what is known of an owner."""
        with self._lock:
            self._known.pop(owner_id, None)

    def _refresh(self, owner: Owner, known: _Known) -> None:
        failure: MLPError | None = silent()
        artifacts: Sequence[Artifact] = ()
        try:
            artifacts = self._ask(owner)
            failure = None
        except MLPError as met:
            failure = met
        finally:
            with self._lock:
                now = time.monotonic()
                known.question, known.failure, known.failed = None, failure, now
                if failure is None:
                    known.artifacts, known.taken = artifacts, now
                    for artifact_id, artifact in known.since.items():
                        known.artifacts = _with(known.artifacts, artifact_id, artifact)

    def _note(self, owner_id: str, artifact_id: str, artifact: Artifact | None) -> None:
        with self._lock:
            known = self._of(owner_id)
            known.since[artifact_id] = artifact
            if known.artifacts is not None:
                known.artifacts = _with(known.artifacts, artifact_id, artifact)

    def _of(self, owner_id: str) -> _Known:
        known = self._known.setdefault(owner_id, _Known())
        self._known.move_to_end(owner_id)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return known

    def _is_settled(self, known: _Known, now: float) -> bool:
        """Whether it is too early to ask again."""
        if known.failure is not None:
            return now - known.failed < self._waits.again_seconds
        return known.artifacts is not None and now - known.taken < self._waits.fresh_seconds


def silent() -> ServiceUnavailable:
    """Return the error of a store that takes longer than anybody should wait."""
    return ServiceUnavailable(
        Text("The service that keeps your saved work does not answer."),
        hint=Text(
            "What you save meanwhile is kept on this server and sent by itself. Try again in a minute."
        ),
    )


def _with(artifacts: Sequence[Artifact], artifact_id: str, artifact: Artifact | None) -> Sequence[Artifact]:
    if artifact is None:
        return [one for one in artifacts if one.id != artifact_id]
    if any(one.id == artifact_id for one in artifacts):
        return [artifact if one.id == artifact_id else one for one in artifacts]
    return sorted([artifact, *artifacts], key=lambda one: -one.created)
