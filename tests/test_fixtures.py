"""The shared frame keeps the traps that its description promises."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mlp_core.kinds import Kind, kinds_of


def test_the_messy_frame_has_one_awkward_column_of_every_kind(messy: pd.DataFrame) -> None:
    kinds = kinds_of(messy)

    assert set(kinds.values()) == set(Kind)
    assert kinds["cylinders"] is Kind.INTEGER
    assert kinds["notes"] is Kind.TEXT
    assert kinds["client id"] is Kind.IDENTIFIER
    assert kinds["latitude"] is kinds["longitude"] is Kind.GEOGRAPHIC


def test_the_messy_frame_holds_gaps_infinity_and_repeated_rows(messy: pd.DataFrame) -> None:
    assert len(messy) == 60
    assert messy.duplicated().sum() == 2
    assert np.isinf(messy["weight (kg)"]).sum() == 1
    assert messy["empty"].isna().all()
    gaps = messy.drop(columns=["empty", "constant"]).isna().sum()
    assert (gaps > 0).all()
