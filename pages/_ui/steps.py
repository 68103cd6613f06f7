"""The steps of the way from a file to a prediction: one per page, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mlp_core.text import Text


@dataclass(frozen=True, kw_only=True)
class PageStep:
    """One page: its file, its address, what it is called and what it is for."""

    id: str
    title: Text
    lead: Text
    icon: str

    @property
    def path(self) -> str:
        """The page's file, from the project's root."""
        return f"pages/{self.id.capitalize()}.py"


STEPS: Final = (
    PageStep(
        id="upload",
        title=Text("Upload"),
        lead=Text("Bring a table. Pythie finds out how it is written, and you have the last word."),
        icon=":material/upload_file:",
    ),
    PageStep(
        id="explore",
        title=Text("Explore"),
        lead=Text(
            "Clean the table in steps you can edit, switch off, move and undo. The file is never altered."
        ),
        icon=":material/cleaning_services:",
    ),
    PageStep(
        id="visualize",
        title=Text("Visualize"),
        lead=Text("Look before you model: gaps, distributions, categories and relations."),
        icon=":material/insights:",
    ),
    PageStep(
        id="train",
        title=Text("Train"),
        lead=Text("Set test rows aside, fit several models on the others, and see what beats the baseline."),
        icon=":material/model_training:",
    ),
    PageStep(
        id="predict",
        title=Text("Predict"),
        lead=Text("See how far a model can be trusted, then ask it about new cases."),
        icon=":material/online_prediction:",
    ),
)

ASIDE: Final = (
    PageStep(
        id="account",
        title=Text("Account"),
        lead=Text("Your projects, what you saved, the links you gave, and who you are here."),
        icon=":material/account_circle:",
    ),
    PageStep(
        id="shared",
        title=Text("Shared project"),
        lead=Text("Somebody shows you their project. You can look at everything here and change nothing."),
        icon=":material/visibility:",
    ),
)
"""Pages beside the way."""


def step(id_: str) -> PageStep:
    """Return the step of this id."""
    return next(item for item in (*STEPS, *ASIDE) if item.id == id_)


def following(id_: str) -> PageStep | None:
    """Return the step after this one; None after the last."""
    position = [item.id for item in STEPS].index(id_) + 1
    return STEPS[position] if position < len(STEPS) else None
