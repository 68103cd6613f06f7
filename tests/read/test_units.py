"""Units beside the numbers of a column of text are counted, so that a mix of them can be told."""

from __future__ import annotations

import pytest

from mlp_core.read.units import unit_of


@pytest.mark.parametrize(
    ("texts", "units"),
    [
        (["12 kg", "3 lb", "4 kg"], {"kg": 2, "lb": 1}),
        (["12 kg", "3", "4 kg"], {"kg": 2, "": 1}),
        (["3 €", "$4"], {"EUR": 1, "USD": 1}),
        (["12 %", "0,5"], {"%": 1, "": 1}),
        (["12", "13"], {}),
        (["Lyon", "12 kg"], {}),
        (["12A", "13B"], {}),
        (["12k", "13k"], {}),
        (["273K", "300K"], {"K": 2}),
        ([], {}),
    ],
)
def test_units_are_counted(texts: list[str], units: dict[str, int]) -> None:
    assert dict(unit_of(texts)) == units
