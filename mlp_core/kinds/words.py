"""The words for yes and no, in pairs: two words are a yes/no column only where they belong together."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

PAIRS: Final = (
    ("true", "false"),
    ("vrai", "faux"),
    ("wahr", "falsch"),
    ("verdadero", "falso"),
    ("vero", "falso"),
    ("yes", "no"),
    ("y", "n"),
    ("t", "f"),
    ("oui", "non"),
    ("o", "n"),
    ("ja", "nein"),
    ("si", "no"),
    ("sí", "no"),
    ("sì", "no"),
    ("sim", "não"),
    ("ja", "nee"),
)
"""Yes first. ``1`` and ``0`` stay numbers, and ``m``/``f`` is no answer."""

TRUTHS: Final = PAIRS[:5]
"""Pairs that mean nothing but a truth value, so that they are read as one."""

TRUE_WORDS: Final = frozenset(yes for yes, _ in PAIRS)
FALSE_WORDS: Final = frozenset(no for _, no in PAIRS)


def is_yes_no(values: Collection[str]) -> bool:
    """Whether the different values of a column are the two words of one pair.

    Examples
    --------
    >>> is_yes_no(["Oui", "Non"]), is_yes_no(["oui", "no"]), is_yes_no(["yes"])
    (True, False, False)
    """
    if len(values) != 2:
        return False
    folded = {value.strip().casefold() for value in values}
    return any(folded == set(pair) for pair in PAIRS)
