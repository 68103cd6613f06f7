"""Training: the plan, the model catalogue, the split, the one pipeline, and the leaderboard.

Only what the pages name at once is imported here; scikit-learn comes with the first training.
"""

from mlp_core.train import models as _catalogue  # noqa: F401  its import fills MODELS
from mlp_core.train.leaderboard import Leaderboard, Row
from mlp_core.train.model import MODELS, Model, models_of
from mlp_core.train.plan import TrainingPlan
from mlp_core.train.progress import Progress
from mlp_core.train.training import train

__all__ = ["MODELS", "Leaderboard", "Model", "Progress", "Row", "TrainingPlan", "models_of", "train"]
