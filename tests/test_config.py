"""The settings are documented in one place, the README's table, as they are."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from mlp_core.config import Settings

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
ELSEWHERE = {"MLFLOW_TRACKING_URI"}


def documented() -> dict[str, str]:
    """Return each variable of the table with its default, as a reader sees them."""
    (section,) = re.findall(r"^## Configuration\n(.*?)^## ", README, flags=re.MULTILINE | re.DOTALL)
    found: dict[str, str] = {}
    for row in re.findall(r"^\| (`.*) \|$", section, flags=re.MULTILINE):
        names, defaults, _ = (cell.strip() for cell in row.split(" | "))
        variables = re.findall(r"`(\w+)`", names)
        values = [value.strip() for value in defaults.split(";")]
        assert len(variables) == len(values), f"each of {names} has a default of its own"
        found.update(zip(variables, values, strict=True))
    return found


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return f"{value:,}"
    return f"`{value}`" if str(value) else "none"


def test_every_setting_is_documented_with_its_default_and_no_other() -> None:
    settings = {f"MLP_{one.name.upper()}": shown(one.default) for one in fields(Settings)}
    del settings["MLP_TRACKING_URI"]
    table = documented()

    assert {name: table[name] for name in table if name not in ELSEWHERE} == settings
    assert set(table) >= ELSEWHERE


def test_every_setting_that_the_readme_names_anywhere_exists() -> None:
    named = set(re.findall(r"\bMLP_[A-Z_]+\b", README))

    assert named <= set(documented())
