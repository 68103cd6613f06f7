"""How much an owner may keep, and the sentences for who has reached it."""

from __future__ import annotations

from typing import Final

from mlp_core.config import Settings
from mlp_core.errors import QuotaExceeded
from mlp_core.text import Text, megabytes

_MB: Final = 1 << 20


def require_bytes(settings: Settings, *, guest: bool, used_bytes: int, more_bytes: int) -> None:
    """Do nothing where so much more fits.

    Raises
    ------
    QuotaExceeded
        It does not.
    """
    room_mb = settings.guest_quota_mb if guest else settings.quota_mb
    if used_bytes + max(0, more_bytes) <= room_mb * _MB:
        return
    raise QuotaExceeded(
        Text(
            "There is no room left for this: {used:n} of {room:n} MB are used, and it takes {more:n} MB.",
            used=megabytes(used_bytes),
            room=room_mb,
            more=megabytes(more_bytes),
        ),
        hint=Text("Delete projects or saved things that you no longer need, then try again."),
    )


def require_place(settings: Settings, projects: int) -> None:
    """Do nothing where one more project is allowed.

    Raises
    ------
    QuotaExceeded
        There are as many as the server allows.
    """
    if projects < settings.max_projects:
        return
    raise QuotaExceeded(
        Text(
            "You have {projects:n} {projects|project|projects}; this server allows {most:n} for each person.",
            projects=projects,
            most=settings.max_projects,
        ),
        hint=Text("Delete one that you no longer need, then try again."),
    )
