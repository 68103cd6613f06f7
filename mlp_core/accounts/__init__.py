"""Who comes back: accounts, and sessions from a random token in a cookie to what its visitor owns."""

from mlp_core.accounts.account import Account, AccountProvider, Credential, Owner
from mlp_core.accounts.embedded import EmbeddedAccounts
from mlp_core.accounts.memory import MemoryAccounts
from mlp_core.accounts.sessions import COOKIE, Session, Sessions

__all__ = [
    "COOKIE",
    "Account",
    "AccountProvider",
    "Credential",
    "EmbeddedAccounts",
    "MemoryAccounts",
    "Owner",
    "Session",
    "Sessions",
]
