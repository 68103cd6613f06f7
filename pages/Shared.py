"""Shared: somebody's project behind a link, to look at and nothing else."""

from pages._ui import shared_view, shell

with shell.showing_errors():
    shared_view.draw()
