"""The texts that stand for a value that is not there."""

from __future__ import annotations

from typing import Final

EVERYWHERE: Final = frozenset(
    {"", "NA", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "?", "#N/A", "<NA>"}
)
"""Read as missing in every column: hardly ever a value of their own."""

IN_NUMBERS: Final = frozenset(
    {"None", "none", "-", "--", ".", "na", "N.A.", "n.a.", "Null", "#NA", "#VALUE!", "#DIV/0!"}
)
"""Read as missing only between numbers or dates: in a column of words ``None`` or ``-`` can be a value."""

WORDS: Final = frozenset(
    {
        *(
            "unknown",
            "unk",
            "undefined",
            "not available",
            "not applicable",
            "not known",
            "no data",
            "missing",
        ),
        *(
            "inconnu",
            "inconnue",
            "manquant",
            "manquante",
            "non renseigné",
            "non renseignée",
            "non disponible",
        ),
        *("nd", "n.d.", "n/d", "nc", "n.c.", "nr", "n.r.", "nil", "none", "na", "n.a.", "n/a", "nan", "null"),
        *("(null)", "(none)", "(blank)", "(missing)", "(unknown)", "<null>", "\\n", "tbd", "not reported"),
        *("#ref!", "#name?", "#num!", "#null!", "#n/a", "#na", "#value!", "#div/0!", "#error", "error"),
        *("unbekannt", "desconocido", "sconosciuto", "sin dato", "s/d", "k.a.", "keine angabe", "blank"),
    }
)
"""In small letters; read as missing between numbers or dates only, as the profile proposes them in words."""

ZERO_DATES: Final = frozenset(
    {
        *("0000-00-00", "0000-00-00 00:00:00", "0000-00-00t00:00:00", "00000000", "0000/00/00"),
        *("00/00/0000", "00-00-0000", "00.00.0000", "00/00/00", "0/0/0000", "//", "/ /", "--/--/----"),
    }
)
"""Days that no calendar has, as databases write a missing one."""
