"""Data sets that are there without a network: they ship inside packages that Pythie needs anyway.

Their files are read where the packages keep them, without importing the packages: scikit-learn alone would
cost the server three seconds and 190 MB.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from mlp_core.errors import InvalidParameter, ReadError
from mlp_core.read.door import read_table
from mlp_core.table import Table
from mlp_core.text import Text


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A data set to try.

    Attributes
    ----------
    id : str
        Permanent name.
    label, story : Text
        What it is called, and what a person can learn from it.
    target : str
        The column that is usually predicted.
    source : Text
        Where it comes from and under which licence.
    content : callable
        Returns the data set as the bytes of a CSV file.
    """

    id: str
    label: Text
    story: Text
    target: str
    source: Text
    content: Callable[[], bytes]

    def load(self) -> Table:
        """Return the data set, read as any file is.

        Raises
        ------
        ReadError
            The package that carries it is not installed.
        """
        return read_table(self.content(), name=self.id)


def sample(id_: str) -> Table:
    """Return the table of one sample.

    Raises
    ------
    InvalidParameter
        There is no such sample.
    """
    for known in SAMPLES:
        if known.id == id_:
            return known.load()
    raise InvalidParameter(
        Text("There is no sample named {id}.", id=str(id_)),
        hint=Text("Known are: {ids:list}.", ids=[known.id for known in SAMPLES]),
    )


def _file(package: str, *parts: str) -> Path:
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or []) if spec is not None else []
    path = Path(places[0], *parts) if places else None
    if path is None or not path.is_file():
        raise ReadError(
            Text("The package {name}, which carries this sample, is not installed.", name=package),
            hint=Text("Install it, or load a file of your own."),
        )
    return path


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return target.getvalue().encode()


def _classes(file: str, header: Sequence[str]) -> bytes:
    """Return one of scikit-learn's files whose first line counts rows and columns and names the classes."""
    with _file("sklearn", "datasets", "data", file).open(newline="", encoding="utf-8") as opened:
        lines = csv.reader(opened)
        names = next(lines)[2:]
        return _csv(header, [[*cells[:-1], names[int(cells[-1])]] for cells in lines])


def _iris() -> bytes:
    measures = [f"{part} {side} (cm)" for part in ("sepal", "petal") for side in ("length", "width")]
    return _classes("iris.csv", [*measures, "species"])


def _breast_cancer() -> bytes:
    traits = (
        "radius",
        "texture",
        "perimeter",
        "area",
        "smoothness",
        "compactness",
        "concavity",
        "concave points",
        "symmetry",
        "fractal dimension",
    )
    means, errors, worst = (
        [f"mean {trait}" for trait in traits],
        [f"{trait} error" for trait in traits],
        [f"worst {trait}" for trait in traits],
    )
    return _classes("breast_cancer.csv", [*means, *errors, *worst, "diagnosis"])


def _diabetes() -> bytes:
    folder = ("sklearn", "datasets", "data")
    measures = gzip.decompress(_file(*folder, "diabetes_data_raw.csv.gz").read_bytes()).decode().splitlines()
    progress = gzip.decompress(_file(*folder, "diabetes_target.csv.gz").read_bytes()).decode().split()
    header = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6", "progression"]
    rows = zip(measures, progress, strict=True)
    return _csv(header, [[*line.split(), f"{float(value):g}"] for line, value in rows])


def _penguins() -> bytes:
    return _file("palmerpenguins", "data", "penguins-raw.csv").read_bytes()


def _cars() -> bytes:
    cars = json.loads(_file("vega_datasets", "_data", "cars.json").read_text(encoding="utf-8"))
    header = list(cars[0])
    return _csv(header, [[car.get(name) for name in header] for car in cars])


SAMPLES: Final = (
    Sample(
        id="iris",
        label=Text("Iris flowers"),
        story=Text(
            "150 flowers of three species, told apart by the size of their petals. A clean first try."
        ),
        target="species",
        source=Text("R. A. Fisher, 1936; in scikit-learn (BSD licence)."),
        content=_iris,
    ),
    Sample(
        id="diabetes",
        label=Text("Diabetes progression"),
        story=Text(
            "442 patients: age in years, sex, body mass index in kg/m², mean blood pressure in mmHg and six "
            "blood measures (s1 to s6). How far has the disease gone a year later?"
        ),
        target="progression",
        source=Text("B. Efron and others, 2004; in scikit-learn (BSD licence)."),
        content=_diabetes,
    ),
    Sample(
        id="breast_cancer",
        label=Text("Breast cancer"),
        story=Text("569 tumours, 30 measures of their cells under the microscope. Which are malignant?"),
        target="diagnosis",
        source=Text("W. H. Wolberg and others, Wisconsin, 1995; in scikit-learn (BSD licence)."),
        content=_breast_cancer,
    ),
    Sample(
        id="penguins",
        label=Text("Penguins of Palmer Station"),
        story=Text(
            "344 penguins as they were written down in Antarctica: missing values, long column names, dates "
            "and remarks. Which species is it?"
        ),
        target="Species",
        source=Text("A. Horst and others, 2020; in palmerpenguins (CC0)."),
        content=_penguins,
    ),
    Sample(
        id="cars",
        label=Text("Cars of 1970 to 1982"),
        story=Text("406 cars, some without their fuel use or power. How many miles do they go on a gallon?"),
        target="Miles_per_Gallon",
        source=Text("E. Ramos and D. Donoho, 1983; in vega_datasets (BSD licence)."),
        content=_cars,
    ),
)
"""The samples, in the order in which they are offered."""
