"""Words that stand in an order everybody knows: sizes, degrees, days, months, bands of age.

A column is ordered where all its different values, three at least, belong to one scale. Letters alone
(``A``, ``B``, ``C``) name groups as often as marks, so they need a sign (``B+``) or a name that says it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final

FEWEST: Final = 3
MOST: Final = 60

# Each scale from low to high; words of one rank are parted by a bar; accents and case do not count.
_SCALES: Final = (
    (
        "very low|tres faible|tres bas|tres basse",
        "low|lo|faible|bas|basse",
        "medium|med|moderate|average|mid|middle|normal|normale|moyen|moyenne|modere|moderee",
        "high|hi|eleve|elevee|haut|haute|fort|forte",
        "very high|extreme|tres eleve|tres elevee|tres haut|tres haute|tres fort|tres forte",
    ),
    ("low|basse|faible", "medium|normal|moyenne|normale", "high|haute|elevee", "urgent|critical|critique"),
    ("xxs|2xs", "xs", "s", "m", "l", "xl", "xxl|2xl", "xxxl|3xl", "xxxxl|4xl"),
    (
        "tiny|extra small|very small|tres petit|tres petite|minuscule",
        "small|petit|petite",
        "medium|moyen|moyenne",
        "large|big|grand|grande",
        "extra large|very large|huge|tres grand|tres grande",
    ),
    (
        "very poor|very bad|terrible|tres mauvais|tres mauvaise",
        "poor|bad|mauvais|mauvaise|mediocre",
        "fair|average|ok|acceptable|moyen|moyenne|correct|correcte",
        "good|bon|bonne",
        "very good|tres bon|tres bonne",
        "excellent|excellente|outstanding",
    ),
    ("fair", "good", "very good", "premium", "ideal"),
    ("po", "fa", "ta", "gd", "ex"),
    ("i3", "i2", "i1", "si2", "si1", "vs2", "vs1", "vvs2", "vvs1", "if", "fl"),
    ("insuffisant|sans mention", "passable", "assez bien", "bien", "tres bien", "excellent|felicitations"),
    (
        "none|aucun|aucune|absent|absente",
        "mild|light|minor|leger|legere|benin|benigne",
        "moderate|modere|moderee|moyen|moyenne",
        "severe|serious|major|heavy|grave|severes",
        "critical|fatal|critique|mortel|mortelle",
    ),
    (
        "never|jamais",
        "rarely|seldom|rarement",
        "sometimes|occasionally|parfois|quelquefois|occasionnellement",
        "often|frequently|usually|souvent|frequemment",
        "always|toujours",
    ),
    (
        "strongly disagree|pas du tout d'accord",
        "disagree|somewhat disagree|pas d'accord|plutot pas d'accord",
        "neutral|neither agree nor disagree|neutre|ni d'accord ni pas d'accord|sans avis",
        "agree|somewhat agree|d'accord|plutot d'accord",
        "strongly agree|tout a fait d'accord",
    ),
    (
        "very dissatisfied|very unsatisfied|tres insatisfait|pas du tout satisfait",
        "dissatisfied|unsatisfied|insatisfait|plutot insatisfait|peu satisfait",
        "neutral|neutre",
        "satisfied|satisfait|plutot satisfait",
        "very satisfied|tres satisfait",
    ),
    (
        "monday|mon|lundi|lun",
        "tuesday|tue|tues|mardi|mar",
        "wednesday|wed|mercredi|mer",
        "thursday|thu|thur|thurs|jeudi|jeu",
        "friday|fri|vendredi|ven",
        "saturday|sat|samedi|sam",
        "sunday|sun|dimanche|dim",
    ),
    (
        "january|jan|janvier|janv",
        "february|feb|fevrier|fev|fevr",
        "march|mar|mars",
        "april|apr|avril|avr",
        "may|mai",
        "june|jun|juin",
        "july|jul|juillet|juil",
        "august|aug|aout",
        "september|sep|sept|septembre",
        "october|oct|octobre",
        "november|nov|novembre",
        "december|dec|decembre",
    ),
    (
        "first|premier|premiere",
        "second|deuxieme|seconde",
        "third|troisieme",
        "fourth|quatrieme",
        "fifth|cinquieme",
        "sixth|sixieme",
        "seventh|septieme",
        "eighth|huitieme",
        "ninth|neuvieme",
    ),
    (
        "none|aucun|aucune",
        "preschool|maternelle",
        "primary|primaire",
        "secondary|secondaire",
        "tertiary|tertiaire|superieur",
    ),
    (
        "beginner|novice|debutant|debutante",
        "intermediate|intermediaire",
        "advanced|avance|avancee|confirme|confirmee",
        "expert|experte",
    ),
    ("intern|trainee|stagiaire", "junior", "mid|intermediate|confirme", "senior", "lead|principal"),
    ("basic|bronze", "standard|silver|argent", "premium|gold|or", "platinum|platine", "diamond|diamant"),
    ("freezing|glacial", "cold|froid", "cool|frais", "mild|doux", "warm|tiede", "hot|chaud", "very hot"),
    ("early morning", "morning|matin", "noon|midi", "afternoon|apres-midi", "evening|soir", "night|nuit"),
    (
        "baby|infant|nourrisson",
        "toddler",
        "child|enfant",
        "teen|teenager|adolescent",
        "young adult|jeune",
        "adult|adulte",
        "middle aged",
        "senior|elderly|old",
    ),
)

_NUMBER: Final = r"\d+(?:[.,]\d+)?"
_TO: Final = r" ?(?:-|–|—|to|à|a|bis|,|;|\.\.) ?"
_UNIT: Final = (
    r"(?: ?(?:years?(?: old)?|yrs?|ans?|y|k|m|%|€|\$|months?|mois|days?|jours?|employees|salaries))?"
)
_BAND: Final = re.compile(rf"[\[(]?\$?({_NUMBER}){_UNIT}{_TO}\$?({_NUMBER}){_UNIT}[\])]?")
_BELOW: Final = re.compile(rf"(?:<=?|≤|under|less than|below|moins de|up to|jusqu'a) ?\$?({_NUMBER}){_UNIT}")
_ABOVE: Final = re.compile(
    rf"(?:(?:>=?|≥|over|above|more than|plus de) ?\$?({_NUMBER}){_UNIT}"
    rf"|\$?({_NUMBER}) ?(?:\+{_UNIT}|(?:years?|yrs?|ans?)? ?(?:and over|and more|or more|et plus|ou plus)))"
)
_ALONE: Final = re.compile(rf"\$?({_NUMBER}){_UNIT}")
_RANK: Final = re.compile(r"(\d{1,3})(?:st|nd|rd|th|er|re|ere|eme|e|nde?)")
_LEVEL: Final = re.compile(
    r"(?:level|lvl|niveau|stage|stade|grade|tier|phase|quartile|decile|rank|rang|q) ?(\d{1,2})"
)
_RATING: Final = re.compile(r"([abc]{1,3}|d)([+-]?)")
_MARK: Final = re.compile(r"([a-g])([+-]?)")


def order_of(values: Collection[str], *, marks: bool = False) -> tuple[str, ...] | None:
    """Return different values from low to high; ``None`` where no known scale holds them all.

    Parameters
    ----------
    values : collection of str
        The different values of a column.
    marks : bool
        Whether letters alone are marks, as the name of the column may say; A is the highest.

    Examples
    --------
    >>> order_of({"high", "low", "medium"})
    ('low', 'medium', 'high')
    >>> order_of({"18-24", "65+", "25-64", "<18"})
    ('<18', '18-24', '25-64', '65+')
    >>> order_of({"red", "green", "blue"})
    """
    if not FEWEST <= len(values) <= MOST:
        return None
    folded = {value: _folded(value) for value in values}
    for ranks in _ranks():
        if all(word in ranks for word in folded.values()):
            found = {value: float(ranks[word]) for value, word in folded.items()}
            return _sorted(found) if len(set(found.values())) >= FEWEST else None
    for measure in (_bands, _numbered, _marks, _ratings):
        places = measure(list(folded.values()))
        if places is not None and (measure is not _marks or marks or _is_signed(folded.values())):
            return _sorted(dict(zip(folded, places, strict=True)))
    return None


@lru_cache(maxsize=1)
def _ranks() -> tuple[Mapping[str, int], ...]:
    return tuple(
        {word: rank for rank, words in enumerate(scale) for word in words.split("|")} for scale in _SCALES
    )


def _sorted(places: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(places, key=lambda value: (places[value], value)))


def _folded(value: str) -> str:
    """Return a value without case, accents, and marks that part words."""
    plain = unicodedata.normalize("NFKD", value.replace("’", "'")).casefold()
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return re.sub(r"[\s_]+", " ", plain).strip().rstrip(".")


def _bands(words: list[str]) -> list[float] | None:
    """Return where each band of numbers begins; at least one must have two ends, or both must be open."""
    places: list[float] = []
    ranges = opened = 0
    for word in words:
        if (band := _BAND.fullmatch(word)) is not None:
            low, high = _value(band[1]), _value(band[2])
            if low > high:
                return None
            places.append(low)
            ranges += 1
        elif (below := _BELOW.fullmatch(word)) is not None:
            places.append(_value(below[1]) - 1e9)
            opened += 1
        elif (above := _ABOVE.fullmatch(word)) is not None:
            places.append(_value(above[1] or above[2]) + 0.5)
            opened += 1
        elif (alone := _ALONE.fullmatch(word)) is not None:
            places.append(_value(alone[1]))
        else:
            return None
    # Scores such as 3-1 are pairs of numbers too; bands begin at numbers of their own.
    if len(set(places)) < len(places) or ranges + opened == 0 or (ranges == 0 and len(words) > 20):
        return None
    return places


def _value(text: str) -> float:
    return float(text.replace(",", "."))


def _numbered(words: list[str]) -> list[float] | None:
    for pattern in (_RANK, _LEVEL):
        found = [pattern.fullmatch(word) for word in words]
        if all(found):
            return [float(match[1]) for match in found if match is not None]
    return None


def _marks(words: list[str]) -> list[float] | None:
    found = [_MARK.fullmatch(word) for word in words]
    if not all(found):
        return None
    signs = {"+": 0.3, "": 0.0, "-": -0.3}
    return [-float(ord(match[1])) + signs[match[2]] for match in found if match is not None]


def _is_signed(words: Collection[str]) -> bool:
    return any(word.endswith(("+", "-")) for word in words)


def _ratings(words: list[str]) -> list[float] | None:
    """Return the places of ratings of debtors, from D to AAA; letters alone are groups."""
    found = [_RATING.fullmatch(word) for word in words]
    if not all(found) or max(map(len, words)) < 2:
        return None
    signs = {"+": 0.3, "": 0.0, "-": -0.3}
    return [-10.0 * ord(m[0][0]) + len(m[1]) + signs[m[2]] for m in found if m is not None]
