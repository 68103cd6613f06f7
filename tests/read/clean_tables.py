"""Clean tables of many makes, every cell a text, for faults to be written into."""

from __future__ import annotations

import io
import json
import random
import re
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

ACCENTED = ["Élise", "Zoë", "Jérôme", "Anaïs", "François", "Müller", "Ångström", "Nuñez", "Søren", "Chloë"]
PLACES = ["Paris", "Lyon", "New York", "São Paulo", "Köln", "Nîmes", "Aix-en-Provence", "Oslo", "Rio", "Bath"]
WORDS = re.findall(
    r"\w+",
    "the old house stands near a river where children play in summer while their parents read long letters "
    "about weather money travel music bread stones birds ships winter streets",
)


@dataclass
class Clean:
    """A table as it should be read."""

    name: str
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)


def _of_frame(name: str, frame: pd.DataFrame, rows: int, dice: random.Random) -> Clean:
    start = dice.randrange(max(1, len(frame) - rows))
    text = frame.iloc[start : start + rows].to_csv(index=False)
    cells = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    return Clean(name, [str(column) for column in cells.columns], cells.to_numpy().tolist())


@lru_cache(maxsize=1)
def _packaged() -> tuple[tuple[str, pd.DataFrame], ...]:
    import palmerpenguins
    import plotly.data
    from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
    from vega_datasets import local_data

    frames = [
        (loader.__name__, loader(as_frame=True).frame)
        for loader in (load_iris, load_wine, load_diabetes, load_breast_cancer)
    ]
    frames += [
        (name, pd.read_csv(io.BytesIO(getattr(local_data, name).raw()), dtype=str, keep_default_na=False))
        for name in ("airports", "stocks", "seattle_weather")
    ]
    frames += [
        (name, pd.DataFrame(json.loads(getattr(local_data, name).raw()), dtype=object))
        for name in ("cars", "driving", "barley")
    ]
    frames += [
        ("penguins", palmerpenguins.load_penguins()),
        ("raw penguins", palmerpenguins.load_penguins_raw()),
    ]
    frames += [("gapminder", plotly.data.gapminder()), ("election", plotly.data.election())]
    frames += [("tips", plotly.data.tips()), ("medals", plotly.data.medals_wide())]
    return tuple((name, frame.astype(object).where(frame.notna(), "")) for name, frame in frames)


def _sentence(dice: random.Random, marks: bool = True) -> str:
    words = dice.sample(WORDS, dice.randrange(3, 9))
    if marks and dice.random() < 0.4:
        words[1] += ","
    if marks and dice.random() < 0.1:
        words[2] = f'"{words[2]}"'
    return " ".join(words).capitalize()


def _people(dice: random.Random, rows: int) -> Clean:
    body = [
        [
            str(1000 + row),
            f"{dice.choice(ACCENTED)} {dice.choice(WORDS).title()}",
            dice.choice(PLACES),
            f"{dice.randrange(1930, 2010)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}",
            dice.choice(["", f"{dice.uniform(40, 120):.1f}"]),
            dice.choice(["yes", "no"]),
            _sentence(dice),
        ]
        for row in range(rows)
    ]
    return Clean("people", ["id", "name", "city", "born", "weight", "member", "remark"], body)


def _orders(dice: random.Random, rows: int) -> Clean:
    body = [
        [
            f"{dice.randrange(1, 29):02}/{dice.randrange(1, 13):02}/2021",
            f"{dice.randrange(0, 24):02}:{dice.randrange(0, 60):02}:00",
            str(dice.randrange(1, 30)),
            f"PRD-{dice.randrange(100, 999)}",
            f"{dice.uniform(1, 500):.2f}",
            dice.choice(["Garden", "Kitchen, bath", "Tools"]),
            f"http://shop.example/{dice.choice(WORDS)}?id={dice.randrange(9999)}",
            _sentence(dice) if dice.random() < 0.7 else "",
        ]
        for _ in range(rows)
    ]
    header = ["Date", "Time", "Qty", "ProductId", "Price", "Product Type", "URL", "Comments"]
    return Clean("orders", header, body)


