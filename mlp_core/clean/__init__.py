"""Operations and the recipe. Importing a sibling module here is what puts its operations in the menu."""

from mlp_core.clean.columns import DropColumns
from mlp_core.clean.fill import FillMissing
from mlp_core.clean.operation import OPERATIONS, Operation, operation_from_json
from mlp_core.clean.recipe import Recipe, Step, StepFacts
from mlp_core.clean.rows import DropDuplicates, DropMissing

__all__ = [
    "OPERATIONS",
    "DropColumns",
    "DropDuplicates",
    "DropMissing",
    "FillMissing",
    "Operation",
    "Recipe",
    "Step",
    "StepFacts",
    "operation_from_json",
]
