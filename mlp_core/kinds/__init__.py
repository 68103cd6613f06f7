"""What a column holds: its kind, decided from all its values and, for some kinds, its name."""

from mlp_core.kinds.deciding import kind_of, kinds_of, nature_of
from mlp_core.kinds.identity import identifies
from mlp_core.kinds.kind import DISCRETE, LABELS, NUMERIC, Kind
from mlp_core.kinds.scales import order_of
from mlp_core.kinds.words import FALSE_WORDS, TRUE_WORDS, is_yes_no

__all__ = [
    "DISCRETE",
    "FALSE_WORDS",
    "LABELS",
    "NUMERIC",
    "TRUE_WORDS",
    "Kind",
    "identifies",
    "is_yes_no",
    "kind_of",
    "kinds_of",
    "nature_of",
    "order_of",
]
