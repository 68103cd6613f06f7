"""The facts of every column as CSV, one line a column, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from mlp_core.profile.facts import QUANTILES, ColumnFacts
from mlp_core.spreadsheet import guarded

if TYPE_CHECKING:
    from mlp_core.profile.profile import Profile

_PLAIN: Final = (
    *("name", "kind", "rows", "missing", "share_missing", "distinct", "infinite", "zeros", "negatives"),
    *("minimum", "maximum", "mean", "std", "skew", "kurtosis", "outliers_below", "outliers_above"),
    *("earliest", "latest", "shortest", "longest", "mean_length", "mean_words"),
)
_HEADER: Final = (
    *_PLAIN,
    *(f"quantile_{share:g}" for share in QUANTILES),
    *("step", "top", "rest", "words", "examples", "estimated"),
)


def to_csv(profile: Profile, *, guard: bool = True) -> bytes:
    """Return the facts as UTF-8, with a mark that spreadsheets know it by.

    Parameters
    ----------
    profile : Profile
        What is known of a table.
    guard : bool, default True
        Put a mark before what a spreadsheet would take for a formula; without it every cell is written as it
        stands, for a program to read.
    """
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(_HEADER)
    for facts in profile.columns:
        cells = ["" if cell is None else str(cell) for cell in _cells(facts)]
        lines.writerow([guarded(cell) for cell in cells] if guard else cells)
    return written.getvalue().encode("utf-8-sig", errors="replace")


def _cells(facts: ColumnFacts) -> Iterable[Any]:
    yield from (getattr(facts, name) for name in _PLAIN)
    known = dict(facts.quantiles)
    yield from (known.get(share) for share in QUANTILES)
    yield f"{facts.step.count} {facts.step.unit}" if facts.step is not None else None
    yield "; ".join(f"{value} ({count})" for value, count in facts.top)
    yield facts.rest if facts.top else None
    yield "; ".join(f"{word} ({count})" for word, count in facts.words)
    yield "; ".join(facts.examples)
    yield "; ".join(facts.estimated)
