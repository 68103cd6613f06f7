"""Moments in words: how long ago, until when, and on which day in the visitor's own time."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from mlp_core.text import Text
from pages._ui.i18n import t

_MINUTE: Final = 60.0
_HOUR: Final = 3_600.0
_DAY: Final = 86_400.0
_WEEK: Final = 7 * _DAY

_MONTHS: Final = (
    *(Text("January"), Text("February"), Text("March"), Text("April"), Text("May"), Text("June")),
    *(Text("July"), Text("August"), Text("September"), Text("October"), Text("November"), Text("December")),
)


def ago(moment: float, now: float | None = None) -> str:
    """Return how long ago a moment was; its day where that is more than a week.

    Parameters
    ----------
    moment, now : float
        Seconds since the epoch.
    """
    gone = max(0.0, (time.time() if now is None else now) - moment)
    if gone < _MINUTE:
        return t("a moment ago")
    if gone < _HOUR:
        return t("{count:n} {count|minute|minutes} ago", count=int(gone // _MINUTE))
    if gone < _DAY:
        return t("{count:n} {count|hour|hours} ago", count=int(gone // _HOUR))
    if gone < _WEEK:
        return t("{count:n} {count|day|days} ago", count=int(gone // _DAY))
    return t("on {day}", day=day(moment))


def left(moment: float, now: float | None = None) -> str:
    """Return how long it is until a moment, in the unit that suits it."""
    coming = max(0.0, moment - (time.time() if now is None else now))
    if coming < _HOUR:
        return t("{count:n} {count|minute|minutes}", count=max(1, round(coming / _MINUTE)))
    if coming < 2 * _DAY:
        return t("{count:n} {count|hour|hours}", count=round(coming / _HOUR))
    return t("{count:n} {count|day|days}", count=round(coming / _DAY))


def day(moment: float) -> str:
    """Return the day of a moment, such as “3 March 2026”."""
    local = _local(moment)
    if local.day == 1:
        return t("1 {month} {year}", month=_MONTHS[local.month - 1], year=str(local.year))
    return t("{day} {month} {year}", day=local.day, month=_MONTHS[local.month - 1], year=str(local.year))


def clock(moment: float) -> str:
    """Return the day and the time of a moment, such as “3 March 2026, 14:05”."""
    return t("{day}, {time}", day=day(moment), time=f"{_local(moment):%H:%M}")


def _local(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, zone())


def zone() -> tzinfo:
    """Return the time zone of the visitor's browser; the server's own says nothing of them."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone(timedelta(minutes=-(st.context.timezone_offset or 0)))
