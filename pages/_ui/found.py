"""What is in a table, at a glance: its size, what is missing, what repeats."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pages._ui import shell
from pages._ui.i18n import n, pct, t

if TYPE_CHECKING:
    from mlp_core.profile import Profile


def glance(facts: Profile) -> None:
    """Draw rows, columns, missing cells, duplicate rows and memory."""
    shell.facts(
        [
            (t("Rows"), n(facts.rows)),
            (t("Columns"), n(len(facts.columns))),
            (t("Missing values"), _part(facts.missing_cells, facts.rows * len(facts.columns))),
            (t("Duplicate rows"), _part(facts.duplicate_rows, facts.rows)),
            (t("In memory"), size(facts.memory_bytes)),
        ]
    )


def size(count: int) -> str:
    """Return a number of bytes in the unit that suits it."""
    if count < 1_000:
        return t("{count:n} bytes", count=count)
    if count < 1_000_000:
        return t("{count:n} kB", count=round(count / 1_000))
    if count < 1_000_000_000:
        return t("{count:n} MB", count=_short(count / 1_000_000))
    return t("{count:n} GB", count=_short(count / 1_000_000_000))


def _short(value: float) -> Decimal:
    return Decimal(f"{value:.1f}" if value < 10 else f"{value:.0f}")


def _part(count: int, whole: int) -> str:
    return n(count) if not count else f"{n(count)} ({pct(count / whole)})"
