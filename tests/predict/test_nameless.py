"""Rows from a file without names match by position, or are refused."""

import pandas as pd
import pytest

from mlp_core.errors import SchemaMismatch
from mlp_core.predict import named_by_position

NAMES = ["mpg", "cylinders", "weight"]


def rows(width: int) -> pd.DataFrame:
    return pd.DataFrame([range(width)], columns=[f"column_{i + 1}" for i in range(width)])


def test_as_many_columns_take_the_names_of_the_training_table() -> None:
    named = named_by_position(rows(3), NAMES, "mpg")
    assert named.iloc[0].to_dict() == {"mpg": 0, "cylinders": 1, "weight": 2}


def test_rows_without_the_target_are_not_shifted() -> None:
    named = named_by_position(rows(2), NAMES, "mpg")
    assert named.iloc[0].to_dict() == {"cylinders": 0, "weight": 1}


@pytest.mark.parametrize("width", [1, 4])
def test_another_number_of_columns_is_refused(width: int) -> None:
    with pytest.raises(SchemaMismatch, match=f"has {width} where the training table has 3"):
        named_by_position(rows(width), NAMES, "mpg")
