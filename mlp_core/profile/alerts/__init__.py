"""Alerts: what a person should look at before training, and the step of the recipe that mends it.

A module of this folder that adds a class to ``CHECKS`` is found by itself. Its first docstring line is what
people read in the list of checks; ``find`` says where it holds.
"""

from importlib import import_module
from pkgutil import iter_modules

from mlp_core.profile.alerts.check import CHECKS, Alert, Check, Severity
from mlp_core.profile.alerts.evidence import Evidence
from mlp_core.profile.alerts.finding import alerts_for, find_alerts

for _module in sorted(found.name for found in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

__all__ = ["CHECKS", "Alert", "Check", "Evidence", "Severity", "alerts_for", "find_alerts"]
