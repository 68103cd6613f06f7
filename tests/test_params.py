"""A field that declares its rules is checked by them, and its values survive JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from mlp_core import params
from mlp_core.config import Settings
from mlp_core.errors import InvalidParameter
from mlp_core.kinds import Kind
from mlp_core.registry import Registry
from mlp_core.text import Text


@dataclass(frozen=True, kw_only=True)
class Toy:
    """A toy that has one field of each shape."""

    id: ClassVar[str] = "toy"
    label: ClassVar[Text] = Text("Number")

    share: float = params.number(0.2, low=0.0, high=0.5, label=Text("Number"))
    bars: int = params.number(30, low=5, high=200, label=Text("Whole number"))
    on: bool = params.switch(True, label=Text("Yes/no"))
    how: str = params.choice(
        "mean", choices={"mean": Text("Number"), "mode": Text("Category")}, label=Text("Empty")
    )
    value: str = params.words(label=Text("Free text"), shown_when=("how", ("value",)))
    column: str = params.column_of(Kind.NUMBER, label=Text("Number"), optional=True)
    columns: tuple[str, ...] = params.columns_of(label=Text("Number"))
    plain: int = 7


def test_only_declared_fields_are_parameters() -> None:
    assert list(params.declared(Toy)) == ["share", "bars", "on", "how", "value", "column", "columns"]
    assert params.defaults(Toy)["bars"] == 30
    assert params.declared(Toy)["bars"].shape is params.Shape.INTEGER
    assert params.declared(Toy)["share"].shape is params.Shape.NUMBER


def test_values_survive_json() -> None:
    toy = Toy(share=0.1, columns=("a", "b"), column="a", how="mode", on=False)
    assert params.build(Toy, json.loads(json.dumps(params.values(toy)))) == toy


@pytest.mark.parametrize(
    "given",
    [
        {"share": 0.6},
        {"share": -0.1},
        {"share": "0.1"},
        {"share": float("nan")},
        {"share": True},
        {"bars": 4},
        {"bars": 10.5},
        {"bars": float("inf")},
        {"bars": 10**400},
        {"share": -(10**5000)},
        {"how": 10**5000},
        {"on": "yes"},
        {"how": "median"},
        {"how": ["mean"]},
        {"columns": 5},
        {"unheard": 1},
    ],
)
def test_a_value_outside_its_rules_gets_a_sentence(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameter) as caught:
        params.build(Toy, given)
    assert caught.value.render("fr") != caught.value.render("en")


def test_values_come_back_in_the_type_of_their_field() -> None:
    toy = params.build(Toy, {"bars": 40.0, "share": 0, "columns": ["a"], "column": None})
    assert (toy.bars, type(toy.bars), type(toy.share), toy.columns, toy.column) == (
        40,
        int,
        float,
        ("a",),
        "",
    )


def test_a_column_that_is_needed_must_be_named() -> None:
    with pytest.raises(InvalidParameter, match="choose a column"):
        params.check("x", params.Param(shape=params.Shape.COLUMN, label=Text("Number")), "")
    with pytest.raises(InvalidParameter, match="at least 2"):
        params.check("x", params.Param(shape=params.Shape.COLUMNS, label=Text("Number"), least=2), ["a"])


def test_a_registry_finds_by_id_in_the_order_added() -> None:
    toys: Registry[Toy] = Registry("toys")
    toys.add(Toy)
    assert toys["toy"] is Toy
    assert "toy" in toys
    assert toys.ids() == ["toy"]
    assert str(toys.help("toy")) == "A toy that has one field of each shape."
    with pytest.raises(ValueError, match="already"):
        toys.add(Toy)
    with pytest.raises(InvalidParameter, match="unheard"):
        toys["unheard"]


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"MLP_MAX_ROWS": "10", "MLP_DATA_DIR": "/x", "MLFLOW_TRACKING_URI": "http://m"}
    )
    assert (settings.max_rows, str(settings.data_dir), settings.tracking_uri) == (10, "/x", "http://m")
    assert Settings.from_environment({}) == Settings()
    with pytest.raises(InvalidParameter, match="MLP_MAX_ROWS"):
        Settings.from_environment({"MLP_MAX_ROWS": "many"})
