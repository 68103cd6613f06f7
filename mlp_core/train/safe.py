"""Models in a file that can be opened without running what is in it.

skops checks the types in a file against one closed list. Two of them, the trees, hold raw positions that
scikit-learn follows without a check, so a crafted file could crash the process: their positions are checked
here, and the pipeline must have the shape that this platform builds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlp_core.errors import StorageError
from mlp_core.text import Text
from mlp_core.train.model import MODELS
from mlp_core.train.pipeline import MODEL, PREPARE, RECIPE, SCHEMA

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

TRUSTED: Final = (
    "mlp_core.clean.transformer.RecipeTransformer",
    "mlp_core.train.dates.DateParts",
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
        _check_shape(pipeline)
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


def _check_shape(pipeline: Any) -> None:
    """Refuse any object but a pipeline as this platform builds it."""
    from sklearn.pipeline import Pipeline

    from mlp_core.train.schema import Schema

    if type(pipeline) is not Pipeline:
        raise ValueError("not a pipeline")
    names = [name for name, _ in pipeline.steps]
    if names not in ([SCHEMA, PREPARE, MODEL], [SCHEMA, RECIPE, PREPARE, MODEL]):
        raise ValueError("other steps than a pipeline of this platform")
    estimator = pipeline.steps[-1][1]
    endings = {ending for model in MODELS for ending in model.endings}
    if type(pipeline.steps[0][1]) is not Schema or type(estimator).__name__ not in endings:
        raise ValueError("other steps than a pipeline of this platform")
    if any(True for _ in _trees([step for _, step in pipeline.steps[:-1]])):
        raise ValueError("a tree where none belongs")
    for tree in _trees(estimator):
        _check_tree(tree, int(estimator.n_features_in_))


def _check_tree(tree: Any, n_features: int) -> None:
    """Refuse a tree that leads out of itself, in circles, or to a feature that is not there."""
    import numpy as np

    if hasattr(tree, "__getstate__") and type(tree).__name__ == "Tree":
        left, right, feature = tree.children_left, tree.children_right, tree.feature
        inner = left != -1
        size = tree.node_count
        sound = len(left) == size and tree.n_features == n_features and (right[~inner] == -1).all()
    else:
        nodes = tree.nodes
        left, right, feature = nodes["left"], nodes["right"], nodes["feature_idx"]
        inner, size = nodes["is_leaf"] == 0, len(nodes)
        sound = size > 0 and not nodes["is_categorical"].any()
    here = np.flatnonzero(inner)
    for child in (left[inner], right[inner]):
        # Children stand behind their parent, so every path ends.
        sound = sound and bool(
            (child.astype(np.int64) > here).all() and (child.astype(np.int64) < size).all()
        )
    used = feature[inner].astype(np.int64)
    if not (sound and (used >= 0).all() and (used < n_features).all()):
        raise ValueError("a tree with positions outside itself")


def _trees(thing: Any, seen: set[int] | None = None) -> Iterator[Any]:
    """Yield every tree inside ``thing``."""
    import numpy as np

    seen = set() if seen is None else seen
    if id(thing) in seen or isinstance(thing, (str, bytes, int, float, type(None))):
        return
    seen.add(id(thing))
    if type(thing).__name__ in ("Tree", "TreePredictor"):
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from _trees(value, seen)
    elif isinstance(thing, (list, tuple, set)) or (isinstance(thing, np.ndarray) and thing.dtype == object):
        for value in thing.flat if isinstance(thing, np.ndarray) else thing:
            yield from _trees(value, seen)
    elif hasattr(thing, "__dict__"):
        yield from _trees(vars(thing), seen)
