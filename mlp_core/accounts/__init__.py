"""Who comes back: sessions, from a random token in a cookie to the workspace it belongs to."""

from mlp_core.accounts.sessions import COOKIE, Sessions

__all__ = ["COOKIE", "Sessions"]
