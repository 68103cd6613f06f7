"""What is kept on disk: workspaces, documents that check themselves, tables, archives."""

from mlp_core.storage.documents import read_document, write_document
from mlp_core.storage.workspaces import WorkspaceStore

__all__ = ["WorkspaceStore", "read_document", "write_document"]
