"""Whether a pipeline that came from a file is one that this platform builds.

scikit-learn's compiled code follows the positions in trees, in groups and among neighbours without a check,
on the word of the estimator around them that the rows have so many columns. So every object of the file
must be of a class that belongs where it stands, and all must agree on the number of columns.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Final

from mlp_core.train.model import MODELS
from mlp_core.train.pipeline import MODEL, PREPARE, RECIPE, SCHEMA

_PREPARING: Final = frozenset(
    {
        "mlp_core.clean.transformer.RecipeTransformer",
        "mlp_core.train.dates.DateParts",
        "mlp_core.train.dates.Seconds",
        "mlp_core.train.schema.Schema",
        "sklearn.compose._column_transformer.ColumnTransformer",
        "sklearn.impute._base.SimpleImputer",
        "sklearn.pipeline.Pipeline",
        "sklearn.preprocessing._data.MinMaxScaler",
        "sklearn.preprocessing._data.RobustScaler",
        "sklearn.preprocessing._data.StandardScaler",
        "sklearn.preprocessing._encoders.OneHotEncoder",
        "sklearn.preprocessing._encoders.OrdinalEncoder",
    }
)

_INSIDE_MODELS: Final = frozenset(
    {
        "numpy.random._generator.Generator",
        "numpy.random.mtrand.RandomState",
        "sklearn._loss._loss.CyHalfBinomialLoss",
        "sklearn._loss._loss.CyHalfMultinomialLoss",
        "sklearn._loss._loss.CyHalfSquaredError",
        "sklearn._loss.link.IdentityLink",
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.link.MultinomialLogit",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn._loss.loss.HalfMultinomialLoss",
        "sklearn._loss.loss.HalfSquaredError",
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
        "sklearn.preprocessing._label.LabelBinarizer",
        "sklearn.preprocessing._label.LabelEncoder",
        "sklearn.tree._tree.Tree",
    }
)
"""What a fitted model holds besides the estimators that it is built of."""

_PLAIN: Final = (str, bytes, int, float, bool, type(None), slice)


def check_pipeline(pipeline: Any) -> None:
    """Refuse any object but a pipeline as this platform builds it.

    Raises
    ------
    Exception
        Of whatever kind the strangeness of the object leads to.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline

    from mlp_core.clean.transformer import RecipeTransformer
    from mlp_core.train.schema import Schema

    if type(pipeline) is not Pipeline:
        raise ValueError("not a pipeline")
    names = tuple(name for name, _ in pipeline.steps)
    *preparing, estimator = (step for _, step in pipeline.steps)
    first: dict[tuple[str, ...], list[type]] = {
        (SCHEMA, PREPARE, MODEL): [Schema, ColumnTransformer],
        (SCHEMA, RECIPE, PREPARE, MODEL): [Schema, RecipeTransformer, ColumnTransformer],
    }
    if [type(step) for step in preparing] != first.get(names):
        raise ValueError("other steps than a pipeline of this platform")
    _check_classes(preparing, _PREPARING, frozenset())
    _check_classes(estimator, _INSIDE_MODELS, _built_of(type(estimator)))
    _check_model(estimator, _n_prepared(preparing))


def _built_of(cls: type) -> frozenset[type]:
    """Return the classes that a model of class ``cls`` is built of, itself among them."""
    from sklearn.base import BaseEstimator

    found: set[type] = set()
    for model in MODELS:
        for task in sorted(model.tasks):
            # Some models are built otherwise for very many rows.
            for n_rows in (100, 10_000_000):
                built = model().build(task, seed=0, n_rows=n_rows)
                if type(built) is cls and cls.__name__ in model.endings:
                    found |= {type(part) for part in _parts(built) if isinstance(part, BaseEstimator)}
    if not found:
        raise ValueError("other steps than a pipeline of this platform")
    return frozenset(found)


