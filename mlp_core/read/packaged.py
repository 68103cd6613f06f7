"""The files of data sets that ship inside packages, as the bytes of a CSV file.

They are read where the packages keep them, without importing the packages: scikit-learn alone would cost the
server three seconds and 190 MB.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from mlp_core.errors import ReadError
from mlp_core.text import Text

_WINE: Final = (
    *("alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids"),
    *("nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines"),
    "proline",
)


def iris() -> bytes:
    """Iris flowers."""
    measures = [f"{part} {side} (cm)" for part in ("sepal", "petal") for side in ("length", "width")]
    return _classes("iris.csv", [*measures, "species"])


def breast_cancer() -> bytes:
    """Tumours of the breast."""
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


def diabetes() -> bytes:
    """Patients with diabetes."""
    folder = ("sklearn", "datasets", "data")
    measures = gzip.decompress(_file(*folder, "diabetes_data_raw.csv.gz").read_bytes()).decode().splitlines()
    progress = gzip.decompress(_file(*folder, "diabetes_target.csv.gz").read_bytes()).decode().split()
    header = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6", "progression"]
    rows = zip(measures, progress, strict=True)
    return _csv(header, [[*line.split(), f"{float(value):g}"] for line, value in rows])


def penguins() -> bytes:
    """Penguins of Palmer Station."""
    return _file("palmerpenguins", "data", "penguins-raw.csv").read_bytes()


def cars() -> bytes:
    """Cars of 1970 to 1982."""
    return _records("cars.json")


def wine() -> bytes:
    """Wines of three growers."""
    return _classes("wine_data.csv", [*_WINE, "cultivar"])


def digits() -> bytes:
    """Handwritten digits, one column per point of the picture."""
    text = gzip.decompress(_file("sklearn", "datasets", "data", "digits.csv.gz").read_bytes()).decode()
    header = [f"pixel {row},{column}" for row in range(8) for column in range(8)]
    rows = (
        [
            *(f"{float(cell):g}" for cell in line.split(",")),
        ]
        for line in text.splitlines()
    )
    return _csv([*header, "digit"], rows)


def tips() -> bytes:
    """Bills and tips of a restaurant."""
    return gzip.decompress(_file("plotly", "package_data", "datasets", "tips.csv.gz").read_bytes())


def gapminder() -> bytes:
    """Countries from 1952 to 2007."""
    return gzip.decompress(_file("plotly", "package_data", "datasets", "gapminder.csv.gz").read_bytes())


def weather() -> bytes:
    """Days of Seattle."""
    return _file("vega_datasets", "_data", "seattle-weather.csv").read_bytes()


def barley() -> bytes:
    """Harvests of barley."""
    return _records("barley.json")


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


def _records(file: str) -> bytes:
    """Return one of Vega's lists of records."""
    records = json.loads(_file("vega_datasets", "_data", file).read_text(encoding="utf-8"))
    header = list(records[0])
    return _csv(header, [[record.get(name) for name in header] for record in records])
