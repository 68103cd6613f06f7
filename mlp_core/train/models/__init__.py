"""The model catalogue: a module of this folder that adds a class to ``MODELS`` is found by itself."""

from importlib import import_module
from pkgutil import iter_modules

from mlp_core.train.models import baseline, linear, neighbours, trees  # noqa: F401 (menu order)

for _module in sorted(found.name for found in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")
