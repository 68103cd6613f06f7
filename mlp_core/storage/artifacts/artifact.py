"""What a person keeps from a page: a named file of a known kind, and what every store of them can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from mlp_core.accounts.account import Owner

LONGEST_NAME: Final = 120
LONGEST_META: Final = 4_000
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
        self, owner: Owner, *, name: str, kind: Kind, page: str, content: bytes, meta: str = ""
    ) -> Artifact:
        """Keep a thing, whole or not at all; raises ``QuotaExceeded``, ``InvalidParameter``."""
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


def as_name(name: str) -> str:
    """Return a name as it is kept: one line, at most 120 characters, never empty."""
    one_line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return one_line[:LONGEST_NAME].strip() or "–"
