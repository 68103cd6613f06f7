"""Pythie's core: from a data file to a tracked model and its predictions, without a screen."""
