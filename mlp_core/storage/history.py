"""What can be undone: the states a recipe went through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Steps = tuple[Mapping[str, Any], ...]

MOST: Final = 100
"""States kept on either side of the present one."""


@dataclass(frozen=True, kw_only=True)
class History:
    """A present state with those before it and those undone.

    Attributes
    ----------
    past : tuple
        Oldest first.
    present : tuple of mapping
        The steps of a recipe as plain JSON.
    future : tuple
        What was undone, next one first.
    """

    past: tuple[Steps, ...] = ()
    present: Steps = ()
    future: tuple[Steps, ...] = ()

    def changed(self, steps: Iterable[Mapping[str, Any]]) -> History:
        """Return the history with a new present state; the same one where nothing changed."""
        present = tuple(steps)
        if present == self.present:
            return self
        return History(past=(*self.past, self.present)[-MOST:], present=present)

    def undone(self) -> History:
        """Return the history one step back; the same one at its beginning."""
        if not self.past:
            return self
        future = (self.present, *self.future)[:MOST]
        return History(past=self.past[:-1], present=self.past[-1], future=future)

    def redone(self) -> History:
        """Return the history one step forth; the same one at its end."""
        if not self.future:
            return self
        past = (*self.past, self.present)[-MOST:]
        return History(past=past, present=self.future[0], future=self.future[1:])

    def to_json(self) -> dict[str, Any]:
        """Return the history as plain JSON."""
        return {
            "past": [list(steps) for steps in self.past],
            "present": list(self.present),
            "future": [list(steps) for steps in self.future],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> History:
        """Return the history that :meth:`to_json` wrote."""
        return cls(
            past=tuple(_steps(steps) for steps in data["past"])[-MOST:],
            present=_steps(data["present"]),
            future=tuple(_steps(steps) for steps in data["future"])[:MOST],
        )


def _steps(data: Any) -> Steps:
    if not isinstance(data, list) or not all(isinstance(step, dict) for step in data):
        raise TypeError("a recipe is a list of steps")
    return tuple(data)
