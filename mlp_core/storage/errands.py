"""Errands: work done beside the pages, at its time, never twice at once for the same key.

A failure that nothing foresaw ends one errand and not the thread that everybody's errands need. Of such a
failure only the kind and the place are logged: its words may hold an address with somebody's proof in it.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable
from typing import Final

_LOG: Final = logging.getLogger(__name__)
_AFTER_A_BUG_SECONDS: Final = 300.0


class Errands:
    """A few threads that run errands when they are due.

    Parameters
    ----------
    run : callable
        Does the errand of a key; returns after how many seconds it is to be done again, or ``None``.
    name : str
        Of its threads.
    threads : int, default 8
        Errands that run at once. They are daemons: whatever they do must bear to be cut off.
    """

    def __init__(self, run: Callable[[str], float | None], *, name: str, threads: int = 8) -> None:
        self._run = run
        self._name = name
        self._most = threads
        self._changed = threading.Condition()
        self._due: dict[str, float] = {}
        self._busy: set[str] = set()
        self._threads: set[threading.Thread] = set()
        self._stopped = False

    def ask(self, key: str, delay_seconds: float = 0.0) -> None:
        """Have an errand done after a delay, or sooner where that was asked before."""
        with self._changed:
            if self._stopped:
                return
            due = time.monotonic() + delay_seconds
            self._due[key] = min(due, self._due.get(key, due))
            if len(self._threads) < min(self._most, len(self._due)):
                thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._threads.add(thread)
                thread.start()
            self._changed.notify_all()

    def settle(self, key: str, timeout_seconds: float) -> bool:
        """Wait until an errand is neither running nor due by now; say whether it came to that."""
        with self._changed:
            return self._changed.wait_for(lambda: self._is_settled(key), timeout_seconds)

    def stop(self, timeout_seconds: float = 5.0) -> bool:
        """Begin no errand any more and wait for those that run; say whether they all ended."""
        with self._changed:
            self._stopped = True
            self._due.clear()
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._threads, timeout_seconds)

    def _is_settled(self, key: str) -> bool:
        return key not in self._busy and self._due.get(key, float("inf")) > time.monotonic()

    def _work(self) -> None:
        while (key := self._next()) is not None:
            again: float | None = _AFTER_A_BUG_SECONDS
            try:
                again = self._run(key)
            except Exception as failure:
                place = traceback.extract_tb(failure.__traceback__)[-1]
                _LOG.error(
                    "an errand of %s failed: %s at %s:%s",
                    *(self._name, type(failure).__name__, place.filename, place.lineno),
                )
            with self._changed:
                self._busy.discard(key)
                if again is not None and not self._stopped:
                    due = time.monotonic() + again
                    self._due[key] = min(due, self._due.get(key, due))
                self._changed.notify_all()

    def _next(self) -> str | None:
        """Return the key of the next errand once it is due; ``None`` ends the thread that asks."""
        with self._changed:
            while not self._stopped and self._due:
                waiting = {key: due for key, due in self._due.items() if key not in self._busy}
                first = min(waiting, key=waiting.__getitem__, default=None)
                left = waiting[first] - time.monotonic() if first is not None else None
                if first is not None and left is not None and left <= 0:
                    del self._due[first]
                    self._busy.add(first)
                    return first
                self._changed.wait(left)
            self._threads.discard(threading.current_thread())
            self._changed.notify_all()
            return None
