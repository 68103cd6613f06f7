"""An account's projects beyond this server: kept where the account is, and brought back to an empty disk."""

from mlp_core.cloud.cloud import Cloud
from mlp_core.cloud.visit import CloudState, Pace

__all__ = ["Cloud", "CloudState", "Pace"]
