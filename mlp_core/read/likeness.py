"""How alike the names of two columns are, as names of one key in two tables."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import Final

_KEY_WORDS: Final = frozenset(
    {"id", "ids", "key", "cle", "n", "no", "nr", "num", "number", "numero", "code", "ref", "reference"}
    | {"sk", "pk", "fk", "uuid", "guid", "identifier", "identifiant", "ident"}
)
"""Words that say “this is a key” and not of what."""

_SAME_THING: Final = (
    frozenset({"client", "customer", "cust", "kunde"}),
    frozenset({"product", "produit", "item", "article", "sku"}),
    frozenset({"order", "commande", "purchase", "achat"}),
    frozenset({"store", "shop", "magasin", "boutique"}),
    frozenset({"employee", "employe", "staff", "salarie"}),
    frozenset({"supplier", "vendor", "fournisseur"}),
    frozenset({"user", "member", "utilisateur", "membre"}),
    frozenset({"loan", "credit", "pret"}),
    frozenset({"application", "demande", "app"}),
    frozenset({"invoice", "facture", "bill"}),
    frozenset({"country", "pays", "land"}),
    frozenset({"city", "ville", "town"}),
    frozenset({"patient", "subject", "sujet"}),
    frozenset({"student", "pupil", "eleve", "etudiant"}),
    frozenset({"department", "departement", "dept", "dep"}),
    frozenset({"account", "compte", "acct"}),
    frozenset({"date", "day", "jour"}),
    frozenset({"month", "mois"}),
    frozenset({"year", "annee", "an"}),
)


def likeness(left: str, right: str, left_table: str = "", right_table: str = "") -> float:
    """Return how surely two names mean one key, from 0 to 1.

    A bare ``id`` takes the name of its table, so ``customer_id`` is the ``id`` of the table ``customers``.

    Examples
    --------
    >>> likeness("SK_ID_CURR", "sk_id_curr")
    1.0
    >>> likeness("customer_id", "id", right_table="customers.csv")
    0.9
    >>> likeness("client", "customer no")
    0.9
    >>> likeness("city", "price")
    0.0
    """
    ours, theirs = _words(left), _words(right)
    if ours == theirs:
        return 1.0 if ours - _KEY_WORDS or left_table == right_table else 0.6
    a, b = _meaning(ours, left_table), _meaning(theirs, right_table)
    if a and a == b:
        return 0.9
    if a and b and (a <= b or b <= a):
        return 0.6
    close = difflib.SequenceMatcher(None, "".join(sorted(a)), "".join(sorted(b))).ratio() if a and b else 0
    return 0.5 if close >= 0.85 else 0.0


def stem_of(name: str) -> str:
    """Return the name of a table without the ending of its file.

    Examples
    --------
    >>> stem_of("bureau.csv"), stem_of("sales 2024.csv.gz"), stem_of("v1.5")
    ('bureau', 'sales 2024', 'v1.5')
    """
    return re.sub(r"(\.[A-Za-z][A-Za-z0-9]{1,8}){1,2}$", "", name.strip()) or name.strip()


def _meaning(words: frozenset[str], table: str) -> frozenset[str]:
    """Return what a name says besides being a key; a bare key names its table."""
    said = words - _KEY_WORDS or _words(stem_of(table)) - _KEY_WORDS
    return frozenset(_common(word) for word in said)


def _common(word: str) -> str:
    for same in _SAME_THING:
        if word in same:
            return min(same)
    return word


def _words(name: str) -> frozenset[str]:
    """Return the words of a name: small letters, without accents, in the singular."""
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()
    found = re.findall(r"[^\W_]+", plain)
    return frozenset(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in found)
