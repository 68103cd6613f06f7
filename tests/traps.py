"""The traps of two real files, rebuilt from what packages carry, for machines that lack the files."""

from __future__ import annotations

import csv
import io
import json
import random
from importlib.util import find_spec
from pathlib import Path

TITANIC_HEADER = "pclass,survived,name,sex,age,sibsp,parch,ticket,fare,cabin,embarked,boat,body,home.dest"
TITANIC_COLUMNS = tuple(TITANIC_HEADER.split(","))


def raw_auto_mpg() -> bytes:
    """Return the cars of vega_datasets in the layout of UCI's auto-mpg.data.

    No header; columns set apart by runs of spaces, the quoted name by a TAB; ``?`` for a missing power;
    weights written ``3504.``; cars without a fuel use left out; origin 1, 2, 3 for USA, Europe, Japan.
    """
    spec = find_spec("vega_datasets")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    path = Path(spec.submodule_search_locations[0]) / "_data" / "cars.json"
    origins = {"USA": 1, "Europe": 2, "Japan": 3}
    lines = []
    for car in json.loads(path.read_text(encoding="utf-8")):
        if car["Miles_per_Gallon"] is None:
            continue
        power = "?" if car["Horsepower"] is None else f"{car['Horsepower']:.1f}"
        lines.append(
            f"{car['Miles_per_Gallon']:<7.1f}{car['Cylinders']:<4}{car['Displacement']:<11.1f}{power:<11}"
            f"{car['Weight_in_lbs']}.{'':<6}{car['Acceleration']:<7.1f}{car['Year'][2:4]}  "
            f'{origins[car["Origin"]]}\t"{car["Name"]}"\n'
        )
    return "".join(lines).encode()


def raw_titanic() -> bytes:
    """Return 1,309 made-up passengers in the layout of the titanic file, and its wholly blank last row.

    Quoted commas in names and homes; ``boat`` and ``body`` tell who survived; 263 ages and 1,014 cabins are
    missing.
    """
    dice = random.Random(1912)
    without_age = set(dice.sample(range(1309), 263))
    with_cabin = set(dice.sample(range(1309), 1309 - 1014))
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(TITANIC_COLUMNS)
    for row in range(1309):
        pclass = dice.choices((1, 2, 3), (323, 277, 709))[0]
        sex = dice.choices(("male", "female"), (843, 466))[0]
        survived = int(dice.random() < (0.85 if sex == "female" else 0.25) - 0.1 * (pclass - 1))
        title = "Mr." if sex == "male" else dice.choice(("Mrs.", "Miss."))
        writer.writerow(
            [
                pclass,
                survived,
                f"Passenger{row}, {title} {dice.choice(('John', 'Anna', 'Owen', 'Ida'))}",
                sex,
                "" if row in without_age else round(min(80.0, max(0.2, dice.gauss(30, 14))), 1),
                dice.choices((0, 1, 2, 3), (891, 319, 42, 57))[0],
                dice.choices((0, 1, 2), (1002, 170, 137))[0],
                f"{dice.choice(('', 'PC ', 'C.A. '))}{dice.randrange(1000, 400000)}",
                f"{dice.expovariate(1 / (80 if pclass == 1 else 15)):.4f}",
                f"{dice.choice('ABCDE')}{dice.randrange(1, 130)}" if row in with_cabin else "",
                dice.choices(("S", "C", "Q"), (914, 270, 125))[0],
                dice.choice((*range(1, 17), "A", "B", "C", "D")) if survived else "",
                "" if survived or dice.random() < 0.85 else dice.randrange(1, 330),
                dice.choice(("St Louis, MO", "Paris, France", "", "Cork, Ireland")),
            ]
        )
    writer.writerow([""] * len(TITANIC_COLUMNS))
    return target.getvalue().encode()
