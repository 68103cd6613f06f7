"""How the cells of a file may be written: what a person decided, and what the file itself says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mlp_core.read.dates import Order
from mlp_core.read.missing import EVERYWHERE, IN_NUMBERS, WORDS
from mlp_core.read.numbers import NOTATIONS, Notation
from mlp_core.read.options import ReadOptions


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What stands for a missing value, and how numbers and dates may be written.

    Attributes
    ----------
    decimals : tuple of str
        Decimal marks that may be used, that of the file first.
    everywhere, in_numbers : frozenset of str
        Texts that mean missing in every column, and those that do between numbers or dates.
    thousands : str, optional
        The mark between thousands, where a person has decided it; empty for none.
    day_first : bool, optional
        Whether the day stands before the month, where a person has decided it.
    """

    decimals: tuple[str, ...] = (".", ",")
    everywhere: frozenset[str] = EVERYWHERE
    in_numbers: frozenset[str] = IN_NUMBERS | WORDS
    thousands: str | None = None
    day_first: bool | None = None

    @classmethod
    def of(cls, options: ReadOptions, decimal: str = ".") -> Rules:
        """Return the rules that follow from what a person decided, and the decimal mark of the file."""
        both = (".", ",") if decimal == "." else (",", ".")
        rules = cls(
            decimals=(options.decimal,) if options.decimal else both,
            thousands=options.thousands,
            day_first=options.day_first,
        )
        if options.missing is None:
            return rules
        return replace(rules, everywhere=frozenset(options.missing), in_numbers=frozenset())

    def notations(self) -> tuple[Notation, ...]:
        """Return the notations that numbers may have, the usual one first."""
        fitting = [
            one
            for one in NOTATIONS
            if one.decimal in self.decimals
            and one.decimal != self.thousands
            and (self.thousands is None or one.thousands in ("", self.thousands))
        ]
        fitting.sort(key=lambda one: self.decimals.index(one.decimal))
        return tuple(fitting) or (Notation(self.decimals[0]),)


@dataclass(frozen=True)
class Evidence:
    """What the other columns of the file say."""

    decimal: str | None = None
    order: Order | None = None