def _check_classes(thing: Any, names: frozenset[str], classes: frozenset[type]) -> None:
    """Refuse every object inside ``thing`` that is neither plain data nor of a class that belongs there."""
    import numpy as np

    for part in _parts(thing):
        cls = type(part)
        if isinstance(part, (np.generic, np.dtype)) or (cls is type and issubclass(part, np.generic)):
            continue
        if cls is np.ndarray:
            if part.dtype.hasobject and part.dtype != object:
                raise ValueError("objects in the fields of an array")
        elif cls not in (*_PLAIN, list, tuple, dict, set) and cls not in classes:
            name = f"{cls.__module__}.{cls.__qualname__}"
            if name not in names or getattr(sys.modules[cls.__module__], cls.__qualname__, None) is not cls:
                raise ValueError(f"{name} does not belong here")


def _n_prepared(preparing: list[Any]) -> int:
    """Return how many columns the steps before the model give to it."""
    import pandas as pd

    rows = pd.DataFrame({name: [None] for name in preparing[0].kinds})
    for step in preparing:
        rows = step.transform(rows)
    return int(rows.shape[1])


def _check_model(estimator: Any, n_features: int) -> None:
    """Refuse a model whose parts do not agree on ``n_features``, or hold positions outside themselves."""
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.preprocessing import StandardScaler

    if type(estimator) is TransformedTargetRegressor:
        # It scales the target, which is no feature, and asks the estimator inside.
        if type(estimator.transformer_) is not StandardScaler or estimator.regressor_ is estimator:
            raise ValueError("another scaling of the target")
        if type(estimator.regressor_) in (TransformedTargetRegressor, StandardScaler):
            raise ValueError("another model inside")
        estimator = estimator.regressor_
    if type(estimator) not in (DummyClassifier, DummyRegressor) and estimator.n_features_in_ != n_features:
        raise ValueError("a model of another number of columns")
    for part in _parts(estimator):
        if getattr(part, "n_features_in_", n_features) != n_features:
            raise ValueError("parts of different numbers of columns")
        if type(part).__name__ in ("Tree", "TreePredictor"):
            _check_tree(part, n_features)
    _check_boosting(estimator)
    _check_points(estimator, n_features)


def _check_boosting(estimator: Any) -> None:
    """Refuse boosting that would read rows otherwise than as the numbers it is given."""
    if not hasattr(estimator, "_predictors"):
        return
    binned = estimator._bin_mapper.is_categorical_
    if estimator._preprocessor is not None or hasattr(estimator, "_in_fit") or binned.any():
        raise ValueError("boosting that prepares its rows by itself")


def _check_points(estimator: Any, n_features: int) -> None:
    """Refuse groups and neighbours that lie in another space than the rows, or belong to no class."""
    import numpy as np

    if hasattr(estimator, "cluster_centers_"):
        points = estimator.cluster_centers_
        if points.ndim != 2 or points.shape[1] != n_features or not len(points):
            raise ValueError("centres in another space")
    if hasattr(estimator, "_fit_X"):
        points, answers = estimator._fit_X, estimator._y
        if points.ndim != 2 or points.shape[1] != n_features or len(points) != len(answers):
            raise ValueError("neighbours in another space")
        if estimator._fit_method != "brute" or not 0 < estimator.n_neighbors <= len(points):
            raise ValueError("another search for neighbours")
        if hasattr(estimator, "classes_"):
            codes, known = np.asarray(answers), len(estimator.classes_)
            if codes.ndim != 1 or codes.dtype.kind != "i" or codes.min() < 0 or codes.max() >= known:
                raise ValueError("neighbours of no class")


def _check_tree(tree: Any, n_features: int) -> None:
    """Refuse a tree that leads out of itself, in circles, or to a feature that is not there."""
    import numpy as np

    if type(tree).__name__ == "Tree":
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


def _parts(thing: Any) -> Iterator[Any]:
    """Yield ``thing`` and every object inside it, each once."""
    import numpy as np

    seen: set[int] = set()
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, (list, tuple, set)):
            waiting += list(part)
        elif isinstance(part, np.ndarray):
            waiting += list(part.flat) if part.dtype == object else []
        elif not isinstance(part, type) and hasattr(part, "__dict__"):
            waiting.append(vars(part))
