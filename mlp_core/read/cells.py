"""Cells that are no text yet, written as the text that the reader of delimited text understands.

A sheet, a page's table or an XML document becomes regular lines of comma-separated cells, so that header,
preamble, missing values, numbers and dates are found by the one set of rules that reads every text.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

_EXACT: Final = 1e15
_MIDNIGHT: Final = dt.time()

SETTLED: Final[Mapping[str, Any]] = MappingProxyType(
    {"encoding": "utf-8", "separator": ",", "quote": '"', "escape": "", "comment": ""}
)
"""How :func:`written` writes: decisions that a reader need not take."""


def plain_text(value: Any) -> str:
    """Return a cell as plain text: numbers without needless zeros, days and moments year first.

    Examples
    --------
    >>> plain_text(3.0), plain_text(0.25), plain_text(True), plain_text(None)
    ('3', '0.25', 'true', '')
    >>> plain_text(dt.datetime(2024, 5, 1, 10, 30)), plain_text(dt.timedelta(hours=30))
    ('2024-05-01 10:30:00', '30:00:00')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        return _duration(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows of text as lines of comma-separated UTF-8; half a surrogate becomes a question mark."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerows(rows)
    return target.getvalue().replace("\0", "").encode("utf-8", errors="replace")


def grid(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """Return rows of one length as text; a column of days and moments is written as moments throughout."""
    width = max((len(row) for row in rows), default=0)
    moments = {
        column
        for row in rows
        for column, value in enumerate(row)
        if isinstance(value, dt.datetime) and value.time() != _MIDNIGHT
    }
    return [
        [_cell(value, column in moments) for column, value in enumerate(row)] + [""] * (width - len(row))
        for row in rows
    ]


def _cell(value: Any, as_moment: bool) -> str:
    if isinstance(value, dt.date) and not as_moment:
        return value.strftime("%Y-%m-%d") if value.year >= 1000 else value.isoformat()[:10]
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return plain_text(dt.datetime.combine(value, _MIDNIGHT))
    return plain_text(value)


def _duration(value: dt.timedelta) -> str:
    sign = "-" if value < dt.timedelta() else ""
    whole = abs(value)
    minutes, seconds = divmod(whole.days * 86_400 + whole.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{whole.microseconds:06d}" if whole.microseconds else ""
    return f"{sign}{hours:02d}:{minutes:02d}:{seconds:02d}{fraction}"
