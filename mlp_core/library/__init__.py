"""Several projects for each owner: made, found, versioned, copied, shared and deleted."""

from mlp_core.library.entries import Entry
from mlp_core.library.library import Library

__all__ = ["Entry", "Library"]
