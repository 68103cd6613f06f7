"""Many of a kind: operations, charts, models. One frozen dataclass each, found by a permanent id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from mlp_core.errors import InvalidParameter
from mlp_core.text import Text


class Registered(Protocol):
    """What every item of a registry says of itself; line one of its docstring is its help."""

    id: ClassVar[str]
    label: ClassVar[Text]


T = TypeVar("T", bound=Registered)
C = TypeVar("C", bound=Registered)


class Registry(Generic[T]):
    """Classes by their permanent id, in the order in which they were added."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: dict[str, type[T]] = {}

    def add(self, cls: type[C]) -> type[C]:
        """Add a class; used as its decorator."""
        if cls.id in self._items:
            raise ValueError(f"{self.name} already has {cls.id!r}")
        self._items[cls.id] = cls  # type: ignore[assignment]
        return cls

    def __getitem__(self, id_: str) -> type[T]:
        try:
            return self._items[id_]
        except KeyError:
            raise InvalidParameter(
                Text("This version does not know {id}.", id=str(id_)),
                hint=Text("Known are: {ids:list}.", ids=self.ids()),
            ) from None

    def __iter__(self) -> Iterator[type[T]]:
        return iter(self._items.values())

    def __contains__(self, id_: object) -> bool:
        return id_ in self._items

    def ids(self) -> list[str]:
        """Return the ids, in order."""
        return list(self._items)

    def label(self, id_: str) -> Text:
        """Return the name that people read."""
        return self[id_].label

    def help(self, id_: str) -> Text:
        """Return the first line of the item's docstring, as a sentence people read."""
        return help_of(self[id_])


def help_of(cls: type[Any]) -> Text:
    """Return the first line of a docstring as a translatable sentence."""
    return Text((cls.__doc__ or "").strip().splitlines()[0])
