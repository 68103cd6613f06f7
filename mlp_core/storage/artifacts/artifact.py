"""What a person keeps from a page: a named file of a known kind, and what every store of them can do."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from mlp_core.accounts.account import Owner
from mlp_core.errors import InvalidParameter, NotFound, QuotaExceeded, StorageError
from mlp_core.text import Text, megabytes

ID: Final = re.compile(r"[0-9a-f]{32}")
"""An owner's id or a saved thing's; nothing else ever becomes part of a path."""

LONGEST_NAME: Final = 120
LONGEST_META: Final = 4_000
_PAGE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_JOINERS: Final = "\u200c\u200d"
LARGEST_BYTES: Final = 50 << 20
"""One artifact; the rules of a remote store say the same."""

Kind = str

EXTENSIONS: Final[Mapping[Kind, tuple[str, str]]] = MappingProxyType(
    {
        "csv": ("csv", "text/csv"),
        "png": ("png", "image/png"),
        "skops": ("skops", "application/octet-stream"),
        "joblib": ("joblib", "application/octet-stream"),
        "pdf": ("pdf", "application/pdf"),
        "html": ("html", "text/html"),
        "json": ("json", "application/json"),
        "project": ("pythie", "application/zip"),
    }
)
"""Each kind's file extension and media type."""


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """One saved thing.

    Attributes
    ----------
    id : str
        32 hexadecimal digits, made by the app; its file bears no other name.
    name : str
        What the person calls it, 1 to 120 characters; shown as text, never a path.
    kind : str
        A key of ``EXTENSIONS``.
    page : str
        The id of the page it was saved from, such as ``"train"``.
    size : int
        Bytes.
    sha256 : str
        Of its content, 64 hexadecimal digits.
    created : float
        Seconds since the epoch.
    meta : str
        Up to 4,000 characters that the app keeps with it, as JSON.
    pending : bool
        It is kept on this server and has still to reach the service where it belongs.
    """

    id: str
    name: str
    kind: Kind
    page: str
    size: int
    sha256: str
    created: float
    meta: str = ""
    pending: bool = False


@dataclass(frozen=True, kw_only=True)
class Usage:
    """How much a person has saved: bytes and items."""

    bytes: int
    items: int


@dataclass(frozen=True, kw_only=True)
class Quota:
    """How much a person may save: bytes in all, items, and bytes of one item."""

    bytes: int = 500 << 20
    items: int = 500
    bytes_each: int = LARGEST_BYTES


class ArtifactStore(Protocol):
    """Where saved things are kept. Every method may raise ``ServiceUnavailable`` or ``StorageError``.

    A thing of another owner is answered as one that does not exist.
    """

    def put(
        self,
        owner: Owner,
        *,
        name: str,
        kind: Kind,
        page: str,
        content: bytes,
        meta: str = "",
        artifact_id: str | None = None,
        created: float | None = None,
    ) -> Artifact:
        """Keep a thing, whole or not at all; raises ``QuotaExceeded``, ``InvalidParameter``.

        A store that passes on what another one has kept gives its ``artifact_id`` and ``created``. What is
        there under that id already, whole, is returned as it is and not kept twice.
        """
        ...

    def get(self, owner: Owner, artifact_id: str) -> bytes:
        """Return its content, checked against its hash; raises ``NotFound``."""
        ...

    def list(self, owner: Owner) -> list[Artifact]:
        """Return all that are whole, newest first."""
        ...

    def rename(self, owner: Owner, artifact_id: str, name: str) -> Artifact:
        """Give it another name; raises ``NotFound``."""
        ...

    def delete(self, owner: Owner, artifact_id: str) -> None:
        """Delete it; raises ``NotFound``."""
        ...

    def delete_all(self, owner: Owner) -> None:
        """Delete everything of an owner, also what no list shows."""
        ...

    def usage(self, owner: Owner) -> Usage:
        """Return how much is kept."""
        ...


