"""Work done beside the pages: errands at their time, never twice at once for the same key, and single calls.

Their threads are daemons, so that a service that hangs does not keep a server from stopping. A failure that
nothing foresaw ends one errand and not the thread that everybody's errands need. Of such a failure only the
kind and the place are logged: its words may hold an address with somebody's proof in it.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar

_LOG: Final = logging.getLogger(__name__)
_AFTER_A_BUG_SECONDS: Final = 300.0

T = TypeVar("T")


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


class Calls:
    """Calls that may hang, each in a thread of its own, so that who asks can stop waiting.

    Parameters
    ----------
    name : str
        Of the threads.
    most : int, default 16
        Calls that run at once; the others wait for their turn.
    """

    def __init__(self, *, name: str, most: int = 16) -> None:
        self._name = name
        self._free = threading.Semaphore(most)

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Begin a call; what it returns or raises is in the future."""
        future: Future[T] = Future()

        def run() -> None:
            with self._free:
                if not future.set_running_or_notify_cancel():
                    return
                try:
                    result = work()
                except BaseException as failure:
                    future.set_exception(failure)
                else:
                    future.set_result(result)

        threading.Thread(target=run, name=self._name, daemon=True).start()
        return future
