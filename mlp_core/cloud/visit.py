"""What is known of one owner's projects while this process lives: what is to be sent, what is to come."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from mlp_core.cloud.copies import Copy
from mlp_core.errors import MLPError


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What happens when, in seconds.

    Attributes
    ----------
    quiet_seconds : float
        From a change to its upload, while no other change comes.
    apart_seconds : float
        From one upload of a project to the next, at least.
    arrival_seconds : float
        That a visitor whose projects are all elsewhere waits for the newest, at most.
    look_seconds : float
        That a visitor with projects here waits for what changed elsewhere, at most.
    again_seconds : float
        From one look at the service to the next, at least.
    first_seconds, most_seconds : float
        From a failure to the next try; it doubles each time.
    verify_seconds : float
        From one look whether an address has been confirmed to the next.
    """

    quiet_seconds: float = 2.0
    apart_seconds: float = 20.0
    arrival_seconds: float = 8.0
    look_seconds: float = 2.0
    again_seconds: float = 60.0
    first_seconds: float = 5.0
    most_seconds: float = 120.0
    verify_seconds: float = 30.0

    def after(self, failures: int) -> float:
        """Return the time to the next try after so many failures in a row."""
        return min(self.first_seconds * 2.0 ** min(failures - 1, 20), self.most_seconds)


@dataclass(frozen=True, kw_only=True)
class CloudState:
    """How an owner's projects stand.

    Attributes
    ----------
    waiting : int
        Projects with changes that the service does not have yet.
    bringing : int
        Projects that are still to be brought back.
    trouble : MLPError or None
        Why that is so, where something stands in the way.
    """

    waiting: int = 0
    bringing: int = 0
    trouble: MLPError | None = None

    @property
    def saved(self) -> bool:
        """Whether the service has everything, as far as this server knows."""
        return not self.waiting and not self.bringing and self.trouble is None


@dataclass
class Visit:
    """One owner.

    Attributes
    ----------
    work : Lock
        Held by who talks to the service for the owner.
    looked : float or None
        When the service was last asked what it has.
    arrived : Event
        Set once there is nothing more to wait for.
    to_bring : list
        The copies of each project that is to come, the newest of each first.
    """

    pace: Pace
    work: threading.Lock = field(default_factory=threading.Lock)
    arrived: threading.Event = field(default_factory=threading.Event)
    looked: float | None = None
    to_bring: list[list[Copy]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _due: dict[str, float] = field(default_factory=dict)
    _changes: dict[str, int] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)
    _sent: dict[str, float] = field(default_factory=dict)
    _refused: dict[str, MLPError] = field(default_factory=dict)
    _troubles: dict[str, MLPError] = field(default_factory=dict)
    _failures: int = 0

    def look_again(self) -> bool:
        """Whether it is time to ask the service what it has; it is then taken as asked."""
        with self._lock:
            now = time.monotonic()
            if self.looked is not None and now - self.looked < self.pace.again_seconds:
                return False
            self.looked = now
            self.arrived.clear()
            return True

    def want(self, project_id: str) -> float:
        """Have a project sent after a while without changes, but not put off for ever; return in how long."""
        with self._lock:
            now = time.monotonic()
            self._changes[project_id] = self._changes.get(project_id, 0) + 1
            since = self._since.setdefault(project_id, now)
            due = min(now + self.pace.quiet_seconds, since + self.pace.apart_seconds)
            self._due[project_id] = due = max(due, self._soonest(project_id))
            return max(0.0, due - now)

    def hurry(self) -> bool:
        """Have everything that waits sent now; say whether there is anything."""
        with self._lock:
            self._due = dict.fromkeys(self._due, 0.0)
            return bool(self._due)

    def due(self) -> list[tuple[str, int]]:
        """Return the projects to be sent by now, the longest waiting first, each with its changes so far."""
        with self._lock:
            now = time.monotonic()
            found = sorted((when, project_id) for project_id, when in self._due.items() if when <= now)
            return [(project_id, self._changes[project_id]) for _, project_id in found]

    def next_seconds(self) -> float | None:
        """Return in how long the next project is due; ``None`` where none waits."""
        with self._lock:
            return max(0.0, min(self._due.values()) - time.monotonic()) if self._due else None

    def sent(self, project_id: str, changes: int) -> None:
        """Note that a project has been sent as it was after so many changes."""
        with self._lock:
            self._sent[project_id] = time.monotonic()
            self._refused.pop(project_id, None)
            if self._changes.get(project_id) == changes:
                self._due.pop(project_id, None)
                self._since.pop(project_id, None)
            elif project_id in self._due:
                # It was changed while it was on its way.
                self._due[project_id] = max(self._due[project_id], self._soonest(project_id))

    def refuse(self, project_id: str, why: MLPError) -> None:
        """Note that a project cannot be sent or brought as it is; another change tries it again."""
        with self._lock:
            self._sent[project_id] = time.monotonic()
            self._refused[project_id] = why
            self._due.pop(project_id, None)

    def came(self, project_id: str) -> None:
        """Note that nothing of a project is to be brought any more."""
        with self._lock:
            self.to_bring = [one for one in self.to_bring if one[0].project != project_id]

    def drop(self, project_id: str | None = None) -> None:
        """Forget a project that was deleted; by default all of them."""
        with self._lock:
            for one in [project_id] if project_id is not None else list(self._changes):
                for kept in (self._due, self._changes, self._since, self._sent, self._refused):
                    kept.pop(one, None)
            self.to_bring = [one for one in self.to_bring if project_id not in (None, one[0].project)]

    def well(self, what: str) -> None:
        """Note that the service answered."""
        with self._lock:
            self._failures = 0
            self._troubles.pop(what, None)

    def fail(self, what: str, why: MLPError) -> float:
        """Note that it did not; return in how long to try again."""
        with self._lock:
            self._failures += 1
            self._troubles[what] = why
            return self.pace.after(self._failures)

    def state(self) -> CloudState:
        """Return how it stands."""
        with self._lock:
            waiting = self._due.keys() | (self._refused.keys() & self._since.keys())
            troubles = [*self._troubles.values(), *self._refused.values()]
            trouble = troubles[0] if troubles else None
            return CloudState(waiting=len(waiting), bringing=len(self.to_bring), trouble=trouble)

    def _soonest(self, project_id: str) -> float:
        return self._sent.get(project_id, float("-inf")) + self.pace.apart_seconds
