"""What a person keeps from a page: tables, figures, models, documents, projects."""

from mlp_core.storage.artifacts.artifact import (
    EXTENSIONS,
    LARGEST_BYTES,
    Artifact,
    ArtifactStore,
    Quota,
    Usage,
)
from mlp_core.storage.artifacts.embedded import EmbeddedArtifacts
from mlp_core.storage.artifacts.memory import MemoryArtifacts

__all__ = [
    "EXTENSIONS",
    "LARGEST_BYTES",
    "Artifact",
    "ArtifactStore",
    "EmbeddedArtifacts",
    "MemoryArtifacts",
    "Quota",
    "Usage",
]
