"""Models in a file that can be opened without running what is in it.

skops checks the types in a file against one closed list. Some of them hold raw positions that scikit-learn
follows without a check, so a crafted file could crash the process: what the file holds must therefore also
be a pipeline as this platform builds it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlp_core.errors import StorageError
from mlp_core.text import Text
from mlp_core.train.soundness import check_pipeline

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

TRUSTED: Final = (
    "mlp_core.clean.transformer.RecipeTransformer",
    "mlp_core.train.dates.DateParts",
    "mlp_core.train.dates.Seconds",
    "mlp_core.train.lots.RandomGroups",
    "mlp_core.train.schema.Schema",
    "numpy.dtype",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.tree._tree.Tree",
)
"""Besides the types that skops trusts by itself. Never filled from a file."""


def dump(pipeline: Pipeline, path: Path) -> None:
    """Write a fitted pipeline to ``path``."""
    import skops.io

    skops.io.dump(pipeline, path)


def load(path: Path) -> Pipeline:
    """Return the pipeline at ``path``, with its types and the positions in its trees checked.

    Raises
    ------
    StorageError
        The file is absent or damaged, or holds what no model of this platform holds.
    """
    import skops.io

    try:
        pipeline = skops.io.load(path, trusted=list(TRUSTED))
        check_pipeline(pipeline)
    except OSError as error:
        raise StorageError(
            Text("The saved model is not there any more."), hint=Text("Train the model again.")
        ) from error
    # A damaged or hostile file fails in whatever way its bytes lead to.
    except Exception as error:
        raise StorageError(
            Text("The saved model is damaged, or was not made by this platform, and was not opened."),
            hint=Text("Train the model again."),
        ) from error
    return pipeline
