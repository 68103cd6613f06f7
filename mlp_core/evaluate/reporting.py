"""How many digits of a score are worth writing: as many as its uncertainty leaves."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final

_MOST_DECIMALS: Final = 6
_WITHOUT_SPREAD: Final = 3
_SMALL: Final = 0.1


def rounded(value: float, spread: float, *others: float) -> tuple[Decimal, ...]:
    """Return a value rounded to the second significant digit of its uncertainty, or to fewer digits.

    From 0.1 on, three decimals are enough for a reader, however narrow the interval is.

    Parameters
    ----------
    value : float
        A score, finite.
    spread : float
        Half the width of its interval, in the same unit; 0 or not-a-number where there is none.

    *others : float
        What is written beside the value with as many decimals, as the spread itself.

    Returns
    -------
    tuple of Decimal
        The value and the others; they keep their trailing zeros.

    References
    ----------
    Joint Committee for Guides in Metrology (2008), *Guide to the expression of uncertainty in measurement*,
    7.2.6: at most two significant digits of an uncertainty are given.

    Examples
    --------
    >>> rounded(2.66703, 0.91304, 0.91304)
    (Decimal('2.67'), Decimal('0.91'))
    >>> rounded(0.9935, 0.00574, 0.00574)
    (Decimal('0.994'), Decimal('0.006'))
    >>> rounded(1234.5, 87.0), rounded(0.5, 0.0)
    ((Decimal('1234'),), (Decimal('0.500'),))
    """
    decimals = _WITHOUT_SPREAD
    if math.isfinite(spread) and spread > 0:
        most = _MOST_DECIMALS if abs(value) < _SMALL else _WITHOUT_SPREAD
        decimals = min(max(0, 1 - math.floor(math.log10(spread))), most)
    return tuple(
        Decimal(f"{number:.{decimals}f}") if math.isfinite(number) else Decimal("NaN")
        for number in (value, *others)
    )
