"""Operations and the recipe.

A module of this folder that adds a class to ``OPERATIONS`` is found by itself.
"""

from importlib import import_module
from pkgutil import iter_modules

# The order of these imports is the order of the menu.
# isort: off
from mlp_core.clean.rows import DropDuplicates, DropMissing
from mlp_core.clean.fill import FillMissing
from mlp_core.clean.columns import DropColumns
from mlp_core.clean.change_kind import ChangeKind
from mlp_core.clean.mark_missing import MarkMissing
from mlp_core.clean.merge import MergeCategories
from mlp_core.clean.group_rare import GroupRare
from mlp_core.clean.scale import ClipOutliers, LogTransform
from mlp_core.clean.encoding import MendEncoding
from mlp_core.clean.join import JoinTable, join_of

# isort: on
from mlp_core.clean.operation import OPERATIONS, Operation, operation_from_json
from mlp_core.clean.recipe import Recipe, Step, StepFacts

# The transformer needs scikit-learn, and adds no operation.
for _module in sorted(found.name for found in iter_modules(__path__)):
    if _module != "transformer":
        import_module(f"{__name__}.{_module}")

__all__ = [
    "OPERATIONS",
    "ChangeKind",
    "ClipOutliers",
    "DropColumns",
    "DropDuplicates",
    "DropMissing",
    "FillMissing",
    "GroupRare",
    "JoinTable",
    "LogTransform",
    "MarkMissing",
    "MendEncoding",
    "MergeCategories",
    "Operation",
    "Recipe",
    "Step",
    "StepFacts",
    "join_of",
    "operation_from_json",
]