def _words(dice: random.Random, rows: int) -> Clean:
    body = [[dice.choice(ACCENTED), dice.choice(WORDS), dice.choice(PLACES)] for _ in range(rows)]
    return Clean("all words", ["first name", "favourite", "town"], body)


def _notes(dice: random.Random, rows: int) -> Clean:
    body = [
        [f"N{row:03}", _sentence(dice), _sentence(dice) + ("\nand so on" if dice.random() < 0.05 else "")]
        for row in range(rows)
    ]
    return Clean("notes", ["key", "title", "body"], body)


def _numbers(dice: random.Random, rows: int) -> Clean:
    width = dice.randrange(3, 31)
    body = [[f"{dice.gauss(0, 100):.3f}" for _ in range(width)] for _ in range(rows)]
    return Clean("all numbers", [f"x{column}" for column in range(width)], body)


def _survey(dice: random.Random, rows: int) -> Clean:
    answers = ["Agree", "Disagree", "Neither", ""]
    body = [
        [str(row + 1), *(dice.choice(answers) for _ in range(6)), dice.choice("MF")] for row in range(rows)
    ]
    return Clean("survey", ["respondent", *(f"Q{n}" for n in range(1, 7)), "sex"], body)


def _sensors(dice: random.Random, rows: int) -> Clean:
    body = [
        [
            f"2024-03-{1 + row // 24 % 28:02} {row % 24:02}:00:00",
            f"{dice.gauss(20, 5):.2f}",
            f"{dice.uniform(30, 90):.0f}",
            dice.choice(["", "ok", "low battery"]),
            f"{dice.gauss(1013, 8):.1f}",
        ]
        for row in range(rows)
    ]
    return Clean("sensors", ["timestamp", "temperature", "humidity", "status", "pressure"], body)


def _years(dice: random.Random, rows: int) -> Clean:
    places = [f"{dice.choice(PLACES)} {number}" for number in range(rows)]
    body = [[place, *(str(dice.randrange(100, 90_000)) for _ in range(6))] for place in places]
    return Clean("years", ["country", *(str(year) for year in range(2015, 2021))], body)


def _column(dice: random.Random, rows: int) -> Clean:
    return Clean("one column of numbers", ["length"], [[f"{dice.uniform(1, 99):.2f}"] for _ in range(rows)])


def _names(dice: random.Random, rows: int) -> Clean:
    body = [[f"{dice.choice(ACCENTED)} {dice.choice(PLACES)}"] for _ in range(rows)]
    return Clean("one column of words", ["full name"], body)


def _codes(dice: random.Random, rows: int) -> Clean:
    body = [
        [
            f"{dice.choice('ABC')}{dice.randrange(100):02}",
            dice.choice(["01", "02", "10"]),
            dice.choice(["x", "y"]),
        ]
        for _ in range(rows)
    ]
    return Clean("codes", ["code", "area", "group"], body)


def _accounts(dice: random.Random, rows: int) -> Clean:
    body = [
        [
            f"ACC-{dice.randrange(10_000):05}",
            f"{dice.choice(['Dr.', 'Mr.', 'Ms.'])} {dice.choice(ACCENTED)}, {dice.choice(WORDS).title()}",
            f"{dice.randrange(1, 10_000_000):,}",
            f"{dice.uniform(0, 100):.1f}%",
            dice.choice(["€", "$"]) + f"{dice.uniform(1, 900):.2f}",
            f"{dice.choice(WORDS)}@{dice.choice(WORDS)}.org",
        ]
        for _ in range(rows)
    ]
    return Clean("accounts", ["Account", "Holder", "Balance", "Share", "Fee", "E-mail"], body)


MADE = (
    _people,
    _orders,
    _words,
    _notes,
    _numbers,
    _survey,
    _sensors,
    _years,
    _column,
    _names,
    _codes,
    _accounts,
)


def clean_tables(seed: int) -> list[Clean]:
    """Return some thirty tables of 1 to 31 columns and 5 to 300 rows."""
    dice = random.Random(seed)
    sizes = (5, 8, 15, 40, 80, 80, 120, 300)
    found = [make(dice, dice.choice(sizes)) for make in MADE]
    found += [_of_frame(name, frame, dice.choice(sizes), dice) for name, frame in _packaged()]
    return found
