"""Tracking: every trained model is a run that says where its numbers come from."""

from mlp_core.track.memory import MemoryTracker
from mlp_core.track.mlflow_tracker import MlflowTracker
from mlp_core.track.records import RunRecord, TrackedModel, TrackedRun, Tracker

__all__ = ["MemoryTracker", "MlflowTracker", "RunRecord", "TrackedModel", "TrackedRun", "Tracker"]
