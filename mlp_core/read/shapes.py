"""What a cell looks like: a number, a date, a word …, and how well a cell fits a column of others.

Types are decided elsewhere, from all values; here a look tells only whether a text was cut rightly.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?|[-+]?(?:inf|Infinity)")
DATE: Final = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}([T ].*)?")

_CLOCK: Final = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[ ]?[AaPp][Mm])?(?:Z|[ ]?[-+]\d\d:?\d\d)?"
_DAY: Final = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d\d"
    r"|\d{1,2}[-. ][^\W\d_]{3,9}\.?[-, ]{1,2}\d{2,4}|[^\W\d_]{3,9}\.? \d{1,2},? \d{4})"
)
_LOOK: Final = re.compile(
    r"(?P<number>[-+(]{0,2}[$€£¥]?[ ]?"
    r"(?:\d++(?:[.,]\d*+)?|\d{1,3}(?:[., '\u00a0\u202f]\d{3})++(?:[.,]\d++)?|[.,]\d++)"
    r"(?:[eE][-+]?\d++)?[ ]?[%€$£)]{0,2}|[-+]?inf|[-+]?Infinity)"
    rf"|(?P<time>{_CLOCK})"
    rf"|(?P<date>{_DAY}(?:[T ]{{1,2}}{_CLOCK})?)"
    r"|(?P<link>[a-z]{3,5}://\S++|[\w.+-]++@[\w-]++(?:\.[\w-]++)++)"
    r"|(?P<code>[A-Za-z]{1,6}[-_]?\d{1,12})"
    r"|(?P<word>[^\W\d_]++)"
)
_LONGEST: Final = 200


@lru_cache(maxsize=1 << 14)
def _look(text: str) -> str:
    match = _LOOK.fullmatch(text)
    return str(match.lastgroup) if match is not None else "text"


def look(cell: str) -> str:
    """Return what a cell looks like: number, time, date, link, code, word, text, or nothing where empty.

    Examples
    --------
    >>> look("1,234.5"), look("2024-03-01 10:00"), look("AB-12"), look("two words"), look(" ")
    ('number', 'date', 'code', 'text', '')
    """
    bare = cell.strip()
    return (_look(bare) if len(bare) <= _LONGEST else "text") if bare else ""


@lru_cache(maxsize=1 << 14)
def pattern(cell: str) -> str:
    """Return the runs of letters, digits and marks of a cell: ``PRD-123`` is ``A-9``."""
    return _DIGITS.sub("9", _LETTERS.sub("A", cell[:_LONGEST]))


_LETTERS: Final = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_DIGITS: Final = re.compile(r"\d+")


class Column:
    """What the cells of a column look like, to tell how well another fits among them.

    Parameters
    ----------
    cells : sequence of str
        Some of its cells, from rows without a fault.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        bare = [cell.strip() for cell in cells]
        self.count = len(bare)
        self.looks = Counter(look(cell) for cell in bare)
        self.patterns = Counter(pattern(cell) for cell in bare)
        self.values = Counter(bare)
        lengths = sorted(len(cell) for cell in bare if cell)
        self.longest = lengths[-1] if lengths else 0
        self.words = sum(cell.count(" ") for cell in bare) / max(1, self.count)

    def cost(self, cell: str) -> float:
        """Return how strange a cell is in this column: 0 for one among its like, about 5 for a stranger."""
        bare = cell.strip()
        total = self.count + 1.0
        seen = look(bare)
        alike = self.patterns[pattern(bare)]
        if seen == "number" and "," in bare:
            alike = max(alike, self.patterns[pattern(bare.replace(",", "."))])
        share = 0.5 * self.looks[seen] / total + 0.3 * alike / total
        share += 0.2 * min(1.0, 20 * self.values[bare] / total) * (self.looks[seen] / total)
        strange = -math.log(share + 0.007)
        if bare and len(bare) > 2 * self.longest + 10:
            strange += 1.0
        return strange

    def share(self, *looks: str) -> float:
        """Return the share (0-1) of the cells that are not empty and have one of these looks."""
        full = self.count - self.looks[""]
        return sum(self.looks[one] for one in looks) / full if full else 0.0
