"""A profile as one HTML file that stands alone, and as CSV."""

from mlp_core.profile.report.page import to_html
from mlp_core.profile.report.sheet import to_csv

__all__ = ["to_csv", "to_html"]
