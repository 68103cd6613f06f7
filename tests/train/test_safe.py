"""A model file that is damaged, of another make, or crafted to crash is refused with a sentence."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import DecisionTreeRegressor
from sklearn.tree._tree import Tree

from mlp_core.clean.transformer import RecipeTransformer
from mlp_core.errors import StorageError
from mlp_core.table import Table
from mlp_core.train import TrainingPlan, safe, train
from mlp_core.train.safe import TRUSTED

from .conftest import FEATURES


@pytest.fixture(scope="module", params=["tree", "forest", "hist_boosting"])
def pipeline(request: pytest.FixtureRequest, mixed: Table) -> Pipeline:
    settings = {"forest": {"trees": 10}, "hist_boosting": {"rounds": 10}}
    plan = TrainingPlan(
        target="price", features=FEATURES, models=(request.param,), folds=2, settings=settings
    )
    return train(mixed, plan).row(request.param).pipeline


def refuse(path: Path) -> None:
    with pytest.raises(StorageError) as told:
        safe.load(path)
    assert told.value.hint is not None


def test_a_file_that_is_gone_or_cut_off(pipeline: Pipeline, tmp_path: Path) -> None:
    path = tmp_path / "model.skops"
    refuse(path)
    safe.dump(pipeline, path)
    path.write_bytes(path.read_bytes()[:-200])
    refuse(path)


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "sprung",)

    path = tmp_path / "model.skops"
    path.write_bytes(pickle.dumps(Trap()))
    refuse(path)
    assert not (tmp_path / "sprung").exists()


def test_a_type_that_no_model_here_holds_is_refused_even_inside_a_good_pipeline(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    path, spoiled = tmp_path / "model.skops", copy.deepcopy(pipeline)
    spoiled.named_steps["schema"].extra_ = ["plain"]
    safe.dump(spoiled, path)
    assert safe.load(path)
    spoiled.named_steps["schema"].extra_ = [subprocess.check_output]
    safe.dump(spoiled, path)
    refuse(path)


def test_a_harmless_model_that_is_no_pipeline_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "model.skops"
    skops.io.dump(LinearRegression().fit([[0.0], [1.0]], [0, 1]), path)
    refuse(path)
    skops.io.dump(Pipeline([("model", LinearRegression())]), path)
    refuse(path)


@pytest.mark.parametrize("place", ["left", "right", "feature"])
@pytest.mark.parametrize("value", [10_000_000, 0])
def test_a_tree_that_leads_out_of_itself_or_in_circles(
    pipeline: Pipeline, tmp_path: Path, place: str, value: int
) -> None:
    if place == "feature" and value == 0:
        pytest.skip("the first feature is a true one")
    path = tmp_path / "model.skops"
    safe.dump(pipeline, path)
    _spoil(path, place, value)
    # Its types pass, so only the check of its positions stands between this file and a crash.
    skops.io.load(path, trusted=list(TRUSTED))
    refuse(path)


def _spoil(path: Path, place: str, value: int) -> None:
    """Rewrite one position at the root of every tree in the file."""
    names = {
        "left": ("left_child", "left"),
        "right": ("right_child", "right"),
        "feature": ("feature", "feature_idx"),
    }
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    spoiled = 0
    for name, data in content.items():
        if not name.endswith(".npy"):
            continue
        array = np.load(_opened(data), allow_pickle=False)
        field = next((f for f in names[place] if f in (array.dtype.names or ())), None)
        if field is not None:
            array[field][0] = value
            content[name] = _saved(array)
            spoiled += 1
    assert spoiled, json.dumps(sorted(content))
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def _opened(data: bytes) -> object:
    import io

    return io.BytesIO(data)


def _saved(array: np.ndarray) -> bytes:
    import io

    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def crafted(pipeline: Pipeline, model: object) -> Pipeline:
    return Pipeline([*pipeline.steps[:-1], ("model", model)])


def far_tree(tree: DecisionTreeRegressor, n_features: int) -> DecisionTreeRegressor:
    """Return a tree that asks for the last of very many columns, and says that there are so many."""
    state = tree.tree_.__getstate__()
    nodes = state["nodes"].copy()
    nodes["feature"][nodes["feature"] >= 0] = n_features - 1
    far = Tree(n_features, np.array([1], dtype=np.intp), 1)
    far.__setstate__({**state, "nodes": nodes})
    tree.tree_, tree.n_features_in_ = far, n_features
    return tree


@pytest.fixture
def steps(mixed: Table) -> Pipeline:
    """Return a pipeline to put other models into; they get 7 columns or more."""
    plan = TrainingPlan(target="price", features=FEATURES, models=("tree",), folds=2)
    return train(mixed, plan).row("tree").pipeline


def fitted(model: Any, n_features: int) -> Any:
    generator = np.random.default_rng(0)
    return model.fit(generator.normal(size=(40, n_features)), np.arange(40) % 2)


def far_forest(n: int) -> Any:
    forest = fitted(RandomForestRegressor(n_estimators=2), n)
    far_tree(forest.estimators_[1], n + 2**20)
    return forest


def hidden_tree(n: int) -> Any:
    """Return a tree of more columns than the rows have, behind a step that vouches for them."""
    vouching = RecipeTransformer([])
    vouching.learned_, vouching.n_features_in_ = [], 2**30
    tree = far_tree(fitted(DecisionTreeRegressor(), n), 2**30)
    outer = fitted(TransformedTargetRegressor(DecisionTreeRegressor(), transformer=StandardScaler()), n)
    outer.regressor_ = Pipeline([("recipe", vouching), ("tree", tree)])
    return outer


def boosting_that_drops_columns(n: int) -> Any:
    model = fitted(HistGradientBoostingRegressor(max_iter=3), n)
    model._preprocessor = ColumnTransformer([("few", "passthrough", [0])]).fit(np.zeros((4, n)))
    return model


def boosting_that_believes_in_bins(n: int) -> Any:
    model = fitted(HistGradientBoostingRegressor(max_iter=3), n)
    model._in_fit = True
    return model


def neighbours_of_no_class(n: int) -> Any:
    model = fitted(KNeighborsClassifier(algorithm="brute"), n)
    model._y = model._y + 10**6
    return model


def centres_in_another_space(n: int) -> Any:
    model = fitted(KMeans(n_clusters=2, n_init=1), n)
    model.cluster_centers_ = model.cluster_centers_[:, :1].copy()
    return model


CRAFTED = [
    lambda n: far_tree(fitted(DecisionTreeRegressor(), n), 2**30),
    far_forest,
    hidden_tree,
    boosting_that_drops_columns,
    boosting_that_believes_in_bins,
    neighbours_of_no_class,
    centres_in_another_space,
    lambda n: fitted(LinearRegression(), n + 1),
    lambda n: fitted(TransformedTargetRegressor(Ridge(), transformer=StandardScaler()), n),
    lambda n: fitted(Pipeline([("scale", StandardScaler()), ("model", LinearRegression())]), n),
]


@pytest.mark.parametrize("craft", CRAFTED)
def test_a_model_that_would_read_beyond_its_rows(
    steps: Pipeline, tmp_path: Path, craft: Callable[[int], Any]
) -> None:
    path = tmp_path / "model.skops"
    safe.dump(crafted(steps, craft(steps.steps[-1][1].n_features_in_)), path)
    skops.io.load(path, trusted=list(TRUSTED))
    refuse(path)


def test_a_step_in_the_place_of_another(steps: Pipeline, tmp_path: Path) -> None:
    schema, prepare, model = (step for _, step in steps.steps)
    path = tmp_path / "model.skops"
    for other in (FunctionTransformer(np.load), Pipeline([("prepare", prepare)]), StandardScaler()):
        safe.dump(Pipeline([("schema", schema), ("prepare", other), ("model", model)]), path)
        refuse(path)
    prepare.transformers_[0] = ("numbers", FunctionTransformer(np.load), [0])
    safe.dump(steps, path)
    refuse(path)
