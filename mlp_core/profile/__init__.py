"""Facts of every column of a table, and alerts."""

from mlp_core.profile.alerts import CHECKS, Alert, Check, Evidence, Severity
from mlp_core.profile.facts import ColumnFacts
from mlp_core.profile.profile import Profile, profile

__all__ = ["CHECKS", "Alert", "Check", "ColumnFacts", "Evidence", "Profile", "Severity", "profile"]
