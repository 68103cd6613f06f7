"""What stands beside a number: a sign of percent, a currency, or a unit of measure.

A unit without a blank before it must be a known one, as ``12B`` is a code more often than bytes; after a
blank any word is a unit, provided that it is the same in all values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Sort = Literal["percent", "currency", "unit"]

_CURRENCIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("€", "eur", "euro", "euros"), "EUR"),
        **dict.fromkeys(("$", "usd", "us$", "dollars", "dollar"), "USD"),
        **dict.fromkeys(("£", "gbp"), "GBP"),
        **dict.fromkeys(("¥", "jpy", "￥"), "JPY"),
        **dict.fromkeys(("chf", "fr.", "sfr"), "CHF"),
        **dict.fromkeys(("₹", "inr", "rs", "rs."), "INR"),
        **dict.fromkeys(("r$", "brl"), "BRL"),
        **dict.fromkeys(("₽", "rub"), "RUB"),
        **dict.fromkeys(("₩", "krw"), "KRW"),
        **dict.fromkeys(("₺", "try"), "TRY"),
        **dict.fromkeys(("zł", "pln"), "PLN"),
        **dict.fromkeys(("c$", "cad", "ca$"), "CAD"),
        **dict.fromkeys(("a$", "aud"), "AUD"),
        **dict.fromkeys(("kr", "sek"), "SEK"),
        **dict.fromkeys(("nok",), "NOK"),
        **dict.fromkeys(("dkk",), "DKK"),
        **dict.fromkeys(("cny", "rmb", "元"), "CNY"),
        **dict.fromkeys(("mad", "dh", "dhs"), "MAD"),
        **dict.fromkeys(("xof", "fcfa", "cfa"), "XOF"),
        **dict.fromkeys(("₿", "btc"), "BTC"),
    }
)
_UNITS: Final = """
mm cm dm m km nm µm μm um in inch inches ft foot feet yd yds mi mile miles
mg µg μg g kg t lb lbs oz st tonnes tonne tons ton quintaux ml cl dl l gal gallons m3 m³ cm3 cm³ cc
m2 m² km2 km² cm2 cm² ha ft2 ft² sqft acres km/h kmh kph mph m/s kn kt knots kts
°c °f ° ºc ºf º ms s sec secs min mins h hr hrs w kw mw gw wh kwh mwh gwh v mv kv ma ah mah
hz khz mhz ghz kj mj kcal cal hp ch cv bhp ps nm n·m rpm tr/min pa hpa kpa mpa mbar bar psi mmhg atm
kb mb gb tb ko mo go to kib mib gib bps kbps mbps gbps bit bits bytes px pt pts db dba bpm
mg/dl g/dl g/l mg/l µg/l mmol/l µmol/l ng/ml pg/ml u/l iu/l ui/l meq/l µg/m3 µg/m³ μg/m³ ug/m3 mg/m3
mg/m³ ppm ppb ppt mpg l/100km l/100 g/km gco2/km kmpl km/l km/kg kg/m2 kg/m² kg/m3 kg/m³ w/m2 w/m²
yr yrs years year ans an months month mois weeks week wk wks semaines days day jours jour d
pcs pièces pieces units unités people persons personnes hab/km² hab./km² /km² cd/m² lm lux mol ct cts
carat carats l/100_km
"""


# Digits with their marks, then what may stand around them.
CORE: Final = r"(?:\d[\d.,' ]*\d|\d)\.?(?:[eE][-+]?\d+)?|[.,]\d+(?:[eE][-+]?\d+)?"
_AROUND: Final = re.compile(
    rf"[-+(]? ?(?P<before>[^\W\d_]{{0,4}}[€$£¥￥₹₽₩₺₿]|[^\W\d_]{{2,4}}\.?)? ?[-+]? ?(?:{CORE})"
    r"(?P<blank> ?)(?P<after>[^\s\d.,()+-][^()]{0,19})? ?[-)]?"
)


@dataclass(frozen=True)
class Affix:
    """What stands before or after the numbers of a column.

    Attributes
    ----------
    sort : str
        ``"percent"``, ``"currency"`` or ``"unit"``.
    name : str
        The percent sign, the code of the currency, or the unit as it is written.
    """

    sort: Sort
    name: str


def affix_of(text: str) -> tuple[Affix | None, str] | None:
    """Return what stands beside the number in a text, and how it is written there.

    Returns
    -------
    tuple or None
        ``(None, "")`` for a bare number; ``None`` where the text is no number with a known affix.

    Examples
    --------
    >>> affix_of("12 km/h")
    (Affix(sort='unit', name='km/h'), 'km/h')
    >>> affix_of("€ 3,50")
    (Affix(sort='currency', name='EUR'), '€')
    >>> affix_of("12B")
    """
    match = _AROUND.fullmatch(text)
    if match is None:
        return None
    before, after = match["before"], (match["after"] or "").rstrip()
    if before and after:
        return None
    if before:
        code = _CURRENCIES.get(before.casefold())
        return None if code is None else (Affix("currency", code), before)
    if not after:
        return None, ""
    return _after(after, spaced=bool(match["blank"]))


def _after(after: str, *, spaced: bool) -> tuple[Affix, str] | None:
    folded = after.casefold()
    if folded in ("%", "pct", "percent", "per cent", "pour cent", "％", "pp"):
        return Affix("percent", "%"), after
    if folded in _CURRENCIES and (spaced or len(folded) != 2):
        return Affix("currency", _CURRENCIES[folded]), after
    # A capital K is a temperature; a small one means thousands, which the number then would not be.
    if (folded.replace(" ", "_") in _UNITS.split() or after == "K") and (
        spaced or len(after) > 1 or not after.isupper() or after in "WVK"
    ):
        return Affix("unit", after), after
    if spaced and re.fullmatch(r"[^\W\d_]{3,}(?:[ /][^\W\d_]+){0,2}", after):
        return Affix("unit", after), after
    return None


def unit_of(texts: Iterable[str]) -> Mapping[str, int]:
    """Return how many values have each unit, the most frequent first; empty where they are not measures.

    Parameters
    ----------
    texts : iterable of str
        The values of a column of text. Percent and currencies count as units; a bare number has the unit
        ``""``.

    Examples
    --------
    >>> dict(unit_of(["12 kg", "3 lb", "5 kg"]))
    {'kg': 2, 'lb': 1}
    >>> dict(unit_of(["Lyon", "Nice"]))
    {}
    """
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += 1
        found = affix_of(plain_marks(text))
        if found is not None:
            counts[found[0].name if found[0] is not None else ""] += 1
    named = sum(count for unit, count in counts.items() if unit)
    if not named or sum(counts.values()) < 0.9 * total:
        return MappingProxyType({})
    return MappingProxyType(dict(counts.most_common()))


def plain_marks(text: str) -> str:
    """Return a text with one kind of blank, minus and apostrophe."""
    return re.sub(r"\s+", " ", text.translate(_PLAIN)).strip()


_PLAIN: Final = MappingProxyType(
    {
        **{ord(mark): " " for mark in "\u00a0\u202f\u2009\u2007\u2008\u200a"},
        **{ord(mark): "-" for mark in "\u2212\u2012\u2013\ufe63\uff0d\u2010\u2011"},
        **{ord(mark): "'" for mark in "\u2019\u02bc\u00b4\u2018"},
    }
)