def new_artifact(
    *,
    name: str,
    kind: Kind,
    page: str,
    content: bytes,
    meta: str,
    created: float,
    artifact_id: str | None = None,
) -> Artifact:
    """Return what is to be kept, under a new id or the one it has elsewhere.

    Raises
    ------
    InvalidParameter
        The kind or the page is unknown, the content is empty, or ``meta`` is too long or no text.
    """
    if kind not in EXTENSIONS:
        raise InvalidParameter(
            Text("A thing of the kind {kind} cannot be saved.", kind=as_name(kind)),
            hint=Text("The kinds are {known:list}.", known=list(EXTENSIONS)),
        )
    if not _PAGE.fullmatch(page):
        raise InvalidParameter(Text("There is no page named {page}.", page=as_name(page)))
    if not content:
        raise InvalidParameter(Text("{name} is empty, so there is nothing to save.", name=as_name(name)))
    if len(meta) > LONGEST_META or not _is_text(meta):
        raise InvalidParameter(
            Text(
                "What is noted beside {name} is longer than {most:n} characters, or no text.",
                name=as_name(name),
                most=LONGEST_META,
            )
        )
    return Artifact(
        id=artifact_id or secrets.token_hex(16),
        name=as_name(name),
        kind=kind,
        page=page,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created=created,
        meta=meta,
    )


def require_room(artifact: Artifact, usage: Usage, quota: Quota) -> None:
    """Refuse a thing for which an owner has no room left.

    Raises
    ------
    QuotaExceeded
        It is too large by itself, or there is too much with it.
    """
    if artifact.size > quota.bytes_each:
        raise QuotaExceeded(
            Text(
                "{name} takes {size:n} MB; one saved thing may take {most:n} MB.",
                name=artifact.name,
                size=megabytes(artifact.size),
                most=megabytes(quota.bytes_each),
            ),
            hint=Text("Save a smaller part of it, or download it instead."),
        )
    if usage.items >= quota.items:
        raise QuotaExceeded(
            Text("You have saved {most:n} things, which is as many as you may keep.", most=quota.items),
            hint=Text("Delete what you no longer need, then save again."),
        )
    if usage.bytes + artifact.size > quota.bytes:
        raise QuotaExceeded(
            Text(
                "{name} takes {size:n} MB, and only {left:n} MB of your {most:n} MB are left.",
                name=artifact.name,
                size=megabytes(artifact.size),
                left=megabytes(quota.bytes - usage.bytes, down=True),
                most=megabytes(quota.bytes),
            ),
            hint=Text("Delete what you no longer need, then save again."),
        )


def intact(content: bytes, artifact: Artifact) -> bytes:
    """Return the content of a saved thing if it is what was saved.

    Raises
    ------
    StorageError
        It is not.
    """
    if hashlib.sha256(content).hexdigest() != artifact.sha256:
        raise damaged(artifact)
    return content


def damaged(artifact: Artifact) -> StorageError:
    """Return the error of a saved thing whose content is lost or no longer what was saved."""
    return StorageError(
        Text("The saved file of {name} is damaged and cannot be read.", name=artifact.name),
        hint=Text("Delete it, then save it again from the page where you made it."),
    )


def no_such_thing() -> NotFound:
    """Return the error of an id that an owner has nothing under, whoever else may have."""
    return NotFound(
        Text("There is no such saved thing; it may have been deleted."),
        hint=Text("Reload the page to see what is there."),
    )


def require_id(owner: Owner, artifact_id: str | None = None) -> None:
    """Refuse ids that the app did not make.

    Raises
    ------
    NotFound
        One of them is anything but 32 hexadecimal digits.
    """
    for one in (owner.id,) if artifact_id is None else (owner.id, artifact_id):
        if not isinstance(one, str) or not ID.fullmatch(one):
            raise no_such_thing()


def as_name(name: str) -> str:
    r"""Return a name as it is kept: one line, at most 120 characters, never empty.

    What has no form of its own becomes a blank, except the joiners that emoji and some scripts need.

    Examples
    --------
    >>> as_name("  my\ntable ")
    'my table'
    """
    one_line = " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in name).split())
    return one_line[:LONGEST_NAME].strip(" " + _JOINERS) or "–"


def _is_text(words: str) -> bool:
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True
