"""Columns that only name or number the rows, and columns that say where on Earth.

A number that is measured, a date, or the name of a person or a car is never an identifier, however many
different values it has: only a name that says so, a count of the rows, or a pattern of code makes one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds.kind import Kind

if TYPE_CHECKING:
    import pandas as pd

FEWEST_ROWS: Final = 20
"""With fewer rows, values that run on or look like codes say nothing without a name that does."""

LEAST_DISTINCT: Final = 0.95
"""Share of different values in a column whose name says identifier; rows are repeated now and then."""

_HEAD: Final = 1000
_SURE: Final = frozenset(
    [
        "id",
        "ids",
        "uuid",
        "guid",
        "uid",
        "identifier",
        "identifiant",
        "matricule",
        "rowid",
        "rownames",
        "unnamed",
        "siret",
        "siren",
        "isbn",
        "ean",
        "iban",
        "serial",
        "pk",
    ]
)
_LIKELY: Final = frozenset(
    [
        "key",
        "code",
        "num",
        "no",
        "nr",
        "number",
        "numero",
        "nummer",
        "index",
        "idx",
        "ref",
        "reference",
        "sku",
        "cle",
        "row",
    ]
)
_MEASURES: Final = frozenset(
    [
        "x",
        "y",
        "z",
        "t",
        "time",
        "step",
        "day",
        "date",
        "week",
        "month",
        "year",
        "hour",
        "minute",
        "second",
        "epoch",
        "frame",
        "jour",
        "date",
        "semaine",
        "mois",
        "an",
        "annee",
        "heure",
        "temps",
        "age",
        "periode",
        "period",
        "quarter",
    ]
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_CODE: Final = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|(?=.*\d)(?=.*[a-fA-F])[0-9a-fA-F]{16,64}"
    r"|(?P<prefix>[A-Za-z]{1,8}[-_/#]?)\d{2,}"
)
_BARE: Final = re.compile(r"\S{1,64}(?: \S{1,16})?")
_LATITUDES: Final = frozenset({"lat", "latitude"})
_LONGITUDES: Final = frozenset({"lon", "lng", "long", "longitude"})


def words_of(name: str) -> list[str]:
    """Return the words of a column name, in small letters and without accents.

    Examples
    --------
    >>> words_of("customerId"), words_of("SK_ID_CURR"), words_of("Numéro client")
    (['customer', 'id'], ['sk', 'id', 'curr'], ['numero', 'client'])
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return [word.lower() for word in _WORD.findall(plain)]


def identifies(column: pd.Series, name: str, kind: Kind) -> bool:
    """Whether a column names or numbers the rows.

    Parameters
    ----------
    column : Series of shape (n_rows,)
        Its rows may be a part of a table, in the order of that table.
    name : str
        What it is called.
    kind : Kind
        What its values alone say.
    """
    if kind is Kind.INTEGER:
        return _numbers_rows(column, words_of(name))
    if kind is Kind.TEXT or (kind is Kind.CATEGORY and len(column) < FEWEST_ROWS):
        return _names_rows(column, words_of(name))
    return False


def places(frame: pd.DataFrame, kinds: Mapping[str, Kind]) -> list[str]:
    """Return the columns of degrees of latitude and longitude, told by name and range, in pairs."""
    found: list[str] = []
    halves: dict[tuple[str, ...], dict[str, str]] = {}
    for name, kind in kinds.items():
        if kind not in (Kind.NUMBER, Kind.INTEGER):
            continue
        words = words_of(name)
        half = {"north" for word in words if word in _LATITUDES}
        half |= {"east" for word in words if word in _LONGITUDES}
        if len(half) == 1:
            rest = tuple(word for word in words if word not in _LATITUDES | _LONGITUDES)
            halves.setdefault(rest, {})[half.pop()] = name
    for pair in halves.values():
        if len(pair) == 2 and _within(frame[pair["north"]], 90) and _within(frame[pair["east"]], 180):
            found += pair.values()
    return found


def _numbers_rows(column: pd.Series, words: list[str]) -> bool:
    """Whether whole numbers are identifiers: by name, or because they count the rows from 0 or 1."""
    import numpy as np

    sure = not _SURE.isdisjoint(words)
    likely = bool(words) and words[-1] in _LIKELY
    measured = column.dtype.kind not in "iu" or not _MEASURES.isdisjoint(words)
    if not sure and (len(column) < FEWEST_ROWS or measured):
        return False
    head = column.iloc[:_HEAD].to_numpy(dtype=float, na_value=np.nan)
    steps = np.diff(head)
    if not sure and not (steps > 0).all():
        return False
    if sure:
        return len(column) > 1 and _mostly_different(column)
    if not likely and not (0 <= head[0] <= FEWEST_ROWS and head[-1] - head[0] < 2 * len(head)):
        return False
    values = column.to_numpy(dtype=float, na_value=np.nan)
    if not (np.diff(values) > 0).all():
        return False
    return likely or bool(values[-1] - values[0] < 2 * len(values))


def _names_rows(column: pd.Series, words: list[str]) -> bool:
    """Whether texts are identifiers: by name, or because each is a code of one pattern."""
    sure = not _SURE.isdisjoint(words)
    likely = bool(words) and words[-1] in _LIKELY
    head = [value for value in column.iloc[:_HEAD].tolist() if isinstance(value, str)]
    if len(column) < 2 or len(set(head)) < LEAST_DISTINCT * len(head) or not head:
        return False
    if sure or likely:
        return all(_BARE.fullmatch(value) for value in head) and _mostly_different(column)
    found = [_CODE.fullmatch(value) for value in head]
    if len(column) < FEWEST_ROWS or not all(found):
        return False
    prefixes = {match["prefix"] for match in found if match is not None}
    return len(prefixes) == 1 and not column.hasnans and int(column.nunique()) == len(column)


def _mostly_different(column: pd.Series) -> bool:
    head = column.iloc[:_HEAD]
    if head.nunique() < LEAST_DISTINCT * len(head) - 1:
        return False
    return bool(column.nunique() >= LEAST_DISTINCT * len(column))


def _within(column: pd.Series, degrees: float) -> bool:
    low, high = _ends(column)
    return bool(-degrees <= low and high <= degrees)


def _ends(column: pd.Series) -> tuple[Any, Any]:
    return column.min(), column.max()
