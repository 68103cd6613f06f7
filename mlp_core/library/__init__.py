"""Several projects for each owner: made, found, versioned, copied, shared and deleted."""

from mlp_core.library.entries import Entry
from mlp_core.library.library import Library
from mlp_core.library.shares import Share, Shares
from mlp_core.storage.versions import Version

__all__ = ["Entry", "Library", "Share", "Shares", "Version"]
