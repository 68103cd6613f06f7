"""What a person keeps from a page: tables, figures, models, documents, projects."""

from mlp_core.storage.artifacts.artifact import (
    EXTENSIONS,
    LARGEST_BYTES,
    Artifact,
    ArtifactStore,
    Quota,
    Usage,
)

__all__ = ["EXTENSIONS", "LARGEST_BYTES", "Artifact", "ArtifactStore", "Quota", "Usage"]
