"""The one pipeline from raw rows to answers; every step of it is fitted on training rows only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mlp_core.kinds import NUMERIC, Kind

if TYPE_CHECKING:
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline

    from mlp_core.train.material import Material
    from mlp_core.train.plan import TrainingPlan

SCHEMA: Final = "schema"
RECIPE: Final = "recipe"
PREPARE: Final = "prepare"
MODEL: Final = "model"
"""The names of the steps of every pipeline, in order; the recipe is absent where it has no step."""

MOST_CATEGORIES: Final = 30
"""Rarer categories share one column."""

MISSING: Final = "(missing)"

_WORDS: Final = frozenset({Kind.CATEGORY, Kind.ORDERED, Kind.TEXT})


def make_pipeline(material: Material, plan: TrainingPlan, estimator: Any) -> Pipeline:
    """Return the pipeline of a training, not yet fitted, that ends in ``estimator``."""
    from sklearn.pipeline import Pipeline

    from mlp_core.clean.transformer import RecipeTransformer
    from mlp_core.train.schema import Schema

    steps: list[tuple[str, Any]] = [
        (SCHEMA, Schema({name: kind.value for name, kind in material.raw_kinds.items()}))
    ]
    if material.steps:
        steps.append((RECIPE, RecipeTransformer(list(material.steps))))
    steps.append((PREPARE, _preparation(material.kinds, plan)))
    steps.append((MODEL, estimator))
    return Pipeline(steps)


def _preparation(kinds: Mapping[str, Kind], plan: TrainingPlan) -> ColumnTransformer:
    """Return the step from a frame to numbers: select, fill, scale and encode, by kind."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline as chain

    from mlp_core.train.dates import DateParts, Seconds

    def filled() -> Any:
        return SimpleImputer(strategy="median", keep_empty_features=True)

    named = {
        "numbers": [name for name, kind in kinds.items() if kind in NUMERIC],
        "flags": [name for name, kind in kinds.items() if kind is Kind.BOOLEAN],
        "dates": [name for name, kind in kinds.items() if kind is Kind.DATETIME],
        "durations": [name for name, kind in kinds.items() if kind is Kind.DURATION],
        "categories": [name for name, kind in kinds.items() if kind in _WORDS],
    }
    ways = {
        "numbers": chain(filled(), *_scaler(plan)),
        "flags": SimpleImputer(strategy="most_frequent", keep_empty_features=True),
        "dates": chain(DateParts(), filled(), *_scaler(plan)),
        "durations": chain(Seconds(), filled(), *_scaler(plan)),
        "categories": chain(SimpleImputer(strategy="constant", fill_value=MISSING), *_encoder(plan)),
    }
    return ColumnTransformer(
        [(group, ways[group], names) for group, names in named.items() if names], sparse_threshold=0
    )


def _scaler(plan: TrainingPlan) -> list[Any]:
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    scalers = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler}
    return [scalers[plan.scaling]()] if plan.scaling in scalers else []


def _encoder(plan: TrainingPlan) -> list[Any]:
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

    if plan.encoding == "onehot":
        return [
            OneHotEncoder(
                handle_unknown="infrequent_if_exist", max_categories=MOST_CATEGORIES, sparse_output=False
            )
        ]
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    # Codes of many categories run far beyond scaled numbers, so they are scaled alike.
    return [codes, *_scaler(plan)]
