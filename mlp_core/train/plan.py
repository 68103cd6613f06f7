"""What is to be trained and how: everything a person chooses before a training, in one JSON document."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mlp_core import params
from mlp_core.errors import InvalidParameter
from mlp_core.evaluate import METRICS
from mlp_core.params import choice, column_of, columns_of, number
from mlp_core.task import LABELS as TASKS
from mlp_core.text import Text
from mlp_core.train.model import MODELS, Model

if TYPE_CHECKING:
    from mlp_core.clean import Recipe
    from mlp_core.table import Table

SCALINGS: Final = {
    "standard": Text("Standard (mean 0, spread 1)"),
    "minmax": Text("From 0 to 1"),
    "robust": Text("Robust (median and quartiles)"),
    "none": Text("None"),
}
ENCODINGS: Final = {
    "onehot": Text("One column per category"),
    "ordinal": Text("One number per category"),
}
AUTO: Final = Text("Automatic")


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """Target, features, split, preparation and models of one training.

    Attributes
    ----------
    target : str
        The column to predict; empty for clustering.
    features : tuple of str
        The columns to learn from; empty for every one that is usable.
    task : str
        Overrides the task that follows from the target; empty for that task.
    models : tuple of str
        Ids of the catalogue; empty for every model that suits the task. The baseline always comes along.
    settings : mapping of str to mapping
        Settings by id of the model; what is not given keeps its default.
    folds : int
        Parts of the cross-validation.
    test_share : float
        Share of the rows (0-1) that are set aside and looked at once.
    stratify : bool or str
        True for the same shares of classes in each part, the name of a column for the same shares of its
        values in training and test rows, False for neither.
    seed : int
        Equal seeds give equal numbers.
    scaling, encoding : str
        How numbers and categories are prepared.
    metric : str
        What ranks the models; empty for the usual metric of the task.
    workers : int
        Fits that run side by side; the numbers do not depend on it.
    """

    target: str = column_of(label=Text("Target"), optional=True)
    features: tuple[str, ...] = columns_of(
        label=Text("Features"), help=Text("None chosen means every column that is usable.")
    )
    task: str = choice(
        "", choices={"": AUTO, **{task.value: label for task, label in TASKS.items()}}, label=Text("Task")
    )
    models: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    folds: int = number(5, low=2, high=20, label=Text("Folds"))
    test_share: float = number(0.2, low=0.05, high=0.5, label=Text("Share of test rows"))
    stratify: bool | str = True
    seed: int = number(0, low=0, high=2**31 - 1, label=Text("Seed"))
    scaling: str = choice("standard", choices=SCALINGS, label=Text("Scaling"))
    encoding: str = choice("onehot", choices=ENCODINGS, label=Text("Encoding"))
    metric: str = choice(
        "",
        choices={"": AUTO, **{metric.id: metric.label for metric in METRICS}},
        label=Text("Ranked by"),
    )
    workers: int = number(1, low=1, high=64, label=Text("Models side by side"))

    def __post_init__(self) -> None:
        """Refuse values that no field allows.

        Raises
        ------
        InvalidParameter
            A value is outside what its field allows, or a model or setting is unknown.
        """
        for name, rule in params.declared(self).items():
            object.__setattr__(self, name, params.check(name, rule, getattr(self, name)))
        object.__setattr__(self, "models", _ids(self.models))
        settings = _settings(self.settings)
        object.__setattr__(self, "settings", settings)
        if not isinstance(self.stratify, (bool, str)):
            raise InvalidParameter(Text("{label} is either on or off.", label=Text("Stratification")))
        for id_ in (*self.models, *settings):
            params.build(MODELS[id_], settings.get(id_, {}))

    def model(self, id_: str) -> Model:
        """Return a model of the catalogue with the settings of this plan."""
        given = dict(self.settings.get(id_, {}))
        if id_ == "dummy" and "clusters" not in given and "clusters" in self.settings.get("kmeans", {}):
            given["clusters"] = self.settings["kmeans"]["clusters"]
        return params.build(MODELS[id_], given)

    def check(self, table: Table, recipe: Recipe | None = None) -> None:
        """Refuse what cannot be trained, before any model is fitted.

        Raises
        ------
        CannotTrain
            The target, the features or the split leave nothing to learn.
        NotApplicable, InvalidParameter
            A step of the recipe does not fit the table.
        """
        from mlp_core.train.material import gather

        gather(table, self, recipe)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        plain["features"], plain["models"] = list(self.features), list(self.models)
        plain["settings"] = {id_: dict(given) for id_, given in self.settings.items()}
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TrainingPlan:
        """Return the plan that :meth:`to_json` wrote; fields of a newer version are refused.

        Raises
        ------
        InvalidParameter
            A field is unknown, or its value is not allowed.
        """
        if not isinstance(data, Mapping):
            raise _refused(Text("Plan"), data)
        known = {f.name for f in dataclasses.fields(cls)}
        for name in data:
            if name not in known:
                raise InvalidParameter(Text("There is no setting named {name}.", name=str(name)))
        return cls(**data)


def _ids(given: Any) -> tuple[str, ...]:
    if not isinstance(given, (list, tuple)) or not all(isinstance(id_, str) for id_ in given):
        raise _refused(Text("Models"), given)
    return tuple(given)


def _settings(given: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(given, Mapping) or not all(isinstance(each, Mapping) for each in given.values()):
        raise _refused(Text("Settings"), given)
    return {str(id_): dict(each) for id_, each in given.items()}


def _refused(label: Text, given: object) -> InvalidParameter:
    return InvalidParameter(Text("{label} cannot be {value}.", label=label, value=params.written(given)))
