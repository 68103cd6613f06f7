"""Firebase over the network: which project, how long it may take, and what its refusals are."""

from mlp_core.firebase.bucket import Bucket
from mlp_core.firebase.client import Conversation, Firebase, asking
from mlp_core.firebase.config import FirebaseConfig
from mlp_core.firebase.failures import Refused
from mlp_core.firebase.transport import Answer, Patience

__all__ = [
    "Answer",
    "Bucket",
    "Conversation",
    "Firebase",
    "FirebaseConfig",
    "Patience",
    "Refused",
    "asking",
]
