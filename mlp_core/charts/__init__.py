"""Charts: shaped once from a table or an evaluation, drawn with Plotly on screen and seaborn on paper.

A module of this folder that adds a class to ``CHARTS`` or ``EVALUATION_CHARTS`` is found by itself.
"""

from importlib import import_module
from pkgutil import iter_modules

# The order of these names is the order of the menu.
# isort: off
from mlp_core.charts import missing, histogram, mosaic, scatter, correlation  # noqa: F401

# isort: on
from mlp_core.charts.chart import CHARTS, Chart, ChartData, draw, draw_static, shape_chart, suggest
from mlp_core.charts.evaluation import (
    EVALUATION_CHARTS,
    EvaluationChart,
    draw_evaluation,
    draw_evaluation_static,
    shape_evaluation,
)
from mlp_core.charts.theme import DARK, LIGHT, THEMES, Theme, theme_of

for _module in sorted(found.name for found in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

__all__ = [
    "CHARTS",
    "DARK",
    "EVALUATION_CHARTS",
    "LIGHT",
    "THEMES",
    "Chart",
    "ChartData",
    "EvaluationChart",
    "Theme",
    "draw",
    "draw_evaluation",
    "draw_evaluation_static",
    "draw_static",
    "shape_chart",
    "shape_evaluation",
    "suggest",
    "theme_of",
]
