"""Facts of every column of a table, and alerts."""

from mlp_core.profile.alerts import CHECKS, Alert, Check, Evidence, Severity, alerts_for
from mlp_core.profile.associations import Association, Associations
from mlp_core.profile.bins import Histogram
from mlp_core.profile.compare import Comparison, Shift, Size, compare
from mlp_core.profile.distances import Distance
from mlp_core.profile.facts import ColumnFacts, Step
from mlp_core.profile.measures import MEASURES
from mlp_core.profile.profile import Profile, profile
from mlp_core.profile.together import Missing, MissingPair

__all__ = [
    "CHECKS",
    "MEASURES",
    "Alert",
    "Association",
    "Associations",
    "Check",
    "ColumnFacts",
    "Comparison",
    "Distance",
    "Evidence",
    "Histogram",
    "Missing",
    "MissingPair",
    "Profile",
    "Severity",
    "Shift",
    "Size",
    "Step",
    "alerts_for",
    "compare",
    "profile",
]
