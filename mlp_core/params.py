"""Parameters declared once: the field of a dataclass carries its label, help, range and choices.

Form, validation, JSON, MLflow parameters and contract tests all read these declarations.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from mlp_core.errors import InvalidParameter
from mlp_core.kinds import Kind
from mlp_core.text import Text

_KEY: Final = "param"
_LARGEST: Final = 2**63 - 1
_LONGEST: Final = 200

T = TypeVar("T")


class Shape(StrEnum):
    """How a parameter is asked for."""

    NUMBER = "number"
    INTEGER = "integer"
    SWITCH = "switch"
    CHOICE = "choice"
    WORDS = "words"
    COLUMN = "column"
    COLUMNS = "columns"
    VALUES = "values"
    GROUPS = "groups"


@dataclass(frozen=True, kw_only=True)
class Param:
    """What one field allows, and how it is named and explained."""

    shape: Shape
    label: Text
    help: Text | None = None
    low: float | None = None
    high: float | None = None
    choices: Mapping[str, Text] = dataclasses.field(default_factory=dict)
    kinds: frozenset[Kind] = frozenset()
    optional: bool = False
    least: int = 0
    shown_when: tuple[str, tuple[str, ...]] | None = None


def number(default: float, *, low: float, high: float, label: Text, help: Text | None = None) -> Any:
    """Declare a number field with its range; whole when its default is an ``int``."""
    shape = Shape.INTEGER if isinstance(default, int) else Shape.NUMBER
    return _field(default, Param(shape=shape, label=label, help=help, low=low, high=high))


def switch(default: bool, *, label: Text, help: Text | None = None) -> Any:
    """Declare a yes/no field."""
    return _field(default, Param(shape=Shape.SWITCH, label=label, help=help))


def choice(default: str, *, choices: Mapping[str, Text], label: Text, help: Text | None = None) -> Any:
    """Declare a field that takes one of a closed set of words."""
    return _field(default, Param(shape=Shape.CHOICE, label=label, help=help, choices=choices))


def words(
    default: str = "",
    *,
    label: Text,
    help: Text | None = None,
    shown_when: tuple[str, tuple[str, ...]] | None = None,
) -> Any:
    """Declare a free text field; ``shown_when`` names another field and the values that call for it."""
    return _field(default, Param(shape=Shape.WORDS, label=label, help=help, shown_when=shown_when))


def column_of(*kinds: Kind, label: Text, optional: bool = False, help: Text | None = None) -> Any:
    """Declare a field that names one column of the given kinds (any kind where none is given)."""
    param = Param(shape=Shape.COLUMN, label=label, help=help, kinds=frozenset(kinds), optional=optional)
    return _field("", param)


def columns_of(*kinds: Kind, label: Text, least: int = 0, help: Text | None = None) -> Any:
    """Declare a field that names several columns; none chosen means all that fit, where ``least`` is 0."""
    param = Param(shape=Shape.COLUMNS, label=label, help=help, kinds=frozenset(kinds), least=least)
    return _field((), param)


def values_of(
    *,
    label: Text,
    least: int = 0,
    help: Text | None = None,
    shown_when: tuple[str, tuple[str, ...]] | None = None,
) -> Any:
    """Declare a field that lists values as they are written, ``(value, …)``."""
    return _field((), Param(shape=Shape.VALUES, label=label, help=help, least=least, shown_when=shown_when))


def groups_of(*, label: Text, least: int = 0, help: Text | None = None) -> Any:
    """Declare a field that gives several values one name, ``((name, (value, …)), …)``; a mapping in JSON."""
    return _field((), Param(shape=Shape.GROUPS, label=label, help=help, least=least))


def declared(item: Any) -> dict[str, Param]:
    """Return the declared parameters of a dataclass or of its instance, in order."""
    return {f.name: f.metadata[_KEY] for f in dataclasses.fields(item) if _KEY in f.metadata}


def defaults(cls: Any) -> dict[str, Any]:
    """Return the default of every declared parameter."""
    return {f.name: f.default for f in dataclasses.fields(cls) if _KEY in f.metadata}


def values(item: Any) -> dict[str, Any]:
    """Return the declared parameters of an instance as plain JSON values."""
    return {name: _jsonable(param, getattr(item, name)) for name, param in declared(item).items()}


def build(cls: Callable[..., T], given: Mapping[str, Any]) -> T:
    """Return an instance from JSON values, with every field checked.

    Raises
    ------
    InvalidParameter
        A field is unknown, of the wrong type, or outside its range or choices.
    """
    rules = declared(cls)
    for name in given:
        if name not in rules:
            raise InvalidParameter(Text("There is no setting named {name}.", name=name))
    return cls(**{name: check(name, rules[name], value) for name, value in given.items()})


def check(name: str, param: Param, value: Any) -> Any:
    """Return ``value`` in the type its field holds.

    Raises
    ------
    InvalidParameter
        The value is of the wrong type, or outside the range or choices.
    """
    if param.shape in (Shape.NUMBER, Shape.INTEGER):
        return _checked_number(param, value)
    if param.shape is Shape.SWITCH:
        if not isinstance(value, bool):
            raise InvalidParameter(Text("{label} is either on or off.", label=param.label))
        return value
    if param.shape is Shape.CHOICE:
        if not isinstance(value, str) or value not in param.choices:
            raise InvalidParameter(
                Text("{label} cannot be {value}.", label=param.label, value=written(value)),
                hint=Text("Choose one of: {choices:list}.", choices=list(param.choices.values())),
            )
        return value
    if param.shape in (Shape.COLUMNS, Shape.VALUES):
        return _checked_list(param, value)
    if param.shape is Shape.GROUPS:
        return _checked_groups(param, value)
    if param.shape is Shape.COLUMN and not value and not param.optional:
        raise InvalidParameter(Text("{label}: choose a column.", label=param.label))
    return "" if value is None else str(value)


def written(value: Any) -> str:
    """Return a refused value as it stands in a sentence, which is short whatever the value."""
    if isinstance(value, int) and abs(value) > _LARGEST:
        return "∞" if value > 0 else "-∞"
    try:
        return str(value)[:_LONGEST]
    except (ValueError, RecursionError):
        return type(value).__name__


def _checked_number(param: Param, value: Any) -> float | int:
    wrong = isinstance(value, bool) or not isinstance(value, (int, float))
    if not wrong and param.shape is Shape.INTEGER:
        wrong = isinstance(value, float) and not value.is_integer()
    # Some whole numbers are too large for a float, and their digits too many to be written.
    wrong = wrong or (isinstance(value, int) and abs(value) > _LARGEST)
    low, high = param.low, param.high
    if wrong or (low is not None and not value >= low) or (high is not None and not value <= high):
        raise InvalidParameter(
            Text("{label} cannot be {value}.", label=param.label, value=written(value)),
            hint=Text("It lies between {low:n} and {high:n}.", low=low or 0, high=high or 0),
        )
    return int(value) if param.shape is Shape.INTEGER else float(value)


def _checked_list(param: Param, value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, (list, tuple)):
        raise InvalidParameter(Text("{label} cannot be {value}.", label=param.label, value=written(value)))
    _refuse_few(param, given)
    return tuple(written(one) if isinstance(one, int) else str(one) for one in given)


def _checked_groups(param: Param, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    given = list(value.items()) if isinstance(value, Mapping) else value
    if not isinstance(given, (list, tuple)) or not all(
        isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[1], (list, tuple))
        for pair in given
    ):
        raise InvalidParameter(Text("{label} cannot be {value}.", label=param.label, value=written(value)))
    _refuse_few(param, given)
    return tuple((str(name), tuple(str(one) for one in ones)) for name, ones in given)


def _refuse_few(param: Param, given: Any) -> None:
    if len(given) < param.least:
        raise InvalidParameter(
            Text("{label}: choose at least {least:n}.", label=param.label, least=param.least)
        )


def _field(default: Any, param: Param) -> Any:
    return dataclasses.field(default=default, metadata={_KEY: param})


def _jsonable(param: Param, value: Any) -> Any:
    if param.shape is Shape.GROUPS:
        return {name: list(ones) for name, ones in value}
    return list(value) if isinstance(value, tuple) else value
