"""Data sets that are there without a network: they ship inside packages that Pythie needs anyway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mlp_core.errors import InvalidParameter
from mlp_core.read import packaged
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
    label, story, traps : Text
        What it is called, what a person can learn from it, and what in it misleads.
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
    traps: Text
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


SAMPLES: Final = (
    Sample(
        id="iris",
        label=Text("Iris flowers"),
        story=Text(
            "150 flowers of three species, told apart by the size of their petals. A clean first try."
        ),
        traps=Text(
            "Length and width of the petals say nearly the same (r = 0.96); one flower is there twice."
        ),
        target="species",
        source=Text("R. A. Fisher, 1936; in scikit-learn (BSD licence)."),
        content=packaged.iris,
    ),
    Sample(
        id="diabetes",
        label=Text("Diabetes progression"),
        story=Text(
            "442 patients: age in years, sex, body mass index in kg/m², mean blood pressure in mmHg and six "
            "blood measures (s1 to s6). How far has the disease gone a year later?"
        ),
        traps=Text("Sex is written 1 and 2, which is no quantity; s1 and s2 say nearly the same."),
        target="progression",
        source=Text("B. Efron and others, 2004; in scikit-learn (BSD licence)."),
        content=packaged.diabetes,
    ),
    Sample(
        id="breast_cancer",
        label=Text("Breast cancer"),
        story=Text("569 tumours, 30 measures of their cells under the microscope. Which are malignant?"),
        traps=Text(
            "Radius, perimeter and area say the same three times (r > 0.98); 357 tumours are benign, 212 "
            "are not."
        ),
        target="diagnosis",
        source=Text("W. H. Wolberg and others, Wisconsin, 1995; in scikit-learn (BSD licence)."),
        content=packaged.breast_cancer,
    ),
    Sample(
        id="penguins",
        label=Text("Penguins of Palmer Station"),
        story=Text(
            "344 penguins as they were written down in Antarctica: missing values, long column names, dates "
            "and remarks. Which species is it?"
        ),
        traps=Text(
            "Numbers that name the birds, two columns that never change, and a remark that few rows have."
            " The sample number runs on within each species."
        ),
        target="Species",
        source=Text("A. Horst and others, 2020; in palmerpenguins (CC0)."),
        content=packaged.penguins,
    ),
    Sample(
        id="cars",
        label=Text("Cars of 1970 to 1982"),
        story=Text("406 cars, some without their fuel use or power. How many miles do they go on a gallon?"),
        traps=Text(
            "Eight cars lack the target itself. The number of cylinders is a category in disguise, the "
            "name a free text."
        ),
        target="Miles_per_Gallon",
        source=Text("E. Ramos and D. Donoho, 1983; in vega_datasets (BSD licence)."),
        content=packaged.cars,
    ),
    Sample(
        id="wine",
        label=Text("Wines of three growers"),
        story=Text("178 Italian wines, 13 chemical measures. Which of three growers made the wine?"),
        traps=Text(
            "Proline is counted in hundreds, hue in tenths: a model that measures distances sees only "
            "proline unless the columns are scaled."
        ),
        target="cultivar",
        source=Text("M. Forina and others, 1991; in scikit-learn (BSD licence)."),
        content=packaged.wine,
    ),
    Sample(
        id="tips",
        label=Text("Tips in a restaurant"),
        story=Text("244 bills of one waiter: the sum, the day, the size of the party. How large is the tip?"),
        traps=Text(
            "Few rows and one waiter: what is found holds for him. The tip follows the bill, so a rate "
            "would be another question."
        ),
        target="tip",
        source=Text("P. Bryant and M. Smith, 1995; in Plotly (MIT licence)."),
        content=packaged.tips,
    ),
    Sample(
        id="gapminder",
        label=Text("Countries since 1952"),
        story=Text("142 countries every five years until 2007: wealth, population. How long do people live?"),
        traps=Text(
            "Each country comes twelve times: rows are not independent, and a model that knows the "
            "country by its name or code scores far too well. Wealth and population are skewed."
        ),
        target="lifeExp",
        source=Text("Gapminder Foundation (CC BY); in Plotly (MIT licence)."),
        content=packaged.gapminder,
    ),
    Sample(
        id="weather",
        label=Text("Weather of Seattle"),
        story=Text("1,461 days of rain, temperature and wind. What weather was noted: sun, fog, rain, snow?"),
        traps=Text(
            "Days follow each other, so neighbours in time resemble each other. Snow was noted on 23 days"
            " only: a model may ignore it and still look accurate."
        ),
        target="weather",
        source=Text("NOAA, 2012 to 2015; in vega_datasets (BSD licence)."),
        content=packaged.weather,
    ),
    Sample(
        id="barley",
        label=Text("Harvests of barley"),
        story=Text("10 varieties on six farms of Minnesota in two years. What does a field yield?"),
        traps=Text(
            "At Morris the two years were very likely exchanged when the data were written down: look at "
            "the yields of each farm by year."
        ),
        target="yield",
        source=Text("F. Immer and others, 1934; in vega_datasets (BSD licence)."),
        content=packaged.barley,
    ),
    Sample(
        id="digits",
        label=Text("Handwritten digits"),
        story=Text("1,797 pictures of 8 × 8 points, from 0 (white) to 16 (black). Which digit is it?"),
        traps=Text(
            "The digit is a name and no quantity, though it is written as a number. Three points are "
            "white in every picture."
        ),
        target="digit",
        source=Text("E. Alpaydin and C. Kaynak, 1998; in scikit-learn (BSD licence)."),
        content=packaged.digits,
    ),
)
"""The samples, in the order in which they are offered."""
