"""A model file that is damaged, of another make, or crafted to crash is refused with a sentence."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline

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


def test_a_type_that_no_model_here_holds(tmp_path: Path) -> None:
    from sklearn.preprocessing import FunctionTransformer

    path = tmp_path / "model.skops"
    skops.io.dump(
        Pipeline([("schema", FunctionTransformer(np.save)), ("prepare", None), ("model", None)]), path
    )
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
