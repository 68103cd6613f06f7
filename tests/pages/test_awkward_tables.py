"""Every page stands on tables that are hard to show, and takes no name or cell for anything but text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from apptest import PAGES, bring, words
from streamlit.testing.v1 import AppTest

Visit = Callable[..., AppTest]

NAUGHTY = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[link](javascript:alert(1))",
    "![picture](https://example.org/a.png)",
    "$\\int_0^1 x$",
    ":red[loud] :material/bomb:",
    "**bold** `code` ~~gone~~",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE projects; --",
    "{name} {0} %s %n",
    "../../etc/passwd",
    "CON",
    "‮right to left",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "名前 имя اسم 🚗",
    "#REF!",
    "a\nb",
    "1.797E+308",
    "x" * 300,
)


def as_csv(header: Sequence[object], rows: Sequence[Sequence[object]]) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows([header, *rows])
    return target.getvalue().encode()


def many(rows: int) -> list[list[object]]:
    chance = np.random.default_rng(0)
    return [[f"name {n}", round(float(chance.normal()), 3), "ab"[n % 2]] for n in range(rows)]


TABLES = {
    "one row": as_csv(["a", "b"], [[1, "x"]]),
    "one column": as_csv(["a"], [[n] for n in range(30)]),
    "all missing": as_csv(["a", "b", "c"], [["", "", ""]] * 5 + [["NA", "?", ""]] * 20),
    "constant": as_csv(["a", "b"], [[1, "x"]] * 40),
    "ten thousand categories": as_csv(["name", "value", "half"], many(10_000)),
    "infinities": as_csv(["a", "b"], [["inf", 1], ["-inf", 2], [3, 4]] * 10),
    "huge and tiny": as_csv(["a", "b"], [[1e308, 5e-324], [-1e308, 0], [1.5e308, -5e-324]] * 10),
    "one name for all": as_csv(["a", "a", "a", ""], [[1, 2, 3, 4], [5, 6, 7, 8]] * 10),
    "naughty strings": as_csv(
        NAUGHTY,
        [[NAUGHTY[(row + column) % len(NAUGHTY)] for column in range(len(NAUGHTY))] for row in range(40)],
    ),
    "a thousand columns": as_csv([f"c{n}" for n in range(1000)], np.eye(30, 1000, dtype=int).tolist()),
}


@pytest.mark.parametrize("case", TABLES)
def test_every_page_stands(visit: Visit, case: str) -> None:
    app = bring(visit(), TABLES[case], f"{case}.csv")
    assert not words(app, "error")

    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page
        assert not [sentence for sentence in words(app, "error") if "problem" in sentence], page
        for element in app.get("html"):
            assert not {"<script", "<img src=x"} & set(_tags(str(element.proto.body))), page
        for element in app.markdown:
            assert not element.proto.allow_html, page


def test_a_table_without_rows_is_said_to_have_none(visit: Visit) -> None:
    app = bring(visit(), b"a,b,c\n")

    for page in PAGES:
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page


def _tags(body: str) -> list[str]:
    return [tag for tag in ("<script", "<img src=x") if tag in body]
