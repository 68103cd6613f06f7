"""The model catalogue: importing a sibling module adds its models."""

from mlp_core.train.models import baseline, linear, neighbours, neural, trees

__all__ = ["baseline", "linear", "neighbours", "neural", "trees"]
