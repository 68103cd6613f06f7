"""How many digits of a score are worth writing: as many as its uncertainty leaves."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final

_MOST_DECIMALS: Final = 6
_WITHOUT_SPREAD: Final = 3


def rounded(value: float, spread: float) -> Decimal:
    """Return a value rounded to the second significant digit of its uncertainty.

    Parameters
    ----------
    value : float
        A score, finite.
    spread : float
        Half the width of its interval, in the same unit; 0 or not-a-number where there is none.

    Returns
    -------
    Decimal
        It keeps its trailing zeros.

    References
    ----------
    Joint Committee for Guides in Metrology (2008), *Guide to the expression of uncertainty in measurement*,
    7.2.6: at most two significant digits of an uncertainty are given.

    Examples
    --------
    >>> rounded(2.66703, 0.91304), rounded(0.91304, 0.91304), rounded(0.5, 0.0), rounded(1234.5, 87.0)
    (Decimal('2.67'), Decimal('0.91'), Decimal('0.500'), Decimal('1234'))
    """
    decimals = _WITHOUT_SPREAD
    if math.isfinite(spread) and spread > 0:
        decimals = min(max(0, 1 - math.floor(math.log10(spread))), _MOST_DECIMALS)
    return Decimal(f"{value:.{decimals}f}") if math.isfinite(value) else Decimal("NaN")
