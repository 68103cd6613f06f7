"""Work in another process: progress, cancel, stop and keep; all on disk, so it outlives a server."""

from mlp_core.jobs.job import Job
from mlp_core.jobs.launch import Launcher
from mlp_core.jobs.status import JobStatus, State
from mlp_core.jobs.store import JobStore

__all__ = ["Job", "JobStatus", "JobStore", "Launcher", "State"]
